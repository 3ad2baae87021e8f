/** `net.Server`: a listening handle that makes sockets. Node docs: class net.Server. */
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SERVER_ALREADY_LISTEN, ERR_SERVER_NOT_RUNNING },
  errnoException, exceptionWithHostPort, uvExceptionWithHostPort,
} = require('internal/errors');
const {
  validateAbortSignal, validateFunction, validateNumber, validatePort,
} = require('internal/validators');
const {
  Pipe, SERVER, TCP, UV_READABLE, UV_TCP_IPV6ONLY, UV_TCP_REUSEPORT, UV_WRITABLE, chmodPath, owner,
} = require('internal/net/handles');
const { Socket, asyncIdSymbol, kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay } = require('internal/net/socket');
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { isPipeName, kNormalized, normalizeArgs, toPort } = require('internal/net/options');

const UV_EINVAL = -22;
/** Default of `backlog`. Node docs: server.listen. */
const BACKLOG = 511;

function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  EventEmitter.call(this);
  if (typeof options === 'function') {
    connectionListener = options;
    options = {};
  } else if (options == null || typeof options === 'object') {
    options = { ...options };
  } else {
    throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  if (typeof connectionListener === 'function') this.on('connection', connectionListener);
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }
  if (options.highWaterMark !== undefined) {
    validateNumber(options.highWaterMark, 'options.highWaterMark');
    if (options.highWaterMark < 0) options.highWaterMark = undefined;
  }
  this._connections = 0;
  this[asyncIdSymbol] = -1;
  this._handle = null;
  this._usingWorkers = false;
  this._workers = [];
  this._unref = false;
  this._listeningId = 1;
  this.allowHalfOpen = options.allowHalfOpen || false;
  this.pauseOnConnect = Boolean(options.pauseOnConnect);
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = Math.trunc((options.keepAliveInitialDelay ?? 0) / 1000);
  this.highWaterMark = options.highWaterMark ?? require('stream').getDefaultHighWaterMark(false);
  if (options.blockList !== undefined) {
    const { BlockList } = require('internal/net/block_list');
    if (!BlockList.isBlockList(options.blockList)) {
      throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', options.blockList);
    }
    this.blockList = options.blockList;
  }
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

/** A bound handle, or a negative errno. Not listening yet. */
function createServerHandle(address, port, addressType, fd, flags) {
  let errno = 0;
  let handle;
  let isTCP = false;
  if (typeof fd === 'number' && fd >= 0) {
    const kind = binding('net').fdKind(fd);
    if (kind !== 'TCP' && kind !== 'PIPE') return UV_EINVAL;
    handle = kind === 'TCP' ? new TCP(SERVER) : new Pipe(SERVER);
    errno = handle.open(fd);
    return errno === 0 ? handle : errno;
  }
  if (port === -1 && addressType === -1) {
    handle = new Pipe(SERVER);
  } else {
    handle = new TCP(SERVER);
    isTCP = true;
  }
  if (address || isTCP) {
    if (!isTCP) {
      errno = handle.bindPath(address);
    } else if (!address) {
      errno = handle.bind('::', port, flags ?? 0);
      if (errno) {
        handle.close();
        return createServerHandle('0.0.0.0', port, 4, undefined, flags);
      }
    } else {
      errno = handle.bind(address, port, flags ?? 0);
    }
  }
  if (errno) {
    handle.close();
    return errno;
  }
  return handle;
}

function emitErrorNT(self, error) {
  self.emit('error', error);
}

function emitListeningNT(self) {
  // It may have been closed meanwhile.
  if (self._handle) self.emit('listening');
}

/** It could not listen: whoever traces hears at once, listeners of 'error' in the next tick. */
function failListening(server, error) {
  subscribedChannel('tracing:net.server.listen:error')?.publish({ server, error });
  process.nextTick(emitErrorNT, server, error);
}

/** Makes the handle, if there is none, and listens. */
function setupListenHandle(address, port, addressType, backlog, fd, flags) {
  if (!this._handle) {
    let made = null;
    if (!address && typeof fd !== 'number') {
      // All addresses of both families, or where there is no IPv6 those of IPv4.
      made = createServerHandle('::', port, 6, fd, flags);
      if (typeof made === 'number') {
        made = null;
        address = '0.0.0.0';
        addressType = 4;
      } else {
        address = '::';
        addressType = 6;
      }
    }
    made ??= createServerHandle(address, port, addressType, fd, flags);
    if (typeof made === 'number') {
      const error = uvExceptionWithHostPort(made, 'listen', address, port);
      failListening(this, error);
      return;
    }
    this._handle = made;
  }
  const handle = this._handle;
  this[asyncIdSymbol] = handle.getAsyncId?.() ?? -1;
  handle.onconnection = onconnection;
  handle[owner] = this;
  const errno = handle.listen(backlog || BACKLOG);
  if (errno) {
    const error = uvExceptionWithHostPort(errno, 'listen', address, port);
    handle.close();
    this._handle = null;
    failListening(this, error);
    return;
  }
  this._connectionKey = `${addressType}:${address}:${port}`;
  if (this._unref) this.unref();
  subscribedChannel('tracing:net.server.listen:asyncEnd')?.publish({ server: this });
  hooks.triggeredBy(this[asyncIdSymbol] > 0 ? this[asyncIdSymbol] : 0, process.nextTick, emitListeningNT, this);
}

Server.prototype._listen2 = setupListenHandle;

function describeBoth(handle) {
  const data = {};
  const local = {};
  const remote = {};
  if (handle.getsockname?.(local) === 0) {
    data.localAddress = local.address;
    data.localPort = local.port;
    data.localFamily = local.family;
  }
  if (handle.getpeername?.(remote) === 0) {
    data.remoteAddress = remote.address;
    data.remotePort = remote.port;
    data.remoteFamily = remote.family;
  }
  return data;
}

function isBlocked(server, handle) {
  if (server.blockList === undefined || typeof handle.getpeername !== 'function') return false;
  const remote = {};
  if (handle.getpeername(remote) !== 0 || remote.family === undefined) return false;
  return server.blockList.check(remote.address, remote.family.toLowerCase());
}

/** The handle accepted a connection. `this` is the handle. */
function onconnection(status, clientHandle) {
  const server = this[owner];
  if (status) {
    server.emit('error', errnoException(status, 'accept'));
    return;
  }
  const full = server.maxConnections !== undefined && server.maxConnections !== null &&
    server._connections >= server.maxConnections;
  if (isBlocked(server, clientHandle)) {
    clientHandle.close();
    return;
  }
  if (full) {
    const data = describeBoth(clientHandle);
    clientHandle.close();
    server.emit('drop', data);
    return;
  }
  const socket = new Socket({
    handle: clientHandle,
    allowHalfOpen: server.allowHalfOpen,
    pauseOnCreate: server.pauseOnConnect,
    readable: true,
    writable: true,
    readableHighWaterMark: server.highWaterMark,
    writableHighWaterMark: server.highWaterMark,
  });
  if (server.noDelay && clientHandle.setNoDelay) {
    socket[kSetNoDelay] = true;
    clientHandle.setNoDelay(true);
  }
  if (server.keepAlive && clientHandle.setKeepAlive) {
    socket[kSetKeepAlive] = true;
    socket[kSetKeepAliveInitialDelay] = server.keepAliveInitialDelay;
    clientHandle.setKeepAlive(true, server.keepAliveInitialDelay);
  }
  server._connections++;
  socket.server = server;
  socket._server = server;
  server.emit('connection', socket);
  subscribedChannel('net.server.socket')?.publish({ socket });
}

// ---------------------------------------------------------------------------------------------------------------------
// listen

/** Listens here, or in a cluster's worker through the primary. */
function listenInCluster(server, address, port, addressType, backlog, fd, exclusive, flags, options) {
  exclusive = Boolean(exclusive);
  const shared = process.env.NODE_UNIQUE_ID !== undefined || require('internal/loader').cache.has('cluster');
  const cluster = shared ? require('cluster') : undefined;
  if (cluster === undefined || cluster.isPrimary || exclusive) {
    server._listen2(address, port, addressType, backlog, fd, flags);
    return;
  }
  cluster._getServer(server, { address, port, addressType, fd, flags, backlog, ...options }, (errno, handle) => {
    errno = checkBindError(errno, port, handle);
    if (errno) {
      server.emit('error', exceptionWithHostPort(errno, 'bind', address, port));
      return;
    }
    if (server._handle) {
      handle.close?.();
      return;
    }
    server._handle = handle;
    server._listen2(address, port, addressType, backlog, fd, flags);
  });
}

const UV_EADDRINUSE = -98;

/** A port that the kernel gave to another: seen only by asking where the handle is bound. */
function checkBindError(errno, port, handle) {
  if (errno === 0 && port > 0 && handle.getsockname) {
    const out = {};
    errno = handle.getsockname(out);
    if (errno === 0 && port !== out.port) return UV_EADDRINUSE;
  }
  return errno;
}

function lookupAndListen(server, port, host, backlog, exclusive, flags) {
  const id = server._listeningId;
  require('dns').lookup(host, { all: true }, (error, addresses) => {
    // Closed, or asked to listen elsewhere, meanwhile.
    if (id !== server._listeningId) return;
    if (error) {
      server.emit('error', error);
      return;
    }
    // Without its interface a link-local address is none to listen on. RFC 4291 2.5.6.
    const { address, family } = addresses.find((entry) => !isLinkLocal(entry)) ?? addresses[0];
    listenInCluster(server, address, port, family || 4, backlog, undefined, exclusive, flags);
  });
}

function isLinkLocal({ address, family }) {
  return family === 6 && /^fe[89ab]/i.test(address);
}

function addServerAbortSignal(server, signal) {
  if (signal === undefined) return;
  validateAbortSignal(signal, 'options.signal');
  const onAborted = () => server.close();
  if (signal.aborted) {
    process.nextTick(onAborted);
    return;
  }
  const { addAbortListener } = require('events');
  const disposable = addAbortListener(signal, onAborted);
  server.once('close', disposable[Symbol.dispose]);
}

Server.prototype.listen = function listen(...args) {
  const normalized = Array.isArray(args[0]) && args[0][kNormalized] ? args[0] : normalizeArgs(args);
  let [options, callback] = normalized;
  if (this._handle) throw new ERR_SERVER_ALREADY_LISTEN();
  if (callback !== null) this.once('listening', callback);
  subscribedChannel('tracing:net.server.listen:asyncStart')?.publish({ server: this, options });
  // server.listen(port, host, backlog), (port, backlog), (path, backlog).
  const backlogArg = (args.length > 1 && toBacklog(args[1])) || (args.length > 2 && toBacklog(args[2])) || undefined;
  if (options._handle) options = options._handle;
  else if (options.handle !== undefined || !(options instanceof TCP)) options = adoptBound(this, options) ?? options;
  const flags = getFlags(options);
  const { backlog = backlogArg || BACKLOG } = options;
  if (options instanceof TCP || options instanceof Pipe) {
    this._handle = options;
    this[asyncIdSymbol] = options.getAsyncId?.() ?? -1;
    listenInCluster(this, null, -1, -1, backlogArg || undefined, undefined, true);
    return this;
  }
  addServerAbortSignal(this, options.signal);
  if (typeof options.fd === 'number' && options.fd >= 0) {
    listenInCluster(this, null, null, null, backlogArg, options.fd);
    return this;
  }
  if (args.length === 0 || typeof args[0] === 'function' || (options.port === undefined && 'port' in options) ||
      options.port === null) {
    options.port = 0;
  }
  if (typeof options.port === 'number' || typeof options.port === 'string') {
    validatePort(options.port, 'options.port');
    const exclusive = options.exclusive || Boolean(options.reusePort);
    if (options.host) {
      lookupAndListen(this, options.port | 0, options.host, backlog, exclusive, flags);
    } else {
      listenInCluster(this, null, options.port | 0, 4, backlog, undefined, exclusive, flags);
    }
    return this;
  }
  if (options.path && isPipeName(options.path)) {
    listenOnPath(this, options, backlog);
    return this;
  }
  if (!(('port' in options) || ('path' in options))) {
    throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  }
  throw new ERR_INVALID_ARG_VALUE('options', options);
};

/** The handle of a BoundSocket, given itself or as `options.handle`. */
function adoptBound(server, options) {
  const loaded = require('internal/loader').cache.get('internal/net/bound_socket');
  if (loaded === undefined) return undefined;
  const { BoundSocket, adopt } = loaded.exports;
  const bound = [options, options.handle].find((value) => value instanceof BoundSocket);
  if (bound === undefined) return undefined;
  const { handle, path } = adopt(bound);
  if (path !== undefined) server._pipeName = path;
  return handle;
}

function toBacklog(value) {
  const number = toPort(value);
  return number === false ? undefined : number;
}

function getFlags(options) {
  let flags = 0;
  if (options.ipv6Only === true) flags |= UV_TCP_IPV6ONLY;
  if (options.reusePort === true) flags |= UV_TCP_REUSEPORT;
  return flags;
}

function listenOnPath(server, options, backlog) {
  if (options.path[0] === '\0' && (options.readableAll || options.writableAll)) {
    throw new ERR_INVALID_ARG_VALUE(
      'options', options, 'can not set readableAll or writableAllt to true when path is abstract unix socket');
  }
  const path = server._pipeName = options.path;
  listenInCluster(server, path, -1, -1, backlog, undefined, options.exclusive, undefined, {
    readableAll: options.readableAll, writableAll: options.writableAll,
  });
  if (!server._handle) return;
  let mode = 0;
  if (options.readableAll === true) mode |= UV_READABLE;
  if (options.writableAll === true) mode |= UV_WRITABLE;
  if (mode === 0) return;
  const errno = chmodPath(server._handle, path, mode);
  if (errno) {
    server._handle.close();
    server._handle = null;
    throw errnoException(errno, 'uv_pipe_chmod');
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Facts and the end

Object.defineProperty(Server.prototype, 'listening', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return Boolean(this._handle); },
});

Server.prototype.address = function address() {
  if (this._handle?.getsockname) {
    if (this._pipeName) return this._pipeName;
    const out = {};
    const errno = this._handle.getsockname(out);
    if (errno) throw errnoException(errno, 'address');
    return out;
  }
  if (this._pipeName) return this._pipeName;
  return null;
};

Server.prototype.getConnections = function getConnections(callback) {
  validateFunction(callback, 'callback');
  const end = (error, count) => process.nextTick(callback, error, count);
  if (!this._usingWorkers) {
    end(null, this._connections);
    return this;
  }
  let left = this._workers.length;
  let total = this._connections;
  const oncount = (error, count) => {
    if (error) {
      left = -1;
      end(error);
      return;
    }
    total += count;
    if (--left === 0) end(null, total);
  };
  for (const worker of this._workers) worker.getConnections(oncount);
  return this;
};

Server.prototype.close = function close(callback) {
  this._listeningId++;
  if (typeof callback === 'function') {
    if (!this._handle) {
      this.once('close', () => callback(new ERR_SERVER_NOT_RUNNING()));
    } else {
      this.once('close', callback);
    }
  }
  if (this._handle) {
    this._handle.close();
    this._handle = null;
  }
  if (this._usingWorkers) {
    let left = this._workers.length;
    const onWorkerClose = () => {
      if (--left !== 0) return;
      this._connections = 0;
      this._emitCloseIfDrained();
    };
    // Counts itself, so that 'close' waits for the workers.
    this._connections++;
    for (const worker of this._workers) worker.close(onWorkerClose);
  } else {
    this._emitCloseIfDrained();
  }
  return this;
};

Server.prototype[Symbol.asyncDispose] = function() {
  if (!this._handle) return Promise.resolve();
  return new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
};

function emitCloseNT(server) {
  server.emit('close');
}

Server.prototype._emitCloseIfDrained = function _emitCloseIfDrained() {
  if (this._handle || this._connections) return;
  process.nextTick(emitCloseNT, this);
};

Server.prototype._setupWorker = function _setupWorker(socketList) {
  this._usingWorkers = true;
  this._workers.push(socketList);
  socketList.once('exit', (list) => {
    this._workers.splice(this._workers.indexOf(list), 1);
  });
};

Server.prototype[EventEmitter.captureRejectionSymbol] = function(error, event, socket) {
  if (event === 'connection') socket.destroy(error);
  else this.emit('error', error);
};

Server.prototype.ref = function ref() {
  this._unref = false;
  if (this._handle) this._handle.ref();
  return this;
};

Server.prototype.unref = function unref() {
  this._unref = true;
  if (this._handle) this._handle.unref();
  return this;
};

module.exports = { Server, createServerHandle };
