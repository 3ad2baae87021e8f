'use strict';
// Both Content-Length and Transfer-Encoding: refused, and the request is never seen.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const server = http.createServer(() => assert.fail('must not be called'));
server.on('clientError', (error, socket) => {
  assert.strictEqual(error.code, 'HPE_INVALID_TRANSFER_ENCODING');
  socket.destroy();
  server.close();
});
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
});
