/**
 * Handles of streams: `TCP`, `Pipe` and `TTY` objects over the event loop, for every builtin that moves bytes.
 *
 * What a handle does (`errno` is negative, as libuv's):
 *   open(fd), bind(ip, port, flags), bindPath(path), listen(backlog)        0 or errno
 *   connect(req, ip, port), connectPath(req, path)                          0 or errno; then `req.oncomplete(status, handle, req)`
 *   readStart(), readStop()                                                 then `handle.onread(nread, arrayBuffer)`
 *   writeBuffer(bytes), writeUtf8String(text), writeLatin1String(text), writeUcs2String(text), writevChunks(list)
 *                                                                           0: done. 1: queued, see `afterWrite`. Else errno
 *   afterWrite(callback)                                                    after a 1: `callback(status)` when it is through
 *   shutdown(callback)                                                      0 or errno; then `callback(status)`
 *   close(callback), reset(callback), ref(), unref(), hasRef()
 * A listening handle calls `handle.onconnection(status, clientHandle)`.
 *
 * `handle[owner]` is the stream or server that the handle belongs to. Events run in the async context in which the handle
 * was made.
 */
'use strict';

const native = binding('net');
const { getAsyncContext, setAsyncContext } = binding('task_queue');
const hooks = require('internal/async_ids');

const owner = Symbol('owner_symbol');
const kContext = Symbol('async_context');
const kWrites = Symbol('writes');
const kShutdown = Symbol('shutdown');
const kConnect = Symbol('connect');
const kClose = Symbol('close');
/** What hooks see instead of the handle itself, once `asyncReset` gave it a new life. */
const kResource = Symbol('resource');

/** What a handle is for. */
const SOCKET = 0;
const SERVER = 1;
const IPC = 2;

/** Flags of bind. */
const UV_TCP_IPV6ONLY = 1;
const UV_TCP_REUSEPORT = 2;
/** Flags of chmod for listening paths. libuv: UV_READABLE, UV_WRITABLE. */
const UV_READABLE = 1;
const UV_WRITABLE = 2;
const UV_EOF = -4095;
const UV_EBADF = -9;

/** Runs an event's function in the handle's async context. */
function run(handle, fn, a, b, c) {
  if (handle[kContext] !== undefined) setAsyncContext(handle[kContext]);
  if (!hooks.active) {
    fn.call(handle, a, b, c);
    return;
  }
  hooks.enter(handle.asyncId, handle.triggerAsyncId, handle[kResource] ?? handle);
  fn.call(handle, a, b, c);
  hooks.after(handle);
}

function onread(nread, arrayBuffer) {
  const fn = this.onread;
  if (typeof fn === 'function') run(this, fn, nread, arrayBuffer);
}

/** A request of a handle, as hooks see it; only the callback while there are none. */
function request(handle, type, callback) {
  if (!hooks.active) return callback;
  const req = { callback, asyncId: 0, triggerAsyncId: 0, [kContext]: getAsyncContext() };
  hooks.triggeredBy(handle.asyncId, hooks.init, req, type);
  return req;
}

/** Runs the callback of a request. */
function finish(handle, req, status) {
  if (typeof req === 'function') {
    if (handle[kContext] !== undefined) setAsyncContext(handle[kContext]);
    req.call(handle, status);
    return;
  }
  if (req[kContext] !== undefined) setAsyncContext(req[kContext]);
  hooks.before(req);
  req.callback.call(handle, status);
  hooks.after(req);
  hooks.destroy(req);
}

function onwritten(status) {
  const req = this[kWrites]?.shift();
  if (req !== undefined) finish(this, req, status);
}

function onshutdown(status) {
  const req = this[kShutdown];
  this[kShutdown] = undefined;
  if (req !== undefined) finish(this, req, status);
}

function onconnect(status) {
  const req = this[kConnect];
  this[kConnect] = undefined;
  if (req === undefined) return;
  if (req[kContext] !== undefined) setAsyncContext(req[kContext]);
  const hooked = req.asyncId !== 0;
  if (hooked) hooks.before(req);
  req.oncomplete(status, this, req, true, true);
  if (hooked) {
    hooks.after(req);
    hooks.destroy(req);
  }
}

function onconnection(status, client) {
  if (this[kContext] !== undefined) setAsyncContext(this[kContext]);
  if (client !== undefined) {
    const type = this.constructor === TCP ? 'TCPWRAP' : 'PIPEWRAP';
    if (hooks.active) hooks.triggeredBy(this.asyncId, prepare, client, type, SOCKET);
    else prepare(client, type, SOCKET);
    // It came about in the kernel, and in nobody's context.
    client[kContext] = undefined;
  }
  const fn = this.onconnection;
  if (typeof fn === 'function') run(this, fn, status, client);
}

function onclose() {
  const callback = this[kClose];
  this[kClose] = undefined;
  if (callback !== undefined) run(this, callback);
  if (hooks.active || this.asyncId !== 0) hooks.destroy(this);
}

const factory = native.factory(onread, onwritten, onshutdown, onconnect, onconnection, onclose);

function prepare(handle, type, kind) {
  handle[owner] = null;
  handle[kContext] = getAsyncContext();
  handle.kind = kind;
  handle.reading = false;
  handle.onread = undefined;
  handle.asyncId = 0;
  handle.triggerAsyncId = 0;
  if (hooks.active) hooks.init(handle, type);
  return handle;
}

function TCP(kind = SOCKET) {
  return prepare(native.create(factory, TCP.prototype, 0), kind === SERVER ? 'TCPSERVERWRAP' : 'TCPWRAP', kind);
}

function Pipe(kind = SOCKET) {
  return prepare(native.create(factory, Pipe.prototype, 1), kind === SERVER ? 'PIPESERVERWRAP' : 'PIPEWRAP', kind);
}

function TTY(fd, context) {
  const handle = prepare(native.create(factory, TTY.prototype, 2), 'TTYWRAP', SOCKET);
  const errno = handle.open(fd);
  if (errno < 0 && context !== undefined) {
    context.errno = errno;
    context.code = require('internal/uv').errname(errno);
    context.message = require('internal/uv').getErrorMessage(errno);
    context.syscall = 'uv_tty_init';
  }
  return handle;
}

const { methods } = native;
const nativeConnect = methods.connect;
const nativeConnectPath = methods.connectPath;

const common = {
  isStreamBase: true,

  afterWrite(callback) {
    this[kWrites] ??= [];
    this[kWrites].push(request(this, 'WRITEWRAP', callback));
  },

  connect(req, address, port) {
    const errno = nativeConnect.call(this, address, port);
    if (errno === 0) setConnect(this, req, 'TCPCONNECTWRAP');
    return errno;
  },

  connectPath(req, path) {
    const errno = nativeConnectPath.call(this, path);
    if (errno === 0) setConnect(this, req, 'PIPECONNECTWRAP');
    return errno;
  },

  shutdown(callback) {
    const errno = this.shutdownHandle();
    if (errno === 0) this[kShutdown] = request(this, 'SHUTDOWNWRAP', callback);
    return errno;
  },

  close(callback) {
    if (this.closeHandle() && typeof callback === 'function') this[kClose] = callback;
  },

  reset(callback) {
    const errno = this.resetOnClose();
    if (errno === 0) this.close(callback);
    return errno;
  },

  getAsyncId() {
    return this.asyncId;
  },

  getProviderType() {
    if (this.constructor === TTY) return 'TTYWRAP';
    const name = this.constructor === TCP ? 'TCP' : 'PIPE';
    return this.kind === SERVER ? `${name}SERVERWRAP` : `${name}WRAP`;
  },

  /** Another user from here on: events run in the context of now, and for hooks it is another resource. */
  asyncReset(resource) {
    this.resetContext();
    if (!hooks.active) return;
    hooks.destroy(this);
    this[kResource] = resource;
    hooks.assign(this);
    hooks.emitInit(this.asyncId, this.getProviderType(), this.triggerAsyncId, resource);
  },

  /** Events run in the context of now. */
  resetContext() {
    this[kContext] = getAsyncContext();
  },

  useUserBuffer(buffer) {
    this.userBuffer = buffer;
  },
};

function setConnect(handle, req, type) {
  req.asyncId = 0;
  req.triggerAsyncId = 0;
  req[kContext] = getAsyncContext();
  if (hooks.active) hooks.triggeredBy(handle.asyncId, hooks.init, req, type);
  handle[kConnect] = req;
}

for (const Class of [TCP, Pipe, TTY]) {
  for (const source of [methods, common]) {
    for (const name of Object.keys(source)) {
      Object.defineProperty(Class.prototype, name, {
        __proto__: null, configurable: true, enumerable: false, value: source[name], writable: true,
      });
    }
  }
  for (const [name, read] of [['fd', methods.fileno], ['bytesRead', methods.bytesRead], ['bytesWritten', methods.bytesWritten],
    ['writeQueueSize', methods.writeQueueSize]]) {
    Object.defineProperty(Class.prototype, name, { __proto__: null, configurable: true, enumerable: false, get: read });
  }
}

// What only TCP has: callers ask for the method before they call it.
for (const name of ['getpeername', 'getsockname', 'setNoDelay', 'setKeepAlive', 'setTypeOfService', 'getTypeOfService', 'bind',
  'connect', 'reset', 'resetOnClose']) {
  delete Pipe.prototype[name];
  delete TTY.prototype[name];
}
for (const name of ['getWindowSize', 'setRawMode']) {
  delete TCP.prototype[name];
  delete Pipe.prototype[name];
}

/** `fchmod(UV_READABLE | UV_WRITABLE)` of a listening path. */
function chmodPath(handle, path, flags) {
  let mode = 0;
  if (flags & UV_READABLE) mode |= 0o444;
  if (flags & UV_WRITABLE) mode |= 0o222;
  return handle.chmod(path, mode);
}

/** A connect request: where it goes, and `oncomplete`. */
class TCPConnectWrap {
  oncomplete = undefined;
  address = undefined;
  port = undefined;
  localAddress = undefined;
  localPort = undefined;
}

class PipeConnectWrap {
  oncomplete = undefined;
  address = undefined;
}

module.exports = {
  IPC, Pipe, PipeConnectWrap, SERVER, SOCKET, TCP, TCPConnectWrap, TTY, UV_EBADF, UV_EOF, UV_READABLE, UV_TCP_IPV6ONLY, UV_TCP_REUSEPORT,
  UV_WRITABLE, chmodPath, factory, owner, run,
};
