/**
 * `http.OutgoingMessage`: what requests of a client and responses of a server share: headers, framing, order.
 *
 * A message may be written before it has its socket (responses that wait for earlier ones, requests that wait for a
 * connection): what is written meanwhile waits in `outputData`. The head is text in `_header` and goes out with the first
 * piece of the body, in one write.
 */
'use strict';

const Stream = require('internal/stream/legacy').Stream;
const { getDefaultHighWaterMark } = require('internal/stream/state');
const {
  codes: {
    ERR_HTTP_BODY_NOT_ALLOWED, ERR_HTTP_CONTENT_LENGTH_MISMATCH, ERR_HTTP_HEADERS_SENT, ERR_HTTP_INVALID_HEADER_VALUE,
    ERR_HTTP_TRAILER_INVALID, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN,
    ERR_METHOD_NOT_IMPLEMENTED, ERR_STREAM_ALREADY_FINISHED, ERR_STREAM_CANNOT_PIPE, ERR_STREAM_DESTROYED,
    ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const {
  CRLF, checkInvalidHeaderChar, checkIsHttpToken, chunkExpression, isLenient, kNeedDrain, kOutHeaders, utcDate,
} = require('internal/http/common');

const kChunkedBuffer = Symbol('kChunkedBuffer');
const kChunkedLength = Symbol('kChunkedLength');
const kBytesWritten = Symbol('kBytesWritten');
const kCorked = Symbol('corked');
/** Whether one of the corks is that of the turn. */
const kTurnCork = Symbol('turn-cork');
const kErrored = Symbol('errored');
const kHighWaterMark = Symbol('kHighWaterMark');
const kRejectNonStandardBodyWrites = Symbol('kRejectNonStandardBodyWrites');
const kSocket = Symbol('kSocket');
const kUniqueHeaders = Symbol('kUniqueHeaders');
const kWritableFinished = Symbol('kWritableFinished');
/** The head must go out as Latin-1, apart from a body in UTF-8. */
const kLatin1Header = Symbol('kLatin1Header');

const connectionClose = /(?:^|\W)close(?:$|\W)/i;
const nop = () => {};

function OutgoingMessage(options) {
  Stream.call(this);
  this.outputData = [];
  this.outputSize = 0;
  this.writable = true;
  this.destroyed = false;
  this._last = false;
  this.chunkedEncoding = false;
  this.shouldKeepAlive = true;
  this.maxRequestsOnConnectionReached = false;
  this._defaultKeepAlive = true;
  this.useChunkedEncodingByDefault = true;
  this.sendDate = false;
  this._removedConnection = false;
  this._removedContLen = false;
  this._removedTE = false;
  this.strictContentLength = false;
  this[kBytesWritten] = 0;
  this._contentLength = null;
  this._hasBody = true;
  this._trailer = '';
  this[kNeedDrain] = false;
  this.finished = false;
  this._headerSent = false;
  this[kCorked] = 0;
  this[kChunkedBuffer] = undefined;
  this[kChunkedLength] = 0;
  this[kTurnCork] = false;
  this._closed = false;
  this[kSocket] = null;
  this._header = null;
  this[kOutHeaders] = null;
  this._keepAliveTimeout = 0;
  this._onPendingData = nop;
  this[kErrored] = null;
  this[kWritableFinished] = false;
  this[kHighWaterMark] = options?.highWaterMark ?? getDefaultHighWaterMark(false);
  this[kRejectNonStandardBodyWrites] = options?.rejectNonStandardBodyWrites ?? false;
  this[kLatin1Header] = false;
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

function accessor(name, get, set) {
  Object.defineProperty(OutgoingMessage.prototype, name, {
    __proto__: null, configurable: name === 'headersSent', enumerable: name === 'headersSent', get, set,
  });
}

accessor('errored', function() { return this[kErrored]; });
accessor('closed', function() { return this._closed; });
accessor('writableFinished', function() {
  return this.finished && this.outputSize === 0 && (!this.socket || this.socket.writableLength === 0);
});
accessor('writableObjectMode', () => false);
accessor('writableLength', function() {
  const collected = this[kChunkedLength];
  let framed = 0;
  if (this[kChunkedBuffer] !== undefined && !this._headerSent) framed += this._header.length;
  if (collected > 0) framed += collected + collected.toString(16).length + 4;
  return this.outputSize + framed + (this.socket ? this.socket.writableLength : 0);
});
accessor('writableHighWaterMark', function() {
  return this.socket ? this.socket.writableHighWaterMark : this[kHighWaterMark];
});
accessor('writableCorked', function() { return this[kCorked]; });
accessor('connection', function() { return this[kSocket]; }, function(value) { this.socket = value; });
accessor('headersSent', function() { return Boolean(this._header); });
accessor('writableEnded', function() { return this.finished; });
accessor('writableNeedDrain', function() { return !this.destroyed && !this.finished && this[kNeedDrain]; });
Object.defineProperty(OutgoingMessage.prototype, 'socket', {
  __proto__: null,
  get() { return this[kSocket]; },
  set(value) {
    for (let n = 0; n < this[kCorked]; n++) {
      value?.cork();
      this[kSocket]?.uncork();
    }
    this[kSocket] = value;
  },
});

/** Whether values of headers may have what Fetch allows. A response does as its server does. Node docs: httpValidation. */
OutgoingMessage.prototype._isLenientHeaderValidation = function _isLenientHeaderValidation() {
  const { httpValidation, insecureHTTPParser } = this.req?.socket?.server ?? this;
  if (httpValidation !== undefined) return httpValidation !== 'strict';
  return typeof insecureHTTPParser === 'boolean' ? insecureHTTPParser : isLenient();
};

OutgoingMessage.prototype._renderHeaders = function _renderHeaders() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  const headersMap = this[kOutHeaders];
  const headers = {};
  if (headersMap !== null) for (const key of Object.keys(headersMap)) headers[headersMap[key][0]] = headersMap[key][1];
  return headers;
};

OutgoingMessage.prototype.cork = function cork() {
  this[kCorked]++;
  if (this[kSocket]) this[kSocket].cork();
};

OutgoingMessage.prototype.uncork = function uncork() {
  if (this[kCorked] > 0) this[kCorked]--;
  // Within the socket's cork, so that head and chunk are one write.
  if (this[kCorked] === 0 && this[kChunkedBuffer] !== undefined) flushChunks(this, false);
  if (this[kSocket]) this[kSocket].uncork();
};

/** What was written while corked goes out as one chunk: all of a turn, as the first write of one corks until its end. */
function flushChunks(msg, ofTurn) {
  const pieces = msg[kChunkedBuffer];
  const length = msg[kChunkedLength];
  msg[kChunkedBuffer] = undefined;
  msg[kChunkedLength] = 0;
  let text = '';
  let common;
  const callbacks = [];
  for (const { data, encoding, callback } of pieces) {
    if (callback !== nop) callbacks.push(callback);
    common ??= encoding || 'utf8';
    if (ofTurn && text !== undefined && typeof data === 'string' && (encoding || 'utf8') === common) text += data;
    else text = undefined;
  }
  const done = callbacks.length === 0 ? nop : (error) => {
    for (const callback of callbacks) callback(error);
  };
  if (length === 0) {
    // A chunk of nothing would be the last one: only who wrote it hears of it.
    if (msg._send('', 'latin1', done)) drainLater(msg);
    return;
  }
  const size = length.toString(16);
  if (text !== undefined && (common === 'utf8' || common === 'latin1')) {
    if (msg._send(`${size}\r\n${text}\r\n`, common, done, length + size.length + 4)) drainLater(msg);
    return;
  }
  msg._send(size, 'latin1', null);
  msg._send(CRLF, 'latin1', null);
  for (const { data, encoding } of pieces) msg._send(data, encoding, null);
  if (msg._send(CRLF, 'latin1', done)) drainLater(msg);
}

/** What was collected was too much for the message, but not for its socket, which will not tell of a 'drain' then. */
function drainLater(msg) {
  if (msg[kNeedDrain]) process.nextTick(emitDrain, msg);
}

function emitDrain(msg) {
  if (!msg[kNeedDrain] || msg.finished || msg.destroyed) return;
  msg[kNeedDrain] = false;
  msg.emit('drain');
}

OutgoingMessage.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  if (this[kSocket]) {
    this[kSocket].setTimeout(msecs);
  } else {
    this.once('socket', function(socket) {
      socket.setTimeout(msecs);
    });
  }
  return this;
};

OutgoingMessage.prototype.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  this[kErrored] = error;
  if (this[kSocket]) {
    this[kSocket].destroy(error);
  } else {
    this.once('socket', function(socket) {
      socket.destroy(error);
    });
  }
  return this;
};

// ---------------------------------------------------------------------------------------------------------------------
// Sending

/** Sends a piece of the body, the head before it if it is still to go. */
OutgoingMessage.prototype._send = function _send(data, encoding, callback, byteLength) {
  if (!this._headerSent) {
    this._headerSent = true;
    const header = this._header ?? '';
    if (typeof data === 'string' && !this[kLatin1Header] && (encoding === 'utf8' || encoding === 'latin1' || !encoding)) {
      data = header + data;
    } else if (this.outputData.length === 0 && canWriteNow(this)) {
      // One write: the socket holds the head until the body is there.
      const socket = this[kSocket];
      socket.cork();
      socket.write(header, 'latin1');
      const result = socket.write(data, encoding, callback);
      socket.uncork();
      return result;
    } else {
      this.outputData.unshift({ data: header, encoding: 'latin1', callback: null });
      this.outputSize += header.length;
      this._onPendingData(header.length);
    }
  }
  return this._writeRaw(data, encoding, callback, byteLength);
};

function canWriteNow(msg) {
  const socket = msg[kSocket];
  return socket !== null && socket !== undefined && socket._httpMessage === msg && socket.writable;
}

OutgoingMessage.prototype._writeRaw = function _writeRaw(data, encoding, callback, byteLength) {
  const socket = this[kSocket];
  if (socket && socket.destroyed) {
    // The connection is gone, and its 'close' tells.
    return false;
  }
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (socket && socket._httpMessage === this && socket.writable) {
    if (this.outputData.length > 0) this._flushOutput(socket);
    return socket.write(data, encoding, callback);
  }
  this.outputData.push({ data, encoding, callback });
  const size = byteLength ?? data.length;
  this.outputSize += size;
  this._onPendingData(size);
  return this.outputSize < this[kHighWaterMark];
};

OutgoingMessage.prototype._flush = function _flush() {
  const socket = this[kSocket];
  if (!socket?.writable) return;
  const result = this._flushOutput(socket);
  if (this.finished) {
    this._finish();
  } else if (result && this[kNeedDrain]) {
    this[kNeedDrain] = false;
    this.emit('drain');
  }
};

OutgoingMessage.prototype._flushOutput = function _flushOutput(socket) {
  const list = this.outputData;
  if (list.length === 0) return undefined;
  let result;
  socket.cork();
  for (const { data, encoding, callback } of list) result = socket.write(data, encoding, callback);
  socket.uncork();
  this.outputData = [];
  this._onPendingData(-this.outputSize);
  this.outputSize = 0;
  return result;
};

OutgoingMessage.prototype._finish = function _finish() {
  this.emit('prefinish');
};

OutgoingMessage.prototype._implicitHeader = function _implicitHeader() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
};

OutgoingMessage.prototype.flushHeaders = function flushHeaders() {
  if (!this._header) this._implicitHeader();
  this._send('');
};

// ---------------------------------------------------------------------------------------------------------------------
// The head

/** What the given headers say about framing, and their text. */
class HeaderText {
  text;
  connection = false;
  contentLength = false;
  transferEncoding = false;
  date = false;
  expect = false;
  trailer = false;
  constructor(firstLine) {
    this.text = firstLine;
  }
}

function addHeader(msg, head, key, value, validate) {
  if (validate) validateHeaderName(key);
  if (Array.isArray(value)) {
    const unique = msg[kUniqueHeaders];
    const lower = key.toLowerCase();
    const joins = (value.length < 2 || !unique?.has(lower)) && lower !== 'cookie';
    if (joins) {
      for (let i = 0; i < value.length; i++) addLine(msg, head, key, value[i], validate);
      return;
    }
    value = value.join('; ');
  }
  addLine(msg, head, key, value, validate);
}

function addLine(msg, head, key, value, validate) {
  if (validate) checkValue(msg, key, value);
  head.text += `${key}: ${value}${CRLF}`;
  switch (key.length) {
    case 4:
      if (isField(key, 'date')) head.date = true;
      break;
    case 6:
      if (isField(key, 'expect')) head.expect = true;
      break;
    case 7:
      if (isField(key, 'trailer')) head.trailer = true;
      break;
    case 10:
      if (isField(key, 'connection')) {
        head.connection = true;
        msg._removedConnection = false;
        if (connectionClose.test(value)) msg._last = true;
        else msg.shouldKeepAlive = true;
      } else if (isField(key, 'keep-alive')) {
        msg._defaultKeepAlive = false;
      }
      break;
    case 14:
      if (isField(key, 'content-length')) {
        head.contentLength = true;
        msg._contentLength = +value;
        msg._removedContLen = false;
      }
      break;
    case 17:
      if (isField(key, 'transfer-encoding')) {
        head.transferEncoding = true;
        msg._removedTE = false;
        if (chunkExpression.test(value)) msg.chunkedEncoding = true;
      }
      break;
    case 19:
      // File names are sent as the bytes that they are given as.
      if (isField(key, 'content-disposition') && /[\x80-\xff]/.test(value)) msg[kLatin1Header] = true;
      break;
    default:
  }
}

function isField(key, lower) {
  return key === lower || key.toLowerCase() === lower;
}

/**
 * Makes the text of the head of a first line and of headers: the map of setHeader, an object, or a list.
 *
 * RFC 9112 §6: a message has a length, is chunked, or ends with the connection.
 */
OutgoingMessage.prototype._storeHeader = function _storeHeader(firstLine, headers) {
  const head = new HeaderText(firstLine);
  if (headers) {
    if (headers === this[kOutHeaders]) {
      for (const key in headers) {
        const entry = headers[key];
        addHeader(this, head, entry[0], entry[1], false);
      }
    } else if (Array.isArray(headers)) {
      addHeaderList(this, head, headers);
    } else {
      for (const key in headers) if (Object.hasOwn(headers, key)) addHeader(this, head, key, headers[key], true);
    }
  }
  if (this.sendDate && !head.date) head.text += `Date: ${utcDate()}${CRLF}`;
  // What must not have a body cannot be chunked either; such a connection is not used again.
  if (this.chunkedEncoding && (this.statusCode === 204 || this.statusCode === 304)) {
    this.chunkedEncoding = false;
    this.shouldKeepAlive = false;
  }
  addConnection(this, head);
  addFraming(this, head);
  if (this.chunkedEncoding !== true && head.trailer) throw new ERR_HTTP_TRAILER_INVALID();
  this._header = head.text + CRLF;
  this._headerSent = false;
  // Who expects "100 Continue" waits for the answer before there is a body.
  if (head.expect) this._send('');
};

function addHeaderList(msg, head, headers) {
  if (headers.length > 0 && Array.isArray(headers[0])) {
    for (const [key, value] of headers) addHeader(msg, head, key, value, true);
    return;
  }
  if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
  for (let i = 0; i < headers.length; i += 2) addHeader(msg, head, headers[i], headers[i + 1], true);
}

function addConnection(msg, head) {
  if (msg._removedConnection) {
    // Without the header HTTP/1.1 means keep-alive.
    msg._last = !msg.shouldKeepAlive;
    return;
  }
  if (head.connection) return;
  const keep = msg.shouldKeepAlive && (head.contentLength || msg.useChunkedEncodingByDefault || msg.agent);
  if (msg.maxRequestsOnConnectionReached) {
    head.text += 'Connection: close\r\n';
  } else if (keep) {
    head.text += 'Connection: keep-alive\r\n';
    if (msg._keepAliveTimeout && msg._defaultKeepAlive) {
      const seconds = Math.floor(msg._keepAliveTimeout / 1000);
      const max = ~~msg._maxRequestsPerSocket > 0 ? `, max=${msg._maxRequestsPerSocket}` : '';
      head.text += `Keep-Alive: timeout=${seconds}${max}\r\n`;
    }
  } else {
    msg._last = true;
    head.text += 'Connection: close\r\n';
  }
}

function addFraming(msg, head) {
  if (head.contentLength || head.transferEncoding) return;
  if (!msg._hasBody) {
    msg.chunkedEncoding = false;
  } else if (!msg.useChunkedEncodingByDefault) {
    msg._last = true;
  } else if (!head.trailer && !msg._removedContLen && typeof msg._contentLength === 'number') {
    head.text += `Content-Length: ${msg._contentLength}\r\n`;
  } else if (!msg._removedTE) {
    head.text += 'Transfer-Encoding: chunked\r\n';
    msg.chunkedEncoding = true;
  } else {
    // The end of the connection is the end of the body.
    msg._last = true;
  }
}

/** Node docs: http.validateHeaderName. */
function validateHeaderName(name, label) {
  if (typeof name !== 'string' || !name || !checkIsHttpToken(name)) throw new ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
}

/** Node docs: http.validateHeaderValue. */
function validateHeaderValue(name, value) {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (checkInvalidHeaderChar(value)) throw new ERR_INVALID_CHAR('header content', name);
}

/** As above, but by the rules of `msg`. */
function checkValue(msg, name, value) {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (!checkInvalidHeaderChar(value)) return;
  if (!msg._isLenientHeaderValidation() || invalidEvenLenient.test(value)) throw new ERR_INVALID_CHAR('header content', name);
}

/** What no value may have, by Fetch: ends of lines, NUL, and what is no byte. */
const invalidEvenLenient = /[^\x01-\x09\x0b\x0c\x0e-\xff]/;

/** The option `uniqueHeaders`: names, or lists of a name; null for none. */
function parseUniqueHeadersOption(headers) {
  if (!Array.isArray(headers)) return null;
  const unique = new Set();
  for (const name of headers) unique.add(name.toLowerCase());
  return unique;
}

OutgoingMessage.prototype.setHeader = function setHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  validateHeaderName(name);
  checkValue(this, name, value);
  let headers = this[kOutHeaders];
  if (headers === null) this[kOutHeaders] = headers = { __proto__: null };
  headers[name.toLowerCase()] = [name, value];
  return this;
};

OutgoingMessage.prototype.setHeaders = function setHeaders(headers) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  if (!headers || Array.isArray(headers) || typeof headers.keys !== 'function' || typeof headers.get !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
  }
  // Headers gives each cookie on its own; together they are one header here.
  const cookies = [];
  for (const [key, value] of headers) {
    if (key === 'set-cookie') {
      if (Array.isArray(value)) cookies.push(...value);
      else cookies.push(value);
      continue;
    }
    this.setHeader(key, value);
  }
  if (cookies.length > 0) this.setHeader('set-cookie', cookies);
  return this;
};

OutgoingMessage.prototype.appendHeader = function appendHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('append');
  validateHeaderName(name);
  if (Array.isArray(value)) for (const item of value) checkValue(this, name, item);
  else checkValue(this, name, value);
  const field = name.toLowerCase();
  const headers = this[kOutHeaders];
  if (headers === null || !headers[field]) return this.setHeader(name, value);
  if (!Array.isArray(headers[field][1])) headers[field][1] = [headers[field][1]];
  else headers[field][1] = [...headers[field][1]];
  if (Array.isArray(value)) headers[field][1].push(...value);
  else headers[field][1].push(value);
  return this;
};

OutgoingMessage.prototype.getHeader = function getHeader(name) {
  validateString(name, 'name');
  const headers = this[kOutHeaders];
  return headers === null ? undefined : headers[name.toLowerCase()]?.[1];
};

OutgoingMessage.prototype.getHeaderNames = function getHeaderNames() {
  return this[kOutHeaders] === null ? [] : Object.keys(this[kOutHeaders]);
};

OutgoingMessage.prototype.getRawHeaderNames = function getRawHeaderNames() {
  return this[kOutHeaders] === null ? [] : Object.values(this[kOutHeaders]).map((entry) => entry[0]);
};

OutgoingMessage.prototype.getHeaders = function getHeaders() {
  const result = { __proto__: null };
  const headers = this[kOutHeaders];
  if (headers) for (const key of Object.keys(headers)) result[key] = headers[key][1];
  return result;
};

OutgoingMessage.prototype.hasHeader = function hasHeader(name) {
  validateString(name, 'name');
  return this[kOutHeaders] !== null && Boolean(this[kOutHeaders][name.toLowerCase()]);
};

OutgoingMessage.prototype.removeHeader = function removeHeader(name) {
  validateString(name, 'name');
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('remove');
  const key = name.toLowerCase();
  switch (key) {
    case 'connection': this._removedConnection = true; break;
    case 'content-length': this._removedContLen = true; break;
    case 'transfer-encoding': this._removedTE = true; break;
    case 'date': this.sendDate = false; break;
    default:
  }
  if (this[kOutHeaders] !== null) delete this[kOutHeaders][key];
};

OutgoingMessage.prototype.addTrailers = function addTrailers(headers) {
  this._trailer = '';
  const isArray = Array.isArray(headers);
  const keys = isArray ? [...headers.keys()] : Object.keys(headers);
  for (const key of keys) {
    const [field, value] = isArray ? headers[key] : [key, headers[key]];
    validateHeaderName(field, 'Trailer name');
    for (const item of Array.isArray(value) && value.length > 1 && !this[kUniqueHeaders]?.has(field.toLowerCase()) ? value :
      [Array.isArray(value) ? value.join('; ') : value]) {
      if (checkInvalidHeaderChar(item)) throw new ERR_INVALID_CHAR('trailer content', field);
      this._trailer += `${field}: ${item}${CRLF}`;
    }
  }
};

// ---------------------------------------------------------------------------------------------------------------------
// The body

function onErrorNT(msg, error, callback) {
  callback(error);
  if (typeof msg.emit === 'function' && !msg.destroyed) msg.emit('error', error);
}

function failWrite(msg, error, callback) {
  if (typeof callback !== 'function') callback = nop;
  process.nextTick(onErrorNT, msg, error, callback);
}

function uncorkNT(msg) {
  const ofTurn = msg[kTurnCork];
  msg[kTurnCork] = false;
  // Alone, it has the pieces go out as one text.
  if (ofTurn && msg[kCorked] === 1 && msg[kChunkedBuffer] !== undefined) flushChunks(msg, true);
  msg.uncork();
}

function byteLengthOf(chunk, encoding) {
  return typeof chunk === 'string' ? require('buffer').Buffer.byteLength(chunk, encoding) : chunk.byteLength;
}

function checkChunk(chunk) {
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if (typeof chunk === 'string') return;
  if (!(chunk instanceof Uint8Array)) throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
}

OutgoingMessage.prototype.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const result = writeBody(this, chunk, encoding, callback, false);
  if (!result) this[kNeedDrain] = true;
  return result;
};

function checkLength(msg, length, fromEnd) {
  if (!msg.strictContentLength || typeof msg._contentLength !== 'number' || !msg._hasBody || msg._removedContLen ||
      msg.chunkedEncoding || msg.hasHeader('transfer-encoding')) return;
  const total = msg[kBytesWritten] + length;
  if (fromEnd ? total !== msg._contentLength : total > msg._contentLength) {
    throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(total, msg._contentLength);
  }
}

function writeBody(msg, chunk, encoding, callback, fromEnd) {
  if (typeof callback !== 'function') callback = nop;
  checkChunk(chunk);
  let error;
  if (msg.finished) error = new ERR_STREAM_WRITE_AFTER_END();
  else if (msg.destroyed) error = new ERR_STREAM_DESTROYED('write');
  if (error) {
    if (!msg.destroyed) failWrite(msg, error, callback);
    else process.nextTick(callback, error);
    return false;
  }
  let length;
  if (msg.strictContentLength) {
    length = byteLengthOf(chunk, encoding);
    checkLength(msg, length, fromEnd);
    msg[kBytesWritten] += length;
  }
  if (!msg._header) {
    if (fromEnd) {
      length ??= byteLengthOf(chunk, encoding);
      msg._contentLength = length;
    }
    msg._implicitHeader();
  }
  if (!msg._hasBody) {
    if (msg[kRejectNonStandardBodyWrites]) throw new ERR_HTTP_BODY_NOT_ALLOWED();
    process.nextTick(callback);
    return true;
  }
  const socket = msg.socket;
  if (!fromEnd && socket && msg[kCorked] === 0) {
    // Pieces that are written in one turn go out together.
    msg[kTurnCork] = true;
    msg.cork();
    process.nextTick(uncorkNT, msg);
  }
  if (!msg.chunkedEncoding || (chunk.length === 0 && !msg[kCorked])) return msg._send(chunk, encoding, callback, length);
  length ??= byteLengthOf(chunk, encoding);
  if (msg[kCorked]) {
    (msg[kChunkedBuffer] ??= []).push({ data: chunk, encoding, callback });
    msg[kChunkedLength] += length;
    return msg[kChunkedLength] < msg[kHighWaterMark];
  }
  if (typeof chunk === 'string' && (!encoding || encoding === 'utf8' || encoding === 'latin1')) {
    return msg._send(`${length.toString(16)}\r\n${chunk}\r\n`, encoding, callback, length + 8);
  }
  msg._send(length.toString(16) + CRLF, 'latin1', null);
  msg._send(chunk, encoding, null, length);
  return msg._send(CRLF, 'latin1', callback);
}

/** The last bytes are with the kernel. */
function onFinish(msg) {
  if (msg.socket?._hadError) return;
  msg[kWritableFinished] = true;
  msg.emit('finish');
}

/** The usual case: head and body are one write. Undefined if this is another case. */
function sendWhole(msg, chunk, encoding) {
  if (msg._header || msg.strictContentLength || msg.destroyed || msg[kCorked] !== 0 || chunk.length === 0) return undefined;
  const length = byteLengthOf(chunk, encoding);
  msg._contentLength = length;
  msg._implicitHeader();
  if (!msg._hasBody || msg.chunkedEncoding) return undefined;
  const finish = () => onFinish(msg);
  msg._send(chunk, encoding, finish, length);
  return finish;
}

/** Sends what is after the body, and sees to 'finish'. */
function endBody(msg, chunk) {
  const finish = () => onFinish(msg);
  if (msg[kCorked] && msg[kChunkedBuffer] !== undefined) flushChunks(msg, msg[kTurnCork] && msg[kCorked] === 1);
  if (msg._hasBody && msg.chunkedEncoding) {
    msg._send(`0\r\n${msg._trailer}\r\n`, 'latin1', finish);
  } else if (!msg._headerSent || msg.writableLength || chunk) {
    msg._send('', 'latin1', finish);
  } else {
    process.nextTick(finish);
  }
}

OutgoingMessage.prototype.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  let finish;
  if (chunk) {
    if (this.finished) {
      failWrite(this, new ERR_STREAM_WRITE_AFTER_END(), typeof callback === 'function' ? callback : nop);
      return this;
    }
    checkChunk(chunk);
    finish = sendWhole(this, chunk, encoding);
    if (finish === undefined) {
      if (this[kSocket]) this[kSocket].cork();
      try {
        writeBody(this, chunk, encoding, null, true);
      } catch (error) {
        if (this[kSocket]) this[kSocket].uncork();
        throw error;
      }
    }
  } else if (this.finished) {
    if (typeof callback === 'function') {
      if (!this[kWritableFinished]) this.on('finish', callback);
      else callback(new ERR_STREAM_ALREADY_FINISHED('end'));
    }
    return this;
  } else if (!this._header) {
    if (this[kSocket]) this[kSocket].cork();
    this._contentLength = 0;
    this._implicitHeader();
  }
  if (typeof callback === 'function') this.once('finish', callback);
  if (this.strictContentLength && !chunk) checkLength(this, 0, true);
  if (finish === undefined) endBody(this, chunk);
  if (this[kSocket]) {
    // However often it was corked: the message is complete.
    const state = this[kSocket]._writableState;
    if (state && state.corked > 0) {
      state.corked = 1;
      this[kSocket].uncork();
    }
  }
  this[kCorked] = 0;
  this.finished = true;
  // Responses that wait for others end later.
  if (this.outputData.length === 0 && this[kSocket] && this[kSocket]._httpMessage === this) this._finish();
  return this;
};

OutgoingMessage.prototype.pipe = function pipe() {
  // It can only be written to.
  this.emit('error', new ERR_STREAM_CANNOT_PIPE());
};

OutgoingMessage.prototype[Symbol.for('nodejs.rejection')] = function(error) {
  this.destroy(error);
};

module.exports = {
  OutgoingMessage, kCorked, kHighWaterMark, kUniqueHeaders, parseUniqueHeadersOption, validateHeaderName,
  checkValue,
  validateHeaderValue,
};
