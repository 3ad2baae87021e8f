// fs.watch, recursive too, fsPromises.watch and watchFile.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-watch-'));
(async () => {
  await new Promise((resolve) => {
    const watcher = fs.watch(dir, (eventType, filename) => {
      assert.strictEqual(eventType, 'rename');
      assert.strictEqual(filename, 'new');
      watcher.close();
      watcher.on('close', resolve);
    });
    fs.writeFileSync(path.join(dir, 'new'), '');
  });
  fs.mkdirSync(path.join(dir, 'sub'));
  await new Promise((resolve) => {
    const watcher = fs.watch(dir, { recursive: true, ignore: '*.log' }, (eventType, filename) => {
      assert.ok(!filename.endsWith('.log'));
      if (filename === path.join('sub', 'deep', 'file')) {
        watcher.close();
        resolve();
      }
    });
    fs.writeFileSync(path.join(dir, 'sub/x.log'), '');
    fs.mkdirSync(path.join(dir, 'sub/deep'));
    fs.writeFileSync(path.join(dir, 'sub/deep/file'), '');
  });
  setTimeout(() => fs.writeFileSync(path.join(dir, 'later'), ''), 20);
  for await (const { eventType, filename } of fs.promises.watch(dir)) {
    assert.strictEqual(eventType, 'rename');
    assert.strictEqual(filename, 'later');
    break;
  }
  await new Promise((resolve) => {
    const file = path.join(dir, 'later');
    fs.watchFile(file, { interval: 20 }, (now, before) => {
      assert.strictEqual(before.size, 0);
      assert.strictEqual(now.size, 3);
      fs.unwatchFile(file);
      resolve();
    });
    setTimeout(() => fs.writeFileSync(file, 'abc'), 60);
  });
  assert.throws(() => fs.watch(path.join(dir, 'none')), { code: 'ENOENT', syscall: 'watch' });
})().finally(() => fs.rmSync(dir, { recursive: true }));
