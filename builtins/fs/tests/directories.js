// mkdir, readdir, opendir, rm: recursive, with types, in encodings.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-dirs-'));
(async () => {
  assert.strictEqual(fs.mkdirSync(path.join(dir, 'a/b/c'), { recursive: true }), path.join(dir, 'a'));
  assert.strictEqual(fs.mkdirSync(path.join(dir, 'a/b'), { recursive: true }), undefined);
  fs.writeFileSync(path.join(dir, 'a/f\u00e4'), '');
  fs.symlinkSync('f\u00e4', path.join(dir, 'a/link'));
  assert.throws(() => fs.mkdirSync(path.join(dir, 'a/f\u00e4/x'), { recursive: true }), { code: 'ENOTDIR' });
  assert.deepStrictEqual(fs.readdirSync(path.join(dir, 'a')), ['b', 'f\u00e4', 'link']);
  assert.deepStrictEqual(fs.readdirSync(path.join(dir, 'a'), 'hex')[1], Buffer.from('f\u00e4').toString('hex'));
  assert.ok(Buffer.isBuffer(fs.readdirSync(Buffer.from(dir), 'buffer')[0]));
  const entries = fs.readdirSync(path.join(dir, 'a'), { withFileTypes: true });
  assert.deepStrictEqual(entries.map((e) => [e.isDirectory(), e.isFile(), e.isSymbolicLink()]),
    [[true, false, false], [false, true, false], [false, false, true]]);
  assert.strictEqual(entries[0].parentPath, path.join(dir, 'a'));
  const all = ['a', 'a/b', 'a/b/c', 'a/f\u00e4', 'a/link'];
  assert.deepStrictEqual(fs.readdirSync(dir, { recursive: true }).sort(), all);
  assert.deepStrictEqual((await fs.promises.readdir(dir, { recursive: true })).sort(), all);

  const seen = [];
  for await (const entry of await fs.promises.opendir(dir, { recursive: true, bufferSize: 1 })) {
    seen.push(path.relative(dir, path.join(entry.parentPath, entry.name)));
  }
  assert.deepStrictEqual(seen.sort(), all);
  const open = fs.opendirSync(dir);
  assert.strictEqual(open.readSync().name, 'a');
  assert.strictEqual(open.readSync(), null);
  open.closeSync();
  assert.throws(() => open.readSync(), { code: 'ERR_DIR_CLOSED' });

  assert.throws(() => fs.rmdirSync(path.join(dir, 'a')), { code: 'ENOTEMPTY' });
  await fs.promises.rm(path.join(dir, 'a'), { recursive: true });
  assert.deepStrictEqual(fs.readdirSync(dir), []);
  await assert.rejects(fs.promises.rm(path.join(dir, 'a')), { code: 'ENOENT' });
  await fs.promises.rm(path.join(dir, 'a'), { force: true });
})().finally(() => fs.rmSync(dir, { recursive: true, force: true }));
