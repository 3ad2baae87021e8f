// Requests are told in the async context of the 'connection' event, which is that of listen(); bytes of a bare socket are nobody's.
'use strict';
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');

const storage = new AsyncLocalStorage();

function listen(server, name, then) {
  storage.run(name, () => server.listen(0, '127.0.0.1', () => storage.exit(() => then(server.address().port))));
}

const web = http.createServer((req, res) => {
  assert.strictEqual(storage.getStore(), 'web');
  res.end();
});
listen(web, 'web', (port) => http.get({ host: '127.0.0.1', port, agent: false }, (res) => res.resume().on('end', () => web.close())));

const web2 = http2.createServer((req, res) => {
  assert.strictEqual(storage.getStore(), 'web2');
  res.end();
});
listen(web2, 'web2', (port) => {
  const client = http2.connect(`http://127.0.0.1:${port}`);
  client.request().resume().on('close', () => client.close(() => web2.close()));
});

const bare = net.createServer((socket) => {
  assert.strictEqual(storage.getStore(), 'bare');
  socket.on('data', () => {
    assert.strictEqual(storage.getStore(), undefined);
    socket.end();
  });
});
listen(bare, 'bare', (port) => net.connect(port, '127.0.0.1').on('close', () => bare.close()).resume().end('x'));
