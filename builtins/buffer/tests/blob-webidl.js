'use strict';
// The conversions of Web IDL: [Clamp] rounds to the nearest, and what can throw does so in the order of the arguments.
const assert = require('node:assert');

async function main() {
  const blob = new Blob(['abcd']);
  for (const [start, end, expected] of [[0.5, 4, 'abcd'], [1.5, 4, 'cd'], [2.5, 4, 'cd'], [3.5, 4, ''], [0, 0.5, ''], [0, 1.5, 'ab'],
    [1.4, 3.6, 'bcd'], [-1.5, 9, 'cd'], [NaN, Infinity, 'abcd'], [-Infinity, 2, 'ab']]) {
    assert.strictEqual(await blob.slice(start, end).text(), expected, `${start} ${end}`);
  }
  const stop = new Error('stop');
  const order = [];
  const parts = {
    get [Symbol.iterator]() {
      order.push('iterator');
      return Array.prototype[Symbol.iterator];
    },
    length: 2,
    0: { toString() { order.push('0'); return 'a'; } },
    get 1() { order.push('1'); throw stop; },
  };
  const options = { get type() { order.push('type'); return ''; } };
  assert.throws(() => new Blob(parts, options), (error) => error === stop);
  assert.deepStrictEqual(order, ['iterator', '0', '1']);
  assert.strictEqual(await new Blob(['a\r\nb', blob, 'c\rd'], { endings: 'native' }).text(), 'a\nbabcdc\nd');
}

main();
