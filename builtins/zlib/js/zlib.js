/**
 * `node:zlib`. Node docs: Zlib.
 *
 * The streams are in `internal/zlib/streams`. The functions that take a whole buffer need none: they
 * hand it to a codec in one go, on this thread or in the pool.
 */
'use strict';

const {
  codes: {
    ERR_BUFFER_TOO_LARGE, ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_TRAILING_JUNK_AFTER_STREAM_END,
  },
} = require('internal/errors');
const { validateFunction, validateInteger } = require('internal/validators');
const { Buffer } = require('buffer');
const { codes, constants } = require('internal/zlib/constants');
const options = require('internal/zlib/options');
const streams = require('internal/zlib/streams');

const { Handle, native, isError, resultError } = options;

const isArrayBuffer = (value) => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** CRC-32 of bytes or of text in UTF-8, continuing from `value`. Node docs: zlib.crc32. */
function crc32(data, value = 0) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE('value', 'number', value);
  validateInteger(value, 'value', 0, 0xffffffff);
  return native.crc32(data, value);
}

/** Input as bytes; `name` and `types` are for the error. */
function toBytes(input, name, types) {
  if (typeof input === 'string') return Buffer.from(input);
  if (ArrayBuffer.isView(input)) return input;
  if (isArrayBuffer(input)) return Buffer.from(input);
  throw new ERR_INVALID_ARG_TYPE(name, types, input);
}

/** A codec for one use, and the options that steer it. */
function openOnce(mode, opts) {
  const common = options.commonOptions(mode, opts);
  const own = options.familyOf(mode) === 'zlib' ? options.zlibOptions(mode, opts) : undefined;
  return { common, codec: options.openNative(mode, opts, own) };
}

/** The Buffer in a native result; throws what is in it otherwise. */
function unwrap(result, common) {
  if (isError(result)) {
    if (result[2] === 'ERR_BUFFER_TOO_LARGE') throw new ERR_BUFFER_TOO_LARGE(common.maxOutputLength);
    throw resultError(result);
  }
  if (result[1] > 0 && common.rejectGarbageAfterEnd) throw new ERR_TRAILING_JUNK_AFTER_STREAM_END();
  return Buffer.from(result[0]);
}

function runSync(Class, mode, input, opts) {
  const bytes = toBytes(input, 'buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer']);
  if (opts?.info) {
    const engine = new Class(opts);
    return { buffer: engine._processChunk(bytes, engine._finishFlushFlag), engine };
  }
  const { common, codec } = openOnce(mode, opts);
  try {
    return unwrap(native.run(codec, common.finishFlush, bytes, common.maxOutputLength), common);
  } finally {
    native.close(codec);
  }
}

function runAsync(Class, mode, input, opts, callback) {
  if (typeof opts === 'function') {
    callback = opts;
    opts = {};
  }
  validateFunction(callback, 'callback');
  if (opts?.info) {
    runStream(new Class(opts), input, callback);
    return;
  }
  const { common, codec } = openOnce(mode, opts);
  const bytes = toBytes(input, 'chunk', ['string', 'Buffer', 'TypedArray', 'DataView']);
  const handle = new Handle(codec);
  native.runInPool(codec, common.finishFlush, bytes, common.maxOutputLength, (result) => {
    handle.close();
    handle.run((result) => settle(result, common, callback), undefined, result);
  });
}

function settle(result, common, callback) {
  let buffer;
  try {
    buffer = unwrap(result, common);
  } catch (error) {
    callback(error);
    return;
  }
  callback(null, buffer);
}

/** For `info: true`, whose result has the stream that did the work. */
function runStream(engine, input, callback) {
  const parts = [];
  let total = 0;
  engine.on('data', (chunk) => {
    parts.push(chunk);
    total += chunk.length;
    if (total > engine._maxOutputLength) engine.destroy(new ERR_BUFFER_TOO_LARGE(engine._maxOutputLength));
  });
  engine.on('error', callback);
  engine.on('end', () => callback(null, { buffer: Buffer.concat(parts, total), engine }));
  engine.end(isArrayBuffer(input) ? Buffer.from(input) : input);
}

/** `zlib.gzip()` and the like. */
function makeAsync(name, Class, mode) {
  return {
    [name]: function(buffer, opts, callback) {
      runAsync(Class, mode, buffer, opts, callback);
    },
  }[name];
}

/** `zlib.gzipSync()` and the like. */
function makeSync(name, Class, mode) {
  return {
    [name]: function(buffer, opts) {
      return runSync(Class, mode, buffer, opts);
    },
  }[name];
}

const functions = [
  ['deflate', 'Deflate', constants.DEFLATE],
  ['gzip', 'Gzip', constants.GZIP],
  ['deflateRaw', 'DeflateRaw', constants.DEFLATERAW],
  ['unzip', 'Unzip', constants.UNZIP],
  ['inflate', 'Inflate', constants.INFLATE],
  ['gunzip', 'Gunzip', constants.GUNZIP],
  ['inflateRaw', 'InflateRaw', constants.INFLATERAW],
  ['brotliCompress', 'BrotliCompress', constants.BROTLI_ENCODE],
  ['brotliDecompress', 'BrotliDecompress', constants.BROTLI_DECODE],
  ['zstdCompress', 'ZstdCompress', constants.ZSTD_COMPRESS],
  ['zstdDecompress', 'ZstdDecompress', constants.ZSTD_DECOMPRESS],
];

module.exports = {
  crc32,
  Deflate: streams.Deflate,
  Inflate: streams.Inflate,
  Gzip: streams.Gzip,
  Gunzip: streams.Gunzip,
  DeflateRaw: streams.DeflateRaw,
  InflateRaw: streams.InflateRaw,
  Unzip: streams.Unzip,
  BrotliCompress: streams.BrotliCompress,
  BrotliDecompress: streams.BrotliDecompress,
  ZstdCompress: streams.ZstdCompress,
  ZstdDecompress: streams.ZstdDecompress,
};

for (const [name, className, mode] of functions) {
  module.exports[name] = makeAsync(name, streams[className], mode);
  module.exports[`${name}Sync`] = makeSync(`${name}Sync`, streams[className], mode);
}

function defineFixed(name, value) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, value });
}

for (const className of ['Deflate', 'Inflate', 'DeflateRaw', 'InflateRaw', 'Gzip', 'Gunzip', 'Unzip',
  'BrotliCompress', 'BrotliDecompress', 'ZstdCompress', 'ZstdDecompress']) {
  const Class = streams[className];
  const name = `create${className}`;
  // A plain function: `new zlib.createGzip()` is in use.
  defineFixed(name, { [name]: function(opts) { return new Class(opts); } }[name]);
}

// The names of early years, hidden; Brotli's came later and have none.
for (const name of Object.keys(constants)) {
  if (!name.startsWith('BROTLI')) Object.defineProperty(module.exports, name, { __proto__: null, value: constants[name] });
}

for (const [name, value] of [['constants', constants], ['codes', codes]]) {
  Object.defineProperty(module.exports, name, { __proto__: null, enumerable: true, value });
}

// Archives (ZIP files) are an experimental part that is not there yet.
for (const name of ['ZipEntry', 'ZipFile', 'ZipBuffer', 'createZipArchive', 'createZipArchiveSync', 'zipFiles',
  'getMaxZipContentSize', 'setMaxZipContentSize']) {
  defineFixed(name, {
    [name]: function() { throw new ERR_METHOD_NOT_IMPLEMENTED(`zlib.${name}()`); },
  }[name]);
}
