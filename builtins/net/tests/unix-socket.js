/** A unix socket has its path as address, and the path goes when the server closes. */
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'anode-')), 'socket');
const server = net.createServer((socket) => socket.end('bye')).listen(file, () => {
  assert.strictEqual(server.address(), file);
  net.connect(file).setEncoding('utf8').on('data', (text) => {
    assert.strictEqual(text, 'bye');
    server.close(() => {
      assert(!fs.existsSync(file));
      fs.rmdirSync(path.dirname(file));
    });
  });
});
