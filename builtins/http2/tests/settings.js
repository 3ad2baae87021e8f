'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');

const packed = http2.getPackedSettings({ headerTableSize: 1, enablePush: false });
assert.strictEqual(packed.toString('hex'), '000100000001000200000000');
assert.deepStrictEqual({ ...http2.getUnpackedSettings(packed) }, { headerTableSize: 1, enablePush: false });
assert.throws(() => http2.getUnpackedSettings(Buffer.alloc(5)), { code: 'ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH' });
assert.strictEqual(http2.constants.HTTP2_HEADER_STATUS, ':status');
