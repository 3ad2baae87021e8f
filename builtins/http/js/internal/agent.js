/**
 * `http.Agent`: connections of a client, by where they go.
 *
 * `sockets` are at work, `freeSockets` wait for the next request, `requests` wait for a socket; each by the name that
 * `getName` gives to the options of a connection. Node docs: class http.Agent.
 */
'use strict';

const EventEmitter = require('events');
const net = require('net');
const { validateNumber, validateOneOf, validateString } = require('internal/validators');
const { once } = require('internal/util');
const hooks = require('internal/async_ids');
const { asyncIdSymbol } = require('internal/net/socket');

const kOnKeylog = Symbol('onkeylog');
const kRequestOptions = Symbol('requestOptions');
const kQueued = Symbol('queued');

/** The socket failed while it waited. Its 'close' follows. */
function freeSocketErrorListener() {
  this.destroy();
  this.emit('agentRemove');
}

function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);
  this.options = { __proto__: null, ...options };
  if (this.options.noDelay === undefined) this.options.noDelay = true;
  // `path` is the URL's here, not a Unix socket's.
  this.options.path = null;
  this.defaultPort = this.options.defaultPort || 80;
  this.protocol = this.options.protocol || 'http:';
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000;
  this.keepAlive = this.options.keepAlive || false;
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets || 256;
  this.scheduling = this.options.scheduling || 'lifo';
  this.maxTotalSockets = this.options.maxTotalSockets;
  this.totalSocketCount = 0;
  const buffer = this.options.agentKeepAliveTimeoutBuffer;
  this.agentKeepAliveTimeoutBuffer = typeof buffer === 'number' && buffer >= 0 && Number.isFinite(buffer) ? buffer : 1000;
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets !== undefined) {
    validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
  } else {
    this.maxTotalSockets = Infinity;
  }
  const { proxyEnv } = this.options;
  if (typeof proxyEnv === 'object' && proxyEnv !== null) {
    this.proxyConfig = require('internal/http/proxy').parseProxyConfigFromEnv(proxyEnv, this.protocol);
  }
  this.on('free', onFree);
  this.on('newListener', maybeEnableKeylog);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;

/** Sockets pass on their TLS keys only if somebody wants them. */
function maybeEnableKeylog(eventName) {
  if (eventName !== 'keylog') return;
  this.removeListener('newListener', maybeEnableKeylog);
  const agent = this;
  this[kOnKeylog] = function(keylog) {
    agent.emit('keylog', keylog, this);
  };
  for (const list of Object.values(this.sockets)) for (const socket of list) socket.on('keylog', this[kOnKeylog]);
}

/** From here on the socket's events belong to the running code. */
function resetContext(socket) {
  const handle = socket._handle;
  if (typeof handle?.asyncReset !== 'function') return;
  handle.asyncReset(new ReusedHandle(handle.getProviderType?.(), handle));
  if (hooks.active) socket[asyncIdSymbol] = handle.getAsyncId();
}

/** What hooks see of a handle that another request uses again. */
class ReusedHandle {
  constructor(type, handle) {
    this.type = type;
    this.handle = handle;
  }
}

/** Gives a socket to a request that waited for one, in the request's own context. */
function useForQueued(agent, req, socket) {
  const resource = req[kQueued];
  req[kQueued] = null;
  resource.runInAsyncScope(() => {
    resetContext(socket);
    setRequestSocket(agent, req, socket);
  });
  resource.emitDestroy();
}

/** A socket has done its work: for the next request, to wait, or to go. */
function onFree(socket, options) {
  const name = this.getName(options);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requests = this.requests[name];
  if (requests?.length) {
    useForQueued(this, requests.shift(), socket);
    if (requests.length === 0) delete this.requests[name];
    return;
  }
  const req = socket._httpMessage;
  if (!req || !req.shouldKeepAlive || !this.keepAlive) {
    socket.destroy();
    return;
  }
  const free = this.freeSockets[name] || [];
  const count = free.length + (this.sockets[name]?.length ?? 0);
  if (this.totalSocketCount > this.maxTotalSockets || count > this.maxSockets || free.length >= this.maxFreeSockets ||
      !this.keepSocketAlive(socket)) {
    socket.destroy();
    return;
  }
  this.freeSockets[name] = free;
  socket._httpMessage = null;
  this.removeSocket(socket, options);
  socket.once('error', freeSocketErrorListener);
  free.push(socket);
}

Agent.prototype.createConnection = function createConnection(...args) {
  const options = args[0];
  const proxy = typeof options === 'object' && options !== null ? options[kProxy] : undefined;
  if (proxy !== undefined) {
    // The proxy gets the request itself, with an absolute URL.
    args = [{ ...options, host: proxy.hostname, port: proxy.port, [kProxy]: undefined }, ...args.slice(1)];
    if (proxy.protocol === 'https:') return require('tls').connect({ ...args[0], servername: proxy.hostname });
  }
  return net.createConnection(...args);
};

const kProxy = Symbol('proxy');

/** The name of a pool: all that tells connections apart. */
Agent.prototype.getName = function getName(options = {}) {
  let name = options.host || 'localhost';
  name += ':';
  if (options.port) name += options.port;
  name += ':';
  if (options.localAddress) name += options.localAddress;
  // Only what decides about the connection belongs to the name.
  if (options.family === 4 || options.family === 6) name += `:${options.family}`;
  if (options.socketPath) name += `:${options.socketPath}`;
  return name;
};

Agent.prototype.addRequest = function(req, options, port, localAddress) {
  // Legacy API: addRequest(req, host, port, localAddress).
  if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress };
  options = { __proto__: null, ...options, ...this.options };
  if (options.socketPath) options.path = options.socketPath;
  normalizeServerName(options, req);
  const proxy = this.proxyConfig;
  if (proxy && this.protocol === 'http:' && !options.socketPath && proxy.shouldUseProxy(options.host, options.port)) {
    rewriteForProxy(req, options, proxy);
    options[kProxy] = proxy;
  }
  const name = this.getName(options);
  this.sockets[name] ??= [];
  const free = this.freeSockets[name];
  let socket;
  if (free) {
    while (free.length && free[0].destroyed) free.shift();
    socket = this.scheduling === 'fifo' ? free.shift() : free.pop();
    if (free.length === 0) delete this.freeSockets[name];
  }
  const freeCount = free ? free.length : 0;
  const count = freeCount + this.sockets[name].length;
  if (socket) {
    socket.removeListener('error', freeSocketErrorListener);
    this.reuseSocket(socket, req);
    resetContext(socket);
    setRequestSocket(this, req, socket);
    this.sockets[name].push(socket);
  } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
    this.createSocket(req, options, (error, created) => {
      if (error) req.onSocket(created, error);
      else setRequestSocket(this, req, created);
    });
  } else {
    req[kRequestOptions] = options;
    // It goes on in the context of now, not in that of the request whose socket it gets.
    req[kQueued] = new (require('async_hooks').AsyncResource)('QueuedRequest');
    (this.requests[name] ??= []).push(req);
  }
};

/** RFC 9112 §3.2.2: a proxy is asked with the absolute form. */
function rewriteForProxy(req, options, proxy) {
  const { checkInvalidHeaderChar } = require('internal/http/common');
  const { codes: { ERR_INVALID_CHAR } } = require('internal/errors');
  if (checkInvalidHeaderChar(String(options.host)) || checkInvalidHeaderChar(String(options.port))) {
    throw new ERR_INVALID_CHAR('request options', 'host');
  }
  const host = String(options.host).includes(':') ? `[${options.host}]` : options.host;
  const authority = Number(options.port) === 80 ? host : `${host}:${options.port}`;
  req._rewriteForProxy(`http://${authority}`, proxy.auth);
}

Agent.prototype.createSocket = function createSocket(req, options, callback) {
  options = { __proto__: null, ...options, ...this.options, [kProxy]: options[kProxy] };
  if (options.socketPath) options.path = options.socketPath;
  normalizeServerName(options, req);
  const name = this.getName(options);
  options._agentKey = name;
  options.encoding = null;
  // The request listens to it.
  options.signal = undefined;
  if (req.timeout) options.timeout = req.timeout;
  if (this.keepAlive) {
    options.keepAlive = this.keepAlive;
    options.keepAliveInitialDelay = this.keepAliveMsecs;
  }
  const oncreate = once((error, socket) => {
    if (error) {
      callback(error);
      return;
    }
    (this.sockets[name] ??= []).push(socket);
    this.totalSocketCount++;
    installListeners(this, socket, options);
    callback(null, socket);
  });
  // Subclasses may return the socket, or call back with it.
  const socket = this.createConnection(options, oncreate);
  if (socket) oncreate(null, socket);
};

function normalizeServerName(options, req) {
  if (!options.servername && options.servername !== '') options.servername = calculateServerName(options, req);
}

/** The name for TLS: that of the Host header, which is not an IP address. */
function calculateServerName(options, req) {
  let servername = options.host;
  const hostHeader = req.getHeader('host');
  if (hostHeader) {
    validateString(hostHeader, 'options.headers.host');
    if (hostHeader[0] === '[') {
      const index = hostHeader.indexOf(']');
      servername = index === -1 ? hostHeader : hostHeader.slice(1, index);
    } else {
      servername = hostHeader.split(':', 1)[0];
    }
  }
  return net.isIP(servername) ? '' : servername;
}

function installListeners(agent, socket, options) {
  function onFreeSocket() {
    agent.emit('free', socket, options);
  }
  function onClose() {
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
  }
  function onTimeout() {
    // One that waits is closed; one at work is its request's business.
    for (const list of Object.values(agent.freeSockets)) {
      if (list.includes(socket)) {
        socket.destroy();
        return;
      }
    }
  }
  function onRemove() {
    // It speaks another protocol from here on.
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
    socket.removeListener('close', onClose);
    socket.removeListener('free', onFreeSocket);
    socket.removeListener('timeout', onTimeout);
    socket.removeListener('agentRemove', onRemove);
  }
  socket.on('free', onFreeSocket);
  socket.on('close', onClose);
  socket.on('timeout', onTimeout);
  socket.on('agentRemove', onRemove);
  if (agent[kOnKeylog]) socket.on('keylog', agent[kOnKeylog]);
}

Agent.prototype.removeSocket = function removeSocket(socket, options) {
  const name = this.getName(options);
  const sets = [this.sockets];
  // One that cannot be written any more is no longer free either.
  if (!socket.writable) sets.push(this.freeSockets);
  for (const set of sets) {
    const index = set[name] ? set[name].indexOf(socket) : -1;
    if (index === -1) continue;
    set[name].splice(index, 1);
    if (set[name].length === 0) delete set[name];
  }
  let req;
  if (this.requests[name]?.length) {
    [req] = this.requests[name];
  } else {
    // Others may have waited for the total to go down.
    for (const other of Object.keys(this.requests)) {
      if (this.sockets[other]?.length) break;
      [req] = this.requests[other];
      options = req?.[kRequestOptions] ?? options;
      break;
    }
  }
  if (req && options) {
    const wanted = req[kRequestOptions] ?? options;
    this.createSocket(req, wanted, (error, created) => {
      if (error) {
        const pending = this.requests[this.getName(wanted)];
        const index = pending?.indexOf(req) ?? -1;
        if (index !== -1) pending.splice(index, 1);
        if (pending?.length === 0) delete this.requests[this.getName(wanted)];
        req.onSocket(null, error);
      } else {
        created.emit('free');
      }
    });
  }
};

/** Whether a socket may wait for another request. Node docs: agent.keepSocketAlive. */
Agent.prototype.keepSocketAlive = function keepSocketAlive(socket) {
  socket.setKeepAlive(true, this.keepAliveMsecs);
  socket.unref();
  let timeout = this.options.timeout || 0;
  let keep = true;
  const hint = socket._httpMessage?.res?.headers['keep-alive'];
  const seconds = hint ? /^timeout=(\d+)/.exec(hint)?.[1] : undefined;
  if (seconds !== undefined) {
    // The server closes after that; a request on its way by then would be lost.
    const limit = Number(seconds) * 1000 - this.agentKeepAliveTimeoutBuffer;
    if (limit <= 0) keep = false;
    else if (timeout === 0 || limit < timeout) timeout = limit;
  }
  if (keep && socket.timeout !== timeout) socket.setTimeout(timeout);
  return keep;
};

Agent.prototype.reuseSocket = function reuseSocket(socket, req) {
  req.reusedSocket = true;
  socket.ref();
};

Agent.prototype.destroy = function destroy() {
  for (const set of [this.freeSockets, this.sockets]) {
    for (const list of Object.values(set)) for (const socket of [...list]) socket.destroy();
  }
};

function setRequestSocket(agent, req, socket) {
  req.onSocket(socket);
  const timeout = agent.options.timeout || 0;
  if (req.timeout === undefined || req.timeout === timeout) return;
  socket.setTimeout(req.timeout);
}

let globalAgent;

/** The agent of requests that have none of their own. */
const globals = {
  get agent() {
    if (globalAgent === undefined) {
      globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: proxyEnvironment() });
    }
    return globalAgent;
  },
  set agent(value) {
    globalAgent = value;
  },
};

/** The proxies that the process uses by its options and environment, if any. */
function proxyEnvironment() {
  const { env } = process;
  // The option decides in both directions; the variable only where there is none.
  const useProxy = require('internal/options').getOptionValue('--use-env-proxy') ||
    (env.NODE_USE_ENV_PROXY === '1' && !process.execArgv.includes('--no-use-env-proxy'));
  return useProxy ? filterProxyEnv(env) : undefined;
}

function filterProxyEnv(env) {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = env;
  // A bad variable is reported as what it is: a bad URL.
  const { URL } = require('url');
  for (const text of [http_proxy || HTTP_PROXY, https_proxy || HTTPS_PROXY]) if (text) void new URL(text);
  return { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY };
}

module.exports = { Agent, filterProxyEnv, globals, kProxy, proxyEnvironment };
