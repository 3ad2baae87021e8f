'use strict';
// More header fields than `maxHeadersCount` are refused by a server; a client reads as many.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

function ask(fields, done) {
  const server = http.createServer((req, res) => {
    done(req.rawHeaders.length / 2);
    res.end();
    server.close();
  });
  server.maxHeadersCount = 10;
  server.on('clientError', (error, socket) => {
    done(error.code);
    socket.destroy();
    server.close();
  });
  server.listen(0, () => net.connect(server.address().port).on('error', () => {})
    .write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'X: 1\r\n'.repeat(fields - 2)}\r\n`));
}

let left = 3;
const expect = (wanted) => (actual) => {
  assert.strictEqual(actual, wanted);
  left--;
};
ask(9, expect(9));
ask(10, expect(10));
ask(11, expect('HPE_HEADER_OVERFLOW'));
process.on('exit', () => assert.strictEqual(left, 0));
