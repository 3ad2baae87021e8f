/** Standard input from a pipe or socket: a `net.Socket` that reads only while somebody listens. */
'use strict';

function createPipeInput(fd) {
  // The channel to a parent may be the standard input itself: its bytes are messages.
  if (process.channel?.fd === fd) {
    const { Readable } = require('stream');
    return new Readable({ read() {} });
  }
  const { Socket } = require('net');
  const socket = new Socket({ fd, readable: true, writable: false, manualStart: true });
  socket._type = 'pipe';
  return socket;
}

module.exports = { createPipeInput };
