/**
 * Sessions: one side of a connection. Node docs: Class: Http2Session.
 *
 * The binding's session reads and makes frames; here are the objects around it. `frames_in` tells what came, `frames_out` sends,
 * `session_end` closes.
 */
'use strict';

const EventEmitter = require('events');
const net = require('net');
const {
  codes: {
    ERR_HTTP2_ALTSVC_INVALID_ORIGIN, ERR_HTTP2_ALTSVC_LENGTH, ERR_HTTP2_INVALID_ORIGIN, ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_MAX_PENDING_SETTINGS_ACK, ERR_HTTP2_ORIGIN_LENGTH, ERR_HTTP2_PING_CANCEL, ERR_HTTP2_PING_LENGTH, ERR_HTTP2_SESSION_ERROR,
    ERR_HTTP2_SOCKET_BOUND, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateFunction, validateInt32, validateNumber, validateObject, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { Buffer } = require('buffer');
const { customInspectSymbol } = require('internal/util');
const { clearTimeout, getTimerDuration, setUnrefTimeout } = require('internal/timers/timers');
const { settingsFromArray, settingsToPairs, validateSettings } = require('internal/http2/settings');
const {
  SERVER, kMaybeDestroy, kNative, kOptions, kProxySocket, kServer, kSocket, kState, kStreamHooks, kTimeout, kType, kUpdateTimer, sessions,
} = require('internal/http2/session_state');
const { initOriginSet } = require('internal/http2/frames_in');
const { attach, progressed, scheduleFlush } = require('internal/http2/frames_out');
const { closeSession, socketOnClose, socketOnError } = require('internal/http2/session_end');
const { proxyHandler } = require('internal/http2/session_socket');
const constants = require('internal/http2/constants');
const hooks = require('internal/async_ids');

const native = binding('http2');
const { getAsyncContext, setAsyncContext } = binding('task_queue');

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

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
      // How far it is.
      begun: performance.now(), closed: false, destroyCode: NGHTTP2_NO_ERROR, destroyed: false, finished: false,
      goawayCode: null, goawayLastStreamID: null, goawaySent: false, peerEnded: false,
      // The way to the connection: see frames_out.js.
      dispatching: false, flushing: false, handle: undefined, source: undefined, writing: false,
      // What waits for an output to have gone, or to begin.
      afterWrites: [], cancels: [], endChecks: [], heldWritten: [], pendingRequests: [],
      pendingStreams: new Set(), streams: new Map(),
      // What waits for an answer, and what was answered.
      pendingAck: 0, pings: [], pingRTT: undefined, settingsCallbacks: [], settingsError: undefined, localSettings: undefined, originSet: undefined, remoteSettings: undefined,
      resource: hooks.resource('HTTP2SESSION'), context: getAsyncContext(), streamTime: 0, timeoutDelay: 0,
    };
    // A stream that is no socket gets each frame, and each part of a DATA frame, as a chunk of its own.
    this[kNative] = native.create(native.prototype, type === SERVER, !(socket instanceof net.Socket), optionNumbers(options, type === SERVER));
    // Both sides begin with their settings.
    let settings = { ...options.settings };
    try {
      validateSettings(settings);
    } catch (error) {
      // Thrown when the session begins.
      this[kState].settingsError = error;
      settings = {};
    }
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
    if (this[kState].settingsError !== undefined) throw this[kState].settingsError;
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
    const list = origins.map((item) => {
      let origin = item;
      if (typeof item === 'string') origin = new URL(item).origin;
      else if (item != null && typeof item === 'object') ({ origin } = item);
      validateString(origin, 'origin');
      if (origin === 'null') throw new ERR_HTTP2_INVALID_ORIGIN();
      bytes += origin.length + 2;
      return origin;
    });
    if (bytes > 16_382) throw new ERR_HTTP2_ORIGIN_LENGTH();
    this[kNative].origin(list);
    scheduleFlush(this);
  }
}

module.exports = { Http2Session, ServerHttp2Session };
