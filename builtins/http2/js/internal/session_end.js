/** How a session ends: by itself, by its socket, with an error or without. */
'use strict';

const { codes: { ERR_HTTP2_SETTINGS_CANCEL, ERR_HTTP2_STREAM_CANCEL } } = require('internal/errors');
const { SERVER, kNative, kProxySocket, kSocket, kState, kType, sessions } = require('internal/http2/session_state');
const { flush } = require('internal/http2/frames_out');
const hooks = require('internal/async_ids');
const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = require('internal/http2/constants');

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

module.exports = { closeSession, socketOnClose, socketOnError };
