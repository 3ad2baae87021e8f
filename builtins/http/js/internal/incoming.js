/**
 * `http.IncomingMessage`: a request that a server got, or the response to a client's request.
 *
 * Headers stay the flat list that the parser made until somebody looks at `headers`.
 */
'use strict';

const { Readable } = require('stream');
const { eos } = require('internal/stream/end_of_stream');

const kHeaders = Symbol('kHeaders');
const kHeadersDistinct = Symbol('kHeadersDistinct');
const kHeadersCount = Symbol('kHeadersCount');
const kTrailers = Symbol('kTrailers');
const kTrailersDistinct = Symbol('kTrailersDistinct');
const kTrailersCount = Symbol('kTrailersCount');
const kAbortController = Symbol('kAbortController');
const kDetachAbortSignal = Symbol('kDetachAbortSignal');

function readStart(socket) {
  if (socket && !socket._paused && socket.readable) socket.resume();
}

function readStop(socket) {
  if (socket) socket.pause();
}

function IncomingMessage(socket) {
  Readable.call(this, { highWaterMark: socket?.readableHighWaterMark, autoDestroy: true });
  this._readableState.readingMore = true;
  this.socket = socket;
  this.httpVersionMajor = null;
  this.httpVersionMinor = null;
  this.httpVersion = null;
  this.complete = false;
  this[kHeaders] = null;
  this[kHeadersCount] = 0;
  this.rawHeaders = [];
  this[kTrailers] = null;
  this[kTrailersCount] = 0;
  this.rawTrailers = [];
  this.joinDuplicateHeaders = false;
  this.aborted = false;
  this.upgrade = null;
  this.url = '';
  this.method = null;
  this.statusCode = null;
  this.statusMessage = null;
  this.client = socket;
  this._consuming = false;
  this._dumped = false;
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

function accessor(name, get, set, enumerable = false) {
  Object.defineProperty(IncomingMessage.prototype, name, { __proto__: null, configurable: false, enumerable, get, set });
}

Object.defineProperty(IncomingMessage.prototype, 'connection', {
  __proto__: null,
  get() { return this.socket; },
  set(value) { this.socket = value; },
});

accessor('headers', function() {
  if (!this[kHeaders]) {
    const headers = this[kHeaders] = {};
    const raw = this.rawHeaders;
    for (let i = 0; i < this[kHeadersCount]; i += 2) this._addHeaderLine(raw[i], raw[i + 1], headers);
  }
  return this[kHeaders];
}, function(value) {
  this[kHeaders] = value;
});

accessor('headersDistinct', function() {
  if (!this[kHeadersDistinct]) {
    const headers = this[kHeadersDistinct] = { __proto__: null };
    const raw = this.rawHeaders;
    for (let i = 0; i < this[kHeadersCount]; i += 2) this._addHeaderLineDistinct(raw[i], raw[i + 1], headers);
  }
  return this[kHeadersDistinct];
}, function(value) {
  this[kHeadersDistinct] = value;
});

accessor('trailers', function() {
  if (!this[kTrailers]) {
    const trailers = this[kTrailers] = {};
    const raw = this.rawTrailers;
    for (let i = 0; i < this[kTrailersCount]; i += 2) this._addHeaderLine(raw[i], raw[i + 1], trailers);
  }
  return this[kTrailers];
}, function(value) {
  this[kTrailers] = value;
});

accessor('trailersDistinct', function() {
  if (!this[kTrailersDistinct]) {
    const trailers = this[kTrailersDistinct] = { __proto__: null };
    const raw = this.rawTrailers;
    for (let i = 0; i < this[kTrailersCount]; i += 2) this._addHeaderLineDistinct(raw[i], raw[i + 1], trailers);
  }
  return this[kTrailersDistinct];
}, function(value) {
  this[kTrailersDistinct] = value;
});

/** Aborted when the message is destroyed before its exchange was complete. Node docs: message.signal. */
Object.defineProperty(IncomingMessage.prototype, 'signal', {
  __proto__: null,
  configurable: true,
  get() {
    if (this[kAbortController] === undefined) {
      const { AbortController } = require('internal/abort_controller');
      const controller = this[kAbortController] = new AbortController();
      if (this.destroyed && !this.readableEnded) {
        controller.abort();
      } else {
        const onClose = () => controller.abort();
        const { socket } = this;
        this[kDetachAbortSignal] = () => socket?.removeListener('close', onClose);
        if (socket?.destroyed) controller.abort();
        else socket?.once('close', onClose);
      }
    }
    return this[kAbortController].signal;
  },
});

IncomingMessage.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  this.socket.setTimeout(msecs);
  return this;
};

IncomingMessage.prototype._read = function _read(n) {
  if (!this._consuming) {
    this._readableState.readingMore = false;
    this._consuming = true;
  }
  // The socket may have been stopped because nobody read.
  if (this.socket && this.socket.readable) readStart(this.socket);
};

function onError(self, error, callback) {
  // An error that nobody listens to is not worth ending the process for: the connection is gone anyway.
  if (self.listenerCount('error') === 0) callback();
  else callback(error);
}

IncomingMessage.prototype._destroy = function _destroy(error, callback) {
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit('aborted');
  }
  const { socket } = this;
  // A connection whose message was cut short cannot carry another one.
  if (socket && !socket.destroyed && this.aborted) {
    socket.destroy(error);
    const cleanup = eos(socket, (failure) => {
      if (failure?.code === 'ERR_STREAM_PREMATURE_CLOSE') failure = null;
      cleanup();
      process.nextTick(onError, this, failure || error, callback);
    });
  } else {
    process.nextTick(onError, this, error, callback);
  }
};

IncomingMessage.prototype._addHeaderLines = function _addHeaderLines(headers, n) {
  if (!headers?.length) return;
  let target;
  if (this.complete) {
    this.rawTrailers = headers;
    this[kTrailersCount] = n;
    target = this[kTrailers];
  } else {
    this.rawHeaders = headers;
    this[kHeadersCount] = n;
    target = this[kHeaders];
  }
  if (target) for (let i = 0; i < n; i += 2) this._addHeaderLine(headers[i], headers[i + 1], target);
};

/** How repeated fields join. Node docs: message.headers. */
const FIRST_WINS = 1;
const COOKIE = 2;
const SET_COOKIE = 3;
const rules = new Map([['cookie', COOKIE], ['set-cookie', SET_COOKIE]]);
for (const name of ['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after', 'server',
  'user-agent']) rules.set(name, FIRST_WINS);

/** Lower-case forms of names that were seen: few, and the same again and again. */
const lowered = new Map();
const LOWERED_MAX = 512;

function toLower(name) {
  let lower = lowered.get(name);
  if (lower === undefined) {
    lower = name.toLowerCase();
    if (lowered.size < LOWERED_MAX) lowered.set(name, lower);
  }
  return lower;
}

IncomingMessage.prototype._addHeaderLine = function _addHeaderLine(field, value, dest) {
  field = toLower(field);
  const known = dest[field];
  const rule = rules.get(field);
  if (rule === SET_COOKIE) {
    if (known !== undefined) known.push(value);
    else dest[field] = [value];
    return;
  }
  if (known === undefined || typeof known !== 'string') {
    if (known !== undefined) {
      // A name of Object.prototype is a name like any other; but for `__proto__`, which a plain object cannot be asked for.
      if (field === '__proto__') return;
      if (!Object.hasOwn(dest, field)) {
        Object.defineProperty(dest, field, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
      }
      return;
    }
    dest[field] = value;
    return;
  }
  if (rule === undefined || (rule === FIRST_WINS && this.joinDuplicateHeaders)) dest[field] = `${known}, ${value}`;
  else if (rule === COOKIE) dest[field] = `${known}; ${value}`;
};

IncomingMessage.prototype._addHeaderLineDistinct = function _addHeaderLineDistinct(field, value, dest) {
  field = toLower(field);
  if (dest[field] === undefined) dest[field] = [value];
  else dest[field].push(value);
};

IncomingMessage.prototype._dumpAndCloseReadable = function _dumpAndCloseReadable() {
  this._dumped = true;
  this._readableState.ended = true;
  this._readableState.endEmitted = true;
  this._readableState.destroyed = true;
  this._readableState.closed = true;
  this._readableState.closeEmitted = true;
};

/** Reads and forgets the rest of the body, so that the connection can go on. */
IncomingMessage.prototype._dump = function _dump() {
  if (this._dumped) return;
  this._dumped = true;
  // Those who listen would wait for data that never comes.
  this.removeAllListeners('data');
  this.resume();
};

module.exports = { IncomingMessage, kDetachAbortSignal, kHeaders, readStart, readStop };
