/**
 * `tls.TLSSocket` and `tls.connect()`. Node docs: class tls.TLSSocket.
 *
 * A TLSSocket is a `net.Socket` whose handle encrypts. Over nothing it makes its connection itself, and puts the TLS handle on top when
 * that stands; over a connected socket it takes that socket's handle; over any other stream, the stream is the handle.
 */
'use strict';

const net = require('net');
const {
  ConnResetException,
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MULTIPLE_CALLBACK, ERR_TLS_ALPN_CALLBACK_INVALID_RESULT, ERR_TLS_HANDSHAKE_TIMEOUT,
    ERR_TLS_INVALID_STATE, ERR_TLS_RENEGOTIATION_DISABLED, ERR_TLS_RENEGOTIATION_UNSUPPORTED,
    ERR_TLS_SNI_FROM_SERVER, ERR_METHOD_NOT_IMPLEMENTED,
  },
} = require('internal/errors');
const {
  validateBuffer, validateFunction, validateInt32, validateString, validateUint32, validateNumber,
} = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { Buffer } = require('buffer');
const { owner } = require('internal/net/handles');
const hooks = require('internal/async_ids');
const { asyncIdSymbol, initSocketHandle, kAnnounce } = require('internal/net/socket');
const { normalizeArgs } = require('internal/net/options');
const { getOptionValue } = require('internal/options');
const { JSStreamSocket, StreamHandle, TLSWrap } = require('internal/tls/wrap');
const { sslError, verifyError } = require('internal/tls/errors');
const { SecureContext, createSecureContext, schemeName } = require('internal/tls/secure_context');

const kAnnounced = Symbol('announced');
const kConnectOptions = Symbol('connect-options');
const kErrorEmitted = Symbol('error-emitted');
const kIsVerified = Symbol('verified');
const kPendingSession = Symbol('pendingSession');
const kVerdict = Symbol('verdict');
const kSession = Symbol('session');
const kFacts = Symbol('facts');
const kWrapped = Symbol('wrapped');
const kDisableRenegotiation = Symbol('disable-renegotiation');
const kSNI = Symbol('sni');
const kKeyCert = Symbol('key-cert');
const kStatusTold = Symbol('status-told');

/** The bytes of a protocol list as they go over the wire. Node docs: ALPNProtocols. */
function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols)) {
    const parts = [];
    protocols.forEach((protocol, index) => {
      const bytes = Buffer.from(protocol);
      if (bytes.length > 255) {
        const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
        throw new ERR_OUT_OF_RANGE(`The byte length of the protocol at index ${index} exceeds the maximum length.`, '<= 255', bytes.length, true);
      }
      parts.push(Buffer.from([bytes.length]), bytes);
    });
    out.ALPNProtocols = Buffer.concat(parts);
  } else if (isArrayBufferView(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  } else if (protocols !== undefined) {
    throw new ERR_INVALID_ARG_TYPE('options.ALPNProtocols', ['Array', 'Buffer', 'TypedArray', 'DataView'], protocols);
  }
}

/** The protocols of a wire list. */
function protocolList(wire) {
  if (wire === undefined) return undefined;
  const list = [];
  for (let at = 0; at < wire.length; at += wire[at] + 1) list.push(wire.subarray(at + 1, at + 1 + wire[at]));
  return list;
}

function TLSSocket(socket, options) {
  if (!(this instanceof TLSSocket)) return new TLSSocket(socket, options);
  options = options ? { ...options } : {};
  this._tlsOptions = options;
  this._secureEstablished = false;
  this._securePending = false;
  this._newSessionPending = false;
  this._controlReleased = false;
  this.secureConnecting = true;
  this._SNICallback = null;
  this.servername = null;
  this.alpnProtocol = null;
  this.authorized = false;
  this.authorizationError = null;
  this[kErrorEmitted] = false;
  this[kIsVerified] = false;
  this[kVerdict] = undefined;
  this[kSession] = undefined;
  this[kPendingSession] = null;
  this[kSNI] = undefined;
  if (socket !== undefined && socket !== null && !isStream(socket)) {
    throw new ERR_INVALID_ARG_TYPE('socket', 'stream.Duplex', socket);
  }
  if (options.ALPNProtocols !== undefined && !isArrayBufferView(options.ALPNProtocols)) convertALPNProtocols(options.ALPNProtocols, options);
  const over = socket && !(socket instanceof net.Socket && socket._handle === null && !socket.connecting);
  const lower = over ? lowerHandle(socket) : undefined;
  Reflect.apply(net.Socket, this, [{
    handle: lower === undefined ? undefined : wrapHandle(this, lower, options, socket),
    allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen,
    pauseOnCreate: options.pauseOnConnect,
    manualStart: true,
    highWaterMark: options.highWaterMark,
    onread: socket ? undefined : options.onread,
    signal: options.signal,
    blockList: options.blockList,
  }]);
  this.encrypted = true;
  Object.defineProperty(this, 'ssl', { __proto__: null, configurable: true, enumerable: true, get() { return this._handle instanceof TLSWrap ? this._handle : null; }, set() {} });
  this._requestCert = Boolean(options.requestCert);
  this._rejectUnauthorized = Boolean(options.rejectUnauthorized);
  if (options.SNICallback !== undefined && options.isServer) validateFunction(options.SNICallback, 'options.SNICallback');
  if (options.isServer) this._SNICallback = options.SNICallback ?? (options.server ? serverNameCallback : null);
  if (options.handshakeTimeout > 0) this.setTimeout(options.handshakeTimeout, this._handleTimeout);
  if (options.pauseOnConnect) this.pause();
  if (socket) adopt(this, socket, lower);
  else this.prependListener('connect', onTransport);
}
Object.setPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
Object.setPrototypeOf(TLSSocket, net.Socket);

/** A connection that this socket makes itself: for hooks, encryption is there from the start. */
TLSSocket.prototype[kAnnounce] = function announce() {
  if (this._handle instanceof TLSWrap) return;
  this[kAnnounced] = hooks.resource('TLSWRAP');
  this[asyncIdSymbol] = this[kAnnounced].asyncId;
};
Object.defineProperty(TLSSocket.prototype, kAnnounce, { __proto__: null, enumerable: false });

function isStream(value) {
  return typeof value === 'object' && typeof value.on === 'function' && typeof value.write === 'function';
}

/** The handle under a stream; undefined while that is still connecting. */
function lowerHandle(socket) {
  const handle = socket._handle;
  // What was written to the TLS connection below, and waits, goes first.
  if (handle instanceof TLSWrap && socket.writableLength > 0) return undefined;
  if (socket instanceof net.Socket && handle !== null && handle !== undefined && handle.isStreamBase) return socket.connecting ? undefined : handle;
  if (socket instanceof net.Socket && socket.connecting) return undefined;
  return new JSStreamSocket(socket)._handle;
}

let isTraceWarned = false;

function warnOfTrace() {
  if (isTraceWarned) return;
  isTraceWarned = true;
  process.emitWarning('Enabling --trace-tls can expose sensitive data in the resulting log.');
}

function wrapHandle(tlsSocket, lower, options, parent) {
  const wrap = new TLSWrap(lower, Boolean(options.isServer), tlsSocket[kAnnounced]);
  if (parent instanceof net.Socket) wrap.parent = parent;
  if (options.enableTrace ?? getOptionValue('--trace-tls')) {
    if (options.enableTrace === undefined) warnOfTrace();
    wrap.connection.enableTrace();
  }
  wrap.events = {
    onhello: (hello) => onClientHello(tlsSocket, hello),
    onestablished: () => onEstablished(tlsSocket),
    onevents: (events) => onEvents(tlsSocket, events),
    onfailure: ([reason, number, detail]) => onFailure(tlsSocket, reason, number, detail),
    onend: () => onEarlyEnd(tlsSocket),
    verifyError: () => verdictError(tlsSocket),
  };
  return wrap;
}

/** Joins a TLS socket with the stream that it was given. */
function adopt(tlsSocket, socket, lower) {
  tlsSocket._parent = socket instanceof net.Socket ? socket : null;
  tlsSocket._host = socket._host ?? null;
  socket.on('close', () => tlsSocket.destroy());
  socket.on('error', (error) => tlsSocket.destroy(error));
  // What was read before is the handshake's.
  const start = () => {
    if (tlsSocket.destroyed || tlsSocket._handle === null) return;
    begin(tlsSocket);
    let chunk;
    if (lower instanceof StreamHandle || socket.readableLength === 0) return;
    while ((chunk = socket.read()) !== null && tlsSocket._handle) tlsSocket._handle.receive(chunk);
  };
  if (lower !== undefined) {
    // Callers get to add listeners first.
    process.nextTick(start);
    return;
  }
  tlsSocket.connecting = true;
  const connecting = socket.connecting || !socket._handle;
  const ready = () => {
    if (tlsSocket.destroyed || !socket._handle) return;
    tlsSocket.connecting = false;
    tlsSocket._handle = wrapHandle(tlsSocket, socket._handle, tlsSocket._tlsOptions, socket);
    initSocketHandle(tlsSocket);
    if (connecting) tlsSocket.emit('connect');
    start();
  };
  if (connecting) socket.once('connect', ready);
  else socket.write(Buffer.alloc(0), ready);
}

/** The connection that this socket made itself stands. */
function onTransport() {
  const raw = this._handle;
  if (raw === null || raw instanceof TLSWrap) return;
  this._handle = wrapHandle(this, raw, this._tlsOptions, undefined);
  raw[owner] = this;
  this._handle[owner] = this;
  initSocketHandle(this);
  begin(this);
}

/** Starts the handshake. */
function begin(tlsSocket) {
  if (tlsSocket[kWrapped]) return;
  tlsSocket[kWrapped] = true;
  if (!tlsSocket._tlsOptions.pauseOnConnect) tlsSocket.read(0);
  if (tlsSocket._tlsOptions.isServer) tlsSocket._handle.begin();
  else if (tlsSocket[kConnectOptions]) tlsSocket._start();
  // A client that was not made by connect() says the first word when there is something to send.
  else tlsSocket._handle.onfirstwrite = () => tlsSocket._start();
}

TLSSocket.prototype._start = function _start() {
  if (this.connecting || !this._handle) return;
  const options = this._tlsOptions;
  const { context } = options.secureContext ??= createSecureContext(options);
  const session = this[kSession];
  const keylog = this.listenerCount('keylog') > 0 || Boolean(keylogFile());
  const reason = this._handle.startClient(context, this[kSNI], protocolList(options.ALPNProtocols), session, keylog);
  if (reason !== undefined) process.nextTick(() => onFailure(this, reason, 191));
};

// ---------------------------------------------------------------------------------------------------------------------
// Servers: what the client wants decides

function serverNameCallback(servername, callback) {
  const contexts = this.server._contexts;
  for (let i = contexts.length - 1; i >= 0; i--) {
    const [pattern, context] = contexts[i];
    if (pattern.test(servername)) {
      callback(null, context);
      return;
    }
  }
  callback(null, undefined);
}

function onClientHello(tlsSocket, hello) {
  const { server } = tlsSocket._tlsOptions;
  if (tlsSocket.destroyed) return;
  tlsSocket._tlsOptions.secureContext ??= createSecureContext(tlsSocket._tlsOptions);
  if (hello === null) {
    startServer(tlsSocket, tlsSocket._tlsOptions.secureContext, undefined, undefined);
    return;
  }
  tlsSocket._tlsOptions.hello = hello;
  const resume = (found) => chooseContext(tlsSocket, hello, found);
  const sessionId = Buffer.from(hello.sessionId);
  if (!server || sessionId.length === 0 || server.listenerCount('resumeSession') === 0 || hello.tlsTicket) {
    resume(undefined);
    return;
  }
  let called = false;
  server.emit('resumeSession', sessionId, (error, session) => {
    if (called) {
      tlsSocket.destroy(new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (error) tlsSocket.destroy(error);
    else resume(session ? [sessionId, session] : undefined);
  });
}

function chooseContext(tlsSocket, hello, found) {
  const fallback = tlsSocket._tlsOptions.secureContext;
  if (hello.servername === undefined || tlsSocket._SNICallback === null) {
    askForStatus(tlsSocket, fallback, hello, found);
    return;
  }
  tlsSocket.servername = hello.servername;
  let called = false;
  const choose = (error, context) => {
    if (called) {
      failHandshake(tlsSocket, new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (tlsSocket.destroyed) return;
    if (error) failHandshake(tlsSocket, error);
    else if (context === null || typeof context !== 'object') askForStatus(tlsSocket, fallback, hello, found);
    else if (context.context) askForStatus(tlsSocket, context, hello, found);
    else failHandshake(tlsSocket, new TypeError('Invalid SNI context'));
  };
  try {
    tlsSocket._SNICallback(hello.servername, choose);
  } catch (error) {
    failHandshake(tlsSocket, error);
  }
}

/** What the server says of its certificate's revocation, if the client asks and somebody knows. Node docs: 'OCSPRequest'. */
function askForStatus(tlsSocket, secureContext, hello, found) {
  const { server } = tlsSocket._tlsOptions;
  const [certificate] = server && hello.ocspRequest && server.listenerCount('OCSPRequest') > 0 ? secureContext.context.certificates() : [];
  if (certificate === undefined) {
    startServer(tlsSocket, secureContext, hello, found);
    return;
  }
  const der = Buffer.from(certificate);
  const issuer = secureContext.context.issuerOf(der);
  let called = false;
  server.emit('OCSPRequest', der, issuer === undefined ? null : Buffer.from(issuer), (error, response) => {
    if (called) {
      tlsSocket.destroy(new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    if (tlsSocket.destroyed) return;
    if (error) tlsSocket.destroy(error);
    else startServer(tlsSocket, secureContext, hello, found, isArrayBufferView(response) && response.byteLength > 0 ? response : undefined);
  });
}

/** Protocols that this server answers with: none, its list, or what its callback chose. */
function serverProtocols(tlsSocket, hello) {
  const { ALPNProtocols, ALPNCallback } = tlsSocket._tlsOptions;
  if (typeof ALPNCallback !== 'function' || !hello || hello.protocols.length === 0) return protocolList(ALPNProtocols);
  const protocols = hello.protocols.map((protocol) => Buffer.from(protocol).toString('latin1'));
  const selected = ALPNCallback.call(tlsSocket, { servername: hello.servername ?? '', protocols });
  // Nothing that the client offered matches this, which is what refusal means.
  if (selected === undefined) return [Buffer.from('\0')];
  if (!protocols.includes(selected)) throw new ERR_TLS_ALPN_CALLBACK_INVALID_RESULT(selected, protocols);
  return [Buffer.from(selected, 'latin1')];
}

function startServer(tlsSocket, secureContext, hello, found, ocsp) {
  const options = tlsSocket._tlsOptions;
  let protocols;
  try {
    protocols = serverProtocols(tlsSocket, hello);
  } catch (error) {
    failHandshake(tlsSocket, error);
    return;
  }
  const { server } = options;
  if (hello?.servername !== undefined) tlsSocket.servername = hello.servername;
  else tlsSocket.servername = false;
  const handle = tlsSocket._handle;
  if (!handle) return;
  options.usedContext = secureContext;
  const kept = Boolean(server) && server.listenerCount('newSession') > 0;
  const keylog = Boolean(server && server.listenerCount('keylog') > 0) || Boolean(keylogFile());
  const reason = handle.startServer(secureContext.context, options.requestCert, options.requestCert && options.rejectUnauthorized, protocols,
                                    kept, found, keylog, ocsp, tlsSocket[kKeyCert]?.context);
  if (reason !== undefined) onFailure(tlsSocket, reason, 191);
}

// ---------------------------------------------------------------------------------------------------------------------
// What handles report

let keylogPath;

function keylogFile() {
  keylogPath ??= require('internal/options').getOptionValue('--tls-keylog') ?? '';
  return keylogPath;
}

let keylogWarned = false;

function writeKeylog(line) {
  if (!keylogWarned) {
    keylogWarned = true;
    process.emitWarning('Using --tls-keylog makes TLS connections insecure by writing secret key material to file ' + keylogFile());
  }
  require('fs').appendFileSync(keylogFile(), line, { mode: 0o600 });
}

function onEvents(tlsSocket, [lines, sessions, kept, ocsp]) {
  const { server } = tlsSocket._tlsOptions;
  for (const bytes of lines) {
    const line = Buffer.from(bytes);
    if (keylogFile()) writeKeylog(line);
    if (tlsSocket._tlsOptions.isServer) server?.emit('keylog', line, tlsSocket);
    else tlsSocket.emit('keylog', line);
  }
  if (ocsp !== undefined && tlsSocket._tlsOptions.requestOCSP) {
    tlsSocket[kStatusTold] = true;
    tlsSocket.emit('OCSPResponse', Buffer.from(ocsp));
  }
  for (const [id, state] of kept) server?.emit('newSession', Buffer.from(id), Buffer.from(state), () => {});
  for (const bytes of sessions) {
    const session = Buffer.from(bytes);
    tlsSocket[kSession] = session;
    if (tlsSocket[kIsVerified]) tlsSocket.emit('session', session);
    else tlsSocket[kPendingSession] = session;
  }
}

function onFailure(tlsSocket, reason, number, detail) {
  const error = sslError(reason, number);
  if (reason === 'internal error' && detail) error.detail = detail;
  failHandshake(tlsSocket, error);
}

function failHandshake(tlsSocket, error) {
  if (tlsSocket._hadError) return;
  tlsSocket._hadError = true;
  if (tlsSocket._secureEstablished || !tlsSocket._tlsOptions.isServer) {
    tlsSocket.destroy(error);
    return;
  }
  // It is not its user's yet: its server, if it has one, tells of it.
  tlsSocket._tlsError(error);
  tlsSocket.destroy(error);
}

/** The peer is gone before the handshake was through. */
function onEarlyEnd(tlsSocket) {
  if (tlsSocket._tlsOptions.isServer) return;
  onConnectEnd.call(tlsSocket);
}

/** The context that the connection uses. */
function contextOf(tlsSocket) {
  const options = tlsSocket._tlsOptions;
  return options.usedContext ?? options.secureContext;
}

/** What is wrong with the peer's certificate; computed once. */
function verdict(tlsSocket) {
  if (tlsSocket[kVerdict] === undefined && tlsSocket._handle) {
    const answer = tlsSocket._handle.connection.verifyPeer(contextOf(tlsSocket).context, Boolean(tlsSocket._tlsOptions.isServer));
    tlsSocket[kVerdict] = answer === undefined ? { code: undefined, chain: [] } : { code: answer[0], chain: answer[1].map((der) => Buffer.from(der)) };
  }
  return tlsSocket[kVerdict];
}

function verdictError(tlsSocket) {
  const found = verdict(tlsSocket);
  if (!found) return null;
  if (found.chain.length === 0) return tlsSocket._tlsOptions.isServer ? verifyError('UNABLE_TO_GET_ISSUER_CERT') : null;
  return found.code === undefined ? null : verifyError(found.code);
}

function onEstablished(tlsSocket) {
  if (tlsSocket.destroyed) return;
  tlsSocket._finishInit();
}

TLSSocket.prototype._finishInit = function _finishInit() {
  if (!this._handle) return;
  const facts = factsOf(this);
  this.alpnProtocol = facts.alpn ?? false;
  if (this._tlsOptions.isServer) {
    this.secureConnecting = false;
    this.servername = facts.servername ?? false;
  } else {
    this.servername = this[kSNI] ?? false;
    if (this._tlsOptions.requestOCSP && !this[kStatusTold] && !facts.reused) this.emit('OCSPResponse', null);
    if (this.destroyed) return;
  }
  this._secureEstablished = true;
  if (this._tlsOptions.handshakeTimeout > 0) this.setTimeout(0, this._handleTimeout);
  this.emit('secure');
  if (!this.destroyed && this._handle) this._handle.release();
};

function factsOf(tlsSocket) {
  const list = tlsSocket._handle?.connection?.facts();
  if (list === undefined) return tlsSocket[kFacts] ?? {};
  const [protocol, name, standardName, alpn, servername, reused, groupType, group, bits] = list;
  return tlsSocket[kFacts] = { protocol, name, standardName, alpn, servername, reused, groupType, group, bits };
}

TLSSocket.prototype._handleTimeout = function _handleTimeout() {
  this._emitTLSError(new ERR_TLS_HANDSHAKE_TIMEOUT());
};

TLSSocket.prototype._emitTLSError = function _emitTLSError(error) {
  const own = this._tlsError(error);
  this.destroy(own ?? undefined);
};

/** The error, if it is for the user of the connection; one that is not handed over yet is its server's. */
TLSSocket.prototype._tlsError = function _tlsError(error) {
  this.emit('_tlsError', error);
  return this._controlReleased ? error : null;
};

/** The server hands the connection to its user. */
TLSSocket.prototype._releaseControl = function _releaseControl() {
  if (this._controlReleased) return false;
  this._controlReleased = true;
  return true;
};

TLSSocket.prototype._init = function _init() {};
TLSSocket.prototype._destroySSL = function _destroySSL() {};
TLSSocket.prototype._wrapHandle = function _wrapHandle(wrap, handle) {
  return wrapHandle(this, handle, this._tlsOptions, wrap);
};

// ---------------------------------------------------------------------------------------------------------------------
// What users ask

TLSSocket.prototype.disableRenegotiation = function disableRenegotiation() {
  this[kDisableRenegotiation] = true;
};

/** This TLS implementation does not renegotiate, by design. */
TLSSocket.prototype.renegotiate = function renegotiate(options, callback) {
  if (options === null || typeof options !== 'object') throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (this.destroyed) return undefined;
  const error = factsOf(this).protocol === 'TLSv1.3' ? sslError('wrong ssl version', 266) : this[kDisableRenegotiation] ? new ERR_TLS_RENEGOTIATION_DISABLED() : new ERR_TLS_RENEGOTIATION_UNSUPPORTED();
  if (callback) process.nextTick(callback, error);
  return false;
};

TLSSocket.prototype.exportKeyingMaterial = function exportKeyingMaterial(length, label, context) {
  validateUint32(length, 'length', true);
  validateString(label, 'label');
  if (context !== undefined) validateBuffer(context, 'context');
  if (!this._secureEstablished) throw new ERR_TLS_INVALID_STATE();
  const bytes = this._handle?.connection.exportKeyingMaterial(length, label, context);
  if (bytes === undefined) throw new ERR_TLS_INVALID_STATE();
  return Buffer.from(bytes);
};

/** The largest records that are sent, in bytes. Node docs: tlsSocket.setMaxSendFragment. */
TLSSocket.prototype.setMaxSendFragment = function setMaxSendFragment(size) {
  validateInt32(size, 'size');
  if (size < 512 || size > 16_384 || !this._handle) return false;
  this._handle.maxFragment = size;
  return true;
};

TLSSocket.prototype.setServername = function setServername(name) {
  validateString(name, 'name');
  if (this._tlsOptions.isServer) throw new ERR_TLS_SNI_FROM_SERVER();
  this[kSNI] = name;
};

TLSSocket.prototype.setSession = function setSession(session) {
  if (typeof session === 'string') session = Buffer.from(session, 'latin1');
  if (!isArrayBufferView(session)) throw new ERR_INVALID_ARG_TYPE('session', ['string', 'Buffer', 'TypedArray', 'DataView'], session);
  this[kSession] = session;
};

TLSSocket.prototype.getSession = function getSession() {
  return this[kSession];
};

TLSSocket.prototype.setKeyCert = function setKeyCert(context) {
  const secure = context instanceof SecureContext ? context : createSecureContext(context);
  // Its keys and certificates only; the rest of the connection's context stays.
  this[kKeyCert] = secure;
};

function sentChain(tlsSocket) {
  return tlsSocket._handle?.connection?.peerCertificates().map((der) => Buffer.from(der)) ?? [];
}

TLSSocket.prototype.getPeerCertificate = function getPeerCertificate(detailed) {
  if (!this._handle?.connection) return null;
  const chain = this._secureEstablished ? verdict(this).chain : sentChain(this);
  if (chain.length === 0) return {};
  const { X509Certificate, legacyChain } = require('internal/crypto/x509');
  return detailed ? legacyChain(chain) : new X509Certificate(chain[0]).toLegacyObject();
};

TLSSocket.prototype.getCertificate = function getCertificate() {
  const der = this._handle?.connection?.shownCertificate();
  if (this._handle === null) return null;
  if (der === undefined) return {};
  const { X509Certificate } = require('internal/crypto/x509');
  return new X509Certificate(Buffer.from(der)).toLegacyObject();
};

TLSSocket.prototype.getPeerX509Certificate = function getPeerX509Certificate() {
  const chain = this._handle?.connection ? verdict(this).chain : [];
  if (chain.length === 0) return undefined;
  return require('internal/crypto/x509').certificateChain(chain);
};

TLSSocket.prototype.getX509Certificate = function getX509Certificate() {
  const der = this._handle?.connection?.shownCertificate();
  if (der === undefined) return undefined;
  const { X509Certificate } = require('internal/crypto/x509');
  return new X509Certificate(Buffer.from(der));
};

TLSSocket.prototype.getCipher = function getCipher() {
  const { name, standardName, protocol } = factsOf(this);
  return name === undefined ? (this._handle ? {} : null) : { name, standardName, version: protocol };
};

TLSSocket.prototype.getProtocol = function getProtocol() {
  return this._handle || this[kFacts] ? factsOf(this).protocol ?? null : null;
};

TLSSocket.prototype.getEphemeralKeyInfo = function getEphemeralKeyInfo() {
  if (!this._handle) return null;
  if (this._tlsOptions.isServer) return null;
  const { groupType, group, bits } = factsOf(this);
  return group === undefined ? {} : { type: groupType, name: group, size: bits || undefined };
};

/** Node docs: tlsSocket.getSharedSigalgs. */
TLSSocket.prototype.getSharedSigalgs = function getSharedSigalgs() {
  if (!this._handle) return null;
  const context = contextOf(this)?.context;
  if (context === undefined || !this._handle.connection) return [];
  return this._handle.connection.sharedSchemes(context).map((number) => schemeName(number));
};

function finished(tlsSocket, index) {
  const bytes = tlsSocket._handle?.connection?.finishedMessages()[index];
  return bytes === undefined ? undefined : Buffer.from(bytes);
}

TLSSocket.prototype.getFinished = function getFinished() { return finished(this, 0); };
TLSSocket.prototype.getPeerFinished = function getPeerFinished() { return finished(this, 1); };
TLSSocket.prototype.getTLSTicket = function getTLSTicket() { return finished(this, 2); };

TLSSocket.prototype.isSessionReused = function isSessionReused() {
  return this._handle?.connection ? Boolean(factsOf(this).reused) : Boolean(this[kFacts]?.reused);
};

/** Node docs: tlsSocket.enableTrace. */
TLSSocket.prototype.enableTrace = function enableTrace() {
  this._handle?.connection?.enableTrace();
};

// ---------------------------------------------------------------------------------------------------------------------
// Clients

let warnOnAllowUnauthorized = true;

/** NODE_TLS_REJECT_UNAUTHORIZED=0 turns all checks off, with a warning. */
function getAllowUnauthorized() {
  const allow = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  if (allow && warnOnAllowUnauthorized) {
    warnOnAllowUnauthorized = false;
    process.emitWarning('Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to \'0\' makes TLS connections and HTTPS requests insecure by disabling certificate verification.');
  }
  return allow;
}

function onConnectEnd() {
  if (this._hadError || this.destroyed) return;
  const options = this[kConnectOptions];
  this._hadError = true;
  const error = new ConnResetException('Client network socket disconnected before secure TLS connection was established');
  error.path = options?.path;
  error.host = options?.host;
  error.port = options?.port;
  error.localAddress = options?.localAddress;
  this.destroy(error);
}

/** The handshake of a client is through: is it the right server? */
function onConnectSecure() {
  const options = this[kConnectOptions];
  let error = verdictError(this);
  if (!error && !this.isSessionReused()) {
    const cert = this.getPeerCertificate(true);
    error = options.checkServerIdentity(hostOf(options), cert);
  }
  if (error) {
    this.authorized = false;
    this.authorizationError = error.code || error.message;
    if (options.rejectUnauthorized !== false) {
      this.destroy(error);
      return;
    }
  } else {
    this.authorized = true;
  }
  this.secureConnecting = false;
  this.emit('secureConnect');
  this[kIsVerified] = true;
  const session = this[kPendingSession];
  this[kPendingSession] = null;
  if (session) this.emit('session', session);
  this.removeListener('end', onConnectEnd);
}

function hostOf(options) {
  return options.servername || options.host || options.socket?._host || 'localhost';
}

/** `tls.connect(options[, cb])`, `(path[, options][, cb])`, `(port[, host][, options][, cb])`. */
function connectArguments(args) {
  const normalized = normalizeArgs(args);
  let [options] = normalized;
  const callback = normalized[1];
  // Options may follow a port or a path.
  const given = args[1] !== null && typeof args[1] === 'object' ? args[1] : args[2] !== null && typeof args[2] === 'object' ? args[2] : undefined;
  if (given !== undefined) options = { ...options, ...given };
  return [options, callback];
}

function connect(...args) {
  let [options, callback] = connectArguments(args);
  const allowUnauthorized = getAllowUnauthorized();
  options = {
    rejectUnauthorized: !allowUnauthorized, ciphers: require('internal/tls/defaults').ciphers(),
    checkServerIdentity: require('tls').checkServerIdentity, minDHSize: 1024, ...options,
  };
  if (!options.keepAlive) options.singleUse = true;
  validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  validateNumber(options.minDHSize, 'options.minDHSize', 1);
  if (options.pskCallback !== undefined) {
    validateFunction(options.pskCallback, 'options.pskCallback');
    throw new ERR_METHOD_NOT_IMPLEMENTED('tls.connect({ pskCallback })');
  }
  // RFC 6066 §3: an address is no host name.
  if (options.servername && net.isIP(options.servername)) {
    throw new ERR_INVALID_ARG_VALUE('options.servername', options.servername, 'is not permitted to be an IP address');
  }
  // Programs replace it to see, or change, what contexts are made of.
  const context = options.secureContext || require('tls').createSecureContext(options);
  if (options.ALPNProtocols !== undefined) {
    options = { ...options };
    convertALPNProtocols(options.ALPNProtocols, options);
  }
  const tlsSocket = new TLSSocket(options.socket, {
    allowHalfOpen: options.socket ? options.socket.allowHalfOpen : Boolean(options.allowHalfOpen),
    pipe: Boolean(options.path), secureContext: context, isServer: false, requestCert: true,
    rejectUnauthorized: options.rejectUnauthorized !== false, session: options.session, ALPNProtocols: options.ALPNProtocols,
    requestOCSP: options.requestOCSP, enableTrace: options.enableTrace, highWaterMark: options.highWaterMark, onread: options.onread,
    signal: options.signal, blockList: options.blockList,
  });
  options.rejectUnauthorized = options.rejectUnauthorized !== false;
  tlsSocket[kConnectOptions] = options;
  if (callback) tlsSocket.once('secureConnect', callback);
  if (!options.socket) {
    // A timeout is for the connection too.
    if (options.timeout) tlsSocket.setTimeout(options.timeout);
    // A signal may have ended it already.
    if (!tlsSocket.destroyed) tlsSocket.connect(options);
  }
  if (options.session) tlsSocket.setSession(options.session);
  if (options.servername) {
    tlsSocket.setServername(options.servername);
  }
  tlsSocket._releaseControl();
  tlsSocket.prependListener('end', onConnectEnd);
  tlsSocket.on('secure', onConnectSecure);
  return tlsSocket;
}

module.exports = { TLSSocket, connect, convertALPNProtocols, kErrorEmitted, protocolList, verdictError };
