'use strict';
// Truncated and corrupt input ends in the errors of zlib, Brotli and Zstandard.
const assert = require('node:assert');
const zlib = require('node:zlib');

const text = Buffer.from('hello hello hello hello');
const check = (run, code, errno, message) => assert.throws(run, { code, errno, message });
check(() => zlib.inflateSync(Buffer.from('abc')), 'Z_DATA_ERROR', -3, 'incorrect header check');
check(() => zlib.gunzipSync(zlib.gzipSync(text).subarray(0, 12)), 'Z_BUF_ERROR', -5, 'unexpected end of file');
check(() => zlib.brotliDecompressSync(Buffer.from([0xff, 0xff])), 'ERR__ERROR_FORMAT_PADDING_2', -15, 'Decompression failed');
check(() => zlib.zstdDecompressSync(Buffer.from('abcdefgh')), 'ZSTD_error_prefix_unknown', 10, 'Unknown frame descriptor');
check(() => zlib.inflateSync(zlib.deflateSync(text, { dictionary: text })), 'Z_NEED_DICT', 2, 'Missing dictionary');
assert.throws(() => zlib.inflateSync(zlib.deflateSync(text), { maxOutputLength: 5 }), {
  code: 'ERR_BUFFER_TOO_LARGE', message: 'Cannot create a Buffer larger than 5 bytes', name: 'RangeError',
});
let errors = 0;
zlib.createGunzip().on('error', (error) => {
  assert.strictEqual(error.code, 'Z_DATA_ERROR');
  errors++;
}).end('not gzip');
zlib.inflate(Buffer.from('abc'), (error, result) => {
  assert.strictEqual(error.message, 'incorrect header check');
  assert.strictEqual(result, undefined);
  errors++;
});
process.on('exit', () => assert.strictEqual(errors, 2));
