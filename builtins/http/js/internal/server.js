/**
 * `http.Server`: parsers on connections, requests and responses in pairs, in order.
 *
 * Each connection has a parser and two queues: requests whose response is not finished, and responses that wait for
 * earlier ones. The response at work has the socket. Connections are watched by one timer per server for heads and
 * requests that take too long.
 */
'use strict';

const net = require('net');
const hooks = require('internal/async_ids');
const { clearInterval } = require('timers');
const {
  ConnResetException, codes: { ERR_HTTP_REQUEST_TIMEOUT, ERR_HTTP_SOCKET_ENCODING, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const {
  validateBoolean, validateFunction, validateInteger, validateObject,
} = require('internal/validators');
const {
  HTTPParser, calculateLenientFlags, checkValidation, continueExpression, freeParser, kIncomingMessage, parsers, prepareError, reportExchange,
  startOfExchange, subscribedChannel,
} = require('internal/http/common');
const { IncomingMessage } = require('internal/http/incoming');
const { ServerResponse, emitCloseNT } = require('internal/http/response');
const { owner } = require('internal/net/handles');
const { onStreamRead } = require('internal/net/socket');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { kTimeout } = require('internal/timers/timers');
const { kUniqueHeaders, parseUniqueHeadersOption } = require('internal/http/outgoing');

const { getLibuvNow } = binding('timers');
const { getAsyncContext, setAsyncContext } = binding('task_queue');

const kServerResponse = Symbol('ServerResponse');
const kConnections = Symbol('http.server.connections');
const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');
const kOptimizeEmptyRequests = Symbol('OptimizeEmptyRequestsOption');
const kState = Symbol('http.state');
const kExchange = Symbol('http.exchange');

// ---------------------------------------------------------------------------------------------------------------------
// Options

const DEFAULTS = { requestTimeout: 300_000, headersTimeout: 60_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 30_000 };

function storeHTTPOptions(options) {
  this[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  this[kServerResponse] = options.ServerResponse || ServerResponse;
  const { maxHeaderSize } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  this.maxHeaderSize = maxHeaderSize;
  checkValidation(options);
  this.insecureHTTPParser = options.insecureHTTPParser;
  this.httpValidation = options.httpValidation;
  storeTimeouts(this, options);
  const { requireHostHeader } = options;
  if (requireHostHeader !== undefined) validateBoolean(requireHostHeader, 'options.requireHostHeader');
  this.requireHostHeader = requireHostHeader ?? true;
  const { joinDuplicateHeaders } = options;
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  this.joinDuplicateHeaders = joinDuplicateHeaders;
  const { rejectNonStandardBodyWrites } = options;
  if (rejectNonStandardBodyWrites !== undefined) {
    validateBoolean(rejectNonStandardBodyWrites, 'options.rejectNonStandardBodyWrites');
  }
  this.rejectNonStandardBodyWrites = rejectNonStandardBodyWrites ?? false;
  const { shouldUpgradeCallback } = options;
  if (shouldUpgradeCallback !== undefined) validateFunction(shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  this.shouldUpgradeCallback = shouldUpgradeCallback ?? function() {
    return this.listenerCount('upgrade') > 0;
  };
  const { optimizeEmptyRequests } = options;
  if (optimizeEmptyRequests !== undefined) validateBoolean(optimizeEmptyRequests, 'options.optimizeEmptyRequests');
  this[kOptimizeEmptyRequests] = optimizeEmptyRequests ?? false;
}

function storeTimeouts(server, options) {
  const { headersTimeout, requestTimeout, keepAliveTimeout, keepAliveTimeoutBuffer, connectionsCheckingInterval } = options;
  if (requestTimeout !== undefined) validateInteger(requestTimeout, 'requestTimeout', 0);
  server.requestTimeout = requestTimeout ?? DEFAULTS.requestTimeout;
  if (headersTimeout !== undefined) validateInteger(headersTimeout, 'headersTimeout', 0);
  server.headersTimeout = headersTimeout ?? Math.min(DEFAULTS.headersTimeout, server.requestTimeout);
  if (server.requestTimeout > 0 && server.headersTimeout > 0 && server.headersTimeout > server.requestTimeout) {
    throw new ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', headersTimeout);
  }
  if (keepAliveTimeout !== undefined) validateInteger(keepAliveTimeout, 'keepAliveTimeout', 0);
  server.keepAliveTimeout = keepAliveTimeout ?? DEFAULTS.keepAliveTimeout;
  if (keepAliveTimeoutBuffer !== undefined) validateInteger(keepAliveTimeoutBuffer, 'keepAliveTimeoutBuffer', 0);
  server.keepAliveTimeoutBuffer = keepAliveTimeoutBuffer ?? 1000;
  if (connectionsCheckingInterval !== undefined) {
    validateInteger(connectionsCheckingInterval, 'connectionsCheckingInterval', 0);
  }
  server.connectionsCheckingInterval = connectionsCheckingInterval ?? DEFAULTS.connectionsCheckingInterval;
}

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === 'function') {
    requestListener = options;
    options = {};
  } else if (options == null) {
    options = {};
  } else {
    validateObject(options, 'options');
    options = { ...options };
  }
  storeHTTPOptions.call(this, options);
  net.Server.call(this, {
    allowHalfOpen: true, noDelay: options.noDelay ?? true, keepAlive: options.keepAlive,
    keepAliveInitialDelay: options.keepAliveInitialDelay, highWaterMark: options.highWaterMark, blockList: options.blockList,
  });
  if (requestListener) this.on('request', requestListener);
  // Half open connections are for protocols that asked for them.
  this.httpAllowHalfOpen = false;
  this.on('connection', connectionListener);
  this.on('listening', setupConnectionsTracking);
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.maxRequestsPerSocket = 0;
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);

// ---------------------------------------------------------------------------------------------------------------------
// Connections

function setupConnectionsTracking() {
  this[kConnections] ??= new Set();
  if (this[kConnectionsCheckingInterval]) clearInterval(this[kConnectionsCheckingInterval]);
  if (this.connectionsCheckingInterval > 0) {
    const { setInterval } = require('timers');
    this[kConnectionsCheckingInterval] = setInterval(checkConnections.bind(this), this.connectionsCheckingInterval).unref();
  }
}

function checkConnections() {
  if (this.headersTimeout === 0 && this.requestTimeout === 0) return;
  const now = getLibuvNow();
  for (const parser of [...this[kConnections]]) {
    const { messageStart, socket } = parser;
    if (messageStart === 0 || !socket) continue;
    const age = now - messageStart;
    const late = (this.headersTimeout > 0 && !parser.headersDone && age >= this.headersTimeout) ||
      (this.requestTimeout > 0 && age >= this.requestTimeout);
    if (!late) continue;
    parser.messageStart = 0;
    parser[HTTPParser.kOnTimeout]();
  }
}

function onRequestTimeout(socket) {
  socketOnError.call(socket, new ERR_HTTP_REQUEST_TIMEOUT());
}

function httpServerPreClose(server) {
  server.closeIdleConnections();
  clearInterval(server[kConnectionsCheckingInterval]);
}

Server.prototype.close = function close(...args) {
  httpServerPreClose(this);
  Reflect.apply(net.Server.prototype.close, this, args);
  return this;
};

Server.prototype[Symbol.asyncDispose] = async function() {
  await new Promise((resolve, reject) => {
    this.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
};

Server.prototype.closeAllConnections = function closeAllConnections() {
  for (const parser of [...(this[kConnections] ?? [])]) parser.socket?.destroy();
};

Server.prototype.closeIdleConnections = function closeIdleConnections() {
  for (const parser of [...(this[kConnections] ?? [])]) {
    const { socket } = parser;
    if (!socket || parser.messageStart !== 0) continue;
    if (socket._httpMessage && !socket._httpMessage.finished) continue;
    socket.destroy();
  }
};

Server.prototype.setTimeout = function setTimeout(msecs, callback) {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

Server.prototype[Symbol.for('nodejs.rejection')] = function(error, event, ...args) {
  if (event !== 'request') {
    return Reflect.apply(net.Server.prototype[Symbol.for('nodejs.rejection')], this, [error, event, ...args]);
  }
  const response = args[1];
  if (!response.headersSent && !response.writableEnded) {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusCode = 500;
    response.end(require('internal/http/status_codes')[500]);
  } else {
    response.destroy();
  }
  return undefined;
};

// ---------------------------------------------------------------------------------------------------------------------
// One connection

/** What a connection is at. */
class ConnectionState {
  onData = null;
  onEnd = null;
  onClose = null;
  onDrain = null;
  /** Responses that wait for the socket. */
  outgoing = [];
  /** Requests whose response is not finished. */
  incoming = [];
  /** Bytes of waiting responses: above a limit no more requests are read. */
  outgoingData = 0;
  requestsCount = 0;
  /** The request that asks for an upgrade and has a body; whether its new owner knows. */
  upgrade = null;
  upgradeTold = false;
  keepAliveTimeoutSet = false;
  onPendingData;
  constructor(server, socket) {
    this.server = server;
    this.socket = socket;
    this.onPendingData = (delta) => updateOutgoingData(socket, this, delta);
  }
}

/** What hooks see of a connection's requests. */
class HTTPServerAsyncResource {
  constructor(type, socket) {
    this.type = type;
    this.socket = socket;
  }
}

function connectionListener(socket) {
  const server = this;
  if (socket.server !== server) {
    // A connection that was made elsewhere: `server.emit('connection', stream)`.
    socket.server = server;
  }
  socket._httpMessage = null;
  if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
  socket.on('timeout', socketOnTimeout);
  const parser = parsers.alloc();
  const lenient = calculateLenientFlags(server.insecureHTTPParser, server.httpValidation);
  server[kConnections] ??= new Set();
  if (hooks.active) {
    hooks.triggeredBy(socket._handle?.getAsyncId?.() ?? 0, parser.initialize.bind(parser), HTTPParser.REQUEST,
      new HTTPServerAsyncResource('HTTPINCOMINGMESSAGE', socket), server.maxHeaderSize || 0, lenient, server[kConnections]);
  } else {
    parser.initialize(HTTPParser.REQUEST, null, server.maxHeaderSize || 0, lenient, server[kConnections]);
  }
  parser.socket = socket;
  socket.parser = parser;
  // The time for the first head runs from here on.
  parser.messageStart = getLibuvNow();
  server[kConnections].add(parser);
  // Requests are told in the context of the 'connection' event.
  parser.context = getAsyncContext();
  if (typeof server.maxHeadersCount === 'number') parser.maxHeaderPairs = server.maxHeadersCount << 1;
  const state = new ConnectionState(server, socket);
  socket[kState] = state;
  state.onData = socketOnData.bind(undefined, server, socket, parser, state);
  state.onEnd = socketOnEnd.bind(undefined, server, socket, parser, state);
  state.onClose = socketOnClose.bind(undefined, socket, state);
  state.onDrain = socketOnDrain.bind(undefined, socket, state);
  socket.on('error', socketOnError);
  socket.on('data', state.onData);
  socket.on('end', state.onEnd);
  socket.on('close', state.onClose);
  socket.on('drain', state.onDrain);
  parser.onIncoming = parserOnIncoming.bind(undefined, server, socket, state);
  parser[HTTPParser.kOnTimeout] = onRequestTimeout.bind(undefined, socket);
  socket.setEncoding = socketSetEncoding;
  socket._paused = false;
  consume(socket);
}

// ---------------------------------------------------------------------------------------------------------------------
// Bytes go from the handle to the parser, past the stream, until somebody wants to see them

function consume(socket) {
  const handle = socket._handle;
  if (!handle?.isStreamBase || handle.onread !== onStreamRead) return;
  // The kernel's handle, or the one whose reads TLS makes plaintext.
  const source = socket.constructor === net.Socket ? handle : handle.native;
  if (source === undefined) return;
  socket.parser.feedFrom(source, onHandleEvents);
  socket.on('pause', onSocketPause);
  socket.on('resume', onSocketResume);
  socket.on = socketOn;
  socket.addListener = socketOn;
  socket.prependListener = socketPrepend;
}

function unconsume(socket) {
  if (socket.on !== socketOn) return;
  socket.parser?.unconsume();
  delete socket.on;
  delete socket.addListener;
  delete socket.prependListener;
  socket.removeListener('pause', onSocketPause);
  socket.removeListener('resume', onSocketResume);
}

function socketOn(event, listener) {
  if (event === 'data' || event === 'readable') unconsume(this);
  return net.Socket.prototype.on.call(this, event, listener);
}

function socketPrepend(event, listener) {
  if (event === 'data' || event === 'readable') unconsume(this);
  return net.Socket.prototype.prependListener.call(this, event, listener);
}

/** The parser read what the connection sent: an ArrayBuffer, or so many bytes that the parser has. */
function onHandleEvents(events, read) {
  const socket = this[owner];
  const parser = socket?.parser;
  if (!parser || socket.destroyed || parser.freed || parser.socket !== socket) return;
  const state = socket[kState];
  const { server } = socket;
  if (parser.context !== undefined) setAsyncContext(parser.context);
  if (parser.messageStart === 0) parser.messageStart = getLibuvNow();
  if (state.keepAliveTimeoutSet) resetSocketTimeout(server, socket, state);
  else if (socket[kTimeout] !== null && socket.timeout !== 0) socket._unrefTimer();
  const bytes = typeof read === 'number' ? undefined : new FastBuffer(read);
  const length = bytes === undefined ? read : bytes.length;
  onParsed(server, socket, parser, state, parser.take(events, bytes, length), bytes, length);
}

function onSocketPause() {
  const handle = this._handle;
  if (handle?.reading) {
    handle.reading = false;
    handle.readStop();
  }
}

function onSocketResume() {
  // More requests are not wanted yet.
  if (this._paused) {
    this.pause();
    return;
  }
  const handle = this._handle;
  if (handle && !handle.reading && this.readable) {
    handle.reading = true;
    handle.readStart();
  }
}

function socketSetEncoding() {
  throw new ERR_HTTP_SOCKET_ENCODING();
}

/** More of the waiting responses was written, or sent. */
function updateOutgoingData(socket, state, delta) {
  state.outgoingData += delta;
  if (socket._paused && state.outgoingData < socket.writableHighWaterMark) socketOnDrain(socket, state);
}

function socketOnDrain(socket, state) {
  const needPause = state.outgoingData > socket.writableHighWaterMark;
  // Requests were left unread because their answers were not taken.
  if (socket._paused && !needPause) {
    socket._paused = false;
    socket.resume();
  }
  const message = socket._httpMessage;
  if (message && !message.finished && message.writableNeedDrain) {
    const { kNeedDrain } = require('internal/http/common');
    message[kNeedDrain] = false;
    message.emit('drain');
  }
}

function socketOnTimeout() {
  const req = this.parser?.incoming;
  const reqTimeout = req && !req.complete && req.emit('timeout', this);
  const res = this._httpMessage;
  const resTimeout = res && res.emit('timeout', this);
  const serverTimeout = this.server.emit('timeout', this);
  if (!reqTimeout && !resTimeout && !serverTimeout) this.destroy();
}

function socketOnClose(socket, state) {
  freeParser(socket.parser, null, socket);
  abortIncoming(state.incoming);
}

function abortIncoming(incoming) {
  while (incoming.length > 0) incoming.shift().destroy(new ConnResetException('aborted'));
}

function socketOnEnd(server, socket, parser, state) {
  if (parser.freed) return;
  const error = parser.finish();
  if (error) {
    socketOnError.call(socket, error);
    return;
  }
  if (!server.httpAllowHalfOpen) {
    socket.end();
  } else if (state.outgoing.length > 0) {
    state.outgoing[state.outgoing.length - 1]._last = true;
  } else if (socket._httpMessage) {
    socket._httpMessage._last = true;
  } else {
    socket.end();
  }
}

function socketOnData(server, socket, parser, state, bytes) {
  if (parser.freed || parser.socket !== socket) return;
  if (parser.messageStart === 0) parser.messageStart = getLibuvNow();
  if (state.keepAliveTimeoutSet) resetSocketTimeout(server, socket, state);
  const result = parser.execute(bytes);
  onParsed(server, socket, parser, state, result, bytes, bytes.length);
}

function onParsed(server, socket, parser, state, result, bytes, length) {
  if (typeof result !== 'number') {
    prepareError(result, parser, bytes ?? parser.slice(undefined, 0, length));
    socketOnError.call(socket, result);
    return;
  }
  if (parser.upgraded) {
    const rest = parser.slice(bytes, result, length);
    if (state.upgradeTold) endUpgradeBody(socket, parser, state, rest);
    else takeOver(server, socket, parser, state, rest);
  } else if (state.upgrade !== null && !state.upgradeTold) {
    tellUpgrade(server, socket, parser, state);
  } else if (!parser.freed && parser.messageStart === 0 && parser.native.isBusy()) {
    // The next message has begun with the last bytes.
    parser.messageStart = getLibuvNow();
  }
  if (socket._paused && socket.parser) socket.pause();
}

/** Nothing of the server listens to the socket any more. */
function release(socket, state) {
  unconsume(socket);
  socket.removeListener('data', state.onData);
  socket.removeListener('end', state.onEnd);
  socket.removeListener('close', state.onClose);
  socket.removeListener('drain', state.onDrain);
  socket.removeListener('error', socketOnError);
  socket.removeListener('timeout', socketOnTimeout);
  delete socket.setEncoding;
}

/**
 * The request that asks for an upgrade has a body that is still to come: its new owner hears of the connection now. The body goes
 * from the handle to the parser as before, and the socket reads what follows it.
 */
function tellUpgrade(server, socket, parser, state) {
  const { upgrade: req } = state;
  const { source } = parser;
  // Of a connection without a handle nothing can be taken past its stream: its body is what its new owner reads.
  if (source === null) parser.stopsAtEnd = false;
  release(socket, state);
  if (source === null) {
    freeParser(parser, req, socket);
  } else {
    parser.feedFrom(source, onHandleEvents);
    state.onClose = () => {
      freeParser(parser, req, socket);
      req.destroy(new ConnResetException('aborted'));
    };
    socket.on('close', state.onClose);
  }
  state.upgradeTold = true;
  socket.readableFlowing = null;
  server.emit('upgrade', req, socket, new FastBuffer());
}

/** The body of the request that asked for an upgrade is complete; `rest` came behind it. */
function endUpgradeBody(socket, parser, state, rest) {
  parser.unconsume();
  socket.removeListener('close', state.onClose);
  freeParser(parser, state.upgrade, socket);
  if (rest.length > 0 && !socket.push(rest)) socket._handle?.readStop();
}

/** From here on the connection is its new owner's. */
function takeOver(server, socket, parser, state, head) {
  const req = parser.incoming ?? state.upgrade;
  release(socket, state);
  freeParser(parser, req, socket);
  const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (server.listenerCount(event) === 0) {
    socket.destroy();
    return;
  }
  socket.readableFlowing = null;
  server.emit(event, req, socket, head);
}

const noop = () => {};
const RESPONSES = {
  __proto__: null,
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

function socketOnError(error) {
  // It may come again while it is being handled.
  this.removeListener('error', socketOnError);
  if (this.listenerCount('error', noop) === 0) this.on('error', noop);
  if (this.server.emit('clientError', error, this)) return;
  // Nothing was said yet: an answer is possible.
  if (this.writable && (!this._httpMessage || !this._httpMessage._headerSent)) {
    const status = RESPONSES[error.code] ?? '400 Bad Request';
    this.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, 'latin1');
  }
  this.destroy(error);
}

function resetSocketTimeout(server, socket, state) {
  if (!state.keepAliveTimeoutSet) return;
  state.keepAliveTimeoutSet = false;
  // The timer of an idle connection stays for its next idle time: while `timeout` is 0, it says nothing.
  if (!server.timeout && socket[kTimeout]) socket.timeout = 0;
  else socket.setTimeout(server.timeout || 0);
}

// ---------------------------------------------------------------------------------------------------------------------
// Requests

/** A head is complete. 0 to go on, 2 when the connection becomes another protocol's. */
function parserOnIncoming(server, socket, state, req, keepAlive) {
  resetSocketTimeout(server, socket, state);
  if (req.upgrade) {
    req.upgrade = req.method === 'CONNECT' || Boolean(server.shouldUpgradeCallback(req));
    if (req.upgrade && (req.method === 'CONNECT' || hasNoBody(req))) return 2;
    if (req.upgrade) {
      // Its body is the request's; what comes after that is the other protocol's.
      state.upgrade = req;
      socket.parser.stopsAtEnd = true;
      return 0;
    }
  }
  state.incoming.push(req);
  const startTime = startOfExchange();
  // Answers pile up: no more questions until they are taken.
  if (!socket._paused) {
    if (socket._writableState?.needDrain || state.outgoingData >= socket.writableHighWaterMark) {
      socket._paused = true;
      socket.pause();
    }
  }
  const res = new server[kServerResponse](req, {
    highWaterMark: socket.writableHighWaterMark, rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
  });
  res._keepAliveTimeout = server.keepAliveTimeout;
  res._maxRequestsPerSocket = server.maxRequestsPerSocket;
  res._onPendingData = state.onPendingData;
  res.shouldKeepAlive = keepAlive;
  res[kUniqueHeaders] = server[kUniqueHeaders];
  const channel = subscribedChannel('http.server.request.start');
  if (channel) channel.publish({ request: req, response: res, socket, server });
  if (socket._httpMessage) state.outgoing.push(res);
  else res.assignSocket(socket);
  if (startTime !== undefined) {
    res.on('finish', () => {
      const { method, url, headers } = req;
      const { statusCode, statusMessage } = res;
      reportExchange('HttpRequest', startTime, { method, url, headers }, { statusCode, statusMessage, headers: res.getHeaders() });
    });
  }
  res[kExchange] = { req, state };
  res.on('finish', onResponseFinish);
  if (server[kOptimizeEmptyRequests] && hasNoBody(req)) {
    req._dumpAndCloseReadable();
    req._read();
  }
  handOver(server, socket, state, req, res);
  return 0;
}

function hasNoBody(req) {
  if (req.method === 'HEAD') return true;
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase();
    if (name === 'content-length' || name === 'transfer-encoding') return false;
  }
  return true;
}

/** Which event tells the user of the request. */
function handOver(server, socket, state, req, res) {
  if (req.httpVersionMajor === 1 && req.httpVersionMinor === 1) {
    // RFC 9112 §3.2: a request without Host is malformed.
    if (server.requireHostHeader && req.headers.host === undefined) {
      res.writeHead(400, ['Connection', 'close']);
      res.end();
      return;
    }
    const max = server.maxRequestsPerSocket;
    if (typeof max === 'number' && max > 0) {
      state.requestsCount++;
      res.maxRequestsOnConnectionReached = max <= state.requestsCount;
      if (max < state.requestsCount) {
        server.emit('dropRequest', req, socket);
        res.writeHead(503);
        res.end();
        return;
      }
    }
    const { expect } = req.headers;
    if (expect !== undefined) {
      if (continueExpression.test(expect)) {
        res._expect_continue = true;
        if (server.listenerCount('checkContinue') > 0) {
          server.emit('checkContinue', req, res);
        } else {
          res.writeContinue();
          server.emit('request', req, res);
        }
      } else if (server.listenerCount('checkExpectation') > 0) {
        server.emit('checkExpectation', req, res);
      } else {
        res.writeHead(417);
        res.end();
      }
      return;
    }
  }
  server.emit('request', req, res);
}

function startKeepAliveTimeout(socket, delay) {
  const timer = socket[kTimeout];
  if (timer && timer._idleTimeout === delay && !timer._destroyed) {
    socket.timeout = delay;
    timer.refresh();
  } else {
    socket.setTimeout(delay);
  }
}

/** A response is with the kernel. `this` is the response. */
function onResponseFinish() {
  const { req, state } = this[kExchange];
  resOnFinish(req, this, state.socket, state, state.server);
}

function resOnFinish(req, res, socket, state, server) {
  const channel = subscribedChannel('http.server.response.finish');
  if (channel) channel.publish({ request: req, response: res, socket, server });
  // Responses finish in the order of requests.
  state.incoming.shift();
  // What was not read of the request would be taken for the next one.
  if (!req._consuming) req._dump();
  res.detachSocket(socket);
  clearIncoming(req);
  process.nextTick(emitCloseNT, res);
  if (res._last) {
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  } else if (state.outgoing.length === 0) {
    if (server.keepAliveTimeout > 0 && typeof socket.setTimeout === 'function') {
      startKeepAliveTimeout(socket, server.keepAliveTimeout + server.keepAliveTimeoutBuffer);
      state.keepAliveTimeoutSet = true;
    }
  } else {
    const next = state.outgoing.shift();
    next.assignSocket(socket);
  }
}

/** The connection's parser lets the request go, once it is read. */
function clearIncoming(req) {
  const parser = req.socket?.parser;
  if (!parser || parser.incoming !== req) return;
  if (req.readableEnded) {
    parser.incoming = null;
    // Destroyed by its stream.
  } else {
    req.on('end', clearIncoming.bind(undefined, req));
  }
}

module.exports = {
  Server,
  ServerResponse,
  connectionListener,
  httpServerPreClose,
  kConnectionsCheckingInterval,
  kServerResponse,
  setupConnectionsTracking,
  storeHTTPOptions,
};
