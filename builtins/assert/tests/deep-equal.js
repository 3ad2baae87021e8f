'use strict';
// What deepStrictEqual, deepEqual and partialDeepStrictEqual take as equal.
const assert = require('node:assert');

const loop = { a: 1 };
loop.self = loop;
const otherLoop = { a: 1 };
otherLoop.self = otherLoop;

const equal = [
  [NaN, NaN],
  [loop, otherLoop],
  [new Set([{ a: 1 }, [2]]), new Set([[2], { a: 1 }])],
  [new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]])],
  [new Date(5), new Date(5)],
  [/a/g, /a/g],
  [new Error('x', { cause: 1 }), new Error('x', { cause: 1 })],
  [Buffer.from('abc'), Buffer.from('abc')],
  [Object(1n), Object(1n)],
];
for (const [a, b] of equal) assert.deepStrictEqual(a, b);

const unequal = [
  [0, -0],
  [1, '1'],
  [[1, , 3], [1, undefined, 3]], // eslint-disable-line no-sparse-arrays
  [{}, Object.create(null)],
  [new Set([1]), new Set(['1'])],
  [new Uint8Array(1), new Int8Array(1)],
  [new Error('x'), new TypeError('x')],
  [{ [Symbol.for('s')]: 1 }, {}],
  [new WeakMap(), new WeakMap()],
];
for (const [a, b] of unequal) assert.notDeepStrictEqual(a, b);

assert.deepEqual({ a: '1' }, { a: 1 });
assert.deepEqual(new Set([1]), new Set(['1']));
assert.partialDeepStrictEqual({ a: { b: 1, c: 2 }, d: [1, 2, 3] }, { a: { b: 1 }, d: [1, 3] });
assert.throws(() => assert.partialDeepStrictEqual({ a: 1 }, { a: 1, b: 2 }), { code: 'ERR_ASSERTION' });
