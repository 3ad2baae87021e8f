/** Tunnels through proxies: CONNECT, then TLS over what it gives. Node docs: http, "Built-in Proxy Support". RFC 9110 §9.3.6. */
'use strict';

const { codes: { ERR_PROXY_TUNNEL } } = require('internal/errors');

/** The proxy for a connection of an agent of `https:`, if there is one. */
function proxyFor(agent, options) {
  const proxy = agent.proxyConfig;
  if (!proxy || options.socketPath || !proxy.shouldUseProxy(options.host, options.port)) return undefined;
  return proxy;
}

/** Connects to `options.host` through the proxy; `callback(error, tlsSocket)`. */
function connect(agent, proxy, options, callback) {
  const tls = require('tls');
  const host = String(options.host).includes(':') ? `[${options.host}]` : options.host;
  const authority = `${host}:${options.port}`;
  if (/[\r\n]/.test(authority)) {
    const { codes: { ERR_INVALID_CHAR } } = require('internal/errors');
    throw new ERR_INVALID_CHAR('request options', 'host');
  }
  const headers = { host: authority };
  // As long as the agent would keep the connection for another request, or for one that waits.
  if (agent.keepAlive || Number.isFinite(agent.maxSockets)) headers['proxy-connection'] = 'keep-alive';
  if (proxy.auth !== undefined) headers['proxy-authorization'] = proxy.auth;
  const timeout = options.timeout ?? agent.options.timeout;
  const { request } = proxy.protocol === 'https:' ? require('https') : require('http');
  const req = request({
    method: 'CONNECT', host: proxy.hostname, port: proxy.port, path: authority, headers, agent: false, setDefaultHeaders: false,
    setHost: false, ca: options.ca, rejectUnauthorized: options.rejectUnauthorized, timeout,
  });
  let done = false;
  const finish = (error, socket) => {
    if (done) return;
    done = true;
    callback(error, socket);
  };
  req.once('connect', (res, socket, head) => {
    if (res.statusCode !== 200) {
      socket.destroy();
      const error = new ERR_PROXY_TUNNEL(`Failed to establish tunnel to ${authority} via ${proxy.href}: HTTP/${res.httpVersion} ${res.statusCode} ${res.statusMessage}`);
      error.statusCode = res.statusCode;
      finish(error);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    finish(null, tls.connect({ ...options, path: undefined, socket, servername: options.servername || undefined, checkHost: options.host }));
  });
  req.once('response', (res) => {
    res.destroy();
    const error = new ERR_PROXY_TUNNEL(`Failed to establish tunnel to ${authority} via ${proxy.href}: HTTP/${res.httpVersion} ${res.statusCode} ${res.statusMessage}`);
    error.statusCode = res.statusCode;
    finish(error);
  });
  req.once('timeout', () => {
    const error = new ERR_PROXY_TUNNEL(`Connection to establish proxy tunnel timed out after ${timeout}ms`);
    error.proxyTunnelTimeout = timeout;
    req.destroy(error);
  });
  req.once('error', (error) => {
    const early = error.code === 'ECONNRESET' && error.message === 'socket hang up';
    finish(early ? new ERR_PROXY_TUNNEL('Connection to establish proxy tunnel ended unexpectedly') : error);
  });
  req.once('close', () => finish(new ERR_PROXY_TUNNEL(`Connection to establish proxy tunnel ended unexpectedly`)));
  req.end();
}

module.exports = { connect, proxyFor };
