/** Proxies by environment: which requests go through which proxy. Node docs: http, "Built-in Proxy Support". */
'use strict';

const { codes: { ERR_PROXY_INVALID_CONFIG } } = require('internal/errors');

/** One proxy, and for whom it is not. */
class ProxyConfig {
  constructor(proxyUrl, noProxy) {
    if (/[\r\n]/.test(proxyUrl)) throw new ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${proxyUrl}`);
    const { URL } = require('url');
    if (!URL.canParse(proxyUrl)) throw new ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${proxyUrl}`);
    const url = new URL(proxyUrl);
    const { hostname, port, protocol, username, password } = url;
    this.href = proxyUrl;
    this.hostname = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    this.protocol = protocol;
    this.port = port ? Number(port) : protocol === 'https:' ? 443 : 80;
    if (username || password) {
      const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      if (/[\r\n]/.test(credentials)) throw new ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${proxyUrl}`);
      this.auth = `Basic ${require('buffer').Buffer.from(credentials).toString('base64')}`;
    } else {
      this.auth = undefined;
    }
    this.bypass = (noProxy ?? '').split(',').map((item) => item.trim().toLowerCase()).filter((item) => item !== '');
  }

  /** Whether requests to `host` use the proxy. */
  shouldUseProxy(host, port) {
    host = String(host).toLowerCase();
    if (host.startsWith('[')) host = host.slice(1, -1);
    return !this.bypass.some((item) => matches(item, host, port));
  }
}

function ipNumber(text) {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Node docs: NO_PROXY format. */
function matches(item, host, port) {
  if (item === '*') return true;
  if (item === host || (item.startsWith('[') && item === `[${host}]`)) return true;
  if (item.startsWith('*.')) return host.endsWith(item.slice(1)) || host === item.slice(2);
  if (item.startsWith('.')) return host.endsWith(item) || host === item.slice(1);
  const range = /^([\d.]+)-([\d.]+)$/.exec(item);
  if (range !== null) {
    const [from, to, address] = [ipNumber(range[1]), ipNumber(range[2]), ipNumber(host)];
    return from !== undefined && to !== undefined && address !== undefined && from <= address && address <= to;
  }
  const withPort = /^(.+):(\d+)$/.exec(item);
  return withPort !== null && Number(withPort[2]) === Number(port) && matches(withPort[1], host, port);
}

/** The proxy for requests of `protocol`; null if there is none. */
function parseProxyConfigFromEnv(env, protocol) {
  if (env === undefined || env === null) return null;
  const url = protocol === 'https:' ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY;
  if (!url) return null;
  return new ProxyConfig(url, env.no_proxy || env.NO_PROXY);
}

/** Node docs: http.setGlobalProxyFromEnv. Returns a function that undoes it. */
function setGlobalProxyFromEnv(proxyEnv = process.env) {
  const { validateObject } = require('internal/validators');
  validateObject(proxyEnv, 'proxyEnv');
  const { has, requireBuiltin } = require('internal/loader');
  const http = requireBuiltin('http');
  for (const protocol of ['http:', 'https:']) parseProxyConfigFromEnv(proxyEnv, protocol);
  if (!['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].some((name) => proxyEnv[name])) return () => {};
  const before = http.globalAgent;
  http.globalAgent = new http.Agent({ ...globalOptions(before), proxyEnv });
  const https = has('https') ? requireBuiltin('https') : undefined;
  const beforeHttps = https?.globalAgent;
  if (beforeHttps) https.globalAgent = new https.Agent({ ...globalOptions(beforeHttps), proxyEnv });
  return function restore() {
    http.globalAgent = before;
    if (beforeHttps) https.globalAgent = beforeHttps;
  };
}

function globalOptions(agent) {
  const { keepAlive, scheduling, timeout } = agent.options;
  return { keepAlive, scheduling, timeout };
}

module.exports = { ProxyConfig, parseProxyConfigFromEnv, setGlobalProxyFromEnv };
