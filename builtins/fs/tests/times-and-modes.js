// utimes, futimes, lutimes, chmod, chown and what is read back.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-times-'));
try {
  const file = path.join(dir, 'file');
  const link = path.join(dir, 'link');
  fs.writeFileSync(file, '');
  fs.symlinkSync(file, link);
  fs.utimesSync(file, 1.9996, new Date(5000));
  assert.strictEqual(fs.statSync(file).atimeMs, 1999.6);
  assert.strictEqual(fs.statSync(file).mtimeMs, 5000);
  fs.lutimesSync(link, 7, 8);
  assert.strictEqual(fs.lstatSync(link).mtimeMs, 8000);
  assert.strictEqual(fs.statSync(link).mtimeMs, 5000);
  const fd = fs.openSync(file, 'r+');
  fs.futimesSync(fd, '9', '10');
  fs.fchmodSync(fd, 0o600);
  fs.closeSync(fd);
  assert.strictEqual(fs.statSync(file).mtimeMs, 10000);
  assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
  fs.chmodSync(file, '0644');
  assert.strictEqual(fs.statSync(file).mode & 0o777, 0o644);
  fs.chownSync(file, -1, -1);
  assert.strictEqual(fs.statSync(file).uid, process.getuid());
} finally {
  fs.rmSync(dir, { recursive: true });
}
