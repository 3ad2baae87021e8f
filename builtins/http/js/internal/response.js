/** `http.ServerResponse`. Node docs: class http.ServerResponse. */
'use strict';

const {
  codes: {
    ERR_HTTP_HEADERS_SENT, ERR_HTTP_INVALID_STATUS_CODE, ERR_HTTP_SOCKET_ASSIGNED, ERR_INVALID_ARG_VALUE,
    ERR_INVALID_CHAR,
  },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { deprecate } = require('internal/util');
const STATUS_CODES = require('internal/http/status_codes');
const { OutgoingMessage, checkValue, validateHeaderName } = require('internal/http/outgoing');
const {
  checkInvalidHeaderChar, chunkExpression, kOutHeaders, subscribedChannel,
} = require('internal/http/common');

function ServerResponse(req, options) {
  OutgoingMessage.call(this, options);
  if (req.method === 'HEAD') this._hasBody = false;
  this.req = req;
  this.sendDate = true;
  this._sent100 = false;
  this._expect_continue = false;
  this._maxRequestsPerSocket = undefined;
  if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
    if (!(req.httpVersionMajor > 1)) {
      this.useChunkedEncodingByDefault = chunkExpression.test(req.headers.te);
      this.shouldKeepAlive = false;
    }
  }
  const channel = subscribedChannel('http.server.response.created');
  if (channel) channel.publish({ request: req, response: this });
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);

ServerResponse.prototype.statusCode = 200;
ServerResponse.prototype.statusMessage = undefined;

ServerResponse.prototype._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
};

/** The connection is gone before the response was done. `this` is the socket. */
function onServerResponseClose() {
  const message = this._httpMessage;
  if (message) emitCloseNT(message);
}

function emitCloseNT(self) {
  if (self._closed) return;
  self.destroyed = true;
  self._closed = true;
  self.emit('close');
}

ServerResponse.prototype.assignSocket = function assignSocket(socket) {
  if (socket._httpMessage) throw new ERR_HTTP_SOCKET_ASSIGNED();
  socket._httpMessage = this;
  socket.on('close', onServerResponseClose);
  this.socket = socket;
  this.emit('socket', socket);
  this._flush();
};

ServerResponse.prototype.detachSocket = function detachSocket(socket) {
  if (socket._httpMessage !== this) return;
  socket.removeListener('close', onServerResponseClose);
  socket._httpMessage = null;
  this.socket = null;
};

/** Node docs: response.writeInformation: an interim response. */
ServerResponse.prototype.writeInformation = function writeInformation(statusCode, headers, callback) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  if (typeof headers === 'function') {
    callback = headers;
    headers = undefined;
  }
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 199 || statusCode === 101) {
    throw new ERR_HTTP_INVALID_STATUS_CODE(statusCode);
  }
  if (headers !== undefined && headers !== null) validateObject(headers, 'headers');
  let text = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'unknown'}\r\n`;
  for (const name of headers ? Object.keys(headers) : []) {
    validateHeaderName(name);
    for (const value of Array.isArray(headers[name]) ? headers[name] : [headers[name]]) {
      checkValue(this, name, value);
      text += `${name}: ${value}\r\n`;
    }
  }
  return this._writeRaw(`${text}\r\n`, 'latin1', callback);
};

ServerResponse.prototype.writeContinue = function writeContinue(callback) {
  this._writeRaw('HTTP/1.1 100 Continue\r\n\r\n', 'ascii', callback);
  this._sent100 = true;
};

ServerResponse.prototype.writeProcessing = function writeProcessing(callback) {
  this._writeRaw('HTTP/1.1 102 Processing\r\n\r\n', 'ascii', callback);
};

/** RFC 8288: `<target>` and then parameters. */
const linkExpression = /^(?:<[^>]*>)(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/;

function linkValue(hints) {
  const list = Array.isArray(hints.link) ? hints.link : [hints.link];
  for (const link of list) {
    if (typeof link !== 'string' || !linkExpression.test(link) || /[\r\n]/.test(link)) {
      throw new ERR_INVALID_ARG_VALUE('hints', link,
                                      'must be an array or string of format "</styles.css>; rel=preload; as=style"');
    }
  }
  return list.join(', ');
}

ServerResponse.prototype.writeEarlyHints = function writeEarlyHints(hints, callback) {
  validateObject(hints, 'hints');
  if (hints.link === null || hints.link === undefined) return;
  const link = linkValue(hints);
  if (link.length === 0) return;
  let text = `HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n`;
  for (const key of Object.keys(hints)) {
    if (key.toLowerCase() === 'link') continue;
    validateHeaderName(key);
    checkValue(this, key, hints[key]);
    text += `${key}: ${hints[key]}\r\n`;
  }
  this._writeRaw(`${text}\r\n`, 'ascii', callback);
};

ServerResponse.prototype._implicitHeader = function _implicitHeader() {
  this.writeHead(this.statusCode);
};

/** Adds the headers given to writeHead to those of setHeader. */
function mergeHeaders(response, obj) {
  if (Array.isArray(obj)) {
    if (obj.length > 0 && Array.isArray(obj[0])) obj = obj.flat();
    if (obj.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', obj);
    // What is given here replaces, but repeats within it stay repeats.
    for (let i = 0; i < obj.length; i += 2) response.removeHeader(obj[i]);
    for (let i = 0; i < obj.length; i += 2) if (obj[i]) response.appendHeader(obj[i], obj[i + 1]);
    return;
  }
  for (const key of Object.keys(obj)) if (key) response.setHeader(key, obj[key]);
}

ServerResponse.prototype.writeHead = function writeHead(statusCode, reason, obj) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  const original = statusCode;
  statusCode |= 0;
  if (statusCode < 100 || statusCode > 999) throw new ERR_HTTP_INVALID_STATUS_CODE(original);
  if (typeof reason === 'string') {
    this.statusMessage = reason;
  } else {
    this.statusMessage ||= STATUS_CODES[statusCode] || 'unknown';
    obj ??= reason;
  }
  this.statusCode = statusCode;
  let headers;
  if (this[kOutHeaders] !== null) {
    if (obj) mergeHeaders(this, obj);
    headers = this[kOutHeaders];
  } else {
    headers = obj;
  }
  if (checkInvalidHeaderChar(this.statusMessage)) throw new ERR_INVALID_CHAR('statusMessage');
  const firstLine = `HTTP/1.1 ${statusCode} ${this.statusMessage}\r\n`;
  // RFC 9110 §15: what has no body by its status.
  if (statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode <= 199)) this._hasBody = false;
  // Without the "100 Continue" that it asked for, the client may send its body or not: nobody knows what comes next.
  if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
  this._storeHeader(firstLine, headers);
  return this;
};

ServerResponse.prototype.writeHeader = deprecate(
  ServerResponse.prototype.writeHead, 'ServerResponse.prototype.writeHeader is deprecated.', 'DEP0063');

module.exports = { ServerResponse, emitCloseNT, linkValue };
