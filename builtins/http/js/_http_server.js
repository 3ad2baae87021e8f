/** `node:_http_server`. */
'use strict';

const server = require('internal/http/server');

module.exports = {
  STATUS_CODES: require('internal/http/status_codes'),
  Server: server.Server,
  ServerResponse: server.ServerResponse,
  setupConnectionsTracking: server.setupConnectionsTracking,
  storeHTTPOptions: server.storeHTTPOptions,
  _connectionListener: server.connectionListener,
  kServerResponse: server.kServerResponse,
  httpServerPreClose: server.httpServerPreClose,
  kConnectionsCheckingInterval: server.kConnectionsCheckingInterval,
};
