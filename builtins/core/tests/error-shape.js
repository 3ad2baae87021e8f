'use strict';
// Errors with a code: own `code`, plain `name`, the code in toString() and in the first line of the stack.
const assert = require('node:assert');

let error;
try {
  new (require('node:events'))().on('x', 1);
} catch (caught) {
  error = caught;
}
assert.ok(error instanceof TypeError);
assert.strictEqual(error.constructor, TypeError);
assert.strictEqual(error.name, 'TypeError');
assert.deepStrictEqual(Object.keys(error), ['code']);
const text = 'TypeError [ERR_INVALID_ARG_TYPE]: The "listener" argument must be of type function. Received type number (1)';
assert.strictEqual(String(error), text);
assert.ok(error.stack.startsWith(`${text}\n    at `));
