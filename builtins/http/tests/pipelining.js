'use strict';
// Requests that arrive together are answered in order, even when the first answer comes last.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

let first;
const server = http.createServer((req, res) => {
  if (req.url === '/1') {
    first = res;
    return;
  }
  res.end('two');
  setImmediate(() => first.end('one'));
});
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  let got = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    got += text;
    if (!got.endsWith('two')) return;
    assert.ok(got.indexOf('one') < got.indexOf('two'));
    socket.destroy();
    server.close();
  });
  socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
});
