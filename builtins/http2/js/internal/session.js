/**
 * Sessions: one side of a connection. Node docs: Class: Http2Session.
 *
 * The binding's session reads and makes frames; here are the objects around it. What it tells comes as a flat array of events (see
 * src/lib.rs), which `dispatch` turns into calls of streams and events of the session. Output is flushed once per turn.
 */
'use strict';

const EventEmitter = require('events');
const net = require('net');
const {
  codes: {
    ERR_HTTP2_ALTSVC_INVALID_ORIGIN, ERR_HTTP2_ALTSVC_LENGTH, ERR_HTTP2_GOAWAY_SESSION, ERR_HTTP2_INVALID_ORIGIN,
    ERR_HTTP2_INVALID_SESSION, ERR_HTTP2_MAX_PENDING_SETTINGS_ACK, ERR_HTTP2_NO_SOCKET_MANIPULATION, ERR_HTTP2_ORIGIN_LENGTH,
    ERR_HTTP2_OUT_OF_STREAMS, ERR_HTTP2_PING_CANCEL, ERR_HTTP2_PING_LENGTH, ERR_HTTP2_SESSION_ERROR, ERR_HTTP2_SETTINGS_CANCEL,
    ERR_HTTP2_SOCKET_BOUND, ERR_HTTP2_SOCKET_UNBOUND, ERR_HTTP2_STREAM_CANCEL,
    ERR_HTTP2_TOO_MANY_ORIGINS, ERR_HTTP2_UNSUPPORTED_PROTOCOL, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE,
  },
  AbortError,
} = require('internal/errors');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateNumber, validateObject, validateString, validateUint32,
} = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { Buffer } = require('buffer');
const { customInspectSymbol } = require('internal/util');
const { clearTimeout, getTimerDuration, setUnrefTimeout } = require('internal/timers/timers');
const { UV_EOF, owner, run } = require('internal/net/handles');
const { errnoException } = require('internal/errors');
const { REQUEST_PSEUDO, checkConnect, rawToObject, sensitiveOf, toList, toObject } = require('internal/http2/headers');
const { settingsFromArray, settingsToPairs, validateSettings } = require('internal/http2/settings');
const constants = require('internal/http2/constants');
const { runNextTicks } = require('internal/process/task_queues');
const hooks = require('internal/async_ids');

const native = binding('http2');
const { getAsyncContext, setAsyncContext } = binding('task_queue');

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
const SERVER = 0;
const CLIENT = 1;

const kState = Symbol('state');
const kNative = Symbol('native');
const kSocket = Symbol('socket');
const kType = Symbol('type');
const kOptions = Symbol('options');
const kServer = Symbol('server');
const kMaybeDestroy = Symbol('maybe-destroy');
const kUpdateTimer = Symbol('update-timer');
const kSession = Symbol('session');
const kProxySocket = Symbol('proxy-socket');
const kTimeout = Symbol('timeout');
const kStreamHooks = Symbol('stream-hooks');

/** What the codec found, by the number that the library interface documents. Node docs: ERR_HTTP2_ERROR. */
class NghttpError extends Error {
  constructor(number, code) {
    super(code === 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES' ? 'Too many invalid HTTP/2 frames' : native.errorString(number));
    this.code = code ?? 'ERR_HTTP2_ERROR';
    this.errno = number;
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

/** `callback` as a resource that async hooks see; as it is while there are none. */
function request(type, callback) {
  const context = getAsyncContext();
  if (!hooks.active) {
    return (...args) => {
      setAsyncContext(context);
      callback(...args);
    };
  }
  const resource = { asyncId: 0, triggerAsyncId: 0 };
  hooks.init(resource, type);
  return (...args) => {
    setAsyncContext(context);
    hooks.before(resource);
    callback(...args);
    hooks.after(resource);
    hooks.destroy(resource);
  };
}

/** The session that a socket belongs to. */
const sessions = new WeakMap();

/** Node docs: options of createServer and connect: name, default. In the order that the binding wants. */
function optionNumbers(options, isServer) {
  const strict = options.strictFieldWhitespaceValidation !== false;
  const padding = options.paddingStrategy ?? 0;
  const headerBlock = options.maxSendHeaderBlockLength ?? 65_536;
  const numbers = [
    options.maxDeflateDynamicTableSize ?? 4096, headerBlock, Math.max(options.maxHeaderListPairs ?? 128, isServer ? 4 : 1),
    options.maxSessionInvalidFrames ?? 1000, padding === constants.PADDING_STRATEGY_MAX ? 2 : padding === constants.PADDING_STRATEGY_ALIGNED ? 1 : 0,
    options.peerMaxConcurrentStreams ?? 100, Math.max(options.maxOutstandingPings ?? 10, 0), options.maxSessionRejectedStreams ?? 100,
    options.maxReservedRemoteStreams ?? 200, (options.maxSessionMemory ?? 10) * 1e6, Math.max(options.maxSettings ?? 32, 1),
    options.streamResetBurst ?? 1000, options.streamResetRate ?? 33, strict ? 1 : 0,
  ];
  return numbers.concat(options.remoteCustomSettings ?? []);
}

// ---------------------------------------------------------------------------------------------------------------------
// The socket, as users of a session see it

const FORBIDDEN = new Set(['destroy', 'emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);

const proxyHandler = {
  get(session, name) {
    switch (name) {
      case 'setTimeout': case 'ref': case 'unref':
        return session[name].bind(session);
      case 'destroy': case 'emit': case 'end': case 'pause': case 'read': case 'resume': case 'write':
      case 'setEncoding': case 'setKeepAlive': case 'setNoDelay':
        throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      default: {
        const socket = session[kSocket];
        if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
        const value = socket[name];
        return typeof value === 'function' ? value.bind(socket) : value;
      }
    }
  },
  getPrototypeOf(session) {
    const socket = session[kSocket];
    if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
    return Reflect.getPrototypeOf(socket);
  },
  has(session, name) {
    const socket = session[kSocket];
    if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
    return name in socket;
  },
  set(session, name, value) {
    switch (name) {
      case 'setTimeout': case 'ref': case 'unref':
        session[name] = value;
        return true;
      default: {
        if (FORBIDDEN.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
        const socket = session[kSocket];
        if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
        socket[name] = value;
        return true;
      }
    }
  },
};

// ---------------------------------------------------------------------------------------------------------------------
// What the binding tells

function dispatch(session, events, from, bytes, fromLoop) {
  const state = session[kState];
  for (let i = from; i < events.length;) {
    // What one event brought about comes before the next one, as if that had arrived later.
    if (fromLoop && i > from) {
      runNextTicks();
      if (session[kNative] === undefined) return;
    }
    switch (events[i]) {
      case 0:
        onHeaders(session, events[i + 1], events[i + 2], events[i + 3], events[i + 4], events[i + 5]);
        i += 6;
        break;
      case 1: {
        const stream = streamOf(state, events[i + 1]);
        if (stream !== undefined) stream[kStreamHooks].data(bytes.subarray(events[i + 2], events[i + 3]));
        i += 4;
        break;
      }
      case 2:
        streamOf(state, events[i + 1])?.[kStreamHooks].endData();
        i += 2;
        break;
      case 3:
        streamOf(state, events[i + 1])?.[kStreamHooks].closed(events[i + 2]);
        i += 3;
        break;
      case 4:
        onRemoteSettings(session);
        i += 1;
        break;
      case 5:
        onSettingsAck(session);
        i += 1;
        break;
      case 6:
        onPing(session, events[i + 1], Buffer.from(events[i + 2]));
        i += 3;
        break;
      case 7:
        onGoaway(session, events[i + 1], events[i + 2], events[i + 3]);
        i += 4;
        break;
      case 8:
        onPush(session, events[i + 1], events[i + 2], events[i + 3], events[i + 4]);
        i += 5;
        break;
      case 9:
        streamOf(state, events[i + 1])?.[kStreamHooks].trailersWanted();
        i += 2;
        break;
      case 10:
        // Not before the connection has it.
        if (state.writing) state.heldWritten.push(events[i + 1]);
        else streamOf(state, events[i + 1])?.[kStreamHooks].written();
        i += 2;
        break;
      case 11:
        onFrameError(session, events[i + 1], events[i + 2], events[i + 3]);
        i += 4;
        break;
      case 12: {
        const target = state.streams.get(events[i + 1]) ?? session;
        process.nextTick(emit, target, 'priority', events[i + 1], events[i + 2], events[i + 3], events[i + 4]);
        i += 5;
        break;
      }
      case 13:
        if (!session.destroyed) process.nextTick(emit, session, 'altsvc', events[i + 3], events[i + 2], events[i + 1]);
        i += 4;
        break;
      case 14:
        onOrigin(session, events[i + 1]);
        i += 2;
        break;
      default:
        onError(session, events[i + 1], events[i + 2]);
        i += 3;
    }
    if (session[kNative] === undefined) return;
  }
}

/** A stream, and its async context, in which it is told. */
function streamOf(state, id) {
  const stream = state.streams.get(id);
  if (stream !== undefined) setAsyncContext(stream[kStreamHooks].context);
  return stream;
}

function emit(self, ...args) {
  self.emit(...args);
}

function onHeaders(session, id, category, flags, list, sensitive) {
  const state = session[kState];
  if (session.destroyed) return;
  session[kUpdateTimer]();
  const end = (flags & 1) !== 0;
  let stream = state.streams.get(id);
  const headers = toObject(list, sensitive);
  if (stream === undefined) {
    if (session.closed) {
      session[kNative].reset(id, NGHTTP2_REFUSED_STREAM);
      return;
    }
    const { ServerHttp2Stream } = require('internal/http2/stream');
    stream = new ServerHttp2Stream(session, id, {}, headers);
    if (headers[':method'] === 'HEAD') stream[kStreamHooks].headRequest();
    if (end) stream[kStreamHooks].emptyRequest(true);
    stream[kStreamHooks].publish('created', { headers });
    stream[kStreamHooks].publish('start', { headers });
    process.nextTick(emit, session, 'stream', stream, headers, flags, list);
    return;
  }
  setAsyncContext(stream[kStreamHooks].context);
  stream[kStreamHooks].headers(category, headers, flags, list);
  if (end) stream[kStreamHooks].endData();
}

function onPush(session, id, parentId, list, sensitive) {
  const { ClientHttp2Stream } = require('internal/http2/stream');
  const stream = new ClientHttp2Stream(session, id, {});
  const headers = toObject(list, sensitive);
  stream[kStreamHooks].sentBy(headers);
  stream[kStreamHooks].publish('created', { headers });
  stream[kStreamHooks].publish('start', { headers });
  stream[kStreamHooks].pushed(parentId);
  process.nextTick(emit, session, 'stream', stream, headers, 0, list);
}

function onRemoteSettings(session) {
  if (session.destroyed) return;
  session[kUpdateTimer]();
  const state = session[kState];
  state.remoteSettings = undefined;
  process.nextTick(emit, session, 'remoteSettings', session.remoteSettings);
}

function onSettingsAck(session) {
  if (session.destroyed) return;
  session[kUpdateTimer]();
  const state = session[kState];
  state.localSettings = undefined;
  const waiting = state.settingsCallbacks.shift();
  if (--state.pendingAck < 0) state.pendingAck = 0;
  if (waiting === undefined) return;
  const settings = session.localSettings;
  if (typeof waiting.callback === 'function') waiting.callback(null, settings, performance.now() - waiting.start);
  process.nextTick(emit, session, 'localSettings', settings);
}

function onPing(session, isAnswer, payload) {
  if (session.destroyed) return;
  session[kUpdateTimer]();
  if (!isAnswer) {
    session.emit('ping', payload);
    return;
  }
  const waiting = session[kState].pings.shift();
  if (waiting !== undefined) waiting.callback(true, performance.now() - waiting.start, payload);
  // An answer to nothing breaks the protocol.
  else session.destroy(new NghttpError(-505), constants.NGHTTP2_PROTOCOL_ERROR);
}

function onGoaway(session, code, last, data) {
  if (session.destroyed) return;
  const state = session[kState];
  state.goawayCode = code;
  state.goawayLastStreamID = last;
  const bytes = data === undefined ? undefined : Buffer.from(data);
  if (code === NGHTTP2_NO_ERROR) {
    // Graceful: what is open may end. New streams are not taken any more.
    session.close();
  } else {
    // Let the event come first.
    process.nextTick(() => {
      if (!session.destroyed) session.destroy(new ERR_HTTP2_SESSION_ERROR(code), NGHTTP2_NO_ERROR);
    });
  }
  session.emit('goaway', code, last, bytes);
}

function onFrameError(session, id, type, code) {
  if (session.destroyed) return;
  session[kUpdateTimer]();
  const stream = id === 0 ? undefined : session[kState].streams.get(id);
  const target = stream ?? session;
  // 'frameError' has to be heard before 'error'.
  process.nextTick(() => {
    target.emit('frameError', type, code, id);
    if (stream !== undefined) {
      // The session will make no more streams, as node has it.
      stream.close(code);
      session.close();
    } else {
      session.destroy(new NghttpError(code), NGHTTP2_INTERNAL_ERROR);
    }
  });
}

function onOrigin(session, origins) {
  if (!session.encrypted || session.destroyed) return;
  const set = initOriginSet(session);
  for (const origin of origins) {
    set.add(origin);
    if (set.size > (session[kOptions].maxOriginSetSize ?? 128)) {
      const error = new ERR_HTTP2_TOO_MANY_ORIGINS(session[kOptions].maxOriginSetSize ?? 128);
      session.destroy(error, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      return;
    }
  }
  session.emit('origin', origins);
}

function initOriginSet(session) {
  const state = session[kState];
  if (state.originSet === undefined) {
    const socket = session[kSocket];
    state.originSet = new Set();
    if (socket !== undefined) {
      let host = socket.servername;
      if (!host) host = `${socket.remoteAddress}`;
      const port = socket.remotePort;
      state.originSet.add(`https://${host}${port === 443 ? '' : `:${port}`}`);
    }
  }
  return state.originSet;
}

function onError(session, number, code) {
  if (session.destroyed) return;
  const error = new NghttpError(number, code);
  const fatal = number === -904 || number === -905 ? constants.NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_INTERNAL_ERROR;
  session.destroy(error, number === -902 ? NGHTTP2_INTERNAL_ERROR : fatal);
}

// ---------------------------------------------------------------------------------------------------------------------
// Bytes

/** Sends what waits, once, when the current work is done. */
function scheduleFlush(session) {
  const state = session[kState];
  if (state.flushing) return;
  state.flushing = true;
  process.nextTick(flushNow, session);
}

function flushNow(session) {
  const state = session[kState];
  state.flushing = false;
  flush(session);
}

function flush(session) {
  const state = session[kState];
  const codec = session[kNative];
  // What was written is still on its way, or there is nothing to write to yet.
  if (codec === undefined || state.writing || state.dispatching || session.connecting) return;
  if (state.endChecks.length > 0) for (const stream of state.endChecks.splice(0)) stream[kStreamHooks].checkEnd();
  flushOutput(session, codec);
  if (state.cancels.length > 0 && session[kNative] !== undefined) {
    for (const id of state.cancels.splice(0)) codec.reset(id, NGHTTP2_CANCEL);
    flush(session);
  }
}

function flushOutput(session, codec) {
  const state = session[kState];
  if (state.source !== undefined) flushToHandle(session, codec, state.source);
  else if (state.handle !== undefined) flushToWrap(session, codec, state.handle);
  else flushToStream(session, codec);
}

/** libuv's numbers for a cancelled write, and for a peer that is gone. */
const UV_ECANCELED = -125;
const UV_EPIPE = -32;
const UV_ECONNRESET = -104;

/** Bytes that cannot be sent. A session that ends anyway ends without an error. */
function writeFailed(session, errno) {
  const state = session[kState];
  const gone = errno === UV_EPIPE || errno === UV_ECONNRESET;
  const expected = errno === UV_ECANCELED || (gone && (state.closed || state.destroyed || state.goawayCode !== null || state.peerEnded));
  session[kSocket]?.destroy(expected ? undefined : errnoException(errno, 'write'));
}

/** The kernel's handle, perhaps under TLS: the bytes never become JavaScript's. */
function flushToHandle(session, codec, handle) {
  const result = codec.flush(handle);
  if (result === undefined) return;
  if (result[0] < 0) {
    writeFailed(session, result[0]);
    return;
  }
  if (result[0] === 1) waitForWrite(session, (done) => handle.afterWrite(done));
  if (result.length > 1) dispatch(session, result, 1, undefined);
}

/** A handle that encrypts for a stream. */
function flushToWrap(session, codec, handle) {
  const events = codec.pump();
  const output = codec.takeOutput();
  if (output !== undefined) {
    const result = handle.writeBuffer(new FastBuffer(output[0]));
    if (result < 0) {
      writeFailed(session, result);
      return;
    }
    if (result === 1) waitForWrite(session, (done) => handle.afterWrite(done));
  }
  if (events !== undefined) dispatch(session, events, 0, undefined);
  if (output !== undefined && !session[kState].writing && session[kNative] !== undefined) flushToWrap(session, codec, handle);
}

function flushToStream(session, codec) {
  const socket = session[kSocket];
  const events = codec.pump();
  const output = codec.takeOutput();
  if (output !== undefined && socket !== undefined && !socket.destroyed && !socket.writableEnded) {
    const state = session[kState];
    state.writing = true;
    writePieces(socket, new FastBuffer(output[0]), output, (error) => {
      // A turn later: whoever reads at the other end may do so before more comes.
      setImmediate(() => {
        state.writing = false;
        if (!error) written(session);
      });
    });
  }
  if (events !== undefined) dispatch(session, events, 0, undefined);
}

/** `output` has the ends of the pieces from its second element on. */
function writePieces(socket, bytes, output, callback) {
  if (output.length <= 2) {
    socket.write(bytes, callback);
    return;
  }
  socket.cork();
  for (let i = 1; i < output.length; i++) {
    const piece = bytes.subarray(i === 1 ? 0 : output[i - 1], output[i]);
    if (i === output.length - 1) socket.write(piece, callback);
    else socket.write(piece);
  }
  socket.uncork();
}

function waitForWrite(session, wait) {
  const state = session[kState];
  state.writing = true;
  wait((status) => {
    state.writing = false;
    if (status < 0) writeFailed(session, status);
    else written(session);
  });
}

function written(session) {
  const state = session[kState];
  for (const id of state.heldWritten.splice(0)) streamOf(state, id)?.[kStreamHooks].written();
  if (session[kNative] !== undefined) flush(session);
  const { afterWrites } = state;
  if (!state.writing && afterWrites.length > 0) {
    state.afterWrites = [];
    for (const callback of afterWrites) callback();
  }
}

/** Takes bytes that the peer sent. */
function receive(session, bytes, fromLoop) {
  const codec = session[kNative];
  if (codec !== undefined) received(session, codec.receive(bytes), bytes, fromLoop);
}

/** Deals with events of what the peer sent. */
function received(session, events, bytes, fromLoop) {
  if (events !== undefined) {
    // What sending brings about comes after all that was received.
    session[kState].dispatching = true;
    try {
      if (hooks.active) hooks.callIn(session[kState].resource, dispatch, session, events, 0, bytes, fromLoop);
      else dispatch(session, events, 0, bytes, fromLoop);
    } finally {
      session[kState].dispatching = false;
    }
  }
  if (session[kNative] !== undefined) flush(session);
}

/** The session read what the connection sent. `this` is the handle on top. */
function onSessionEvents(events, arrayBuffer) {
  const socket = this[owner];
  const session = sessions.get(socket);
  if (session === undefined || session[kNative] === undefined || socket.destroyed) return;
  run(session[kState].source, receivedByLoop, session, events, arrayBuffer);
}

function receivedByLoop(session, events, arrayBuffer) {
  received(session, events, arrayBuffer === undefined ? undefined : new FastBuffer(arrayBuffer), true);
}

function onHandleRead(nread, arrayBuffer) {
  const session = sessions.get(this[owner]);
  const socket = this[owner];
  if (session === undefined || socket.destroyed) return;
  if (nread > 0) {
    receive(session, new FastBuffer(arrayBuffer), this.inLoop === true);
    return;
  }
  if (nread === 0) return;
  if (nread !== UV_EOF) {
    socket.destroy(errnoException(nread, 'read'));
    return;
  }
  socket.push(null);
  socket.read(0);
  socketEnded(session);
}

/** The peer will send no more. */
function socketEnded(session) {
  const socket = session[kSocket];
  if (socket !== undefined && !socket.destroyed) {
    // Nobody can answer: what is open is over.
    session[kState].peerEnded = true;
    socket.destroy();
  }
}

function attach(session, socket) {
  const state = session[kState];
  const handle = socket._handle;
  if (socket instanceof net.Socket && handle?.isStreamBase) {
    state.handle = handle;
    // The kernel's handle, or the one whose reads TLS makes plaintext.
    state.source = handle.closeHandle === undefined ? handle.native : handle;
    handle.onread = onHandleRead;
    handle[owner] = socket;
    if (state.source !== undefined) session[kNative].consume(state.source, onSessionEvents);
    // What was read before belongs to the session.
    let chunk;
    while ((chunk = socket.read()) !== null) {
      const early = chunk;
      process.nextTick(() => receive(session, early));
    }
    handle.reading = true;
    handle.readStart();
  } else {
    socket.on('data', (chunk) => receive(session, chunk));
    socket.on('end', () => socketEnded(session));
    socket.resume();
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// The end

function socketOnError(error) {
  const session = sessions.get(this);
  if (session === undefined) return;
  // The peer said goodbye before it went.
  if (error.code === 'ECONNRESET' && session[kState].goawayCode !== null) session.destroy();
  else session.destroy(error);
}

function socketOnClose() {
  const session = sessions.get(this);
  if (session === undefined) return;
  const state = session[kState];
  for (const stream of [...state.streams.values()]) stream.close(NGHTTP2_CANCEL);
  for (const stream of [...state.pendingStreams]) stream.close(NGHTTP2_CANCEL);
  session.close();
  closeSession(session, NGHTTP2_NO_ERROR, undefined);
}

function emitClose(session, error) {
  if (error) session.emit('error', error);
  session.emit('close');
}

function closeSession(session, code, error) {
  const state = session[kState];
  if (state.destroyed) return;
  state.destroyed = true;
  state.destroyCode = code;
  session.setTimeout(0);
  if (state.pendingStreams.size > 0 || state.streams.size > 0) {
    const cancel = new ERR_HTTP2_STREAM_CANCEL(error);
    for (const stream of [...state.pendingStreams]) stream.destroy(cancel);
    for (const stream of [...state.streams.values()]) stream.destroy(error);
  }
  const socket = session[kSocket];
  const codec = session[kNative];
  if (codec !== undefined && socket !== undefined && !socket.destroyed && !session.connecting) {
    if (!state.goawaySent || code !== NGHTTP2_NO_ERROR) codec.goaway(code, 0, undefined, true);
    // The last words cannot wait for the end of a dispatch.
    state.dispatching = false;
    flush(session);
  }
  for (const { callback } of state.pings.splice(0)) callback(false);
  for (const { callback } of state.settingsCallbacks.splice(0)) {
    if (typeof callback === 'function') callback(new ERR_HTTP2_SETTINGS_CANCEL());
  }
  if (state.writing && socket !== undefined && !socket.destroyed) state.afterWrites.push(() => finishClose(session, error));
  else finishClose(session, error);
}

function finishClose(session, error) {
  const state = session[kState];
  const socket = session[kSocket];
  if (state.finished) return;
  state.finished = true;
  hooks.destroy(state.resource);
  reportSession(session);
  if (state.source !== undefined) session[kNative].unconsume(state.source);
  session[kNative] = undefined;
  session[kProxySocket] = undefined;
  session[kSocket] = undefined;
  state.handle = undefined;
  state.source = undefined;
  if (socket === undefined) {
    process.nextTick(emitClose, session, error);
    return;
  }
  sessions.delete(socket);
  socket.removeListener('error', socketOnError);
  if (socket.destroyed) {
    process.nextTick(emitClose, session, error);
    return;
  }
  socket.on('error', () => {});
  socket.once('close', () => emitClose(session, error));
  if (state.closed && !error) {
    // So that the peer's end is noticed.
    if (socket._handle) socket._handle.onread = (nread) => {
      if (nread < 0) socket.destroy();
    };
    else socket.resume();
    socket.end(() => {
      // The peer has what was sent; should it not close, nobody waits for it.
      setImmediate(() => socket.destroy());
    });
  } else {
    socket.destroy(error);
  }
}

/** Performance entries of type `http2`. Node docs: performanceEntry.detail. */
function reportSession(session) {
  const timeline = require('internal/loader').cache.get('internal/perf_hooks/timeline')?.exports;
  if (!timeline?.hasObserver?.('http2')) return;
  const [framesReceived, framesSent, streamCount, maxConcurrentStreams] = session[kNative].statistics();
  const { createEntry } = require('internal/perf_hooks/entries');
  const state = session[kState];
  timeline.enqueue(createEntry('Http2Session', 'http2', state.begun, performance.now() - state.begun, {
    bytesRead: session[kSocket]?.bytesRead ?? 0, bytesWritten: session[kSocket]?.bytesWritten ?? 0, framesReceived, framesSent,
    maxConcurrentStreams, pingRTT: state.pingRTT ?? 0, streamAverageDuration: state.streamTime / (streamCount || 1), streamCount,
    type: session[kType] === SERVER ? 'server' : 'client',
  }));
}

// ---------------------------------------------------------------------------------------------------------------------
// Classes

/** Frames that had been sent when `subject`, a session or a stream, was last looked at. */
const framesSeen = new WeakMap();

/** Whether frames went out since `subject` was last asked about: a long write that moves on is life. */
function progressed(session, subject) {
  const sent = session[kNative]?.statistics()[1];
  if (sent === undefined || sent === framesSeen.get(subject)) return false;
  framesSeen.set(subject, sent);
  return true;
}

class Http2Session extends EventEmitter {
  constructor(type, options, socket) {
    super();
    if (sessions.has(socket)) throw new ERR_HTTP2_SOCKET_BOUND();
    sessions.set(socket, this);
    socket.on('error', socketOnError);
    socket.on('close', socketOnClose);
    this[kOptions] = options;
    this[kType] = type;
    this[kSocket] = socket;
    this[kProxySocket] = undefined;
    this[kTimeout] = undefined;
    this[kState] = {
      afterWrites: [], cancels: [], endChecks: [], begun: performance.now(), closed: false, destroyCode: NGHTTP2_NO_ERROR, destroyed: false, dispatching: false, finished: false,
      flushing: false, goawayCode: null, goawayLastStreamID: null, goawaySent: false, handle: undefined, heldWritten: [], localSettings: undefined,
      originSet: undefined, peerEnded: false, pendingAck: 0, pendingRequests: [], pendingStreams: new Set(),
      pings: [], remoteSettings: undefined, resource: hooks.resource('HTTP2SESSION'), settingsCallbacks: [], source: undefined, streamTime: 0, streams: new Map(), writing: false, timeoutDelay: 0,
    };
    // A stream that is no socket gets each frame, and each part of a DATA frame, as a chunk of its own.
    this[kNative] = native.create(native.prototype, type === SERVER, !(socket instanceof net.Socket), optionNumbers(options, type === SERVER));
    // Both sides begin with their settings.
    const settings = { ...options.settings };
    this[kState].pendingAck++;
    this[kState].settingsCallbacks.push({ callback: undefined, start: performance.now() });
    this[kNative].settings(settingsToPairs(settings));
    if (socket.connecting || socket.secureConnecting) {
      const event = socket instanceof require('tls').TLSSocket ? 'secureConnect' : 'connect';
      socket.once(event, () => this.#begin());
    } else {
      this.#begin();
    }
  }

  #begin() {
    const socket = this[kSocket];
    if (this.destroyed || socket === undefined) return;
    if (typeof socket.setNoDelay === 'function' && !socket.destroyed) socket.setNoDelay();
    attach(this, socket);
    const window = this[kOptions].initialWindow;
    if (window !== undefined) this[kNative].setLocalWindow(window);
    scheduleFlush(this);
    process.nextTick(() => {
      if (!this.destroyed) this.emit('connect', this, this[kSocket]);
    });
  }

  get originSet() {
    if (!this.encrypted || this.destroyed) return undefined;
    return [...initOriginSet(this)];
  }

  get encrypted() {
    return this[kSocket] === undefined ? undefined : Boolean(this[kSocket].encrypted);
  }

  get alpnProtocol() {
    const socket = this[kSocket];
    if (socket === undefined) return undefined;
    return socket.alpnProtocol || (this.connecting ? undefined : 'h2c');
  }

  get socket() {
    if (this[kSocket] === undefined) return undefined;
    return this[kProxySocket] ??= new Proxy(this, proxyHandler);
  }

  get type() { return this[kType]; }
  get connecting() {
    const socket = this[kSocket];
    return socket !== undefined && Boolean(socket.connecting || (socket.secureConnecting && !socket.server));
  }
  get closed() { return this[kState].closed; }
  get destroyed() { return this[kState].destroyed; }
  get pendingSettingsAck() { return this[kState].pendingAck > 0; }

  get state() {
    const codec = this[kNative];
    if (this.connecting || this.destroyed || codec === undefined) return {};
    const [effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID, remoteWindowSize,
      outboundQueueSize, deflateDynamicTableSize, inflateDynamicTableSize] = codec.state();
    return {
      effectiveLocalWindowSize, effectiveRecvDataLength, nextStreamID, localWindowSize, lastProcStreamID, remoteWindowSize,
      outboundQueueSize, deflateDynamicTableSize, inflateDynamicTableSize,
    };
  }

  get localSettings() {
    const state = this[kState];
    if (this.destroyed || this.connecting) return state.localSettings ?? {};
    return state.localSettings ??= settingsFromArray(this[kNative].localSettings());
  }

  get remoteSettings() {
    const state = this[kState];
    if (this.destroyed || this.connecting) return state.remoteSettings ?? {};
    return state.remoteSettings ??= settingsFromArray(this[kNative].remoteSettings());
  }

  /** Node docs: http2session.setTimeout. */
  setTimeout(msecs, callback) {
    const state = this[kState];
    const delay = getTimerDuration(msecs, 'msecs');
    if (this[kTimeout]) clearTimeout(this[kTimeout]);
    this[kTimeout] = undefined;
    state.timeoutDelay = delay;
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (delay === 0 || this.destroyed) {
      if (callback !== undefined) this.removeListener('timeout', callback);
      return this;
    }
    this[kTimeout] = setUnrefTimeout(() => {
      if (this.destroyed) return;
      let writes = this[kState].writing;
      for (const stream of this[kState].streams.values()) writes ||= stream[kStreamHooks].isWriting();
      if (writes && progressed(this, this)) this[kUpdateTimer]();
      else this.emit('timeout');
    }, delay);
    if (callback !== undefined) this.once('timeout', callback);
    return this;
  }

  [kUpdateTimer]() {
    if (!this.destroyed && this[kTimeout]) this[kTimeout].refresh();
  }

  /** Node docs: http2session.setNextStreamID. */
  setNextStreamID(id) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateNumber(id, 'id');
    if (id <= 0 || id > 2 ** 32 - 1) throw new ERR_OUT_OF_RANGE('id', '> 0 and <= 4294967295', id);
    this[kNative].setNextId(id);
  }

  /** Node docs: http2session.setLocalWindowSize. */
  setLocalWindowSize(windowSize) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateInt32(windowSize, 'windowSize', 0);
    this[kNative].setLocalWindow(windowSize);
    scheduleFlush(this);
  }

  /** Node docs: http2session.ping. */
  ping(payload, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (typeof payload === 'function') {
      callback = payload;
      payload = undefined;
    }
    if (payload) {
      if (!isArrayBufferView(payload)) throw new ERR_INVALID_ARG_TYPE('payload', ['Buffer', 'TypedArray', 'DataView'], payload);
      if (payload.byteLength !== 8) throw new ERR_HTTP2_PING_LENGTH();
    }
    validateFunction(callback, 'callback');
    const done = request('HTTP2PING', (answered, duration, bytes) => {
      if (answered) {
        this[kState].pingRTT = duration;
        callback(null, duration, bytes);
      } else {
        process.nextTick(callback, new ERR_HTTP2_PING_CANCEL());
      }
    });
    const bytes = payload ? Buffer.from(new Uint8Array(payload.buffer, payload.byteOffset, 8)) : Buffer.alloc(8);
    if (!this[kNative].ping(bytes)) {
      done(false);
      return false;
    }
    this[kState].pings.push({ callback: done, start: performance.now() });
    scheduleFlush(this);
    return true;
  }

  /** Node docs: http2session.settings. */
  settings(settings, callback) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    validateObject(settings, 'settings');
    validateSettings(settings);
    if (callback !== undefined) validateFunction(callback, 'callback');
    const state = this[kState];
    if (state.pendingAck >= (this[kOptions].maxOutstandingSettings ?? 10)) {
      const error = new ERR_HTTP2_MAX_PENDING_SETTINGS_ACK();
      if (callback) process.nextTick(callback, error);
      this.destroy(error);
      return;
    }
    state.pendingAck++;
    const done = callback && request('HTTP2SETTINGS', (error, current, duration) => {
      if (error) {
        process.nextTick(callback, error);
        return;
      }
      process.nextTick(() => {
        if (!this.destroyed) callback(null, current, duration);
      });
    });
    state.settingsCallbacks.push({ callback: done, start: performance.now() });
    this[kNative].settings(settingsToPairs(settings));
    scheduleFlush(this);
  }

  /** Node docs: http2session.goaway. */
  goaway(code = NGHTTP2_NO_ERROR, lastStreamID = 0, opaqueData) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (opaqueData !== undefined && !isArrayBufferView(opaqueData)) {
      throw new ERR_INVALID_ARG_TYPE('opaqueData', ['Buffer', 'TypedArray', 'DataView'], opaqueData);
    }
    validateNumber(code, 'code');
    validateNumber(lastStreamID, 'lastStreamID');
    this[kState].goawaySent = true;
    this[kNative].goaway(code, lastStreamID, opaqueData, false);
    scheduleFlush(this);
  }

  ref() {
    const socket = this[kSocket];
    if (typeof socket?.ref === 'function') socket.ref();
  }

  unref() {
    const socket = this[kSocket];
    if (typeof socket?.unref === 'function') socket.unref();
  }

  /** Ends when all streams have. Node docs: http2session.close. */
  close(callback) {
    const state = this[kState];
    if (state.closed || state.destroyed) return;
    state.closed = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.goaway();
    this[kMaybeDestroy]();
  }

  [kMaybeDestroy](error) {
    const state = this[kState];
    if (error == null) {
      if (!state.closed || state.destroyed || state.streams.size > 0 || state.pendingStreams.size > 0) return;
      // What is to be sent goes first.
      if (state.flushing) {
        setImmediate(() => this[kMaybeDestroy]());
        return;
      }
      if (state.writing) {
        state.afterWrites.push(() => this[kMaybeDestroy]());
        return;
      }
    }
    this.destroy(error);
  }

  /** Node docs: http2session.destroy. */
  destroy(error = NGHTTP2_NO_ERROR, code) {
    if (this.destroyed) return;
    if (typeof error === 'number') {
      code = error;
      error = code !== NGHTTP2_NO_ERROR ? new ERR_HTTP2_SESSION_ERROR(code) : undefined;
    }
    if (code === undefined && error != null) code = NGHTTP2_INTERNAL_ERROR;
    closeSession(this, code ?? NGHTTP2_NO_ERROR, error);
  }

  [Symbol.for('nodejs.rejection')](error, event, stream) {
    if (event === 'stream') stream.destroy(error);
    else this.destroy(error);
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      type: this[kType], closed: this.closed, destroyed: this.destroyed, state: this.state, localSettings: this.localSettings,
      remoteSettings: this.remoteSettings,
    };
    return `Http2Session ${require('internal/util/inspect').inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

class ServerHttp2Session extends Http2Session {
  constructor(options, socket, server) {
    super(SERVER, options, socket);
    this[kServer] = server;
  }

  get server() { return this[kServer]; }

  /** Node docs: serverhttp2session.altsvc. */
  altsvc(alt, originOrStream) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    let id = 0;
    let origin;
    if (typeof originOrStream === 'string') {
      origin = new URL(originOrStream).origin;
      if (origin === 'null') throw new ERR_HTTP2_ALTSVC_INVALID_ORIGIN();
    } else if (typeof originOrStream === 'number') {
      if (originOrStream >>> 0 !== originOrStream || originOrStream === 0) {
        throw new ERR_OUT_OF_RANGE('originOrStream', `> 0 && < ${2 ** 32}`, originOrStream);
      }
      id = originOrStream;
    } else if (originOrStream !== undefined) {
      // A URL, or something that has an origin.
      if (originOrStream !== null && typeof originOrStream === 'object') ({ origin } = originOrStream);
      if (typeof origin !== 'string') {
        throw new ERR_INVALID_ARG_TYPE('originOrStream', ['string', 'number', 'URL', 'object'], originOrStream);
      }
      if (origin === 'null' || origin.length === 0) throw new ERR_HTTP2_ALTSVC_INVALID_ORIGIN();
    }
    validateString(alt, 'alt');
    if (!/^[\x09\x20-\x5b\x5d-\x7e\x80-\xff\x5c]*$/.test(alt)) {
      const { codes: { ERR_INVALID_CHAR } } = require('internal/errors');
      throw new ERR_INVALID_CHAR('alt');
    }
    if (alt.length + (origin !== undefined ? origin.length : 0) > 16_382) throw new ERR_HTTP2_ALTSVC_LENGTH();
    this[kNative].altsvc(id, origin ?? '', alt);
    scheduleFlush(this);
  }

  /** Node docs: serverhttp2session.origin. */
  origin(...origins) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (origins.length === 0) return;
    let bytes = 0;
    const list = origins.map((item, index) => {
      let origin = item;
      if (typeof item === 'string') origin = new URL(item).origin;
      else if (item != null && typeof item === 'object') ({ origin } = item);
      validateString(origin, `origins[${index}]`);
      if (origin === 'null') throw new ERR_HTTP2_INVALID_ORIGIN();
      bytes += origin.length + 2;
      return origin;
    });
    if (bytes > 16_382) throw new ERR_HTTP2_ORIGIN_LENGTH();
    this[kNative].origin(list);
    scheduleFlush(this);
  }
}

class ClientHttp2Session extends Http2Session {
  constructor(options, socket) {
    super(CLIENT, options, socket);
    this.authority = undefined;
  }

  /** Node docs: clienthttp2session.request. */
  request(headersParam, options) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (this.closed) throw new ERR_HTTP2_GOAWAY_SESSION();
    this[kUpdateTimer]();
    let headers;
    let list;
    if (Array.isArray(headersParam)) {
      list = [...headersParam];
      headers = rawToObject(list.map((item, index) => (index % 2 === 0 ? String(item).toLowerCase() : item)));
    } else {
      if (headersParam !== undefined && headersParam !== null) validateObject(headersParam, 'headers');
      headers = Object.assign({ __proto__: null }, headersParam);
    }
    const { kSensitiveHeaders } = require('internal/http2/headers');
    headers[kSensitiveHeaders] = headersParam?.[kSensitiveHeaders];
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
    for (const name of ['endStream', 'waitForTrailers', 'exclusive', 'silent']) {
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

function initializeTLSOptions(options, servername) {
  options = { ...options };
  options.ALPNProtocols ??= ['h2'];
  if (servername !== undefined && !options.servername) options.servername = net.isIP(servername) ? '' : servername;
  return options;
}

/** Node docs: http2.connect. */
function connect(authority, options, listener) {
  if (typeof options === 'function') {
    listener = options;
    options = undefined;
  }
  const { checkSessionOptions } = require('internal/http2/server');
  options = checkSessionOptions({ ...options });
  if (options.maxReservedRemoteStreams !== undefined) validateUint32(options.maxReservedRemoteStreams, 'maxReservedRemoteStreams');
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
connect[require('internal/util').customPromisify] = (authority, options) => new Promise((resolve, reject) => {
  const session = connect(authority, options, () => {
    session.removeListener('error', reject);
    resolve(session);
  });
  session.once('error', reject);
});

module.exports = {
  ClientHttp2Session, Http2Session, NghttpError, SERVER, ServerHttp2Session, connect, emit, initializeTLSOptions, kMaybeDestroy, kNative,
  kOptions, kServer, kSession, kSocket, progressed, kState, kStreamHooks, kType, kUpdateTimer, scheduleFlush, sessions,
};
