'use strict';
// Modes and ciphers beyond the common ones, on vectors that OpenSSL gives too, and there and back in pieces.
const assert = require('node:assert');
const crypto = require('node:crypto');

const bytes = (size, value = 1) => Buffer.alloc(size, value);
const seal = (name, key, iv, data, options) => {
  const cipher = crypto.createCipheriv(name, key, iv, options);
  return Buffer.concat([cipher.update(data), cipher.final()]).toString('hex');
};

for (const [name, key, iv, data, want] of [
  ['aes-128-cfb1', Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex'), Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
   Buffer.from('6bc1', 'hex'), '68b3'],
  ['des-ede-cbc', bytes(16), bytes(8), bytes(20), undefined],
  ['aes-128-xts', Buffer.concat([bytes(16), bytes(16, 2)]), bytes(16), bytes(20), '50a8e909007d5ea0ae57964042750e0aaa6d979f'],
  ['aes-128-wrap', bytes(16), bytes(8), bytes(16), '444b1fb7bb60c5685facddc6a71d916d89717aa4a343001e'],
  ['aes-128-wrap-inv', bytes(16), bytes(8), bytes(16), '0878bbdaaa6fe1399a42e65c231fa65b92266538892f2db9'],
  ['aes-128-wrap-pad', bytes(16), bytes(4), bytes(5), 'd3002e57f4e6f6198c8809618dbf0b4c'],
  ['camellia-192-cbc', bytes(24), bytes(16), bytes(20), undefined],
  ['aria-256-ctr', bytes(32), bytes(16), bytes(20), undefined],
  ['sm4-ofb', bytes(16), bytes(16), bytes(20), undefined],
]) {
  const sealed = seal(name, key, iv, data);
  if (want !== undefined) assert.strictEqual(sealed, want, name);
  const decipher = crypto.createDecipheriv(name, key, iv);
  assert.deepStrictEqual(Buffer.concat([decipher.update(sealed, 'hex'), decipher.final()]), data, name);
}

// Modes with a tag.
for (const [name, key, iv, sealed, tag] of [
  ['aes-128-siv', bytes(32), null, '5a6963947b', '9e8bd3d250a7c2fe88366415ffc557c9'],
  ['aes-128-gcm-siv', bytes(16), bytes(12), '2545249d78', '2e17d593741a9f939aa4ed987334c4e6'],
]) {
  const cipher = crypto.createCipheriv(name, key, iv);
  cipher.setAAD(Buffer.from('a'));
  assert.strictEqual(Buffer.concat([cipher.update('hello'), cipher.final()]).toString('hex'), sealed, name);
  assert.strictEqual(cipher.getAuthTag().toString('hex'), tag, name);
}
for (const [name, key] of [['aes-128-ocb', 16], ['aes-256-ocb', 32], ['aria-128-gcm', 16], ['sm4-ccm', 16]]) {
  const options = { authTagLength: 16 };
  const cipher = crypto.createCipheriv(name, bytes(key), bytes(12), options);
  const sealed = Buffer.concat([cipher.update(bytes(45, 9)), cipher.final()]);
  const open = (tag) => {
    const decipher = crypto.createDecipheriv(name, bytes(key), bytes(12), options);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  };
  assert.deepStrictEqual(open(cipher.getAuthTag()), bytes(45, 9), name);
  assert.throws(() => open(bytes(16)), /unable to authenticate data/, name);
}

// What is refused.
assert.throws(() => crypto.createCipheriv('aes-128-ocb', bytes(16), bytes(12)), { code: 'ERR_CRYPTO_INVALID_AUTH_TAG' });
assert.throws(() => crypto.createCipheriv('aes-128-xts', bytes(32), bytes(16)).update(bytes(16)), /xts duplicated keys/);
assert.throws(() => seal('aes-128-xts', Buffer.concat([bytes(16), bytes(16, 2)]), bytes(16), bytes(8)), /unsupported state/);
assert.throws(() => seal('aes-128-wrap', bytes(16), bytes(8), bytes(8)), /unsupported state/);
assert.strictEqual(crypto.getCipherInfo('aes-256-siv').keyLength, 64);
