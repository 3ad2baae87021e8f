'use strict';
// What util.inspect shows of each kind of object.
const assert = require('node:assert');
const { inspect } = require('node:util');

const circular = { name: 'c', inner: {} };
circular.inner.back = circular;
class Parent {}
class Child extends Parent { x = 1; }
const revoked = Proxy.revocable({}, {});
revoked.revoke();

for (const [value, want, options] of [
  [{ a: 1, 'b-c': 2, [Symbol('s')]: 3 }, "{ a: 1, 'b-c': 2, Symbol(s): 3 }"],
  [[1, , 3], '[ 1, <1 empty item>, 3 ]'], // eslint-disable-line no-sparse-arrays
  [Object.assign([1], { extra: true }), '[ 1, extra: true ]'],
  [new Map([[{ a: 1 }, 'b']]), "Map(1) { { a: 1 } => 'b' }"],
  [new Set([1, [2]]), 'Set(2) { 1, [ 2 ] }'],
  [new Map([[1, 2]]).entries(), '[Map Entries] { [ 1, 2 ] }'],
  [new Set([1, 2]).values(), '[Set Iterator] { 1, 2 }'],
  [new WeakMap(), 'WeakMap { <items unknown> }'],
  [Promise.resolve(4), 'Promise { 4 }'],
  [new Promise(() => {}), 'Promise { <pending> }'],
  [new Uint8Array([1, 2]), 'Uint8Array(2) [ 1, 2 ]'],
  [new Uint8Array([1, 255]).buffer, 'ArrayBuffer { [Uint8Contents]: <01 ff>, [byteLength]: 2 }'],
  [new Child(), 'Child { x: 1 }'],
  [Child, '[class Child extends Parent]'],
  [function f() {}, '[Function: f]'],
  [async () => {}, '[AsyncFunction (anonymous)]'],
  [function* g() {}, '[GeneratorFunction: g]'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Object('s'), "[String: 's']"],
  [Object(-0), '[Number: -0]'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date(NaN), 'Invalid Date'],
  [/a/g, '/a/g'],
  [circular, "<ref *1> { name: 'c', inner: { back: [Circular *1] } }"],
  [{ get a() { return 1; }, set b(v) {} }, '{ a: [Getter], b: [Setter] }'],
  [{ get a() { return 1; } }, '{ a: [Getter: 1] }', { getters: true }],
  [{ a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: [Object] } } }'],
  [new Proxy({ a: 1 }, {}), 'Proxy [ { a: 1 }, {} ]', { showProxy: true }],
  [revoked.proxy, '<Revoked Proxy>'],
  [(function() { return arguments; })(1), "[Arguments] { '0': 1 }"],
  [{ b: 1, a: 2 }, '{ a: 2, b: 1 }', { sorted: true }],
  [123456.789, '123_456.789', { numericSeparator: true }],
  ['a\'b"c', '`a\'b"c`'],
  ['\ud800\x00', "'\\ud800\\x00'"],
  [[1, 2, 3], '[ 1, ... 2 more items ]', { maxArrayLength: 1 }],
  ['abc', "'ab'... 1 more character", { maxStringLength: 2 }],
  [{ [inspect.custom]: (depth, options) => `custom ${depth} ${options.depth}` }, 'custom 2 2'],
]) {
  assert.strictEqual(inspect(value, options), want);
}

// An iterator is not taken by looking at it.
const iterator = new Map([[1, 2], [3, 4]]).keys();
iterator.next();
assert.strictEqual(inspect(iterator), '[Map Iterator] { 3 }');
assert.strictEqual(iterator.next().value, 3);
