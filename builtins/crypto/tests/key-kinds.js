'use strict';
// Every kind of key: generated, exported in each of its formats, imported again, and put to work.
const assert = require('node:assert');
const crypto = require('node:crypto');

const kinds = {
  'rsa': { modulusLength: 1024 },
  'rsa-pss': { modulusLength: 1024, hashAlgorithm: 'sha256', saltLength: 20 },
  'dsa': { modulusLength: 1024, divisorLength: 160 },
  'dh': { group: 'modp5' },
  'ec': { namedCurve: 'P-256' },
  'ed25519': {}, 'ed448': {}, 'x25519': {}, 'x448': {},
  'ml-dsa-44': {}, 'ml-kem-512': {}, 'slh-dsa-sha2-128f': {},
};
const raw = {
  'ec': ['raw-public', 'raw-private'], 'ed25519': ['raw-public', 'raw-private'], 'ed448': ['raw-public', 'raw-private'],
  'x25519': ['raw-public', 'raw-private'], 'x448': ['raw-public', 'raw-private'], 'ml-dsa-44': ['raw-public', 'raw-seed'],
  'ml-kem-512': ['raw-public', 'raw-seed'], 'slh-dsa-sha2-128f': ['raw-public', 'raw-private'],
};
const withoutJwk = new Set(['rsa-pss', 'dsa', 'dh']);

for (const [kind, options] of Object.entries(kinds)) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync(kind, options);
  assert.strictEqual(privateKey.asymmetricKeyType, kind);
  assert.deepStrictEqual(publicKey.asymmetricKeyDetails, privateKey.asymmetricKeyDetails);
  assert.ok(crypto.createPublicKey(privateKey).equals(publicKey), kind);
  for (const format of ['pem', 'der']) {
    const pub = publicKey.export({ format, type: 'spki' });
    assert.ok(crypto.createPublicKey({ key: pub, format, type: 'spki' }).equals(publicKey), kind);
    const priv = privateKey.export({ format, type: 'pkcs8' });
    assert.ok(crypto.createPrivateKey({ key: priv, format, type: 'pkcs8' }).equals(privateKey), kind);
    assert.ok(crypto.createPublicKey({ key: priv, format, type: 'pkcs8' }).equals(publicKey), kind);
    const sealed = privateKey.export({ format, type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' });
    assert.ok(crypto.createPrivateKey({ key: sealed, format, type: 'pkcs8', passphrase: 'secret' }).equals(privateKey), kind);
    assert.throws(() => crypto.createPrivateKey({ key: sealed, format, type: 'pkcs8', passphrase: 'wrong' }), /bad decrypt/);
  }
  if (withoutJwk.has(kind)) {
    assert.throws(() => publicKey.export({ format: 'jwk' }), { code: 'ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE' });
  } else {
    const [pub, priv] = [publicKey, privateKey].map((key) => key.export({ format: 'jwk' }));
    assert.ok(crypto.createPublicKey({ key: pub, format: 'jwk' }).equals(publicKey), kind);
    assert.ok(crypto.createPrivateKey({ key: priv, format: 'jwk' }).equals(privateKey), kind);
    assert.throws(() => crypto.createPrivateKey({ key: pub, format: 'jwk' }), kind);
  }
  for (const format of ['raw-public', 'raw-private', 'raw-seed']) {
    const [key, create] = format === 'raw-public' ? [publicKey, crypto.createPublicKey] : [privateKey, crypto.createPrivateKey];
    if (raw[kind]?.includes(format)) {
      const bytes = key.export({ format });
      const description = { format, asymmetricKeyType: kind, ...options };
      assert.ok(create({ ...description, key: bytes }).equals(key), `${kind} ${format}`);
      assert.throws(() => create({ ...description, key: bytes.subarray(1) }), { message: 'Invalid key data' });
    } else {
      assert.throws(() => key.export({ format }), { code: 'ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS' });
    }
  }
}
