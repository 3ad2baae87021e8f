/** `node:http2`. Node docs: HTTP/2. */
'use strict';

const { getDefaultSettings, getPackedSettings, getUnpackedSettings } = require('internal/http2/settings');
const { kSensitiveHeaders } = require('internal/http2/headers');
const { connect } = require('internal/http2/client');
const { createSecureServer, createServer, performServerHandshake } = require('internal/http2/server');
const { Http2ServerRequest, Http2ServerResponse } = require('internal/http2/compat');

module.exports = {
  connect,
  constants: require('internal/http2/constants'),
  createServer,
  createSecureServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  performServerHandshake,
  sensitiveHeaders: kSensitiveHeaders,
  Http2ServerRequest,
  Http2ServerResponse,
};
