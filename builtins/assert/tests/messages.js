'use strict';
// The message shows what differs.
const assert = require('node:assert');

function messageOf(fn) {
  try {
    fn();
  } catch (error) {
    assert.strictEqual(error.code, 'ERR_ASSERTION');
    return error.message;
  }
  return assert.fail('nothing was thrown');
}

const table = [
  [() => assert.strictEqual(1, 2), 'Expected values to be strictly equal:\n\n1 !== 2\n'],
  [() => assert.strictEqual(1, 2, 'mine'), 'mine\n\n1 !== 2\n'],
  [() => assert.equal(1, 2), '1 == 2'],
  [() => assert.deepStrictEqual([1, 2, 3], [1, 3]),
   'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n    1,\n+   2,\n    3\n  ]\n'],
  [() => assert.deepStrictEqual({ a: 1 }, { a: 1, b: 2 }),
   'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  {\n    a: 1,\n-   b: 2\n  }\n'],
  [() => assert.strictEqual('1111111a', '1111111b'),
   "Expected values to be strictly equal:\n+ actual - expected\n\n+ '1111111a'\n- '1111111b'\n          ^\n"],
  [() => assert.notStrictEqual(1, 1), 'Expected "actual" to be strictly unequal to: 1'],
  [() => assert.throws(() => {}), 'Missing expected exception.'],
  [() => assert.match('a', /b/), "The input did not match the regular expression /b/. Input:\n\n'a'\n"],
  [() => assert.ifError(new Error('x')), 'ifError got unwanted exception: x'],
];
for (const [fn, expected] of table) assert.strictEqual(messageOf(fn), expected);
