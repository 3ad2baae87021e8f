'use strict';
// Running out of descriptors: Node's error in every form, and none is left open afterwards.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');

if (process.argv[2] !== 'child') {
  const child = spawnSync('sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, __filename, 'child']);
  assert.strictEqual(child.status, 0, `${child.stderr}`);
} else {
  // Loaded before there is nothing left to load with.
  require('fs/promises');
  const countOpen = () => fs.readdirSync('/proc/self/fd').length;
  const refused = (syscall) => (error) => {
    assert.strictEqual(error.code, 'EMFILE');
    assert.strictEqual(error.errno, -24);
    assert.strictEqual(error.syscall, syscall);
    assert.strictEqual(error.path, syscall === 'open' ? __filename : __dirname);
    assert.match(error.message, /^EMFILE: too many open files, \w+ '/);
    return true;
  };
  const callback = (work) => new Promise((done, fail) => work((error, value) => (error ? fail(error) : done(value))));
  (async () => {
    await fs.promises.readFile(__filename);
    await callback((done) => fs.createReadStream(__filename).on('error', done).on('close', done).resume());
    const before = countOpen();
    const held = [];
    assert.throws(() => { for (;;) held.push(fs.openSync(__filename)); }, refused('open'));
    assert.throws(() => fs.readFileSync(__filename), refused('open'));
    assert.throws(() => fs.readFileSync(__filename, 'utf8'), refused('open'));
    assert.throws(() => fs.readdirSync(__dirname), refused('scandir'));
    await assert.rejects(callback((done) => fs.open(__filename, done)), refused('open'));
    await assert.rejects(callback((done) => fs.readFile(__filename, done)), refused('open'));
    await assert.rejects(fs.promises.open(__filename), refused('open'));
    await assert.rejects(fs.promises.readFile(__filename), refused('open'));
    await assert.rejects(fs.promises.readdir(__dirname), refused('scandir'));
    await assert.rejects(callback((done) => fs.createReadStream(__filename).on('error', done)), refused('open'));
    assert.strictEqual(fs.statSync(__filename).isFile(), true);
    for (const fd of held) fs.closeSync(fd);
    assert.strictEqual(countOpen(), before);
    // A hundred failures of all kinds later, too.
    for (let i = 0; i < 100; i++) {
      assert.throws(() => fs.readFileSync(__dirname), { code: 'EISDIR', syscall: 'read' });
      await assert.rejects(fs.promises.readFile(__dirname), { code: 'EISDIR', syscall: 'read' });
      await assert.rejects(fs.promises.copyFile(__filename, __dirname), { syscall: 'copyfile' });
      await assert.rejects(callback((done) => fs.createReadStream(__dirname).on('error', done)), { code: 'EISDIR' });
      await assert.rejects(callback((done) => fs.readFile(__filename, { signal: AbortSignal.abort() }, done)),
        { name: 'AbortError' });
    }
    assert.strictEqual(countOpen(), before);
  })();
}
