// Both sides come to the same secret.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');

const [a, b] = [crypto.createDiffieHellmanGroup('modp14'), crypto.getDiffieHellman('modp14')];
a.generateKeys();
b.generateKeys();
assert.deepStrictEqual(a.computeSecret(b.getPublicKey()), b.computeSecret(a.getPublicKey('hex'), 'hex'));
assert.strictEqual(a.verifyError, 0);
assert.throws(() => a.computeSecret(Buffer.from([1])), { code: 'ERR_CRYPTO_INVALID_KEYLEN' });

for (const curve of ['secp256k1', 'prime256v1', 'secp384r1', 'secp521r1']) {
  const [c, d] = [crypto.createECDH(curve), crypto.createECDH(curve)];
  c.generateKeys();
  d.generateKeys();
  assert.deepStrictEqual(c.computeSecret(d.getPublicKey(null, 'compressed')), d.computeSecret(c.getPublicKey(null, 'hybrid')));
  assert.throws(() => c.computeSecret(Buffer.alloc(3)), { code: 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY' });
}

const [e, f] = [crypto.generateKeyPairSync('x25519'), crypto.generateKeyPairSync('x25519')];
assert.deepStrictEqual(crypto.diffieHellman({ privateKey: e.privateKey, publicKey: f.publicKey }),
                       crypto.diffieHellman({ privateKey: f.privateKey, publicKey: e.publicKey }));

const prime = crypto.generatePrimeSync(64, { bigint: true });
assert.ok(crypto.checkPrimeSync(prime));
assert.ok(!crypto.checkPrimeSync(prime * 3n));
