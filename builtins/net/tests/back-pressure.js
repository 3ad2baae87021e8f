/** A reader that pauses holds the writer back; every byte arrives, in order. */
'use strict';
const assert = require('node:assert');
const net = require('node:net');

const chunk = Buffer.alloc(100_000);
const total = 80 * chunk.length;
let received = 0;
let sawFull = false;
const server = net.createServer((socket) => {
  socket.pause();
  setTimeout(() => socket.resume(), 20);
  socket.on('data', (data) => {
    for (let i = 0; i < data.length; i += 1000) assert.strictEqual(data[i], (received + i) % 251);
    received += data.length;
  });
  socket.on('end', () => {
    assert.strictEqual(received, total);
    assert(sawFull);
    server.close();
  });
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  let sent = 0;
  (function write() {
    while (sent < total) {
      const data = Buffer.from(chunk);
      for (let i = 0; i < data.length; i++) data[i] = (sent + i) % 251;
      sent += data.length;
      if (!client.write(data)) {
        sawFull = true;
        client.once('drain', write);
        return;
      }
    }
    client.end();
  })();
});
