// User functions, aggregates and windows; exceptions pass through SQLite; a callback cannot close what runs.
'use strict';
const assert = require('node:assert');
const { DatabaseSync, constants } = require('node:sqlite');
const db = new DatabaseSync(':memory:');
const value = (sql) => db.prepare(`SELECT ${sql} AS v`).get().v;

db.function('twice', (x) => x * 2);
db.function('count', { varargs: true }, (...args) => args.length);
db.function('kind', { useBigIntArguments: true }, (x) => typeof x);
assert.deepStrictEqual([value('twice(4)'), value('count()'), value('count(1, 2)'), value('kind(1)'), value("kind('a')")], [8, 0, 2, 'bigint', 'string']);
const error = new Error('mine');
db.function('fails', () => { throw error; });
assert.throws(() => value('fails()'), error);
assert.throws(() => db.exec('SELECT fails() FROM (VALUES (1), (2))'), error);
db.function('closes', () => db.close());
assert.throws(() => value('closes()'), { code: 'ERR_INVALID_STATE', message: 'database cannot be closed while in a callback' });
db.function('nested', () => value('twice(21)'));
assert.strictEqual(value('nested()'), 42);
for (const [bad, message] of [[{}, 'Returned JavaScript value cannot be converted to a SQLite value'], [Promise.resolve(), 'Asynchronous user-defined functions are not supported'], [2n ** 64n, 'BigInt value is too large for SQLite']]) {
  db.function('bad', () => bad);
  assert.throws(() => value('bad()'), { code: 'ERR_SQLITE_ERROR', message });
}

db.exec('CREATE TABLE t(g, x); INSERT INTO t VALUES (1, 1), (1, 2), (2, 3), (2, 4), (2, 5)');
db.aggregate('total', { start: 0, step: (acc, x) => acc + x, inverse: (acc, x) => acc - x, result: (acc) => acc * 10 });
const column = (sql) => db.prepare(sql).all().map((row) => row.v);
assert.deepStrictEqual(column('SELECT total(x) AS v FROM t GROUP BY g ORDER BY g'), [30, 120]);
assert.deepStrictEqual(column('SELECT total(x) AS v FROM t WHERE x > 100'), [0]);
assert.deepStrictEqual(column('SELECT total(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS v FROM t'), [10, 30, 50, 70, 90]);
assert.deepStrictEqual(column('SELECT total(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS v FROM t'), [150, 150, 150, 150, 150]);
assert.deepStrictEqual(column('SELECT total(x) OVER (PARTITION BY g ORDER BY x) AS v FROM t'), [10, 30, 30, 70, 120]);
assert.deepStrictEqual(column('SELECT total(x) OVER () AS v FROM t'), [150, 150, 150, 150, 150]);
db.aggregate('joined', { start: () => [], step: (acc, x) => [...acc, x], result: (acc) => acc.join() });
assert.deepStrictEqual(column('SELECT joined(x) AS v FROM t GROUP BY g ORDER BY g'), ['1,2', '3,4,5']);
db.aggregate('broken', { start: 0, step(acc, x) { throw error; } });
assert.throws(() => column('SELECT broken(x) AS v FROM t'), error);

const seen = [];
db.setAuthorizer((action, ...details) => { seen.push(action); return details[0] === 'secret' ? constants.SQLITE_DENY : constants.SQLITE_OK; });
db.prepare('SELECT x FROM t').all();
assert.deepStrictEqual(seen, [constants.SQLITE_SELECT, constants.SQLITE_READ]);
assert.throws(() => db.exec('CREATE TABLE secret(x)'), { code: 'ERR_SQLITE_ERROR', message: 'not authorized' });
db.setAuthorizer(null);
db.exec('CREATE TABLE secret(x)');
db.close();
