// Descriptors: open, write, read at positions, truncate, close.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-rw-'));
try {
  const file = path.join(dir, 'file');
  const fd = fs.openSync(file, 'w+');
  assert.strictEqual(fs.writeSync(fd, 'hello world'), 11);
  assert.strictEqual(fs.writeSync(fd, Buffer.from('J'), 0, 1, 0), 1);
  assert.strictEqual(fs.writevSync(fd, [Buffer.from('!'), Buffer.from('?')]), 2);
  const buffer = Buffer.alloc(20);
  assert.strictEqual(fs.readSync(fd, buffer, 0, 20, 0), 13);
  assert.strictEqual(buffer.toString('utf8', 0, 13), 'Jello world!?');
  assert.strictEqual(fs.readSync(fd, buffer, { position: 6n, length: 5 }), 5);
  assert.strictEqual(buffer.toString('utf8', 0, 5), 'world');
  const parts = [Buffer.alloc(2), Buffer.alloc(3)];
  assert.strictEqual(fs.readvSync(fd, parts, 0), 5);
  assert.strictEqual(Buffer.concat(parts).toString(), 'Jello');
  fs.ftruncateSync(fd, 5);
  assert.strictEqual(fs.fstatSync(fd).size, 5);
  fs.closeSync(fd);
  assert.throws(() => fs.closeSync(fd), { code: 'EBADF', errno: -9, syscall: 'close' });
  assert.strictEqual(fs.readFileSync(file, 'latin1'), 'Jello');
} finally {
  fs.rmSync(dir, { recursive: true });
}
