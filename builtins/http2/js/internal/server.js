/** Servers. Node docs: Class: Http2Server, Class: Http2SecureServer. */
'use strict';

const net = require('net');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateNumber, validateObject, validateUint32 } = require('internal/validators');
const { validateSettings } = require('internal/http2/settings');
const { ServerHttp2Session } = require('internal/http2/session');

const kOptions = Symbol('http2-options');
const kSessions = Symbol('http2-sessions');

/** Milliseconds that a peer of an unknown protocol may take. Node docs: unknownProtocolTimeout. */
const UNKNOWN_PROTOCOL_TIMEOUT = 10_000;
/** Custom settings that a side remembers of the other. */
const CUSTOM_SETTINGS_MAX = 10;

/** Options for TLS with what HTTP/2 wants of it. */
function initializeTLSOptions(options, servername) {
  options = { ...options };
  options.ALPNProtocols ??= ['h2'];
  if (servername !== undefined && !options.servername) options.servername = net.isIP(servername) ? '' : servername;
  return options;
}

/** Options of sessions, checked. */
function checkSessionOptions(options) {
  options = { ...options };
  if (options.settings !== undefined) {
    validateObject(options.settings, 'options.settings');
    options.settings = { ...options.settings };
  } else {
    options.settings = {};
  }
  if (options.remoteCustomSettings) {
    if (!Array.isArray(options.remoteCustomSettings)) {
      throw new ERR_INVALID_ARG_TYPE('options.remoteCustomSettings', 'Array', options.remoteCustomSettings);
    }
    const list = [...options.remoteCustomSettings];
    if (list.length > CUSTOM_SETTINGS_MAX) {
      const { codes: { ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS } } = require('internal/errors');
      throw new ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    }
    for (const id of list) {
      if (typeof id !== 'number' || id < 0 || id > 0xffff) {
        const { codes: { ERR_HTTP2_INVALID_SETTING_VALUE } } = require('internal/errors');
        throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError('remoteCustomSettings:id', id, 0, 0xffff);
      }
    }
    options.remoteCustomSettings = list;
  }
  for (const name of ['maxSessionInvalidFrames', 'maxSessionRejectedStreams', 'unknownProtocolTimeout']) {
    if (options[name] !== undefined) validateUint32(options[name], `options.${name}`);
  }
  if (options.unknownProtocolTimeout === undefined) options.unknownProtocolTimeout = UNKNOWN_PROTOCOL_TIMEOUT;
  for (const name of ['streamResetBurst', 'streamResetRate']) {
    if (options.streamResetBurst !== undefined && options.streamResetRate !== undefined) validateNumber(options[name], name, 0);
  }
  if (options.strictSingleValueFields !== undefined) validateBoolean(options.strictSingleValueFields, 'options.strictSingleValueFields');
  return options;
}

/** Options of servers, checked. */
function initializeOptions(options) {
  if (options !== undefined && (options === null || typeof options !== 'object')) throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  options = checkSessionOptions(options);
  const http = require('http');
  // The names before `http1Options` still count where that says nothing.
  options.http1Options = {
    IncomingMessage: options.Http1IncomingMessage || http.IncomingMessage,
    ServerResponse: options.Http1ServerResponse || http.ServerResponse,
    ...options.http1Options,
  };
  const compat = require('internal/http2/compat');
  options.Http2ServerRequest ||= compat.Http2ServerRequest;
  options.Http2ServerResponse ||= compat.Http2ServerResponse;
  return options;
}

// ---------------------------------------------------------------------------------------------------------------------
// Connections

function sessionOnError(error) {
  this.server?.emit('sessionError', error, this);
}

function sessionOnTimeout() {
  if (this.destroyed) return;
  const { server } = this;
  if (!server.emit('timeout', this)) this.destroy();
}

function sessionOnPriority(stream, parent, weight, exclusive) {
  this.server?.emit('priority', stream, parent, weight, exclusive);
}

/** Streams are the server's, unless somebody listens at the session. */
function sessionOnStream(stream, headers, flags, rawHeaders) {
  this.server?.emit('stream', stream, headers, flags, rawHeaders);
}

function startSession(server, socket, options) {
  const session = new ServerHttp2Session(options, socket, server);
  session.on('stream', sessionOnStream);
  session.on('error', sessionOnError);
  session.on('priority', sessionOnPriority);
  server[kSessions].add(session);
  session.once('close', () => server[kSessions].delete(session));
  if (server.timeout) session.setTimeout(server.timeout, undefined);
  session.on('timeout', sessionOnTimeout);
  server.emit('session', session);
  return session;
}

function connectionListener(socket) {
  const options = this[kOptions] || {};
  if (socket.alpnProtocol === false || socket.alpnProtocol === 'http/1.1') {
    // Whoever has an 'unknownProtocol' listener may still answer in his own way.
    if (options.allowHTTP1 === true) {
      require('internal/http/server').connectionListener.call(this, socket);
      return;
    }
    unknownProtocol(this, socket, options);
    return;
  }
  startSession(this, socket, options);
}

function unknownProtocol(server, socket, options) {
  if (socket.destroyed) return;
  // Not for ever.
  const { setTimeout, clearTimeout } = require('timers');
  const timer = setTimeout(() => { if (!socket.destroyed) socket.destroy(); }, options.unknownProtocolTimeout).unref();
  socket.once('close', () => clearTimeout(timer));
  if (server.emit('unknownProtocol', socket)) return;
  const problem = socket.alpnProtocol ? 'Unknown' : 'Missing';
  const body = `HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n${problem} ALPN Protocol, expected \`h2\` to be available.\n` +
    'If this is a HTTP request: The server was not configured with the `allowHTTP1` option or a listener for the `unknownProtocol` event.\n';
  socket.end(body);
}

/** The first 'request' listener brings the compatibility API in. */
function setupCompat(event) {
  if (event !== 'request') return;
  this.removeListener('newListener', setupCompat);
  const options = this[kOptions];
  const { onServerStream } = require('internal/http2/compat');
  this.on('stream', onServerStream.bind(this, options.Http2ServerRequest, options.Http2ServerResponse));
}

function closeAllSessions(server) {
  for (const session of [...server[kSessions]]) session.close();
}

const shared = {
  setTimeout(msecs, callback) {
    this.timeout = msecs;
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.on('timeout', callback);
    }
    return this;
  },

  updateSettings(settings) {
    if (settings === null || typeof settings !== 'object') throw new ERR_INVALID_ARG_TYPE('settings', 'Object', settings);
    validateSettings(settings);
    this[kOptions].settings = { ...this[kOptions].settings, ...settings };
  },
};

function rejection(error, event, ...args) {
  switch (event) {
    case 'stream': {
      const [stream] = args;
      if (stream.sentHeaders) stream.destroy(error);
      else {
        stream.respond({ ':status': 500 });
        stream.end();
      }
      return;
    }
    case 'request': {
      const [, response] = args;
      if (response.headersSent || response.finished) {
        response.destroy?.(error);
      } else {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        response.statusCode = 500;
        response.end(require('internal/http/status_codes')[500]);
      }
      return;
    }
    default:
      net.Server.prototype[Symbol.for('nodejs.rejection')].call(this, error, event, ...args);
  }
}

function finishSetup(server, options, requestListener) {
  server[kOptions] = options;
  server[kSessions] = new Set();
  server.timeout = 0;
  server.on('newListener', setupCompat);
  if (options.allowHTTP1 === true) server.on('listening', require('internal/http/server').setupConnectionsTracking);
  if (typeof requestListener === 'function') server.on('request', requestListener);
}

class Http2Server extends net.Server {
  constructor(options, requestListener) {
    options = initializeOptions(options);
    super(options, connectionListener);
    finishSetup(this, options, requestListener);
  }

  close(...args) {
    super.close(...args);
    closeAllSessions(this);
    return this;
  }

  async [Symbol.asyncDispose]() {
    await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
  }
}
Object.assign(Http2Server.prototype, shared, { [Symbol.for('nodejs.rejection')]: rejection });

let secureClass;

/** Made on demand: it needs `tls`. */
function secureServerClass() {
  if (secureClass !== undefined) return secureClass;
  const tls = require('tls');
  const { storeHTTPOptions, httpServerPreClose, kConnectionsCheckingInterval } = require('internal/http/server');
  secureClass = class Http2SecureServer extends tls.Server {
    constructor(options, requestListener) {
      options = initializeOptions(options);
      const tlsOptions = initializeTLSOptions(options);
      if (options.ALPNProtocols === undefined) tlsOptions.ALPNProtocols = options.allowHTTP1 === true ? ['h2', 'http/1.1'] : ['h2'];
      super(tlsOptions, connectionListener);
      if (options.allowHTTP1 === true) storeHTTPOptions.call(this, { ...options, ...options.http1Options });
      finishSetup(this, options, requestListener);
      this.on('tlsClientError', (error, socket) => {
        if (!this.emit('clientError', error, socket)) socket.destroy(error);
      });
    }

    close(...args) {
      if (this[kOptions].allowHTTP1 === true && this[kConnectionsCheckingInterval]) httpServerPreClose(this);
      super.close(...args);
      closeAllSessions(this);
      return this;
    }

    closeIdleConnections() {
      if (this[kOptions].allowHTTP1 === true) require('http').Server.prototype.closeIdleConnections.call(this);
    }

    closeAllConnections() {
      if (this[kOptions].allowHTTP1 === true) require('http').Server.prototype.closeAllConnections.call(this);
    }

    async [Symbol.asyncDispose]() {
      await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
    }
  };
  Object.assign(secureClass.prototype, shared, { [Symbol.for('nodejs.rejection')]: rejection });
  return secureClass;
}

function createServer(options, handler) {
  if (typeof options === 'function') {
    handler = options;
    options = {};
  }
  return new Http2Server(options, handler);
}

function createSecureServer(options, handler) {
  if (options == null || typeof options !== 'object') throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  return new (secureServerClass())(options, handler);
}

/** Node docs: http2.performServerHandshake. */
function performServerHandshake(socket, options = {}) {
  options = checkSessionOptions(options);
  return new ServerHttp2Session(options, socket, undefined);
}

module.exports = { checkSessionOptions, createSecureServer, createServer, initializeTLSOptions, performServerHandshake };
