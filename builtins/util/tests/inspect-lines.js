'use strict';
// Where util.inspect breaks lines: columns, long strings, `compact`.
const assert = require('node:assert');
const { inspect } = require('node:util');

assert.strictEqual(inspect([1, 2, 3, 4, 5, 6, 7]), '[\n  1, 2, 3, 4,\n  5, 6, 7\n]');
assert.strictEqual(inspect(['123', '123', '123', '123', 'あああ', '123', '123', '123', '123', 'あああ']),
  "[\n  '123',    '123',\n  '123',    '123',\n  'あああ', '123',\n  '123',    '123',\n  '123',    'あああ'\n]");
assert.strictEqual(inspect({ text: 'one line\n'.repeat(9) }).split('\n').length, 11);
assert.strictEqual(inspect({ a: { b: 1 } }, { compact: false }), '{\n  a: {\n    b: 1\n  }\n}');
assert.strictEqual(inspect({ a: 1, b: 'x'.repeat(80) }, { compact: true }), `{ a: 1,\n  b:\n   '${'x'.repeat(80)}' }`);
assert.strictEqual(inspect({ a: 1, b: 2 }, { breakLength: 3 }), '{\n  a: 1,\n  b: 2\n}');
