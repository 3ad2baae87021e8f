/** `node:dgram`: UDP sockets. Node docs: dgram. */
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_FD_TYPE, ERR_MISSING_ARGS,
    ERR_SOCKET_ALREADY_BOUND, ERR_SOCKET_BAD_BUFFER_SIZE, ERR_SOCKET_BAD_TYPE, ERR_SOCKET_BUFFER_SIZE,
    ERR_SOCKET_DGRAM_IS_CONNECTED, ERR_SOCKET_DGRAM_NOT_CONNECTED, ERR_SOCKET_DGRAM_NOT_RUNNING,
  },
  errnoException, exceptionWithHostPort,
} = require('internal/errors');
const {
  isInt32, validateAbortSignal, validateFunction, validateNumber, validateObject, validatePort, validateString,
  validateUint32,
} = require('internal/validators');
const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { isIP } = require('internal/net/ip');
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { owner } = require('internal/net/handles');
const { UDP, UV_UDP_IPV6ONLY, UV_UDP_REUSEADDR, UV_UDP_REUSEPORT } = require('internal/dgram/handle');
const {
  BIND_STATE_BINDING, BIND_STATE_BOUND, BIND_STATE_UNBOUND, CONNECT_STATE_CONNECTED, CONNECT_STATE_CONNECTING,
  CONNECT_STATE_DISCONNECTED, kStateSymbol,
} = require('internal/dgram/state');

const UV_EBADF = -9;
const UV_EINVAL = -22;
const asyncIdSymbol = Symbol('async_id_symbol');

function checkType(type) {
  if (type !== 'udp4' && type !== 'udp6') throw new ERR_SOCKET_BAD_TYPE();
}

function anyAddress(type) {
  return type === 'udp4' ? '0.0.0.0' : '::';
}

function localAddress(type) {
  return type === 'udp4' ? '127.0.0.1' : '::1';
}

function familyOf(type) {
  return type === 'udp4' ? 4 : 6;
}

function Socket(type, listener) {
  if (!(this instanceof Socket)) return new Socket(type, listener);
  EventEmitter.call(this);
  let options;
  let lookup;
  if (type !== null && typeof type === 'object') {
    options = type;
    ({ type, lookup } = options);
    if (options.recvBufferSize) validateUint32(options.recvBufferSize, 'options.recvBufferSize');
    if (options.sendBufferSize) validateUint32(options.sendBufferSize, 'options.sendBufferSize');
  }
  checkType(type);
  if (lookup !== undefined) validateFunction(lookup, 'lookup');
  this.type = type;
  const handle = new UDP();
  handle[owner] = this;
  this[asyncIdSymbol] = handle.getAsyncId();
  for (const name of ['receiveBlockList', 'sendBlockList']) {
    const list = options?.[name];
    if (list && !require('net').BlockList.isBlockList(list)) {
      throw new ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', list);
    }
  }
  this[kStateSymbol] = {
    handle,
    lookup,
    receiving: false,
    bindState: BIND_STATE_UNBOUND,
    connectState: CONNECT_STATE_DISCONNECTED,
    queue: undefined,
    reuseAddr: options?.reuseAddr,
    reusePort: options?.reusePort,
    ipv6Only: options?.ipv6Only,
    recvBufferSize: options?.recvBufferSize,
    sendBufferSize: options?.sendBufferSize,
    receiveBlockList: options?.receiveBlockList,
    sendBlockList: options?.sendBlockList,
  };
  if (options?.signal !== undefined) {
    const { signal } = options;
    validateAbortSignal(signal, 'options.signal');
    const onAborted = () => {
      if (this[kStateSymbol].handle) this.close();
    };
    if (signal.aborted) {
      onAborted();
    } else {
      const disposable = EventEmitter.addAbortListener(signal, onAborted);
      this.once('close', disposable[Symbol.dispose]);
    }
  }
  if (typeof listener === 'function') this.on('message', listener);
  subscribedChannel('udp.socket')?.publish({ socket: this });
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);

function createSocket(type, listener) {
  return new Socket(type, listener);
}

function healthCheck(socket) {
  if (!socket[kStateSymbol].handle) throw new ERR_SOCKET_DGRAM_NOT_RUNNING();
}

/** Resolves where to bind or send to: `callback(error, ip)`. */
function resolve(socket, address, callback) {
  const { lookup } = socket[kStateSymbol];
  const family = familyOf(socket.type);
  (lookup ?? require('dns').lookup)(address, family, callback);
}

// ---------------------------------------------------------------------------------------------------------------------
// Receiving

function onMessage(nread, arrayBuffer, rinfo) {
  const socket = this[owner];
  if (nread < 0) {
    socket.emit('error', errnoException(nread, 'recvmsg'));
    return;
  }
  const { receiveBlockList } = socket[kStateSymbol];
  if (receiveBlockList?.check(rinfo.address, rinfo.family.toLowerCase())) return;
  rinfo.size = nread;
  socket.emit('message', new FastBuffer(arrayBuffer), rinfo);
}

function startListening(socket) {
  const state = socket[kStateSymbol];
  state.handle.onmessage = onMessage;
  state.handle.recvStart();
  state.receiving = true;
  state.bindState = BIND_STATE_BOUND;
  if (state.recvBufferSize) bufferSize(socket, state.recvBufferSize, true);
  if (state.sendBufferSize) bufferSize(socket, state.sendBufferSize, false);
  socket.emit('listening');
}

function flagsOf(state) {
  let flags = 0;
  if (state.reuseAddr) flags |= UV_UDP_REUSEADDR;
  if (state.ipv6Only) flags |= UV_UDP_IPV6ONLY;
  if (state.reusePort) flags |= UV_UDP_REUSEPORT;
  return flags;
}

/** Puts another handle, one that another process made, in place of the socket's own. */
function replaceHandle(socket, handle) {
  const state = socket[kStateSymbol];
  const old = state.handle;
  handle[owner] = socket;
  state.handle = handle;
  old.close();
}

function handleOfFd(fd) {
  const kind = binding('net').fdKind(fd);
  if (kind !== 'UDP') throw new ERR_INVALID_FD_TYPE(kind === 'INVALID' ? 'UNKNOWN' : kind);
  const handle = new UDP();
  const errno = handle.open(fd);
  if (errno) throw errnoException(errno, 'open');
  return handle;
}

/** Node docs: socket.bind([port][, address][, callback]), socket.bind(options[, callback]). */
Socket.prototype.bind = function bind(port_, address_ /* , callback */) {
  let port = port_;
  healthCheck(this);
  const state = this[kStateSymbol];
  if (state.bindState !== BIND_STATE_UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  state.bindState = BIND_STATE_BINDING;
  const callback = arguments.length > 0 ? arguments[arguments.length - 1] : undefined;
  if (typeof callback === 'function') listenOnce(this, callback);

  if (port instanceof UDP) {
    replaceHandle(this, port);
    startListening(this);
    return this;
  }
  if (port !== null && typeof port === 'object' && isInt32(port.fd) && port.fd > 0) {
    bindFd(this, port);
    return this;
  }
  let address;
  let exclusive;
  if (port !== null && typeof port === 'object') {
    address = port.address || '';
    exclusive = Boolean(port.exclusive);
    port = port.port;
  } else {
    address = typeof address_ === 'function' ? '' : address_;
    exclusive = false;
  }
  address ||= anyAddress(this.type);
  if (state.reusePort) exclusive = true;
  resolve(this, address, (error, ip) => {
    // It may have been closed meanwhile.
    if (!state.handle) return;
    if (error) {
      state.bindState = BIND_STATE_UNBOUND;
      this.emit('error', error);
      return;
    }
    bindTo(this, ip, port || 0, exclusive);
  });
  return this;
};

/** `callback` once listening, unless an error comes first. */
function listenOnce(socket, callback) {
  function remove() {
    socket.removeListener('error', remove);
    socket.removeListener('listening', onListening);
  }
  function onListening() {
    remove();
    callback.call(socket);
  }
  socket.on('error', remove);
  socket.on('listening', onListening);
}

function workerCluster(exclusive) {
  if (exclusive || !(process.env.NODE_UNIQUE_ID !== undefined || require('internal/loader').cache.has('cluster'))) return undefined;
  const cluster = require('cluster');
  return cluster.isWorker ? cluster : undefined;
}

function bindTo(socket, ip, port, exclusive) {
  const state = socket[kStateSymbol];
  const flags = flagsOf(state);
  const cluster = workerCluster(exclusive);
  if (cluster !== undefined) {
    askPrimary(socket, cluster, { address: ip, port, addressType: socket.type, fd: -1, flags });
    return;
  }
  const errno = isIP(ip) === familyOf(socket.type) ? state.handle.bind(ip, port, flags) : UV_EINVAL;
  if (errno) {
    state.bindState = BIND_STATE_UNBOUND;
    socket.emit('error', exceptionWithHostPort(errno, 'bind', ip, port));
    return;
  }
  startListening(socket);
}

function askPrimary(socket, cluster, query) {
  const state = socket[kStateSymbol];
  cluster._getServer(socket, query, (errno, handle) => {
    if (errno) {
      state.bindState = BIND_STATE_UNBOUND;
      socket.emit('error', exceptionWithHostPort(errno, 'bind', query.address, query.port));
      return;
    }
    if (!state.handle) {
      handle.close();
      return;
    }
    replaceHandle(socket, handle);
    startListening(socket);
  });
}

function bindFd(socket, { fd, exclusive }) {
  const state = socket[kStateSymbol];
  const cluster = workerCluster(exclusive);
  if (cluster !== undefined) {
    askPrimary(socket, cluster, { address: null, port: null, addressType: socket.type, fd, flags: null });
    return;
  }
  try {
    replaceHandle(socket, handleOfFd(fd));
  } catch (error) {
    state.bindState = BIND_STATE_UNBOUND;
    throw error;
  }
  startListening(socket);
}

/** Node docs: socket.bindSync([options]). Returns the bound address. */
Socket.prototype.bindSync = function bindSync(options = {}) {
  validateObject(options, 'options');
  healthCheck(this);
  const state = this[kStateSymbol];
  if (state.bindState !== BIND_STATE_UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  const { port = 0, address = anyAddress(this.type) } = options;
  validatePort(port, 'options.port');
  if (isIP(address) === 0) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.address', address, 'must be a numeric IP address; bindSync does not perform DNS resolution');
  }
  bindNow(this, address, port | 0);
  return this.address();
};

function bindNow(socket, address, port) {
  const state = socket[kStateSymbol];
  const errno = state.handle.bind(address, port, flagsOf(state));
  if (errno) throw exceptionWithHostPort(errno, 'bind', address, port);
  state.handle.onmessage = onMessage;
  state.handle.recvStart();
  state.receiving = true;
  state.bindState = BIND_STATE_BOUND;
  if (state.recvBufferSize) bufferSize(socket, state.recvBufferSize, true);
  if (state.sendBufferSize) bufferSize(socket, state.sendBufferSize, false);
  process.nextTick(() => {
    if (state.handle) socket.emit('listening');
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Connecting

/** Node docs: socket.connect(port[, address][, callback]). */
Socket.prototype.connect = function connect(port, address, callback) {
  port = validatePort(port, 'Port', false);
  if (typeof address === 'function') {
    callback = address;
    address = '';
  } else if (address === undefined) {
    address = '';
  }
  validateString(address, 'address');
  const state = this[kStateSymbol];
  if (state.connectState !== CONNECT_STATE_DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  state.connectState = CONNECT_STATE_CONNECTING;
  if (state.bindState === BIND_STATE_UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  whenBound(this, () => connectNow(this, port, address || localAddress(this.type), callback));
};

function connectNow(socket, port, address, callback) {
  const state = socket[kStateSymbol];
  resolve(socket, address, (error, ip) => {
    if (!state.handle) return;
    if (callback) socket.once('connect', callback);
    if (!error && socket[kStateSymbol].sendBlockList?.check(ip, `ipv${isIP(ip)}`)) {
      const { ERR_IP_BLOCKED } = require('internal/errors').codes;
      error = new ERR_IP_BLOCKED(ip);
    }
    if (!error) {
      const errno = state.handle.connect(ip, port);
      if (errno) error = exceptionWithHostPort(errno, 'connect', address, port);
    }
    if (error) {
      state.connectState = CONNECT_STATE_DISCONNECTED;
      if (callback) socket.removeListener('connect', callback);
      process.nextTick(() => {
        if (callback) callback(error);
        else socket.emit('error', error);
      });
      return;
    }
    state.connectState = CONNECT_STATE_CONNECTED;
    process.nextTick(() => socket.emit('connect'));
  });
}

/** Node docs: socket.connectSync(port[, address]). */
Socket.prototype.connectSync = function connectSync(port, address) {
  port = validatePort(port, 'Port', false);
  address ??= localAddress(this.type);
  validateString(address, 'address');
  healthCheck(this);
  const state = this[kStateSymbol];
  if (state.connectState !== CONNECT_STATE_DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  if (isIP(address) === 0) {
    throw new ERR_INVALID_ARG_VALUE(
      'address', address, 'must be a numeric IP address; connectSync does not perform DNS resolution');
  }
  if (state.bindState === BIND_STATE_UNBOUND) bindNow(this, anyAddress(this.type), 0);
  const errno = state.handle.connect(address, port);
  if (errno) throw exceptionWithHostPort(errno, 'connect', address, port);
  state.connectState = CONNECT_STATE_CONNECTED;
  process.nextTick(() => {
    if (state.handle) this.emit('connect');
  });
};

/** Node docs: socket.disconnect(). */
Socket.prototype.disconnect = function disconnect() {
  const state = this[kStateSymbol];
  if (state.connectState !== CONNECT_STATE_CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const errno = state.handle.disconnect();
  if (errno) throw errnoException(errno, 'connect');
  state.connectState = CONNECT_STATE_DISCONNECTED;
};

// ---------------------------------------------------------------------------------------------------------------------
// Sending

/** Runs `work` once bound; a bind that fails drops what waits. */
function whenBound(socket, work) {
  const state = socket[kStateSymbol];
  if (state.bindState === BIND_STATE_BOUND) {
    work();
    return;
  }
  if (state.queue === undefined) {
    state.queue = [];
    const done = () => {
      socket.removeListener('error', onError);
      socket.removeListener('listening', onListening);
      const { queue } = state;
      state.queue = undefined;
      return queue;
    };
    function onError() {
      done();
      state.connectState = CONNECT_STATE_DISCONNECTED;
    }
    function onListening() {
      for (const item of done()) item();
    }
    socket.once('error', onError);
    socket.once('listening', onListening);
  }
  state.queue.push(work);
}

function sliceBuffer(buffer, offset, length) {
  if (typeof buffer === 'string') {
    buffer = Buffer.from(buffer);
  } else if (!ArrayBuffer.isView(buffer)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
  }
  offset >>>= 0;
  length >>>= 0;
  if (offset > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return Buffer.from(buffer.buffer, buffer.byteOffset + offset, length);
}

/** One Buffer of a list of buffers and strings; `null` if an item is neither. */
function joinList(list) {
  const parts = [];
  for (const item of list) {
    if (typeof item === 'string') parts.push(Buffer.from(item));
    else if (!ArrayBuffer.isView(item)) return null;
    else parts.push(Buffer.from(item.buffer, item.byteOffset, item.byteLength));
  }
  return Buffer.concat(parts);
}

/** Kept for old programs. Node docs: deprecations, `dgram.Socket.sendto`. */
Socket.prototype.sendto = function sendto(buffer, offset, length, port, address, callback) {
  validateNumber(offset, 'offset');
  validateNumber(length, 'length');
  validateNumber(port, 'port');
  validateString(address, 'address');
  this.send(buffer, offset, length, port, address, callback);
};

/** Node docs: socket.send(msg[, offset, length][, port][, address][, callback]). */
Socket.prototype.send = function send(buffer, offset, length, port, address, callback) {
  const state = this[kStateSymbol];
  const connected = state.connectState === CONNECT_STATE_CONNECTED;
  if (!connected) {
    if (address || (port && typeof port !== 'function')) {
      buffer = sliceBuffer(buffer, offset, length);
    } else {
      callback = port;
      port = offset;
      address = length;
    }
  } else {
    if (typeof length === 'number') {
      buffer = sliceBuffer(buffer, offset, length);
      if (typeof port === 'function') {
        callback = port;
        port = null;
      }
    } else {
      callback = offset;
    }
    if (port || address) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  }
  let bytes;
  if (Array.isArray(buffer)) {
    bytes = joinList(buffer);
    if (bytes === null) throw new ERR_INVALID_ARG_TYPE('buffer list arguments', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
  } else if (typeof buffer === 'string') {
    bytes = Buffer.from(buffer);
  } else if (ArrayBuffer.isView(buffer)) {
    bytes = buffer;
  } else {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView', 'string'], buffer);
  }
  if (!connected) port = validatePort(port, 'Port', false);
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') {
    callback = address;
    address = undefined;
  } else if (address != null) {
    validateString(address, 'address');
  }
  healthCheck(this);
  if (state.bindState === BIND_STATE_UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  if (connected) whenBound(this, () => sendNow(this, bytes, undefined, undefined, undefined, callback));
  else whenBound(this, () => sendTo(this, bytes, port, address || localAddress(this.type), callback));
};

function sendTo(socket, bytes, port, address, callback) {
  const state = socket[kStateSymbol];
  const failed = (error) => {
    if (callback) process.nextTick(callback, error);
    else process.nextTick(() => socket.emit('error', error));
  };
  const family = familyOf(socket.type);
  resolve(socket, address, (error, ip) => {
    if (error) {
      failed(error);
      return;
    }
    if (!state.handle) return;
    if (state.sendBlockList?.check(ip, `ipv${family}`)) {
      const { ERR_IP_BLOCKED } = require('internal/errors').codes;
      failed(new ERR_IP_BLOCKED(ip));
      return;
    }
    sendNow(socket, bytes, ip, port, address, callback);
  });
}

function sendNow(socket, bytes, ip, port, address, callback) {
  const { handle } = socket[kStateSymbol];
  if (!handle) return;
  const result = ip === undefined ? handle.send(bytes) : handle.send(bytes, ip, port);
  if (result < 0) {
    if (callback) process.nextTick(callback, exceptionWithHostPort(result, 'send', address, port));
    return;
  }
  if (result > 0) {
    // The number of bytes, plus one.
    if (callback) process.nextTick(sentCallback(handle, callback), null, result - 1);
    return;
  }
  handle.afterSend((status, sent) => {
    if (!callback) return;
    if (status < 0) callback(exceptionWithHostPort(status, 'send', address, port), undefined);
    else callback(null, sent);
  });
}

/** A send is a resource of its own to hooks. */
function sentCallback(handle, callback) {
  if (!hooks.active) return callback;
  const req = { asyncId: 0, triggerAsyncId: 0 };
  hooks.triggeredBy(handle.asyncId, hooks.init, req, 'UDPSENDWRAP');
  return (error, bytes) => {
    hooks.before(req);
    callback(error, bytes);
    hooks.after(req);
    hooks.destroy(req);
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Facts, options, the end

/** Node docs: socket.close([callback]). */
Socket.prototype.close = function close(callback) {
  const state = this[kStateSymbol];
  if (typeof callback === 'function') this.on('close', callback);
  if (state.queue !== undefined) {
    state.queue.push(this.close.bind(this));
    return this;
  }
  healthCheck(this);
  if (state.receiving) {
    state.handle.recvStop();
    state.receiving = false;
  }
  state.handle.close();
  state.handle = null;
  process.nextTick(() => this.emit('close'));
  return this;
};

Socket.prototype[Symbol.asyncDispose] = async function() {
  if (!this[kStateSymbol].handle) return;
  await new Promise((resolvePromise) => this.close(resolvePromise));
};

function nameOf(socket, call, method) {
  healthCheck(socket);
  const out = {};
  const errno = socket[kStateSymbol].handle[method](out);
  if (errno) throw errnoException(errno, call);
  return out;
}

Socket.prototype.address = function address() {
  return nameOf(this, 'getsockname', 'getsockname');
};

Socket.prototype.remoteAddress = function remoteAddress() {
  healthCheck(this);
  if (this[kStateSymbol].connectState !== CONNECT_STATE_CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  return nameOf(this, 'getpeername', 'getpeername');
};

function option(socket, name, ...args) {
  healthCheck(socket);
  const errno = socket[kStateSymbol].handle[name](...args);
  if (errno) throw errnoException(errno, name);
}

Socket.prototype.setBroadcast = function setBroadcast(flag) {
  option(this, 'setBroadcast', Boolean(flag));
};

Socket.prototype.setTTL = function setTTL(ttl) {
  validateNumber(ttl, 'ttl');
  option(this, 'setTTL', ttl);
  return ttl;
};

Socket.prototype.setMulticastTTL = function setMulticastTTL(ttl) {
  validateNumber(ttl, 'ttl');
  option(this, 'setMulticastTTL', ttl);
  return ttl;
};

Socket.prototype.setMulticastLoopback = function setMulticastLoopback(flag) {
  option(this, 'setMulticastLoopback', Boolean(flag));
  return flag;
};

Socket.prototype.setMulticastInterface = function setMulticastInterface(interfaceAddress) {
  validateString(interfaceAddress, 'interfaceAddress');
  option(this, 'setMulticastInterface', interfaceAddress);
};

/** Joining a group binds a socket that is not bound yet. */
function bindForMembership(socket) {
  const state = socket[kStateSymbol];
  if (state.bindState === BIND_STATE_UNBOUND && state.handle) {
    const errno = state.handle.bind(anyAddress(socket.type), 0, flagsOf(state));
    if (errno === 0) {
      state.bindState = BIND_STATE_BOUND;
      state.handle.onmessage = onMessage;
      state.handle.recvStart();
      state.receiving = true;
    }
  }
}

Socket.prototype.addMembership = function addMembership(multicastAddress, interfaceAddress) {
  healthCheck(this);
  if (!multicastAddress) throw new ERR_MISSING_ARGS('multicastAddress');
  if (isIP(multicastAddress)) bindForMembership(this);
  else throw errnoException(UV_EINVAL, 'addMembership');
  option(this, 'addMembership', multicastAddress, interfaceAddress);
};

Socket.prototype.dropMembership = function dropMembership(multicastAddress, interfaceAddress) {
  healthCheck(this);
  if (!multicastAddress) throw new ERR_MISSING_ARGS('multicastAddress');
  if (!isIP(multicastAddress)) throw errnoException(UV_EINVAL, 'dropMembership');
  option(this, 'dropMembership', multicastAddress, interfaceAddress);
};

Socket.prototype.addSourceSpecificMembership = function addSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) {
  healthCheck(this);
  validateString(sourceAddress, 'sourceAddress');
  validateString(groupAddress, 'groupAddress');
  if (isIP(sourceAddress) && isIP(groupAddress)) bindForMembership(this);
  option(this, 'addSourceSpecificMembership', sourceAddress, groupAddress, interfaceAddress);
};

Socket.prototype.dropSourceSpecificMembership = function dropSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) {
  healthCheck(this);
  validateString(sourceAddress, 'sourceAddress');
  validateString(groupAddress, 'groupAddress');
  option(this, 'dropSourceSpecificMembership', sourceAddress, groupAddress, interfaceAddress);
};

Socket.prototype.ref = function ref() {
  this[kStateSymbol].handle?.ref();
  return this;
};

Socket.prototype.unref = function unref() {
  this[kStateSymbol].handle?.unref();
  return this;
};

/** Sets a buffer's size, or with 0 asks for it. */
function bufferSize(socket, size, receive) {
  if (size >>> 0 !== size) throw new ERR_SOCKET_BAD_BUFFER_SIZE();
  const { handle } = socket[kStateSymbol];
  const result = handle ? handle.bufferSize(size, receive) : UV_EBADF;
  if (result < 0) {
    const uv = require('internal/uv');
    throw new ERR_SOCKET_BUFFER_SIZE({
      errno: result,
      code: uv.errname(result),
      message: uv.getErrorMessage(result),
      syscall: receive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size',
    });
  }
  return result;
}

Socket.prototype.setRecvBufferSize = function setRecvBufferSize(size) {
  bufferSize(this, size, true);
};

Socket.prototype.setSendBufferSize = function setSendBufferSize(size) {
  bufferSize(this, size, false);
};

Socket.prototype.getRecvBufferSize = function getRecvBufferSize() {
  return bufferSize(this, 0, true);
};

Socket.prototype.getSendBufferSize = function getSendBufferSize() {
  return bufferSize(this, 0, false);
};

Socket.prototype.getSendQueueSize = function getSendQueueSize() {
  return this[kStateSymbol].handle.getSendQueueSize();
};

Socket.prototype.getSendQueueCount = function getSendQueueCount() {
  return this[kStateSymbol].handle.getSendQueueCount();
};

/** A bound handle, or a negative errno: for the primary of a cluster. */
function _createSocketHandle(address, port, addressType, fd, flags) {
  if (isInt32(fd) && fd > 0) {
    if (binding('net').fdKind(fd) !== 'UDP') return UV_EINVAL;
    const handle = new UDP();
    const errno = handle.open(fd);
    return errno ? errno : handle;
  }
  const handle = new UDP();
  const errno = handle.bind(address || anyAddress(addressType), port || 0, flags);
  if (errno) {
    handle.close();
    return errno;
  }
  return handle;
}

module.exports = { createSocket, Socket };
Object.defineProperty(module.exports, '_createSocketHandle', { __proto__: null, value: _createSocketHandle, enumerable: false });
