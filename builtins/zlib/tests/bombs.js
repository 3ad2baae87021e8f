'use strict';
// Little that becomes much: bounded by maxOutputLength in every form, and streams hold no more than their buffers.
const assert = require('assert');
const zlib = require('zlib');

const zeros = Buffer.alloc(16 << 20);
const bombs = {
  gunzip: zlib.gzipSync(zeros),
  inflate: zlib.deflateSync(zeros),
  inflateRaw: zlib.deflateRawSync(zeros),
  unzip: zlib.gzipSync(zeros),
  brotliDecompress: zlib.brotliCompressSync(zeros),
  zstdDecompress: zlib.zstdCompressSync(zeros),
};
const refused = { code: 'ERR_BUFFER_TOO_LARGE', name: 'RangeError' };
const options = { maxOutputLength: 1 << 20 };

(async () => {
  for (const [name, bomb] of Object.entries(bombs)) {
    assert.ok(bomb.length < 40000, name);
    assert.throws(() => zlib[`${name}Sync`](bomb, options), refused);
    await assert.rejects(new Promise((done, fail) => zlib[name](bomb, options, (error, out) => {
      if (error) fail(error); else done(out);
    })), refused);
    assert.strictEqual(zlib[`${name}Sync`](bomb, { maxOutputLength: zeros.length }).length, zeros.length);
  }
  // A size that the trailer only claims.
  const claims = Buffer.from(zlib.gzipSync('small'));
  claims.writeUInt32LE(0xfffffff0, claims.length - 4);
  assert.throws(() => zlib.gunzipSync(claims), { code: 'Z_DATA_ERROR' });
  const many = Buffer.concat([zlib.gzipSync('one '), zlib.gzipSync('two')]);
  assert.strictEqual(`${zlib.gunzipSync(many)}`, 'one two');

  const gunzip = zlib.createGunzip();
  gunzip.end(bombs.gunzip);
  let total = 0;
  for await (const chunk of gunzip) {
    total += chunk.length;
    assert.ok(gunzip.readableLength <= 1 << 20);
  }
  assert.strictEqual(total, zeros.length);
})();
