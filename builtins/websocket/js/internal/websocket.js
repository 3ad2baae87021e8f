/** The global `WebSocket`: a client over the HTTP client's upgrade. WHATWG WebSockets Standard; RFC 6455. */
'use strict';

const { Buffer } = require('buffer');
const { Event, EventTarget, defineEventHandler } = require('internal/event_target');
const { isBlob } = require('internal/buffer/blob');
const { lazyDOMException, customInspectSymbol } = require('internal/util');
const { BINARY, CLOSE, FrameError, FrameReader, PING, PONG, TEXT, encodeFrame } = require('internal/websocket/frames');
const { Inflater, OFFER, parseAgreement } = require('internal/websocket/deflate');

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** How long a server may take to end the connection after the closing handshake, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3000;

const tokenExpression = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;

class CloseEvent extends Event {
  #wasClean;
  #code;
  #reason;

  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError('CloseEvent constructor: 1 argument required, but 0 found.');
    super(type, init);
    this.#wasClean = Boolean(init?.wasClean);
    this.#code = Number(init?.code ?? 0) & 0xffff;
    this.#reason = String(init?.reason ?? '').toWellFormed();
  }

  get wasClean() { return this.#wasClean; }
  get code() { return this.#code; }
  get reason() { return this.#reason; }
}

/** An error that is reported as an event. HTML, "ErrorEvent". */
class ErrorEvent extends Event {
  #message;
  #filename;
  #lineno;
  #colno;
  #error;

  constructor(type, init = undefined) {
    if (arguments.length === 0) throw new TypeError('ErrorEvent constructor: 1 argument required, but 0 found.');
    super(type, init);
    this.#message = String(init?.message ?? '');
    this.#filename = String(init?.filename ?? '').toWellFormed();
    this.#lineno = Number(init?.lineno ?? 0) >>> 0;
    this.#colno = Number(init?.colno ?? 0) >>> 0;
    this.#error = init?.error;
  }

  get message() { return this.#message; }
  get filename() { return this.#filename; }
  get lineno() { return this.#lineno; }
  get colno() { return this.#colno; }
  get error() { return this.#error; }
}
Object.defineProperty(ErrorEvent, 'length', { __proto__: null, value: 2, configurable: true });
for (const key of ['message', 'filename', 'lineno', 'colno', 'error']) {
  Object.defineProperty(ErrorEvent.prototype, key, { __proto__: null, enumerable: true });
}
for (const key of ['wasClean', 'code', 'reason']) {
  Object.defineProperty(CloseEvent.prototype, key, { __proto__: null, enumerable: true });
}

/** Who hears of connections: `{ created(socket, url), opened(socket, response), closed(socket) }`. */
let watcher;

/** The inspector shows connections. */
function watch(observer) {
  watcher = observer;
}

function randomBytes(count) {
  return require('crypto').randomBytes(count);
}

class WebSocket extends EventTarget {
  #url;
  #protocol = '';
  #extensions = '';
  #readyState = CONNECTING;
  #bufferedAmount = 0;
  #binaryType = 'blob';
  #req = null;
  #socket = null;
  #reader = null;
  #closeSent = false;
  #closeReceived = false;
  #code = 1006;
  #failure = undefined;
  #reason = '';
  #timer = undefined;
  /** Blobs are read before they are sent; later messages wait for them. */
  #queue = Promise.resolve();
  #queued = 0;

  constructor(url, protocols = []) {
    super();
    if (arguments.length === 0) throw new TypeError('WebSocket constructor: 1 argument required, but 0 found.');
    const options = typeof protocols === 'object' && protocols !== null && !(Symbol.iterator in protocols) ? protocols : { protocols };
    this.#url = parseURL(url);
    const list = normalizeProtocols(options.protocols ?? []);
    this.#connect(list, options);
  }

  #connect(protocols, options) {
    watcher?.created(this, this.#url.href);
    const { ClientRequest } = require('internal/http/client');
    const secure = this.#url.protocol === 'wss:';
    const key = randomBytes(16).toString('base64');
    const headers = ['Host', this.#url.host, 'Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Key', key,
      'Sec-WebSocket-Version', '13', 'Sec-WebSocket-Extensions', OFFER];
    if (protocols.length > 0) headers.push('Sec-WebSocket-Protocol', protocols.join(', '));
    headers.push('Accept', '*/*', 'Accept-Language', '*', 'Sec-Fetch-Mode', 'websocket', 'User-Agent', 'node', 'Pragma', 'no-cache',
      'Cache-Control', 'no-cache', 'Accept-Encoding', 'gzip, deflate');
    if (options.headers) {
      const { Headers } = require('internal/fetch/headers');
      for (const [name, value] of new Headers(options.headers)) headers.push(name, value);
    }
    const { requireBuiltin } = require('internal/loader');
    const Agent = secure ? requireBuiltin('https').Agent : require('internal/http/agent').Agent;
    const agent = new Agent();
    const req = this.#req = new ClientRequest({
      _defaultAgent: agent, agent, protocol: secure ? 'https:' : 'http:', host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port || undefined, path: this.#url.pathname + this.#url.search, headers,
      auth: this.#url.username ? `${decodeURIComponent(this.#url.username)}:${decodeURIComponent(this.#url.password)}` : undefined,
    });
    req.on('upgrade', (res, socket, head) => {
      const problem = checkHandshake(res, key, protocols);
      if (problem !== undefined) {
        socket.destroy();
        this.#fail(new Error(problem));
      } else {
        this.#open(res, socket, head);
      }
    });
    req.on('response', (res) => {
      res.destroy();
      this.#fail(new Error('Received network error or non-101 status code.'));
    });
    req.on('error', (error) => this.#fail(error));
    req.end();
  }

  #open(res, socket, head) {
    this.#socket = socket;
    this.#protocol = res.headers['sec-websocket-protocol'] ?? '';
    this.#extensions = res.headers['sec-websocket-extensions'] ?? '';
    const inflater = this.#extensions === '' ? undefined : new Inflater(parseAgreement(this.#extensions));
    this.#reader = new FrameReader((opcode, payload, compressed) => {
      this.#receive(opcode, compressed ? inflater.inflate(payload) : payload);
    }, inflater !== undefined);
    socket.setTimeout(0);
    socket.setNoDelay?.(true);
    socket.on('error', () => {});
    socket.on('close', () => this.#finish());
    socket.on('end', () => socket.end());
    if (this.#readyState === CLOSING) {
      socket.destroy();
      return;
    }
    this.#readyState = OPEN;
    watcher?.opened(this, { status: res.statusCode, statusText: res.statusMessage, headers: res.headers });
    this.dispatchEvent(new Event('open'));
    socket.on('data', (chunk) => this.#push(chunk));
    if (head.length > 0) this.#push(head);
  }

  #push(chunk) {
    if (this.#closeReceived) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (!this.#closeSent && !this.#socket.destroyed) this.#sendClose(error.status, error.message);
      this.#fail(error);
    }
  }

  #receive(opcode, payload) {
    if (opcode === PING) {
      if (this.#readyState === OPEN) this.#write(PONG, payload);
    } else if (opcode === CLOSE) {
      this.#receiveClose(payload);
    } else if (opcode === TEXT || opcode === BINARY) {
      if (this.#readyState !== OPEN) return;
      const { MessageEvent } = globalThis;
      let data;
      if (opcode === TEXT) {
        data = decodeText(payload);
        if (data === undefined) throw new FrameError('Received invalid UTF-8 in text frame.', 1007);
      } else if (this.#binaryType === 'blob') {
        data = new (require('buffer').Blob)([payload]);
      } else {
        data = new Uint8Array(payload).buffer;
      }
      this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }));
    }
  }

  #receiveClose(payload) {
    if (payload.length === 1) throw new FrameError('Received close frame with a 1-byte body.');
    this.#code = 1005;
    if (payload.length >= 2) {
      this.#code = payload.readUInt16BE(0);
      if (!isReceivable(this.#code)) throw new FrameError('Invalid status code');
      const reason = decodeText(payload.subarray(2));
      if (reason === undefined) throw new FrameError('Invalid UTF-8', 1007);
      this.#reason = reason;
    }
    this.#closeReceived = true;
    this.#readyState = CLOSING;
    if (!this.#closeSent) this.#sendClose(this.#code === 1005 ? undefined : this.#code, '');
    // The server ends the connection first; it gets some time for that.
    this.#timer = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS);
    this.#timer.unref();
    this.#socket.end();
  }

  #sendClose(code, reason) {
    this.#closeSent = true;
    let payload = Buffer.alloc(0);
    if (code !== undefined) {
      payload = Buffer.alloc(2 + Buffer.byteLength(reason));
      payload.writeUInt16BE(code, 0);
      payload.write(reason, 2);
    }
    this.#write(CLOSE, payload);
  }

  #write(opcode, payload, callback) {
    this.#socket.write(encodeFrame(opcode, payload, randomBytes(4)), callback);
  }

  /** The connection failed. RFC 6455 §7.1.7. */
  #fail(error) {
    if (this.#readyState === CLOSED) return;
    this.#closeReceived = false;
    this.#failure = error;
    if (this.#socket === null) {
      this.#finish();
      return;
    }
    this.#readyState = CLOSING;
    // What tells the server why goes first.
    this.#socket.destroySoon();
  }

  #finish() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CLOSED;
    watcher?.closed(this);
    clearTimeout(this.#timer);
    const wasClean = this.#closeSent && this.#closeReceived;
    if (!wasClean) {
      const failure = this.#failure ?? new Error('The connection ended without a close frame.');
      this.dispatchEvent(new ErrorEvent('error', { error: new TypeError('', { cause: failure }), message: '' }));
    }
    this.dispatchEvent(new CloseEvent('close', { wasClean, code: wasClean ? this.#code : 1006, reason: wasClean ? this.#reason : '' }));
  }

  close(code = undefined, reason = undefined) {
    if (code !== undefined) {
      code = Number(code) & 0xffff;
      if (code !== 1000 && (code < 3000 || code > 4999)) throw lazyDOMException('invalid code', 'InvalidAccessError');
    }
    reason = reason === undefined ? '' : String(reason).toWellFormed();
    if (Buffer.byteLength(reason) > 123) {
      throw lazyDOMException(`Reason must be less than 123 bytes; received ${Buffer.byteLength(reason)}`, 'SyntaxError');
    }
    if (this.#readyState === CLOSING || this.#readyState === CLOSED) return;
    if (this.#readyState === CONNECTING) {
      this.#readyState = CLOSING;
      process.nextTick(() => {
        this.#req.destroy();
        this.#fail(new Error('WebSocket was closed before the connection was established.'));
      });
      return;
    }
    this.#readyState = CLOSING;
    this.#afterQueue(() => {
      if (!this.#closeSent && !this.#socket.destroyed) this.#sendClose(code ?? (reason === '' ? undefined : 1000), reason);
    });
  }

  #afterQueue(work) {
    if (this.#queued === 0) {
      work();
      return;
    }
    this.#queue = this.#queue.then(work);
  }

  send(data) {
    if (arguments.length === 0) throw new TypeError('WebSocket.send: 1 argument required, but 0 found.');
    if (this.#readyState === CONNECTING) throw lazyDOMException('Sent before connected.', 'InvalidStateError');
    let opcode = BINARY;
    let payload;
    if (isBlob(data)) {
      this.#bufferedAmount += data.size;
      if (this.#readyState !== OPEN) return;
      this.#queued++;
      this.#queue = this.#queue.then(() => data.arrayBuffer()).then((bytes) => {
        this.#queued--;
        this.#write(BINARY, new Uint8Array(bytes), () => { this.#bufferedAmount -= data.size; });
      });
      return;
    }
    if (ArrayBuffer.isView(data)) {
      payload = Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else if (data instanceof ArrayBuffer) {
      payload = Buffer.from(new Uint8Array(data));
    } else {
      opcode = TEXT;
      payload = Buffer.from(String(data).toWellFormed());
    }
    this.#bufferedAmount += payload.length;
    if (this.#readyState !== OPEN) return;
    this.#afterQueue(() => this.#write(opcode, payload, () => { this.#bufferedAmount -= payload.length; }));
  }

  get readyState() { return this.#readyState; }
  get bufferedAmount() { return this.#bufferedAmount; }
  get url() { return this.#url.href; }
  get extensions() { return this.#extensions; }
  get protocol() { return this.#protocol; }
  get binaryType() { return this.#binaryType; }
  set binaryType(type) {
    this.#binaryType = type === 'arraybuffer' ? type : 'blob';
  }

  [customInspectSymbol](depth, options, inspect) {
    const { readyState, url, protocol, extensions, bufferedAmount, binaryType } = this;
    return `WebSocket ${inspect({ url, readyState, bufferedAmount, extensions, protocol, binaryType }, options)}`;
  }
}

function parseURL(url) {
  let parsed;
  try {
    parsed = new (require('url').URL)(String(url));
  } catch {
    throw lazyDOMException('TypeError: Invalid URL', 'SyntaxError');
  }
  if (parsed.protocol === 'http:') parsed.protocol = 'ws:';
  else if (parsed.protocol === 'https:') parsed.protocol = 'wss:';
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    throw lazyDOMException('expected a ws: or wss: url', 'SyntaxError');
  }
  if (parsed.hash || parsed.href.endsWith('#')) throw lazyDOMException('hash', 'SyntaxError');
  return parsed;
}

function normalizeProtocols(protocols) {
  const list = typeof protocols === 'string' ? [protocols] : [...protocols].map(String);
  const lower = new Set(list.map((item) => item.toLowerCase()));
  if (lower.size !== list.length || !list.every((item) => tokenExpression.test(item))) {
    throw lazyDOMException('Invalid Sec-WebSocket-Protocol value', 'SyntaxError');
  }
  return list;
}

/** What is wrong with the server's answer; nothing if it is right. RFC 6455 §4.1. */
function checkHandshake(res, key, protocols) {
  if (res.headers.upgrade?.toLowerCase() !== 'websocket') return 'Server did not set Upgrade header to "websocket".';
  if (!/(?:^|[,\s])upgrade(?:$|[,\s])/i.test(res.headers.connection ?? '')) return 'Server did not set Connection header to "upgrade".';
  const accept = require('crypto').createHash('sha1').update(key + GUID).digest('base64');
  if (res.headers['sec-websocket-accept']?.trim() !== accept) return 'Incorrect hash received in Sec-WebSocket-Accept header.';
  const extensions = res.headers['sec-websocket-extensions'];
  if (extensions !== undefined && parseAgreement(extensions) === undefined) return 'Sec-WebSocket-Extensions header does not match.';
  const protocol = res.headers['sec-websocket-protocol'];
  if (protocol === undefined ? protocols.length > 0 : !protocols.includes(protocol)) return 'Protocol was not set in the opening handshake.';
  return undefined;
}

function decodeText(bytes) {
  if (!require('buffer').isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** RFC 6455 §7.4: statuses that may be on the wire. */
function isReceivable(code) {
  return (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);
}

const constants = { CONNECTING, OPEN, CLOSING, CLOSED };
for (const name of Object.keys(constants)) {
  const descriptor = { __proto__: null, configurable: false, enumerable: true, value: constants[name], writable: false };
  Object.defineProperty(WebSocket, name, descriptor);
  Object.defineProperty(WebSocket.prototype, name, descriptor);
}
for (const name of ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'binaryType', 'close', 'send']) {
  Object.defineProperty(WebSocket.prototype, name, { __proto__: null, enumerable: true });
}
for (const name of ['open', 'error', 'close', 'message']) defineEventHandler(WebSocket.prototype, name);
for (const Class of [WebSocket, CloseEvent, ErrorEvent]) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: Class.name });
}

module.exports = { CloseEvent, ErrorEvent, WebSocket, watch };
