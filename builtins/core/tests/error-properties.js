'use strict';
// Own properties of errors: stack before message, nothing of the engine's; how programs serialize errors.
const assert = require('node:assert');
const vm = require('node:vm');

const names = Object.getOwnPropertyNames;
assert.deepStrictEqual(names(new Error('x')), ['stack', 'message']);
assert.deepStrictEqual(names(new Error()), ['stack']);
assert.deepStrictEqual(names(new TypeError('x', { cause: 1 })), ['stack', 'message', 'cause']);
assert.deepStrictEqual(names(new AggregateError([], 'x')), ['stack', 'message', 'errors']);
assert.deepStrictEqual(names(structuredClone(new RangeError('x'))), ['stack', 'message']);
try {
  null.x;
} catch (error) {
  assert.deepStrictEqual(names(error), ['stack', 'message']);
  assert.ok(error.stack.startsWith("TypeError: Cannot read properties of null (reading 'x')\n    at "));
}
assert.deepStrictEqual(Array.from(vm.runInNewContext("Object.getOwnPropertyNames(new Error('x'))")), ['stack', 'message']);
assert.ok(vm.runInNewContext("new Error('x').stack").startsWith('Error: x\n    at '));

class Custom extends TypeError {
  constructor(message) {
    super(message);
    this.name = 'Custom';
    this.code = 'E_CUSTOM';
    this.more = [1];
  }
}
for (let i = 0; i < 1000; i++) {
  const error = new Custom('text');
  assert.deepStrictEqual(names(error), ['stack', 'message', 'name', 'code', 'more']);
  const { stack, ...rest } = JSON.parse(JSON.stringify(error, names(error)));
  assert.ok(stack.startsWith('Custom: text\n    at '), stack);
  assert.deepStrictEqual(rest, { message: 'text', name: 'Custom', code: 'E_CUSTOM', more: [1] });
}

const error = new Error('x');
const descriptor = Object.getOwnPropertyDescriptor(error, 'stack');
assert.strictEqual(descriptor.enumerable, false);
assert.strictEqual(descriptor.configurable, true);
error.stack = 'mine';
assert.strictEqual(error.stack, 'mine');
assert.deepStrictEqual(names(error), ['stack', 'message']);
assert.ok(delete error.stack);
assert.strictEqual(error.stack, undefined);
delete error.message;
error.later = 1;
assert.deepStrictEqual(names(error), ['later']);
assert.strictEqual(Object.getOwnPropertyDescriptor(Error.prototype, 'stack'), undefined);
