/**
 * From a host name to a connection: lookup, attempts address by address where both families are possible
 * (RFC 8305, "Happy Eyeballs"), and the errors that tell where it went wrong.
 */
'use strict';

const {
  codes: { ERR_INVALID_ADDRESS_FAMILY, ERR_INVALID_ARG_TYPE, ERR_INVALID_IP_ADDRESS, ERR_IP_BLOCKED, ERR_SOCKET_CONNECTION_TIMEOUT },
  NodeAggregateError, exceptionWithHostPort,
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInt32, validateNumber, validatePort, validateString } = require('internal/validators');
const measure = require('internal/net/measure');
const { isIP } = require('internal/net/ip');
const { PipeConnectWrap, TCP, TCPConnectWrap, SOCKET, owner } = require('internal/net/handles');
const hooks = require('internal/async_ids');
const { asyncIdSymbol } = require('internal/net/socket');
const {
  ATTEMPT_TIMEOUT_MIN, getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout,
} = require('internal/net/options');

const UV_EINVAL = -22;
const UV_ETIMEDOUT = -110;
const UV_ECANCELED = -125;

function connectPath(socket, path) {
  const req = new PipeConnectWrap();
  req.address = path;
  req.oncomplete = afterConnect;
  const errno = socket._handle.connectPath(req, path);
  if (errno) socket.destroy(exceptionWithHostPort(errno, 'connect', path));
}

function failLater(socket, error) {
  process.nextTick(() => socket.destroy(error));
}

/** `options` of socket.connect with a port. */
function lookupAndConnect(socket, options) {
  const { localAddress, localPort } = options;
  if (options.host != null) validateString(options.host, 'options.host');
  const host = options.host || 'localhost';
  let { port, autoSelectFamilyAttemptTimeout, autoSelectFamily } = options;
  if (localAddress && !isIP(localAddress)) throw new ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) validateNumber(localPort, 'options.localPort');
  if (port !== undefined) {
    if (typeof port !== 'number' && typeof port !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
    }
    validatePort(port);
  }
  port |= 0;
  if (autoSelectFamily != null) validateBoolean(autoSelectFamily, 'options.autoSelectFamily');
  else autoSelectFamily = getDefaultAutoSelectFamily();
  if (autoSelectFamilyAttemptTimeout !== undefined) {
    validateInt32(autoSelectFamilyAttemptTimeout, 'options.autoSelectFamilyAttemptTimeout', 1);
    autoSelectFamilyAttemptTimeout = Math.max(autoSelectFamilyAttemptTimeout, ATTEMPT_TIMEOUT_MIN);
  } else {
    autoSelectFamilyAttemptTimeout = getDefaultAutoSelectFamilyAttemptTimeout();
  }

  const family = isIP(host);
  if (family) {
    process.nextTick(() => {
      if (socket.connecting) connectTo(socket, host, port, family, localAddress, localPort);
    });
    return;
  }
  if (options.lookup != null) validateFunction(options.lookup, 'options.lookup');
  const dnsOptions = { socket: undefined, family: socketFamily(options.family), hints: options.hints || 0 };
  delete dnsOptions.socket;
  // Addresses of a family that this machine does not have are of no use. Node docs: dns.ADDRCONFIG.
  if (dnsOptions.family !== 4 && dnsOptions.family !== 6 && dnsOptions.hints === 0) dnsOptions.hints = binding('dns').ADDRCONFIG;
  socket._host = host;
  const lookup = options.lookup || require('dns').lookup;
  const context = { host, options, dnsOptions, port, localAddress, localPort, timeout: autoSelectFamilyAttemptTimeout };
  const ask = autoSelectFamily && dnsOptions.family !== 4 && dnsOptions.family !== 6 && !localAddress ? lookupAll : lookupOne;
  hooks.triggeredBy(Math.max(socket[asyncIdSymbol], 0), ask, socket, lookup, context);
}

function socketFamily(family) {
  switch (family) {
    case 'IPv4': return 4;
    case 'IPv6': return 6;
    default: return family;
  }
}

function lookupOne(socket, lookup, context) {
  const { host, port, localAddress, localPort } = context;
  lookup(host, context.dnsOptions, function emitLookup(error, ip, family) {
    socket.emit('lookup', error, ip, family, host);
    // It may have been destroyed meanwhile.
    if (!socket.connecting) return;
    if (error) {
      failLater(socket, error);
    } else if (typeof ip !== 'string' || !isIP(ip)) {
      failLater(socket, new ERR_INVALID_IP_ADDRESS(ip));
    } else if (family !== 4 && family !== 6) {
      failLater(socket, new ERR_INVALID_ADDRESS_FAMILY(family, host, port));
    } else {
      socket._unrefTimer();
      connectTo(socket, ip, port, family, localAddress, localPort);
    }
  });
}

function lookupAll(socket, lookup, context) {
  const { host, port } = context;
  context.dnsOptions.all = true;
  lookup(host, context.dnsOptions, function emitLookup(error, addresses) {
    if (!socket.connecting) return;
    if (error) {
      socket.emit('lookup', error, undefined, undefined, host);
      failLater(socket, error);
      return;
    }
    const usable = [[], []];
    let first;
    if (Array.isArray(addresses)) {
      for (const { address, family } of addresses) {
        socket.emit('lookup', error, address, family, host);
        if (!socket.connecting) return;
        if (isIP(address) && (family === 4 || family === 6)) {
          first ??= family;
          usable[family === first ? 0 : 1].push({ address, family });
        }
      }
    }
    if (first === undefined) {
      const { address, family } = addresses?.[0] ?? {};
      failLater(socket, isIP(address) ? new ERR_INVALID_ADDRESS_FAMILY(family, host, port) : new ERR_INVALID_IP_ADDRESS(address));
      return;
    }
    socket._unrefTimer();
    if (usable[0].length + usable[1].length === 1) {
      const [{ address, family }] = usable[0];
      connectTo(socket, address, port, family, context.localAddress, context.localPort);
      return;
    }
    // The families take turns.
    const list = [];
    for (let i = 0; i < Math.max(usable[0].length, usable[1].length); i++) {
      if (i < usable[0].length) list.push(usable[0][i]);
      if (i < usable[1].length) list.push(usable[1][i]);
    }
    const attempts = {
      socket, list, port, localPort: context.localPort, timeout: context.timeout, current: 0, errors: [], timer: undefined,
      req: undefined,
    };
    socket.autoSelectFamilyAttemptedAddresses = [];
    nextAttempt(attempts);
  });
}

function blocked(socket, address, family) {
  return socket.blockList !== undefined && socket.blockList.check(address, `ipv${family}`);
}

/** `127.0.0.1:1234`, if the kernel knows. */
function localDetails(handle) {
  const out = {};
  return handle?.getsockname?.(out) === 0 && out.address !== undefined ? `${out.address}:${out.port}` : undefined;
}

function bindLocal(handle, family, localAddress, localPort) {
  if (localAddress && isIP(localAddress) !== family) return UV_EINVAL;
  const any = family === 4 ? '0.0.0.0' : '::';
  return handle.bind(localAddress || any, localPort || 0, 0);
}

/** Connects to one address. */
function connectTo(socket, address, port, family, localAddress, localPort) {
  if (blocked(socket, address, family)) {
    socket.destroy(new ERR_IP_BLOCKED(address));
    return;
  }
  const handle = socket._handle;
  if (localAddress || localPort) {
    const errno = bindLocal(handle, family, localAddress, localPort);
    if (errno) {
      socket.destroy(exceptionWithHostPort(errno, 'bind', localAddress || (family === 4 ? '0.0.0.0' : '::'), localPort));
      return;
    }
  }
  const req = new TCPConnectWrap();
  req.oncomplete = afterConnect;
  req.address = address;
  req.port = port;
  req.localAddress = localAddress;
  req.localPort = localPort;
  req.begun = measure.start('net', 'connect', { host: address, port });
  if (socket.autoSelectFamilyAttemptedAddresses === undefined) {
    socket.emit('connectionAttempt', address, port, family);
    if (socket._handle !== handle) return;
  }
  const errno = handle.connect(req, address, port);
  if (errno) socket.destroy(exceptionWithHostPort(errno, 'connect', address, port, localDetails(handle)));
}

function connectError(req, status) {
  const details = req.localAddress && req.localPort ? `${req.localAddress}:${req.localPort}` : undefined;
  const error = exceptionWithHostPort(status, 'connect', req.address, req.port, details);
  if (details !== undefined) {
    error.localAddress = req.localAddress;
    error.localPort = req.localPort;
  }
  return error;
}

function afterConnect(status, handle, req) {
  const socket = handle[owner];
  if (socket === null || socket.destroyed) return;
  socket.connecting = false;
  socket._sockname = null;
  if (status !== 0) {
    const error = connectError(req, status);
    if (req.port !== undefined) {
      socket.emit('connectionAttemptFailed', req.address, req.port, isIP(req.address), error);
    }
    socket.destroy(error);
    return;
  }
  measure.stop(req.begun);
  connected(socket);
}

function connected(socket) {
  const { applyOptions } = require('internal/net/socket');
  applyOptions(socket);
  socket._unrefTimer();
  socket.emit('connect');
  socket.emit('ready');
  if (socket.readable && !socket.isPaused()) socket.read(0);
}

// ---------------------------------------------------------------------------------------------------------------------
// Address by address

function nextAttempt(attempts) {
  const { socket } = attempts;
  if (!socket.connecting) return;
  if (attempts.current === attempts.list.length) {
    if (attempts.errors.length === 0) socket.destroy(new ERR_SOCKET_CONNECTION_TIMEOUT());
    else socket.destroy(new NodeAggregateError(attempts.errors));
    return;
  }
  const { address, family } = attempts.list[attempts.current++];
  if (attempts.current > 1) {
    // Each attempt has a handle of its own; that of a failed one is closed when it is replaced.
    const { initSocketHandle } = require('internal/net/socket');
    socket._handle.close();
    socket._handle = new TCP(SOCKET);
    initSocketHandle(socket);
  }
  const handle = socket._handle;
  const { port, localPort } = attempts;
  if (localPort) {
    const errno = bindLocal(handle, family, undefined, localPort);
    if (errno) {
      attempts.errors.push(exceptionWithHostPort(errno, 'bind', family === 4 ? '0.0.0.0' : '::', localPort));
      nextAttempt(attempts);
      return;
    }
  }
  if (blocked(socket, address, family)) {
    attempts.errors.push(new ERR_IP_BLOCKED(address));
    nextAttempt(attempts);
    return;
  }
  const req = new TCPConnectWrap();
  req.address = address;
  req.port = port;
  req.localPort = localPort;
  req.oncomplete = (status) => attemptEnded(attempts, req, handle, status);
  attempts.req = req;
  socket.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`);
  socket.emit('connectionAttempt', address, port, family);
  if (socket.destroyed) return;
  const errno = handle.connect(req, address, port);
  if (errno) {
    const error = exceptionWithHostPort(errno, 'connect', address, port, localDetails(handle));
    attempts.errors.push(error);
    socket.emit('connectionAttemptFailed', address, port, family, error);
    nextAttempt(attempts);
    return;
  }
  if (attempts.current < attempts.list.length) {
    attempts.timer = setTimeout(attemptTimedOut, attempts.timeout, attempts, req, family);
  }
}

function attemptTimedOut(attempts, req, family) {
  const { socket } = attempts;
  attempts.timer = undefined;
  req.oncomplete = () => {};
  if (!socket.connecting) return;
  socket.emit('connectionAttemptTimeout', req.address, req.port, family);
  attempts.errors.push(connectError(req, UV_ETIMEDOUT));
  nextAttempt(attempts);
}

function attemptEnded(attempts, req, handle, status) {
  const { socket } = attempts;
  clearTimeout(attempts.timer);
  if (status === UV_ECANCELED || socket.destroyed || !socket.connecting || handle !== socket._handle) return;
  if (status !== 0) {
    const error = connectError(req, status);
    attempts.errors.push(error);
    socket.emit('connectionAttemptFailed', req.address, req.port, isIP(req.address), error);
    if (attempts.current === attempts.list.length) socket.connecting = true;
    nextAttempt(attempts);
    return;
  }
  socket.connecting = false;
  socket._sockname = null;
  connected(socket);
}

module.exports = { connectPath, lookupAndConnect };
