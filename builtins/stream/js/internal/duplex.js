/**
 * `stream.Duplex`: both sides in one object, each with its own state and queue.
 *
 * It inherits from Readable and borrows from Writable, whose `instanceof` looks at the state.
 */
'use strict';

const { Stream } = require('internal/stream/legacy');
const { Readable, ReadableState, readAhead } = require('internal/stream/readable');
const { Writable, WritableState, writableReady } = require('internal/stream/writable');
const destroyImpl = require('internal/stream/destroy');
const { DESTROYED } = require('internal/stream/state');
const { END_EMITTED, ENDED, NEED_READABLE } = require('internal/stream/readable_state');
const writableBits = require('internal/stream/writable_state');

function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options);

  this._readableState = new ReadableState(options, this, true);
  this._writableState = new WritableState(options, this, true);
  this.allowHalfOpen = !options || options.allowHalfOpen !== false;
  if (options) {
    if (options.readable === false) switchOffReadable(this._readableState);
    if (options.writable === false) switchOffWritable(this._writableState);
    if (typeof options.read === 'function') this._read = options.read;
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

  if (typeof this._construct === 'function') {
    destroyImpl.construct(this, () => {
      if (this._readableState.bits & NEED_READABLE) readAhead(this, this._readableState);
      writableReady(this);
    });
  }
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);

/** A side that is off counts as one that has ended. */
function switchOffReadable(state) {
  state.readable = false;
  state.bits |= ENDED | END_EMITTED;
}

function switchOffWritable(state) {
  state.writable = false;
  state.bits |= writableBits.ENDING | writableBits.ENDED | writableBits.FINISHED;
}

for (const name of ['write', 'cork', 'uncork', 'setDefaultEncoding', '_write', '_writev', 'end',
  'destroy']) {
  Duplex.prototype[name] = Writable.prototype[name];
}
for (const name of ['writable', 'writableHighWaterMark', 'writableObjectMode', 'writableBuffer',
  'writableLength', 'writableFinished', 'writableCorked', 'writableEnded', 'writableNeedDrain']) {
  Object.defineProperty(Duplex.prototype, name,
    Object.getOwnPropertyDescriptor(Writable.prototype, name));
}

Object.defineProperty(Duplex.prototype, 'destroyed', {
  __proto__: null,
  configurable: false,
  enumerable: false,
  get() {
    const r = this._readableState;
    const w = this._writableState;
    return r !== undefined && w !== undefined && (r.bits & w.bits & DESTROYED) !== 0;
  },
  set(value) {
    // Streams that share neither state yet (a subclass before its constructor ran) stay as is.
    if (this._readableState && this._writableState) {
      this._readableState.destroyed = value;
      this._writableState.destroyed = value;
    }
  },
});

/** Node docs: stream.Duplex.fromWeb. */
Duplex.fromWeb = function fromWeb(pair, options) {
  return require('internal/webstreams/adapters').newStreamDuplexFromReadableWritablePair(pair, options);
};

/** Node docs: stream.Duplex.toWeb. */
Duplex.toWeb = function toWeb(duplex, options) {
  return require('internal/webstreams/adapters').newReadableWritablePairFromDuplex(duplex, options);
};

/** Node docs: stream.Duplex.from. */
Duplex.from = function from(body) {
  return require('internal/stream/duplexify').duplexify(body, 'body');
};

module.exports = { Duplex };
