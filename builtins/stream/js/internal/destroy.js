/**
 * The end of a stream's life, and its delayed beginning: `destroy()`, errors that may come at any
 * time, `_construct()`.
 *
 * Order that must hold: `_destroy` runs once `_construct` is over; then, in one later tick,
 * 'error' (at most once per stream) and 'close' (at most once, and last). Both sides of a Duplex
 * share all of it, so every step looks at both states.
 */
'use strict';

const { codes: { ERR_MULTIPLE_CALLBACK }, AbortError } = require('internal/errors');
const {
  AUTO_DESTROY, CLOSED, CLOSE_EMITTED, CONSTRUCTED, DESTROYED, EMIT_CLOSE, ERRORED, ERROR_EMITTED,
} = require('internal/stream/state');

const kIsDestroyed = Symbol('nodejs.webstream.isDestroyed');

/** One error out of two: the second one explains the first when both are there. */
function combineErrors(inner, outer) {
  if (!inner || !outer || inner === outer) return inner || outer;
  if (Array.isArray(outer.errors)) {
    outer.errors.push(inner);
    return outer;
  }
  const both = new AggregateError([outer, inner], outer.message);
  both.code = outer.code;
  return both;
}

function setBits(r, w, bits) {
  if (r) r.bits |= bits;
  if (w) w.bits |= bits;
}

/** Whether either side of the stream has one of `bits`. */
function eitherHas(r, w, bits) {
  return (r ? r.bits & bits : 0) !== 0 || (w ? w.bits & bits : 0) !== 0;
}

function recordError(err, r, w) {
  if (!err) return;
  // The first reader of `stack` pays for formatting it; now is when the frames are still alive.
  err.stack; // eslint-disable-line no-unused-expressions
  if (w && !(w.bits & ERRORED)) w.errored = err;
  if (r && !(r.bits & ERRORED)) r.errored = err;
}

/** `stream.destroy(err, callback)` of every stream class. */
function destroy(err, callback) {
  const r = this._readableState;
  const w = this._writableState;
  if (eitherHas(r, w, DESTROYED)) {
    if (typeof callback === 'function') callback();
    return this;
  }
  recordError(err, r, w);
  setBits(r, w, DESTROYED);

  const main = w || r;
  if (main && !(main.bits & CONSTRUCTED)) {
    construction(this).doomed.push((late) => tearDown(this, combineErrors(late, err), callback));
  } else {
    tearDown(this, err, callback);
  }
  return this;
}

function tearDown(stream, err, callback) {
  let done = false;
  const onDestroyed = (failure) => {
    if (done) return;
    done = true;
    const r = stream._readableState;
    const w = stream._writableState;
    recordError(failure, r, w);
    setBits(r, w, CLOSED);
    if (typeof callback === 'function') callback(failure);
    if (failure) process.nextTick(emitErrorThenClose, stream, failure);
    else process.nextTick(emitClose, stream);
  };
  try {
    stream._destroy(err || null, onDestroyed);
  } catch (thrown) {
    onDestroyed(thrown);
  }
}

function emitErrorThenClose(stream, err) {
  emitError(stream, err);
  emitClose(stream);
}

function emitClose(stream) {
  const r = stream._readableState;
  const w = stream._writableState;
  setBits(r, w, CLOSE_EMITTED);
  if (eitherHas(r, w, EMIT_CLOSE)) stream.emit('close');
}

function emitError(stream, err) {
  const r = stream._readableState;
  const w = stream._writableState;
  if (eitherHas(r, w, ERROR_EMITTED)) return;
  setBits(r, w, ERROR_EMITTED);
  stream.emit('error', err);
}

/** `stream._undestroy()`: makes a destroyed stream usable again, as if new (net.Socket does). */
function undestroy() {
  const r = this._readableState;
  const w = this._writableState;
  if (r) r.reset();
  if (w) w.reset();
}

/**
 * Reports `err` on a stream: destroys it with the error, or where autoDestroy is off emits 'error',
 * in the next tick if `later`. A destroyed stream swallows it: its one error has been told.
 */
function errorOrDestroy(stream, err, later) {
  const r = stream._readableState;
  const w = stream._writableState;
  if (eitherHas(r, w, DESTROYED)) return;
  if (eitherHas(r, w, AUTO_DESTROY)) {
    stream.destroy(err);
  } else if (err) {
    recordError(err, r, w);
    if (later) process.nextTick(emitError, stream, err);
    else emitError(stream, err);
  }
}

/** What waits for `_construct()`, kept with the state that both sides agree on. */
function construction(stream) {
  const main = stream._writableState || stream._readableState;
  return main.waiting ??= { ready: [], doomed: [] };
}

/** Starts `_construct()` in the next tick, if the class has one; `onReady` follows its success. */
function construct(stream, onReady) {
  if (typeof stream._construct !== 'function') return;
  const r = stream._readableState;
  const w = stream._writableState;
  if (r) r.bits &= ~CONSTRUCTED;
  if (w) w.bits &= ~CONSTRUCTED;
  const waiting = construction(stream);
  waiting.ready.push(onReady);
  // The second call comes from the other side of a Duplex.
  if (waiting.ready.length === 1) process.nextTick(runConstruct, stream);
}

function runConstruct(stream) {
  let called = false;
  function onConstructed(err) {
    if (called) {
      errorOrDestroy(stream, err ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    const r = stream._readableState;
    const w = stream._writableState;
    setBits(r, w, CONSTRUCTED);
    if (eitherHas(r, w, DESTROYED)) {
      for (const tearDownNow of construction(stream).doomed) tearDownNow(err);
    } else if (err) {
      errorOrDestroy(stream, err, true);
    } else {
      process.nextTick(announceReady, stream);
    }
  }
  try {
    stream._construct((err) => process.nextTick(onConstructed, err));
  } catch (err) {
    process.nextTick(onConstructed, err);
  }
}

function announceReady(stream) {
  const main = stream._writableState || stream._readableState;
  const { ready } = construction(stream);
  main.waiting = null;
  for (const onReady of ready) onReady();
}

const isRequest = (stream) => Boolean(stream?.setHeader) && typeof stream.abort === 'function';

/**
 * Destroys any stream-like thing: our streams, old-style ones, HTTP requests. Without an error a
 * stream that has not ended gets an AbortError, as its data is lost. Node docs: stream.destroy.
 */
function destroyer(stream, err) {
  const { isFinished, isServerRequest } = require('internal/stream/utils');
  if (!stream || isDestroyed(stream)) return;
  if (!err && !isFinished(stream)) err = new AbortError();

  if (isServerRequest(stream)) {
    stream.socket = null;
    stream.destroy(err);
  } else if (isRequest(stream)) {
    stream.abort();
  } else if (isRequest(stream.req)) {
    stream.req.abort();
  } else if (typeof stream.destroy === 'function') {
    stream.destroy(err);
  } else if (typeof stream.close === 'function') {
    stream.close();
  } else if (err) {
    process.nextTick(emitErrorThenLegacyClose, stream, err);
  } else {
    process.nextTick(emitLegacyClose, stream);
  }
  if (!stream.destroyed) stream[kIsDestroyed] = true;
}

function emitErrorThenLegacyClose(stream, err) {
  stream.emit('error', err);
  emitLegacyClose(stream);
}

function emitLegacyClose(stream) {
  stream.emit('close');
}

function isDestroyed(stream) {
  const main = stream._writableState || stream._readableState;
  return Boolean(stream.destroyed || stream[kIsDestroyed] || main?.destroyed);
}

module.exports = {
  combineErrors, construct, destroy, destroyer, errorOrDestroy, isDestroyed, kIsDestroyed, undestroy,
};
