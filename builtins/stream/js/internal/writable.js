/**
 * `stream.Writable`: a sink that takes one chunk at a time.
 *
 * A write goes to `_write` at once if none is in progress, or waits. `_write`'s callback (`onWrite`)
 * starts the next. If it came synchronously, the user's callback and 'drain' wait for the next
 * tick, one tick for all such writes with the same callback.
 * **Invariant:** at most one `_write`/`_writev` is in progress (bit WRITING); 'finish' comes once,
 * after every callback owed (`pendingcb`) was called.
 */
'use strict';

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_MULTIPLE_CALLBACK,
    ERR_STREAM_ALREADY_FINISHED, ERR_STREAM_CANNOT_PIPE, ERR_STREAM_DESTROYED,
    ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END, ERR_UNKNOWN_ENCODING,
  },
  AbortError,
} = require('internal/errors');
const { Stream } = require('internal/stream/legacy');
const destroyImpl = require('internal/stream/destroy');
const {
  OBJECT_MODE, CONSTRUCTED, SYNC, AUTO_DESTROY, DESTROYED, CLOSED, CLOSE_EMITTED, ERRORED,
  ERROR_EMITTED,
} = require('internal/stream/state');
const {
  WritableState,
  NEED_DRAIN, ENDING, ENDED, FINAL_CALLED, FINISHED, DECODE_STRINGS, WRITING, BUFFER_PROCESSING,
  PREFINISHED, ALL_BUFFERS, ALL_NOOP, AFTER_WRITE_PENDING,
} = require('internal/stream/writable_state');

const { errorOrDestroy } = destroyImpl;

/** Spent slots that may stand before the waiting writes are moved to the front of their array. */
const SPENT_SLOTS_MAX = 256;

function nop() {}

function Writable(options) {
  if (!(this instanceof Writable)) return new Writable(options);

  this._writableState = new WritableState(options, this, false);
  if (options) {
    if (typeof options.write === 'function') this._write = options.write;
    if (typeof options.writev === 'function') this._writev = options.writev;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.final === 'function') this._final = options.final;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) {
      require('internal/stream/add_abort_signal').addAbortSignalNoValidate(options.signal, this);
    }
  }
  Stream.call(this, options);
  destroyImpl.construct(this, () => writableReady(this));
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype);
Object.setPrototypeOf(Writable, Stream);

/** Construction is over: starts what was written meanwhile. */
function writableReady(stream) {
  const state = stream._writableState;
  if (!(state.bits & WRITING)) clearBuffer(stream, state);
  if (state.bits & ENDING) finishMaybe(stream, state);
}

Writable.WritableState = WritableState;

/** A Duplex is a Writable too, though it does not inherit from it. */
Object.defineProperty(Writable, Symbol.hasInstance, {
  __proto__: null,
  value: function hasInstance(object) {
    if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
    return this === Writable && Boolean(object) && object._writableState instanceof WritableState;
  },
});

/** A Writable cannot be read from. */
Writable.prototype.pipe = function pipe() {
  errorOrDestroy(this, new ERR_STREAM_CANNOT_PIPE());
};

// ---------------------------------------------------------------- write

/** Node docs: writable.write. */
Writable.prototype.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  return acceptWrite(this, chunk, encoding, callback) === true;
};

/** write() with its arguments sorted out. True: go on; false: wait for 'drain'; or the error. */
function acceptWrite(stream, chunk, encoding, callback) {
  const state = stream._writableState;
  if (typeof callback !== 'function') callback = nop;

  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if (!(state.bits & OBJECT_MODE)) {
    if (!encoding) {
      encoding = state.defaultEncoding;
    } else if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
      throw new ERR_UNKNOWN_ENCODING(encoding);
    }
    if (typeof chunk === 'string') {
      if (state.bits & DECODE_STRINGS) {
        chunk = Buffer.from(chunk, encoding);
        encoding = 'buffer';
      }
    } else if (chunk instanceof Buffer) {
      encoding = 'buffer';
    } else if (ArrayBuffer.isView(chunk)) {
      chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      encoding = 'buffer';
    } else {
      throw new ERR_INVALID_ARG_TYPE(
        'chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
  }

  if (state.bits & (ENDING | DESTROYED)) {
    const err = state.bits & ENDING ?
      new ERR_STREAM_WRITE_AFTER_END() : new ERR_STREAM_DESTROYED('write');
    process.nextTick(callback, err);
    errorOrDestroy(stream, err, true);
    return err;
  }

  state.pendingcb++;
  return startOrQueue(stream, state, chunk, encoding, callback);
}

function startOrQueue(stream, state, chunk, encoding, callback) {
  const size = state.bits & OBJECT_MODE ? 1 : chunk.length;
  state.length += size;

  // What waits goes first: after the construction there is a tick before the buffer is worked off.
  if ((state.bits & (WRITING | ERRORED | CONSTRUCTED)) !== CONSTRUCTED || state.corked ||
      state.buffered.length > state.bufferedIndex) {
    state.buffered.push({ chunk, encoding, callback });
    if (encoding !== 'buffer') state.bits &= ~ALL_BUFFERS;
    if (callback !== nop) state.bits &= ~ALL_NOOP;
  } else {
    state.writelen = size;
    state.writecb = callback;
    state.bits |= WRITING | SYNC;
    stream._write(chunk, encoding, state.onwrite);
    state.bits &= ~SYNC;
  }
  // After _write(): what it has dealt with at once is no reason to wait.
  const more = state.length < state.highWaterMark || state.length === 0;
  if (!more) state.bits |= NEED_DRAIN;
  return more && (state.bits & (ERRORED | DESTROYED)) === 0;
}

/** Node docs: writable._write. A stream that only has `_writev` gets by with that. */
Writable.prototype._write = function _write(chunk, encoding, callback) {
  if (!this._writev) throw new ERR_METHOD_NOT_IMPLEMENTED('_write()');
  this._writev([{ chunk, encoding }], callback);
};

Writable.prototype._writev = null;

/** `_write`'s callback: the write in progress is over. */
function onWrite(stream, err) {
  const state = stream._writableState;
  const { writecb } = state;
  if (typeof writecb !== 'function') {
    errorOrDestroy(stream, new ERR_MULTIPLE_CALLBACK());
    return;
  }
  const wasSync = (state.bits & SYNC) !== 0;
  state.bits &= ~WRITING;
  state.writecb = null;
  state.length -= state.writelen;
  state.writelen = 0;

  if (err) {
    err.stack; // eslint-disable-line no-unused-expressions
    if (!(state.bits & ERRORED)) state.errored = err;
    const r = stream._readableState;
    if (r && !r.errored) r.errored = err;
    if (wasSync) process.nextTick(failWrite, stream, state, err, writecb);
    else failWrite(stream, state, err, writecb);
    return;
  }

  if (state.buffered.length > state.bufferedIndex) clearBuffer(stream, state);

  if (!wasSync) {
    afterWrite(stream, state, 1, writecb);
    return;
  }
  if (writecb === nop) {
    // Nobody to tell: a tick only for 'drain', and for objects, one for all writes of a turn.
    if (!(state.bits & AFTER_WRITE_PENDING) &&
        (state.bits & OBJECT_MODE || isDrainDue(state))) {
      state.bits |= AFTER_WRITE_PENDING;
      process.nextTick(afterWriteNobody, stream, state);
    } else {
      state.pendingcb--;
      if (state.bits & ENDING) finishMaybe(stream, state, true);
    }
    return;
  }
  const info = state.afterWriteTickInfo;
  if (info !== null && info.callback === writecb) {
    info.count++;
  } else {
    const fresh = { callback: writecb, count: 1 };
    state.afterWriteTickInfo = fresh;
    process.nextTick(afterWriteTick, stream, state, fresh);
  }
}

function isDrainDue(state) {
  return state.length === 0 && (state.bits & (NEED_DRAIN | ENDING | DESTROYED)) === NEED_DRAIN;
}

function afterWriteNobody(stream, state) {
  state.bits &= ~AFTER_WRITE_PENDING;
  afterWrite(stream, state, 1, nop);
}

function afterWriteTick(stream, state, info) {
  // A write with another callback has its own tick, and then this slot holds that.
  if (state.afterWriteTickInfo === info) state.afterWriteTickInfo = null;
  afterWrite(stream, state, info.count, info.callback);
}

function afterWrite(stream, state, count, callback) {
  if (isDrainDue(state)) {
    state.bits &= ~NEED_DRAIN;
    stream.emit('drain');
  }
  while (count-- > 0) {
    state.pendingcb--;
    callback(null);
  }
  if (state.bits & DESTROYED) failWaiting(state);
  // In a tick of its own, so that 'finish' never comes within the sink's callback.
  if (state.bits & ENDING) finishMaybe(stream, state, true);
}

function failWrite(stream, state, err, callback) {
  state.pendingcb--;
  callback(err);
  // The stream's error must reach those that wait, not only who wrote this chunk.
  failWaiting(state);
  errorOrDestroy(stream, err);
}

/** Tells everything that waits (writes, end()) that it will not happen. */
function failWaiting(state) {
  if (state.bits & WRITING) return;
  for (let i = state.bufferedIndex; i < state.buffered.length; i++) {
    const { chunk, callback } = state.buffered[i];
    state.length -= state.bits & OBJECT_MODE ? 1 : chunk.length;
    callback(state.errored ?? new ERR_STREAM_DESTROYED('write'));
  }
  callEndCallbacks(state, () => state.errored ?? new ERR_STREAM_DESTROYED('end'));
  state.resetBuffer();
}

function callEndCallbacks(state, makeResult) {
  const callbacks = state.endCallbacks;
  if (callbacks === null) return;
  state.endCallbacks = null;
  for (const callback of callbacks) callback(makeResult());
}

/** Starts the writes that wait: all in one `_writev`, or one by one while they end at once. */
function clearBuffer(stream, state) {
  if (state.corked ||
      (state.bits & (BUFFER_PROCESSING | DESTROYED | CONSTRUCTED)) !== CONSTRUCTED) {
    return;
  }
  const { buffered } = state;
  let index = state.bufferedIndex;
  const count = buffered.length - index;
  if (count === 0) return;

  state.bits |= BUFFER_PROCESSING;
  if (count > 1 && stream._writev) {
    state.pendingcb -= count - 1;
    const chunks = index === 0 ? buffered : buffered.slice(index);
    chunks.allBuffers = (state.bits & ALL_BUFFERS) !== 0;
    const callback = state.bits & ALL_NOOP ? nop : (err) => {
      for (const each of chunks) each.callback(err);
    };
    startWrite(stream, state, true, state.length, chunks, '', callback);
    state.resetBuffer();
  } else {
    do {
      const { chunk, encoding, callback } = buffered[index];
      buffered[index++] = null;
      const size = state.bits & OBJECT_MODE ? 1 : chunk.length;
      startWrite(stream, state, false, size, chunk, encoding, callback);
    } while (index < buffered.length && !(state.bits & WRITING));

    if (index === buffered.length) {
      state.resetBuffer();
    } else if (index > SPENT_SLOTS_MAX) {
      buffered.splice(0, index);
      state.bufferedIndex = 0;
    } else {
      state.bufferedIndex = index;
    }
  }
  state.bits &= ~BUFFER_PROCESSING;
}

function startWrite(stream, state, isMany, size, chunk, encoding, callback) {
  state.writelen = size;
  state.writecb = callback;
  state.bits |= WRITING | SYNC;
  if (state.bits & DESTROYED) state.onwrite(new ERR_STREAM_DESTROYED('write'));
  else if (isMany) stream._writev(chunk, state.onwrite);
  else stream._write(chunk, encoding, state.onwrite);
  state.bits &= ~SYNC;
}

/** Node docs: writable.cork. */
Writable.prototype.cork = function cork() {
  this._writableState.corked++;
};

/** Node docs: writable.uncork. */
Writable.prototype.uncork = function uncork() {
  const state = this._writableState;
  if (state.corked) {
    state.corked--;
    if (!(state.bits & WRITING)) clearBuffer(this, state);
  }
};

/** Node docs: writable.setDefaultEncoding. */
Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding) {
  if (typeof encoding === 'string') encoding = encoding.toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};

// ---------------------------------------------------------------- end

/** Node docs: writable.end. */
Writable.prototype.end = function end(chunk, encoding, callback) {
  const state = this._writableState;
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }

  let err;
  if (chunk !== null && chunk !== undefined) {
    const written = acceptWrite(this, chunk, encoding);
    if (typeof written === 'object') err = written;
  }

  // end() takes off every cork.
  if (state.corked) {
    state.corked = 1;
    this.uncork();
  }

  if (err) {
    // The write has reported it already.
  } else if (!(state.bits & (ERRORED | ENDING))) {
    state.bits |= ENDING;
    finishMaybe(this, state, true);
    state.bits |= ENDED;
  } else if (state.bits & FINISHED) {
    err = new ERR_STREAM_ALREADY_FINISHED('end');
  } else if (state.bits & DESTROYED) {
    err = new ERR_STREAM_DESTROYED('end');
  }

  if (typeof callback === 'function') {
    if (err) process.nextTick(callback, err);
    else if (state.bits & ERRORED) process.nextTick(callback, state.errored);
    else if (state.bits & FINISHED) process.nextTick(callback);
    else (state.endCallbacks ??= []).push(callback);
  }
  return this;
};

const FINISH_MASK = ENDING | CONSTRUCTED | DESTROYED | ERRORED | FINISHED | WRITING |
  ERROR_EMITTED | CLOSE_EMITTED;

function needFinish(state) {
  return (state.bits & FINISH_MASK) === (ENDING | CONSTRUCTED) && state.length === 0 &&
    state.buffered.length === 0;
}

/** Goes on to 'finish' if nothing is left to do. `later`: not within the caller's turn. */
function finishMaybe(stream, state, later) {
  if (!needFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb !== 0) return;
  if (later) {
    state.pendingcb++;
    process.nextTick(finishLater, stream, state);
  } else if (needFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finishLater(stream, state) {
  if (needFinish(state)) finish(stream, state);
  else state.pendingcb--;
}

/** `_final()`, then 'prefinish': both once. */
function prefinish(stream, state) {
  if (state.bits & (PREFINISHED | FINAL_CALLED)) return;
  if (typeof stream._final === 'function' && !(state.bits & DESTROYED)) {
    state.bits |= FINAL_CALLED;
    callFinal(stream, state);
  } else {
    state.bits |= FINAL_CALLED | PREFINISHED;
    stream.emit('prefinish');
  }
}

function callFinal(stream, state) {
  let called = false;
  function onFinal(err) {
    if (called) {
      errorOrDestroy(stream, err ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    state.pendingcb--;
    if (err) {
      callEndCallbacks(state, () => err);
      errorOrDestroy(stream, err, (state.bits & SYNC) !== 0);
    } else if (needFinish(state)) {
      state.bits |= PREFINISHED;
      stream.emit('prefinish');
      // 'finish' comes in a tick of its own, also when _final took its time.
      state.pendingcb++;
      process.nextTick(finish, stream, state);
    }
  }

  state.bits |= SYNC;
  state.pendingcb++;
  try {
    stream._final(onFinal);
  } catch (err) {
    onFinal(err);
  }
  state.bits &= ~SYNC;
}

function finish(stream, state) {
  state.pendingcb--;
  state.bits |= FINISHED;
  callEndCallbacks(state, () => null);
  stream.emit('finish');

  if (state.bits & AUTO_DESTROY) {
    // A Duplex lives until its other side is done too.
    const r = stream._readableState;
    if (!r || (r.autoDestroy && (r.endEmitted || r.readable === false))) stream.destroy();
  }
}

// ---------------------------------------------------------------- destroy

Writable.prototype.destroy = function destroy(err, callback) {
  const state = this._writableState;
  if (!(state.bits & DESTROYED) &&
      (state.bufferedIndex < state.buffered.length || state.endCallbacks !== null)) {
    process.nextTick(failWaiting, state);
  }
  destroyImpl.destroy.call(this, err, callback);
  return this;
};

Writable.prototype._undestroy = destroyImpl.undestroy;
Writable.prototype._destroy = function _destroy(err, callback) {
  callback(err);
};

Writable.prototype[EventEmitter.captureRejectionSymbol] = function onRejection(err) {
  this.destroy(err);
};

/** Destroys the stream and waits for 'close'. Node docs: writable[Symbol.asyncDispose](). */
Writable.prototype[Symbol.asyncDispose] = function asyncDispose() {
  let reason;
  if (!this.destroyed) {
    reason = this.writableFinished ? null : new AbortError();
    this.destroy(reason);
  }
  return new Promise((resolve, reject) => {
    require('internal/stream/end_of_stream').eos(
      this, (err) => (err && err.name !== 'AbortError' ? reject(err) : resolve(null)));
  });
};

// ---------------------------------------------------------------- properties

const PROPERTIES = {
  closed: { get() { return this._writableState ? (this._writableState.bits & CLOSED) !== 0 : false; } },
  destroyed: {
    get() { return this._writableState ? (this._writableState.bits & DESTROYED) !== 0 : false; },
    set(value) {
      if (this._writableState) this._writableState.destroyed = value;
    },
  },
  writable: {
    get() {
      const w = this._writableState;
      // net.Socket and others switch a side off by setting `writable` to false.
      return Boolean(w) && w.writable !== false &&
        (w.bits & (DESTROYED | ERRORED | ENDING | ENDED)) === 0;
    },
    set(value) {
      if (this._writableState) this._writableState.writable = !!value;
    },
  },
  writableFinished: {
    get() { return this._writableState ? (this._writableState.bits & FINISHED) !== 0 : false; },
  },
  writableObjectMode: {
    get() { return this._writableState ? (this._writableState.bits & OBJECT_MODE) !== 0 : false; },
  },
  writableBuffer: { get() { return this._writableState && this._writableState.getBuffer(); } },
  writableEnded: {
    get() { return this._writableState ? (this._writableState.bits & ENDING) !== 0 : false; },
  },
  writableNeedDrain: {
    get() {
      const w = this._writableState;
      return w ? (w.bits & (DESTROYED | ENDING | NEED_DRAIN)) === NEED_DRAIN : false;
    },
  },
  writableHighWaterMark: { get() { return this._writableState && this._writableState.highWaterMark; } },
  writableCorked: { get() { return this._writableState ? this._writableState.corked : 0; } },
  writableLength: { get() { return this._writableState && this._writableState.length; } },
  errored: { get() { return this._writableState ? this._writableState.errored : null; } },
  writableAborted: {
    get() {
      const w = this._writableState;
      return w.writable !== false && (w.bits & (DESTROYED | ERRORED)) !== 0 && !(w.bits & FINISHED);
    },
  },
};
for (const name of Object.keys(PROPERTIES)) {
  const { get, set } = PROPERTIES[name];
  Object.defineProperty(Writable.prototype, name, {
    __proto__: null, configurable: false, enumerable: false, get, set,
  });
}

// ---------------------------------------------------------------- statics

/** Node docs: stream.Writable.fromWeb. */
Writable.fromWeb = function fromWeb(writableStream, options) {
  return require('internal/webstreams/adapters')
    .newStreamWritableFromWritableStream(writableStream, options);
};

/** Node docs: stream.Writable.toWeb. */
Writable.toWeb = function toWeb(streamWritable) {
  return require('internal/webstreams/adapters')
    .newWritableStreamFromStreamWritable(streamWritable);
};

module.exports = { Writable, WritableState, onWrite, writableReady };
