'use strict';
// createMac on what OpenSSL gives, its refusals, and signed public keys with a challenge.
const assert = require('node:assert');
const crypto = require('node:crypto');

const key = (size) => Buffer.alloc(size, 1);
for (const [name, size, options, want] of [
  ['hmac', 16, { digest: 'sha256' }, '0f152c627eaff362a65de3dbb106ed1b22039705940b15b898d42b0cf5084ddf'],
  ['cmac', 16, { cipher: 'aes-128-cbc' }, 'b11183c6a92fda1857bd04b255518a00'],
  ['cmac', 24, { cipher: 'des-ede3-cbc' }, '8e6fa0790a27641b'],
  ['gmac', 16, { cipher: 'aes-128-gcm', iv: key(12) }, 'dd8449de59604722b183b5c1545d883d'],
  ['kmac128', 16, undefined, '86553dfe3af94e4e65b2f980e0b3878de3c93c661ddecf2872dd7bda1435090a'],
  ['kmac-128', 16, { customization: Buffer.from('x') }, '797125440ec720d6fe486a04c5ff4bc9734e4429a6083d6ea761a55ac8658e64'],
  ['KMAC128', 16, { outputLength: 8 }, '0686da386d46997e'],
  ['poly1305', 32, undefined, 'b4684f74b0b2abab40b1abab40b1abab'],
  ['siphash', 16, undefined, 'c6fa862164769307ca8e178babd31fc7'],
  ['siphash', 16, { outputLength: 8 }, 'cba0b43fa7c1e8ce'],
  ['blake2bmac', 16, { outputLength: 20 }, '3641d4fe3485f75c9df3303e3c910a52aae72ffc'],
  ['blake2smac', 16, undefined, '11660e3c60ae2f3df1a420a50b36a4203d3054023d61d45c266e440050e65116'],
]) {
  const mac = crypto.createMac(name, key(size), options);
  assert.strictEqual(mac.update('hel').update('6c6f', 'hex').final('hex'), want, name);
  assert.throws(() => mac.final(), { code: 'ERR_CRYPTO_MAC_FINALIZED' });
}
for (const [code, ...args] of [
  ['ERR_CRYPTO_INVALID_MAC', 'nothing', key(16)], ['ERR_INVALID_ARG_TYPE', 'hmac', 'text', { digest: 'sha256' }],
  ['ERR_INVALID_ARG_VALUE', 'hmac', key(16)], ['ERR_INVALID_ARG_VALUE', 'hmac', key(16), { digest: 'sha256', outputLength: 8 }],
  ['ERR_OSSL_INVALID_KEY_LENGTH', 'poly1305', key(16)], ['ERR_OSSL_INVALID_MODE', 'cmac', key(16), { cipher: 'aes-128-gcm' }],
  ['ERR_OSSL_EVP_INVALID_KEY_LENGTH', 'cmac', key(15), { cipher: 'aes-128-cbc' }], ['ERR_OUT_OF_RANGE', 'kmac128', key(16), { outputLength: -1 }],
]) assert.throws(() => crypto.createMac(...args), { code }, `${args}`);
assert.ok(crypto.getMacs().includes('kmac256'));

// A SignedPublicKeyAndChallenge made here: the key, the challenge, and the signature of both.
const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const tlv = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const signed = tlv(0x30, publicKey.export({ format: 'der', type: 'spki' }), tlv(0x16, Buffer.from('a challenge')));
const algorithm = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const spkac = (signature) => tlv(0x30, signed, algorithm, tlv(0x03, Buffer.from([0]), signature)).toString('base64');
const good = spkac(crypto.sign('sha256', signed, privateKey));
const { Certificate } = crypto;
assert.strictEqual(Certificate.verifySpkac(good), true);
assert.strictEqual(new Certificate().verifySpkac(Buffer.from(good)), true);
assert.strictEqual(Certificate.verifySpkac(spkac(Buffer.alloc(128))), false);
assert.strictEqual(Certificate.verifySpkac('no such thing'), false);
assert.strictEqual(Certificate.exportChallenge(good).toString(), 'a challenge');
assert.strictEqual(Certificate.exportChallenge('no such thing'), '');
assert.ok(crypto.createPublicKey(Certificate.exportPublicKey(good)).equals(publicKey));
assert.throws(() => Certificate.verifySpkac(1), { code: 'ERR_INVALID_ARG_TYPE' });
