// read() without a size gives bytes chunk by chunk, decoded text joined, and read(n) exactly n.
'use strict';
const assert = require('node:assert');
const { Readable } = require('node:stream');

const bytes = new Readable({ read() {} });
bytes.push('ab');
bytes.push('cd');
assert.strictEqual(String(bytes.read()), 'ab');
assert.strictEqual(String(bytes.read()), 'cd');
assert.strictEqual(bytes.read(), null);
bytes.push('abc');
bytes.push('def');
assert.strictEqual(String(bytes.read(4)), 'abcd');
assert.strictEqual(bytes.read(3), null);
bytes.push(null);
assert.strictEqual(String(bytes.read(3)), 'ef');

const text = new Readable({ read() {}, encoding: 'utf8' });
text.push(Buffer.from([0xE2, 0x82]));
text.push(Buffer.from([0xAC, 0x21]));
text.push('x');
assert.strictEqual(text.read(), '€!x');
