// permessage-deflate: what the server compressed arrives whole, message after message out of one window; lies end the connection.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const http = require('node:http');
const zlib = require('node:zlib');

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function frame(first, payload) {
  const head = payload.length < 126 ? [first, payload.length] : [first, 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Compresses texts as one stream, each without its tail. */
function compress(texts, fresh) {
  const results = [];
  let deflate = zlib.createDeflateRaw();
  return texts.reduce((before, text) => before.then(() => new Promise((resolve) => {
    if (fresh) deflate = zlib.createDeflateRaw();
    const parts = [];
    const take = (part) => parts.push(part);
    deflate.on('data', take);
    deflate.write(text);
    deflate.flush(zlib.constants.Z_SYNC_FLUSH, () => {
      deflate.off('data', take);
      results.push(Buffer.concat(parts).subarray(0, -4));
      resolve();
    });
  })), Promise.resolve()).then(() => results);
}

function serve(agreement, frames) {
  return new Promise((resolve) => {
    const server = http.createServer().on('upgrade', async (req, socket) => {
      assert.match(req.headers['sec-websocket-extensions'], /permessage-deflate/);
      const accept = crypto.createHash('sha1').update(req.headers['sec-websocket-key'] + GUID).digest('base64');
      socket.on('error', () => {});
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: ${agreement}\r\n\r\n`);
      for (const bytes of await frames()) socket.write(bytes);
      socket.write(frame(0x88, Buffer.from([0x03, 0xe8])));
      socket.on('data', () => socket.end());
    }).listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function run(agreement, frames) {
  const server = await serve(agreement, frames);
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  const got = [];
  let failed = false;
  socket.onmessage = (event) => got.push(event.data);
  socket.onerror = () => { failed = true; };
  const { code } = await new Promise((resolve) => { socket.onclose = resolve; });
  server.close();
  server.closeAllConnections();
  return { code, failed, got, extensions: socket.extensions };
}

const texts = ['hello hello hello', 'hello hello hello again', 'é'.repeat(3000)];

async function main() {
  const whole = (list) => list.map((bytes) => frame(0xc1, bytes));
  assert.deepStrictEqual(await run('permessage-deflate', async () => whole(await compress(texts, false))),
                         { code: 1000, failed: false, got: texts, extensions: 'permessage-deflate' });
  const agreement = 'permessage-deflate; server_no_context_takeover; client_max_window_bits=12';
  assert.deepStrictEqual((await run(agreement, async () => whole(await compress(texts, true)))).got, texts);
  // In fragments, and mixed with what is not compressed.
  const [one] = await compress(texts, true);
  const mixed = await run('permessage-deflate', async () => [
    frame(0x41, one.subarray(0, 3)), frame(0x80, one.subarray(3)), frame(0x81, Buffer.from('plain')),
  ]);
  assert.deepStrictEqual(mixed.got, [texts[0], 'plain']);
  const broken = await run('permessage-deflate', async () => [frame(0xc1, Buffer.from([0xff, 0xff, 0xff]))]);
  assert.deepStrictEqual([broken.code, broken.failed, broken.got], [1006, true, []]);
  for (const lie of ['permessage-bzip2']) {
    const result = await run(lie, async () => []);
    assert.deepStrictEqual([result.code, result.failed], [1006, true], lie);
  }
}

main();
