/** `node:http`. The parts are in internal/http. Node docs: http. */
'use strict';

const { METHODS } = require('internal/http/methods');
const common = require('internal/http/common');
const { IncomingMessage } = require('internal/http/incoming');
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require('internal/http/outgoing');
const { Server, ServerResponse, connectionListener } = require('internal/http/server');
const { validateInteger } = require('internal/validators');
const { defineLazyProperties } = require('internal/util');

function createServer(options, requestListener) {
  return new Server(options, requestListener);
}

/** Node docs: http.request(options | url[, options][, callback]). */
function request(url, options, callback) {
  const { ClientRequest } = require('internal/http/client');
  return new ClientRequest(url, options, callback);
}

/** As request, and ends it at once. */
function get(url, options, callback) {
  const req = request(url, options, callback);
  req.end();
  return req;
}

/** Node docs: http.setMaxIdleHTTPParsers. */
function setMaxIdleHTTPParsers(max) {
  validateInteger(max, 'max', 1);
  common.setMaxIdle(max);
}

/** Node docs: http.setGlobalProxyFromEnv. */
function setGlobalProxyFromEnv(proxyEnv) {
  return require('internal/http/proxy').setGlobalProxyFromEnv(proxyEnv);
}

module.exports = {
  _connectionListener: connectionListener,
  METHODS,
  STATUS_CODES: require('internal/http/status_codes'),
  Agent: undefined,
  ClientRequest: undefined,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  get,
  request,
  setMaxIdleHTTPParsers,
  setGlobalProxyFromEnv,
};

defineLazyProperties(module.exports, 'internal/http/agent', ['Agent']);
defineLazyProperties(module.exports, 'internal/http/client', ['ClientRequest']);

Object.defineProperties(module.exports, {
  maxHeaderSize: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: common.getMaxHeaderSize,
  },
  globalAgent: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() { return require('internal/http/agent').globals.agent; },
    set(value) { require('internal/http/agent').globals.agent = value; },
  },
});
defineLazyProperties(module.exports, 'internal/websocket/websocket', ['WebSocket', 'CloseEvent']);
defineLazyProperties(module.exports, 'internal/worker_threads/message_event', ['MessageEvent']);
