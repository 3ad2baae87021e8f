/**
 * Requests of the program, as events of the Network domain. Node docs: --experimental-network-inspection.
 *
 * Channels tell of requests; what flows through one is seen by functions that are put before those of its objects, only while a client has
 * enabled the domain.
 */
'use strict';

const { Buffer } = require('buffer');
const { subscribe } = require('diagnostics_channel');
const { Network } = require('internal/inspector/events');

/** DevTools protocol: Network.ResourceType. */
const OTHER = 'Other';
const kInfo = Symbol('network inspection');

let lastId = 0;
let started = false;

function isWanted() {
  return require('internal/inspector/host').agent?.someEnabled('Network') === true;
}

const nextId = () => `node-network-event-${++lastId}`;
/** Seconds on a clock that only goes forward. */
const timestamp = () => performance.now() / 1000;

/** Headers with one text per name. */
function plainHeaders(headers) {
  const out = {};
  for (const name of Object.keys(headers)) {
    if (name.startsWith(':')) continue;
    const value = headers[name];
    const lower = name.toLowerCase();
    out[lower] = Array.isArray(value) ? value.join(lower === 'set-cookie' ? '\n' : lower === 'cookie' ? '; ' : ', ') : `${value}`;
  }
  return out;
}

/** `{ mimeType, charset }` of a content type. */
function contentType(headers) {
  const text = headers['content-type'];
  if (text === undefined) return { mimeType: '', charset: '' };
  try {
    const { MIMEType } = require('util');
    const type = new MIMEType(text);
    return { mimeType: type.essence, charset: (type.params.get('charset') ?? '').toLowerCase() };
  } catch {
    return { mimeType: '', charset: '' };
  }
}

/** Puts `see(...args)` before a method of one object. */
function before(object, name, see) {
  const original = object[name];
  Object.defineProperty(object, name, {
    __proto__: null, configurable: true, enumerable: false, writable: true,
    value: function(...args) {
      see(...args);
      return Reflect.apply(original, this, args);
    },
  });
}

function toBuffer(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : undefined) : Buffer.from(chunk);
}

/** Tells of what is written to `stream` and of its end. */
function watchBody(stream, requestId) {
  const sent = (chunk, encoding) => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
    const data = toBuffer(chunk, encoding);
    Network.dataSent({ requestId, timestamp: timestamp(), dataLength: data.byteLength, data });
  };
  before(stream, 'write', sent);
  before(stream, 'end', sent);
  stream.once('finish', () => Network.dataSent({ requestId, finished: true }));
}

/** Tells of what `stream` reads. */
function watchData(stream, requestId, onEnd) {
  before(stream, 'push', (chunk, encoding) => {
    if (chunk === null) {
      onEnd();
      return;
    }
    const data = toBuffer(chunk, encoding);
    Network.dataReceived({ requestId, timestamp: timestamp(), dataLength: data.byteLength, encodedDataLength: data.byteLength, data });
  });
}

function begin({ url, method, headers, hasPostData }) {
  const requestId = nextId();
  const { charset } = contentType(headers);
  Network.requestWillBeSent({
    requestId, timestamp: timestamp(), wallTime: Date.now() / 1000, charset, request: { url, method, headers, hasPostData },
  });
  return { requestId, url };
}

function respond({ requestId, url }, status, statusText, headers) {
  Network.responseReceived({ requestId, timestamp: timestamp(), type: OTHER, response: { url, status, statusText, headers, ...contentType(headers) } });
}

function finish(info) {
  if (info.ended) return;
  info.ended = true;
  Network.loadingFinished({ requestId: info.requestId, timestamp: timestamp() });
}

function fail(info, error) {
  if (info.ended) return;
  info.ended = true;
  Network.loadingFailed({ requestId: info.requestId, timestamp: timestamp(), type: OTHER, errorText: `${error?.message ?? error}` });
}

function watchHttp() {
  subscribe('http.client.request.created', ({ request }) => {
    if (!isWanted()) return;
    const headers = plainHeaders(request.getHeaders());
    // WebSockets have events of their own.
    if (headers.upgrade?.toLowerCase() === 'websocket') return;
    const hasPostData = request.useChunkedEncodingByDefault === true;
    const info = begin({ url: `${request.protocol}//${headers.host ?? request.host}${request.path}`, method: request.method, headers, hasPostData });
    request[kInfo] = info;
    watchBody(request, info.requestId);
    before(request, 'emit', (name, value) => {
      if (name === 'error') fail(info, value);
      if (name !== 'response') return;
      respond(info, value.statusCode, value.statusMessage, plainHeaders(value.headers));
      watchData(value, info.requestId, () => finish(info));
    });
  });
}

/** The URL that a stream of HTTP/2 asks for. */
function streamUrl(headers, stream) {
  const scheme = headers[':scheme'] ?? (stream.session?.encrypted ? 'https' : 'http');
  return `${scheme}://${headers[':authority'] ?? ''}${headers[':path'] ?? '/'}`;
}

function watchHttp2() {
  subscribe('http2.client.stream.created', ({ stream, headers }) => {
    if (!isWanted()) return;
    const method = headers[':method'] ?? 'GET';
    const isPushed = stream.id % 2 === 0;
    // Node docs: clienthttp2session.request, options.endStream. Nothing says where a pushed stream's request ended.
    const hasPostData = isPushed || !/^(?:GET|HEAD|DELETE)$/.test(method);
    const info = begin({ url: streamUrl(headers, stream), method, headers: plainHeaders(headers), hasPostData });
    stream[kInfo] = info;
    if (hasPostData && !isPushed) watchBody(stream, info.requestId);
  });
  subscribe('http2.client.stream.finish', ({ stream, headers }) => {
    const info = stream[kInfo];
    if (info === undefined || info.responded) return;
    info.responded = true;
    respond(info, Number(headers[':status'] ?? 200), '', plainHeaders(headers));
    watchData(stream, info.requestId, () => finish(info));
  });
  subscribe('http2.client.stream.error', ({ stream, error }) => {
    if (stream[kInfo] !== undefined) fail(stream[kInfo], error);
  });
}

function watchWebSocket() {
  require('internal/websocket/websocket').watch({
    created(socket, url) {
      if (!isWanted()) return;
      const requestId = nextId();
      socket[kInfo] = { requestId };
      Network.webSocketCreated({ requestId, url });
    },
    opened(socket, { status, statusText, headers }) {
      const info = socket[kInfo];
      if (info === undefined) return;
      Network.webSocketHandshakeResponseReceived({
        requestId: info.requestId, timestamp: timestamp(), response: { status, statusText, headers: plainHeaders(headers) },
      });
    },
    closed(socket) {
      const info = socket[kInfo];
      if (info !== undefined) Network.webSocketClosed({ requestId: info.requestId, timestamp: timestamp() });
    },
  });
}

/** Watches from now on. */
function start() {
  if (started) return;
  started = true;
  watchHttp();
  watchHttp2();
  watchWebSocket();
}

module.exports = { start };
