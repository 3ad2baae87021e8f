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
  NghttpError, SERVER, emit, kMaybeDestroy, kNative, kOptions, kSession, kState: kSessionState, kStreamHooks, kType, kUpdateTimer,
} = require('internal/http2/session_state');
const { progressed, scheduleFlush } = require('internal/http2/frames_out');

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

/** Bits of a stream's state, as the channel `http2.server.stream.finish` tells them. */
const FLAG_READY = 1;
const FLAG_HEADERS_SENT = 4;
const FLAG_HEAD_REQUEST = 8;
const FLAG_HAS_TRAILERS = 32;

/** The answer of a session that is through with the stream: why will be told. */
const STREAM_CLOSED = -510;

/** How a stream says that it closes. */
const SUBMIT_RST = 0;
const FORCE_RST = 1;
const NO_RST = 2;

/** Tells the channel `http2.client.stream.NAME` or `http2.server.stream.NAME`, if anybody listens. Node docs: "Built-in Channels". */
function publish(stream, session, name, more) {
  const side = session?.[kType] === SERVER ? 'server' : 'client';
  subscribedChannel(`http2.${side}.stream.${name}`)?.publish({ stream, ...more });
}

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
    // Headers that were just made and an end would look like a complete message.
    const session = stream[kSession];
    if (code !== NGHTTP2_CANCEL && session?.[kSessionState].flushing && state.writeCallback === undefined) state.endSent = true;
    stream.end();
  }
  publish(stream, stream[kSession], 'close');
  if (rst === NO_RST) return;
  const finish = () => finishClose(stream, code);
  if (!ending || stream.writableFinished || code !== NGHTTP2_NO_ERROR || rst === FORCE_RST) finish();
  else stream.once('finish', finish);
}

function finishClose(stream, code) {
  const submit = () => {
    const session = stream[kSession];
    // A session that goes takes its streams along.
    if (session?.[kNative] === undefined || session.destroyed || stream.id === undefined) return;
    // Whoever cancels has no quarrel with what was written: that goes first, and perhaps it is the end.
    if (code === NGHTTP2_CANCEL) session[kSessionState].cancels.push(stream.id);
    else session[kNative].reset(stream.id, code);
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
  }

  data(bytes) {
    const { stream } = this;
    if (stream.destroyed) return;
    stream[kUpdateTimer]();
    const state = stream[kState];
    if (state.bytesRead === 0) state.firstByte = performance.now();
    state.bytesRead += bytes.length;
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
    // Somebody who never looked will not look now. (Reading ahead is not looking.)
    if (session?.[kType] === SERVER && stream.readableFlowing === null && stream.listenerCount('readable') === 0) stream.resume();
    else stream.read(0);
  }

  headers(category, headers, flags, list) {
    const { stream } = this;
    stream[kUpdateTimer]();
    if (stream[kState].firstHeader === 0) stream[kState].firstHeader = performance.now();
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
      publish(stream, stream[kSession], 'finish', { headers, flags });
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

  isWriting() {
    return this.stream[kState].writeCallback !== undefined;
  }

  /** What is being sent may be the last. */
  checkEnd() {
    const { stream } = this;
    const state = stream[kState];
    const { ending, length, writelen } = stream._writableState;
    if (state.writeCallback === undefined || !ending || length !== writelen || state.endSent) return;
    const codec = stream[kSession]?.[kNative];
    if (codec === undefined || stream.destroyed) return;
    state.endSent = true;
    codec.end(stream.id, state.waitsForTrailers);
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
  }

  abort(error) {
    const { stream } = this;
    stream[kAborted] = true;
    stream.destroy(error);
  }

  publish(name, more) {
    publish(this.stream, this.stream[kSession], name, more);
  }
}

let priorityWarned = false;

class Http2Stream extends Duplex {
  constructor(session, options) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false, signal: undefined });
    this[kSession] = session;
    this[kTimeout] = undefined;
    this[kState] = {
      aborted: false, begun: performance.now(), bytesRead: 0, bytesWritten: 0, closed: false, didRead: false, endAfterHeaders: false, endSent: false, firstByte: 0, firstByteSent: 0, firstHeader: 0, peerEndedAfterHeaders: false, endEmitted: false, gotResponse: false,
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
  get rstCode() { return this[kState].rstCode; }
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
      if (this[kStreamHooks].isWriting() && this[kSession] !== undefined && progressed(this[kSession], this)) this[kUpdateTimer]();
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
    this.#send(data, encoding, callback, false, data, encoding);
  }

  _writev(chunks, callback) {
    if (this.pending) {
      this.once('ready', () => this._writev(chunks, callback));
      return;
    }
    const parts = chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    const told = chunks.every(({ chunk }) => typeof chunk !== 'string') ? parts : chunks;
    this.#send(parts.length === 1 ? parts[0] : Buffer.concat(parts), 'buffer', callback, true, told, '');
  }

  /** `writev`, `told` and `toldEncoding`: what the diagnostics channel says of it. */
  #send(data, encoding, callback, writev, told, toldEncoding) {
    if (this.pending) {
      this.once('ready', () => this.#send(data, encoding, callback, writev, told, toldEncoding));
      return;
    }
    const session = this[kSession];
    if (this.destroyed || session?.[kNative] === undefined) {
      callback(this.destroyed || this.closed ? undefined : new ERR_HTTP2_INVALID_STREAM());
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
    session[kSessionState].endChecks.push(this);
    // A stream that the session does not know any more will hear of its end, and so will the callback.
    const taken = session[kNative].write(this.id, data, latin1);
    if (taken < 0) return;
    const state = this[kState];
    if (state.bytesWritten === 0) state.firstByteSent = performance.now();
    state.bytesWritten += taken;
    scheduleFlush(session);
    if (session[kType] !== SERVER) publish(this, session, 'bodyChunkSent', { writev, data: told, encoding: toldEncoding });
  }

  _final(callback) {
    if (this.pending) {
      this.once('ready', () => this._final(callback));
      return;
    }
    const session = this[kSession];
    const state = this[kState];
    // Without headers yet, the response ends when they are there.
    if (session?.[kNative] !== undefined && !state.endAfterHeaders && !state.endSent && this.headersSent) {
      session[kNative].end(this.id, state.waitsForTrailers);
      scheduleFlush(session);
    }
    state.ended = true;
    if (session?.[kType] !== SERVER) publish(this, session, 'bodySent');
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
    if (!priorityWarned) {
      priorityWarned = true;
      process.emitWarning('http2Stream.priority is longer supported after priority signalling was deprecated in RFC 9113',
                          'DeprecationWarning', 'DEP0194');
    }
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
      if (result < 0 && result !== STREAM_CLOSED) this.destroy(new NghttpError(result));
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
    if (this[kSession]?.[kType] === SERVER && this.headersSent && !state.waitsForTrailers && !state.didRead && this.readableFlowing === null) {
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
    if (error != null) publish(this, session, 'error', { error });
    if (this[kStreamHooks].resource !== undefined) hooks.destroy(this[kStreamHooks].resource);
    // The session may go, too.
    setImmediate(() => session[kMaybeDestroy]());
    callback(error);
    if (write !== undefined) process.nextTick(write, error);
    this[kSession] = undefined;
  }

  #report(session) {
    const timeline = require('internal/loader').cache.get('internal/perf_hooks/timeline')?.exports;
    if (!timeline?.hasObserver?.('http2')) return;
    const { createEntry } = require('internal/perf_hooks/entries');
    const { begun, bytesRead, bytesWritten, firstByte, firstByteSent, firstHeader, id } = this[kState];
    const after = (time) => (time === 0 ? 0 : time - begun);
    timeline.enqueue(createEntry('Http2Stream', 'http2', begun, performance.now() - begun, {
      bytesRead, bytesWritten, id, timeToFirstByte: after(firstByte), timeToFirstByteSent: after(firstByteSent),
      timeToFirstHeader: after(firstHeader),
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
  if (list === undefined) return { headers, rows, status };
  // What was sent is shown as it was given.
  const sent = rawToObject(list);
  if (headers[kSensitiveHeaders] !== undefined) sent[kSensitiveHeaders] = headers[kSensitiveHeaders];
  return { headers: sent, rows, status };
}

class ServerHttp2Stream extends Http2Stream {
  #protocol;
  #authority;

  constructor(session, id, options, headers) {
    super(session, options);
    this[kStreamHooks].opened(id);
    this.headersSent = false;
    this[kState].firstHeader = performance.now();
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
    if (result < 0 && result !== STREAM_CLOSED) {
      this.destroy(new NghttpError(result));
      return;
    }
    if (end) {
      this[kState].endAfterHeaders = true;
      // That of a HEAD request has ended before.
      if (this.writableFinished) process.nextTick(() => this[kMaybeDestroy]());
      this.end();
    } else if (this[kState].ended) {
      session[kNative].end(this.id, this[kState].waitsForTrailers);
    }
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
    const flags = FLAG_READY | FLAG_HEADERS_SENT | (state.headRequest ? FLAG_HEAD_REQUEST : 0) | (state.waitsForTrailers ? FLAG_HAS_TRAILERS : 0);
    publish(this, this[kSession], 'finish', { headers, flags });
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
    const stream = new ServerHttp2Stream(session, id, {}, headers);
    stream[kSentHeaders] = headers;
    stream[kStreamHooks].emptyRequest();
    // Nothing comes from the other side, and nobody has to look for that.
    stream.resume();
    if (head) stream[kState].headRequest = true;
    if (options.endStream || head) stream.end();
    scheduleFlush(session);
    publish(stream, session, 'created', { headers });
    process.nextTick(() => {
      publish(stream, session, 'start', { headers });
      callback(null, stream, headers, 0);
    });
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
    if (result < 0 && result !== STREAM_CLOSED) this.destroy(new NghttpError(result));
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
        let { length } = statOptions;
        if (!stat.isFile()) {
          // A pipe has no positions.
          statOptions.offset = -1;
        } else {
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
      fd, autoClose: close, start: offset >= 0 ? offset : undefined, end: length > 0 ? Math.max(offset, 0) + length - 1 : undefined,
    });
    source.on('error', () => {
      // No end that would make it look complete.
      this[kState].endSent = true;
      if (!this.closed && !this.writableEnded) this.close(NGHTTP2_INTERNAL_ERROR);
    });
    this.once('close', () => {
      // Destroying a stream closes its descriptor, which may be somebody else's.
      if (close) source.destroy();
      else source.unpipe(this);
    });
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
