/** CompressionStream and DecompressionStream, on zlib's streams. Compression Standard §5 and §6. */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_STREAM_NULL_VALUES },
} = require('internal/errors');
const {
  customInspectSymbol, finishInterface, inspectAs, invalidThis, missingMember,
} = require('internal/webstreams/util');
const { isArrayBuffer, isSharedArrayBuffer } = require('internal/util/types');
const { newReadableWritablePairFromDuplex } = require('internal/webstreams/adapters');

const FORMATS = {
  __proto__: null,
  'deflate': ['createDeflate', 'createInflate'],
  'deflate-raw': ['createDeflateRaw', 'createInflateRaw'],
  'gzip': ['createGzip', 'createGunzip'],
  'brotli': ['createBrotliCompress', 'createBrotliDecompress'],
};

function checkChunk(chunk) {
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  // Text is its UTF-8, as for the streams of zlib.
  if (typeof chunk === 'string') return;
  const buffer = ArrayBuffer.isView(chunk) ? chunk.buffer : chunk;
  if (isArrayBuffer(buffer)) return;
  const shared = isSharedArrayBuffer(buffer);
  throw new ERR_INVALID_ARG_TYPE('chunk', shared ? ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'] :
    ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
}

/** The standard wants a TypeError for bad data; zlib's own error becomes its cause. */
function mapError(err) {
  if (err instanceof TypeError || err.name === 'AbortError') return err;
  const wrapped = new TypeError(err.message, { cause: err });
  if (err.code !== undefined) wrapped.code = err.code;
  return wrapped;
}

function createPair(format, direction, className) {
  const names = FORMATS[`${format}`];
  if (names === undefined) {
    const err = new ERR_INVALID_ARG_VALUE('format', format);
    err.message = `Failed to construct '${className}': 1st argument '${format}' is not a valid ` +
      'enum value of type CompressionFormat.';
    throw err;
  }
  const zlib = require('zlib');
  const options = direction === 1 ? { rejectGarbageAfterEnd: true } : undefined;
  const duplex = zlib[names[direction]](options);
  return newReadableWritablePairFromDuplex(duplex, {}, {
    checkChunk(chunk) {
      try {
        checkChunk(chunk);
      } catch (err) {
        // Both sides learn of it: a read that waits would wait forever.
        duplex.destroy(err);
        throw err;
      }
    },
    mapError,
  });
}

let isCompressionStream;

/** Node docs: Class: CompressionStream. */
class CompressionStream {
  #pair;

  static {
    isCompressionStream = (value) => typeof value === 'object' && value !== null && #pair in value;
  }

  constructor(format) {
    this.#pair = createPair(format, 0, 'CompressionStream');
  }

  get readable() {
    if (!isCompressionStream(this)) throw missingMember('#transform');
    return this.#pair.readable;
  }

  get writable() {
    if (!isCompressionStream(this)) throw missingMember('#transform');
    return this.#pair.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isCompressionStream(this)) throw invalidThis('CompressionStream');
    return inspectAs(this, depth, options, 'CompressionStream', {
      readable: this.#pair.readable, writable: this.#pair.writable,
    });
  }
}
finishInterface(CompressionStream, 'CompressionStream', ['readable', 'writable']);

let isDecompressionStream;

/** Node docs: Class: DecompressionStream. */
class DecompressionStream {
  #pair;

  static {
    isDecompressionStream = (value) => (
      typeof value === 'object' && value !== null && #pair in value);
  }

  constructor(format) {
    this.#pair = createPair(format, 1, 'DecompressionStream');
  }

  get readable() {
    if (!isDecompressionStream(this)) throw missingMember('#transform');
    return this.#pair.readable;
  }

  get writable() {
    if (!isDecompressionStream(this)) throw missingMember('#transform');
    return this.#pair.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isDecompressionStream(this)) throw invalidThis('DecompressionStream');
    return inspectAs(this, depth, options, 'DecompressionStream', {
      readable: this.#pair.readable, writable: this.#pair.writable,
    });
  }
}
finishInterface(DecompressionStream, 'DecompressionStream', ['readable', 'writable']);

module.exports = { CompressionStream, DecompressionStream };
