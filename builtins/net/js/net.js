/** `node:net`. Sockets, servers and address lists are in internal/net. */
'use strict';

const { Socket } = require('internal/net/socket');
const { Server, createServerHandle } = require('internal/net/server');
const { isIP, isIPv4, isIPv6 } = require('internal/net/ip');
const options = require('internal/net/options');
const { defineLazyProperties } = require('internal/util');

/** Node docs: net.connect(options | port[, host] | path[, connectListener]). */
function connect(...args) {
  const normalized = options.normalizeArgs(args);
  const given = normalized[0];
  const socket = new Socket(given);
  if (given.timeout) socket.setTimeout(given.timeout);
  return socket.connect(normalized);
}

function createServer(serverOptions, connectionListener) {
  return new Server(serverOptions, connectionListener);
}

module.exports = {
  _createServerHandle: createServerHandle,
  _normalizeArgs: options.normalizeArgs,
  connect,
  createConnection: connect,
  createServer,
  isIP,
  isIPv4,
  isIPv6,
  Server,
  Socket,
  Stream: Socket,
  getDefaultAutoSelectFamily: options.getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily: options.setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: options.getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout: options.setDefaultAutoSelectFamilyAttemptTimeout,
};
defineLazyProperties(module.exports, 'internal/net/block_list', ['BlockList', 'SocketAddress']);
defineLazyProperties(module.exports, 'internal/net/bound_socket', ['BoundSocket']);
