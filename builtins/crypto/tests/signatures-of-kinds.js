'use strict';
// What each kind of key signs, and what it refuses with OpenSSL's words.
const assert = require('node:assert');
const crypto = require('node:crypto');

const data = Buffer.from('what is signed');
const flipped = (bytes) => {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] ^= 1;
  return copy;
};
const pair = (kind, options = {}) => crypto.generateKeyPairSync(kind, options);

// Keys that sign messages take no digest, and Sign and Verify are not for them.
for (const [kind, size] of [['ed25519', 64], ['ed448', 114], ['ml-dsa-44', 2420], ['slh-dsa-sha2-128f', 17088]]) {
  const { publicKey, privateKey } = pair(kind);
  const signature = crypto.sign(null, data, privateKey);
  assert.strictEqual(signature.length, size);
  assert.strictEqual(crypto.verify(null, data, publicKey, signature), true);
  assert.strictEqual(crypto.verify(null, data, publicKey, flipped(signature)), false);
  assert.strictEqual(crypto.verify(null, data, publicKey, Buffer.alloc(3)), false);
  assert.throws(() => crypto.sign('sha256', data, privateKey), { code: 'ERR_OSSL_INVALID_DIGEST' });
  assert.throws(() => crypto.createSign('sha256').update(data).sign(privateKey), { code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION' });
}

// A context is part of what is signed.
for (const kind of ['ed448', 'ml-dsa-44', 'slh-dsa-sha2-128f']) {
  const { publicKey, privateKey } = pair(kind);
  const context = Buffer.from('for tests');
  const signature = crypto.sign(null, data, { key: privateKey, context });
  assert.strictEqual(crypto.verify(null, data, { key: publicKey, context }, signature), true, kind);
  assert.strictEqual(crypto.verify(null, data, publicKey, signature), false);
  assert.throws(() => crypto.sign(null, data, { key: privateKey, context: Buffer.alloc(256) }), { code: 'ERR_OUT_OF_RANGE' });
}
assert.throws(() => crypto.sign('sha256', data, { key: pair('ec', { namedCurve: 'P-256' }).privateKey, context: Buffer.alloc(1) }),
              { message: 'Context parameter is unsupported' });

// DSA and ECDSA in both encodings.
for (const [kind, options, size] of [
  ['dsa', { modulusLength: 1024, divisorLength: 160 }, 40], ['ec', { namedCurve: 'secp224r1' }, 56],
  ['ec', { namedCurve: 'brainpoolP256r1', paramEncoding: 'explicit' }, 64], ['ec', { namedCurve: 'P-521' }, 132],
]) {
  const { publicKey, privateKey } = pair(kind, options);
  for (const digest of ['sha1', 'sha256', 'sha512']) {
    const der = crypto.createSign(digest).update(data).sign(privateKey);
    assert.strictEqual(crypto.createVerify(digest).update(data).verify(publicKey, der), true);
    assert.strictEqual(crypto.verify(digest, data, publicKey, flipped(der)), false);
    const plain = crypto.sign(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    assert.strictEqual(plain.length, size);
    assert.strictEqual(crypto.verify(digest, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, plain), true);
    assert.strictEqual(crypto.verify(digest, data, publicKey, plain), false);
  }
}

// Restrictions of keys for PSS.
{
  const { publicKey, privateKey } = pair('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256', saltLength: 20 });
  const signature = crypto.sign('sha256', data, privateKey);
  assert.strictEqual(crypto.verify('sha256', data, publicKey, signature), true);
  assert.strictEqual(crypto.verify(null, data, publicKey, crypto.sign(null, data, privateKey)), true);
  assert.throws(() => crypto.sign('sha1', data, privateKey), { code: 'ERR_OSSL_DIGEST_NOT_ALLOWED' });
  assert.throws(() => crypto.sign('sha256', data, { key: privateKey, saltLength: 16 }), { code: 'ERR_OSSL_PSS_SALTLEN_TOO_SMALL' });
  assert.throws(() => crypto.sign('sha256', data, { key: privateKey, padding: crypto.constants.RSA_PKCS1_PADDING }),
                { code: 'ERR_OSSL_ILLEGAL_OR_UNSUPPORTED_PADDING_MODE' });
  assert.throws(() => crypto.publicEncrypt(publicKey, data), { code: 'ERR_OSSL_OPERATION_NOT_SUPPORTED_FOR_THIS_KEYTYPE' });
}

// Keys that agree do not sign.
for (const kind of ['x25519', 'x448', 'ml-kem-512']) {
  assert.throws(() => crypto.sign(null, data, pair(kind).privateKey),
                { code: 'ERR_OSSL_EVP_OPERATION_NOT_SUPPORTED_FOR_THIS_KEYTYPE' });
}
