// link, symlink, readlink, realpath and their errors.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fs-links-')));
try {
  const file = path.join(dir, 'file');
  fs.writeFileSync(file, 'x');
  fs.linkSync(file, path.join(dir, 'hard'));
  assert.strictEqual(fs.statSync(file).nlink, 2);
  fs.symlinkSync('file', path.join(dir, 'soft'));
  assert.strictEqual(fs.readlinkSync(path.join(dir, 'soft')), 'file');
  assert.strictEqual(fs.realpathSync(path.join(dir, 'soft')), file);
  assert.strictEqual(fs.realpathSync.native(path.join(dir, '.', 'soft')), file);
  assert.ok(fs.lstatSync(path.join(dir, 'soft')).isSymbolicLink());
  fs.symlinkSync('loop', path.join(dir, 'loop'));
  assert.throws(() => fs.realpathSync(path.join(dir, 'loop')), { code: 'ELOOP', syscall: 'stat' });
  assert.throws(() => fs.realpathSync.native(path.join(dir, 'loop')), { code: 'ELOOP', syscall: 'realpath' });
  assert.throws(() => fs.realpathSync(path.join(dir, 'none/x')),
    { code: 'ENOENT', syscall: 'lstat', path: path.join(dir, 'none') });
  assert.throws(() => fs.readlinkSync(file), { code: 'EINVAL' });
} finally {
  fs.rmSync(dir, { recursive: true });
}
