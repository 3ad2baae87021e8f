// Every cipher decrypts what it encrypts, in any pieces; what was tampered with is refused.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');

const names = [
  'aes-128-cbc', 'aes-192-ctr', 'aes-256-ecb', 'aes-128-gcm', 'aes-256-gcm', 'aes-128-cfb', 'aes-128-cfb8', 'aes-128-ofb',
  'chacha20-poly1305', 'des-ede3-cbc',
];
for (const name of names) {
  const { keyLength, ivLength } = crypto.getCipherInfo(name);
  const key = crypto.randomBytes(keyLength);
  const iv = ivLength ? crypto.randomBytes(ivLength) : null;
  const authenticated = /gcm|poly/.test(name);
  for (const length of [0, 1, 15, 16, 17, 100]) {
    const text = crypto.randomBytes(length);
    const cipher = crypto.createCipheriv(name, key, iv);
    const pieces = [];
    for (let at = 0; at < length; at += 7) pieces.push(cipher.update(text.subarray(at, at + 7)));
    const sealed = Buffer.concat([...pieces, cipher.final()]);
    const open = (bytes) => {
      const decipher = crypto.createDecipheriv(name, key, iv);
      if (authenticated) decipher.setAuthTag(cipher.getAuthTag());
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    };
    assert.deepStrictEqual(open(sealed), text);
    if (authenticated && length > 0) {
      sealed[0] ^= 1;
      assert.throws(() => open(sealed), { message: 'Unsupported state or unable to authenticate data' });
    }
  }
}

// NIST's test case 4 of AES-GCM.
const gcm = crypto.createCipheriv('aes-128-gcm', Buffer.from('feffe9928665731c6d6a8f9467308308', 'hex'), Buffer.from('cafebabefacedbaddecaf888', 'hex'));
gcm.setAAD(Buffer.from('feedfacedeadbeeffeedfacedeadbeefabaddad2', 'hex'));
gcm.update('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39', 'hex');
gcm.final();
assert.strictEqual(gcm.getAuthTag().toString('hex'), '5bc94fbc3221a5db94fae95ae7121a47');

const key = Buffer.alloc(16);
assert.throws(() => crypto.createCipheriv('nope', key, key), { code: 'ERR_CRYPTO_UNKNOWN_CIPHER' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', key.subarray(1), key), { code: 'ERR_CRYPTO_INVALID_KEYLEN' });
assert.throws(() => crypto.createCipheriv('aes-128-cbc', key, key.subarray(1)), { code: 'ERR_CRYPTO_INVALID_IV' });
assert.throws(() => {
  const decipher = crypto.createDecipheriv('aes-128-cbc', key, key);
  decipher.update(Buffer.alloc(16));
  decipher.final();
}, { code: 'ERR_OSSL_BAD_DECRYPT' });
