/**
 * `fs.ReadStream` and `fs.WriteStream`: streams over a descriptor or FileHandle.
 *
 * A stream opens its file when it is constructed (`_construct`), unless it was given `fd`. All work goes through
 * `stream[kFs]`, which is the `fs` module, the `fs` option, or an adapter over a FileHandle, so that what users
 * replace there is what runs.
 * **Invariant:** a descriptor is not closed while an operation on it is under way; `_destroy` waits.
 * Node docs: fs.createReadStream, fs.createWriteStream, "Class: fs.ReadStream", "Class: fs.WriteStream".
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_DESTROYED, ERR_SYSTEM_ERROR },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger } = require('internal/validators');
const { Buffer } = require('buffer');
const { Readable, Writable, finished } = require('stream');
const { EMPTY_OPTIONS, toFd, toOptions, toPath } = require('internal/fs/utils');

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIoDone = Symbol('kIoDone');
const kIsPerformingIO = Symbol('kIsPerformingIO');

/** How much a stream reads at once unless told otherwise, in bytes. Node docs: fs.createReadStream. */
const READ_HIGH_WATER_MARK = 64 * 1024;
/** How often a write that would block is tried again before it is an error. */
const WRITE_RETRIES_MAX = 5;
const POSITION_MAX = Number.MAX_SAFE_INTEGER;

/** The `fs` of a stream over a FileHandle: the operations of the handle with callbacks. */
function handleFs(handle, kUnref) {
  const settle = (promise, callback, pick) =>
    promise.then((result) => process.nextTick(callback, null, pick?.(result)),
      (error) => process.nextTick(callback, error));
  return {
    open(path, flags, mode, callback) {
      throw new ERR_METHOD_NOT_IMPLEMENTED('open()');
    },
    close(fd, callback) {
      handle[kUnref]();
      settle(handle.close(), callback);
    },
    fsync(fd, callback) { settle(handle.sync(), callback); },
    read(fd, buffer, offset, length, position, callback) {
      settle(handle.read(buffer, offset, length, position), callback, (result) => result.bytesRead);
    },
    write(fd, buffer, offset, length, position, callback) {
      settle(handle.write(buffer, offset, length, position), callback, (result) => result.bytesWritten);
    },
    writev(fd, buffers, position, callback) {
      settle(handle.writev(buffers, position), callback, (result) => result.bytesWritten);
    },
  };
}

/** Takes over the `fd` option, a number or a FileHandle. Throws ERR_INVALID_ARG_TYPE. */
function importFd(stream, options) {
  if (typeof options.fd === 'number') {
    stream[kFs] = options.fs ?? require('fs');
    return toFd(options.fd);
  }
  const { FileHandle, kRef, kUnref } = require('internal/fs/file_handle');
  if (options.fd !== null && typeof options.fd === 'object' && options.fd instanceof FileHandle) {
    if (options.fs) throw new ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    const handle = options.fd;
    stream[kHandle] = handle;
    stream[kFs] = handleFs(handle, kUnref);
    handle[kRef]();
    handle.on('close', () => stream.close());
    return handle.fd;
  }
  throw new ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], options.fd);
}

/** A copy of the options that sees inherited ones too. */
function copyOptions(options) {
  const copy = {};
  for (const key in options) copy[key] = options[key]; // eslint-disable-line guard-for-in
  return copy;
}

function validateMethods(custom, names) {
  for (const name of names) validateFunction(custom[name], `options.fs.${name}`);
}

/** Opens the file of a stream that has none yet; honours an overridden `open` method, as packages have them. */
function construct(callback) {
  const stream = this;
  if (typeof stream.fd === 'number') {
    callback();
    return;
  }
  if (stream.open !== openStream) {
    // Old code opens by itself and tells by emitting; what it emits ends the construction.
    const emit = stream.emit;
    stream.emit = function(event, ...args) {
      if (event === 'open') {
        this.emit = emit;
        callback();
        Reflect.apply(emit, this, [event, ...args]);
        return undefined;
      }
      if (event === 'error') {
        this.emit = emit;
        callback(args[0]);
        return undefined;
      }
      return Reflect.apply(emit, this, [event, ...args]);
    };
    stream.open();
    return;
  }
  stream[kFs].open(stream.path, stream.flags, stream.mode, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    stream.fd = fd;
    callback();
    stream.emit('open', fd);
    stream.emit('ready');
  });
}

/** What `open` was before streams opened themselves; kept because packages call and replace it. */
function openStream() {}

/** Closes the descriptor, if there is one, and finishes the destruction with the first error. */
function closeStream(stream, error, callback) {
  if (!stream.fd && stream.fd !== 0) {
    callback(error);
    return;
  }
  const fd = stream.fd;
  stream.fd = null;
  if (stream.flush && !error) {
    stream[kFs].fsync(fd, (flushError) => closeDescriptor(stream, fd, flushError ?? error, callback));
    return;
  }
  closeDescriptor(stream, fd, error, callback);
}

function closeDescriptor(stream, fd, error, callback) {
  stream[kFs].close(fd, (closeError) => callback(closeError ?? error));
}

/** Calls `close` now, or when the operation under way is done. */
function whenIdle(stream, close) {
  if (stream[kIsPerformingIO]) stream.once(kIoDone, close);
  else close(null);
}

/** Checks the range of a stream and stores it. */
function setRange(stream, start, end) {
  if (start !== undefined) {
    validateInteger(start, 'start', 0);
    stream.start = start;
    stream.pos = start;
  }
  if (end === undefined || end === Infinity) {
    stream.end = Infinity;
    return;
  }
  validateInteger(end, 'end', 0, POSITION_MAX);
  stream.end = end;
  if (start !== undefined && start > end) {
    throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${end})`, start);
  }
}

/** A readable stream of a file. Callable without `new`. */
function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = copyOptions(toOptions(options, EMPTY_OPTIONS));
  options.highWaterMark ??= READ_HIGH_WATER_MARK;
  options.autoDestroy ??= options.autoClose ?? true;
  if (options.autoClose !== undefined) options.autoDestroy = options.autoClose;

  if (options.fd === undefined || options.fd === null) {
    this.fd = null;
    this[kFs] = options.fs || require('fs');
    validateMethods(this[kFs], ['open']);
    // Path, flags and mode only matter when we open the file ourselves.
    this.path = toPath(path);
    this.flags = options.flags === undefined ? 'r' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : options.mode;
  } else {
    this.fd = importFd(this, options);
  }
  validateMethods(this[kFs], ['read']);
  if (options.autoDestroy) validateMethods(this[kFs], ['close']);

  this.start = undefined;
  this.end = undefined;
  this.pos = undefined;
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;
  setRange(this, options.start, options.end);
  Reflect.apply(Readable, this, [options]);
  if (options.encoding) this.setEncoding(options.encoding);
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

Object.defineProperty(ReadStream.prototype, 'autoClose', {
  __proto__: null,
  configurable: true,
  get() {
    if (!this?._readableState) throw new ERR_INVALID_THIS('ReadStream');
    return this._readableState.autoDestroy;
  },
  set(value) { this._readableState.autoDestroy = value; },
});

ReadStream.prototype.open = openStream;
ReadStream.prototype._construct = construct;

ReadStream.prototype._read = function _read(n) {
  n = this.pos === undefined ? Math.min(this.end - this.bytesRead + 1, n) : Math.min(this.end - this.pos + 1, n);
  if (n <= 0) {
    this.push(null);
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(n);
  this[kIsPerformingIO] = true;
  this[kFs].read(this.fd, buffer, 0, n, this.pos, (error, bytesRead, data) => {
    this[kIsPerformingIO] = false;
    // Whoever waits to close the descriptor may do so now.
    if (this.destroyed) {
      this.emit(kIoDone, error);
      return;
    }
    if (error) {
      errorOrDestroy(this, error, this._readableState);
    } else if (bytesRead > 0) {
      if (this.pos !== undefined) this.pos += bytesRead;
      this.bytesRead += bytesRead;
      // A short read must not keep the whole buffer alive behind a small chunk.
      this.push(bytesRead === buffer.length ? buffer : Buffer.from(buffer.subarray(0, bytesRead)));
    } else {
      this.push(null);
    }
  });
};

/** Destroys the stream, or only reports if it must stay (`autoClose: false`). */
function errorOrDestroy(stream, error, state) {
  if (state.autoDestroy) {
    stream.destroy(error);
    return;
  }
  state.errored ??= error;
  if (!state.errorEmitted) {
    state.errorEmitted = true;
    stream.emit('error', error);
  }
}

ReadStream.prototype._destroy = function _destroy(error, callback) {
  whenIdle(this, (ioError) => closeStream(this, error ?? ioError ?? null, callback));
};

ReadStream.prototype.close = function close(callback) {
  if (typeof callback === 'function') finished(this, callback);
  this.destroy();
};

/** A writable stream into a file. Callable without `new`. */
function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = copyOptions(toOptions(options, EMPTY_OPTIONS));
  options.decodeStrings = true;
  options.autoDestroy = options.autoClose ?? true;

  if (options.fd === undefined || options.fd === null) {
    this.fd = null;
    this[kFs] = options.fs || require('fs');
    validateMethods(this[kFs], ['open']);
    this.path = toPath(path);
    this.flags = options.flags === undefined ? 'w' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : options.mode;
  } else {
    this.fd = importFd(this, options);
  }
  const custom = this[kFs];
  if (!custom.write && !custom.writev) throw new ERR_INVALID_ARG_TYPE('options.fs.write', 'function', custom.write);
  if (custom.write) validateMethods(custom, ['write']);
  if (custom.writev) validateMethods(custom, ['writev']);
  if (options.autoDestroy) validateMethods(custom, ['close']);
  if (options.flush !== undefined && options.flush !== null) {
    validateBoolean(options.flush, 'options.flush');
    if (options.flush) validateMethods(custom, ['fsync']);
  }
  // Without one of the two, Writable uses the other.
  if (!custom.write) this._write = null;
  if (!custom.writev) this._writev = null;

  this.flush = options.flush ?? false;
  this.start = options.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  Reflect.apply(Writable, this, [options]);
  if (options.encoding) this.setDefaultEncoding(options.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);

Object.defineProperty(WriteStream.prototype, 'autoClose', {
  __proto__: null,
  configurable: true,
  get() {
    if (!this?._writableState) throw new ERR_INVALID_THIS('WriteStream');
    return this._writableState.autoDestroy;
  },
  set(value) { this._writableState.autoDestroy = value; },
});

WriteStream.prototype.open = openStream;
WriteStream.prototype._construct = construct;

/**
 * Writes all of `data`, however many calls that takes. A write that would block (EAGAIN) is tried again a few
 * times; one that keeps writing nothing is an error.
 */
function writeAll(stream, data, size, position, callback, retries = 0) {
  stream[kFs].write(stream.fd, data, 0, size, position, (error, bytesWritten, buffer) => {
    if (error?.code === 'EAGAIN') {
      error = null;
      bytesWritten = 0;
    }
    if (stream.destroyed || error) {
      callback(error || new ERR_STREAM_DESTROYED('write'));
      return;
    }
    stream.bytesWritten += bytesWritten;
    retries = bytesWritten ? 0 : retries + 1;
    size -= bytesWritten;
    if (position !== undefined) position += bytesWritten;
    if (retries > WRITE_RETRIES_MAX) {
      callback(new ERR_SYSTEM_ERROR({ code: 'EAGAIN', errno: 11, message: 'resource temporarily unavailable', syscall: 'write' }));
    } else if (size > 0) {
      writeAll(stream, data.subarray(bytesWritten), size, position, callback, retries);
    } else {
      callback();
    }
  });
}

function writevAll(stream, chunks, size, position, callback, retries = 0) {
  stream[kFs].writev(stream.fd, chunks, position, (error, bytesWritten, buffers) => {
    if (error?.code === 'EAGAIN') {
      error = null;
      bytesWritten = 0;
    }
    if (stream.destroyed || error) {
      callback(error || new ERR_STREAM_DESTROYED('writev'));
      return;
    }
    stream.bytesWritten += bytesWritten;
    retries = bytesWritten ? 0 : retries + 1;
    size -= bytesWritten;
    if (position !== undefined) position += bytesWritten;
    if (retries > WRITE_RETRIES_MAX) {
      callback(new ERR_SYSTEM_ERROR({ code: 'EAGAIN', errno: 11, message: 'resource temporarily unavailable', syscall: 'writev' }));
    } else if (size > 0) {
      writevAll(stream, [Buffer.concat(chunks).subarray(bytesWritten)], size, position, callback, retries);
    } else {
      callback();
    }
  });
}

WriteStream.prototype._write = function _write(data, encoding, callback) {
  this[kIsPerformingIO] = true;
  writeAll(this, data, data.length, this.pos, (error) => finishWrite(this, error, callback));
  if (this.pos !== undefined) this.pos += data.length;
};

WriteStream.prototype._writev = function _writev(data, callback) {
  const chunks = new Array(data.length);
  let size = 0;
  for (let i = 0; i < data.length; i++) {
    chunks[i] = data[i].chunk;
    size += chunks[i].length;
  }
  this[kIsPerformingIO] = true;
  writevAll(this, chunks, size, this.pos, (error) => finishWrite(this, error, callback));
  if (this.pos !== undefined) this.pos += size;
};

function finishWrite(stream, error, callback) {
  stream[kIsPerformingIO] = false;
  // Whoever waits to close the descriptor may do so now.
  if (stream.destroyed) {
    callback(error);
    stream.emit(kIoDone, error);
    return;
  }
  callback(error);
}

WriteStream.prototype._destroy = function _destroy(error, callback) {
  whenIdle(this, (ioError) => {
    // Having been destroyed is what made that write fail.
    if (ioError?.code === 'ERR_STREAM_DESTROYED') ioError = null;
    closeStream(this, error ?? ioError ?? null, callback);
  });
};

WriteStream.prototype.close = function close(callback) {
  if (callback) {
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  // Without autoClose nobody else destroys the stream once it has finished.
  if (!this.autoClose) this.on('finish', this.destroy);
  // Data that is still queued gets written first.
  this.end();
};

WriteStream.prototype.destroySoon = WriteStream.prototype.end;

for (const constructor of [ReadStream, WriteStream]) {
  Object.defineProperty(constructor.prototype, 'pending', {
    __proto__: null,
    configurable: true,
    get() { return this.fd === null; },
  });
}

module.exports = { ReadStream, WriteStream };
