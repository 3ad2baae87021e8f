/**
 * The streams of `node:zlib`: Gzip, BrotliDecompress and so on. Node docs: Zlib, "Class: zlib.ZlibBase".
 *
 * A chunk goes to the pool, where a step fills at most `chunkSize` bytes. While steps fill all the
 * room they get, another follows; but not before the reader wants more, so that a small chunk that
 * decompresses to a large one does not fill the memory.
 */
'use strict';

const {
  codes: {
    ERR_BUFFER_TOO_LARGE, ERR_INTERNAL_ASSERTION, ERR_TRAILING_JUNK_AFTER_STREAM_END,
  },
} = require('internal/errors');
const { Transform, finished } = require('stream');
const { Buffer } = require('buffer');
const { constants } = require('internal/zlib/constants');
const options = require('internal/zlib/options');

const { native, isError, resultError } = options;
const { Z_SYNC_FLUSH } = constants;

const kFlushFlag = Symbol('kFlushFlag');
const kError = Symbol('kError');

// Markers that travel through the writable side: "flush here, this way".
const flushMarkers = [];
for (let flag = 0; flag <= constants.Z_BLOCK; flag++) {
  flushMarkers[flag] = Buffer.alloc(0);
  flushMarkers[flag][kFlushFlag] = flag;
}

/** Flush flags of deflate by strength; their numbers are not in order. */
const STRENGTH = [0, 2, 3, 4, 5, 1];

function strongerFlush(stream, a, b) {
  const strength = stream._flushFamily === 'zlib' ? (flag) => STRENGTH[flag] : (flag) => flag;
  return strength(a) > strength(b) ? a : b;
}

/** The base of all classes. `own`: options of the deflate family. */
function ZlibBase(opts, mode, own) {
  if (opts && (opts.encoding || opts.objectMode || opts.writableObjectMode)) {
    opts = { ...opts, encoding: null, objectMode: false, writableObjectMode: false };
  }
  const common = options.commonOptions(mode, opts);
  const codec = options.openNative(mode, opts, own);
  Reflect.apply(Transform, this, [{ autoDestroy: true, ...(typeof opts === 'object' ? opts : undefined) }]);
  this[kError] = null;
  this.bytesWritten = 0;
  this._handle = new options.Handle(codec);
  this._chunkSize = common.chunkSize;
  this._defaultFlushFlag = common.flush;
  this._finishFlushFlag = common.finishFlush;
  this._defaultFullFlushFlag = common.fullFlush;
  this._info = common.info;
  this._maxOutputLength = common.maxOutputLength;
  this._rejectGarbageAfterEnd = common.rejectGarbageAfterEnd;
}
Object.setPrototypeOf(ZlibBase.prototype, Transform.prototype);
Object.setPrototypeOf(ZlibBase, Transform);

Object.defineProperty(ZlibBase.prototype, '_flushFamily', {
  __proto__: null, configurable: true, value: 'zlib', writable: true,
});

Object.defineProperty(ZlibBase.prototype, '_closed', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return !this._handle; },
});

/** Starts over with the same parameters. Node docs: zlib.reset. */
ZlibBase.prototype.reset = function reset() {
  if (!this._handle) throw new ERR_INTERNAL_ASSERTION('zlib binding closed');
  const failure = native.reset(this._handle.codec);
  if (failure) this.destroy(resultError(failure));
};

// Called by Transform when everything was written, and before 'finish'.
ZlibBase.prototype._flush = function _flush(callback) {
  this._transform(Buffer.alloc(0), '', callback);
};

// 'finish' does not wait for the reader to take what the flush brings.
ZlibBase.prototype._final = function _final(callback) {
  callback();
};

/** Emits what was written so far. Node docs: zlib.flush. */
ZlibBase.prototype.flush = function flush(kind, callback) {
  if (typeof kind === 'function' || (kind === undefined && !callback)) {
    callback = kind;
    kind = this._defaultFullFlushFlag;
  }
  const max = this._flushFamily === 'zlib' ? constants.Z_BLOCK : this._flushFamily === 'brotli' ? 3 : 2;
  kind = options.numberInRange(kind, 'kind', 0, max, this._defaultFullFlushFlag);

  if (this.writableFinished) {
    if (callback) process.nextTick(callback);
  } else if (this.writableEnded) {
    if (callback) this.once('end', callback);
  } else {
    this.write(flushMarkers[kind], '', callback);
  }
};

/** Frees the codec and destroys the stream. Node docs: zlib.close. */
ZlibBase.prototype.close = function close(callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

ZlibBase.prototype._destroy = function _destroy(error, callback) {
  closeHandle(this);
  callback(error);
};

ZlibBase.prototype._transform = function _transform(chunk, encoding, callback) {
  let flag = this._defaultFlushFlag;
  if (typeof chunk[kFlushFlag] === 'number') {
    flag = chunk[kFlushFlag];
  } else if (this.writableEnded && this.writableLength === chunk.byteLength) {
    // The last chunk: saves a round for the end alone.
    flag = strongerFlush(this, flag, this._finishFlushFlag);
  }
  processInPool(this, chunk, flag, callback);
};

/** Not documented, but what packages use to work synchronously: returns the output as a Buffer. */
ZlibBase.prototype._processChunk = function _processChunk(chunk, flushFlag, callback) {
  if (typeof callback === 'function') processInPool(this, chunk, flushFlag, callback);
  else return processNow(this, chunk, flushFlag);
};

function closeHandle(stream) {
  if (!stream._handle) return;
  stream._handle.close();
  stream._handle = null;
}

/** All output of a chunk, at once. Closes the codec, as it is meant for whole inputs. */
function processNow(stream, chunk, flushFlag) {
  const parts = [];
  let total = 0;
  let start = 0;
  const size = chunk.byteLength;
  let full = true;
  while (full) {
    const result = native.step(stream._handle.codec, flushFlag, chunk, start, size - start, stream._chunkSize);
    if (isError(result)) {
      const error = resultError(result);
      stream[kError] = error;
      stream.destroy(error);
      throw error;
    }
    const [output, left, isFull] = result;
    stream.bytesWritten += size - start - left;
    start = size - left;
    full = isFull;
    if (output.byteLength > 0) parts.push(Buffer.from(output));
    total += output.byteLength;
    if (total > stream._maxOutputLength) {
      closeHandle(stream);
      throw new ERR_BUFFER_TOO_LARGE(stream._maxOutputLength);
    }
  }
  closeHandle(stream);
  if (start < size && stream._rejectGarbageAfterEnd) throw new ERR_TRAILING_JUNK_AFTER_STREAM_END();
  if (parts.length === 1) return parts[0];
  return Buffer.concat(parts, total);
}

/** A chunk on its way through the pool. */
class Work {
  constructor(stream, chunk, flushFlag, callback) {
    this.stream = stream;
    this.handle = stream._handle;
    this.flushFlag = flushFlag;
    this.left = chunk.byteLength;
    this.callback = callback;
    this.onResult = (result) => this.handle.run(this.finishStep, this, result);
    this.start(chunk);
  }

  /** Without a chunk: the next step of the same. */
  start(chunk) {
    native.stepInPool(
      this.handle.codec, this.flushFlag, chunk, 0, this.left, this.stream._chunkSize, this.onResult);
  }

  finishStep(result) {
    const { stream } = this;
    if (stream.destroyed) {
      this.callback();
      return;
    }
    if (isError(result)) {
      const error = resultError(result);
      stream[kError] = error;
      stream.destroy(error);
      return;
    }
    const [output, left, isFull] = result;
    stream.bytesWritten += this.left - left;
    this.left = left;
    let wantsMore = true;
    if (output.byteLength > 0) wantsMore = stream.push(Buffer.from(output));
    if (stream.destroyed) {
      this.callback();
      return;
    }
    if (isFull) {
      if (wantsMore) this.start(undefined);
      else this.waitForReader();
      return;
    }
    if (left > 0) {
      // Room, but nothing taken: the data ended before the input did.
      if (stream._rejectGarbageAfterEnd) {
        stream.destroy(new ERR_TRAILING_JUNK_AFTER_STREAM_END());
        return;
      }
      stream.push(null);
    }
    this.callback();
  }

  waitForReader() {
    const { stream } = this;
    const read = stream._read;
    stream._read = (size) => {
      stream._read = read;
      if (stream.destroyed) this.callback();
      else this.start(undefined);
      stream._read(size);
    };
  }
}

function processInPool(stream, chunk, flushFlag, callback) {
  // Closed: what is still queued goes nowhere.
  if (!stream._handle) process.nextTick(callback);
  else new Work(stream, chunk, flushFlag, callback);
}

/** The deflate family. */
function Zlib(opts, mode) {
  const own = options.zlibOptions(mode, opts);
  Reflect.apply(ZlibBase, this, [opts, mode, own]);
  this._level = own.level;
  this._strategy = own.strategy;
  this._mode = mode;
}
Object.setPrototypeOf(Zlib.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zlib, ZlibBase);

/** Another level and strategy for what is written from now on. Node docs: zlib.params. */
Zlib.prototype.params = function params(level, strategy, callback) {
  options.numberInRange(level, 'level', -1, 9);
  options.numberInRange(strategy, 'strategy', 0, 4);
  if (this._level === level && this._strategy === strategy) {
    if (callback) process.nextTick(callback);
    return;
  }
  this.flush(Z_SYNC_FLUSH, () => {
    if (!this._handle) throw new ERR_INTERNAL_ASSERTION('zlib binding closed');
    const failure = native.params(this._handle.codec, level, strategy);
    if (failure) {
      this.destroy(resultError(failure));
      return;
    }
    this._level = level;
    this._strategy = strategy;
    if (callback) callback();
  });
};

function Brotli(opts, mode) {
  Reflect.apply(ZlibBase, this, [opts, mode]);
}
Object.setPrototypeOf(Brotli.prototype, Zlib.prototype);
Object.setPrototypeOf(Brotli, Zlib);
Object.defineProperty(Brotli.prototype, '_flushFamily', { __proto__: null, value: 'brotli' });

class Zstd {
  constructor() {
    throw new ERR_INTERNAL_ASSERTION('not to be instantiated');
  }
}
Object.setPrototypeOf(Zstd.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zstd, ZlibBase);
Object.defineProperty(Zstd.prototype, '_flushFamily', { __proto__: null, value: 'zstd' });

const warned = new Set();

/** Calling a class without `new` works, and warns once (DEP0184). */
function instantiate(Class, opts) {
  if (!warned.has(Class)) {
    warned.add(Class);
    process.emitWarning(
      `Instantiating ${Class.name} without the 'new' keyword has been deprecated.`, 'DeprecationWarning', 'DEP0184');
  }
  return new Class(opts);
}

function inherit(Class, Base) {
  Object.setPrototypeOf(Class.prototype, Base.prototype);
  Object.setPrototypeOf(Class, Base);
}

function Deflate(opts) {
  if (!(this instanceof Deflate)) return instantiate(Deflate, opts);
  Reflect.apply(Zlib, this, [opts, constants.DEFLATE]);
}
inherit(Deflate, Zlib);

function Inflate(opts) {
  if (!(this instanceof Inflate)) return instantiate(Inflate, opts);
  Reflect.apply(Zlib, this, [opts, constants.INFLATE]);
}
inherit(Inflate, Zlib);

function Gzip(opts) {
  if (!(this instanceof Gzip)) return instantiate(Gzip, opts);
  Reflect.apply(Zlib, this, [opts, constants.GZIP]);
}
inherit(Gzip, Zlib);

function Gunzip(opts) {
  if (!(this instanceof Gunzip)) return instantiate(Gunzip, opts);
  Reflect.apply(Zlib, this, [opts, constants.GUNZIP]);
}
inherit(Gunzip, Zlib);

function DeflateRaw(opts) {
  if (!(this instanceof DeflateRaw)) return instantiate(DeflateRaw, opts);
  Reflect.apply(Zlib, this, [opts, constants.DEFLATERAW]);
}
inherit(DeflateRaw, Zlib);

function InflateRaw(opts) {
  if (!(this instanceof InflateRaw)) return instantiate(InflateRaw, opts);
  Reflect.apply(Zlib, this, [opts, constants.INFLATERAW]);
}
inherit(InflateRaw, Zlib);

function Unzip(opts) {
  if (!(this instanceof Unzip)) return instantiate(Unzip, opts);
  Reflect.apply(Zlib, this, [opts, constants.UNZIP]);
}
inherit(Unzip, Zlib);

function BrotliCompress(opts) {
  if (!(this instanceof BrotliCompress)) return instantiate(BrotliCompress, opts);
  Reflect.apply(Brotli, this, [opts, constants.BROTLI_ENCODE]);
}
inherit(BrotliCompress, Brotli);

function BrotliDecompress(opts) {
  if (!(this instanceof BrotliDecompress)) return instantiate(BrotliDecompress, opts);
  Reflect.apply(Brotli, this, [opts, constants.BROTLI_DECODE]);
}
inherit(BrotliDecompress, Brotli);

function ZstdCompress(opts) {
  if (!(this instanceof ZstdCompress)) return instantiate(ZstdCompress, opts);
  Reflect.apply(ZlibBase, this, [opts, constants.ZSTD_COMPRESS]);
}
inherit(ZstdCompress, Zstd);

function ZstdDecompress(opts) {
  if (!(this instanceof ZstdDecompress)) return instantiate(ZstdDecompress, opts);
  Reflect.apply(ZlibBase, this, [opts, constants.ZSTD_DECOMPRESS]);
}
inherit(ZstdDecompress, Zstd);

module.exports = {
  BrotliCompress,
  BrotliDecompress,
  Deflate,
  DeflateRaw,
  Gunzip,
  Gzip,
  Inflate,
  InflateRaw,
  Unzip,
  ZstdCompress,
  ZstdDecompress,
};
