'use strict';
// assert.ok shows the call it failed in.
const assert = require('node:assert');

function messageOf(fn) {
  try {
    fn();
  } catch (error) {
    return error.message;
  }
  return undefined;
}

const start = 'The expression evaluated to a falsy value:\n\n  ';
assert.strictEqual(messageOf(() => assert.ok(typeof 1 === 'string')), `${start}assert.ok(typeof 1 === 'string')\n`);
assert.strictEqual(messageOf(() => assert(0 || ')'.length > 1)), `${start}assert(0 || ')'.length > 1)\n`);
assert.strictEqual(messageOf(() => assert.ok()), 'No value argument passed to `assert.ok()`');
assert.strictEqual(messageOf(() => assert.ok(0, 'mine')), 'mine');
