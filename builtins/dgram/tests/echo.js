/** Datagrams there and back, with the sender's address. */
'use strict';
const assert = require('node:assert');
const dgram = require('node:dgram');

const server = dgram.createSocket('udp4', (message, { address, port, size }) => {
  assert.strictEqual(size, message.length);
  server.send(['echo: ', message], port, address);
});
server.bind(0, '127.0.0.1', () => {
  const client = dgram.createSocket('udp4');
  client.connect(server.address().port, '127.0.0.1', () => client.send('hi', (error, bytes) => {
    assert.ifError(error);
    assert.strictEqual(bytes, 2);
  }));
  client.on('message', (message, { port }) => {
    assert.strictEqual(message.toString(), 'echo: hi');
    assert.strictEqual(port, server.address().port);
    client.close();
    server.close();
  });
});
