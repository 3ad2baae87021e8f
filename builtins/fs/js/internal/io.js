/**
 * Contents of files in callback and synchronous form: open, close, read, write and their vectored forms,
 * readFile, writeFile, appendFile, truncate, sync.
 *
 * Every binding function does its work at once when its last argument, the callback, is undefined, and
 * in the pool otherwise; both report the same errors. Node docs: "Callback API", "Synchronous API".
 */
'use strict';

const fsBinding = binding('fs');
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateBoolean, validateBuffer, validateInteger, validateObject } =
  require('internal/validators');
const { Buffer } = require('buffer');
const {
  EMPTY_OPTIONS,
  READ_BUFFER_BYTES,
  encodeData,
  isFd,
  toCallback,
  toFd,
  toFlags,
  toMode,
  toOptions,
  toPath,
  toPathOrFd,
  toReadPosition,
  toWritePosition,
  validateOffsetLengthRead,
  validateOffsetLengthWrite,
  validateViews,
  validateWritable,
} = require('internal/fs/utils');

const O_RDWR = 2;
const DEFAULT_FILE_MODE = 0o666;
const READ_FILE_DEFAULTS = Object.freeze({ __proto__: null, flag: 'r' });
const WRITE_FILE_DEFAULTS =
  Object.freeze({ __proto__: null, encoding: 'utf8', mode: DEFAULT_FILE_MODE, flag: 'w', flush: false });
const APPEND_FILE_DEFAULTS =
  Object.freeze({ __proto__: null, encoding: 'utf8', mode: DEFAULT_FILE_MODE, flag: 'a', flush: false });

/** Whether descriptors are noted, to be closed with the thread. */
let tracks = false;

/** Node docs: new Worker, `trackUnmanagedFds`. */
function trackDescriptors() {
  tracks = true;
  fsBinding.trackFds();
}

function noteOpened(fd) {
  if (!fsBinding.noteFd(fd, true)) process.emitWarning(`File descriptor ${fd} opened in unmanaged mode twice`);
}

function noteClosed(fd) {
  if (!fsBinding.noteFd(fd, false)) process.emitWarning(`File descriptor ${fd} closed but not opened in unmanaged mode`);
}

/** Opens a file; calls back with a descriptor. Node docs: fs.open. */
function open(path, flags, mode, callback) {
  path = toPath(path);
  if (arguments.length < 3) {
    callback = flags;
    flags = 'r';
    mode = DEFAULT_FILE_MODE;
  } else if (typeof mode === 'function') {
    callback = mode;
    mode = DEFAULT_FILE_MODE;
  } else {
    mode = toMode(mode, 'mode', DEFAULT_FILE_MODE);
  }
  flags = toFlags(flags);
  callback = toCallback(callback);
  fsBinding.open(path, flags, mode, !tracks ? callback : (error, fd) => {
    if (error === null) noteOpened(fd);
    callback(error, fd);
  });
}

/** Opens a file and returns its descriptor. Node docs: fs.openSync. */
function openSync(path, flags, mode) {
  const fd = fsBinding.open(toPath(path), toFlags(flags), toMode(mode, 'mode', DEFAULT_FILE_MODE), undefined);
  if (tracks) noteOpened(fd);
  return fd;
}

function throwUncaught(error) {
  if (error !== null) throw error;
}

/** Closes a descriptor; without a callback an error is an uncaught exception. Node docs: fs.close. */
function close(fd, callback = throwUncaught) {
  fd = toFd(fd);
  if (callback !== throwUncaught) toCallback(callback);
  if (tracks) noteClosed(fd);
  fsBinding.close(fd, callback);
}

/** Node docs: fs.closeSync. */
function closeSync(fd) {
  fd = toFd(fd);
  if (tracks) noteClosed(fd);
  fsBinding.close(fd, undefined);
}

/**
 * Checks what `read` was given after `fd` and `buffer`; returns [offset, length, position], where
 * position -1 is the current one. Throws Node's validation errors.
 */
function readArguments(buffer, offset, length, position) {
  validateBuffer(buffer);
  if (offset === undefined || offset === null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length = length === undefined || length === null ? buffer.byteLength - offset : Math.trunc(+length) || 0;
  if (length !== 0) {
    if (buffer.byteLength === 0) throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
    validateOffsetLengthRead(offset, length, buffer.byteLength);
  }
  return [offset, length, toReadPosition(position, length)];
}

/** Reads into a buffer; calls back with (error, bytesRead, buffer). Node docs: fs.read, its three forms. */
function read(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = toFd(fd);
  let offset = offsetOrOptions;
  if (arguments.length <= 4) {
    let options;
    if (arguments.length === 4) {
      // read(fd, buffer, options, callback)
      options = offsetOrOptions;
      callback = length;
    } else if (arguments.length === 3) {
      // read(fd, options, callback), read(fd, buffer, callback)
      callback = offsetOrOptions;
      if (!ArrayBuffer.isView(buffer)) {
        options = buffer;
        if (options !== undefined && options !== null) validateObject(options, 'options');
        buffer = undefined;
      }
    } else {
      callback = buffer;
      buffer = undefined;
    }
    if (options !== undefined && options !== null) {
      validateObject(options, 'options');
      if (buffer === undefined && options.buffer !== undefined) buffer = options.buffer;
    }
    if (buffer === undefined) buffer = Buffer.alloc(READ_BUFFER_BYTES);
    ({ offset, length, position } = options ?? EMPTY_OPTIONS);
  }
  validateBuffer(buffer);
  toCallback(callback);
  const [start, count, at] = readArguments(buffer, offset, length, position);
  if (count === 0) {
    process.nextTick(callback, null, 0, buffer);
    return;
  }
  fsBinding.read(fd, buffer, start, count, at, (error, bytesRead) => {
    if (error !== null) callback(error, 0, buffer);
    else callback(null, bytesRead, buffer);
  });
}

/** Reads into a buffer and returns the number of bytes. Node docs: fs.readSync. */
function readSync(fd, buffer, offsetOrOptions, length, position) {
  fd = toFd(fd);
  validateBuffer(buffer);
  let offset = offsetOrOptions;
  if (arguments.length <= 3 || (offsetOrOptions !== null && typeof offsetOrOptions === 'object')) {
    if (offsetOrOptions !== undefined && offsetOrOptions !== null) {
      validateObject(offsetOrOptions, 'options');
    }
    ({ offset, length, position } = offsetOrOptions ?? EMPTY_OPTIONS);
  }
  const [start, count, at] = readArguments(buffer, offset, length, position);
  return count === 0 ? 0 : fsBinding.read(fd, buffer, start, count, at, undefined);
}

/** Reads into several buffers; calls back with (error, bytesRead, buffers). Node docs: fs.readv. */
function readv(fd, buffers, position, callback) {
  fd = toFd(fd);
  validateViews(buffers);
  callback = toCallback(callback ?? position);
  fsBinding.readv(fd, buffers, toWritePosition(position), (error, bytesRead) => {
    if (error !== null) callback(error, 0, buffers);
    else callback(null, bytesRead, buffers);
  });
}

/** Node docs: fs.readvSync. */
function readvSync(fd, buffers, position) {
  fd = toFd(fd);
  validateViews(buffers);
  return fsBinding.readv(fd, buffers, toWritePosition(position), undefined);
}

/** Checks what `write` was given after `fd` and a view; returns [offset, length, position]. */
function writeArguments(buffer, offset, length, position) {
  if (offset !== null && typeof offset === 'object') ({ offset, length, position } = offset);
  if (offset === undefined || offset === null || typeof offset === 'function') offset = 0;
  else validateInteger(offset, 'offset', 0);
  if (typeof length !== 'number') length = buffer.byteLength - offset;
  validateOffsetLengthWrite(offset, length, buffer.byteLength);
  return [offset, length, toWritePosition(position)];
}

/** Writes a view or a string; calls back with (error, bytesWritten, data). Node docs: fs.write, its forms. */
function write(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = toFd(fd);
  if (ArrayBuffer.isView(buffer)) {
    callback = toCallback(callback || position || length || offsetOrOptions);
    const [start, count, at] = writeArguments(buffer, offsetOrOptions, length, position);
    fsBinding.write(fd, buffer, start, count, at, (error, bytesWritten) => {
      if (error !== null) callback(error, 0, buffer);
      else callback(null, bytesWritten, buffer);
    });
    return;
  }
  validateWritable(buffer);
  // write(fd, string[, position[, encoding]], callback)
  if (typeof position !== 'function') {
    if (typeof offsetOrOptions === 'function') {
      position = offsetOrOptions;
      offsetOrOptions = null;
      length = 'utf8';
    } else {
      position = length;
      length = 'utf8';
    }
  }
  const text = buffer;
  callback = toCallback(position);
  validateStringEncoding(text, length);
  writeText(fd, text, offsetOrOptions, length, (error, bytesWritten) => {
    if (error !== null) callback(error, 0, text);
    else callback(null, bytesWritten, text);
  });
}

function validateStringEncoding(text, encoding) {
  if (encoding === 'hex' && text.length % 2 !== 0) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, `is invalid for data of length ${text.length}`);
  }
}

function writeText(fd, text, position, encoding, done) {
  const at = toWritePosition(position);
  const data = Buffer.isEncoding(encoding) ? encodeData(text, encoding) : text;
  if (typeof data === 'string') return fsBinding.writeString(fd, data, at, done);
  return fsBinding.write(fd, data, 0, data.byteLength, at, done);
}

/** Writes a view or a string and returns the number of bytes. Node docs: fs.writeSync. */
function writeSync(fd, buffer, offsetOrOptions, length, position) {
  fd = toFd(fd);
  if (ArrayBuffer.isView(buffer)) {
    const [start, count, at] = writeArguments(buffer, offsetOrOptions, length, position);
    return fsBinding.write(fd, buffer, start, count, at, undefined);
  }
  validateWritable(buffer);
  validateStringEncoding(buffer, length);
  return writeText(fd, buffer, offsetOrOptions, length, undefined);
}

/** Writes several buffers; calls back with (error, bytesWritten, buffers). Node docs: fs.writev. */
function writev(fd, buffers, position, callback) {
  fd = toFd(fd);
  validateViews(buffers);
  callback = toCallback(callback ?? position);
  if (buffers.length === 0) {
    process.nextTick(callback, null, 0, buffers);
    return;
  }
  fsBinding.writev(fd, buffers, toWritePosition(position), (error, bytesWritten) => {
    if (error !== null) callback(error, 0, buffers);
    else callback(null, bytesWritten, buffers);
  });
}

/** Node docs: fs.writevSync. */
function writevSync(fd, buffers, position) {
  fd = toFd(fd);
  validateViews(buffers);
  return buffers.length === 0 ? 0 : fsBinding.writev(fd, buffers, toWritePosition(position), undefined);
}

function isText(encoding) {
  return encoding === 'utf8' || encoding === 'utf-8';
}

/** Reads a whole file in the pool; `signal` stops it between chunks. Node docs: fs.readFile. */
function readFile(path, options, callback) {
  callback = toCallback(callback || options);
  options = toOptions(options, READ_FILE_DEFAULTS);
  const { encoding, signal } = options;
  const flags = toFlags(options.flag);
  if (signal !== undefined && signal !== null) {
    require('internal/fs/whole_file').readAbortable(toPathOrFd(path), flags, encoding, signal, callback);
    return;
  }
  const text = isText(encoding);
  fsBinding.readFile(toPathOrFd(path), flags, text, text ? callback : (error, bytes) => {
    if (error !== null) callback(error);
    else decodeInto(callback, bytes, encoding);
  });
}

/** Calls back with bytes as a Buffer or, given an encoding, a string (which may be too long to exist). */
function decodeInto(callback, bytes, encoding) {
  let data = Buffer.from(bytes);
  if (encoding && encoding !== 'buffer') {
    try {
      data = data.toString(encoding);
    } catch (error) {
      callback(error);
      return;
    }
  }
  callback(null, data);
}

/** Reads a whole file. Node docs: fs.readFileSync. */
function readFileSync(path, options) {
  options = toOptions(options, READ_FILE_DEFAULTS);
  const encoding = options.encoding;
  const text = isText(encoding);
  const data = fsBinding.readFile(toPathOrFd(path), toFlags(options.flag), text, undefined);
  if (text) return data;
  const bytes = Buffer.from(data);
  return !encoding || encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

/** Checks the arguments that `writeFile` and `appendFile` share. Returns [path, data, flags, mode, flush]. */
function writeFileArguments(path, data, options) {
  const { encoding, flag, flush = false, mode } = options;
  validateBoolean(flush, 'options.flush');
  validateWritable(data, 'data');
  const target = toPathOrFd(path);
  return [target, encodeData(data, encoding), toFlags(flag), toMode(mode, 'mode', DEFAULT_FILE_MODE), flush];
}

function writeWhole(path, data, options, callback) {
  const { signal } = options;
  const args = writeFileArguments(path, data, options);
  if (signal !== undefined && signal !== null) {
    require('internal/fs/whole_file').writeAbortable(...args, signal, callback);
    return;
  }
  const [target, bytes, flags, mode, flush] = args;
  if (flush) require('internal/fs/whole_file').writeFlushed(target, bytes, flags, mode, callback);
  else fsBinding.writeFile(target, bytes, flags, mode, false, callback);
}

function writeWholeSync(path, data, options) {
  const [target, bytes, flags, mode, flush] = writeFileArguments(path, data, options);
  if (flush) require('internal/fs/whole_file').writeFlushedSync(target, bytes, flags, mode);
  else fsBinding.writeFile(target, bytes, flags, mode, false, undefined);
}

/** Replaces the contents of a file. Node docs: fs.writeFile. */
function writeFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  options = withDefaults(toOptions(options, WRITE_FILE_DEFAULTS), WRITE_FILE_DEFAULTS);
  writeWhole(path, data, options, callback);
}

function withDefaults(options, defaults) {
  if (options === defaults) return options;
  return {
    encoding: options.encoding === undefined ? defaults.encoding : options.encoding,
    flag: options.flag ? options.flag : defaults.flag,
    flush: options.flush ?? false,
    mode: options.mode ?? DEFAULT_FILE_MODE,
    signal: options.signal,
  };
}

/** Node docs: fs.writeFileSync. */
function writeFileSync(path, data, options) {
  options = withDefaults(toOptions(options, WRITE_FILE_DEFAULTS), WRITE_FILE_DEFAULTS);
  writeWholeSync(path, data, options);
}

/** Appends to a file, creating it if needed. Node docs: fs.appendFile. */
function appendFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  options = withDefaults(toOptions(options, APPEND_FILE_DEFAULTS), APPEND_FILE_DEFAULTS);
  // A descriptor was opened with flags of its own.
  if (isFd(path)) options = { ...options, flag: 'a' };
  writeWhole(path, data, options, callback);
}

/** Node docs: fs.appendFileSync. */
function appendFileSync(path, data, options) {
  options = withDefaults(toOptions(options, APPEND_FILE_DEFAULTS), APPEND_FILE_DEFAULTS);
  writeWholeSync(path, data, options);
}

function toLength(len) {
  if (len === undefined || len === null) return 0;
  validateInteger(len, 'len');
  return len < 0 ? 0 : len;
}

/** Cuts or extends a file to `len` bytes. Node docs: fs.truncate. */
function truncate(path, len, callback) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  }
  callback = toCallback(callback);
  path = toPath(path);
  fsBinding.truncate(path, O_RDWR, toLength(len), callback);
}

/** Node docs: fs.truncateSync. */
function truncateSync(path, len) {
  path = toPath(path);
  fsBinding.truncate(path, O_RDWR, toLength(len), undefined);
}

/** Node docs: fs.ftruncate. */
function ftruncate(fd, len = 0, callback) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  }
  fd = toFd(fd);
  len = toLength(len);
  fsBinding.ftruncate(fd, len, toCallback(callback));
}

/** Node docs: fs.ftruncateSync. */
function ftruncateSync(fd, len = 0) {
  fsBinding.ftruncate(toFd(fd), toLength(len), undefined);
}

/** Node docs: fs.fsync. */
function fsync(fd, callback) {
  fsBinding.fsync(toFd(fd), toCallback(callback));
}

/** Node docs: fs.fsyncSync. */
function fsyncSync(fd) {
  fsBinding.fsync(toFd(fd), undefined);
}

/** Node docs: fs.fdatasync. */
function fdatasync(fd, callback) {
  fsBinding.fdatasync(toFd(fd), toCallback(callback));
}

/** Node docs: fs.fdatasyncSync. */
function fdatasyncSync(fd) {
  fsBinding.fdatasync(toFd(fd), undefined);
}

module.exports = {
  APPEND_FILE_DEFAULTS,
  DEFAULT_FILE_MODE,
  READ_FILE_DEFAULTS,
  WRITE_FILE_DEFAULTS,
  appendFile,
  appendFileSync,
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsync,
  fsyncSync,
  ftruncate,
  ftruncateSync,
  open,
  openSync,
  read,
  readArguments,
  readFile,
  readFileSync,
  readSync,
  readv,
  readvSync,
  toLength,
  trackDescriptors,
  truncate,
  truncateSync,
  validateStringEncoding,
  withDefaults,
  write,
  writeArguments,
  writeFile,
  writeFileSync,
  writeSync,
  writev,
  writevSync,
};
