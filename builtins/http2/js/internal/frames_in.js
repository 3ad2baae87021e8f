/**
 * Frames in: what the binding's session tells, a flat array of events (see src/lib.rs), becomes calls of streams and events of the session.
 */
'use strict';

const { codes: { ERR_HTTP2_SESSION_ERROR, ERR_HTTP2_TOO_MANY_ORIGINS } } = require('internal/errors');
const { Buffer } = require('buffer');
const { toObject } = require('internal/http2/headers');
const {
  NghttpError, emit, kNative, kOptions, kSocket, kState, kStreamHooks, kUpdateTimer, streamOf,
} = require('internal/http2/session_state');
const constants = require('internal/http2/constants');
const { runNextTicks } = require('internal/process/task_queues');

const { setAsyncContext } = binding('task_queue');

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/** Deals with `events` from index `from` on; `bytes` is what they were read from; `fromLoop`: no JavaScript below us. */
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
    // Told in the context of the 'connection' event, while what comes for the stream is nobody's.
    if (state.context !== undefined) setAsyncContext(state.context);
    process.nextTick(emit, session, 'stream', stream, headers, flags, list);
    setAsyncContext(stream[kStreamHooks].context);
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
  process.nextTick(emit, session, 'stream', stream, headers, constants.NGHTTP2_FLAG_END_HEADERS, list);
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

module.exports = { dispatch, initOriginSet };
