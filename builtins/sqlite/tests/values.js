// Values in both directions, parameters by position and by name, rows as objects and arrays.
'use strict';
const assert = require('node:assert');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(':memory:');

db.exec('CREATE TABLE t(i INTEGER, r REAL, s TEXT, b BLOB, n)');
const insert = db.prepare('INSERT INTO t VALUES (?, $r, ?, :b, ?)');
assert.deepStrictEqual(insert.run({ $r: 1.5, b: new Uint8Array([1, 2]) }, 7n, 'tèxt', null), { changes: 1, lastInsertRowid: 1 });
assert.deepStrictEqual(db.prepare('SELECT * FROM t').get(), { __proto__: null, i: 7, r: 1.5, s: 'tèxt', b: new Uint8Array([1, 2]), n: null });
const echo = db.prepare('SELECT ? AS v, typeof(?1) AS t');
for (const [value, back, type] of [[1, 1, 'real'], [5n, 5, 'integer'], ['', '', 'text'], [null, null, 'null'], [undefined, null, 'null'], [true, 1, 'integer'],
  [Buffer.alloc(0), new Uint8Array(), 'blob'], [new ArrayBuffer(2), new Uint8Array(2), 'blob'], [-0.5, -0.5, 'real'], ['\0x', '\0x', 'text']]) {
  assert.deepStrictEqual(echo.get(value), { __proto__: null, v: back, t: type });
}
assert.throws(() => echo.get(Symbol('x')), { code: 'ERR_INVALID_ARG_TYPE', message: 'Provided value cannot be bound to SQLite parameter 1.' });
assert.throws(() => echo.get(2n ** 63n), { code: 'ERR_INVALID_ARG_VALUE', message: 'BigInt value is too large to bind.' });
const big = db.prepare('SELECT 9223372036854775807 AS v');
assert.throws(() => big.get(), { code: 'ERR_OUT_OF_RANGE', message: /^Value is too large to be represented as a JavaScript number: 9223372036854775807$/ });
big.setReadBigInts(true);
assert.deepStrictEqual(big.get(), { __proto__: null, v: 2n ** 63n - 1n });
big.setReturnArrays(true);
assert.deepStrictEqual(big.all(), [[2n ** 63n - 1n]]);
assert.deepStrictEqual([...db.prepare('SELECT column1 AS x FROM (VALUES (1), (2), (3))').iterate()].map((row) => row.x), [1, 2, 3]);
assert.deepStrictEqual(db.prepare('SELECT i AS a FROM t').columns(), [{ __proto__: null, column: 'i', database: 'main', name: 'a', table: 't', type: 'INTEGER' }]);
assert.throws(() => db.prepare('SELECT absent FROM t'), { code: 'ERR_SQLITE_ERROR', errcode: 1, errstr: 'SQL logic error', message: 'no such column: absent' });
assert.throws(() => db.prepare(' '), { code: 'ERR_INVALID_ARG_VALUE', message: 'The SQL query contains no statements.' });
const statement = db.prepare('SELECT 1');
db.close();
assert.throws(() => statement.get(), { code: 'ERR_INVALID_STATE', message: 'statement has been finalized' });
assert.throws(() => db.exec(''), { code: 'ERR_INVALID_STATE', message: 'database is not open' });
