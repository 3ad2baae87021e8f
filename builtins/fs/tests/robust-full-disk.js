'use strict';
// A full disk: ENOSPC in every form, and no descriptor is left.
const assert = require('assert');
const fs = require('fs');

const full = '/dev/full';
const countOpen = () => fs.readdirSync('/proc/self/fd').length;
const callback = (work) => new Promise((done, fail) => work((error, value) => (error ? fail(error) : done(value))));
const refused = { code: 'ENOSPC', errno: -28, syscall: 'write', message: /^ENOSPC: no space left on device, write$/ };

(async () => {
  await fs.promises.readFile(__filename);
  const before = countOpen();
  assert.throws(() => fs.writeFileSync(full, 'x'), refused);
  assert.throws(() => fs.appendFileSync(full, Buffer.alloc(100000)), refused);
  await assert.rejects(callback((done) => fs.writeFile(full, 'x', done)), refused);
  await assert.rejects(fs.promises.writeFile(full, 'x'), refused);
  await assert.rejects(fs.promises.writeFile(full, ['a', 'b']), refused);
  const stream = fs.createWriteStream(full);
  const events = [];
  for (const name of ['error', 'finish', 'close']) stream.on(name, () => events.push(name));
  stream.write('one');
  stream.end('two');
  await new Promise((done) => stream.on('close', done));
  assert.deepStrictEqual(events, ['error', 'close']);
  assert.strictEqual(stream.bytesWritten, 0);
  const handle = await fs.promises.open(full, 'w');
  await assert.rejects(handle.write('x'), refused);
  await assert.rejects(handle.writev([Buffer.from('x')]), { code: 'ENOSPC', syscall: 'write' });
  await handle.close();
  const fd = fs.openSync(full, 'w');
  assert.throws(() => fs.writeSync(fd, 'x'), refused);
  assert.throws(() => fs.writevSync(fd, [Buffer.from('x')]), { code: 'ENOSPC', syscall: 'write' });
  fs.closeSync(fd);
  assert.strictEqual(countOpen(), before);
})();
