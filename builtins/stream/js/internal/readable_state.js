/**
 * The state of a Readable: flags, numbers, and the queue of chunks that were pushed and not read.
 *
 * `length` counts bytes, or objects in object mode. The queue is `buffer` from `bufferIndex` on;
 * slots before it are spent. **Invariant:** `length` is the sum of the sizes of the queued chunks.
 */
'use strict';

const { Buffer } = require('buffer');
const {
  OBJECT_MODE, CONSTRUCTED, SYNC, EMIT_CLOSE, AUTO_DESTROY,
  defaultEncodingOf, highWaterMarkOf, initialBits, defineFlags,
} = require('internal/stream/state');

const ENDED = 1 << 12;
const END_EMITTED = 1 << 13;
const READING = 1 << 14;
const NEED_READABLE = 1 << 15;
const EMITTED_READABLE = 1 << 16;
const READABLE_LISTENING = 1 << 17;
const RESUME_SCHEDULED = 1 << 18;
const MULTI_AWAIT_DRAIN = 1 << 19;
const READING_MORE = 1 << 20;
const DATA_EMITTED = 1 << 21;
/** `flowing` is null until someone listens or pauses: known says whether it is a boolean at all. */
const FLOWING_KNOWN = 1 << 22;
const FLOWING = 1 << 23;
const PAUSED_KNOWN = 1 << 24;
const PAUSED = 1 << 25;
const HAS_DECODER = 1 << 26;
/** Someone listens for 'data', as far as on() and removeListener() saw. */
const DATA_LISTENING = 1 << 27;

/** Spent slots that may stand before the queue is moved to the front of its array. */
const SPENT_SLOTS_MAX = 1024;

function ReadableState(options, stream, isDuplex) {
  if (typeof isDuplex !== 'boolean') {
    isDuplex = stream instanceof require('internal/stream/duplex').Duplex;
  }
  const bits = initialBits(options, isDuplex && options?.readableObjectMode);
  this.bits = bits;
  this.highWaterMark =
    highWaterMarkOf(options, isDuplex, 'readableHighWaterMark', (bits & OBJECT_MODE) !== 0);
  this.buffer = [];
  this.bufferIndex = 0;
  this.length = 0;
  this.pipes = [];
  /** Who must drain before a pipe flows on: null, a stream, or a Set with MULTI_AWAIT_DRAIN. */
  this.awaitDrainWriters = null;
  this.defaultEncoding = defaultEncodingOf(options);
  this.decoder = null;
  this.encoding = null;
  this.failure = null;
  this.waiting = null;
  if (options?.encoding) this.decodeAs(options.encoding);
}

defineFlags(ReadableState.prototype, {
  ended: ENDED,
  endEmitted: END_EMITTED,
  reading: READING,
  needReadable: NEED_READABLE,
  emittedReadable: EMITTED_READABLE,
  readableListening: READABLE_LISTENING,
  resumeScheduled: RESUME_SCHEDULED,
  multiAwaitDrain: MULTI_AWAIT_DRAIN,
  readingMore: READING_MORE,
  dataEmitted: DATA_EMITTED,
});

function defineTriState(name, known, on, unknown) {
  Object.defineProperty(ReadableState.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() { return this.bits & known ? (this.bits & on) !== 0 : unknown; },
    set(value) {
      this.bits &= ~(known | on);
      if (value !== null && value !== undefined) this.bits |= value ? known | on : known;
    },
  });
}
defineTriState('flowing', FLOWING_KNOWN, FLOWING, null);
defineTriState('paused', PAUSED_KNOWN, PAUSED, false);

Object.defineProperty(ReadableState.prototype, 'pipesCount', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get() { return this.pipes.length; },
});

/** Strings from now on: a decoder keeps characters whole across chunks. */
ReadableState.prototype.decodeAs = function decodeAs(encoding) {
  const { StringDecoder } = require('string_decoder');
  this.decoder = new StringDecoder(encoding);
  this.encoding = this.decoder.encoding;
  this.bits |= HAS_DECODER;
};

/** Back to the beginning, keeping what the constructor's options decided. */
ReadableState.prototype.reset = function reset() {
  this.bits = (this.bits & (OBJECT_MODE | EMIT_CLOSE | AUTO_DESTROY | SYNC | HAS_DECODER |
    FLOWING_KNOWN | FLOWING | PAUSED_KNOWN | PAUSED | READABLE_LISTENING | DATA_LISTENING | MULTI_AWAIT_DRAIN |
    EMITTED_READABLE | NEED_READABLE | RESUME_SCHEDULED | READING_MORE | DATA_EMITTED)) | CONSTRUCTED;
  this.failure = null;
  if (this.readable === false) this.bits |= ENDED | END_EMITTED;
};

/** Forgets every queued chunk. */
ReadableState.prototype.clear = function clear() {
  this.buffer.length = 0;
  this.bufferIndex = 0;
  this.length = 0;
};

/** Queues `chunk` of `size` at the end. */
ReadableState.prototype.append = function append(chunk, size) {
  this.buffer.push(chunk);
  this.length += size;
};

/** Queues `chunk` of `size` at the front. */
ReadableState.prototype.prepend = function prepend(chunk, size) {
  if (this.bufferIndex > 0) this.buffer[--this.bufferIndex] = chunk;
  else this.buffer.unshift(chunk);
  this.length += size;
};

function dropSpent(state) {
  const { buffer } = state;
  if (state.bufferIndex === buffer.length) {
    buffer.length = 0;
    state.bufferIndex = 0;
  } else if (state.bufferIndex > SPENT_SLOTS_MAX) {
    buffer.splice(0, state.bufferIndex);
    state.bufferIndex = 0;
  }
}

/**
 * Takes `n` units off the queue, `n` as `amountToRead` gave it. `length` stays: it is the caller
 * who knows what of it counts. Null when there is nothing.
 */
ReadableState.prototype.take = function take(n) {
  if (this.length === 0) return null;
  const { buffer } = this;
  let taken;
  if (this.bits & OBJECT_MODE) {
    taken = buffer[this.bufferIndex];
    buffer[this.bufferIndex++] = null;
  } else if (!n || n >= this.length) {
    taken = this.takeAll();
  } else {
    const first = buffer[this.bufferIndex];
    if (n < first.length) {
      taken = first.slice(0, n);
      buffer[this.bufferIndex] = first.slice(n);
      return taken;
    }
    if (n === first.length) {
      taken = first;
      buffer[this.bufferIndex++] = null;
    } else {
      taken = this.takeAcross(n);
    }
  }
  dropSpent(this);
  return taken;
};

ReadableState.prototype.takeAll = function takeAll() {
  const { buffer, bufferIndex } = this;
  let all;
  if (this.bits & HAS_DECODER) {
    all = '';
    for (let i = bufferIndex; i < buffer.length; i++) all += buffer[i];
  } else if (buffer.length - bufferIndex === 1) {
    all = buffer[bufferIndex];
  } else {
    all = Buffer.concat(bufferIndex ? buffer.slice(bufferIndex) : buffer, this.length);
  }
  buffer.length = 0;
  this.bufferIndex = 0;
  return all;
};

/** `n` units that span chunks: whole ones, then part of one. */
ReadableState.prototype.takeAcross = function takeAcross(n) {
  const { buffer } = this;
  const parts = [];
  let missing = n;
  while (missing > 0) {
    const chunk = buffer[this.bufferIndex];
    if (chunk.length > missing) {
      parts.push(chunk.slice(0, missing));
      buffer[this.bufferIndex] = chunk.slice(missing);
      missing = 0;
    } else {
      parts.push(chunk);
      buffer[this.bufferIndex++] = null;
      missing -= chunk.length;
    }
  }
  return this.bits & HAS_DECODER ? parts.join('') : Buffer.concat(parts, n);
};

module.exports = {
  ReadableState,
  ENDED, END_EMITTED, READING, NEED_READABLE, EMITTED_READABLE, READABLE_LISTENING,
  RESUME_SCHEDULED, MULTI_AWAIT_DRAIN, READING_MORE, DATA_EMITTED, FLOWING_KNOWN, FLOWING,
  PAUSED_KNOWN, PAUSED, HAS_DECODER, DATA_LISTENING,
};
