// The wire format of v8.serialize: any bytes become a value or an error.
'use strict';

const assert = require('assert');
const v8 = require('v8');
const { below, bytes, fuzz, mutate, pick } = require('./random.js');

const shared = { self: undefined };
shared.self = shared;
const values = [
  null, 1, -5, 1.5, 2n ** 70n, 'text', 'wide \u20ac', [1, , 3], { a: 1, b: { c: [] } }, new Map([[1, 2]]), new Set(['a']),
  new Date(0), /x/gi, new Uint8Array([1, 2, 3]), new Float64Array([1.5]), new ArrayBuffer(4), new Error('e', { cause: 1 }), shared,
  Object(1), Object('s'), Buffer.from('abc'), new DataView(new ArrayBuffer(3)), [[[[[[]]]]]],
];

fuzz(() => {
  const input = below(5) === 0 ? Buffer.concat([Buffer.from([0xff, 15]), bytes(40)]) : mutate(v8.serialize(pick(values)));
  let outcome;
  try {
    const value = v8.deserialize(input);
    outcome = typeof value;
    // Whatever came out can be sent again.
    v8.serialize(value);
  } catch (error) {
    assert.ok(error instanceof Error, String(error));
    assert.doesNotMatch(error.message, /internal error|panic/);
    outcome = error.name;
  }
  return outcome;
});
