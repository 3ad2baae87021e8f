/** A peer that makes work without end loses its connection, and others are served as before. CVE-2023-44487, CVE-2019-9515, CVE-2024-27983. */
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const http2 = require('node:http2');
const net = require('node:net');

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const GOAWAY = 7;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type, flags, id, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** `:method: GET`, `:scheme: http`, `:path: /` by index, and `:authority: x`. RFC 7541, appendix A. */
const REQUEST = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x78]);

/** What the server sent, frame by frame. */
function framesOf(bytes) {
  const list = [];
  for (let at = 0; at + 9 <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3);
    list.push({ type: bytes[at + 3], id: bytes.readUInt32BE(at + 5), payload: bytes.subarray(at + 9, at + 9 + length) });
    at += 9 + length;
  }
  return list;
}

/** Sends `pieces` one by one until the server ends the connection, or they are through. What the server did. */
function attack(server, pieces) {
  return new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    const received = [];
    socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]));
    let over = false;
    const next = () => {
      if (over) return;
      const { done, value } = pieces.next();
      if (done) return;
      socket.write(value, () => setImmediate(next));
    };
    next();
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      over = true;
      resolve(framesOf(Buffer.concat(received)));
    });
  });
}

/** A request of somebody else. */
function serves(server) {
  return new Promise((resolve, reject) => {
    const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
    client.on('error', reject);
    const request = client.request();
    request.on('error', reject);
    request.on('response', (headers) => {
      resolve(headers[':status']);
      client.destroy();
    });
    request.end();
  });
}

function start(options) {
  return new Promise((resolve) => {
    const server = http2.createServer(options, (request, response) => response.end('ok'));
    server.requests = 0;
    server.on('stream', (stream) => {
      server.requests++;
      stream.on('error', () => {});
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function* resets() {
  for (let id = 1; id < 200_000; id += 2 * 50) {
    const pieces = [];
    for (let i = id; i < id + 100; i += 2) {
      pieces.push(frame(HEADERS, END_HEADERS | END_STREAM, i, REQUEST), frame(RST_STREAM, 0, i, Buffer.from([0, 0, 0, 8])));
    }
    yield Buffer.concat(pieces);
  }
}

function* continuations() {
  yield frame(HEADERS, END_STREAM, 1, REQUEST);
  for (let i = 0; i < 10_000; i++) yield frame(CONTINUATION, 0, 1, Buffer.alloc(1000));
}

function* settings() {
  // Acknowledgements that nobody takes: all at once.
  for (let i = 0; i < 50; i++) yield Buffer.concat(Array.from({ length: 5000 }, () => frame(SETTINGS, 0, 0)));
}

/** One field that fills the table, named again and again: some kilobytes that mean megabytes. RFC 7541 §7.3. */
function bomb() {
  const name = Buffer.alloc(4000, 'a');
  // Literal with incremental indexing, a new name of 4000 bytes and no value: 127 + 3873 as a prefixed integer.
  const field = Buffer.concat([Buffer.from([0x40, 0x7f, 0xa1, 0x1e]), name, Buffer.from([0])]);
  return Buffer.concat([REQUEST, field, Buffer.alloc(12_000, 0xbe)]);
}

(async () => {
  {
    const server = await start({});
    const frames = await attack(server, resets());
    // Node docs: streamResetBurst is 1000, streamResetRate 33 a second.
    assert.ok(server.requests >= 1000 && server.requests < 3000, `${server.requests} requests`);
    assert.ok(frames.some(({ type }) => type === GOAWAY));
    assert.strictEqual(await serves(server), 200);
    server.close();
  }
  {
    const server = await start({});
    await attack(server, continuations());
    assert.strictEqual(server.requests, 0);
    assert.strictEqual(await serves(server), 200);
    server.close();
  }
  {
    const server = await start({});
    const failed = once(server, 'sessionError');
    await attack(server, settings());
    assert.strictEqual((await failed)[0].code, 'ERR_HTTP2_ERROR');
    assert.strictEqual(await serves(server), 200);
    server.close();
  }
  {
    const server = await start({});
    const before = process.memoryUsage().rss;
    // Each block is refused; the connection may stay.
    let last = 0;
    const bombs = (function* bombs() {
      for (let id = 1; id < 200; id += 2) {
        last = id;
        yield frame(HEADERS, END_HEADERS | END_STREAM, id, bomb());
      }
      yield frame(SETTINGS, 0, 1); // an error of the protocol: the server hangs up
    })();
    const frames = await attack(server, bombs);
    assert.strictEqual(server.requests, 0);
    assert.ok(last > 0 && frames.some(({ type }) => type === RST_STREAM || type === GOAWAY));
    assert.ok(process.memoryUsage().rss - before < 100e6);
    assert.strictEqual(await serves(server), 200);
    server.close();
  }
})();
