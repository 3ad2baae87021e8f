'use strict';
// What waits is visible as lastChar, lastNeed and lastTotal, and malformed input ends in U+FFFD.
const assert = require('node:assert');
const { StringDecoder } = require('node:string_decoder');

const decoder = new StringDecoder('utf-8');
assert.strictEqual(decoder.write(Buffer.from([0xe2])), '');
assert.deepStrictEqual([decoder.lastNeed, decoder.lastTotal, decoder.lastChar[0]], [2, 3, 0xe2]);
assert.strictEqual(decoder.write(Buffer.from([0x41])), '\ufffdA');
assert.strictEqual(decoder.write(Buffer.from([0xf0, 0x9f])), '');
assert.strictEqual(decoder.end(), '\ufffd');
assert.strictEqual(decoder.end(), '');
assert.throws(() => new StringDecoder('nope'), { code: 'ERR_UNKNOWN_ENCODING', message: 'Unknown encoding: nope' });
assert.throws(() => decoder.write(1), { code: 'ERR_INVALID_ARG_TYPE' });
