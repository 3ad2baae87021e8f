/**
 * The options of zlib's classes: checked, completed, and turned into native handles.
 * Node docs: Zlib, "Class: Options", "Class: BrotliOptions", "Class: ZstdOptions".
 */
'use strict';

const {
  codes: {
    ERR_BROTLI_INVALID_PARAM, ERR_INTERNAL_ASSERTION, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_ZSTD_INVALID_PARAM,
  },
} = require('internal/errors');
const { constants } = require('internal/zlib/constants');
const { Buffer, kMaxLength } = require('buffer');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_ids');
const native = binding('zlib');

const {
  BROTLI_DECODE, BROTLI_ENCODE, DEFLATE, DEFLATERAW, GUNZIP, GZIP, INFLATE, UNZIP, ZSTD_COMPRESS, ZSTD_DECOMPRESS,
} = constants;

/** What the flush flags of a family are called, which is strongest, and which are the defaults. */
const families = {
  brotli: { none: 0, finish: 2, full: 1, max: 3 },
  zlib: { none: 0, finish: 4, full: 3, max: 5 },
  zstd: { none: 0, finish: 2, full: 1, max: 2 },
};

/** The family of a mode (zlib.constants.DEFLATE and so on). */
function familyOf(mode) {
  if (mode === BROTLI_DECODE || mode === BROTLI_ENCODE) return 'brotli';
  return mode === ZSTD_COMPRESS || mode === ZSTD_DECOMPRESS ? 'zstd' : 'zlib';
}

/** A number within bounds; undefined and NaN give `fallback`. */
function numberInRange(value, name, min, max, fallback) {
  if (value === undefined) return fallback;
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (Number.isNaN(value)) return fallback;
  if (!Number.isFinite(value)) throw new ERR_OUT_OF_RANGE(name, 'a finite number', value);
  if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} and <= ${max}`, value);
  return value;
}

function checkChunkSize(value) {
  const size = numberInRange(value, 'options.chunkSize', -Infinity, Infinity, constants.Z_DEFAULT_CHUNK);
  if (size < constants.Z_MIN_CHUNK) {
    throw new ERR_OUT_OF_RANGE('options.chunkSize', `>= ${constants.Z_MIN_CHUNK}`, size);
  }
  return size;
}

/** The options that all classes share. */
function commonOptions(mode, opts) {
  const { none, finish, full, max } = families[familyOf(mode)];
  const common = {
    chunkSize: constants.Z_DEFAULT_CHUNK,
    finishFlush: finish,
    flush: none,
    fullFlush: full,
    info: undefined,
    maxOutputLength: kMaxLength,
    rejectGarbageAfterEnd: false,
  };
  if (!opts) return common;
  common.chunkSize = checkChunkSize(opts.chunkSize);
  common.flush = numberInRange(opts.flush, 'options.flush', none, max, none);
  common.finishFlush = numberInRange(opts.finishFlush, 'options.finishFlush', none, max, finish);
  common.maxOutputLength = numberInRange(opts.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength);
  common.info = opts.info;
  if (opts.rejectGarbageAfterEnd !== undefined) {
    if (typeof opts.rejectGarbageAfterEnd !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.rejectGarbageAfterEnd', 'boolean', opts.rejectGarbageAfterEnd);
    }
    common.rejectGarbageAfterEnd = opts.rejectGarbageAfterEnd;
  }
  return common;
}

/** A dictionary as something the binding takes bytes of. */
function checkDictionary(dictionary) {
  if (dictionary === undefined || ArrayBuffer.isView(dictionary)) return dictionary;
  if (/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(dictionary))) return dictionary;
  throw new ERR_INVALID_ARG_TYPE(
    'options.dictionary', ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], dictionary);
}

/** Deflate's own options. For decompression only the window and the dictionary matter. */
function zlibOptions(mode, opts) {
  const own = { dictionary: undefined, level: -1, memLevel: 8, strategy: 0, windowBits: 15 };
  if (!opts) return own;
  const fromHeader = (mode === INFLATE || mode === GUNZIP || mode === UNZIP) &&
    (opts.windowBits === undefined || opts.windowBits === null || opts.windowBits === 0);
  if (fromHeader) {
    own.windowBits = 0;
  } else {
    // A window of 256 bytes cannot be told by a gzip header, and so would not be readable.
    const min = mode === GZIP ? 9 : constants.Z_MIN_WINDOWBITS;
    own.windowBits = numberInRange(opts.windowBits, 'options.windowBits', min, constants.Z_MAX_WINDOWBITS, 15);
  }
  own.level = numberInRange(opts.level, 'options.level', -1, 9, -1);
  own.memLevel = numberInRange(opts.memLevel, 'options.memLevel', 1, 9, 8);
  own.strategy = numberInRange(opts.strategy, 'options.strategy', 0, 4, 0);
  own.dictionary = checkDictionary(opts.dictionary);
  return own;
}

/** `options.params` as a flat list of keys (up to `max`) and values. */
function flattenParams(params, max, InvalidParam) {
  const list = [];
  const seen = new Set();
  if (!params) return list;
  for (const key of Object.keys(params)) {
    const number = +key;
    if (!(Number.isInteger(number) && number >= 0 && number <= max) || seen.has(number)) throw new InvalidParam(key);
    seen.add(number);
    const value = params[key];
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    list.push(number, +value);
  }
  return list;
}

/** The largest key of `options.params`. */
const maxParam = {
  [BROTLI_DECODE]: constants.BROTLI_PARAM_NDIRECT,
  [BROTLI_ENCODE]: constants.BROTLI_PARAM_NDIRECT,
  [ZSTD_COMPRESS]: constants.ZSTD_c_overlapLog,
  [ZSTD_DECOMPRESS]: constants.ZSTD_d_windowLogMax,
};

/** A native codec for `mode`. `own`: what `zlibOptions` made, for the deflate family. */
function openNative(mode, opts, own) {
  const family = familyOf(mode);
  if (family === 'zlib') {
    let { windowBits } = own;
    if (mode === DEFLATERAW && windowBits === 8) windowBits = 9;
    return native.openZlib(mode, windowBits, own.level, own.memLevel, own.strategy, own.dictionary);
  }
  const dictionary = checkDictionary(opts?.dictionary);
  if (family === 'brotli') {
    const params = flattenParams(opts?.params, maxParam[mode], ERR_BROTLI_INVALID_PARAM);
    return native.openBrotli(mode, params, dictionary);
  }
  const params = flattenParams(opts?.params, maxParam[mode], ERR_ZSTD_INVALID_PARAM);
  const pledged = mode === ZSTD_COMPRESS ? opts?.pledgedSrcSize : undefined;
  if (pledged !== undefined && typeof pledged !== 'number') {
    const error = new TypeError('pledgedSrcSize must be a number');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  return native.openZstd(mode, params, dictionary, pledged);
}

/**
 * A native codec as streams hold it. Others wrap, replace and close it through `stream._handle`, and some (ssh2) make
 * handles of their own with its constructor: `new Handle(mode)`, then `init()` and `writeSync()` or `write()`.
 */
class Handle {
  constructor(codec) {
    if (typeof codec === 'number') this.mode = codec;
    else this.codec = codec;
    // What a stream does with results happens in the context that made it.
    this.context = asyncContext.get();
    this.resource = hooks.resource('ZLIB');
  }

  /** Gives `fn` a result of the pool. */
  run(fn, thisArg, result) {
    asyncContext.runIn(this.context, hooks.callIn, undefined, [this.resource, fn.bind(thisArg), result]);
  }

  /**
   * Opens the codec of a handle that was made with a mode of the deflate family. After each write `state` holds the room left
   * in the output and the bytes left of the input; `written` hears of asynchronous ones, `this.onerror` of errors.
   */
  init(windowBits, level, memLevel, strategy, state, written, dictionary) {
    if (this.codec !== undefined) throw new ERR_INTERNAL_ASSERTION('zlib handle is open');
    this.codec = openNative(this.mode, undefined, { windowBits, level, memLevel, strategy, dictionary });
    this.state = state;
    this.written = written;
  }

  /** One step, of `input` from `inputAt` to `output` at `outputAt`. */
  writeSync(flush, input, inputAt, inputSize, output, outputAt, room) {
    this.take(native.step(this.codec, flush, input ?? Buffer.alloc(0), inputAt, inputSize, room), output, outputAt, room);
  }

  write(flush, input, inputAt, inputSize, output, outputAt, room) {
    native.stepInPool(this.codec, flush, input ?? Buffer.alloc(0), inputAt, inputSize, room, (result) => {
      this.run((given) => {
        if (this.take(given, output, outputAt, room)) this.written?.();
      }, undefined, result);
    });
  }

  /** Hands out the result of a step. Returns whether it is no error. */
  take(result, output, outputAt, room) {
    if (isError(result)) {
      this.onerror?.(...result);
      return false;
    }
    const [bytes, left] = result;
    output.set(new Uint8Array(bytes), outputAt);
    this.state[0] = room - bytes.byteLength;
    this.state[1] = left;
    return true;
  }

  reset() {
    const failure = native.reset(this.codec);
    if (failure) this.onerror?.(...failure);
  }

  close() {
    if (this.codec !== undefined) native.close(this.codec);
    hooks.destroy(this.resource);
  }
}

/** What a native result that is an error says: see the binding. */
function resultError(result) {
  const [message, errno, code] = result;
  const error = new Error(message);
  error.errno = errno;
  error.code = code;
  return error;
}

/** Whether a native result is an error. */
function isError(result) {
  return typeof result[0] === 'string';
}

module.exports = {
  DEFLATE,
  Handle,
  commonOptions,
  familyOf,
  isError,
  native,
  numberInRange,
  openNative,
  resultError,
  zlibOptions,
};
