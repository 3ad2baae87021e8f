// Between node streams and web streams, both ways.
'use strict';
const assert = require('node:assert');
const { Duplex, PassThrough, Readable, Writable } = require('node:stream');
const { text } = require('node:stream/consumers');

async function main() {
  assert.strictEqual(await text(Readable.toWeb(Readable.from([Buffer.from('ab'), Buffer.from('c')]))), 'abc');
  assert.strictEqual(await text(Readable.fromWeb(ReadableStream.from(['x', 'y']))), 'xy');

  const through = new PassThrough();
  const writer = Writable.toWeb(through).getWriter();
  writer.write(Buffer.from('web'));
  writer.close();
  assert.strictEqual(await text(through), 'web');

  const chunks = [];
  const writable = Writable.fromWeb(new WritableStream({
    write(chunk) {
      chunks.push(Buffer.from(chunk).toString());
    },
  }));
  writable.end('node');
  await new Promise((resolve) => writable.on('close', resolve));
  assert.deepStrictEqual(chunks, ['node']);

  const pair = Duplex.toWeb(new PassThrough());
  pair.writable.getWriter().write(Buffer.from('round'));
  const { value } = await pair.readable.getReader().read();
  assert.strictEqual(Buffer.from(value).toString(), 'round');

  const broken = new Readable({ read() {} });
  const reader = Readable.toWeb(broken).getReader();
  broken.destroy(new Error('boom'));
  await assert.rejects(reader.read(), { message: 'boom' });
}
main();
