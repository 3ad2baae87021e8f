/**
 * `http.ClientRequest`: one request over a connection that an agent gives, and its response.
 *
 * The request is made at once, its socket comes a tick or more later; until then the message holds what is written. A
 * connection that is kept goes back to the agent when both the request was sent and the response was read.
 */
'use strict';

const net = require('net');
const hooks = require('internal/async_ids');
const { eos } = require('internal/stream/end_of_stream');
const {
  ConnResetException,
  codes: {
    ERR_HTTP_HEADERS_SENT, ERR_INVALID_ARG_TYPE, ERR_INVALID_HTTP_TOKEN, ERR_INVALID_PROTOCOL, ERR_UNESCAPED_CHARACTERS,
  },
} = require('internal/errors');
const { validateBoolean, validateInteger } = require('internal/validators');
const { getTimerDuration } = require('internal/timers/timers');
const { once } = require('internal/util');
const {
  HTTPParser, calculateLenientFlags, checkValidation, checkIsHttpToken, freeParser, kNeedDrain, kOutHeaders, parsers, prepareError,
  kSilent, reportExchange, startOfExchange, subscribedChannel,
} = require('internal/http/common');
const { OutgoingMessage, kUniqueHeaders, parseUniqueHeadersOption } = require('internal/http/outgoing');
const { globals } = require('internal/http/agent');

const kPath = Symbol('kPath');
/** What `destroy` was given. */
const kCause = Symbol('cause');
const INVALID_PATH = /[^\u0021-\u00ff]/;

function validateHost(host, name) {
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  }
  return host;
}

function isURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

/** The three forms of arguments as [options, callback]. */
function normalizeArguments(input, options, callback) {
  if (typeof input === 'string') {
    const { URL } = require('url');
    input = require('url').urlToHttpOptions(new URL(input));
  } else if (isURL(input)) {
    input = require('url').urlToHttpOptions(input);
  } else {
    callback = options;
    options = input;
    input = null;
  }
  if (typeof options === 'function') {
    callback = options;
    options = input || {};
  } else {
    options = Object.assign(input || {}, options);
  }
  return [options, callback];
}

function chooseAgent(options, defaultAgent) {
  const { agent } = options;
  if (agent === false) return new defaultAgent.constructor();
  if (agent === null || agent === undefined) {
    return typeof options.createConnection === 'function' ? agent : defaultAgent;
  }
  if (typeof agent.addRequest !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
  }
  return agent;
}

function chooseMethod(req, method) {
  if (method !== null && method !== undefined && typeof method !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.method', 'string', method);
  }
  if (!method) {
    req.method = 'GET';
    return;
  }
  if (!checkIsHttpToken(method)) throw new ERR_INVALID_HTTP_TOKEN('Method', method);
  req.method = method.toUpperCase();
}

function ClientRequest(input, options, callback) {
  OutgoingMessage.call(this);
  this[kCause] = undefined;
  [options, callback] = normalizeArguments(input, options, callback);
  const defaultAgent = options._defaultAgent || globals.agent;
  const agent = this.agent = chooseAgent(options, defaultAgent);
  const protocol = options.protocol || defaultAgent.protocol;
  const expectedProtocol = agent?.protocol || defaultAgent.protocol;
  if (options.path) {
    const path = String(options.path);
    if (INVALID_PATH.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
  }
  if (protocol !== expectedProtocol) throw new ERR_INVALID_PROTOCOL(protocol, expectedProtocol);
  const defaultPort = options.defaultPort || agent?.defaultPort;
  const port = options.port = options.port || defaultPort || 80;
  const host = options.host = validateHost(options.hostname, 'hostname') || validateHost(options.host, 'host') || 'localhost';
  const setHost = options.setHost !== undefined ? Boolean(options.setHost) : options.setDefaultHeaders !== false;
  this._removedConnection = options.setDefaultHeaders === false;
  this._removedContLen = options.setDefaultHeaders === false;
  this._removedTE = options.setDefaultHeaders === false;
  this.socketPath = options.socketPath;
  if (options.timeout !== undefined) this.timeout = getTimerDuration(options.timeout, 'timeout');
  const { signal } = options;
  if (signal) require('internal/stream/add_abort_signal').addAbortSignal(signal, this);
  chooseMethod(this, options.method);
  const { maxHeaderSize, insecureHTTPParser, joinDuplicateHeaders } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  this.maxHeaderSize = maxHeaderSize;
  checkValidation(options);
  this.insecureHTTPParser = insecureHTTPParser;
  this.httpValidation = options.httpValidation;
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  this.joinDuplicateHeaders = joinDuplicateHeaders;
  this[kPath] = options.path || '/';
  if (callback) this.once('response', callback);
  switch (this.method) {
    case 'GET': case 'HEAD': case 'DELETE': case 'OPTIONS': case 'TRACE': case 'CONNECT':
      this.useChunkedEncodingByDefault = false;
      break;
    default:
      this.useChunkedEncodingByDefault = true;
  }
  this._ended = false;
  this.res = null;
  this.aborted = false;
  this.timeoutCb = null;
  this.upgradeOrConnect = false;
  this.parser = null;
  this.maxHeadersCount = null;
  this.reusedSocket = false;
  this.host = host;
  this.protocol = protocol;
  if (agent) {
    // Without reuse and without a limit a connection is for one request.
    const once = !agent.keepAlive && !Number.isFinite(agent.maxSockets);
    this._last = once;
    this.shouldKeepAlive = !once;
  }
  setHeaders(this, options, { host, port, defaultPort, setHost });
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  const startTime = startOfExchange();
  if (startTime !== undefined) {
    this.once('response', (res) => reportExchange('HttpClient', startTime,
                                                  { method: this.method, url: `${protocol}//${host}:${port}${this.path}`, headers: this.getHeaders() },
                                                  { statusCode: res.statusCode, statusMessage: res.statusMessage, headers: res.headers }));
  }
  connect(this, options);
  if (options[kSilent]) this[kSilent] = true;
  const channel = channelFor(this, 'http.client.request.created');
  if (channel) channel.publish({ request: this });
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function setHeaders(req, options, { host, port, defaultPort, setHost }) {
  const { headers } = options;
  if (Array.isArray(headers)) {
    // Given as a list they are sent as they are.
    if (options.auth && !hasField(headers, 'authorization')) {
      headers.push('Authorization', basic(options.auth));
    }
    req._storeHeader(`${req.method} ${req.path} HTTP/1.1\r\n`, headers);
    return;
  }
  if (headers) for (const key of Object.keys(headers)) req.setHeader(key, headers[key]);
  if (host && !req.getHeader('host') && setHost) {
    let value = host;
    // RFC 3986 §3.2.2: an IPv6 address stands in brackets.
    if (host.indexOf(':') !== -1 && host.includes(':', host.indexOf(':') + 1) && host[0] !== '[') value = `[${host}]`;
    if (port && +port !== defaultPort) value += `:${port}`;
    req.setHeader('Host', value);
  }
  if (options.auth && !req.getHeader('Authorization')) req.setHeader('Authorization', basic(options.auth));
  if (req.getHeader('expect')) req._storeHeader(`${req.method} ${req.path} HTTP/1.1\r\n`, req[kOutHeaders]);
}

function hasField(list, name) {
  for (let i = 0; i < list.length; i += 2) if (String(list[i]).toLowerCase() === name) return true;
  return false;
}

function basic(auth) {
  return `Basic ${require('buffer').Buffer.from(auth).toString('base64')}`;
}

function connect(req, options) {
  if (req.agent) {
    req.agent.addRequest(req, options);
    return;
  }
  req._last = true;
  req.shouldKeepAlive = false;
  // `path` is the URL's here, not a Unix socket's.
  const given = { ...options, path: options.socketPath, signal: undefined };
  if (given.path === undefined) delete given.path;
  if (typeof options.createConnection === 'function') {
    const oncreate = once((error, socket) => {
      if (error) process.nextTick(() => failBeforeSocket(req, error));
      else req.onSocket(socket);
    });
    try {
      const socket = options.createConnection(given, oncreate);
      if (socket) oncreate(null, socket);
    } catch (error) {
      oncreate(error);
    }
  } else {
    req.onSocket(net.createConnection(given));
  }
}

Object.defineProperty(ClientRequest.prototype, 'path', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return this[kPath]; },
  set(value) {
    const path = String(value);
    if (INVALID_PATH.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
    this[kPath] = path;
  },
});

/** An HTTP proxy gets the absolute URL, and what is for itself. */
ClientRequest.prototype._rewriteForProxy = function _rewriteForProxy(origin, auth) {
  if (this[kPath].startsWith('/')) this[kPath] = origin + this[kPath];
  if (this._header) return;
  this.setHeader('proxy-connection', this.shouldKeepAlive ? 'keep-alive' : 'close');
  if (auth !== undefined) this.setHeader('proxy-authorization', auth);
};

/** A diagnostics channel that wants to hear of a request. */
function channelFor(req, name) {
  return req[kSilent] ? undefined : subscribedChannel(name);
}

ClientRequest.prototype._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
  const channel = channelFor(this, 'http.client.request.start');
  if (channel) channel.publish({ request: this });
};

ClientRequest.prototype._implicitHeader = function _implicitHeader() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, this[kOutHeaders]);
};

ClientRequest.prototype.abort = function abort() {
  if (this.aborted) return;
  this.aborted = true;
  process.nextTick(emitAbortNT, this);
  this.destroy();
};

function emitAbortNT(req) {
  req.emit('abort');
}

ClientRequest.prototype.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  // What is left of the response is of no use.
  if (this.res) this.res._dump();
  this[kCause] = error;
  this.socket?.destroy(error);
  return this;
};

function emitErrorEvent(req, error) {
  const channel = channelFor(req, 'http.client.request.error');
  if (channel) channel.publish({ request: req, error });
  req.emit('error', error);
}

/** The request ends without a socket. */
function failBeforeSocket(req, error) {
  if (!req.aborted && !error) error = new ConnResetException('socket hang up');
  // The tunnel to the proxy took too long: for the request that is a timeout like any other.
  if (error?.proxyTunnelTimeout !== undefined) req.emit('timeout');
  if (error) emitErrorEvent(req, error);
  req._closed = true;
  req.emit('close');
}

// ---------------------------------------------------------------------------------------------------------------------
// The socket

ClientRequest.prototype.onSocket = function onSocket(socket, error) {
  // A connection may have failed by now, which its 'error' tells before the next tick of ours.
  if (socket && !error && !this.destroyed) {
    socket._httpMessage = this;
    socket.on('error', onSocketError);
  }
  process.nextTick(onSocketNT, this, socket, error);
};

function onSocketNT(req, socket, error) {
  const listening = socket?._httpMessage === req;
  if (listening && socket.destroyed && socket._hadError) {
    // The request knows.
    req.destroyed = true;
    req._closed = true;
    req.emit('close');
    return;
  }
  if (!req.destroyed && !error) {
    attach(req, socket);
    req._flush();
    return;
  }
  const cause = error ?? req[kCause];
  req.destroyed = true;
  if (listening) {
    socket.removeListener('error', onSocketError);
    socket._httpMessage = null;
  }
  if (!socket) {
    failBeforeSocket(req, cause);
  } else if (!error && req.agent && !socket.destroyed) {
    // The socket is as good as before: somebody else may have it.
    failBeforeSocket(req, cause);
    socket.emit('free');
  } else {
    eos(socket.destroy(cause), (failure) => {
      if (failure?.code === 'ERR_STREAM_PREMATURE_CLOSE') failure = null;
      failBeforeSocket(req, failure || cause);
    });
  }
}

/** What hooks see of a request's response. */
class HTTPClientAsyncResource {
  constructor(type, req) {
    this.type = type;
    this.req = req;
  }
}

function attach(req, socket) {
  const parser = parsers.alloc();
  req.socket = socket;
  const lenient = calculateLenientFlags(req.insecureHTTPParser, req.httpValidation);
  const resource = hooks.active ? new HTTPClientAsyncResource('HTTPCLIENTREQUEST', req) : null;
  parser.initialize(HTTPParser.RESPONSE, resource, req.maxHeaderSize || 0, lenient);
  parser.socket = socket;
  parser.outgoing = req;
  req.parser = parser;
  socket.parser = parser;
  socket._httpMessage = req;
  parser.maxHeaderPairs = typeof req.maxHeadersCount === 'number' ? req.maxHeadersCount << 1 : 2000;
  parser.joinDuplicateHeaders = req.joinDuplicateHeaders;
  parser.onIncoming = onIncoming;
  if (socket._httpMessage !== req) socket.on('error', onSocketError);
  socket.on('data', onSocketData);
  socket.on('end', onSocketEnd);
  socket.on('close', onSocketClose);
  socket.on('drain', onSocketDrain);
  if (req.timeout !== undefined || (req.agent?.options?.timeout)) listenSocketTimeout(req);
  req.emit('socket', socket);
}

function onSocketDrain() {
  const req = this._httpMessage;
  if (req && !req.finished && req[kNeedDrain]) {
    req[kNeedDrain] = false;
    req.emit('drain');
  }
}

function detach(socket) {
  socket.removeListener('error', onSocketError);
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.removeListener('close', onSocketClose);
  socket.removeListener('drain', onSocketDrain);
}

function onSocketClose() {
  const socket = this;
  const { parser, _httpMessage: req } = socket;
  // What came last may still be unread; it is read before the end is told.
  socket.read();
  if (parser && !parser.freed) parser.finish();
  const { res } = req;
  req.destroyed = true;
  if (res) {
    if (!res.complete) res.destroy(new ConnResetException('aborted'));
    req._closed = true;
    req.emit('close');
    if (!res.aborted && res.readable) res.push(null);
  } else {
    if (!socket._hadError) {
      socket._hadError = true;
      emitErrorEvent(req, new ConnResetException('socket hang up'));
    }
    req._closed = true;
    req.emit('close');
  }
  // Nobody will send it.
  if (req.outputData) req.outputData.length = 0;
  if (parser) freeParser(parser, req, socket);
}

function onSocketError(error) {
  const socket = this;
  const { parser, _httpMessage: req } = socket;
  if (req) {
    socket._hadError = true;
    emitErrorEvent(req, error);
  }
  if (parser && !parser.freed) {
    parser.finish();
    freeParser(parser, req, socket);
  }
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.destroy();
}

function onSocketEnd() {
  const socket = this;
  const { parser, _httpMessage: req } = socket;
  if (!req.res && !socket._hadError) {
    socket._hadError = true;
    emitErrorEvent(req, new ConnResetException('socket hang up'));
  }
  if (parser && !parser.freed) {
    parser.finish();
    freeParser(parser, req, socket);
  }
  socket.end();
}

function onSocketData(bytes) {
  const socket = this;
  const { parser, _httpMessage: req } = socket;
  const result = parser.execute(bytes);
  if (typeof result !== 'number') {
    prepareError(result, parser, bytes);
    freeParser(parser, req, socket);
    socket.removeListener('data', onSocketData);
    socket.removeListener('end', onSocketEnd);
    socket.destroy();
    socket._hadError = true;
    emitErrorEvent(req, result);
  } else if (parser.upgraded) {
    takeOver(socket, parser, req, bytes.subarray(result));
  } else if (parser.incoming?.complete) {
    // The response is complete; nothing more may come, and what comes is not ours.
    socket.removeListener('data', onSocketData);
    socket.removeListener('end', onSocketEnd);
    socket.removeListener('drain', onSocketDrain);
    freeParser(parser, req, socket);
  }
}

/** From here on the connection is its new owner's. */
function takeOver(socket, parser, req, head) {
  const res = parser.incoming;
  req.res = res;
  detach(socket);
  if (req.timeoutCb) socket.removeListener('timeout', req.timeoutCb);
  socket.removeListener('timeout', onResponseTimeout);
  parser.finish();
  freeParser(parser, req, socket);
  const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (req.listenerCount(event) === 0) {
    socket.on('error', () => {});
    socket.once('close', () => {
      req.destroyed = true;
      req._closed = true;
      req.emit('close');
    });
    socket.destroy();
    return;
  }
  req.upgradeOrConnect = true;
  socket.emit('agentRemove');
  socket._httpMessage = null;
  socket.readableFlowing = null;
  req.emit(event, res, socket, head);
  req.destroyed = true;
  req._closed = true;
  req.emit('close');
}

// ---------------------------------------------------------------------------------------------------------------------
// The response

/** A head is complete: 0 to read the body, 1 if there is none, 2 if the connection changes hands. */
function onIncoming(res, keepAlive) {
  const { socket } = this;
  const req = socket._httpMessage;
  if (req.res) {
    // A second response to one request: not to be trusted.
    socket.destroy();
    return 0;
  }
  if (req.method === 'CONNECT') {
    res.upgrade = true;
    req.res = res;
    return 2;
  }
  if (res.upgrade) {
    req.res = res;
    return 2;
  }
  const { statusCode } = res;
  if (statusCode < 200 && statusCode >= 100 && statusCode !== 101) {
    if (statusCode === 100) req.emit('continue');
    req.emit('information', {
      statusCode,
      statusMessage: res.statusMessage,
      httpVersion: res.httpVersion,
      httpVersionMajor: res.httpVersionMajor,
      httpVersionMinor: res.httpVersionMinor,
      headers: res.headers,
      rawHeaders: res.rawHeaders,
    });
    // Not the response yet.
    this.incoming = null;
    return 0;
  }
  req.res = res;
  if (req.shouldKeepAlive && !keepAlive && !req.upgradeOrConnect) req.shouldKeepAlive = false;
  const channel = channelFor(req, 'http.client.response.finish');
  if (channel) channel.publish({ request: req, response: res });
  res.req = req;
  res.on('end', onResponseEnd);
  req.on('finish', onRequestFinish);
  socket.on('timeout', onResponseTimeout);
  // Without listener the response has to be read all the same.
  if (req.aborted || !req.emit('response', res)) res._dump();
  return req.method === 'HEAD' || statusCode === 304 ? 1 : 0;
}

function onResponseTimeout() {
  const res = this._httpMessage?.res;
  if (res) res.emit('timeout');
}

function onResponseEnd() {
  const { req } = this;
  const { socket } = req;
  if (socket) {
    if (req.timeoutCb) socket.removeListener('timeout', emitRequestTimeout);
    socket.removeListener('timeout', onResponseTimeout);
  }
  req._ended = true;
  if (!req.shouldKeepAlive) {
    if (socket?.writable) {
      if (typeof socket.destroySoon === 'function') socket.destroySoon();
      else socket.end();
    }
  } else if (req.writableFinished && !this.aborted) {
    keepConnection(req);
  }
}

function onRequestFinish() {
  if (this.shouldKeepAlive && this._ended) keepConnection(this);
}

/** Both sides are done: the connection goes back to the agent. */
function keepConnection(req) {
  const { socket } = req;
  req.destroyed = true;
  if (req.timeoutCb) {
    socket.setTimeout(0, req.timeoutCb);
    req.timeoutCb = null;
  }
  socket.removeListener('close', onSocketClose);
  socket.removeListener('error', onSocketError);
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.removeListener('drain', onSocketDrain);
  // The tick lets listeners of 'end' queue another request first.
  process.nextTick(emitFreeNT, req);
  // The connection may be another's by the time the response is destroyed.
  if (req.res) req.res.socket = null;
}

function emitFreeNT(req) {
  req._closed = true;
  req.emit('close');
  if (req.socket) req.socket.emit('free');
}

// ---------------------------------------------------------------------------------------------------------------------
// Timeouts and options of the socket

function emitRequestTimeout() {
  const req = this._httpMessage;
  if (req) req.emit('timeout');
}

function listenSocketTimeout(req) {
  if (req.timeoutCb) return;
  req.timeoutCb = emitRequestTimeout;
  if (req.socket) req.socket.once('timeout', emitRequestTimeout);
  else req.on('socket', (socket) => socket.once('timeout', emitRequestTimeout));
}

ClientRequest.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (this._ended) return this;
  listenSocketTimeout(this);
  msecs = getTimerDuration(msecs, 'msecs');
  if (callback) this.once('timeout', callback);
  if (this.socket) setSocketTimeout(this.socket, msecs);
  else this.once('socket', (socket) => setSocketTimeout(socket, msecs));
  return this;
};

/** The time to connect does not count. */
function setSocketTimeout(socket, msecs) {
  if (socket.connecting) socket.once('connect', () => socket.setTimeout(msecs));
  else socket.setTimeout(msecs);
}

/** Calls a method of the socket as soon as there is one that is connected. */
ClientRequest.prototype._deferToConnect = function _deferToConnect(method, args) {
  const call = () => {
    if (method) Reflect.apply(this.socket[method], this.socket, args);
  };
  const onSocket = () => {
    if (this.socket.writable) call();
    else this.socket.once('connect', call);
  };
  if (this.socket) onSocket();
  else this.once('socket', onSocket);
};

ClientRequest.prototype.setNoDelay = function setNoDelay(noDelay) {
  this._deferToConnect('setNoDelay', [noDelay]);
};

ClientRequest.prototype.setSocketKeepAlive = function setSocketKeepAlive(enable, initialDelay) {
  this._deferToConnect('setKeepAlive', [enable, initialDelay]);
};

ClientRequest.prototype.clearTimeout = function clearTimeout(callback) {
  this.setTimeout(0, callback);
};

module.exports = { ClientRequest, isURL };
