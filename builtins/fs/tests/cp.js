// cp: trees, filters, existing destinations, links, and what it refuses.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-cp-'));
const at = (...parts) => path.join(dir, ...parts);
(async () => {
  fs.mkdirSync(at('src/inner'), { recursive: true });
  fs.writeFileSync(at('src/a'), 'a');
  fs.writeFileSync(at('src/inner/b'), 'b', { mode: 0o600 });
  fs.symlinkSync('a', at('src/link'));

  fs.cpSync(at('src'), at('one'), { recursive: true });
  assert.strictEqual(fs.readFileSync(at('one/inner/b'), 'utf8'), 'b');
  assert.strictEqual(fs.statSync(at('one/inner/b')).mode & 0o777, 0o600);
  assert.strictEqual(fs.readlinkSync(at('one/link')), at('src/a'));
  await fs.promises.cp(at('src'), at('two'), { recursive: true, verbatimSymlinks: true });
  assert.strictEqual(fs.readlinkSync(at('two/link')), 'a');
  await fs.promises.cp(at('src'), at('three'), { recursive: true, filter: async (src) => !src.endsWith('a') });
  assert.deepStrictEqual(fs.readdirSync(at('three')).sort(), ['inner', 'link']);

  fs.writeFileSync(at('two/a'), 'kept');
  fs.cpSync(at('src/a'), at('two/a'), { force: false });
  assert.strictEqual(fs.readFileSync(at('two/a'), 'utf8'), 'kept');
  assert.throws(() => fs.cpSync(at('src/a'), at('two/a'), { force: false, errorOnExist: true }), { code: 'ERR_FS_CP_EEXIST' });
  assert.throws(() => fs.cpSync(at('src'), at('x')), { code: 'ERR_FS_EISDIR' });
  assert.throws(() => fs.cpSync(at('src'), at('src/inner/x'), { recursive: true }), { code: 'ERR_FS_CP_EINVAL' });
  assert.throws(() => fs.cpSync(at('src/a'), at('src/inner')), { code: 'ERR_FS_CP_NON_DIR_TO_DIR' });
  await assert.rejects(fs.promises.cp(at('src'), at('src/a'), { recursive: true }), { code: 'ERR_FS_CP_DIR_TO_NON_DIR' });
  await assert.rejects(fs.promises.cp(at('src'), at('x')), { code: 'ERR_FS_EISDIR', name: 'SystemError' });
})().finally(() => fs.rmSync(dir, { recursive: true }));
