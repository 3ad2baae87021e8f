/** The compatibility API: requests and responses as `http` has them. Node docs: http2, "Compatibility API". */
'use strict';

const { Readable } = require('stream');
const { Stream } = require('internal/stream/legacy');
const {
  codes: {
    ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_INFO_STATUS_NOT_ALLOWED, ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_NO_SOCKET_MANIPULATION, ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED, ERR_HTTP2_STATUS_INVALID, ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HTTP_TOKEN, ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');
const { assertValue, isConnectionHeader, kSensitiveHeaders, tokenExpression } = require('internal/http2/headers');
const constants = require('internal/http2/constants');

const kStream = Symbol('stream');
const kHeaders = Symbol('headers');
const kRawHeaders = Symbol('rawHeaders');
const kTrailers = Symbol('trailers');
const kRawTrailers = Symbol('rawTrailers');
const kState = Symbol('state');
const kProxySocket = Symbol('proxySocket');
const kRequest = Symbol('request');
const kResponse = Symbol('response');
const kAborted = Symbol('aborted');
const kBegin = Symbol('begin');
const kFinish = Symbol('finish');

let statusMessageWarned = false;
let statusConnectionWarned = false;

/** HTTP/2 has no status messages. */
function warnStatusMessage() {
  if (statusMessageWarned) return;
  statusMessageWarned = true;
  process.emitWarning('Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)', 'UnsupportedWarning');
}

function warnConnectionHeader() {
  if (statusConnectionWarned) return;
  statusConnectionWarned = true;
  process.emitWarning(`The provided connection header is not valid, the value will be dropped from the header and will never be in use.`,
                      'UnsupportedWarning');
}

/** What a request and a response show of the socket. */
const socketHandler = {
  has(stream, name) {
    const socket = stream.session === undefined ? stream : stream.session.socket;
    return name in stream || name in socket;
  },
  get(stream, name) {
    switch (name) {
      case 'on': case 'once': case 'end': case 'emit': case 'destroy':
        return stream[name].bind(stream);
      case 'writable': case 'destroyed':
        return stream[name];
      case 'readable': {
        if (stream.destroyed) return false;
        const request = stream[kRequest];
        return request ? request.readable : stream.readable;
      }
      case 'setTimeout': {
        const { session } = stream;
        return session === undefined ? stream.setTimeout.bind(stream) : session.setTimeout.bind(session);
      }
      case 'write': case 'read': case 'pause': case 'resume':
        throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      default: {
        const target = stream.session === undefined ? stream : stream.session.socket;
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      }
    }
  },
  getPrototypeOf(stream) {
    return stream.session === undefined ? Reflect.getPrototypeOf(stream) : Reflect.getPrototypeOf(stream.session.socket);
  },
  set(stream, name, value) {
    switch (name) {
      case 'writable': case 'readable': case 'destroyed': case 'on': case 'once': case 'end': case 'emit': case 'destroy':
        stream[name] = value;
        return true;
      case 'setTimeout': {
        const { session } = stream;
        if (session === undefined) stream.setTimeout = value;
        else session.setTimeout = value;
        return true;
      }
      case 'write': case 'read': case 'pause': case 'resume':
        throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      default: {
        const target = stream.session === undefined ? stream : stream.session.socket;
        target[name] = value;
        return true;
      }
    }
  },
};

// ---------------------------------------------------------------------------------------------------------------------
// Requests

function onStreamData(chunk) {
  const request = this[kRequest];
  if (request !== undefined && !request.push(chunk)) this.pause();
}

function onStreamTrailers(trailers, flags, rawTrailers) {
  const request = this[kRequest];
  if (request === undefined) return;
  Object.assign(request[kTrailers], trailers);
  request[kRawTrailers].push(...rawTrailers);
}

function onStreamEnd() {
  const request = this[kRequest];
  if (request !== undefined) request.push(null);
}

function onStreamAbortedRequest() {
  const request = this[kRequest];
  if (request !== undefined && request[kState].closed === false) {
    request[kAborted] = true;
    request.emit('aborted');
  }
}

function onRequestClose() {
  const request = this[kRequest];
  if (request === undefined) return;
  const state = request[kState];
  state.closed = true;
  request.push(null);
  request[kStream] = this;
  const finish = () => {
    request[kAborted] ||= this.aborted;
    if (!request.destroyed) request.destroy();
  };
  // Somebody who did not read still hears of the end.
  if (!state.didRead && request.readableFlowing === null) {
    request.resume();
    setImmediate(finish);
  } else {
    process.nextTick(finish);
  }
}

class Http2ServerRequest extends Readable {
  constructor(stream, headers, options, rawHeaders) {
    super({ autoDestroy: false, ...options });
    this[kState] = { closed: false, didRead: false };
    this[kHeaders] = headers;
    this[kRawHeaders] = rawHeaders;
    this[kTrailers] = {};
    this[kRawTrailers] = [];
    this[kStream] = stream;
    this[kAborted] = false;
    stream[kProxySocket] = null;
    stream[kRequest] = this;
    stream.on('trailers', onStreamTrailers);
    stream.on('end', onStreamEnd);
    stream.on('error', () => {});
    stream.on('aborted', onStreamAbortedRequest);
    stream.on('close', onRequestClose);
    stream.on('timeout', () => this.emit('timeout'));
    this.on('pause', () => { if (!this[kState].closed) stream.pause(); });
    this.on('resume', () => { if (!this[kState].closed && this[kState].didRead) stream.resume(); });
  }

  get aborted() { return this[kAborted]; }
  get complete() { return this[kAborted] || this.readableEnded || this[kState].closed || this[kStream].destroyed; }
  get stream() { return this[kStream]; }
  get headers() { return this[kHeaders]; }
  get rawHeaders() { return this[kRawHeaders]; }
  get trailers() { return this[kTrailers]; }
  get rawTrailers() { return this[kRawTrailers]; }
  get httpVersionMajor() { return 2; }
  get httpVersionMinor() { return 0; }
  get httpVersion() { return '2.0'; }

  get socket() {
    const stream = this[kStream];
    return stream[kProxySocket] ??= new Proxy(stream, socketHandler);
  }

  get connection() { return this.socket; }

  _read() {
    const state = this[kState];
    if (!state.didRead) {
      state.didRead = true;
      this[kStream].on('data', onStreamData);
    } else {
      process.nextTick(() => this[kStream].resume());
    }
  }

  get method() { return this[kHeaders][':method']; }
  set method(method) {
    validateString(method, 'method');
    if (method.trim() === '') throw new ERR_INVALID_ARG_VALUE('method', method);
    this[kHeaders][':method'] = method;
  }

  get authority() { return this[kHeaders][':authority'] ?? this[kHeaders].host; }
  get scheme() { return this[kHeaders][':scheme']; }
  get url() { return this[kHeaders][':path']; }
  set url(url) { this[kHeaders][':path'] = url; }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this[kStream].setTimeout(msecs, callback);
    return this;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Responses

class Http2ServerResponse extends Stream {
  constructor(stream, options) {
    super(options);
    this[kState] = { closed: false, ending: false, destroyed: false, headRequest: false, sendDate: true, statusCode: 200 };
    this[kHeaders] = { __proto__: null };
    this[kTrailers] = { __proto__: null };
    this[kStream] = stream;
    stream[kProxySocket] = null;
    stream[kResponse] = this;
    this.writable = true;
    this.req = stream[kRequest];
    stream.on('drain', () => this.emit('drain'));
    stream.on('close', () => this.#closed());
    stream.on('wantTrailers', () => stream.sendTrailers(this[kTrailers]));
    stream.on('timeout', () => this.emit('timeout'));
  }

  #closed() {
    const state = this[kState];
    if (state.closed) return;
    state.closed = true;
    this[kProxySocket] = null;
    this[kFinish]();
    this.emit('close');
  }

  get _header() { return this.headersSent; }
  get writableEnded() { return this[kState].ending; }
  get finished() { return this[kState].ending; }
  get socket() {
    // A closed stream has no socket.
    if (this[kState].closed) return undefined;
    const stream = this[kStream];
    return stream[kProxySocket] ??= new Proxy(stream, socketHandler);
  }
  get connection() { return this.socket; }
  get stream() { return this[kStream]; }
  get headersSent() { return this[kStream].headersSent; }
  get sendDate() { return this[kState].sendDate; }
  set sendDate(value) { this[kState].sendDate = Boolean(value); }
  get writableCorked() { return this[kStream].writableCorked; }
  get writableHighWaterMark() { return this[kStream].writableHighWaterMark; }
  get writableFinished() { return this[kStream].writableFinished; }
  get writableLength() { return this[kStream].writableLength; }
  get writableNeedDrain() { return this[kStream].writableNeedDrain; }
  get writableObjectMode() { return false; }

  get statusCode() { return this[kState].statusCode; }
  set statusCode(code) {
    code |= 0;
    if (code >= 100 && code < 200) throw new ERR_HTTP2_INFO_STATUS_NOT_ALLOWED();
    if (code < 100 || code > 599) throw new ERR_HTTP2_STATUS_INVALID(code);
    this[kState].statusCode = code;
  }

  get statusMessage() {
    warnStatusMessage();
    return '';
  }
  set statusMessage(value) { warnStatusMessage(); }

  setTrailer(name, value) {
    validateString(name, 'name');
    name = name.trim().toLowerCase();
    if (!tokenExpression.test(name)) throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
    assertValue(name, value);
    this[kTrailers][name] = value;
  }

  addTrailers(headers) {
    for (const name of Object.keys(headers)) this.setTrailer(name, headers[name]);
  }

  getHeader(name) {
    validateString(name, 'name');
    return this[kHeaders][name.trim().toLowerCase()];
  }

  getHeaderNames() { return Object.keys(this[kHeaders]); }
  getHeaders() { return Object.assign({ __proto__: null }, this[kHeaders]); }

  hasHeader(name) {
    validateString(name, 'name');
    return Object.hasOwn(this[kHeaders], name.trim().toLowerCase());
  }

  removeHeader(name) {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    name = name.trim().toLowerCase();
    if (name === 'date') this[kState].sendDate = false;
    delete this[kHeaders][name];
  }

  setHeader(name, value) {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    this.#set(name, value);
  }

  #set(name, value) {
    name = name.trim().toLowerCase();
    assertValue(name, value);
    if (isConnectionHeader(name, value)) {
      warnConnectionHeader();
      return;
    }
    if (name[0] === ':') throw new ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED();
    if (name === '' || !tokenExpression.test(name)) throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
    this[kHeaders][name] = value;
  }

  setHeaders(headers) {
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (!headers || Array.isArray(headers) || typeof headers.keys !== 'function' || typeof headers.get !== 'function') {
      const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
      throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    }
    for (const name of headers.keys()) this.setHeader(name, headers.get(name));
    return this;
  }

  appendHeader(name, value) {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    name = name.trim().toLowerCase();
    const before = this[kHeaders][name];
    this.#set(name, before === undefined ? value : [].concat(before, value));
  }

  flushHeaders() {
    if (!this[kState].closed && !this[kStream].headersSent) this.writeHead(this[kState].statusCode);
  }

  writeHead(statusCode, statusMessage, headers) {
    const state = this[kState];
    if (state.closed || state.ended || this[kStream].destroyed || this[kStream].closed) return this;
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (typeof statusMessage === 'string') warnStatusMessage();
    if (headers === undefined && typeof statusMessage === 'object') headers = statusMessage;
    if (Array.isArray(headers)) {
      if (headers.length % 2 === 1 && !Array.isArray(headers[0])) throw new ERR_INVALID_ARG_VALUE('headers', headers);
      const pairs = Array.isArray(headers[0]) ? headers : undefined;
      const flat = pairs ? pairs.flat() : headers;
      for (let i = 0; i < flat.length; i += 2) delete this[kHeaders][String(flat[i]).trim().toLowerCase()];
      for (let i = 0; i < flat.length; i += 2) {
        const name = String(flat[i]).trim().toLowerCase();
        const before = this[kHeaders][name];
        this.#set(flat[i], before === undefined ? flat[i + 1] : [].concat(before, flat[i + 1]));
      }
    } else if (typeof headers === 'object' && headers !== null) {
      for (const name of Object.keys(headers)) this.#set(name, headers[name]);
      if (headers[kSensitiveHeaders]) this[kHeaders][kSensitiveHeaders] = headers[kSensitiveHeaders];
    }
    state.statusCode = statusCode;
    this[kBegin]();
    return this;
  }

  cork() { this[kStream].cork(); }
  uncork() { this[kStream].uncork(); }

  write(chunk, encoding, callback) {
    const state = this[kState];
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    let error;
    if (state.ending) error = new ERR_STREAM_WRITE_AFTER_END();
    else if (state.closed) error = new ERR_HTTP2_INVALID_STREAM();
    else if (state.destroyed) return false;
    if (error) {
      if (typeof callback === 'function') process.nextTick(callback, error);
      this.destroy(error);
      return false;
    }
    const stream = this[kStream];
    if (!stream.headersSent) this.writeHead(state.statusCode);
    return stream.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    const stream = this[kStream];
    const state = this[kState];
    if (typeof chunk === 'function') {
      callback = chunk;
      chunk = null;
    } else if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    if ((state.closed || state.ending) && state.headRequest === stream.headRequest) {
      if (typeof callback === 'function') process.nextTick(callback);
      return this;
    }
    if (chunk !== null && chunk !== undefined) this.write(chunk, encoding);
    state.headRequest = stream.headRequest;
    state.ending = true;
    if (typeof callback === 'function') {
      if (this.#finished) process.nextTick(callback);
      else if (stream.writableEnded) this.once('finish', callback);
      else stream.once('finish', callback);
    }
    if (!stream.headersSent) this.writeHead(this[kState].statusCode);
    if (this[kState].closed || stream.destroyed) {
      this.#onFinish();
    } else {
      stream.end();
      // The stream of a HEAD request was through before.
      if (stream.writableFinished) process.nextTick(() => this.#onFinish());
      else stream.once('finish', () => this.#onFinish());
    }
    return this;
  }

  #finished = false;

  #onFinish() {
    this[kFinish]();
  }

  [kFinish]() {
    const stream = this[kStream];
    const state = this[kState];
    if (this.#finished || (stream.headRequest !== state.headRequest && !state.closed)) return;
    this.#finished = true;
    state.ended = true;
    this.emit('finish');
  }

  destroy(error) {
    if (this[kState].destroyed) return this;
    this[kState].destroyed = true;
    this[kStream].destroy(error);
    return this;
  }

  setTimeout(msecs, callback) {
    if (!this[kState].closed) this[kStream].setTimeout(msecs, callback);
    return this;
  }

  /** Node docs: response.createPushResponse. */
  createPushResponse(headers, callback) {
    validateFunction(callback, 'callback');
    if (this[kState].closed) {
      const error = new ERR_HTTP2_INVALID_STREAM();
      process.nextTick(callback, error);
      return;
    }
    this[kStream].pushStream(headers, {}, (error, stream, pushHeaders, options) => {
      if (error) {
        callback(error);
        return;
      }
      callback(null, new Http2ServerResponse(stream));
    });
  }

  [kBegin]() {
    const state = this[kState];
    const headers = this[kHeaders];
    headers[':status'] = state.statusCode;
    const options = { endStream: state.ending, waitForTrailers: true, sendDate: state.sendDate };
    this[kStream].respond(headers, options);
    delete headers[':status'];
  }

  /** Node docs: response.writeContinue. */
  writeContinue() {
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ':status': 100 });
    return true;
  }

  writeInformation(statusCode, headers) {
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ...headers, ':status': statusCode });
    return true;
  }

  /** Node docs: response.writeEarlyHints. */
  writeEarlyHints(hints) {
    const { validateObject } = require('internal/validators');
    validateObject(hints, 'hints');
    const headers = { __proto__: null };
    const { linkValue } = require('internal/http/response');
    for (const key of Object.keys(hints)) if (key !== 'link') headers[key] = hints[key];
    if (hints.link === undefined || hints.link === null) return false;
    const link = linkValue(hints);
    if (link.length === 0) return false;
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ...headers, ':status': 103, 'link': link });
    return true;
  }
}

/** A server with a 'request' listener: each stream becomes a request and a response. */
function onServerStream(ServerRequest, ServerResponse, stream, headers, flags, rawHeaders) {
  const server = this;
  const request = new ServerRequest(stream, headers, undefined, rawHeaders);
  const response = new ServerResponse(stream);
  // RFC 9110 §10.1.1
  if (headers[':method'] === 'CONNECT' && headers[':protocol'] === undefined) {
    if (!server.emit('connect', request, response)) {
      response.statusCode = constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
      response.end();
    }
    return;
  }
  if (headers.expect !== undefined) {
    if (headers.expect === '100-continue') {
      if (server.listenerCount('checkContinue')) {
        server.emit('checkContinue', request, response);
      } else {
        response.writeContinue();
        server.emit('request', request, response);
      }
    } else if (server.listenerCount('checkExpectation')) {
      server.emit('checkExpectation', request, response);
    } else {
      response.statusCode = constants.HTTP_STATUS_EXPECTATION_FAILED;
      response.end();
    }
    return;
  }
  server.emit('request', request, response);
}

module.exports = { Http2ServerRequest, Http2ServerResponse, onServerStream };
