'use strict';
// Files that shrink, grow or vanish while they are read.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'changing-'));
const file = path.join(dir, 'file');
const fill = (bytes) => fs.writeFileSync(file, Buffer.alloc(bytes, 'x'));
const read = (stream, onFirst) => new Promise((done, fail) => {
  let total = 0;
  let seen = false;
  stream.on('data', (chunk) => {
    total += chunk.length;
    if (!seen) onFirst();
    seen = true;
  });
  stream.on('error', fail).on('end', () => done(total));
});

(async () => {
  fill(1 << 20);
  const shrunk = await read(fs.createReadStream(file), () => fs.truncateSync(file, 100000));
  assert.ok(shrunk >= 65536 && shrunk < 1 << 20, `${shrunk}`);

  fill(1 << 20);
  const vanished = await read(fs.createReadStream(file), () => fs.unlinkSync(file));
  assert.strictEqual(vanished, 1 << 20);
  await assert.rejects(fs.promises.readFile(file), { code: 'ENOENT', syscall: 'open', path: file });

  // What is appended before the end is reached is read as well.
  fill(1 << 17);
  let more = 3;
  const grown = await read(fs.createReadStream(file).on('data', () => {
    if (more-- > 0) fs.appendFileSync(file, Buffer.alloc(1000));
  }), () => {});
  assert.ok(grown >= (1 << 17) + 1000, `${grown}`);

  // Files whose size says nothing.
  assert.match(fs.readFileSync('/proc/self/status', 'utf8'), /^Name:/);
  assert.match(await fs.promises.readFile('/proc/self/status', 'utf8'), /^Name:/);

  // A directory that loses its entries while it is listed.
  for (let i = 0; i < 200; i++) fs.writeFileSync(path.join(dir, `entry ${i}`), '');
  const opened = fs.opendirSync(dir, { bufferSize: 4 });
  let entries = 0;
  while (opened.readSync() !== null) {
    if (entries++ === 3) for (let i = 0; i < 200; i++) fs.unlinkSync(path.join(dir, `entry ${i}`));
  }
  opened.closeSync();
  assert.ok(entries >= 4);
  fs.rmSync(dir, { recursive: true });
  assert.throws(() => fs.readdirSync(dir), { code: 'ENOENT', syscall: 'scandir' });
})();
