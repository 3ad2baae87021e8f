/**
 * `FileHandle`: an open file of the promise form.
 *
 * **Invariant:** the descriptor is closed once, and only when no operation or stream uses it: each use
 * counts as a reference, and `close()` takes effect when the last one is gone.
 * Node docs: "Class: FileHandle".
 */
'use strict';

const fsBinding = binding('fs');
const {
  codes: { ERR_INTERNAL_ASSERTION, ERR_INVALID_STATE },
} = require('internal/errors');
const { validateBoolean, validateBuffer, validateInteger, validateObject } = require('internal/validators');
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const hooks = require('internal/async_ids');
const io = require('internal/fs/io');
const { statsFromSlots } = require('internal/fs/stats');
const {
  EMPTY_OPTIONS,
  READ_BUFFER_BYTES,
  checkAborted,
  encodeData,
  hookedRequest,
  request,
  toMode,
  toOptions,
  toUnixTimestamp,
  toWritePosition,
  validateViews,
  validateWritable,
} = require('internal/fs/utils');

const { kDeserializers, kTransfer, kTransferable, markTransferMode } = require('internal/transferable');

const kRefs = Symbol('kRefs');
const kClosePromise = Symbol('kClosePromise');
const kCloseSettle = Symbol('kCloseSettle');
const kLocked = Symbol('kLocked');
const kRef = Symbol('kRef');
const kState = Symbol('kState');
const kUnref = Symbol('kUnref');

const UINT32_MAX = 2 ** 32 - 1;

/** A FileHandle that is collected without having been closed is an error of the program. */
const forgotten = new FinalizationRegistry((state) => {
  if (state.fd < 0) return;
  const fd = state.fd;
  state.fd = -1;
  fsBinding.close(fd, undefined);
  // eslint-disable-next-line no-restricted-syntax
  const error = new Error('A FileHandle object was closed during garbage collection. ' +
    'This used to be allowed with a deprecation warning but is now considered an error. ' +
    `Please close FileHandle objects explicitly. File descriptor: ${fd}` +
    (state.path === undefined ? '' : ` (${state.path})`));
  error.code = 'ERR_INVALID_STATE';
  throw error;
});

function closedError(syscall, transferred) {
  // eslint-disable-next-line no-restricted-syntax
  const error = new Error(transferred ? 'The FileHandle has been transferred' : 'file closed');
  error.code = 'EBADF';
  error.syscall = syscall;
  return error;
}

/** Runs `operation` with the descriptor, which stays open until it is done. Rejects with EBADF when closed. */
async function use(handle, operation) {
  if (!(handle instanceof FileHandle)) throw new ERR_INTERNAL_ASSERTION('handle must be an instance of FileHandle');
  if (handle.fd === -1) throw closedError(operation.name, handle[kState].transferred);
  handle[kRef]();
  try {
    return await operation(handle.fd);
  } finally {
    handle[kUnref]();
  }
}

class FileHandle extends EventEmitter {
  constructor(fd, path) {
    super();
    this[kState] = { asyncId: hooks.newAsyncId(), fd, path, transferred: false };
    if (hooks.active) hooks.emitInit(this[kState].asyncId, 'FILEHANDLE', hooks.executionAsyncId, this);
    this[kRefs] = 1;
    this[kClosePromise] = null;
    Object.defineProperty(this, kState, { __proto__: null, enumerable: false });
    forgotten.register(this, this[kState], this);
  }

  getAsyncId() {
    return this[kState].asyncId;
  }

  /** The descriptor, or -1 once closed. */
  get fd() {
    return this[kState].fd;
  }

  appendFile(data, options) {
    return writeFile(this, data, options);
  }

  chmod(mode) {
    return use(this, function fchmod(fd) {
      return request(fsBinding.fchmod, fd, toMode(mode, 'mode'));
    });
  }

  chown(uid, gid) {
    return use(this, function fchown(fd) {
      validateInteger(uid, 'uid', -1, UINT32_MAX);
      validateInteger(gid, 'gid', -1, UINT32_MAX);
      return request(fsBinding.fchown, fd, uid, gid);
    });
  }

  datasync() {
    return use(this, function fdatasync(fd) {
      return request(fsBinding.fdatasync, fd);
    });
  }

  sync() {
    return use(this, function fsync(fd) {
      return request(fsBinding.fsync, fd);
    });
  }

  read(buffer, offset, length, position) {
    return use(this, function read(fd) {
      return readHandle(fd, buffer, offset, length, position);
    });
  }

  readv(buffers, position) {
    return use(this, async function readv(fd) {
      validateViews(buffers);
      const bytesRead = await request(fsBinding.readv, fd, buffers, toWritePosition(position));
      return { __proto__: null, bytesRead, buffers };
    });
  }

  readFile(options) {
    return readFile(this, options);
  }

  readLines(options = undefined) {
    return require('readline').createInterface({
      input: this.createReadStream(options),
      crlfDelay: Infinity,
    });
  }

  stat(options) {
    return use(this, async function fstat(fd) {
      const bigint = !!options?.bigint;
      return statsFromSlots(await request(fsBinding.fstat, fd, bigint, undefined, false), bigint);
    });
  }

  truncate(len = 0) {
    return use(this, function ftruncate(fd) {
      return request(fsBinding.ftruncate, fd, io.toLength(len));
    });
  }

  utimes(atime, mtime) {
    return use(this, function futimes(fd) {
      return request(fsBinding.futimes, fd, toUnixTimestamp(atime, 'atime'), toUnixTimestamp(mtime, 'mtime'));
    });
  }

  write(buffer, offset, length, position) {
    return use(this, function write(fd) {
      return writeHandle(fd, buffer, offset, length, position);
    });
  }

  writev(buffers, position) {
    return use(this, async function writev(fd) {
      validateViews(buffers);
      if (buffers.length === 0) return { __proto__: null, bytesWritten: 0, buffers };
      const bytesWritten = await request(fsBinding.writev, fd, buffers, toWritePosition(position));
      return { __proto__: null, bytesWritten, buffers };
    });
  }

  writeFile(data, options) {
    return writeFile(this, data, options);
  }

  /** Closes the descriptor when its last use is over; resolves then. */
  close() {
    if (this.fd === -1) return this[kClosePromise] ?? Promise.resolve();
    if (this[kClosePromise] !== null) return this[kClosePromise];
    this[kRefs]--;
    if (this[kRefs] === 0) {
      this[kClosePromise] = closeNow(this).finally(() => { this[kClosePromise] = null; });
    } else {
      this[kClosePromise] = new Promise((resolve, reject) => {
        this[kCloseSettle] = [resolve, reject];
      }).finally(() => {
        this[kClosePromise] = null;
        this[kCloseSettle] = undefined;
      });
    }
    this.emit('close');
    return this[kClosePromise];
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }

  /** A byte stream of the rest of the file. Node docs: filehandle.readableWebStream. */
  readableWebStream(options = EMPTY_OPTIONS) {
    if (this.fd === -1) throw new ERR_INVALID_STATE('The FileHandle is closed');
    if (this[kClosePromise] !== null) throw new ERR_INVALID_STATE('The FileHandle is closing');
    if (this[kLocked]) throw new ERR_INVALID_STATE('The FileHandle is locked');
    validateObject(options, 'options');
    const { autoClose = false, type = 'bytes' } = options;
    validateBoolean(autoClose, 'options.autoClose');
    if (type !== 'bytes') {
      process.emitWarning(
        'A non-"bytes" options.type has no effect. A byte-oriented steam is always created.', 'ExperimentalWarning');
    }
    this[kLocked] = true;
    this[kRef]();
    let controller;
    let over = false;
    const finish = async () => {
      if (over) return;
      over = true;
      this.removeListener('close', onClose);
      this[kUnref]();
      if (autoClose) await this.close();
    };
    // Closing the handle ends the stream.
    const onClose = () => {
      if (over) return;
      controller.close();
      controller.byobRequest?.respond(0);
      finish();
    };
    const { ReadableStream } = require('stream/web');
    const stream = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: READ_BUFFER_BYTES,
      start(byteController) { controller = byteController; },
      pull: async () => {
        const view = controller.byobRequest.view;
        const bytesRead = await request(fsBinding.read, this.fd, view, 0, view.byteLength, -1);
        if (over) return;
        if (bytesRead === 0) {
          controller.close();
          controller.byobRequest.respond(0);
          await finish();
        } else {
          controller.byobRequest.respond(bytesRead);
        }
      },
      cancel: finish,
    });
    this.once('close', onClose);
    return stream;
  }

  createReadStream(options = undefined) {
    const { ReadStream } = require('internal/fs/streams');
    return new ReadStream(undefined, { ...options, fd: this });
  }

  createWriteStream(options = undefined) {
    const { WriteStream } = require('internal/fs/streams');
    return new WriteStream(undefined, { ...options, fd: this });
  }

  [kRef]() {
    this[kRefs]++;
  }

  /** Node docs: class FileHandle; worker_threads, "Considerations when transferring". */
  [kTransfer]() {
    const state = this[kState];
    if (state.fd === -1 || this[kClosePromise] !== null || this[kRefs] > 1) {
      const { DOMException } = globalThis;
      throw new DOMException('Cannot transfer FileHandle while in use', 'DataCloneError');
    }
    const { fd, path } = state;
    state.fd = -1;
    state.transferred = true;
    forgotten.unregister(this);
    return { data: { fd, path }, deserializeInfo: 'internal/fs/file_handle:FileHandle', fd };
  }

  [kUnref]() {
    this[kRefs]--;
    if (this[kRefs] === 0) {
      const [resolve, reject] = this[kCloseSettle];
      closeNow(this).then(resolve, reject);
    }
  }
}

function closeNow(handle) {
  const state = handle[kState];
  const fd = state.fd;
  state.fd = -1;
  forgotten.unregister(handle);
  if (!hooks.active) return request(fsBinding.close, fd);
  return hookedRequest(fsBinding.close, 'FILEHANDLECLOSEREQ', [fd]).finally(() => hooks.emitDestroy(state.asyncId));
}

/** The forms of filehandle.read: (buffer, offset, length, position), (buffer, options), (options). */
async function readHandle(fd, buffer, offset, length, position) {
  if (!ArrayBuffer.isView(buffer)) {
    if (buffer !== undefined && buffer !== null) validateObject(buffer, 'options');
    const options = buffer ?? EMPTY_OPTIONS;
    ({ offset, length, position } = options);
    buffer = options.buffer === undefined ? Buffer.alloc(READ_BUFFER_BYTES) : options.buffer;
  } else if (offset !== null && typeof offset === 'object') {
    ({ offset, length, position } = offset);
  }
  validateBuffer(buffer);
  const [start, count, at] = io.readArguments(buffer, offset, length, position);
  if (count === 0) return { __proto__: null, bytesRead: 0, buffer };
  const bytesRead = await request(fsBinding.read, fd, buffer, start, count, at);
  return { __proto__: null, bytesRead, buffer };
}

/** The forms of filehandle.write: (view, offset, length, position), (view, options), (string, position, encoding). */
async function writeHandle(fd, buffer, offset, length, position) {
  if (ArrayBuffer.isView(buffer)) {
    if (buffer.byteLength === 0) return { __proto__: null, bytesWritten: 0, buffer };
    const [start, count, at] = io.writeArguments(buffer, offset, length, position);
    const bytesWritten = await request(fsBinding.write, fd, buffer, start, count, at);
    return { __proto__: null, bytesWritten, buffer };
  }
  validateWritable(buffer);
  io.validateStringEncoding(buffer, length);
  const at = toWritePosition(offset);
  const data = Buffer.isEncoding(length) ? encodeData(buffer, length) : buffer;
  const bytesWritten = typeof data === 'string' ?
    await request(fsBinding.writeString, fd, data, at) :
    await request(fsBinding.write, fd, data, 0, data.byteLength, at);
  return { __proto__: null, bytesWritten, buffer };
}

/** Reads the rest of the file. */
function readFile(handle, options) {
  return use(handle, async function readFile(fd) {
    const { encoding, signal } = toOptions(options, io.READ_FILE_DEFAULTS);
    const data = await require('internal/fs/whole_file').readToEnd(fd, signal);
    return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
  });
}

function isIterable(value) {
  return value !== null && typeof value === 'object' && !ArrayBuffer.isView(value) &&
    (typeof value[Symbol.iterator] === 'function' || typeof value[Symbol.asyncIterator] === 'function');
}

/** A chunk of an iterable as bytes. Throws ERR_INVALID_ARG_TYPE. */
function chunkBytes(chunk, encoding) {
  if (ArrayBuffer.isView(chunk)) return chunk;
  return Buffer.from(chunk, encoding || 'utf8');
}

/** Writes data or everything an iterable yields, from the current position on. */
function writeFile(handle, data, options) {
  return use(handle, async function writeFile(fd) {
    options = io.withDefaults(toOptions(options, io.WRITE_FILE_DEFAULTS), io.WRITE_FILE_DEFAULTS);
    const { encoding, flush, signal } = options;
    validateBoolean(flush, 'options.flush');
    const { writeAll } = require('internal/fs/whole_file');
    checkAborted(signal);
    if (isIterable(data)) {
      for await (const chunk of data) {
        checkAborted(signal);
        await writeAll(fd, chunkBytes(chunk, encoding), signal);
        checkAborted(signal);
      }
    } else {
      validateWritable(data, 'data');
      await writeAll(fd, typeof data === 'string' ? Buffer.from(data, encoding || 'utf8') : data, signal);
    }
    if (flush) await request(fsBinding.fsync, fd);
  });
}

markTransferMode(FileHandle.prototype, kTransferable);

module.exports = {
  FileHandle,
  isIterable,
  kRef,
  kUnref,
  readFile,
  use,
  writeFile,
  [kDeserializers]: { FileHandle: ({ fd, path }) => new FileHandle(fd, path) },
};
