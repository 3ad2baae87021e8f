// Changesets record, travel and apply, with conflicts decided by a callback; databases copy as files and as bytes.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { DatabaseSync, backup, constants } = require('node:sqlite');

const make = () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE a(k INTEGER PRIMARY KEY, v TEXT); CREATE TABLE b(k INTEGER PRIMARY KEY)');
  return db;
};
const rows = (db, table = 'a') => db.prepare(`SELECT * FROM ${table} ORDER BY k`).all().map((row) => ({ ...row }));
const [first, second] = [make(), make()];
const session = first.createSession();
const only = first.createSession({ table: 'b' });
first.exec("INSERT INTO a VALUES (1, 'one'), (2, 'two'); INSERT INTO b VALUES (9)");
assert.ok(session.changeset().length > only.changeset().length && session.patchset().length > 0);
assert.strictEqual(second.applyChangeset(session.changeset(), { filter: (table) => table === 'a' }), true);
assert.deepStrictEqual([rows(second), rows(second, 'b')], [[{ k: 1, v: 'one' }, { k: 2, v: 'two' }], []]);
second.exec("UPDATE a SET v = 'zwei' WHERE k = 2");
assert.strictEqual(second.applyChangeset(session.changeset()), false, 'a conflict aborts');
const kinds = [];
assert.strictEqual(second.applyChangeset(session.changeset(), { onConflict: (kind) => { kinds.push(kind); return constants.SQLITE_CHANGESET_REPLACE; } }), true);
assert.deepStrictEqual(kinds, [constants.SQLITE_CHANGESET_CONFLICT, constants.SQLITE_CHANGESET_CONFLICT]);
assert.deepStrictEqual(rows(second), rows(first));
assert.throws(() => second.applyChangeset(session.changeset(), { onConflict() { throw new Error('mine'); } }), /mine/);
assert.throws(() => second.applyChangeset(new Uint8Array([1, 2, 3])), { code: 'ERR_SQLITE_ERROR', errcode: 11 });
session.close();
assert.throws(() => session.changeset(), { code: 'ERR_INVALID_STATE', message: 'session is not open' });

const copy = new DatabaseSync(':memory:');
copy.deserialize(first.serialize());
assert.deepStrictEqual(rows(copy), rows(first));
copy.exec("INSERT INTO a VALUES (3, 'three')");

const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-test-')), 'copy.db');
process.on('exit', () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
(async () => {
  const steps = [];
  const pages = await backup(first, file, { rate: 1, progress: (step) => steps.push(step) });
  assert.strictEqual(steps.length, pages - 1);
  assert.deepStrictEqual(steps.at(-1), { totalPages: pages, remainingPages: 1 });
  const db = new DatabaseSync(file, { readOnly: true });
  assert.deepStrictEqual(rows(db), rows(first));
  assert.strictEqual(db.location(), file);
  assert.throws(() => db.exec('DELETE FROM a'), { message: 'attempt to write a readonly database' });
  db.close();
  await assert.rejects(backup(first, path.join(file, 'no', 'such')), { code: 'ERR_SQLITE_ERROR', message: 'unable to open database file' });
})();
