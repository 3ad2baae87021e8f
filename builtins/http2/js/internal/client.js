/** Clients: the session that makes requests, and `connect`. Node docs: Class: ClientHttp2Session, http2.connect. */
'use strict';

const net = require('net');
const {
  AbortError,
  codes: {
    ERR_HTTP2_GOAWAY_SESSION, ERR_HTTP2_INVALID_SESSION, ERR_HTTP2_OUT_OF_STREAMS, ERR_HTTP2_UNSUPPORTED_PROTOCOL, ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');
const { REQUEST_PSEUDO, checkConnect, kSensitiveHeaders, rawToObject, sensitiveOf, toList } = require('internal/http2/headers');
const { CLIENT, NghttpError, kNative, kOptions, kState, kStreamHooks, kUpdateTimer } = require('internal/http2/session_state');
const { scheduleFlush } = require('internal/http2/frames_out');
const { Http2Session } = require('internal/http2/session');
const { checkSessionOptions, initializeTLSOptions } = require('internal/http2/server');

class ClientHttp2Session extends Http2Session {
  constructor(options, socket) {
    super(CLIENT, options, socket);
    this.authority = undefined;
  }

  /** Node docs: clienthttp2session.request. */
  request(headersParam, options) {
    this[kUpdateTimer]();
    let headers;
    let list;
    if (Array.isArray(headersParam)) {
      list = [...headersParam];
      headers = rawToObject(list.map((item, index) => (index % 2 === 0 ? String(item).toLowerCase() : item)));
    } else {
      if (headersParam !== undefined && (headersParam === null || typeof headersParam !== 'object')) {
        throw new ERR_INVALID_ARG_TYPE('headers', ['Array', 'Object'], headersParam);
      }
      headers = Object.assign({ __proto__: null }, headersParam);
    }
    const marked = headersParam?.[kSensitiveHeaders];
    if (marked !== undefined) headers[kSensitiveHeaders] = marked;
    const added = [];
    const add = (name, value) => {
      headers[name] = value;
      added.push(name, value);
    };
    if (headers[':method'] === undefined) add(':method', 'GET');
    const connect = headers[':method'] === 'CONNECT';
    if (!connect || headers[':protocol'] !== undefined) {
      if (headers[':authority'] === undefined && headers.host === undefined) add(':authority', this.authority);
      if (headers[':scheme'] === undefined) add(':scheme', this.protocol.slice(0, -1));
      if (headers[':path'] === undefined) add(':path', '/');
    }
    if (list !== undefined) list.unshift(...added);
    if (connect) checkConnect(headers);
    options = { ...options };
    if (options.endStream === undefined) {
      const method = headers[':method'];
      options.endStream = method === 'GET' || method === 'HEAD' || method === 'DELETE';
    }
    for (const name of ['endStream', 'exclusive', 'silent']) {
      if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
    }
    if (options.parent !== undefined) validateNumber(options.parent, 'options.parent');
    if (options.weight !== undefined) warnOfPriority();
    if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    const rows = toList(list ?? headers, REQUEST_PSEUDO, this[kOptions].strictSingleValueFields !== false);
    const sensitive = sensitiveOf(headers);
    const { ClientHttp2Stream } = require('internal/http2/stream');
    const stream = new ClientHttp2Stream(this, undefined, { signal: options.signal });
    const sent = list !== undefined ? rawToObject(list) : headers;
    if (list !== undefined && sensitive !== undefined) sent[kSensitiveHeaders] = sensitive;
    stream[kStreamHooks].sentBy(sent, list);
    stream[kStreamHooks].request(rows, options);
    // A session that is over tells so as a failed request does.
    if (this.destroyed || this.closed) {
      const error = this.destroyed ? new ERR_HTTP2_INVALID_SESSION() : new ERR_HTTP2_GOAWAY_SESSION();
      process.nextTick(() => stream.destroy(error));
      return stream;
    }
    const { signal } = options;
    if (signal) {
      if (signal.aborted) {
        stream[kStreamHooks].abort(new AbortError(undefined, { cause: signal.reason }));
        return stream;
      }
      const { addAbortListener } = require('events');
      const disposable = addAbortListener(signal, () => stream[kStreamHooks].abort(new AbortError(undefined, { cause: signal.reason })));
      stream.once('close', disposable[Symbol.dispose]);
    }
    const submit = () => submitRequest(this, stream, rows, sensitive, options);
    if (this.connecting) {
      // One listener for all of them: programs make many requests at once.
      const { pendingRequests } = this[kState];
      if (pendingRequests.push(submit) === 1) this.once('connect', submitPending);
    } else {
      submit();
    }
    stream[kStreamHooks].publish('created', { headers: sent });
    return stream;
  }
}

let priorityWarned = false;

/** Priorities have no effect any more. RFC 9113 §5.3. */
function warnOfPriority() {
  if (priorityWarned) return;
  priorityWarned = true;
  process.emitWarning('Priority signaling has been deprecated as of RFC 9113.', 'DeprecationWarning', 'DEP0194');
}

/** Requests that were made before the connection stood. */
function submitPending() {
  for (const submit of this[kState].pendingRequests.splice(0)) submit();
}

function submitRequest(session, stream, rows, sensitive, options) {
  if (session[kNative] === undefined || session.destroyed || stream.destroyed) return;
  if (session.closed) {
    stream.destroy(new ERR_HTTP2_GOAWAY_SESSION());
    return;
  }
  const id = session[kNative].request(rows, sensitive, options.endStream);
  if (id <= 0) {
    const error = id === -509 ? new ERR_HTTP2_OUT_OF_STREAMS() : id === -530 || id === -516 ? new ERR_HTTP2_GOAWAY_SESSION() :
      new NghttpError(id);
    process.nextTick(() => stream.destroy(error));
    return;
  }
  stream[kStreamHooks].opened(id);
  stream[kStreamHooks].publish('start', { headers: stream.sentHeaders });
  scheduleFlush(session);
}

// ---------------------------------------------------------------------------------------------------------------------
// Connecting

/** Node docs: http2.connect. */
function connect(authority, options, listener) {
  if (typeof options === 'function') {
    listener = options;
    options = undefined;
  }
  if (options !== undefined) validateObject(options, 'options');
  options = checkSessionOptions({ ...options });
  if (typeof authority === 'string') authority = new URL(authority);
  if (authority === null || typeof authority !== 'object') throw new ERR_INVALID_ARG_TYPE('authority', ['string', 'Object', 'URL'], authority);
  const protocol = authority.protocol || options.protocol || 'https:';
  const port = `${authority.port !== '' ? authority.port || (protocol === 'http:' ? 80 : 443) : protocol === 'http:' ? 80 : 443}`;
  let host = 'localhost';
  if (authority.hostname) {
    host = authority.hostname;
    if (host[0] === '[') host = host.slice(1, -1);
  } else if (authority.host) {
    host = authority.host;
  }
  let socket;
  if (typeof options.createConnection === 'function') {
    socket = options.createConnection(authority, options);
  } else {
    switch (protocol) {
      case 'http:':
        socket = net.connect({ port, host, ...options });
        break;
      case 'https:':
        socket = require('tls').connect(port, host, initializeTLSOptions(options, host));
        break;
      default:
        throw new ERR_HTTP2_UNSUPPORTED_PROTOCOL(protocol);
    }
  }
  const session = new ClientHttp2Session(options, socket);
  session.authority = `${options.servername || host}:${port}`;
  session.protocol = protocol;
  if (typeof listener === 'function') session.once('connect', listener);
  return session;
}

/** `util.promisify(http2.connect)`: the session, once it is connected. */
Object.defineProperty(connect, require('internal/util').customPromisify, {
  __proto__: null,
  value: {
    connect: (authority, options) => new Promise((resolve, reject) => {
      const session = connect(authority, options, () => {
        session.removeListener('error', reject);
        resolve(session);
      });
      session.once('error', reject);
    }),
  }.connect,
});

module.exports = { connect };
