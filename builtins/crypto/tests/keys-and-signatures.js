// Keys survive every encoding, and signatures of one half verify with the other.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');

const data = Buffer.from('message');
const kinds = [['rsa', { modulusLength: 1024 }], ['ec', { namedCurve: 'P-256' }], ['ec', { namedCurve: 'P-521' }], ['ed25519', undefined]];
for (const [kind, options] of kinds) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync(kind, options);
  assert.strictEqual(privateKey.asymmetricKeyType, kind);
  const encodings = [
    privateKey.export({ format: 'pem', type: 'pkcs8' }),
    { key: privateKey.export({ format: 'der', type: 'pkcs8' }), format: 'der', type: 'pkcs8' },
    { key: privateKey.export({ format: 'jwk' }), format: 'jwk' },
    { key: privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'p' }), passphrase: 'p' },
  ];
  for (const encoding of encodings) {
    assert.ok(crypto.createPrivateKey(encoding).equals(privateKey));
    assert.ok(crypto.createPublicKey(encoding).equals(publicKey));
  }
  assert.ok(crypto.createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })).equals(publicKey));
  const digest = kind === 'ed25519' ? null : 'sha256';
  const signature = crypto.sign(digest, data, privateKey);
  assert.ok(crypto.verify(digest, data, publicKey, signature));
  assert.ok(!crypto.verify(digest, Buffer.from('other'), publicKey, signature));
  assert.throws(() => crypto.sign(digest, data, publicKey), { code: 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE' });
}

assert.throws(() => crypto.createPrivateKey('no key'), { code: 'ERR_OSSL_UNSUPPORTED' });
assert.throws(() => crypto.createPublicKey({ key: { kty: 'EC', crv: 'P-256' }, format: 'jwk' }), { code: 'ERR_CRYPTO_INVALID_JWK' });
assert.throws(() => crypto.generateKeyPairSync('ec', { namedCurve: 'nope' }), { code: 'ERR_CRYPTO_INVALID_CURVE' });
