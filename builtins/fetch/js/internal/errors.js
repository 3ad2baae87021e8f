/**
 * The causes of failed fetches, as programs know them from Node: retry logic looks at their `code`. Errors of the system
 * (ECONNREFUSED, ENOTFOUND, ECONNRESET) are causes as they are.
 */
'use strict';

/** Own properties in Node's order, as they are printed: `name` is not, being what the text begins with. */
function defineCause(error, name, code) {
  Object.defineProperty(error, 'name', { __proto__: null, configurable: true, enumerable: true, value: name, writable: true });
  error.code = code;
}

class SocketError extends Error {
  constructor(message, socket) {
    super(message);
    defineCause(this, 'SocketError', 'UND_ERR_SOCKET');
    this.socket = socket;
  }
}

class HTTPParserError extends Error {
  constructor(message, code, data) {
    super(message);
    defineCause(this, 'HTTPParserError', code);
    this.data = data;
  }
}

class HeadersOverflowError extends Error {
  constructor() {
    super();
    defineCause(this, 'HeadersOverflowError', 'UND_ERR_HEADERS_OVERFLOW');
    this.message = 'Headers Overflow Error';
  }
}

class ConnectTimeoutError extends Error {
  constructor(message) {
    super(message);
    defineCause(this, 'ConnectTimeoutError', 'UND_ERR_CONNECT_TIMEOUT');
  }
}

/** What a SocketError tells of its connection. */
function describe(socket) {
  if (!socket) return null;
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    timeout: socket.timeout,
    bytesWritten: socket.bytesWritten,
    bytesRead: socket.bytesRead,
  };
}

/** The server closed the connection before the response was complete. */
function otherSideClosed(socket) {
  return new SocketError('other side closed', describe(socket));
}

/** The cause for an error of a request or of its response. */
function causeOf(error, socket) {
  const { code } = error;
  if (code === 'ECONNRESET' && (error.message === 'socket hang up' || error.message === 'aborted')) return otherSideClosed(socket);
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return otherSideClosed(socket);
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersOverflowError();
  if (typeof code === 'string' && code.startsWith('HPE_')) {
    const data = error.rawPacket?.subarray(error.bytesParsed).toString();
    return new HTTPParserError(`Response does not match the HTTP/1.1 protocol (${error.reason})`, code, data);
  }
  return error;
}

module.exports = { ConnectTimeoutError, SocketError, causeOf, describe, otherSideClosed };
