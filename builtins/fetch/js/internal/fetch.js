/**
 * `fetch()`. Fetch Standard §4, §5.6, over internal/http/client.
 *
 * A server-side fetch: no cookies, no CORS, no cache. Connections are kept by an agent of their own. Content codings are
 * taken off as the body streams.
 */
'use strict';

const { Headers, appendRaw, getValue, rawEntries, setGuard } = require('internal/fetch/headers');
const { FormData } = require('internal/fetch/form_data');
const { Request } = require('internal/fetch/request');
const { Body, kBody, readParts } = require('internal/fetch/body');
const { NULL_BODY, REDIRECT, Response, makeResponse } = require('internal/fetch/response');
const channels = require('internal/fetch/channels');
const { defineLazyProperties } = require('internal/util');

/** Where undici, as of version 8, keeps the dispatcher of `setGlobalDispatcher`. */
const kGlobalDispatcher = Symbol.for('undici.globalDispatcher.2');

/** Fetch Standard: HTTP-redirect fetch. */
const REDIRECTS_MAX = 20;

/** How long a connection may take. undici: the option `connect.timeout` of Client. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Fetch Standard: bad ports. */
const BAD_PORTS = new Set([1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
  110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
  554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666,
  6667, 6668, 6669, 6679, 6697, 10080]);

const failed = (cause) => new TypeError('fetch failed', cause === undefined ? undefined : { cause });

/** Node docs: fetch. */
function fetch(input, init = undefined) {
  if (arguments.length === 0) return Promise.reject(new TypeError('fetch: 1 argument required, but 0 found.'));
  return start(input, init);
}

async function start(input, init) {
  const request = new Request(input, init);
  const state = request[kBody];
  const { signal } = state;
  signal?.throwIfAborted();
  const job = { request: state, signal, redirects: 0, url: state.url, method: state.method, body: state.body,
                headers: new Headers(state.headers), crossOrigin: false, abort: undefined, failure: undefined };
  if (signal === undefined) return runChecked(job);
  return await new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      job.abort?.(signal.reason);
      const stream = state.body?.stream;
      if (stream && !stream.locked) stream.cancel(signal.reason).catch(() => {});
    };
    signal.addEventListener('abort', onAbort, { once: true });
    runChecked(job).then(resolve, reject);
  });
}

/** With `integrity` the whole body is here before anybody sees the response. Fetch Standard: main fetch. */
async function runChecked(job) {
  const response = await run(job);
  const { integrity } = job.request;
  if (integrity === '' || response.body === null) return response;
  const state = response[kBody];
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!require('internal/fetch/integrity').matches(integrity, bytes)) throw failed(new Error('integrity mismatch'));
  state.body = new Body(bytes, bytes.length);
  return response;
}

async function run(job) {
  switch (job.url.protocol) {
    case 'http:':
    case 'https:':
      return runHttp(job);
    case 'data:':
      return runData(job);
    case 'blob:':
      return runBlob(job);
    case 'about:':
      throw failed(new Error('about scheme is not supported'));
    case 'file:':
      throw failed(new Error('not implemented... yet...'));
    default:
      throw failed(new Error('unknown scheme'));
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// data: and blob:

function localResponse(job, bytes, type, length = bytes.length) {
  const headers = new Headers();
  appendRaw(headers, 'content-type', type);
  if (Array.isArray(bytes)) appendRaw(headers, 'content-length', String(length));
  setGuard(headers, 'immutable');
  return makeResponse({ body: new Body(bytes, length), headers, statusText: 'OK', type: 'basic', url: job.url.href });
}

/** Fetch Standard: data: URL processor. */
function runData(job) {
  const { Buffer } = require('buffer');
  const text = job.url.href.replace(/#.*$/, '').slice(5);
  const comma = text.indexOf(',');
  if (comma === -1) throw failed(new Error('failed to fetch the data URL'));
  let type = text.slice(0, comma).trim();
  const encoded = text.slice(comma + 1);
  let bytes = percentDecode(encoded);
  if (/;\s*base64$/i.test(type)) {
    const base64 = bytes.toString('latin1').replace(/[\t\n\f\r ]/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw failed(new Error('failed to fetch the data URL'));
    bytes = Buffer.from(base64, 'base64');
    type = type.replace(/;\s*base64$/i, '');
  }
  if (type.startsWith(';')) type = `text/plain${type}`;
  const { MIMEType } = require('util');
  try {
    type = String(new MIMEType(type));
  } catch {
    type = 'text/plain;charset=US-ASCII';
  }
  return localResponse(job, bytes, type);
}

function percentDecode(text) {
  const { Buffer } = require('buffer');
  const bytes = Buffer.from(text);
  let to = 0;
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 0x25 && i + 2 < bytes.length ? bytes.latin1Slice(i + 1, i + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes[to++] = parseInt(hex, 16);
      i += 2;
    } else {
      bytes[to++] = bytes[i];
    }
  }
  return bytes.subarray(0, to);
}

function runBlob(job) {
  const { resolveObjectURL } = require('buffer');
  const blob = resolveObjectURL(job.url.href);
  if (job.method !== 'GET' || blob === undefined) throw failed(new Error('invalid method or URL'));
  return localResponse(job, [blob], blob.type, blob.size);
}

// ---------------------------------------------------------------------------------------------------------------------
// http: and https:

const agents = { __proto__: null };

function agentFor(url) {
  const { protocol } = url;
  const { requireBuiltin } = require('internal/loader');
  return agents[protocol] ??= new (protocol === 'https:' ? requireBuiltin('https') : require('internal/http/agent')).Agent({
    keepAlive: true, timeout: 4000, scheduling: 'lifo',
  });
}

/** The proxy for a URL by the options of the global agent, or undefined. */
function proxyFor(url) {
  const { proxyEnv } = require('internal/http/agent').globals.agent.options;
  if (!proxyEnv) return undefined;
  const proxy = require('internal/http/proxy').parseProxyConfigFromEnv(proxyEnv, url.protocol);
  return proxy?.shouldUseProxy(url.hostname, portOf(url)) ? proxy : undefined;
}

function portOf(url) {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

/** A connection through a proxy, as undici makes for both protocols. RFC 9110 §9.3.6. */
function openTunnel(url, proxy) {
  const { ClientRequest } = require('internal/http/client');
  const { requireBuiltin } = require('internal/loader');
  const { Agent } = proxy.protocol === 'https:' ? requireBuiltin('https') : require('internal/http/agent');
  const authority = `${url.hostname}:${portOf(url)}`;
  const headers = ['host', url.host, 'connection', 'close', 'proxy-connection', 'keep-alive'];
  if (proxy.auth !== undefined) headers.push('proxy-authorization', proxy.auth);
  return new Promise((resolve, reject) => {
    const agent = new Agent();
    const req = new ClientRequest({
      _defaultAgent: agent, agent, protocol: proxy.protocol, host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: authority,
      headers,
    });
    req.on('error', reject);
    req.on('connect', (res, socket) => {
      if (res.statusCode !== 200) {
        socket.destroy();
        reject(new Error(`Proxy response (${res.statusCode}) !== 200 when HTTP Tunneling`));
      } else if (url.protocol === 'https:') {
        resolve(requireBuiltin('tls').connect({ socket, servername: url.hostname }));
      } else {
        resolve(socket);
      }
    });
    req.end();
  });
}

async function runHttp(job) {
  for (;;) {
    const { url } = job;
    if (url.port !== '' && BAD_PORTS.has(Number(url.port))) throw failed(new Error('bad port'));
    let incoming;
    try {
      incoming = await exchange(job);
    } catch (error) {
      if (job.signal?.aborted) throw job.signal.reason;
      throw failed(error);
    }
    if (!REDIRECT.includes(incoming.statusCode)) return respond(job, incoming);
    const { location } = incoming.headers;
    const { redirect } = job.request;
    if (redirect === 'error') {
      incoming.destroy();
      throw failed(new Error('unexpected redirect'));
    }
    if (redirect === 'manual' || location === undefined) return respond(job, incoming);
    incoming.resume();
    follow(job, incoming.statusCode, location);
  }
}

/** Fetch Standard: HTTP-redirect fetch. */
function follow(job, status, location) {
  const { URL } = require('url');
  let next;
  try {
    next = new URL(require('buffer').Buffer.from(location, 'latin1').toString(), job.url);
  } catch (error) {
    throw failed(error);
  }
  if (next.protocol !== 'http:' && next.protocol !== 'https:') throw failed(new Error('URL scheme must be a HTTP(S) scheme'));
  if (job.redirects++ === REDIRECTS_MAX) throw failed(new Error('redirect count exceeded'));
  if (job.request.mode === 'cors' && (next.username || next.password) && next.origin !== job.url.origin) {
    throw failed(new Error('cross origin not allowed for request mode "cors"'));
  }
  if (next.hash === '') next.hash = job.url.hash;
  if (status !== 303 && job.body !== null && job.body.source === null) throw failed(new Error('cannot follow a redirect with a stream body'));
  if (((status === 301 || status === 302) && job.method === 'POST') || (status === 303 && job.method !== 'GET' && job.method !== 'HEAD')) {
    job.method = 'GET';
    job.body = null;
    for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) {
      job.headers.delete(name);
    }
  }
  if (next.origin !== job.url.origin) {
    for (const name of ['authorization', 'proxy-authorization', 'cookie', 'host']) job.headers.delete(name);
  }
  job.url = next;
}

/** The fields of a request: the caller's, and what Node's fetch sends by itself. Names and values in turn. */
function fieldsOf(job) {
  const { headers, url } = job;
  const list = [];
  for (const [name, value] of rawEntries(headers)) {
    const lower = name.toLowerCase();
    if (lower !== 'host' && lower !== 'connection' && lower !== 'content-length' && lower !== 'transfer-encoding') list.push(name, value);
  }
  const add = (name, value) => {
    if (!headers.has(name)) list.push(name, value);
  };
  add('accept', '*/*');
  add('accept-language', '*');
  list.push('sec-fetch-mode', job.request.mode);
  add('user-agent', 'node');
  if (job.request.cache === 'no-store' || job.request.cache === 'reload') {
    add('pragma', 'no-cache');
    add('cache-control', 'no-cache');
  }
  if (headers.has('range')) add('accept-encoding', 'identity');
  else add('accept-encoding', url.protocol === 'https:' ? 'br, gzip, deflate' : 'gzip, deflate');
  return list;
}

/** The length of a body, as fields. */
function framing({ body, method }) {
  if (body !== null) return body.length === null ? ['transfer-encoding', 'chunked'] : ['content-length', String(body.length)];
  return method === 'POST' || method === 'PUT' ? ['content-length', '0'] : [];
}

/** One request and the head of its response; an IncomingMessage. */
async function exchange(job) {
  const { ClientRequest } = require('internal/http/client');
  const { kSilent } = require('internal/http/common');
  const { url, method, body } = job;
  const fields = fieldsOf(job);
  const dispatcher = job.request.dispatcher ?? globalThis[kGlobalDispatcher];
  if (dispatcher !== undefined) {
    const length = body === null || body.length === null ? [] : framing(job);
    return require('internal/fetch/dispatcher').exchange(job, dispatcher, [...fields, ...length]);
  }
  const told = channels.create(job, fields);
  const proxy = proxyFor(url);
  const tunnel = proxy === undefined ? undefined : await openTunnel(url, proxy);
  return new Promise((resolve, reject) => {
    const options = {
      agent: tunnel === undefined ? agentFor(url) : undefined, protocol: url.protocol, host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || undefined, path: url.pathname + url.search, method,
      headers: ['host', getValue(job.headers, 'host') ?? url.host, 'connection', 'keep-alive', ...fields, ...framing(job)], _defaultAgent: agentFor(url),
      createConnection: tunnel === undefined ? undefined : () => tunnel, [kSilent]: true,
    };
    if (url.username || url.password) options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const req = new ClientRequest(options);
    if (told !== undefined) channels.follow(told, req, url);
    let done = false;
    job.abort = () => req.destroy();
    req.on('socket', (socket) => limitConnecting(req, socket, url));
    req.on('response', (incoming) => {
      done = true;
      resolve(incoming);
    });
    req.on('upgrade', (incoming, socket) => {
      const { SocketError, describe } = require('internal/fetch/errors');
      reject(new SocketError('bad upgrade', describe(socket)));
      socket.destroy();
    });
    req.on('error', (error) => {
      // A kept connection that the server closed meanwhile: the request was not seen.
      if (!done && req.reusedSocket && error.code === 'ECONNRESET' && (body === null || body.source !== null)) {
        done = true;
        exchange(job).then(resolve, reject);
      } else {
        const cause = require('internal/fetch/errors').causeOf(error, req.socket);
        // After the head it is for whoever reads the body.
        job.failure ??= cause;
        if (told !== undefined) channels.fail(told, cause);
        reject(cause);
      }
    });
    send(req, body).catch((error) => {
      req.destroy();
      reject(error);
    });
  });
}

/** Gives up a connection that does not come to be. */
function limitConnecting(req, socket, url) {
  if (!socket.connecting) return;
  const { clearTimeout, setUnrefTimeout } = require('internal/timers/timers');
  const timeout = setUnrefTimeout(() => {
    const { ConnectTimeoutError } = require('internal/fetch/errors');
    const tried = socket.autoSelectFamilyAttemptedAddresses;
    const where = tried?.length > 1 ? `attempted addresses: ${tried.join(', ')}` : `attempted address: ${url.hostname}:${portOf(url)}`;
    req.destroy(new ConnectTimeoutError(`Connect Timeout Error (${where}, timeout: ${CONNECT_TIMEOUT_MS}ms)`));
  }, CONNECT_TIMEOUT_MS);
  const stop = () => clearTimeout(timeout);
  socket.once('connect', stop);
  socket.once('close', stop);
}

async function send(req, body) {
  if (body === null) {
    req.end();
    return;
  }
  if (body.stream === null && body.source instanceof Uint8Array) {
    body.used = true;
    req.end(body.source);
    return;
  }
  const chunks = body.stream === null ? readParts(body.source) : body.stream;
  body.used = true;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
    if (req.destroyed) return;
    if (!req.write(chunk)) {
      await new Promise((resolve) => {
        req.once('drain', resolve);
        req.once('close', resolve);
      });
    }
  }
  req.end();
}

/** Content codings that can be taken off. */
function decoders(codings) {
  const zlib = require('zlib');
  const list = [];
  for (const coding of codings) {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        list.push(zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }));
        break;
      case 'deflate':
        list.push(zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }));
        break;
      case 'br':
        list.push(zlib.createBrotliDecompress({
          flush: zlib.constants.BROTLI_OPERATION_FLUSH, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
        }));
        break;
      case 'zstd':
        list.push(zlib.createZstdDecompress());
        break;
      default:
        return [];
    }
  }
  return list;
}

function respond(job, incoming) {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) appendRaw(headers, raw[i], raw[i + 1]);
  setGuard(headers, 'immutable');
  const status = incoming.statusCode;
  const url = new (require('url').URL)(job.url);
  url.hash = '';
  let body = null;
  if (job.method === 'HEAD' || NULL_BODY.includes(status)) {
    incoming.resume();
  } else {
    const codings = (getValue(headers, 'content-encoding') ?? '').toLowerCase().split(',').map((item) => item.trim()).filter(Boolean);
    const chain = codings.length === 0 ? [] : decoders(codings.reverse());
    body = new Body(null, null, bodyStream(job, incoming, chain));
  }
  return makeResponse({
    body, headers, redirected: job.redirects > 0, status, statusText: incoming.statusMessage, type: 'basic', url: url.href,
  });
}

/** The body as a stream of bytes; what nobody reads stays in the socket. */
function bodyStream(job, incoming, chain) {
  const { ReadableStream } = require('stream/web');
  let source = incoming;
  if (chain.length > 0) {
    const { pipeline } = require('stream');
    source = pipeline(incoming, ...chain, () => {});
  }
  let controller;
  let closed = false;
  const fail = (error) => {
    if (closed) return;
    closed = true;
    controller.error(job.signal?.aborted ? job.signal.reason : error);
  };
  job.abort = (reason) => {
    fail(reason);
    incoming.destroy();
  };
  const terminated = (error) => {
    const { causeOf, otherSideClosed } = require('internal/fetch/errors');
    const { socket } = incoming;
    const cause = job.failure ?? (error === undefined ? otherSideClosed(socket) : causeOf(error, socket));
    return new TypeError('terminated', { cause });
  };
  const stream = new ReadableStream({
    type: 'bytes',
    start(given) {
      controller = given;
      source.on('data', (chunk) => {
        if (closed || chunk.length === 0) return;
        controller.enqueue(new Uint8Array(chunk));
        if (controller.desiredSize <= 0) source.pause();
      });
      source.on('end', () => {
        if (closed) return;
        closed = true;
        controller.close();
        controller.byobRequest?.respond(0);
      });
      source.on('error', (error) => fail(terminated(error)));
      incoming.on('error', (error) => fail(terminated(error)));
      incoming.on('close', () => {
        if (!incoming.complete) fail(terminated());
      });
      source.pause();
    },
    pull() {
      source.resume();
    },
    cancel() {
      closed = true;
      incoming.destroy();
    },
  });
  return stream;
}

module.exports = { FormData, Headers, Request, Response, fetch };
defineLazyProperties(module.exports, 'internal/fetch/event_source', ['EventSource']);
