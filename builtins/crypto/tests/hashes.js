// Hashes and MACs at once, in pieces and as streams.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');

const abc = {
  'md5': '900150983cd24fb0d6963f7d28e17f72',
  'sha1': 'a9993e364706816aba3e25717850c26c9cd0d89d',
  'sha256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'RSA-SHA256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'ripemd160': '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
};
for (const [name, hex] of Object.entries(abc)) {
  assert.strictEqual(crypto.createHash(name).update('a').update(Buffer.from('bc')).digest('hex'), hex);
  assert.strictEqual(crypto.hash(name, 'abc'), hex);
}
for (const name of crypto.getHashes()) {
  const expected = crypto.hash(name, 'abc', { outputEncoding: 'base64' });
  assert.strictEqual(crypto.createHash(name).update('abc').digest('base64'), expected);
}

assert.throws(() => crypto.createHash('xyzzy'), { message: 'Digest method not supported' });
assert.throws(() => crypto.createHmac('xyzzy', ''), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
assert.throws(() => crypto.createHash('sha1').update(1), { code: 'ERR_INVALID_ARG_TYPE' });
const used = crypto.createHash('sha1');
used.digest();
for (const again of [() => used.digest(), () => used.update(''), () => used.copy()]) {
  assert.throws(again, { code: 'ERR_CRYPTO_HASH_FINALIZED' });
}

const stream = crypto.createHmac('sha256', 'key');
stream.on('data', (digest) => {
  assert.deepStrictEqual(digest, crypto.createHmac('sha256', 'key').update('abc').digest());
});
stream.end('abc');
