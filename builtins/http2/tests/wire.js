/** What a server says to a peer that errs: the code of its GOAWAY or RST_STREAM. RFC 9113. */
'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');
const net = require('node:net');

const { Buffer: { alloc, concat, from } } = require('node:buffer');
const PREFACE = from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function frame(type, flags, id, payload = alloc(0)) {
  const head = alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return concat([head, payload]);
}

const [DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, , PING, GOAWAY, WINDOW_UPDATE, CONTINUATION] = Array(10).keys();
const GET = from([0x82, 0x86, 0x84, 0x41, 0x01, 0x78]);
const POST = from([0x83, 0x86, 0x84, 0x41, 0x01, 0x78]);
const literal = (name, value) => concat([from([0, name.length]), from(name), from([value.length]), from(value)]);
const start = [PREFACE, frame(SETTINGS, 0, 0)];
const open = [...start, frame(HEADERS, 4, 1, POST)];

/** name, what is sent, what comes back: `GOAWAY code`, `RST code`, or nothing of both. */
const cases = [
  ['no preface', [from('GET / HTTP/1.1\r\n\r\n')], 'GOAWAY 2'],
  ['no settings', [PREFACE, frame(PING, 0, 0, alloc(8))], 'GOAWAY 1'],
  ['settings of a bad size', [PREFACE, frame(SETTINGS, 0, 0, alloc(5))], 'GOAWAY 6'],
  ['a window that is too large', [PREFACE, frame(SETTINGS, 0, 0, from([0, 4, 128, 0, 0, 0]))], 'GOAWAY 3'],
  ['an answer to no ping', [...start, frame(PING, 1, 0, alloc(8))], 'GOAWAY 2'],
  ['data for nobody', [...start, frame(DATA, 0, 1, from([1]))], 'GOAWAY 1'],
  ['data after the end', [...start, frame(HEADERS, 5, 1, GET), frame(DATA, 0, 1, from([1]))], 'GOAWAY 5'],
  ['a stream of the other side', [...start, frame(HEADERS, 5, 2, GET)], 'GOAWAY 1'],
  ['compression that is broken', [...start, frame(HEADERS, 5, 1, from([255, 255, 255, 255, 255]))], 'GOAWAY 9'],
  ['a continuation of nothing', [...start, frame(CONTINUATION, 4, 1, GET)], 'GOAWAY 1'],
  ['a block that is interrupted', [...start, frame(HEADERS, 1, 1, GET), frame(PING, 0, 0, alloc(8))], 'GOAWAY 1'],
  ['no growth', [...open, frame(WINDOW_UPDATE, 0, 1, alloc(4))], 'GOAWAY 1'],
  ['too much growth', [...open, frame(WINDOW_UPDATE, 0, 1, from([127, 255, 255, 255]))], 'GOAWAY 3'],
  ['priority of a bad size', [...start, frame(PRIORITY, 0, 1, alloc(4))], 'GOAWAY 6'],
  ['upper case', [...start, frame(HEADERS, 5, 1, concat([GET, literal('A', 'b')]))], 'RST 1'],
  ['a field of HTTP/1', [...start, frame(HEADERS, 5, 1, concat([GET, literal('connection', 'close')]))], 'RST 1'],
  ['a length that does not fit', [...start, frame(HEADERS, 5, 1, concat([POST, literal('content-length', '5')]))], 'RST 1'],
  ['a value with a zero byte', [...start, frame(HEADERS, 5, 1, concat([GET, literal('a', 'b\0')]))], ''],
  ['an unknown frame', [...start, frame(0x55, 255, 0, alloc(10)), frame(HEADERS, 5, 1, GET)], ''],
];

function ask(server, pieces) {
  return new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    let bytes = alloc(0);
    const finish = () => {
      socket.destroy();
      const said = [];
      for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
        if (bytes[at + 3] === GOAWAY) said.push(`GOAWAY ${bytes.readUInt32BE(at + 13)}`);
        if (bytes[at + 3] === RST_STREAM) said.push(`RST ${bytes.readUInt32BE(at + 9)}`);
      }
      resolve(said.join(', '));
    };
    socket.on('data', (chunk) => {
      bytes = concat([bytes, chunk]);
      // A response, or a refused stream: nothing more will come.
      if (bytes.includes(frame(DATA, 1, 1, from('x'))) || bytes.includes(from([0, 0, 4, RST_STREAM]))) finish();
    });
    socket.on('error', () => {});
    socket.on('close', finish);
    socket.write(concat(pieces));
  });
}

const server = http2.createServer();
server.on('sessionError', () => {});
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  stream.respond();
  if (headers[':method'] === 'GET') stream.end('x');
});
server.listen(0, '127.0.0.1', async () => {
  for (const [name, pieces, want] of cases) assert.strictEqual(await ask(server, pieces), want, name);
  server.close();
});
