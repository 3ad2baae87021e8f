/**
 * `stream.Readable`: a source of chunks, pulled with `read()` or flowing as 'data'.
 *
 * Two sides meet at the queue in the state. The source side (`push`, `_read`) fills it up to
 * highWaterMark; the consumer side empties it. What connects them always runs in a later tick
 * (reading ahead, 'readable', resuming, 'end'), at most one of each pending, told by a bit.
 * **Invariant:** `_read` is not called again before the last call has pushed (bit READING).
 */
'use strict';

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_PUSH_AFTER_EOF,
    ERR_STREAM_UNSHIFT_AFTER_END_EVENT,
  },
  AbortError,
} = require('internal/errors');
const { Stream } = require('internal/stream/legacy');
const destroyImpl = require('internal/stream/destroy');
const {
  OBJECT_MODE, CONSTRUCTED, SYNC, AUTO_DESTROY, DESTROYED, CLOSE_EMITTED, ERRORED, ERROR_EMITTED,
} = require('internal/stream/state');
const {
  ReadableState,
  ENDED, END_EMITTED, READING, NEED_READABLE, EMITTED_READABLE, READABLE_LISTENING,
  RESUME_SCHEDULED, MULTI_AWAIT_DRAIN, READING_MORE, DATA_EMITTED, FLOWING_KNOWN, FLOWING,
  PAUSED_KNOWN, PAUSED, HAS_DECODER, DATA_LISTENING,
} = require('internal/stream/readable_state');

const { errorOrDestroy } = destroyImpl;

/** The most that one read() may ask for, in bytes: 1 GiB. */
const READ_SIZE_MAX = 0x40000000;

function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options);

  this._readableState = new ReadableState(options, this, false);
  if (options) {
    if (typeof options.read === 'function') this._read = options.read;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  }
  Stream.call(this, options);
  destroyImpl.construct(this, () => {
    if (this._readableState.bits & NEED_READABLE) readAhead(this, this._readableState);
  });
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype);
Object.setPrototypeOf(Readable, Stream);

function addAbortSignal(signal, stream) {
  require('internal/stream/add_abort_signal').addAbortSignalNoValidate(signal, stream);
}

Readable.ReadableState = ReadableState;

Readable.prototype.destroy = destroyImpl.destroy;
Readable.prototype._undestroy = destroyImpl.undestroy;
Readable.prototype._destroy = function _destroy(err, callback) {
  callback(err);
};

Readable.prototype[EventEmitter.captureRejectionSymbol] = function onRejection(err) {
  this.destroy(err);
};

/** Destroys the stream and waits for 'close'. Node docs: readable[Symbol.asyncDispose](). */
Readable.prototype[Symbol.asyncDispose] = function asyncDispose() {
  let reason;
  if (!this.destroyed) {
    reason = this.readableEnded ? null : new AbortError();
    this.destroy(reason);
  }
  return new Promise((resolve, reject) => {
    require('internal/stream/end_of_stream').eos(
      this, (err) => (err && err !== reason ? reject(err) : resolve(null)));
  });
};

// ---------------------------------------------------------------- the source side

/** Queues a chunk; null ends. False says: enough for now. Node docs: readable.push. */
Readable.prototype.push = function push(chunk, encoding) {
  const state = this._readableState;
  if (!(state.bits & OBJECT_MODE)) {
    if (chunk === null) return pushEnd(this, state);
    chunk = toQueueable(this, state, chunk, encoding, false);
    if (chunk === REFUSED) return false;
    if (!chunk || chunk.length === 0) return pushNothing(this, state);
    encoding = typeof chunk === 'string' ? 'same' : '';
  } else if (chunk === null) {
    return pushEnd(this, state);
  }

  if (state.bits & ENDED) {
    errorOrDestroy(this, new ERR_STREAM_PUSH_AFTER_EOF());
    return false;
  }
  if (state.bits & (DESTROYED | ERRORED)) return false;
  state.bits &= ~READING;
  if (state.bits & HAS_DECODER && !encoding) {
    chunk = state.decoder.write(chunk);
    if (chunk.length === 0 && !(state.bits & OBJECT_MODE)) {
      readAhead(this, state);
      return wantsMore(state);
    }
  }
  addChunk(this, state, chunk, false);
  return wantsMore(state);
};

/** Gives a chunk back: it is read next. Node docs: readable.unshift. */
Readable.prototype.unshift = function unshift(chunk, encoding) {
  const state = this._readableState;
  if (chunk === null) return pushEnd(this, state);
  if (!(state.bits & OBJECT_MODE)) {
    chunk = toQueueable(this, state, chunk, encoding, true);
    if (chunk === REFUSED) return false;
    if (!chunk || chunk.length === 0) return wantsMore(state);
  }
  if (state.bits & END_EMITTED) {
    errorOrDestroy(this, new ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
    return false;
  }
  if (state.bits & (DESTROYED | ERRORED)) return false;
  addChunk(this, state, chunk, true);
  return wantsMore(state);
};

const REFUSED = Symbol('refused');

/**
 * What a chunk becomes in byte mode: a Buffer, or a string where the stream has the same encoding.
 * Anything else is an error of the stream, and REFUSED.
 */
function toQueueable(stream, state, chunk, encoding, toFront) {
  if (typeof chunk === 'string') {
    encoding ||= state.defaultEncoding;
    if (state.encoding === encoding) return chunk;
    // Data given back has been through the decoder once; it must not go through it again.
    if (toFront && state.encoding) return Buffer.from(chunk, encoding).toString(state.encoding);
    return Buffer.from(chunk, encoding);
  }
  if (chunk instanceof Buffer || chunk === undefined) return chunk;
  if (ArrayBuffer.isView(chunk)) {
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  errorOrDestroy(stream, new ERR_INVALID_ARG_TYPE(
    'chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
  return REFUSED;
}

function pushNothing(stream, state) {
  state.bits &= ~READING;
  readAhead(stream, state);
  return wantsMore(state);
}

/** push(null): no more data. What is queued is still read, then comes 'end'. */
function pushEnd(stream, state) {
  state.bits &= ~READING;
  if (state.bits & ENDED) return false;
  if (state.bits & HAS_DECODER) {
    const rest = state.decoder.end();
    if (rest?.length) state.append(rest, state.bits & OBJECT_MODE ? 1 : rest.length);
  }
  state.bits |= ENDED;
  if (state.bits & SYNC) {
    // Inside _read(): give its caller the chance to take the last data first. Where nobody has
    // asked for anything yet, the first to do so will find the end.
    if (state.bits & (NEED_READABLE | FLOWING) || stream.listenerCount('readable') > 0) {
      emitReadable(stream);
    }
  } else {
    state.bits = (state.bits & ~NEED_READABLE) | EMITTED_READABLE;
    announceReadable(stream);
  }
  return false;
}

function wantsMore(state) {
  return !(state.bits & ENDED) && (state.length < state.highWaterMark || state.length === 0);
}

function addChunk(stream, state, chunk, toFront) {
  // A chunk that comes on its own time, with nothing waiting before it, need not queue.
  if ((state.bits & (FLOWING | SYNC | DATA_LISTENING)) === (FLOWING | DATA_LISTENING) &&
      state.length === 0) {
    if (state.bits & MULTI_AWAIT_DRAIN) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
    state.bits |= DATA_EMITTED;
    stream.emit('data', chunk);
  } else {
    const size = state.bits & OBJECT_MODE ? 1 : chunk.length;
    if (toFront) state.prepend(chunk, size);
    else state.append(chunk, size);
    if (state.bits & NEED_READABLE) emitReadable(stream);
  }
  readAhead(stream, state);
}

/** Has the queue filled up to highWaterMark, beginning in the next tick. */
function readAhead(stream, state) {
  if ((state.bits & (READING_MORE | READING | CONSTRUCTED)) === CONSTRUCTED) {
    state.bits |= READING_MORE;
    process.nextTick(readAheadNow, stream, state);
  }
}

function readAheadNow(stream, state) {
  // A _read() that pushes nothing at once ends the loop (READING stays, or length does).
  while (!(state.bits & (READING | ENDED)) &&
         (state.length < state.highWaterMark || (state.bits & FLOWING && state.length === 0))) {
    const before = state.length;
    stream.read(0);
    if (state.length === before) break;
  }
  state.bits &= ~READING_MORE;
}

Readable.prototype._read = function _read(size) { // eslint-disable-line no-unused-vars
  throw new ERR_METHOD_NOT_IMPLEMENTED('_read()');
};

// ---------------------------------------------------------------- the consumer side

/** Node docs: readable.setEncoding. What is queued already is decoded too. */
Readable.prototype.setEncoding = function setEncoding(encoding) {
  const state = this._readableState;
  const queued = state.buffer.slice(state.bufferIndex);
  state.decodeAs(encoding);
  let text = '';
  for (const chunk of queued) text += state.decoder.write(chunk);
  state.clear();
  if (text !== '') state.append(text, text.length);
  return this;
};

function nextPowerOfTwo(n) {
  if (n > READ_SIZE_MAX) throw new ERR_OUT_OF_RANGE('size', '<= 1GiB', n);
  return n <= 1 ? n : 2 ** (32 - Math.clz32(n - 1));
}

/** How much read(n) takes now: 0 when there is not enough, and that is not the end. */
function amountToRead(state, n) {
  if (n <= 0 || (state.length === 0 && state.bits & ENDED)) return 0;
  if (state.bits & OBJECT_MODE) return 1;
  if (Number.isNaN(n)) {
    // Chunk by chunk, as they came; only text that is not flowing is joined.
    return state.length && (state.bits & FLOWING || !(state.bits & HAS_DECODER)) ?
      state.buffer[state.bufferIndex].length : state.length;
  }
  if (n <= state.length) return n;
  return state.bits & ENDED ? state.length : 0;
}

/** Takes `n` units off the queue, or null; and keeps the source busy. Node docs: readable.read. */
Readable.prototype.read = function read(n) {
  if (n === undefined) n = NaN;
  else if (!Number.isInteger(n)) n = Number.parseInt(n, 10);
  const state = this._readableState;
  const asked = n;

  if (n > state.highWaterMark) state.highWaterMark = nextPowerOfTwo(n);
  if (n !== 0) state.bits &= ~EMITTED_READABLE;

  // read(0) where there is enough already: no new _read(), only news for who waits.
  if (n === 0 && state.bits & NEED_READABLE &&
      ((state.highWaterMark !== 0 ? state.length >= state.highWaterMark : state.length > 0) ||
       state.bits & ENDED)) {
    if (state.length === 0 && state.bits & ENDED) finishReading(this);
    else emitReadable(this);
    return null;
  }

  n = amountToRead(state, n);
  if (n === 0 && state.bits & ENDED) {
    if (state.length === 0) finishReading(this);
    return null;
  }

  if (needsSource(state, n)) {
    callRead(this, state);
    // A source that answered at once may have changed what there is to take.
    if (!(state.bits & READING)) n = amountToRead(state, asked);
  }

  const taken = n > 0 ? state.take(n) : null;
  if (taken === null) {
    if (state.length <= state.highWaterMark) state.bits |= NEED_READABLE;
    else state.bits &= ~NEED_READABLE;
    n = 0;
  } else {
    state.length -= n;
    if (state.bits & MULTI_AWAIT_DRAIN) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
  }

  if (state.length === 0) {
    if (!(state.bits & ENDED)) state.bits |= NEED_READABLE;
    // The last of it was read: 'end' follows without another read().
    else if (asked !== n) finishReading(this);
  }

  if (taken !== null && !(state.bits & (ERROR_EMITTED | CLOSE_EMITTED))) {
    state.bits |= DATA_EMITTED;
    this.emit('data', taken);
  }
  return taken;
};

function needsSource(state, n) {
  if ((state.bits & (ENDED | READING | DESTROYED | ERRORED | CONSTRUCTED)) !== CONSTRUCTED) {
    return false;
  }
  return (state.bits & NEED_READABLE) !== 0 || state.length === 0 ||
    state.length - n < state.highWaterMark;
}

function callRead(stream, state) {
  state.bits |= READING | SYNC;
  if (state.length === 0) state.bits |= NEED_READABLE;
  try {
    stream._read(state.highWaterMark);
  } catch (err) {
    errorOrDestroy(stream, err);
  }
  state.bits &= ~SYNC;
}

/** Emits 'readable' in the next tick, once. */
function emitReadable(stream) {
  const state = stream._readableState;
  state.bits &= ~NEED_READABLE;
  if (!(state.bits & EMITTED_READABLE)) {
    state.bits |= EMITTED_READABLE;
    process.nextTick(announceReadable, stream);
  }
}

function announceReadable(stream) {
  const state = stream._readableState;
  if (!(state.bits & (DESTROYED | ERRORED)) && (state.length || state.bits & ENDED)) {
    stream.emit('readable');
    state.bits &= ~EMITTED_READABLE;
  }
  // Is another 'readable' due? Not while data flows, after the end, or with enough in store.
  if (!(state.bits & (FLOWING | ENDED)) && state.length <= state.highWaterMark) {
    state.bits |= NEED_READABLE;
  }
  flow(stream);
}

/** All is read: 'end' in the next tick, then on to destruction. */
function finishReading(stream) {
  const state = stream._readableState;
  if (!(state.bits & END_EMITTED)) {
    state.bits |= ENDED;
    process.nextTick(emitEnd, state, stream);
  }
}

function emitEnd(state, stream) {
  if (state.bits & (ERRORED | CLOSE_EMITTED | END_EMITTED) || state.length !== 0) return;
  state.bits |= END_EMITTED;
  stream.emit('end');

  if (stream.writable && stream.allowHalfOpen === false) {
    process.nextTick(endWritableSide, stream);
  } else if (state.bits & AUTO_DESTROY) {
    const w = stream._writableState;
    if (!w || (w.autoDestroy && (w.finished || w.writable === false))) stream.destroy();
  }
}

function endWritableSide(stream) {
  if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

// ---------------------------------------------------------------- listening, flowing

/** Listening for 'data' starts the flow; for 'readable', takes over from it. */
Readable.prototype.on = function on(event, listener) {
  const result = Stream.prototype.on.call(this, event, listener);
  const state = this._readableState;
  if (event === 'data') {
    state.bits |= DATA_LISTENING;
    if (this.listenerCount('readable') > 0) state.bits |= READABLE_LISTENING;
    else state.bits &= ~READABLE_LISTENING;
    // Anything but an explicit pause() starts it.
    if ((state.bits & (FLOWING_KNOWN | FLOWING)) !== FLOWING_KNOWN) this.resume();
  } else if (event === 'readable' && !(state.bits & (END_EMITTED | READABLE_LISTENING))) {
    state.bits |= READABLE_LISTENING | NEED_READABLE | FLOWING_KNOWN;
    state.bits &= ~(FLOWING | EMITTED_READABLE);
    if (state.length || state.bits & ENDED) emitReadable(this);
    if (state.length === 0 && !(state.bits & READING)) process.nextTick(readZero, this);
  }
  return result;
};
Readable.prototype.addListener = Readable.prototype.on;

function readZero(stream) {
  stream.read(0);
}

Readable.prototype.removeListener = function removeListener(event, listener) {
  const result = Stream.prototype.removeListener.call(this, event, listener);
  // Later, so that a listener swapped in the same tick (once and again) does not start the flow.
  if (event === 'readable') process.nextTick(relisten, this);
  else if (event === 'data' && this.listenerCount('data') === 0) {
    this._readableState.bits &= ~DATA_LISTENING;
  }
  return result;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function removeAllListeners(event) {
  const result = Stream.prototype.removeAllListeners.apply(this, arguments);
  if (event === 'readable' || event === undefined) process.nextTick(relisten, this);
  return result;
};

/** Listeners have gone: decides whether the stream flows now. */
function relisten(stream) {
  const state = stream._readableState;
  if (stream.listenerCount('readable') > 0) state.bits |= READABLE_LISTENING;
  else state.bits &= ~READABLE_LISTENING;

  if (state.bits & RESUME_SCHEDULED && (state.bits & (PAUSED_KNOWN | PAUSED)) === PAUSED_KNOWN) {
    // resume() was called meanwhile and has been waiting for 'readable' to let go.
    state.bits |= FLOWING_KNOWN | FLOWING;
  } else if (state.bits & DATA_LISTENING) {
    stream.resume();
  } else if (!(state.bits & READABLE_LISTENING)) {
    state.bits &= ~(FLOWING_KNOWN | FLOWING);
  }
}

/** Node docs: readable.resume. */
Readable.prototype.resume = function resume() {
  const state = this._readableState;
  if (state.bits & DESTROYED) return this;
  if (!(state.bits & FLOWING)) {
    // With a 'readable' listener data goes there, whatever resume() wants.
    state.bits |= state.bits & READABLE_LISTENING ? FLOWING_KNOWN : FLOWING_KNOWN | FLOWING;
    if (!(state.bits & RESUME_SCHEDULED)) {
      state.bits |= RESUME_SCHEDULED;
      process.nextTick(resumeNow, this, state);
    }
  }
  state.bits = (state.bits | PAUSED_KNOWN) & ~PAUSED;
  return this;
};

function resumeNow(stream, state) {
  if (!(state.bits & READING)) stream.read(0);
  state.bits &= ~RESUME_SCHEDULED;
  stream.emit('resume');
  flow(stream);
  if ((state.bits & (FLOWING | READING)) === FLOWING) stream.read(0);
}

/** Node docs: readable.pause. */
Readable.prototype.pause = function pause() {
  const state = this._readableState;
  if (state.bits & DESTROYED) return this;
  if ((state.bits & (FLOWING_KNOWN | FLOWING)) !== FLOWING_KNOWN) {
    state.bits = (state.bits | FLOWING_KNOWN) & ~FLOWING;
    this.emit('pause');
  }
  state.bits |= PAUSED_KNOWN | PAUSED;
  return this;
};

/** Node docs: readable.isPaused. */
Readable.prototype.isPaused = function isPaused() {
  const { bits } = this._readableState;
  return (bits & PAUSED) !== 0 || (bits & (FLOWING_KNOWN | FLOWING)) === FLOWING_KNOWN;
};

function flow(stream) {
  const state = stream._readableState;
  while (state.bits & FLOWING && stream.read() !== null);
}

/** Node docs: readable.pipe. */
Readable.prototype.pipe = function pipe(dest, options) {
  return require('internal/stream/pipe').pipe(this, dest, options);
};

/** Node docs: readable.unpipe. */
Readable.prototype.unpipe = function unpipe(dest) {
  return require('internal/stream/pipe').unpipe(this, dest);
};

/** Node docs: readable.wrap. */
Readable.prototype.wrap = function wrap(stream) {
  return require('internal/stream/wrap').wrap(this, stream);
};

/** Node docs: readable[Symbol.asyncIterator]. */
Readable.prototype[Symbol.asyncIterator] = function asyncIterator() {
  return require('internal/stream/iterator').iterate(this);
};

/** Node docs: readable.iterator. */
Readable.prototype.iterator = function iterator(options) {
  if (options !== undefined) {
    require('internal/validators').validateObject(options, 'options');
  }
  return require('internal/stream/iterator').iterate(this, options);
};

/** Node docs: readable.compose. */
Readable.prototype.compose = function compose(stream, options) {
  return require('internal/stream/compose').composeOnto(this, stream, options);
};

// ---------------------------------------------------------------- properties

function getter(name, get, set) {
  Object.defineProperty(Readable.prototype, name, {
    __proto__: null, configurable: false, enumerable: false, get, set,
  });
}

getter('readable', function() {
  const r = this._readableState;
  // net.Socket and others switch a side off by setting `readable` to false.
  return !!r && r.readable !== false && !(r.bits & (DESTROYED | ERROR_EMITTED | END_EMITTED));
}, function(value) {
  if (this._readableState) this._readableState.readable = !!value;
});
getter('readableDidRead', function() { return (this._readableState.bits & DATA_EMITTED) !== 0; });
getter('readableAborted', function() {
  const r = this._readableState;
  return r.readable !== false && (r.bits & (DESTROYED | ERRORED)) !== 0 && !(r.bits & END_EMITTED);
});
getter('readableHighWaterMark', function() { return this._readableState.highWaterMark; });
getter('readableBuffer', function() { return this._readableState && this._readableState.buffer; });
getter('readableFlowing', function() { return this._readableState.flowing; }, function(value) {
  if (this._readableState) this._readableState.flowing = value;
});
getter('readableLength', function() { return this._readableState.length; });
getter('readableObjectMode', function() {
  return this._readableState ? (this._readableState.bits & OBJECT_MODE) !== 0 : false;
});
getter('readableEncoding', function() {
  return this._readableState ? this._readableState.encoding : null;
});
getter('errored', function() { return this._readableState ? this._readableState.errored : null; });
getter('closed', function() { return this._readableState ? this._readableState.closed : false; });
getter('destroyed', function() {
  return this._readableState ? this._readableState.destroyed : false;
}, function(value) {
  if (this._readableState) this._readableState.destroyed = value;
});
getter('readableEnded', function() {
  return this._readableState ? (this._readableState.bits & END_EMITTED) !== 0 : false;
});

// ---------------------------------------------------------------- statics

/** Kept for programs that reach for it: takes `n` units off a state's queue. */
Readable._fromList = function _fromList(n, state) {
  return state.take(n);
};

/** Node docs: stream.Readable.from. */
Readable.from = function from(iterable, options) {
  return require('internal/stream/from').from(Readable, iterable, options);
};

/** Node docs: stream.Readable.fromWeb. */
Readable.fromWeb = function fromWeb(readableStream, options) {
  return require('internal/webstreams/adapters')
    .newStreamReadableFromReadableStream(readableStream, options);
};

/** Node docs: stream.Readable.toWeb. */
Readable.toWeb = function toWeb(streamReadable, options) {
  return require('internal/webstreams/adapters')
    .newReadableStreamFromStreamReadable(streamReadable, options);
};

/** A Readable around an old-style stream. */
Readable.wrap = function wrap(source, options) {
  return new Readable({
    objectMode: source.readableObjectMode ?? source.objectMode ?? true,
    ...options,
    destroy(err, callback) {
      destroyImpl.destroyer(source, err);
      callback(err);
    },
  }).wrap(source);
};

const OPERATORS_TO_STREAM = ['drop', 'filter', 'flatMap', 'map', 'take'];
const OPERATORS_TO_PROMISE = ['every', 'forEach', 'reduce', 'toArray', 'some', 'find'];
// Real arities, so that no file has to be loaded to know them.
const ARITY = {
  drop: 1, filter: 2, flatMap: 2, map: 2, take: 1,
  every: 1, forEach: 2, reduce: 3, toArray: 1, some: 1, find: 2,
};

function defineOperator(name, run) {
  Object.defineProperty(run, 'name', { __proto__: null, value: name, configurable: true });
  Object.defineProperty(run, 'length', { __proto__: null, value: ARITY[name], configurable: true });
  Object.defineProperty(Readable.prototype, name, {
    __proto__: null, configurable: true, enumerable: false, writable: true, value: run,
  });
}
for (const name of OPERATORS_TO_STREAM) {
  const operator = {
    op(...args) {
      return Readable.from(require('internal/stream/operators')[name].apply(this, args));
    },
  }.op;
  defineOperator(name, operator);
}
for (const name of OPERATORS_TO_PROMISE) {
  const operator = {
    op(...args) {
      return require('internal/stream/operators')[name].apply(this, args);
    },
  }.op;
  defineOperator(name, operator);
}

module.exports = { Readable, ReadableState, readAhead };
