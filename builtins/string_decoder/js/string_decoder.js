/**
 * `node:string_decoder`: text from chunks of bytes, when a chunk may end inside a character.
 * Node docs: String decoder.
 *
 * What is left of a chunk waits in a small buffer per decoder. Only encodings whose characters
 * (or, for base64, groups) take several bytes ever leave something.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { encodingOps } = require('internal/buffer/encodings');
const { Buffer } = require('buffer');

const kState = Symbol('kNativeDecoder');

// The layout of the state: up to four bytes of an unfinished character, then
// how many bytes it lacks, how many there are, and the number of the encoding.
const MISSING = 4;
const BUFFERED = 5;
const ENCODING = 6;
const STATE_BYTES = 7;

const ENCODING_NUMBERS = { ascii: 0, utf8: 1, base64: 2, utf16le: 3, latin1: 4, hex: 5, base64url: 7 };
const UTF8 = ENCODING_NUMBERS.utf8;
const UTF16LE = ENCODING_NUMBERS.utf16le;

const OPS = [];
for (const name of Object.keys(ENCODING_NUMBERS)) OPS[ENCODING_NUMBERS[name]] = encodingOps(name);

/** Throws ERR_UNKNOWN_ENCODING. Node docs: new StringDecoder. */
function StringDecoder(encoding) {
  const ops = encoding === undefined || encoding === null || encoding === '' ?
    encodingOps('utf8') : encodingOps(encoding);
  if (ops === undefined || (encoding && typeof encoding !== 'string')) throw new ERR_UNKNOWN_ENCODING(encoding);
  this.encoding = ops.name;
  const state = Buffer.alloc(STATE_BYTES);
  state[ENCODING] = ENCODING_NUMBERS[ops.name];
  this[kState] = state;
}

/** The text of what `buf` completes; the rest waits. A string is returned as it is. */
StringDecoder.prototype.write = function write(buf) {
  if (typeof buf === 'string') return buf;
  if (!ArrayBuffer.isView(buf)) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], buf);
  }
  const state = this[kState];
  if (state === undefined) throw new ERR_INVALID_THIS('StringDecoder');
  return decode(state, buf);
};

/** The text of `buf` and of what still waits, complete or not. */
StringDecoder.prototype.end = function end(buf) {
  const text = buf === undefined ? '' : this.write(buf);
  const state = this[kState];
  return state[BUFFERED] === 0 ? text : text + flush(state);
};

/** Forgets what waits, and decodes `buf` from `offset` on. */
StringDecoder.prototype.text = function text(buf, offset) {
  this[kState][MISSING] = 0;
  this[kState][BUFFERED] = 0;
  return this.write(buf.slice(offset));
};

function defineGetter(name, get) {
  Object.defineProperty(StringDecoder.prototype, name, {
    __proto__: null, configurable: true, enumerable: true, get,
  });
}

defineGetter('lastChar', function get() { return this[kState].subarray(0, MISSING); });
defineGetter('lastNeed', function get() { return this[kState][MISSING]; });
defineGetter('lastTotal', function get() { return this[kState][BUFFERED] + this[kState][MISSING]; });

function decode(state, view) {
  const ops = OPS[state[ENCODING]];
  const length = view.byteLength;
  const number = state[ENCODING];
  if (number !== UTF8 && number !== UTF16LE && number !== 2 && number !== 7) return ops.slice(view, 0, length);
  if (length === 0) return '';

  const bytes = view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, length);
  let start = 0;
  let text = '';
  if (state[MISSING] > 0) {
    start = complete(state, bytes);
    if (state[MISSING] > 0) return '';
    text = ops.slice(state, 0, state[BUFFERED]);
    state[BUFFERED] = 0;
    if (start === length) return text;
  }

  const end = number === UTF8 && bytes[length - 1] < 0x80 ? length : keepTail(state, bytes, start);
  const body = end > start ? ops.slice(bytes, start, end) : '';
  return text === '' ? body : text + body;
}

/** Moves bytes to the unfinished character, and returns how many of them belong to it. */
function complete(state, bytes) {
  let taken = 0;
  while (taken < bytes.length && state[MISSING] > 0) {
    if (state[ENCODING] === UTF8 && (bytes[taken] & 0xc0) !== 0x80) {
      // No continuation: what waits is malformed, and decodes to U+FFFD.
      state[MISSING] = 0;
      break;
    }
    state[state[BUFFERED]++] = bytes[taken++];
    state[MISSING]--;
  }
  return taken;
}

/** Puts an unfinished character at the end of `bytes` into the state, and returns where it starts. */
function keepTail(state, bytes, start) {
  const { length } = bytes;
  let count = 0;
  let missing = 0;
  if (state[ENCODING] === UTF8) {
    // The last byte that starts a character, among the last three.
    for (let back = 1; back <= 3 && length - back >= start; back++) {
      const byte = bytes[length - back];
      if ((byte & 0xc0) === 0x80) continue;
      const size = byte >= 0xf8 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      if (size > back) {
        count = back;
        missing = size - back;
      }
      break;
    }
  } else if (state[ENCODING] === UTF16LE) {
    if ((length - start) % 2 === 1) {
      count = 1;
      missing = 1;
    } else if ((bytes[length - 1] & 0xfc) === 0xd8) {
      // The first half of a surrogate pair.
      count = 2;
      missing = 2;
    }
  } else {
    count = (length - start) % 3;
    missing = count === 0 ? 0 : 3 - count;
  }
  for (let i = 0; i < count; i++) state[i] = bytes[length - count + i];
  state[BUFFERED] = count;
  state[MISSING] = missing;
  return length - count;
}

/** The text of an unfinished character. */
function flush(state) {
  let count = state[BUFFERED];
  // Half a UTF-16 unit is nothing.
  if (state[ENCODING] === UTF16LE) count -= count % 2;
  state[MISSING] = 0;
  state[BUFFERED] = 0;
  return count === 0 ? '' : OPS[state[ENCODING]].slice(state, 0, count);
}

module.exports = { StringDecoder };
