// Primitive values cross the C interface unchanged, with the conversions and statuses that Node's documentation gives.
'use strict';
const assert = require('node:assert');
const v = require('./addons/build.cjs').load('values');

assert.deepStrictEqual([undefined, null, true, 1, 's', Symbol('x'), {}, () => 1, 1n, [], class {}].map(v.type), [0, 1, 2, 3, 4, 5, 6, 7, 9, 6, 7]);
const numbers = [0, -0, 1.9, -1.9, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32 + 5, -(2 ** 31) - 1, 1e300, 2 ** 63, -(2 ** 63), 2 ** 53 + 2];
for (const n of numbers) assert.ok(Object.is(v.dbl(n), n));
assert.deepStrictEqual(numbers.map(v.i32), [0, 0, 1, -1, 0, 0, 0, -2147483648, 5, 2147483647, 0, 0, 0, 2]);
assert.deepStrictEqual(numbers.map(v.u32), [0, 0, 1, 4294967295, 0, 0, 0, 2147483648, 5, 2147483647, 0, 0, 0, 2]);
assert.deepStrictEqual(numbers.map(v.i64), [0n, 0n, 1n, -1n, 0n, 0n, 0n, 2147483648n, 4294967301n, -2147483649n, 9223372036854775807n, 9223372036854775807n, -9223372036854775808n, 9007199254740994n]);
assert.strictEqual(v.back64(2 ** 40), 2 ** 40);
assert.deepStrictEqual([v.dbl('1'), v.i32({}), v.u32(), v.i64(1n), v.boolean(1), v.boolean(true)], [-1006, -1006, -1006, -1006, -1007, true]);

assert.strictEqual(v.utf8('héllo €😀', 64), 'héllo €😀');
assert.strictEqual(v.utf8('héllo', 3), 'h', 'no half characters');
assert.strictEqual(v.utf8('abc', 1), '');
assert.strictEqual(v.utf8('a\ud800b', 64), 'a\ufffdb');
assert.deepStrictEqual(['', 'abc', 'é', '€', '😀', '\ud800'].map(v.utf8len), [0, 3, 2, 3, 4, 3]);
assert.strictEqual(v.utf8len(5), -1003);
assert.strictEqual(v.latin1('héllo', 4), 'hél');
assert.strictEqual(v.utf16('a\ud800€', 64), 'a\ud800€');
assert.strictEqual(v.utf16('abcdef', 4), 'abc');
assert.strictEqual(v.rawutf8(), 'a\ufffdé😀');
assert.strictEqual(v.external(), 'external text');
assert.strictEqual({ kéy: 5 }[v.key()], 5);

assert.strictEqual(v.sym('d').description, 'd');
assert.strictEqual(v.sym().description, undefined);
assert.strictEqual(v.sym(5), 3);
assert.strictEqual(v.symfor(), Symbol.for('reg'));

assert.deepStrictEqual(v.big(-5n), [-5n, true]);
assert.deepStrictEqual(v.big(2n ** 63n), [-(2n ** 63n), false]);
assert.deepStrictEqual(v.ubig(2n ** 64n - 1n), [2n ** 64n - 1n, true]);
assert.deepStrictEqual(v.ubig(-1n), [2n ** 64n - 1n, false]);
assert.strictEqual(v.big(1), 17);
for (const b of [0n, 1n, -1n, 2n ** 64n, -(2n ** 64n) - 7n, 0x123456789abcdef0123456789abcdefn, 2n ** 512n - 1n]) assert.strictEqual(v.words(b), b);
assert.throws(() => v.toolong(), { name: 'RangeError', message: 'Maximum BigInt size exceeded' });

assert.strictEqual(v.date(1e12).getTime(), 1e12);
assert.ok(Number.isNaN(v.date(9e15).getTime()));
assert.strictEqual(v.time(new Date(7)), 7);
assert.strictEqual(v.time({}), -1018);

assert.deepStrictEqual([v.coerce('', 0), v.coerce([], 0), v.coerce('12', 1), v.coerce(null, 2)], [false, true, 12, 'null']);
assert.strictEqual(typeof v.coerce(5, 3), 'object');
assert.throws(() => v.coerce(undefined, 3), { name: 'TypeError', message: 'Cannot convert undefined or null to object' });
assert.throws(() => v.coerce(Symbol('x'), 2), TypeError);
assert.throws(() => v.coerce({ valueOf() { throw new Error('mine'); } }, 1), /mine/);
assert.deepStrictEqual([v.equal(NaN, NaN), v.equal('a', 'a'), v.equal(1, '1'), v.equal(0, -0)], [false, true, false, true]);
assert.strictEqual(v.global(), globalThis);
assert.deepStrictEqual(v.singletons(), [undefined, null, true, false]);
assert.strictEqual(v.nulls(), 5);
