/** `tls.Server`. Node docs: class tls.Server. */
'use strict';

const net = require('net');
const {
  ConnResetException,
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED, ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS, ERR_TLS_REQUIRED_SERVER_NAME,
  },
} = require('internal/errors');
const { validateBuffer, validateFunction, validateNumber, validateString } = require('internal/validators');
const { Buffer } = require('buffer');
const { SecureContext, createSecureContext } = require('internal/tls/secure_context');
const { TLSSocket, convertALPNProtocols, kErrorEmitted, verdictError } = require('internal/tls/socket');

const kSNICallback = Symbol('snicallback');

/** Milliseconds that a handshake may take. Node docs: `handshakeTimeout`. */
const HANDSHAKE_TIMEOUT = 120_000;

/** The handshake is through: the connection goes to the user, if the client may come in. */
function onSecure() {
  if (this._requestCert) {
    const error = verdictError(this);
    if (error) {
      this.authorizationError = error.code;
      if (this._rejectUnauthorized) this.destroy();
    } else {
      this.authorized = true;
    }
  }
  if (!this.destroyed && this._releaseControl()) this._tlsOptions.server.emit('secureConnection', this);
}

function onTLSError(error) {
  if (this._controlReleased || this[kErrorEmitted]) return;
  this[kErrorEmitted] = true;
  this._tlsOptions.server.emit('tlsClientError', error, this);
}

function onSocketClose(hadError) {
  if (this._controlReleased || this[kErrorEmitted]) return;
  this[kErrorEmitted] = true;
  this._tlsOptions.server.emit('tlsClientError', new ConnResetException('socket hang up'), this);
}

function onConnection(rawSocket) {
  const server = this;
  const socket = new TLSSocket(rawSocket, {
    secureContext: server._sharedCreds, isServer: true, server, requestCert: server.requestCert,
    rejectUnauthorized: server.rejectUnauthorized, handshakeTimeout: server._handshakeTimeout, ALPNProtocols: server.ALPNProtocols,
    ALPNCallback: server.ALPNCallback, SNICallback: server[kSNICallback], enableTrace: server._enableTrace,
    pauseOnConnect: server.pauseOnConnect, allowHalfOpen: server.allowHalfOpen, highWaterMark: server.highWaterMark,
  });
  socket.server = server;
  socket.on('secure', onSecure);
  socket.on('close', onSocketClose);
  socket.on('_tlsError', onTLSError);
  // What happens before the connection is its user's is the server's to tell.
  socket.on('error', onTLSError);
  if (socket._handle && server.noDelay) rawSocket.setNoDelay?.(true);
}

function Server(options, listener) {
  if (!(this instanceof Server)) return new Server(options, listener);
  if (typeof options === 'function') {
    listener = options;
    options = {};
  } else if (options == null || typeof options === 'object') {
    options ??= {};
  } else {
    throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  this._contexts = [];
  this.requestCert = options.requestCert === true;
  this.rejectUnauthorized = options.rejectUnauthorized !== false;
  if (options.sessionTimeout) this.sessionTimeout = options.sessionTimeout;
  if (options.ticketKeys) this.ticketKeys = options.ticketKeys;
  if (options.ALPNCallback) {
    validateFunction(options.ALPNCallback, 'options.ALPNCallback');
    if (options.ALPNProtocols) throw new ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS();
    this.ALPNCallback = options.ALPNCallback;
  }
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, this);
  if (options.pskCallback !== undefined) {
    validateFunction(options.pskCallback, 'options.pskCallback');
    throw new ERR_METHOD_NOT_IMPLEMENTED('tls.createServer({ pskCallback })');
  }
  if (options.pskIdentityHint !== undefined) validateString(options.pskIdentityHint, 'options.pskIdentityHint');
  this.setSecureContext(options);
  this._handshakeTimeout = options.handshakeTimeout ?? HANDSHAKE_TIMEOUT;
  this[kSNICallback] = options.SNICallback;
  if (options.SNICallback !== undefined) validateFunction(options.SNICallback, 'options.SNICallback');
  validateNumber(this._handshakeTimeout, 'options.handshakeTimeout');
  this._enableTrace = options.enableTrace;
  Reflect.apply(net.Server, this, [options, onConnection]);
  if (listener) this.on('secureConnection', listener);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);

/** Options of contexts that a server keeps, so that others can be made like its own. */
const CONTEXT_OPTIONS = [
  'pfx', 'key', 'passphrase', 'cert', 'clientCertEngine', 'ca', 'minVersion', 'maxVersion', 'secureProtocol', 'crl', 'sigalgs', 'ciphers',
  'ecdhCurve', 'dhparam', 'honorCipherOrder', 'secureOptions', 'sessionTimeout', 'ticketKeys', 'privateKeyIdentifier', 'privateKeyEngine',
  'sessionIdContext', 'allowPartialTrustChain', 'certificateCompression',
];

/** Node docs: server.setSecureContext. */
Server.prototype.setSecureContext = function setSecureContext(options) {
  if (options === null || typeof options !== 'object') throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  for (const name of CONTEXT_OPTIONS) this[name] = options[name] || undefined;
  // The order of the server counts unless it says otherwise.
  this.honorCipherOrder = options.honorCipherOrder !== undefined ? Boolean(options.honorCipherOrder) : true;
  const made = {};
  for (const name of CONTEXT_OPTIONS) if (this[name] !== undefined) made[name] = this[name];
  made.honorCipherOrder = this.honorCipherOrder;
  const before = this._sharedCreds;
  this._sharedCreds = createSecureContext(made);
  // Sessions of the old context go on.
  if (before !== undefined && !made.ticketKeys) this._sharedCreds.context.setTicketKeys(new Uint8Array(before.context.getTicketKeys()));
};

Server.prototype._getServerData = function _getServerData() {
  return { ticketKeys: this.getTicketKeys().toString('hex') };
};

Server.prototype._setServerData = function _setServerData(data) {
  this.setTicketKeys(Buffer.from(data.ticketKeys, 'hex'));
};

Server.prototype.getTicketKeys = function getTicketKeys() {
  return Buffer.from(this._sharedCreds.context.getTicketKeys());
};

/** Node docs: server.setTicketKeys: 48 bytes. */
Server.prototype.setTicketKeys = function setTicketKeys(keys) {
  validateBuffer(keys, 'keys');
  if (keys.byteLength !== 48) throw new ERR_INVALID_ARG_VALUE('keys', keys.byteLength, 'Session ticket keys must be a 48-byte buffer');
  this._sharedCreds.context.setTicketKeys(keys);
};

/** Node docs: server.addContext: credentials for hosts like `*.example.com`. */
Server.prototype.addContext = function addContext(servername, context) {
  if (!servername) throw new ERR_TLS_REQUIRED_SERVER_NAME();
  const pattern = servername.replaceAll(/([.^$+?\-\\[\]{}])/g, '\\$1').replaceAll('*', '[^.]*');
  const secure = context instanceof SecureContext ? context : createSecureContext(context);
  this._contexts.push([new RegExp(`^${pattern}$`), secure]);
};

Server.prototype[Symbol.for('nodejs.rejection')] = function(error, event, socket) {
  if (event === 'secureConnection') socket.destroy(error);
  else Reflect.apply(net.Server.prototype[Symbol.for('nodejs.rejection')], this, [error, event, socket]);
};

function createServer(options, listener) {
  return new Server(options, listener);
}

module.exports = { Server, createServer };
