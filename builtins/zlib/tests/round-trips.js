'use strict';
// What each format packs, it unpacks: at once, in the pool, as a stream.
const assert = require('node:assert');
const zlib = require('node:zlib');

const inputs = [Buffer.alloc(0), Buffer.from('hello hello hello'), Buffer.alloc(300000, 'abc'),
  Buffer.from(Array.from({ length: 100000 }, (_, i) => (i * i * 31) >> 7))];
const pairs = [['deflate', 'inflate'], ['gzip', 'gunzip'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip'],
  ['deflate', 'unzip'], ['brotliCompress', 'brotliDecompress'], ['zstdCompress', 'zstdDecompress']];

function throughStream(stream, input) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts))).on('error', reject);
    for (let at = 0; at < input.length; at += 7777) stream.write(input.subarray(at, at + 7777));
    stream.end();
  });
}

(async () => {
  let done = 0;
  for (const [pack, unpack] of pairs) {
    for (const input of inputs) {
      const packed = zlib[`${pack}Sync`](input);
      assert.deepStrictEqual(zlib[`${unpack}Sync`](packed), input);
      await new Promise((resolve, reject) => {
        zlib[pack](input, (error, packed) => {
          if (error) return reject(error);
          zlib[unpack](packed, (error, output) => {
            if (error) return reject(error);
            assert.deepStrictEqual(output, input);
            resolve();
          });
        });
      });
      const create = (name) => zlib[`create${name[0].toUpperCase()}${name.slice(1)}`]();
      assert.deepStrictEqual(await throughStream(create(unpack), await throughStream(create(pack), input)), input);
      done++;
    }
  }
  assert.strictEqual(done, pairs.length * inputs.length);
})();
