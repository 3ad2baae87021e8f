// FileHandle: reading, writing, lines, closing while in use, await using.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-handle-'));
const file = path.join(dir, 'file');
(async () => {
  const handle = await fs.promises.open(file, 'w+');
  assert.ok(handle.fd > 2);
  assert.strictEqual((await handle.write('one\ntwo\n')).bytesWritten, 8);
  assert.strictEqual((await handle.writev([Buffer.from('thr'), Buffer.from('ee')])).bytesWritten, 5);
  const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(3), position: 4 });
  assert.strictEqual(bytesRead, 3);
  assert.strictEqual(buffer.toString(), 'two');
  await handle.truncate(7);
  await handle.sync();
  assert.strictEqual((await handle.stat()).size, 7);
  let closed = 0;
  handle.on('close', () => closed++);
  // The read under way ends before the descriptor is closed.
  const pending = handle.read(Buffer.alloc(3), 0, 3, 0);
  await handle.close();
  assert.strictEqual((await pending).bytesRead, 3);
  assert.strictEqual(closed, 1);
  assert.strictEqual(handle.fd, -1);
  await assert.rejects(handle.stat(), { code: 'EBADF', message: 'file closed' });
  await handle.close();

  const lines = [];
  for await (const line of (await fs.promises.open(file)).readLines()) lines.push(line);
  assert.deepStrictEqual(lines, ['one', 'two']);

  let used;
  {
    await using scoped = await fs.promises.open(file, 'a');
    used = scoped;
    await scoped.appendFile('!');
  }
  assert.strictEqual(used.fd, -1);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'one\ntwo!');
})().finally(() => fs.rmSync(dir, { recursive: true }));
