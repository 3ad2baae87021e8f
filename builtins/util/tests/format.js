'use strict';
// util.format: specifiers, what is left over, numbers and strings of all kinds.
const assert = require('node:assert');
const { format, formatWithOptions } = require('node:util');

for (const [args, want] of [
  [[], ''],
  [['%s'], '%s'],
  [['%%'], '%%'],
  [['%%', 1], '% 1'],
  [['%s is %d', 'a', 5], 'a is 5'],
  [['%s', 'a', 'b', { c: 1 }], 'a b { c: 1 }'],
  [['%d %i %f', '0x10', '12.7px', '1.5x'], '16 12 1.5'],
  [['%d', 5n], '5n'],
  [['%d', Symbol('x')], 'NaN'],
  [['%j', { a: [1] }], '{"a":[1]}'],
  [['%s', { a: { b: {} } }], '{ a: [Object] }'],
  [['%s', -0], '-0'],
  [['%s', { toString: () => 'mine' }], 'mine'],
  [['%s', new Date(0)], '1970-01-01T00:00:00.000Z'],
  [['%O', { a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'],
  [['%o', [1]], '[ 1, [length]: 1 ]'],
  [['%c styled', 'css'], ' styled'],
  [['%x %s', 1], '%x 1'],
  [['100%', 1], '100% 1'],
  [[{ a: 1 }, 'text'], '{ a: 1 } text'],
]) {
  assert.strictEqual(format(...args), want);
}
const cycle = {};
cycle.cycle = cycle;
assert.strictEqual(format('%j', cycle), '[Circular]');
assert.strictEqual(formatWithOptions({ colors: true }, '%s', 'a', 1), 'a \u001b[33m1\u001b[39m');
assert.throws(() => formatWithOptions('x'), { code: 'ERR_INVALID_ARG_TYPE' });
