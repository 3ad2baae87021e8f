/** A refused connection tells where it went. */
'use strict';
const assert = require('node:assert');
const net = require('node:net');

const server = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  server.close(() => {
    net.connect(port, '127.0.0.1').on('error', (error) => {
      assert.strictEqual(error.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
      assert.deepStrictEqual(
        [error.code, error.errno, error.syscall, error.address, error.port], ['ECONNREFUSED', -111, 'connect', '127.0.0.1', port]);
    }).on('close', (hadError) => assert.strictEqual(hadError, true));
  });
});
