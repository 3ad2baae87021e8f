/** A server sends back what it gets; both sides see the end of the other. */
'use strict';
const assert = require('node:assert');
const net = require('node:net');

const events = [];
const server = net.createServer((socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('end', () => events.push('server end'));
  socket.on('close', (hadError) => events.push(`server close ${hadError}`));
});
server.listen(0, '127.0.0.1', () => {
  const { address, family, port } = server.address();
  assert.deepStrictEqual([address, family], ['127.0.0.1', 'IPv4']);
  const client = net.connect(port, '127.0.0.1');
  client.setEncoding('utf8');
  client.on('connect', () => {
    assert.strictEqual(client.remotePort, port);
    client.write('hello');
  });
  client.on('data', (text) => {
    assert.strictEqual(text, 'hello');
    client.end();
  });
  client.on('close', (hadError) => {
    assert.strictEqual(hadError, false);
    assert.deepStrictEqual([client.bytesRead, client.bytesWritten], [5, 5]);
    server.close();
  });
});
server.on('close', () => assert.deepStrictEqual(events, ['server end', 'server close false']));
