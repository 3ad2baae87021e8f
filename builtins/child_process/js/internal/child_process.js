/** The class ChildProcess: a process handle, its standard streams, its end. Node docs: class ChildProcess. */
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_SYNC_FORK_INPUT, ERR_IPC_ONE_PIPE, ERR_IPC_SYNC_FORK,
  },
  errnoException,
} = require('internal/errors');
const { validateArray, validateObject, validateOneOf, validateString } = require('internal/validators');
const { convertToValidSignal } = require('internal/util');
const { Socket } = require('net');
const { IPC, Pipe, SOCKET, owner } = require('internal/net/handles');
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { getAsyncContext, setAsyncContext } = binding('task_queue');

const native = binding('child_process');

const UV_EACCES = -13;
const UV_EAGAIN = -11;
const UV_EINVAL = -22;
const UV_EMFILE = -24;
const UV_ENFILE = -23;
const UV_ENOENT = -2;
const UV_ENOSYS = -38;
const UV_ESRCH = -3;
/** Errors of a start that come as an 'error' event; others are thrown. */
const EVENT_ERRORS = new Set([UV_EACCES, UV_EAGAIN, UV_EMFILE, UV_ENFILE, UV_ENOENT]);

/** Marks streams that a later child uses as its own: their data is not ours. */
const kIsUsedAsStdio = Symbol('kIsUsedAsStdio');
const kContext = Symbol('async_context');

let names;

/** The name of a signal's number. */
function nameOf(number) {
  if (names === undefined) {
    names = new Map();
    for (const [name, value] of Object.entries(require('os').constants.signals)) {
      if (!names.has(value)) names.set(value, name);
    }
  }
  return names.get(number) ?? null;
}

/** The handle of a process. `this.onexit(exitCode, signalName)`. */
function Process() {
  const handle = native.create(Process.prototype, onprocessexit);
  handle[owner] = null;
  handle[kContext] = getAsyncContext();
  handle.asyncId = 0;
  handle.triggerAsyncId = 0;
  if (hooks.active) hooks.init(handle, 'PROCESSWRAP');
  return handle;
}

function onprocessexit(code, signal) {
  if (this[kContext] !== undefined) setAsyncContext(this[kContext]);
  if (hooks.active) hooks.before(this);
  this.onexit(code, signal === 0 ? '' : nameOf(signal));
  if (hooks.active) hooks.after(this);
}

Object.assign(Process.prototype, {
  spawn(options) {
    const result = native.spawn(this, options);
    if (result < 0) return result;
    this.pid = result;
    return 0;
  },
  kill(signal) { return native.kill(this, signal); },
  close() { native.close(this); },
  ref() { native.ref(this); },
  unref() { native.unref(this); },
  hasRef() { return native.hasRef(this); },
  getAsyncId() { return this.asyncId; },
});

function ChildProcess() {
  EventEmitter.call(this);
  this._closesNeeded = 1;
  this._closesGot = 0;
  this.connected = false;
  this.signalCode = null;
  this.exitCode = null;
  this.killed = false;
  this.spawnfile = null;
  this._handle = new Process();
  this._handle[owner] = this;
  this._handle.onexit = (exitCode, signalCode) => onExit(this, exitCode, signalCode);
  subscribedChannel('child_process')?.publish({ process: this });
}
Object.setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
Object.setPrototypeOf(ChildProcess, EventEmitter);

function onExit(child, exitCode, signalCode) {
  if (signalCode) child.signalCode = signalCode;
  else child.exitCode = exitCode;
  if (child.stdin) child.stdin.destroy();
  if (child._handle) {
    child._handle.close();
    child._handle = null;
  }
  if (exitCode < 0) {
    const error = errnoException(exitCode, child.spawnfile ? `spawn ${child.spawnfile}` : 'spawn');
    if (child.spawnfile) error.path = child.spawnfile;
    error.spawnargs = child.spawnargs.slice(1);
    child.emit('error', error);
  } else {
    child.emit('exit', child.exitCode, child.signalCode);
  }
  // What nobody reads must not keep 'close' back; listeners of 'exit' may still begin to read.
  process.nextTick(flushStdio, child);
  maybeClose(child);
}

function flushStdio(child) {
  const { stdio } = child;
  if (stdio == null) return;
  for (const stream of stdio) {
    if (!stream || !stream.readable || stream[kIsUsedAsStdio]) continue;
    stream.resume();
  }
}

function maybeClose(child) {
  child._closesGot++;
  if (child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode);
}

ChildProcess.prototype.spawn = function spawn(options) {
  validateObject(options, 'options');
  let stdio = options.stdio || 'pipe';
  const serialization = options.serialization || 'json';
  validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
  const valid = getValidStdio(stdio, false);
  const { ipc, ipcFd } = valid;
  stdio = options.stdio = valid.stdio;
  if (options.envPairs !== undefined) validateArray(options.envPairs, 'options.envPairs');
  if (ipc !== undefined) {
    options.envPairs = options.envPairs === undefined ? [] : options.envPairs;
    options.envPairs.push(`NODE_CHANNEL_FD=${ipcFd}`, `NODE_CHANNEL_SERIALIZATION_MODE=${serialization}`);
  }
  validateString(options.file, 'options.file');
  this.spawnfile = options.file;
  if (options.args === undefined) {
    this.spawnargs = [];
  } else {
    validateArray(options.args, 'options.args');
    this.spawnargs = options.args;
  }

  subscribedChannel('tracing:child_process.spawn:start')?.publish({ process: this, options });
  const errno = this._handle.spawn(options);
  if (errno) {
    const failed = subscribedChannel('tracing:child_process.spawn:error');
    failed?.publish({ process: this, error: errnoException(errno, 'spawn') });
  } else {
    subscribedChannel('tracing:child_process.spawn:end')?.publish({ process: this });
  }
  if (EVENT_ERRORS.has(errno)) {
    process.nextTick(onErrorNT, this, errno);
    // There is nothing to talk to; the streams are made all the same, and end at once.
    if (errno === UV_EMFILE || errno === UV_ENFILE) {
      return errno;
    }
  } else if (errno) {
    for (const entry of stdio) {
      if (entry.type === 'pipe') entry.handle.close();
    }
    this._handle.close();
    this._handle = null;
    throw errnoException(errno, 'spawn');
  } else {
    process.nextTick(onSpawnNT, this);
  }
  this.pid = this._handle.pid;
  makeStreams(this, stdio);
  if (ipc !== undefined) {
    const { setupChannel } = require('internal/child_process/ipc');
    if (errno === 0) {
      ipc.setIpc(true);
      setupChannel(this, ipc, serialization);
    } else {
      ipc.close(() => maybeClose(this));
    }
  }
  return errno;
};

/** The streams of the child's descriptors, ours or nobody's. */
function makeStreams(child, stdio) {
  for (let i = 0; i < stdio.length; i++) {
    const entry = stdio[i];
    if (entry.type === 'ignore') continue;
    if (entry.ipc) {
      child._closesNeeded++;
      continue;
    }
    // A stream of ours that was handed over: the child reads or writes it from now on.
    if (entry.type === 'wrap') {
      entry.handle.reading = false;
      entry.handle.readStop?.();
      if (entry.stream) {
        entry.stream.pause?.();
        entry.stream[kIsUsedAsStdio] = true;
      }
      continue;
    }
    if (!entry.handle) continue;
    entry.socket = createSocket(entry.handle, i > 0);
    if (i > 0) {
      child._closesNeeded++;
      entry.socket.on('close', () => maybeClose(child));
    }
  }
  child.stdin = stdio.length >= 1 && stdio[0].socket !== undefined ? stdio[0].socket : null;
  child.stdout = stdio.length >= 2 && stdio[1].socket !== undefined ? stdio[1].socket : null;
  child.stderr = stdio.length >= 3 && stdio[2].socket !== undefined ? stdio[2].socket : null;
  child.stdio = stdio.map((entry) => (entry.socket === undefined ? null : entry.socket));
}

function createSocket(handle, readable) {
  return new Socket({ handle, readable });
}

function onErrorNT(child, errno) {
  child._handle?.onexit(errno, '');
}

function onSpawnNT(child) {
  child.emit('spawn');
}

/** Node docs: subprocess.kill([signal]). */
ChildProcess.prototype.kill = function kill(signal) {
  const number = signal === 0 ? signal : convertToValidSignal(signal === undefined ? 'SIGTERM' : signal);
  if (this._handle) {
    const errno = this._handle.kill(number);
    if (errno === 0) {
      this.killed = true;
      return true;
    }
    if (errno === UV_ESRCH) return false;
    if (errno === UV_EINVAL || errno === UV_ENOSYS) throw errnoException(errno, 'kill');
    this.emit('error', errnoException(errno, 'kill'));
  }
  return false;
};

ChildProcess.prototype[Symbol.dispose] = function() {
  if (!this.killed) this.kill();
};

ChildProcess.prototype.ref = function ref() {
  if (this._handle) this._handle.ref();
};

ChildProcess.prototype.unref = function unref() {
  if (this._handle) this._handle.unref();
};

// ---------------------------------------------------------------------------------------------------------------------
// The stdio option

function stdioStringToArray(stdio, channel) {
  const list = [];
  switch (stdio) {
    case 'ignore':
    case 'overlapped':
    case 'pipe':
      list.push(stdio, stdio, stdio);
      break;
    case 'inherit':
      list.push(0, 1, 2);
      break;
    default:
      throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
  }
  if (channel) list.push(channel);
  return list;
}

/** The handle of a stream or handle object, if it has one that a child can use. */
function wrappedHandle(value) {
  for (const candidate of [value, value.handle, value._handle]) {
    if (candidate !== null && typeof candidate === 'object' && typeof candidate.fileno === 'function') return candidate;
  }
  return undefined;
}

/** `{ stdio, ipc, ipcFd }`: each entry `{ type, ... }` as the binding takes it. */
function getValidStdio(stdio, isSync) {
  if (typeof stdio === 'string') stdio = stdioStringToArray(stdio);
  else if (!Array.isArray(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
  let ipc;
  let ipcFd;
  const list = [];
  const cleanup = () => {
    for (const entry of list) {
      if (entry.type === 'pipe' || entry.type === 'ipc') entry.handle?.close();
    }
  };
  const length = Math.max(3, stdio.length);
  for (let i = 0; i < length; i++) {
    let value = stdio[i];
    if (value == null) value = i < 3 ? 'pipe' : 'ignore';
    if (value === 'ignore') {
      list.push({ type: 'ignore' });
    } else if (value === 'pipe' || value === 'overlapped' || (typeof value === 'number' && value < 0)) {
      const entry = { type: value === 'overlapped' ? 'overlapped' : 'pipe', readable: i === 0, writable: i !== 0 };
      if (!isSync) entry.handle = new Pipe(SOCKET);
      list.push(entry);
    } else if (value === 'ipc') {
      if (isSync || ipc !== undefined) {
        cleanup();
        if (!isSync) throw new ERR_IPC_ONE_PIPE();
        throw new ERR_IPC_SYNC_FORK();
      }
      ipc = new Pipe(IPC);
      ipcFd = i;
      list.push({ type: 'pipe', handle: ipc, ipc: true });
    } else if (value === 'inherit') {
      list.push({ type: 'inherit', fd: i });
    } else if (typeof value === 'number' || typeof value.fd === 'number') {
      list.push({ type: 'fd', fd: typeof value === 'number' ? value : value.fd });
      if (typeof value === 'object' && wrappedHandle(value)) {
        list[i] = { type: 'wrap', handle: wrappedHandle(value), stream: value };
      }
    } else if (typeof value === 'object' && wrappedHandle(value)) {
      list.push({ type: 'wrap', handle: wrappedHandle(value), stream: value });
    } else if (ArrayBuffer.isView(value) || typeof value === 'string') {
      if (!isSync) {
        cleanup();
        throw new ERR_INVALID_SYNC_FORK_INPUT(require('internal/util/inspect').inspect(value));
      }
      list.push({ type: 'pipe', readable: i === 0, writable: i !== 0, input: value });
    } else {
      cleanup();
      throw new ERR_INVALID_ARG_VALUE('stdio', value);
    }
  }
  return { stdio: list, ipc, ipcFd };
}

module.exports = { ChildProcess, Process, getValidStdio, kIsUsedAsStdio, maybeClose, nameOf, stdioStringToArray };
