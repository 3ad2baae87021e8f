/**
 * The state of a Writable: flags, numbers, and the writes that wait for the one in progress.
 *
 * `length` counts what was handed to `write()` and not yet confirmed by `_write`'s callback, in
 * bytes or objects. `pendingcb` counts callbacks still owed; 'finish' waits for it to be zero.
 */
'use strict';

const {
  OBJECT_MODE, CONSTRUCTED, SYNC, EMIT_CLOSE, AUTO_DESTROY,
  defaultEncodingOf, highWaterMarkOf, initialBits, defineFlags,
} = require('internal/stream/state');

const NEED_DRAIN = 1 << 12;
const ENDING = 1 << 13;
const ENDED = 1 << 14;
const FINAL_CALLED = 1 << 15;
const FINISHED = 1 << 16;
const DECODE_STRINGS = 1 << 17;
const WRITING = 1 << 18;
const BUFFER_PROCESSING = 1 << 19;
const PREFINISHED = 1 << 20;
/** Every waiting chunk is a Buffer: `_writev` may rely on it. */
const ALL_BUFFERS = 1 << 21;
/** No waiting write has a callback of its own: one call for all will do. */
const ALL_NOOP = 1 << 22;
/** A tick is due in which writes without a callback are seen to. */
const AFTER_WRITE_PENDING = 1 << 23;

/** From internal/stream/writable, which needs this file first. */
let onWrite;

function WritableState(options, stream, isDuplex) {
  if (typeof isDuplex !== 'boolean') {
    isDuplex = stream instanceof require('internal/stream/duplex').Duplex;
  }
  let bits = initialBits(options, isDuplex && options?.writableObjectMode) | ALL_BUFFERS | ALL_NOOP;
  if (!options || options.decodeStrings !== false) bits |= DECODE_STRINGS;
  this.bits = bits;
  this.highWaterMark =
    highWaterMarkOf(options, isDuplex, 'writableHighWaterMark', (bits & OBJECT_MODE) !== 0);
  this.length = 0;
  this.corked = 0;
  this.pendingcb = 0;
  this.writelen = 0;
  this.writecb = null;
  this.buffered = [];
  this.bufferedIndex = 0;
  this.afterWriteTickInfo = null;
  this.defaultEncoding = defaultEncodingOf(options);
  this.failure = null;
  this.waiting = null;
  /** Callbacks of end(), called at 'finish' or with what prevents it. */
  this.endCallbacks = null;
  onWrite ??= require('internal/stream/writable').onWrite;
  this.onwrite = (err) => onWrite(stream, err);
}

defineFlags(WritableState.prototype, {
  needDrain: NEED_DRAIN,
  ending: ENDING,
  ended: ENDED,
  finalCalled: FINAL_CALLED,
  finished: FINISHED,
  decodeStrings: DECODE_STRINGS,
  writing: WRITING,
  bufferProcessing: BUFFER_PROCESSING,
  prefinished: PREFINISHED,
  allBuffers: ALL_BUFFERS,
  allNoop: ALL_NOOP,
});

/** The writes that wait, oldest first. */
WritableState.prototype.getBuffer = function getBuffer() {
  return this.buffered.slice(this.bufferedIndex);
};

Object.defineProperty(WritableState.prototype, 'bufferedRequestCount', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get() { return this.buffered.length - this.bufferedIndex; },
});

/** Back to the beginning, keeping what the constructor's options decided. */
WritableState.prototype.reset = function reset() {
  this.bits = (this.bits & (OBJECT_MODE | EMIT_CLOSE | AUTO_DESTROY | SYNC | DECODE_STRINGS |
    NEED_DRAIN | WRITING | BUFFER_PROCESSING | ALL_BUFFERS | ALL_NOOP)) | CONSTRUCTED;
  this.failure = null;
  if (this.writable === false) this.bits |= ENDING | ENDED | FINISHED;
};

/** Forgets the waiting writes. */
WritableState.prototype.resetBuffer = function resetBuffer() {
  this.buffered = [];
  this.bufferedIndex = 0;
  this.bits |= ALL_BUFFERS | ALL_NOOP;
};

module.exports = {
  WritableState,
  NEED_DRAIN, ENDING, ENDED, FINAL_CALLED, FINISHED, DECODE_STRINGS, WRITING, BUFFER_PROCESSING,
  PREFINISHED, ALL_BUFFERS, ALL_NOOP, AFTER_WRITE_PENDING,
};
