// A body that came with its head flows in the async context of the handler that listens to it.
'use strict';
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const net = require('node:net');

const storage = new AsyncLocalStorage();
const seen = [];
const server = http.createServer((req, res) => {
  storage.run(req.url, () => {
    req.on('data', (chunk) => seen.push([`${chunk}`, storage.getStore()]));
    req.on('end', () => res.end());
  });
}).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => {
    client.write('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody');
  });
  client.resume().on('close', () => {
    assert.deepStrictEqual(seen, [['body', '/a']]);
    server.close();
  });
});
