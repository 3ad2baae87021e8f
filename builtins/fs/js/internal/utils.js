/**
 * What all forms of `fs` share: checking and converting arguments (paths, flags, modes, times,
 * positions, options) and turning names from the system into what the caller's `encoding` asks for.
 *
 * Everything throws Node's own errors. Paths stay strings or Uint8Arrays: the binding encodes them.
 * Node docs: "File paths", "File system flags", "Common System Errors".
 */
'use strict';

const {
  AbortError,
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateUint32,
} = require('internal/validators');
const { Buffer } = require('buffer');
const hooks = require('internal/async_ids');

// A watch is no request: it is a resource of its own.
hooks.watchTable(binding('fs'), (name) => (name.startsWith('watch') ? undefined : 'FSREQCALLBACK'));

/** The longest read or write the system takes in one call, in bytes. Linux: read(2), 2^31 - 4096, rounded up as Node does. */
const IO_BYTES_MAX = 2 ** 31 - 1;
/** How much of a file is read in one go when its length matters to nobody, in bytes. Node docs: fs.readFile. */
const CHUNK_BYTES = 512 * 1024;
/** Size of the buffer that `read()` makes when it is given none, in bytes. Node docs: filehandle.read. */
const READ_BUFFER_BYTES = 16 * 1024;
const POSITION_BIGINT_MAX = 2n ** 63n - 2n;

const O_APPEND = 0o2000;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_RDONLY = 0;
const O_RDWR = 2;
const O_SYNC = 0o4010000;
const O_TRUNC = 0o1000;
const O_WRONLY = 1;

/** Node docs: "File system flags". Either order of `x` and `s` is accepted. */
const FLAGS = new Map([
  ['r', O_RDONLY],
  ['rs', O_RDONLY | O_SYNC],
  ['sr', O_RDONLY | O_SYNC],
  ['r+', O_RDWR],
  ['rs+', O_RDWR | O_SYNC],
  ['sr+', O_RDWR | O_SYNC],
  ['w', O_TRUNC | O_CREAT | O_WRONLY],
  ['wx', O_TRUNC | O_CREAT | O_WRONLY | O_EXCL],
  ['xw', O_TRUNC | O_CREAT | O_WRONLY | O_EXCL],
  ['w+', O_TRUNC | O_CREAT | O_RDWR],
  ['wx+', O_TRUNC | O_CREAT | O_RDWR | O_EXCL],
  ['xw+', O_TRUNC | O_CREAT | O_RDWR | O_EXCL],
  ['a', O_APPEND | O_CREAT | O_WRONLY],
  ['ax', O_APPEND | O_CREAT | O_WRONLY | O_EXCL],
  ['xa', O_APPEND | O_CREAT | O_WRONLY | O_EXCL],
  ['as', O_APPEND | O_CREAT | O_WRONLY | O_SYNC],
  ['sa', O_APPEND | O_CREAT | O_WRONLY | O_SYNC],
  ['a+', O_APPEND | O_CREAT | O_RDWR],
  ['ax+', O_APPEND | O_CREAT | O_RDWR | O_EXCL],
  ['xa+', O_APPEND | O_CREAT | O_RDWR | O_EXCL],
  ['as+', O_APPEND | O_CREAT | O_RDWR | O_SYNC],
  ['sa+', O_APPEND | O_CREAT | O_RDWR | O_SYNC],
]);

/** Open flags as a number: a number passes, null and undefined are `fallback`, a name is looked up. */
function toFlags(flags, name = 'flags', fallback = O_RDONLY) {
  if (typeof flags === 'number') {
    validateInt32(flags, name);
    return flags;
  }
  if (flags === undefined || flags === null) return fallback;
  const known = FLAGS.get(flags);
  if (known === undefined) throw new ERR_INVALID_ARG_VALUE(name, flags);
  return known;
}

/** Permission bits: a number or an octal string; `fallback` (when given) for null and undefined. */
function toMode(mode, name, fallback) {
  mode ??= fallback;
  if (typeof mode === 'string') {
    if (!/^[0-7]+$/.test(mode)) {
      throw new ERR_INVALID_ARG_VALUE(name, mode, 'must be a 32-bit unsigned integer or an octal string');
    }
    mode = Number.parseInt(mode, 8);
  }
  validateUint32(mode, name);
  return mode;
}

function isUrl(value) {
  return typeof value.href === 'string' && typeof value.protocol === 'string' &&
    value.href !== '' && value.protocol !== '' && value.auth === undefined && value.path === undefined;
}

function throwNullBytes(value, name) {
  throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string, Uint8Array, or URL without null bytes');
}

/**
 * Checks a path and returns it as a string or Uint8Array; a `file:` URL becomes its path.
 * Throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (NUL byte), or what `fileURLToPath` throws.
 */
function toPath(path, name = 'path') {
  if (typeof path !== 'string') {
    if (path instanceof Uint8Array) {
      if (path.includes(0)) throwNullBytes(path, name);
      return path;
    }
    if (path === null || typeof path !== 'object' || !isUrl(path)) {
      throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path);
    }
    path = require('url').fileURLToPath(path);
  }
  if (path.includes('\u0000')) throwNullBytes(path, name);
  return path;
}

/** As `toPath`, but a descriptor (any unsigned 32-bit number) passes too. Node docs: fs.readFile, "path". */
function toPathOrFd(path) {
  return isFd(path) ? path : toPath(path);
}

/** True for what `readFile` and its kin take as a descriptor instead of a path. */
function isFd(value) {
  return typeof value === 'number' && (value >>> 0) === value;
}

/** Checks a descriptor. Throws ERR_INVALID_ARG_TYPE or ERR_OUT_OF_RANGE. */
function toFd(fd) {
  if (typeof fd === 'number' && (fd | 0) === fd && fd >= 0) return fd;
  validateInt32(fd, 'fd', 0, 2147483647);
  return fd;
}

function assertEncoding(encoding) {
  if (encoding && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
}

/**
 * Normalises an options argument that may be missing, an encoding, an object, or (because a callback
 * slid into its place) a function. Throws ERR_INVALID_ARG_TYPE / ERR_INVALID_ARG_VALUE.
 */
function toOptions(options, defaults) {
  if (options === undefined || options === null || typeof options === 'function') return defaults;
  if (typeof options === 'string') {
    defaults = { ...defaults, encoding: options };
    options = defaults;
  } else if (typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  }
  if (options.encoding !== 'buffer') assertEncoding(options.encoding);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options;
}

/** The encoding that names come back in: undefined for text, 'buffer', or another encoding. */
function nameEncoding(options) {
  const encoding = toOptions(options, EMPTY_OPTIONS).encoding;
  if (encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8' || encoding === '') {
    return undefined;
  }
  return encoding;
}
const EMPTY_OPTIONS = Object.freeze({ __proto__: null });

/** A name from the binding as the caller wants it: text, or (as `encoding` is not text) bytes in an ArrayBuffer. */
function decodeName(name, encoding) {
  if (encoding === undefined) return name;
  const bytes = name instanceof ArrayBuffer ? Buffer.from(name) : name;
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

/** Wraps `callback` so that a name arrives in `encoding`; text needs no wrapping. */
function decodingCallback(callback, encoding) {
  if (encoding === undefined) return callback;
  return (error, name) => {
    if (error !== null) callback(error);
    else callback(null, decodeName(name, encoding));
  };
}

/** Names of a directory as strings, or as Buffers if `raw`. */
function toNames(names, raw) {
  return raw ? names.map((name) => Buffer.from(name)) : names;
}

/** Checks a completion callback and returns it. Throws ERR_INVALID_ARG_TYPE. */
function toCallback(callback, name = 'cb') {
  if (typeof callback !== 'function') validateFunction(callback, name);
  return callback;
}

/**
 * A file time in seconds: a number, a numeric string, or a Date. Negative numbers are "now".
 * Throws ERR_INVALID_ARG_TYPE. Node docs: fs.utimes.
 */
function toUnixTimestamp(time, name = 'time') {
  if (typeof time === 'string' && +time == time) return +time; // eslint-disable-line eqeqeq
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (time instanceof Date || Object.prototype.toString.call(time) === '[object Date]') {
    return Date.prototype.getTime.call(time) / 1000;
  }
  throw new ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

/** A file position for reading: -1 (the current one) for null and undefined, else a checked number. */
function toReadPosition(position, length) {
  if (position === undefined || position === null) return -1;
  if (typeof position === 'bigint') {
    const max = POSITION_BIGINT_MAX + 1n - BigInt(length);
    if (position < -1n || position > max) {
      throw new ERR_OUT_OF_RANGE('position', `>= -1 && <= ${max}`, position);
    }
    return Number(position);
  }
  if (typeof position !== 'number') throw new ERR_INVALID_ARG_TYPE('position', ['bigint', 'integer'], position);
  validateInteger(position, 'position', -1);
  return position;
}

/** A file position for writing: anything but a number is "the current one", as in Node. */
function toWritePosition(position) {
  if (typeof position === 'number') return position;
  return typeof position === 'bigint' ? Number(position) : -1;
}

function validateOffsetLengthRead(offset, length, byteLength) {
  if (offset < 0) throw new ERR_OUT_OF_RANGE('offset', '>= 0', offset);
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  if (offset + length > byteLength) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
}

function validateOffsetLengthWrite(offset, length, byteLength) {
  if (offset > byteLength) throw new ERR_OUT_OF_RANGE('offset', `<= ${byteLength}`, offset);
  if (length > byteLength - offset) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  validateInt32(length, 'length', 0);
}

/** Checks what is to be written and returns it: a string or a view. Throws ERR_INVALID_ARG_TYPE. */
function validateWritable(value, name = 'buffer') {
  if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
  }
  return value;
}

/** Checks the list that `readv` and `writev` take. Throws ERR_INVALID_ARG_TYPE. */
function validateViews(buffers) {
  if (!Array.isArray(buffers)) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  for (let i = 0; i < buffers.length; i++) {
    if (!ArrayBuffer.isView(buffers[i])) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  }
  return buffers;
}

/** A string in an encoding other than UTF-8 as bytes; everything else as it is (the binding does UTF-8). */
function encodeData(data, encoding) {
  if (typeof data !== 'string' || encoding === undefined || encoding === null || encoding === '' ||
      encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer') {
    return data;
  }
  return Buffer.from(data, encoding);
}

/**
 * Checks the options of `rm` and fills in the defaults. Throws ERR_INVALID_ARG_TYPE / ERR_OUT_OF_RANGE.
 * Node docs: fs.rm.
 */
function validateRmOptions(options) {
  if (options === undefined) return { force: false, maxRetries: 0, recursive: false, retryDelay: 100 };
  validateObject(options, 'options');
  options = { force: false, maxRetries: 0, recursive: false, retryDelay: 100, ...options };
  validateBoolean(options.force, 'options.force');
  validateBoolean(options.recursive, 'options.recursive');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

/** Checks the options of `rmdir`; `recursive` was removed. Throws ERR_INVALID_ARG_VALUE. Node docs: fs.rmdir. */
function validateRmdirOptions(options) {
  if (options === undefined) return;
  validateObject(options, 'options');
  if (options.recursive !== undefined) {
    throw new ERR_INVALID_ARG_VALUE('options.recursive', options.recursive, 'is no longer supported');
  }
}

/** An access mode (`checkAccess`) or a copy mode: null and undefined are 0. Node docs: fs.access, fs.copyFile. */
function toSmallMode(mode) {
  if (mode === undefined || mode === null) return 0;
  if (typeof mode !== 'number') {
    const error = new ERR_INVALID_ARG_TYPE('mode', 'integer', mode);
    error.message = 'mode must be int32 or null/undefined';
    throw error;
  }
  if (mode < 0 || mode > 7 || Number.isNaN(mode)) {
    const error = new ERR_OUT_OF_RANGE('mode', '>= 0 && <= 7', mode);
    error.message = 'mode is out of range: >= 0 && <= 7';
    throw error;
  }
  return Math.trunc(mode);
}

const SYMLINK_TYPES = new Set(['dir', 'file', 'junction', null, undefined]);

/** Checks the `type` of a symbolic link, which only Windows uses. Throws ERR_INVALID_ARG_VALUE. */
function validateSymlinkType(type) {
  if (!SYMLINK_TYPES.has(type)) {
    const error = new ERR_INVALID_ARG_VALUE('type', type, "must be one of: 'dir', 'file', 'junction', null, undefined");
    throw error;
  }
}

/** Throws an AbortError if `signal` has been aborted. */
function checkAborted(signal) {
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
}

/** Joins a directory, which may be a Buffer, and a name, which may be one too. */
function joinNames(directory, name) {
  if (typeof directory === 'string' && typeof name === 'string') {
    return require('path').join(directory, name);
  }
  const parts = [typeof directory === 'string' ? Buffer.from(directory) : directory, Buffer.from('/'),
    typeof name === 'string' ? Buffer.from(name) : name];
  return Buffer.concat(parts);
}

/** Runs one binding function in the pool and returns a promise of its result. */
async function request(operation, ...args) {
  try {
    return await begin(operation, args);
  } catch (error) {
    // It was made where no JavaScript ran: who waits for it shows only here.
    Error.captureStackTrace(error, request);
    throw error;
  }
}

function begin(operation, args) {
  if (hooks.active) return hookedRequest(operation, 'FSREQPROMISE', args);
  return new Promise((resolve, reject) => {
    operation(...args, (error, value) => {
      if (error === null) resolve(value);
      else reject(error);
    });
  });
}

/** As `request`, announced to hooks as `type`. */
function hookedRequest(operation, type, args) {
  const { nativeOf, request: announce } = require('internal/async_hooks/requests');
  return new Promise((resolve, reject) => {
    nativeOf(operation)(...args, announce(type, (error, value) => {
      if (error === null) resolve(value);
      else reject(error);
    }));
  });
}

module.exports = {
  CHUNK_BYTES,
  EMPTY_OPTIONS,
  IO_BYTES_MAX,
  READ_BUFFER_BYTES,
  assertEncoding,
  checkAborted,
  decodeName,
  decodingCallback,
  encodeData,
  hookedRequest,
  isFd,
  joinNames,
  nameEncoding,
  request,
  toCallback,
  toFd,
  toFlags,
  toMode,
  toNames,
  toOptions,
  toPath,
  toPathOrFd,
  toReadPosition,
  toSmallMode,
  toUnixTimestamp,
  toWritePosition,
  validateOffsetLengthRead,
  validateOffsetLengthWrite,
  validateRmOptions,
  validateRmdirOptions,
  validateSymlinkType,
  validateViews,
  validateWritable,
};
