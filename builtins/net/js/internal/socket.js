/**
 * `net.Socket`: a Duplex over a handle.
 *
 * Reading: `_read` starts the handle, a `push` that returns false stops it. Writing: one write of the handle at a time (the
 * Writable sees to that), done at once or later. The end of both sides, or an error, closes the handle; 'close' comes from
 * the loop's closing phase.
 */
'use strict';

const { Duplex } = require('stream');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_FD_TYPE, ERR_INVALID_HANDLE_TYPE,
    ERR_MISSING_ARGS, ERR_SOCKET_CLOSED, ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
  },
  errnoException, genericNodeError,
} = require('internal/errors');
const {
  validateAbortSignal, validateFunction, validateInt32, validateNumber, validateString,
} = require('internal/validators');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { clearTimeout, getTimerDuration, kTimeout, setUnrefTimeout } = require('internal/timers/timers');
const { Pipe, SOCKET, TCP, UV_EOF, owner } = require('internal/net/handles');
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { kNormalized, normalizeArgs } = require('internal/net/options');

const UV_ENOTCONN = -107;

const kBytesRead = Symbol('kBytesRead');
const kBytesWritten = Symbol('kBytesWritten');
const kBuffer = Symbol('kBuffer');
const kBufferCb = Symbol('kBufferCb');
const kBufferGen = Symbol('kBufferGen');
const kHandle = Symbol('kHandle');
const kLastWriteQueueSize = Symbol('lastWriteQueueSize');
const kSetKeepAlive = Symbol('kSetKeepAlive');
const kSetKeepAliveInitialDelay = Symbol('kSetKeepAliveInitialDelay');
const kSetNoDelay = Symbol('kSetNoDelay');
const kSetTOS = Symbol('kSetTOS');
const kReset = Symbol('reset');
const asyncIdSymbol = Symbol('async_id_symbol');
/** Sockets that will put a handle of their own on top announce it, to hooks, with the one below. */
const kAnnounce = Symbol('announce');

function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  if (typeof options === 'number') options = { fd: options };
  else options = { ...options };
  for (const name of ['objectMode', 'readableObjectMode', 'writableObjectMode']) {
    if (options[name]) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'is not supported');
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'signal');
  if (options.typeOfService !== undefined) validateInt32(options.typeOfService, 'options.typeOfService', 0, 255);
  const onread = usableOnread(options.onread);

  this.connecting = false;
  this[asyncIdSymbol] = -1;
  this._hadError = false;
  this[kHandle] = null;
  this._parent = null;
  this._host = null;
  this[kLastWriteQueueSize] = 0;
  this[kTimeout] = null;
  this[kBuffer] = null;
  this[kBufferCb] = null;
  this[kBufferGen] = null;
  this._closeAfterHandlingError = false;

  const { signal } = options;
  options.signal = undefined;
  options.allowHalfOpen = Boolean(options.allowHalfOpen);
  options.emitClose = false;
  options.autoDestroy = true;
  options.decodeStrings = false;
  Duplex.call(this, options);

  const bound = options.handle ? boundHandle(options.handle) : undefined;
  if (bound !== undefined) {
    options.handle = bound;
    options.manualStart = true;
  }
  if (options.handle) {
    this._handle = options.handle;
    this[asyncIdSymbol] = options.handle.getAsyncId?.() ?? -1;
  } else if (options.fd !== undefined) {
    openFd(this, options.fd);
  }
  if (onread !== undefined) {
    if (typeof onread.buffer === 'function') this[kBufferGen] = onread.buffer;
    this[kBuffer] = typeof onread.buffer === 'function' ? onread.buffer() : onread.buffer;
    this[kBufferCb] = onread.callback;
  }
  this[kSetNoDelay] = Boolean(options.noDelay);
  this[kSetKeepAlive] = Boolean(options.keepAlive);
  this[kSetKeepAliveInitialDelay] = Math.trunc((options.keepAliveInitialDelay ?? 0) / 1000);
  this[kSetTOS] = options.typeOfService;
  this.on('end', onReadableEnd);
  initSocketHandle(this);
  this._sockname = null;
  this._pendingData = null;
  this._pendingEncoding = '';
  this.server = null;
  this._server = null;
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  if (options.blockList !== undefined) this.blockList = checkBlockList(options.blockList);
  startReading(this, options);
  if (signal) addAbortSignalOption(this, signal);
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

/** The handle of a BoundSocket: it has an address, and no peer yet. */
function boundHandle(value) {
  const loaded = require('internal/loader').cache.get('internal/net/bound_socket');
  if (loaded === undefined || !(value instanceof loaded.exports.BoundSocket)) return undefined;
  return loaded.exports.adopt(value).handle;
}

/** The option `onread`, or undefined for one without a buffer and a callback, which node ignores. */
function usableOnread(onread) {
  if (onread === null || typeof onread !== 'object') return undefined;
  const { buffer, callback } = onread;
  return (typeof buffer === 'function' || buffer instanceof Uint8Array) && typeof callback === 'function' ? onread : undefined;
}

function checkBlockList(blockList) {
  const { BlockList } = require('internal/net/block_list');
  if (!BlockList.isBlockList(blockList)) throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', blockList);
  return blockList;
}

function openFd(socket, fd) {
  validateInt32(fd, 'fd', 0);
  const kind = binding('net').fdKind(fd);
  let handle;
  switch (kind) {
    case 'TCP': handle = new TCP(SOCKET); break;
    case 'PIPE': handle = new Pipe(SOCKET); break;
    default: throw new ERR_INVALID_FD_TYPE(kind === 'INVALID' ? 'UNKNOWN' : kind);
  }
  const errno = handle.open(fd);
  if (errno !== 0) throw errnoException(errno, 'open');
  socket._handle = handle;
}

function startReading(socket, options) {
  const handle = socket._handle;
  if (!handle || options.readable === false || options.manualStart) return;
  if (options.pauseOnCreate) {
    handle.reading = false;
    handle.readStop();
    socket.readableFlowing = false;
  } else {
    socket.read(0);
  }
}

function addAbortSignalOption(socket, signal) {
  require('internal/stream/add_abort_signal').addAbortSignalNoValidate(signal, socket);
}

/** Joins a socket and its handle. */
function initSocketHandle(socket) {
  const handle = socket._handle;
  socket._sockname = null;
  if (!handle) return;
  handle[owner] = socket;
  handle.onread = onStreamRead;
  socket[asyncIdSymbol] = handle.getAsyncId?.() ?? -1;
  if (hooks.active) socket[kAnnounce]?.();
}

/** The handle read something, ended or failed. `this` is the handle. */
function onStreamRead(nread, arrayBuffer) {
  const socket = this[owner];
  if (socket === null || socket.destroyed) return;
  if (socket[kTimeout] !== null || socket._parent !== null) socket._unrefTimer();
  if (nread > 0) {
    const more = socket[kBuffer] === null ? socket.push(new FastBuffer(arrayBuffer)) :
      giveToCallback(socket, new FastBuffer(arrayBuffer));
    if (!more) {
      this.reading = false;
      if (!socket.destroyed) {
        const errno = this.readStop();
        if (errno) socket.destroy(errnoException(errno, 'read'));
      }
    }
    return;
  }
  if (nread === 0) return;
  if (nread !== UV_EOF) {
    socket.destroy(errnoException(nread, 'read'));
    return;
  }
  // Nobody may be reading, and 'end' still has to come if nothing is left to read.
  if (socket._readableState.endEmitted) return;
  socket.push(null);
  socket.read(0);
}

/** The `onread` option: bytes go through the user's buffer, piece by piece. */
function giveToCallback(socket, bytes) {
  for (let at = 0; at < bytes.length;) {
    const target = socket[kBuffer];
    const part = bytes.subarray(at, at + Math.max(1, target.byteLength));
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(part);
    at += part.length;
    const keepOn = socket[kBufferCb](part.length, target) !== false;
    if (socket[kBufferGen] !== null) socket[kBuffer] = socket[kBufferGen]();
    if (socket.destroyed) return true;
    if (!keepOn) {
      if (at < bytes.length) socket.rest = bytes.subarray(at);
      return false;
    }
  }
  return true;
}

function onReadableEnd() {
  if (!this.allowHalfOpen) this.write = writeAfterFIN;
}

function writeAfterFIN(chunk, encoding, callback) {
  if (!this.writableEnded) return Duplex.prototype.write.call(this, chunk, encoding, callback);
  if (typeof encoding === 'function') callback = encoding;
  const error = genericNodeError('This socket has been ended by the other party', { code: 'EPIPE' });
  if (typeof callback === 'function') process.nextTick(callback, error);
  this.destroy(error);
  return false;
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading and writing

function tryReadStart(socket) {
  if (socket.rest !== undefined) {
    const { rest } = socket;
    socket.rest = undefined;
    if (!giveToCallback(socket, rest)) return;
  }
  const handle = socket._handle;
  if (!handle) return;
  handle.reading = true;
  const errno = handle.readStart();
  if (errno) socket.destroy(errnoException(errno, 'read'));
}

Socket.prototype._read = function _read(n) {
  if (this.connecting || !this._handle) this.once('connect', () => this._read(n));
  else if (!this._handle.reading) tryReadStart(this);
};

Socket.prototype.pause = function pause() {
  if (this[kBuffer] !== null && !this.connecting && this._handle?.reading) {
    this._handle.reading = false;
    if (!this.destroyed) {
      const errno = this._handle.readStop();
      if (errno) this.destroy(errnoException(errno, 'read'));
    }
  }
  return Duplex.prototype.pause.call(this);
};

Socket.prototype.resume = function resume() {
  if (this[kBuffer] !== null && !this.connecting && this._handle && !this._handle.reading) tryReadStart(this);
  return Duplex.prototype.resume.call(this);
};

Socket.prototype.read = function read(n) {
  if (this[kBuffer] !== null && !this.connecting && this._handle && !this._handle.reading) tryReadStart(this);
  return Duplex.prototype.read.call(this, n);
};

function writeString(handle, text, encoding) {
  switch (encoding) {
    case 'utf8':
    case 'utf-8':
      return handle.writeUtf8String(text);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return handle.writeLatin1String(text);
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return handle.writeUcs2String(text);
    default:
      return handle.writeBuffer(require('buffer').Buffer.from(text, encoding));
  }
}

/** Runs `again` when connected; fails if the socket closes before. */
function whenConnected(socket, again, callback) {
  function onClose() {
    callback(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
  }
  socket.once('connect', function() {
    socket.off('close', onClose);
    again();
  });
  socket.once('close', onClose);
}

function pendingUntilConnect(socket, data, encoding, again, callback) {
  socket._pendingData = data;
  socket._pendingEncoding = encoding;
  whenConnected(socket, () => {
    socket._pendingData = null;
    socket._pendingEncoding = '';
    again();
  }, callback);
}

/** Takes note of what came of a write. */
function finishWrite(socket, handle, result, callback) {
  if (result === 0) {
    socket[kLastWriteQueueSize] = 0;
    callback();
    return;
  }
  if (result < 0) {
    callback(errnoException(result, 'write'));
    return;
  }
  socket[kLastWriteQueueSize] = handle.writeQueueSize;
  handle.afterWrite((status) => {
    if (socket.destroyed) {
      callback(status < 0 ? errnoException(status, 'write') : null);
      return;
    }
    if (status < 0) {
      callback(errnoException(status, 'write'));
      return;
    }
    socket[kLastWriteQueueSize] = 0;
    socket._unrefTimer();
    callback();
  });
}

Socket.prototype._write = function _write(data, encoding, callback) {
  this._writeGeneric(false, data, encoding, callback);
};

Socket.prototype._writev = function _writev(chunks, callback) {
  this._writeGeneric(true, chunks, '', callback);
};

/** Where all writes come through: packages that stand between a socket and its handle replace it. */
Socket.prototype._writeGeneric = function _writeGeneric(writev, data, encoding, callback) {
  if (this.connecting) {
    pendingUntilConnect(this, data, encoding, () => this._writeGeneric(writev, data, encoding, callback), callback);
    return;
  }
  const handle = this._handle;
  if (!handle) {
    callback(new ERR_SOCKET_CLOSED());
    return;
  }
  this._unrefTimer();
  if (writev) finishWrite(this, handle, writeChunks(handle, data), callback);
  else finishWrite(this, handle, typeof data === 'string' ? writeString(handle, data, encoding) : handle.writeBuffer(data), callback);
};

function writeChunks(handle, chunks) {
  const list = new Array(chunks.length);
  for (let i = 0; i < chunks.length; i++) {
    const { chunk, encoding } = chunks[i];
    list[i] = typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8' ?
      require('buffer').Buffer.from(chunk, encoding) : chunk;
  }
  return handle.writevChunks(list);
}

Socket.prototype._final = function _final(callback) {
  if (this.connecting) {
    whenConnected(this, () => this._final(callback), callback);
    return;
  }
  const handle = this._handle;
  if (!handle) {
    callback();
    return;
  }
  const errno = handle.shutdown(() => callback());
  if (errno === 0) return;
  if (errno === UV_ENOTCONN) callback();
  else callback(errnoException(errno, 'shutdown'));
};

Socket.prototype.end = function end(data, encoding, callback) {
  Duplex.prototype.end.call(this, data, encoding, callback);
  return this;
};

// ---------------------------------------------------------------------------------------------------------------------
// Timeouts

Socket.prototype._unrefTimer = function _unrefTimer() {
  for (let socket = this; socket; socket = socket._parent) {
    if (socket[kTimeout]) socket[kTimeout].refresh();
  }
};

Socket.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (this.destroyed) return this;
  this.timeout = msecs;
  msecs = getTimerDuration(msecs, 'msecs');
  if (this[kTimeout]) clearTimeout(this[kTimeout]);
  this[kTimeout] = null;
  if (msecs === 0) {
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.removeListener('timeout', callback);
    }
  } else {
    this[kTimeout] = setUnrefTimeout(this._onTimeout.bind(this), msecs);
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.once('timeout', callback);
    }
  }
  return this;
};

Socket.prototype._onTimeout = function _onTimeout() {
  // Switched off, and kept for later.
  if (this.timeout === 0) return;
  const handle = this._handle;
  const before = this[kLastWriteQueueSize];
  if (before > 0 && handle) {
    // A large write that makes progress is activity.
    const { writeQueueSize } = handle;
    if (writeQueueSize !== before) {
      this[kLastWriteQueueSize] = writeQueueSize;
      this._unrefTimer();
      return;
    }
  }
  this.emit('timeout');
};

// ---------------------------------------------------------------------------------------------------------------------
// Options

Socket.prototype.setNoDelay = function setNoDelay(enable) {
  enable = Boolean(enable === undefined ? true : enable);
  if (!this._handle) {
    this[kSetNoDelay] = enable;
    return this;
  }
  if (this._handle.setNoDelay && enable !== this[kSetNoDelay]) {
    this[kSetNoDelay] = enable;
    this._handle.setNoDelay(enable);
  }
  return this;
};

Socket.prototype.setKeepAlive = function setKeepAlive(enable, initialDelayMsecs, intervalMsecs, count) {
  if (typeof enable === 'object' && enable !== null) {
    ({ enable, initialDelay: initialDelayMsecs, interval: intervalMsecs, count } = enable);
  }
  enable = Boolean(enable);
  const delay = Math.trunc(initialDelayMsecs / 1000) || 0;
  if (!this._handle) {
    this[kSetKeepAlive] = enable;
    this[kSetKeepAliveInitialDelay] = delay;
    return this;
  }
  if (!this._handle.setKeepAlive) return this;
  if (enable !== this[kSetKeepAlive] || (enable && this[kSetKeepAliveInitialDelay] !== delay)) {
    this[kSetKeepAlive] = enable;
    this[kSetKeepAliveInitialDelay] = delay;
    this._handle.setKeepAlive(enable, delay, Math.trunc(intervalMsecs / 1000) || 0, count ?? 0);
  }
  return this;
};

Socket.prototype.setTypeOfService = function setTypeOfService(tos) {
  if (Number.isNaN(tos)) throw new ERR_INVALID_ARG_TYPE('tos', 'number', tos);
  validateInt32(tos, 'tos', 0, 255);
  if (!this._handle) {
    this[kSetTOS] = tos;
    return this;
  }
  if (!this._handle.setTypeOfService) {
    this[kSetTOS] = tos;
    return this;
  }
  if (tos !== this[kSetTOS]) {
    this[kSetTOS] = tos;
    const errno = this._handle.setTypeOfService(tos);
    if (errno) throw errnoException(errno, 'setTypeOfService');
  }
  return this;
};

Socket.prototype.getTypeOfService = function getTypeOfService() {
  if (!this._handle) return this[kSetTOS] ?? 0;
  if (typeof this._handle.getTypeOfService !== 'function') return this[kSetTOS] ?? 0;
  const result = this._handle.getTypeOfService();
  if (result < 0) throw errnoException(result, 'getTypeOfService');
  return result;
};

/** Options that were given before there was a connection. */
function applyOptions(socket) {
  const handle = socket._handle;
  if (socket[kSetNoDelay] && handle.setNoDelay) handle.setNoDelay(true);
  if (socket[kSetKeepAlive] && handle.setKeepAlive) handle.setKeepAlive(true, socket[kSetKeepAliveInitialDelay]);
  if (socket[kSetTOS] !== undefined && handle.setTypeOfService) handle.setTypeOfService(socket[kSetTOS]);
}

Socket.prototype.ref = function ref() {
  if (!this._handle) {
    this.once('connect', this.ref);
    return this;
  }
  if (typeof this._handle.ref === 'function') this._handle.ref();
  return this;
};

Socket.prototype.unref = function unref() {
  if (!this._handle) {
    this.once('connect', this.unref);
    return this;
  }
  if (typeof this._handle.unref === 'function') this._handle.unref();
  return this;
};

// ---------------------------------------------------------------------------------------------------------------------
// Facts

/** With the attributes that the property has in Node. */
function accessor(name, get, attributes = kShown) {
  Object.defineProperty(Socket.prototype, name, { ...attributes, get });
}

const kShown = { __proto__: null, configurable: false, enumerable: true };
const kHidden = { __proto__: null, configurable: false, enumerable: false };

Object.defineProperty(Socket.prototype, '_handle', {
  __proto__: null,
  configurable: false,
  enumerable: false,
  get() { return this[kHandle]; },
  set(handle) { this[kHandle] = handle; },
});

accessor('_connecting', function() {
  return this.connecting;
}, kHidden);
accessor('pending', function() {
  return !this._handle || this.connecting;
}, { ...kHidden, configurable: true });
accessor('readyState', function() {
  if (this.connecting) return 'opening';
  if (this.readable && this.writable) return 'open';
  if (this.readable && !this.writable) return 'readOnly';
  if (!this.readable && this.writable) return 'writeOnly';
  return 'closed';
}, kHidden);
accessor('bufferSize', function() {
  return this._handle ? this.writableLength : undefined;
}, kHidden);
accessor('bytesRead', function() {
  return this._handle ? this._handle.bytesRead : this[kBytesRead];
});
accessor('_bytesDispatched', function() {
  return this._handle ? this._handle.bytesWritten : this[kBytesWritten];
});
accessor('bytesWritten', function() {
  let bytes = this._bytesDispatched;
  const { writableBuffer } = this;
  if (!writableBuffer) return undefined;
  const { Buffer } = require('buffer');
  for (const { chunk, encoding } of writableBuffer) {
    bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
  }
  const data = this._pendingData;
  if (Array.isArray(data)) {
    for (const { chunk, encoding } of data) {
      bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
    }
  } else if (data) {
    bytes += typeof data === 'string' ? Buffer.byteLength(data, this._pendingEncoding) : data.length;
  }
  return bytes;
});

Socket.prototype._getpeername = function _getpeername() {
  if (!this._handle || !this._handle.getpeername || this.connecting) return this._peername || {};
  if (!this._peername) {
    const out = {};
    if (this._handle.getpeername(out) !== 0) return {};
    this._peername = out;
  }
  return this._peername;
};

Socket.prototype._getsockname = function _getsockname() {
  if (!this._handle || !this._handle.getsockname) return {};
  if (!this._sockname) {
    this._sockname = {};
    this._handle.getsockname(this._sockname);
  }
  return this._sockname;
};

Socket.prototype.address = function address() {
  return this._getsockname();
};
for (const [name, key] of [['remoteAddress', 'address'], ['remoteFamily', 'family'], ['remotePort', 'port']]) {
  accessor(name, function() {
    return this._getpeername()[key];
  });
}
for (const [name, key] of [['localAddress', 'address'], ['localFamily', 'family'], ['localPort', 'port']]) {
  accessor(name, function() {
    return this._getsockname()[key];
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// The end

Socket.prototype.destroySoon = function destroySoon() {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

Socket.prototype.resetAndDestroy = function resetAndDestroy() {
  if (this._handle) {
    if (!(this._handle instanceof TCP)) throw new ERR_INVALID_HANDLE_TYPE();
    if (this.connecting) this.once('connect', () => this._reset());
    else this._reset();
  } else {
    this.destroy(new ERR_SOCKET_CLOSED());
  }
  return this;
};

Socket.prototype._reset = function _reset() {
  this[kReset] = true;
  return this.destroy();
};

function closed(socket, hadError) {
  socket.emit('close', hadError);
}

function emitClose(socket) {
  socket.emit('close');
}

Socket.prototype._destroy = function _destroy(exception, callback) {
  this.connecting = false;
  for (let socket = this; socket; socket = socket._parent) {
    if (socket[kTimeout]) clearTimeout(socket[kTimeout]);
    socket[kTimeout] = null;
  }
  const handle = this._handle;
  if (handle) {
    const hadError = Boolean(exception);
    this[kBytesRead] = handle.bytesRead;
    this[kBytesWritten] = handle.bytesWritten;
    if (this[kReset]) {
      this[kReset] = false;
      const errno = handle.reset(() => closed(this, hadError));
      if (errno) {
        handle.close(() => closed(this, hadError));
        exception ??= errnoException(errno, 'reset');
      }
    } else if (this._closeAfterHandlingError) {
      // Listeners of 'error' may still look at the handle.
      queueMicrotask(() => handle.close(() => closed(this, hadError)));
    } else {
      handle.close(() => closed(this, hadError));
    }
    handle.onread = () => {};
    this._handle = null;
    this._sockname = null;
    callback(exception);
  } else {
    callback(exception);
    // Without a handle, nothing was there to fail: 'close' has no argument.
    process.nextTick(emitClose, this);
  }
  if (this._server) {
    this._server._connections--;
    this._server._emitCloseIfDrained?.();
  }
};

// ---------------------------------------------------------------------------------------------------------------------
// Connecting

Socket.prototype.connect = function connect(...args) {
  const normalized = Array.isArray(args[0]) && args[0][kNormalized] ? args[0] : normalizeArgs(args);
  const [options, callback] = normalized;
  const { lookupAndConnect, connectPath } = require('internal/net/connect');
  if (options.port === undefined && options.path == null) throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
  subscribedChannel('net.client.socket')?.publish({ socket: this });
  if (options.blockList !== undefined) this.blockList = checkBlockList(options.blockList);
  if (this.write !== Socket.prototype.write) this.write = Socket.prototype.write;
  if (this.destroyed) {
    this._handle = null;
    this._peername = undefined;
    this._sockname = undefined;
    this._undestroy();
    this._readableState.reading = false;
  }
  const { path } = options;
  const pipe = Boolean(path);
  if (!this._handle) {
    this._handle = pipe ? new Pipe(SOCKET) : new TCP(SOCKET);
    initSocketHandle(this);
  }
  if (callback !== null) this.once('connect', callback);
  this._unrefTimer();
  this.connecting = true;
  if (pipe) {
    validateString(path, 'options.path');
    connectPath(this, path);
  } else {
    lookupAndConnect(this, options);
  }
  return this;
};

module.exports = {
  Socket, applyOptions, initSocketHandle, kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay, onStreamRead, asyncIdSymbol, kAnnounce,
};
