'use strict';
// A DOMException is an Error known by its name.
const assert = require('node:assert');
const { inspect } = require('node:util');

const error = new DOMException('gone', 'NotFoundError');
assert.ok(error instanceof Error);
assert.strictEqual(error.code, DOMException.NOT_FOUND_ERR);
assert.strictEqual(String(error), 'NotFoundError: gone');
assert.strictEqual(Object.prototype.toString.call(error), '[object DOMException]');
assert.deepStrictEqual(Object.keys(error), []);
assert.match(inspect(error), /^DOMException \[NotFoundError\]: gone\n {4}at /);
assert.strictEqual(new DOMException('m', { name: 'N', cause: 1 }).cause, 1);
assert.throws(() => DOMException.prototype.name, { code: 'ERR_INVALID_THIS' });
