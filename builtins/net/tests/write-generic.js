'use strict';
// 'connectionAttempt' comes before the handle connects, and every write goes through `_writeGeneric`: packages rely on both.
const assert = require('node:assert');
const net = require('node:net');

const log = [];
const server = net.createServer((socket) => socket.resume().on('end', () => server.close()));
server.listen(0, '127.0.0.1', () => {
  const socket = new net.Socket();
  const { _writeGeneric } = socket;
  socket._writeGeneric = function(writev, data, ...rest) {
    log.push(`write ${writev}`);
    return Reflect.apply(_writeGeneric, this, [writev, data, ...rest]);
  };
  socket.on('connectionAttempt', () => {
    assert.strictEqual(socket.connecting, true);
    assert.ok(socket._handle);
    log.push('attempt');
  });
  socket.on('connect', () => {
    log.push('connect');
    socket.end('b');
  });
  socket.connect(server.address().port, '127.0.0.1');
  socket.write('a');
  socket.on('close', () => assert.deepStrictEqual(log, ['write false', 'attempt', 'connect', 'write false', 'write false']));
});
