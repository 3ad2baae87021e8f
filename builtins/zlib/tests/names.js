'use strict';
// The constants of early years stand on the module itself, hidden.
const assert = require('assert');
const zlib = require('zlib');

assert.strictEqual(zlib.Z_BEST_COMPRESSION, 9);
assert.strictEqual(zlib.Z_SYNC_FLUSH, zlib.constants.Z_SYNC_FLUSH);
assert.strictEqual(zlib.BROTLI_DECODE, undefined);
assert.strictEqual(Object.keys(zlib).includes('Z_OK'), false);
