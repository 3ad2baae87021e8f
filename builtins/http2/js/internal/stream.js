/**
 * Streams: requests, responses and pushes of a session. Node docs: Class: Http2Stream.
 *
 * What the session tells a stream comes through `stream[kStreamHooks]`; what the stream does, it does with the binding's session and its own
 * number.
 */
'use strict';

const { Duplex } = require('stream');
const {
  AbortError,
  codes: {
    ERR_HTTP2_HEADERS_AFTER_RESPOND, ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_INVALID_INFO_STATUS,
    ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_NESTED_PUSH, ERR_HTTP2_PAYLOAD_FORBIDDEN, ERR_HTTP2_PUSH_DISABLED, ERR_HTTP2_SEND_FILE,
    ERR_HTTP2_SEND_FILE_NOSEEK, ERR_HTTP2_STATUS_INVALID, ERR_HTTP2_STREAM_ERROR, ERR_HTTP2_TRAILERS_ALREADY_SENT,
    ERR_HTTP2_TRAILERS_NOT_READY, ERR_HTTP2_OUT_OF_STREAMS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction, validateInteger, validateObject } = require('internal/validators');
const { subscribedChannel } = require('internal/diagnostics');
const { customInspectSymbol } = require('internal/util');
const { Buffer } = require('buffer');
const { clearTimeout, getTimerDuration, setUnrefTimeout } = require('internal/timers/timers');
const { NO_PSEUDO, REQUEST_PSEUDO, RESPONSE_PSEUDO, kSensitiveHeaders, rawToObject, sensitiveOf, toList } = require('internal/http2/headers');
const constants = require('internal/http2/constants');
const {
  NghttpError, SERVER, emit, kMaybeDestroy, kNative, kOptions, kSession, kState: kSessionState, kStreamHooks, kType, kUpdateTimer, scheduleFlush,
} = require('internal/http2/session');

const { getAsyncContext } = binding('task_queue');
const hooks = require('internal/async_ids');
const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

const kState = Symbol('stream-state');
const kTimeout = Symbol('timeout');
const kSentHeaders = Symbol('sent-headers');
const kSentInfo = Symbol('sent-info-headers');
const kSentTrailers = Symbol('sent-trailers');
const kProceed = Symbol('proceed');
const kRequestRows = Symbol('raw-headers');
const kAborted = Symbol('aborted-by-signal');

/** Names of error codes by number. */
const CODE_NAMES = [];
for (const name of [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR',
  'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
]) CODE_NAMES[constants[`NGHTTP2_${name}`]] = `NGHTTP2_${name}`;

/** How a stream says that it closes. */
const SUBMIT_RST = 0;
const FORCE_RST = 1;
const NO_RST = 2;

function closeStream(stream, code, rst) {
  const state = stream[kState];
  state.closed = true;
  state.rstCode = code;
  stream.setTimeout(0);
  const { ending } = stream._writableState;
  if (!ending) {
    // The other side will not see an end: that is an abort.
    if (!stream.aborted || code !== NGHTTP2_NO_ERROR) {
      state.aborted = true;
      stream.emit('aborted');
    }
    stream.end();
  }
  const side = stream[kSession]?.[kType] === SERVER ? 'server' : 'client';
  subscribedChannel(`http2.${side}.stream.close`)?.publish({ stream });
  if (rst === NO_RST) return;
  const finish = () => finishClose(stream, code);
  if (!ending || stream.writableFinished || code !== NGHTTP2_NO_ERROR || rst === FORCE_RST) finish();
  else stream.once('finish', finish);
}

function finishClose(stream, code) {
  const submit = () => {
    const session = stream[kSession];
    if (session?.[kNative] === undefined || stream.id === undefined) return;
    session[kNative].reset(stream.id, code);
    scheduleFlush(session);
  };
  if (!stream.pending) {
    submit();
  } else {
    stream.push(null);
    stream.once('ready', submit);
  }
}

/** What the session calls. */
class Hooks {
  constructor(stream) {
    this.stream = stream;
    this.context = getAsyncContext();
    /** What hooks know it by, once it is open. */
    this.resource = undefined;
  }

  /** The stream has its number. */
  opened(id) {
    const { stream } = this;
    const session = stream[kSession];
    stream[kState].id = id;
    session[kSessionState].pendingStreams.delete(stream);
    session[kSessionState].streams.set(id, stream);
    this.resource = hooks.resource('HTTP2STREAM');
    stream.uncork();
    stream.emit('ready');
    // Those that the peer began are told of by `startChannel`.
    if (stream[kSentHeaders] !== undefined && session[kType] !== SERVER) {
      subscribedChannel('http2.client.stream.start')?.publish({ stream, headers: stream[kSentHeaders] });
    }
  }

  data(bytes) {
    const { stream } = this;
    if (stream.destroyed) return;
    stream[kUpdateTimer]();
    if (!stream.push(bytes)) stream[kSession]?.[kNative]?.reading(stream.id, false);
  }

  endData() {
    const { stream } = this;
    if (stream.destroyed || stream[kState].readEnded) return;
    stream[kState].readEnded = true;
    stream[kUpdateTimer]();
    const state = stream[kState];
    if (state.endEmitted) {
      stream[kMaybeDestroy]();
    } else {
      stream.on('end', () => stream[kMaybeDestroy]());
      stream.push(null);
      if (!stream[kState].waitsForReader) stream.read(0);
    }
  }

  /** A request without a body. */
  emptyRequest(told) {
    const { stream } = this;
    if (told) stream[kState].peerEndedAfterHeaders = true;
    stream[kState].readEnded = true;
    stream.on('end', () => stream[kMaybeDestroy]());
    stream.push(null);
  }

  headRequest() {
    this.stream[kState].headRequest = true;
    this.stream.end();
  }

  closed(code) {
    const { stream } = this;
    if (stream.destroyed) return;
    const session = stream[kSession];
    // Nothing is waited for any more.
    if (!stream.closed) closeStream(stream, code, NO_RST);
    const state = stream[kState];
    state.over = true;
    // What is left to be read does not need the session.
    if (code === NGHTTP2_NO_ERROR) session?.[kSessionState].streams.delete(stream.id);
    if (state.endEmitted || stream.readableEnded) {
      stream[kMaybeDestroy](code);
      return;
    }
    stream.once('end', () => stream[kMaybeDestroy](code));
    if (code !== NGHTTP2_NO_ERROR && !state.readEnded) {
      // What was not read is of no use.
      stream.destroy();
      return;
    }
    state.readEnded = true;
    stream.push(null);
    // Somebody who never looked will not look now.
    if (session?.[kType] === SERVER && !state.didRead && stream.readableFlowing === null) stream.resume();
    else stream.read(0);
  }

  headers(category, headers, flags, list) {
    const { stream } = this;
    stream[kUpdateTimer]();
    const status = headers[':status'];
    const end = (flags & 1) !== 0;
    if (end && !stream[kState].gotResponse) stream[kState].peerEndedAfterHeaders = true;
    let event;
    if (category === 3) event = !end && status !== undefined && status < 200 ? 'headers' : 'trailers';
    else if (category === 2) event = 'push';
    else event = !end && status !== undefined && status < 200 ? 'headers' : 'response';
    if (event === 'headers' && status === 100) {
      process.nextTick(emit, stream, 'continue');
    }
    if (event === 'response' || event === 'push') {
      stream[kState].gotResponse = true;
      subscribedChannel('http2.client.stream.finish')?.publish({ stream, headers, flags });
    }
    process.nextTick(emit, stream, event, headers, flags, list);
  }

  trailersWanted() {
    const { stream } = this;
    if (stream.destroyed) return;
    stream[kState].trailersReady = true;
    if (!stream.emit('wantTrailers')) {
      stream[kSession]?.[kNative]?.endWithoutTrailers(stream.id);
      scheduleFlush(stream[kSession]);
    }
  }

  written() {
    const state = this.stream[kState];
    const callback = state.writeCallback;
    state.writeCallback = undefined;
    this.stream[kUpdateTimer]();
    callback?.();
  }

  pushed(parentId) {
    const { stream } = this;
    stream[kState].parentId = parentId;
    stream.end();
  }

  sentBy(headers, list) {
    this.stream[kSentHeaders] = headers;
    this.stream[kRequestRows] = list;
  }

  request(rows, options) {
    const { stream } = this;
    if (options.waitForTrailers) stream[kState].waitsForTrailers = true;
    if (options.endStream) stream.end();
    subscribedChannel('http2.client.stream.created')?.publish({ stream, headers: stream[kSentHeaders] });
  }

  abort(error) {
    const { stream } = this;
    stream[kAborted] = true;
    stream.destroy(error);
  }

  startChannel(headers, flags) {
    const { stream } = this;
    const side = stream[kSession]?.[kType] === SERVER ? 'server' : 'client';
    subscribedChannel(`http2.${side}.stream.created`)?.publish({ stream, headers });
    const start = subscribedChannel(`http2.${side}.stream.start`);
    return start && (() => start.publish({ stream, headers }));
  }
}

class Http2Stream extends Duplex {
  constructor(session, options) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false, signal: undefined });
    this[kSession] = session;
    this[kTimeout] = undefined;
    this[kState] = {
      aborted: false, begun: performance.now(), closed: false, didRead: false, endAfterHeaders: false, peerEndedAfterHeaders: false, endEmitted: false, gotResponse: false,
      headRequest: false, id: undefined, over: false, parentId: 0, readEnded: false, rstCode: NGHTTP2_NO_ERROR, timeoutDelay: 0,
      trailersReady: false, trailersSent: false, waitsForReader: false, waitsForTrailers: false, writeCallback: undefined, ended: false,
    };
    this[kStreamHooks] = new Hooks(this);
    this.on('end', () => { this[kState].endEmitted = true; });
    // Writes wait for the stream's number.
    this.cork();
    session[kSessionState].pendingStreams.add(this);
  }

  get id() { return this[kState].id; }
  get session() { return this[kSession]; }
  get pending() { return this[kState].id === undefined; }
  get closed() { return this[kState].closed; }
  get aborted() { return this[kState].aborted; }
  get headRequest() { return this[kState].headRequest; }
  get endAfterHeaders() { return this[kState].peerEndedAfterHeaders; }
  get rstCode() { return this[kState].closed ? this[kState].rstCode : undefined; }
  get bufferSize() { return this.writableLength; }
  get sentHeaders() { return this[kSentHeaders]; }
  get sentTrailers() { return this[kSentTrailers]; }
  get sentInfoHeaders() { return this[kSentInfo] ?? []; }
  get scheme() { return undefined; }

  get state() {
    const codec = this[kSession]?.[kNative];
    if (this.pending || codec === undefined) return {};
    const [state, weight, localClose, remoteClose, localWindowSize] = codec.streamState(this.id);
    return { state, weight, sumDependencyWeight: 0, localClose, remoteClose, localWindowSize };
  }

  setTimeout(msecs, callback) {
    const delay = getTimerDuration(msecs, 'msecs');
    if (this[kTimeout]) clearTimeout(this[kTimeout]);
    this[kTimeout] = undefined;
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (delay === 0 || this.destroyed) {
      if (callback !== undefined) this.removeListener('timeout', callback);
      return this;
    }
    this[kTimeout] = setUnrefTimeout(() => {
      if (this.destroyed) return;
      if (this[kState].writeCallback !== undefined && this[kSession]?.[kSessionState].writing) this[kUpdateTimer]();
      else this.emit('timeout');
    }, delay);
    if (callback !== undefined) this.once('timeout', callback);
    return this;
  }

  [kUpdateTimer]() {
    if (this.destroyed) return;
    if (this[kTimeout]) this[kTimeout].refresh();
    this[kSession]?.[kUpdateTimer]();
  }

  [kProceed]() {
    throw new ERR_HTTP2_INVALID_STREAM();
  }

  _write(data, encoding, callback) {
    this.#send(data, encoding, callback);
  }

  _writev(chunks, callback) {
    if (this.pending) {
      this.once('ready', () => this._writev(chunks, callback));
      return;
    }
    this.#tellBody(true, chunks.map(({ chunk }) => chunk), '');
    const parts = chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    this.#send(parts.length === 1 ? parts[0] : Buffer.concat(parts), 'buffer', callback, true);
  }

  /** A client's body goes out: a chunk, or several at once. */
  #tellBody(writev, data, encoding) {
    if (this[kSession]?.[kType] === SERVER) return;
    subscribedChannel('http2.client.stream.bodyChunkSent')?.publish({ stream: this, writev, data, encoding });
  }

  #send(data, encoding, callback, told = false) {
    if (this.pending) {
      this.once('ready', () => this.#send(data, encoding, callback, told));
      return;
    }
    if (!told) this.#tellBody(false, data, encoding);
    const session = this[kSession];
    if (this.destroyed || this.closed || session?.[kNative] === undefined) {
      callback(this.closed ? undefined : new ERR_HTTP2_INVALID_STREAM());
      return;
    }
    this[kUpdateTimer]();
    if (!this.headersSent) this[kProceed]();
    let latin1 = false;
    if (typeof data === 'string' && encoding !== 'utf8' && encoding !== 'utf-8') {
      latin1 = encoding === 'latin1' || encoding === 'binary' || encoding === 'ascii';
      if (!latin1) data = Buffer.from(data, encoding);
    }
    if (data.length === 0) {
      callback();
      return;
    }
    this[kState].writeCallback = callback;
    if (session[kNative].write(this.id, data, latin1) < 0) {
      this[kState].writeCallback = undefined;
      callback(this[kState].closed ? undefined : new ERR_HTTP2_INVALID_STREAM());
      return;
    }
    scheduleFlush(session);
  }

  _final(callback) {
    if (this.pending) {
      this.once('ready', () => this._final(callback));
      return;
    }
    const session = this[kSession];
    const state = this[kState];
    // Without headers yet, the response ends when they are there.
    if (session?.[kNative] !== undefined && !state.endAfterHeaders && this.headersSent) {
      session[kNative].end(this.id, state.waitsForTrailers);
      scheduleFlush(session);
    }
    state.ended = true;
    if (session?.[kType] !== SERVER) subscribedChannel('http2.client.stream.bodySent')?.publish({ stream: this });
    callback();
    // Once 'finish' is out.
    process.nextTick(() => this[kMaybeDestroy]());
  }

  _read() {
    if (this.destroyed) {
      this.push(null);
      return;
    }
    const state = this[kState];
    if (!state.didRead) {
      this._readableState.readingMore = false;
      state.didRead = true;
    }
    if (this.pending) {
      this.once('ready', () => this.#reading());
      return;
    }
    this.#reading();
  }

  #reading() {
    const session = this[kSession];
    if (session?.[kNative] === undefined) return;
    session[kNative].reading(this.id, true);
    scheduleFlush(session);
  }

  /** Deprecated in HTTP/2 itself: taken, without effect. RFC 9113 §5.3.2. */
  priority() {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_STREAM();
  }

  /** Node docs: http2stream.sendTrailers. */
  sendTrailers(headers) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    const state = this[kState];
    if (state.trailersSent) throw new ERR_HTTP2_TRAILERS_ALREADY_SENT();
    if (!state.trailersReady) throw new ERR_HTTP2_TRAILERS_NOT_READY();
    validateObject(headers, 'headers');
    const session = this[kSession];
    this[kUpdateTimer]();
    headers = Object.assign({ __proto__: null }, headers, headers[kSensitiveHeaders] && { [kSensitiveHeaders]: headers[kSensitiveHeaders] });
    const rows = toList(headers, NO_PSEUDO, session[kOptions].strictSingleValueFields !== false);
    this[kSentTrailers] = headers;
    state.trailersSent = true;
    const codec = session[kNative];
    // Without fields the stream just ends.
    if (rows.length === 0) codec.endWithoutTrailers(this.id);
    else {
      const result = codec.headers(this.id, rows, sensitiveOf(headers), true);
      if (result < 0) this.destroy(new NghttpError(result));
    }
    scheduleFlush(session);
  }

  /** Node docs: http2stream.close. */
  close(code = NGHTTP2_NO_ERROR, callback) {
    validateInteger(code, 'code', 0, 2 ** 32 - 1);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.closed) return;
    if (callback !== undefined) this.once('close', callback);
    closeStream(this, code, SUBMIT_RST);
  }

  [kMaybeDestroy](code = NGHTTP2_NO_ERROR) {
    if (this.destroyed) return;
    const state = this[kState];
    if (code !== NGHTTP2_NO_ERROR) {
      this.destroy();
      return;
    }
    if (!this.writableFinished) return;
    if (state.over && state.endEmitted) {
      this.destroy();
      return;
    }
    // A response is through, and nobody wants the request: it can go, but pushes may still be made.
    if (this[kSession]?.[kType] === SERVER && !state.waitsForTrailers && !state.didRead && this.readableFlowing === null) {
      setImmediate(() => {
        if (!this.destroyed && !state.didRead && this.readableFlowing === null) this.close();
      });
    }
  }

  _destroy(error, callback) {
    const session = this[kSession];
    const state = this[kState];
    const sessionState = session[kSessionState];
    const sessionCode = sessionState.goawayCode || sessionState.destroyCode;
    let code = this.closed ? state.rstCode : sessionCode;
    if (error != null) {
      if (sessionCode) code = sessionCode;
      else if (error instanceof AbortError || this[kAborted]) code = NGHTTP2_CANCEL;
      else code = NGHTTP2_INTERNAL_ERROR;
    }
    const opened = state.id !== undefined;
    if (!this.closed) closeStream(this, code, opened ? FORCE_RST : NO_RST);
    this.push(null);
    this.setTimeout(0);
    if (opened) sessionState.streams.delete(state.id);
    else sessionState.pendingStreams.delete(this);
    sessionState.streamTime += performance.now() - state.begun;
    if (error == null && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL) error = new ERR_HTTP2_STREAM_ERROR(CODE_NAMES[code] || code);
    const write = state.writeCallback;
    state.writeCallback = undefined;
    this.#report(session);
    const side = session[kType] === SERVER ? 'server' : 'client';
    if (error != null) subscribedChannel(`http2.${side}.stream.error`)?.publish({ stream: this, error });
    this[kSession] = session;
    this.#gone = true;
    if (this[kStreamHooks].resource !== undefined) hooks.destroy(this[kStreamHooks].resource);
    // The session may go, too.
    setImmediate(() => session[kMaybeDestroy]());
    callback(error);
    if (write !== undefined) process.nextTick(write, error);
    process.nextTick(() => { this[kSession] = undefined; });
  }

  #gone = false;

  #report(session) {
    const timeline = require('internal/loader').cache.get('internal/perf_hooks/timeline')?.exports;
    if (!timeline?.hasObserver?.('http2')) return;
    const { createEntry } = require('internal/perf_hooks/entries');
    const { begun, id } = this[kState];
    timeline.enqueue(createEntry('Http2Stream', 'http2', begun, performance.now() - begun, {
      bytesRead: 0, bytesWritten: 0, id, timeToFirstByte: 0, timeToFirstByteSent: 0, timeToFirstHeader: 0,
    }));
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      id: this.id || '<pending>', closed: this.closed, destroyed: this.destroyed, state: this.state, readableState: this._readableState,
      writableState: this._writableState,
    };
    return `Http2Stream ${require('internal/util/inspect').inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

/** Statuses that have no body. RFC 9110 §15. */
function hasNoBody(status) {
  return status === 204 || status === 205 || status === 304;
}

/** Row and object of response headers, with what is added. */
function prepareResponse(stream, headersParam, options) {
  let headers;
  let list;
  if (Array.isArray(headersParam)) {
    if (headersParam.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headersParam);
    list = [...headersParam];
    headers = rawToObject(list.map((item, index) => (index % 2 === 0 ? String(item).toLowerCase() : item)));
    headers[kSensitiveHeaders] = headersParam[kSensitiveHeaders];
  } else {
    if (headersParam !== undefined && headersParam !== null) validateObject(headersParam, 'headers');
    headers = Object.assign({ __proto__: null }, headersParam);
    headers[kSensitiveHeaders] = headersParam?.[kSensitiveHeaders];
  }
  if (headers[':status'] == null) {
    headers[':status'] = 200;
    if (list !== undefined) list.unshift(':status', 200);
  }
  if ((options.sendDate == null || options.sendDate) && headers.date == null) {
    headers.date = require('internal/http/common').utcDate();
    if (list !== undefined) list.push('date', headers.date);
  }
  const status = headers[':status'] |= 0;
  if (status < 200 || status > 599) throw new ERR_HTTP2_STATUS_INVALID(headers[':status']);
  if (headers[kSensitiveHeaders] === undefined) delete headers[kSensitiveHeaders];
  const rows = toList(list ?? headers, RESPONSE_PSEUDO, stream[kSession][kOptions].strictSingleValueFields !== false);
  return { headers, rows, status };
}

class ServerHttp2Stream extends Http2Stream {
  #protocol;
  #authority;

  constructor(session, id, options, headers) {
    super(session, options);
    this[kStreamHooks].opened(id);
    this.headersSent = false;
    this.#protocol = headers[':scheme'];
    this.#authority = headers[':authority'];
  }

  get scheme() { return this.#protocol; }
  get authority() { return this.#authority; }

  get pushAllowed() {
    return !this.destroyed && !this.closed && !this.session.closed && !this.session.destroyed && this[kSession].remoteSettings.enablePush;
  }

  [kProceed](options) {
    this.respond(undefined, options);
  }

  #check() {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
  }

  #submit(rows, headers, end) {
    const session = this[kSession];
    this[kSentHeaders] = headers;
    this.headersSent = true;
    const result = session[kNative].headers(this.id, rows, sensitiveOf(headers), end);
    if (result < 0) {
      this.destroy(new NghttpError(result));
      return;
    }
    if (end) {
      this[kState].endAfterHeaders = true;
      this.end();
    } else if (this[kState].ended) {
      session[kNative].end(this.id, this[kState].waitsForTrailers);
    }
    subscribedChannel('http2.server.stream.finish')?.publish({ stream: this, headers, flags: end ? 1 : 0 });
    scheduleFlush(session);
  }

  /** Node docs: http2stream.respond. */
  respond(headersParam, options) {
    this.#check();
    options = { ...options };
    this[kUpdateTimer]();
    const state = this[kState];
    const { headers, rows, status } = prepareResponse(this, headersParam, options);
    let end = Boolean(options.endStream);
    if (options.waitForTrailers) {
      end = false;
      state.waitsForTrailers = true;
    }
    // A body is not possible, and perhaps one was promised by nobody.
    if (end || hasNoBody(status) || state.headRequest) end = true;
    this.#submit(rows, headers, end);
  }

  /** Node docs: http2stream.pushStream. */
  pushStream(headersParam, options, callback) {
    if (!this.pushAllowed) throw new ERR_HTTP2_PUSH_DISABLED();
    if (this.id % 2 === 0) throw new ERR_HTTP2_NESTED_PUSH();
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    validateFunction(callback, 'callback');
    options = { ...options };
    options.endStream = Boolean(options.endStream);
    if (headersParam !== undefined && headersParam !== null) validateObject(headersParam, 'headers');
    const headers = Object.assign({ __proto__: null }, headersParam);
    if (headersParam?.[kSensitiveHeaders]) headers[kSensitiveHeaders] = headersParam[kSensitiveHeaders];
    headers[':method'] ??= 'GET';
    headers[':authority'] ??= this.#authority;
    headers[':scheme'] ??= this.#protocol;
    headers[':path'] ??= '/';
    const head = headers[':method'] === 'HEAD';
    const session = this[kSession];
    const rows = toList(headers, REQUEST_PSEUDO, session[kOptions].strictSingleValueFields !== false);
    const id = session[kNative].push(this.id, rows, sensitiveOf(headers));
    if (id <= 0) {
      const error = id === -509 ? new ERR_HTTP2_OUT_OF_STREAMS() : id === -528 ? new ERR_HTTP2_PUSH_DISABLED() :
        new NghttpError(id);
      process.nextTick(callback, error);
      return;
    }
    const stream = new ServerHttp2Stream(session, id, { readable: false }, headers);
    stream[kSentHeaders] = headers;
    stream[kStreamHooks].emptyRequest();
    if (head) stream[kState].headRequest = true;
    if (options.endStream || head) stream.end();
    scheduleFlush(session);
    subscribedChannel('http2.server.stream.created')?.publish({ stream, headers });
    process.nextTick(callback, null, stream, headers, 0);
    subscribedChannel('http2.server.stream.start')?.publish({ stream, headers });
  }

  /** Node docs: http2stream.additionalHeaders. */
  additionalHeaders(headersParam) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_AFTER_RESPOND();
    validateObject(headersParam, 'headers');
    const headers = Object.assign({ __proto__: null }, headersParam);
    const session = this[kSession];
    this[kUpdateTimer]();
    if (headers[':status'] != null) {
      const status = headers[':status'] |= 0;
      if (status === 101) {
        const { codes: { ERR_HTTP2_STATUS_101 } } = require('internal/errors');
        throw new ERR_HTTP2_STATUS_101();
      }
      if (status < 100 || status >= 200) throw new ERR_HTTP2_INVALID_INFO_STATUS(headersParam[':status']);
    }
    const rows = toList(headers, RESPONSE_PSEUDO, session[kOptions].strictSingleValueFields !== false);
    (this[kSentInfo] ??= []).push(headers);
    const result = session[kNative].headers(this.id, rows, sensitiveOf(headers), false);
    if (result < 0) this.destroy(new NghttpError(result));
    scheduleFlush(session);
  }

  #fileOptions(options) {
    options = { ...options };
    for (const name of ['offset', 'length']) {
      if (options[name] !== undefined && typeof options[name] !== 'number') throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name]);
    }
    if (options.statCheck !== undefined && typeof options.statCheck !== 'function') throw new ERR_INVALID_ARG_VALUE('options.statCheck', options.statCheck);
    if (options.onError !== undefined && typeof options.onError !== 'function') throw new ERR_INVALID_ARG_VALUE('options.onError', options.onError);
    return options;
  }

  /** Node docs: http2stream.respondWithFD. */
  respondWithFD(fd, headersParam, options) {
    this.#check();
    const fs = require('fs');
    const isHandle = fd !== null && typeof fd === 'object' && typeof fd.fd === 'number';
    if (!isHandle && typeof fd !== 'number') throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
    options = this.#fileOptions(options);
    this[kUpdateTimer]();
    const { headers, status } = prepareResponse(this, headersParam, options);
    if (hasNoBody(status) || this[kState].headRequest) throw new ERR_HTTP2_PAYLOAD_FORBIDDEN(status);
    if (options.waitForTrailers) this[kState].waitsForTrailers = true;
    const number = isHandle ? fd.fd : fd;
    if (options.statCheck === undefined) {
      this.#sendFile(number, headers, options.offset ?? 0, options.length ?? -1, false);
      return;
    }
    fs.fstat(number, (error, stat) => {
      if (this.destroyed || this.closed) return;
      if (error) {
        this.destroy(error);
        return;
      }
      const statOptions = { offset: options.offset ?? 0, length: options.length ?? -1 };
      if (Reflect.apply(options.statCheck, this, [stat, headers, statOptions]) === false || this.headersSent) return;
      this.#sendFile(number, headers, statOptions.offset, statOptions.length, false);
    });
  }

  /** Node docs: http2stream.respondWithFile. */
  respondWithFile(path, headersParam, options) {
    this.#check();
    options = this.#fileOptions(options);
    this[kUpdateTimer]();
    const { headers, status } = prepareResponse(this, headersParam, options);
    if (hasNoBody(status) || this[kState].headRequest) throw new ERR_HTTP2_PAYLOAD_FORBIDDEN(status);
    if (options.waitForTrailers) this[kState].waitsForTrailers = true;
    const fs = require('fs');
    const fail = (error, fd) => {
      if (fd !== undefined) fs.close(fd, (closing) => { if (closing) this.destroy(closing); });
      if (this.destroyed || this.closed) return;
      if (options.onError) options.onError(error);
      else this.destroy(error);
    };
    fs.open(path, 'r', (error, fd) => {
      if (error) {
        fail(error);
        return;
      }
      fs.fstat(fd, (statError, stat) => {
        if (statError) {
          fail(statError, fd);
          return;
        }
        if (!stat.isFile()) {
          const plain = (options.offset ?? 0) === 0 && (options.length ?? -1) < 0;
          if (stat.isDirectory() || !plain) {
            fail(stat.isDirectory() ? new ERR_HTTP2_SEND_FILE() : new ERR_HTTP2_SEND_FILE_NOSEEK(), fd);
            return;
          }
        }
        if (this.destroyed || this.closed) {
          fs.close(fd, () => {});
          return;
        }
        const statOptions = { offset: options.offset ?? 0, length: options.length ?? -1 };
        if ((options.statCheck && Reflect.apply(options.statCheck, this, [stat, headers, statOptions]) === false) || this.headersSent) {
          fs.close(fd, () => {});
          return;
        }
        let length = -1;
        if (stat.isFile()) {
          length = statOptions.length < 0 ? stat.size - statOptions.offset : Math.min(stat.size - statOptions.offset, statOptions.length);
          headers['content-length'] = length;
        }
        this.#sendFile(fd, headers, statOptions.offset, length, true);
      });
    });
  }

  #sendFile(fd, headers, offset, length, close) {
    if (this.destroyed || this.closed) return;
    const rows = toList(headers, RESPONSE_PSEUDO, this[kSession][kOptions].strictSingleValueFields !== false);
    this.#submit(rows, headers, false);
    const fs = require('fs');
    if (length === 0) {
      if (close) fs.close(fd, () => {});
      this.end();
      return;
    }
    const source = fs.createReadStream(null, {
      fd, autoClose: close, start: offset > 0 ? offset : undefined, end: length > 0 ? Math.max(offset, 0) + length - 1 : undefined,
    });
    source.on('error', () => {
      if (!this.closed && !this.writableEnded) this.close(NGHTTP2_INTERNAL_ERROR);
    });
    this.once('close', () => source.destroy());
    source.pipe(this);
  }
}

class ClientHttp2Stream extends Http2Stream {
  constructor(session, id, options) {
    super(session, options);
    this.headersSent = true;
    if (id !== undefined) this[kStreamHooks].opened(id);
  }

  get scheme() { return this[kSentHeaders]?.[':scheme']; }
}

module.exports = { ClientHttp2Stream, Http2Stream, ServerHttp2Stream };
