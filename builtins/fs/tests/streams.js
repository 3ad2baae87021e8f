// createReadStream and createWriteStream: ranges, positions, events, errors, descriptors.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-streams-'));
const file = path.join(dir, 'file');
const read = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.join('');
};
(async () => {
  const writer = fs.createWriteStream(file);
  const events = [];
  for (const name of ['open', 'ready', 'finish', 'close']) writer.on(name, () => events.push(name));
  writer.write('hello ');
  writer.end('world');
  await once(writer, 'close');
  assert.deepStrictEqual(events, ['open', 'ready', 'finish', 'close']);
  assert.strictEqual(writer.bytesWritten, 11);
  assert.strictEqual(writer.fd, null);

  assert.strictEqual(await read(fs.createReadStream(file, 'utf8')), 'hello world');
  assert.strictEqual(await read(fs.createReadStream(file, { start: 6, end: 8 })), 'wor');
  assert.strictEqual(await read(fs.createReadStream(file, { highWaterMark: 3 })), 'hello world');
  const patch = fs.createWriteStream(file, { flags: 'r+', start: 6 });
  patch.end('WORLD');
  await once(patch, 'close');
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'hello WORLD');

  const [error] = await once(fs.createReadStream(path.join(dir, 'none')), 'error');
  assert.strictEqual(error.code, 'ENOENT');

  const fd = fs.openSync(file);
  const kept = fs.createReadStream(null, { fd, autoClose: false, start: 0 });
  assert.strictEqual(await read(kept), 'hello WORLD');
  fs.closeSync(fd);

  const handle = await fs.promises.open(file);
  assert.strictEqual(await read(handle.createReadStream({ encoding: 'utf8' })), 'hello WORLD');
  assert.strictEqual(handle.fd, -1);

  const controller = new AbortController();
  const aborted = fs.createReadStream(file, { signal: controller.signal });
  controller.abort();
  const [reason] = await once(aborted, 'error');
  assert.strictEqual(reason.name, 'AbortError');
})().finally(() => fs.rmSync(dir, { recursive: true }));
