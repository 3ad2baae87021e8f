'use strict';
// util.inspect on errors: the class in front, cause and properties behind, no property twice.
const assert = require('node:assert');
const { inspect } = require('node:util');

function error(Class, message, stack, properties) {
  const made = Object.assign(new Class(message), properties);
  Object.defineProperty(made, 'stack', { value: stack, configurable: true, writable: true });
  return made;
}
class Foo extends Error {}
class FooError extends TypeError {}

const frames = '\n    at one (/a.js:1:1)\n    at two (/b.js:2:2)';
assert.strictEqual(inspect(error(Error, 'm', `Error: m${frames}`)), `Error: m${frames}`);
assert.strictEqual(inspect(error(Foo, 'm', `Error: m${frames}`)), `Foo [Error]: m${frames}`);
assert.strictEqual(inspect(error(FooError, 'm', `TypeError: m${frames}`)), `FooError [TypeError]: m${frames}`);
assert.strictEqual(inspect(error(Error, 'm', `Error: m${frames}`, { code: 'E' })), `Error: m${frames} {\n  code: 'E'\n}`);
assert.strictEqual(inspect(error(Error, 'm', 'Error: m')), '[Error: m]');
assert.strictEqual(inspect([error(Error, 'm', `Error: m${frames}`)]),
  `[\n  Error: m${frames.replaceAll('\n', '\n  ')}\n]`);
const caused = new Error('outer', { cause: 'why' });
caused.stack = 'Error: outer';
assert.strictEqual(inspect(caused), "[Error: outer] { [cause]: 'why' }");
const many = new AggregateError([1, 2], 'all');
many.stack = 'AggregateError: all';
assert.strictEqual(inspect(many), '[AggregateError: all] { [errors]: [ 1, 2 ] }');
const nobody = new Error('m');
nobody.stack = undefined;
assert.strictEqual(inspect(nobody), '[Error: m]');
