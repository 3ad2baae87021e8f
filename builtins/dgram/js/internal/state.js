/** The hidden state of a `dgram.Socket`. */
'use strict';

const kStateSymbol = Symbol('state symbol');

const BIND_STATE_UNBOUND = 0;
const BIND_STATE_BINDING = 1;
const BIND_STATE_BOUND = 2;
const CONNECT_STATE_DISCONNECTED = 0;
const CONNECT_STATE_CONNECTING = 1;
const CONNECT_STATE_CONNECTED = 2;

function handleOfSocket(socket) {
  return socket[kStateSymbol].handle;
}

module.exports = {
  BIND_STATE_BINDING,
  BIND_STATE_BOUND,
  BIND_STATE_UNBOUND,
  CONNECT_STATE_CONNECTED,
  CONNECT_STATE_CONNECTING,
  CONNECT_STATE_DISCONNECTED,
  handleOfSocket,
  kStateSymbol,
};
