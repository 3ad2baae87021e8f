/**
 * Frames out, and the way to the connection: bytes that come go to the binding's session, what that wants to send goes to the kernel's handle,
 * to the handle that encrypts, or to any stream. Output is flushed once per turn, and not while an earlier piece is on its way.
 */
'use strict';

const net = require('net');
const { errnoException } = require('internal/errors');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { UV_EOF, owner, run } = require('internal/net/handles');
const { kNative, kSocket, kState, kStreamHooks, sessions, streamOf } = require('internal/http2/session_state');
const { dispatch } = require('internal/http2/frames_in');
const hooks = require('internal/async_ids');
const { NGHTTP2_CANCEL } = require('internal/http2/constants');

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

/** Frames that had been sent when `subject`, a session or a stream, was last looked at. */
const framesSeen = new WeakMap();

/** Whether frames went out since `subject` was last asked about: a long write that moves on is life. */
function progressed(session, subject) {
  const sent = session[kNative]?.statistics()[1];
  if (sent === undefined || sent === framesSeen.get(subject)) return false;
  framesSeen.set(subject, sent);
  return true;
}

module.exports = { attach, flush, progressed, scheduleFlush };
