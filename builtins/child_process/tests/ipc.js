/** Messages and a server's handle travel between parent and child. */
'use strict';
const assert = require('node:assert');
const net = require('node:net');
const { fork } = require('node:child_process');

if (process.argv[2] === 'child') {
  process.on('message', (message, server) => {
    assert.deepStrictEqual(message, { take: 'this' });
    server.on('connection', (socket) => {
      socket.end('child');
      server.close();
      process.disconnect();
    });
    process.send('ready');
  });
} else {
  const child = fork(__filename, ['child']);
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    child.send({ take: 'this' }, server);
    child.on('message', (message) => {
      assert.strictEqual(message, 'ready');
      server.close();
      net.connect(port, '127.0.0.1').setEncoding('utf8').on('data', (text) => assert.strictEqual(text, 'child'));
    });
  });
  child.on('exit', (code) => assert.strictEqual(code, 0));
}
