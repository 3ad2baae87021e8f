/** `node:https`: HTTP over TLS: what differs from `http`. Node docs: HTTPS. */
'use strict';

const http = require('http');
const tls = require('tls');
const { URL, urlToHttpOptions } = require('url');
const { validateObject } = require('internal/validators');
const {
  connectionListener, httpServerPreClose, setupConnectionsTracking, storeHTTPOptions,
} = require('internal/http/server');

/** Sessions that an agent keeps. Node docs: `maxCachedSessions`. */
const SESSIONS_MAX = 100;

const { proxyEnvironment } = require('internal/http/agent');
const { ClientRequest, isURL } = require('internal/http/client');
const { Agent: HttpAgent } = http;

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  let ALPNProtocols = ['http/1.1'];
  if (typeof options === 'function') {
    requestListener = options;
    options = {};
  } else if (options == null) {
    options = {};
  } else {
    validateObject(options, 'options');
    // One who has protocols or a callback of his own knows.
    if (options.ALPNProtocols || options.ALPNCallback) ALPNProtocols = undefined;
  }
  storeHTTPOptions.call(this, options);
  Reflect.apply(tls.Server, this, [{ noDelay: true, ALPNProtocols, ...options }, connectionListener]);
  this.httpAllowHalfOpen = false;
  if (requestListener) this.on('request', requestListener);
  this.on('tlsClientError', function onClientError(error, connection) {
    if (!this.emit('clientError', error, connection)) connection.destroy(error);
  });
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.on('listening', setupConnectionsTracking);
}
Object.setPrototypeOf(Server.prototype, tls.Server.prototype);
Object.setPrototypeOf(Server, tls.Server);

for (const name of ['closeAllConnections', 'closeIdleConnections', 'setTimeout']) Server.prototype[name] = http.Server.prototype[name];

Server.prototype.close = function close(...args) {
  httpServerPreClose(this);
  Reflect.apply(tls.Server.prototype.close, this, args);
  return this;
};

Server.prototype[Symbol.asyncDispose] = async function() {
  await new Promise((resolve, reject) => {
    this.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
};

function createServer(options, requestListener) {
  return new Server(options, requestListener);
}

// ---------------------------------------------------------------------------------------------------------------------
// Clients

/** Node docs: https.Agent. */
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  options = { __proto__: null, ...options };
  options.defaultPort ??= 443;
  options.protocol ??= 'https:';
  Reflect.apply(HttpAgent, this, [options]);
  this.maxCachedSessions = this.options.maxCachedSessions;
  if (this.maxCachedSessions === undefined) this.maxCachedSessions = SESSIONS_MAX;
  this._sessionCache = { map: {}, list: [] };
}
Object.setPrototypeOf(Agent.prototype, HttpAgent.prototype);
Object.setPrototypeOf(Agent, HttpAgent);

Agent.prototype.createConnection = createConnection;

function createConnection(...args) {
  let options;
  let callback;
  if (typeof args[0] === 'object' && args[0] !== null) options = { ...args[0] };
  else if (typeof args[1] === 'object' && args[1] !== null) options = { ...args[1] };
  else if (typeof args[2] === 'object' && args[2] !== null) options = { ...args[2] };
  else options = {};
  if (typeof args[0] === 'number') options.port = args[0];
  if (typeof args[1] === 'string') options.host = args[1];
  if (typeof args.at(-1) === 'function') callback = args.at(-1);
  const agent = this instanceof HttpAgent ? this : undefined;
  const key = options._agentKey;
  if (key && agent) {
    const session = agent._getSession(key);
    if (session && !options.session) options.session = session;
  }
  const socket = connectTls(options, agent, callback);
  if (socket && key && agent) {
    socket.on('session', (session) => agent._cacheSession(key, session));
    socket.once('close', (failed) => {
      if (failed) agent._evictSession(key);
    });
  }
  return socket;
}

function connectTls(options, agent, callback) {
  const proxy = agent && require('internal/http/tunnel').proxyFor(agent, options);
  if (proxy) {
    require('internal/http/tunnel').connect(agent, proxy, options, callback);
    return undefined;
  }
  return tls.connect(options);
}

/** What makes connections different from each other. Node docs: agent.getName. */
const NAME_PARTS = [
  'ca', 'cert', 'clientCertEngine', 'ciphers', 'key', 'pfx', 'rejectUnauthorized', 'servername', 'minVersion', 'maxVersion', 'secureProtocol',
  'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions', 'sessionIdContext', 'sigalgs', 'privateKeyIdentifier',
  'privateKeyEngine',
];

Agent.prototype.getName = function getName(options = {}) {
  let name = HttpAgent.prototype.getName.call(this, options);
  for (const part of NAME_PARTS) {
    name += ':';
    const value = options[part];
    switch (part) {
      case 'rejectUnauthorized':
      case 'honorCipherOrder':
      case 'secureOptions':
        if (value !== undefined) name += value;
        break;
      case 'servername':
        if (value && value !== options.host) name += value;
        break;
      case 'pfx':
        if (value) name += Array.isArray(value) ? value.map((item) => item.buf ? `${item.buf}:${item.passphrase ?? ''}` : `${item}`).join() : value;
        break;
      case 'sigalgs':
        if (value) name += JSON.stringify(value);
        break;
      default:
        if (value) name += value;
    }
  }
  return name;
};

Agent.prototype._getSession = function _getSession(key) {
  return this._sessionCache.map[key];
};

Agent.prototype._cacheSession = function _cacheSession(key, session) {
  if (this.maxCachedSessions === 0) return;
  const { list, map } = this._sessionCache;
  if (map[key] === undefined) {
    if (list.length >= this.maxCachedSessions) delete map[list.shift()];
    list.push(key);
  }
  map[key] = session;
};

Agent.prototype._evictSession = function _evictSession(key) {
  const { list, map } = this._sessionCache;
  const index = list.indexOf(key);
  if (index === -1) return;
  list.splice(index, 1);
  delete map[key];
};

let globalAgent;

/** The agent of requests that have none of their own. */
function theGlobalAgent() {
  return globalAgent ??= new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: proxyEnvironment() });
}

/** Node docs: https.request. */
function request(...args) {
  let options = {};
  if (typeof args[0] === 'string') {
    options = urlToHttpOptions(new URL(args.shift()));
  } else if (isURL(args[0])) {
    options = urlToHttpOptions(args.shift());
  }
  if (args[0] && typeof args[0] !== 'function') Object.assign(options, args.shift());
  options._defaultAgent = module.exports.globalAgent;
  args.unshift(options);
  return Reflect.construct(ClientRequest, args);
}

/** Node docs: https.get. */
function get(input, options, callback) {
  const req = request(input, options, callback);
  req.end();
  return req;
}

module.exports = { Agent, Server, createServer, get, request };
Object.defineProperty(module.exports, 'globalAgent', {
  __proto__: null, configurable: true, enumerable: true, get: theGlobalAgent, set(value) { globalAgent = value; },
});
