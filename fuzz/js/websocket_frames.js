// Frames of a WebSocket server that says anything: the client ends with 'close', and messages are whole.
'use strict';

const assert = require('assert');
const crypto = require('crypto');
const net = require('net');
const { below, bytes, fuzz, mutate, pick } = require('./random.js');

function frame() {
  const payload = bytes(pick([0, 5, 130, 300]));
  const head = [pick([0x81, 0x82, 0x01, 0x80, 0x00, 0x88, 0x89, 0x8a, 0xc1, 0x83, 0x8b])];
  if (payload.length < 126) head.push(payload.length);
  else head.push(126, payload.length >> 8, payload.length & 255);
  return Buffer.concat([Buffer.from(head), payload]);
}

let script = Buffer.alloc(0);
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    const key = /sec-websocket-key: (\S+)/i.exec(head)[1];
    const accept = crypto.createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const cut = below(script.length + 1);
    socket.write(script.subarray(0, cut));
    setImmediate(() => socket.end(script.subarray(cut)));
  });
});

server.listen(0, '127.0.0.1', () => {
  fuzz(() => new Promise((done, fail) => {
    script = Buffer.concat(Array.from({ length: 1 + below(4) }, frame));
    if (below(2) === 0) script = mutate(script);
    const client = new WebSocket(`ws://127.0.0.1:${server.address().port}/`);
    const timer = setTimeout(() => fail(new Error(`no end after ${script.toString('hex')}`)), 5000);
    client.onmessage = ({ data }) => assert.ok(typeof data === 'string' || data instanceof Blob);
    client.onerror = () => {};
    client.onclose = () => {
      clearTimeout(timer);
      done('closed');
    };
  }));
});
