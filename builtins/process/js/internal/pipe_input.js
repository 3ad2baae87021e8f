/** Standard input from a pipe: read in the pool, a chunk per request, only while somebody reads. */
'use strict';

function createPipeInput(fd) {
  let net;
  try {
    net = require('net');
  } catch {
    net = undefined;
  }
  if (net !== undefined && typeof net.Socket === 'function') {
    const socket = new net.Socket({ fd, readable: true, writable: false, manualStart: true });
    socket._type = 'pipe';
    if (socket._handle?.reading) {
      socket._handle.reading = false;
      socket._handle.readStop();
    }
    return socket;
  }
  const { ReadStream } = require('fs');
  return new ReadStream(null, { fd, autoClose: false });
}

module.exports = { createPipeInput };
