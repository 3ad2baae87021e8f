'use strict';
// indexOf, lastIndexOf and includes with an end, which is not negative, and the order in which arguments are checked.
const assert = require('assert');

const buffer = Buffer.from('abcabc');
const cases = [
  ['indexOf', 'c', 0, 2, -1], ['indexOf', 'c', 0, 3, 2], ['indexOf', 'bc', 0, 2, -1], ['indexOf', 99, 3, 5, -1],
  ['indexOf', 'c', -4, -1, -1], ['indexOf', '', 4, 3, 3], ['indexOf', '', 7, 7, 6], ['indexOf', 'c', 0, NaN, -1],
  ['indexOf', Buffer.from('bc'), 0, 3, 1], ['lastIndexOf', 'c', NaN, 3, 2], ['lastIndexOf', 'c', 10, 3, 2],
  ['lastIndexOf', 'bc', -1, 3, 1], ['lastIndexOf', 'c', -1, -1, -1], ['includes', 'c', 0, 2, false], ['includes', 'c', 0, 2.7, false],
  ['includes', 'c', 0, 3.7, true],
];
for (const [name, value, offset, end, want] of cases) {
  assert.strictEqual(buffer[name](value, offset, end), want, `${name} ${value} ${offset} ${end}`);
}
assert.strictEqual(buffer.indexOf('c', 0, 3, 'latin1'), 2);
assert.throws(() => buffer.indexOf('c', 0, 3, 'nonsense'), { code: 'ERR_UNKNOWN_ENCODING' });
assert.strictEqual(buffer.indexOf('6263', 0, 'hex'), 1);

assert.throws(() => buffer.readUInt32LE(1n), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => buffer.readUIntLE(undefined, 9), { code: 'ERR_INVALID_ARG_TYPE', message: /"offset"/ });
assert.throws(() => buffer.writeBigInt64LE(1), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
assert.throws(() => Buffer.alloc(8).writeBigInt64LE(1), /^TypeError: Cannot mix BigInt/);
assert.throws(() => Buffer.concat(['no buffer'], 'no length'), { code: 'ERR_INVALID_ARG_TYPE', message: /"length"/ });
assert.throws(() => buffer.write(5, 'nonsense'), { code: 'ERR_UNKNOWN_ENCODING' });
assert.strictEqual(buffer.toString('nonsense', 3, 3), '');
