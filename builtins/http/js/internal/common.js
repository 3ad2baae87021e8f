/** What all parts of `http` share: tokens, expressions, the parser of a connection. */
'use strict';

const {
  foreignMethods, methods: parserMethods, prototype, create,
} = binding('http');

const CRLF = '\r\n';
const chunkExpression = /(?:^|\W)chunked(?:$|\W)/i;
const continueExpression = /(?:^|\W)100-continue(?:$|\W)/i;

const tokenExpression = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const invalidValueExpression = /[^\t\x20-\x7e\x80-\xff]/;

const kIncomingMessage = Symbol('IncomingMessage');
const kOutHeaders = Symbol('kOutHeaders');
const kNeedDrain = Symbol('kNeedDrain');
const kSkipPendingData = Symbol('SkipPendingData');
/** An option of requests that are `fetch`'s own: it tells of them in its own way. */
const kSilent = Symbol('silent');

/** Whether `value` is a token of RFC 9110. */
function checkIsHttpToken(value) {
  return tokenExpression.test(value);
}

/** Whether `value` has a character that no header value may have. */
function checkInvalidHeaderChar(value) {
  return invalidValueExpression.test(value);
}

// ---------------------------------------------------------------------------------------------------------------------
// Date, once per second

let date;

function resetDate() {
  date = undefined;
}

/** The value of the `Date` header. */
function utcDate() {
  if (date === undefined) {
    const now = new Date();
    date = now.toUTCString();
    const { setUnrefTimeout } = require('internal/timers/timers');
    setUnrefTimeout(resetDate, 1000 - now.getMilliseconds());
  }
  return date;
}

// ---------------------------------------------------------------------------------------------------------------------
// The parser of a connection

const proto = Object.create(prototype);
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { getOptionValue } = require('internal/options');
const { validateBoolean, validateOneOf } = require('internal/validators');
const { Buffer: { allocUnsafe } } = require('buffer');
const { runNextTicks } = require('internal/process/task_queues');

let insecureByOption;

/** Whether `--insecure-http-parser` was given; warns once. */
function isLenient() {
  if (insecureByOption === undefined) {
    insecureByOption = Boolean(getOptionValue('--insecure-http-parser'));
    if (insecureByOption) process.emitWarning('Using insecure HTTP parsing');
  }
  return insecureByOption;
}

function getMaxHeaderSize() {
  return getOptionValue('--max-http-header-size') || 16 * 1024;
}

const STRICT = 0;
const LENIENT = 1;
const RELAXED = 2;

/** Checks the options `insecureHTTPParser` and `httpValidation`, of which there may be one. */
function checkValidation({ httpValidation, insecureHTTPParser }) {
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  if (httpValidation === undefined) return;
  validateOneOf(httpValidation, 'options.httpValidation', ['strict', 'relaxed', 'insecure']);
  if (insecureHTTPParser !== undefined) {
    throw new (require('internal/errors').codes.ERR_INVALID_ARG_VALUE)(
      'options.httpValidation', httpValidation, 'cannot be used together with options.insecureHTTPParser');
  }
}

/** The kind of an event that is an error: see the binding. */
const HEAD = 0;
const BODY = 1;
const FAILED = 3;

/** What came of one head: the flags of the binding. */
const KEEP_ALIVE = 1;
const UPGRADE = 2;
const ENDED = 4;

/**
 * Turns bytes of a socket into messages. Owners set `onIncoming(message, keepAlive)`, which answers 0 to go on, 1 for a
 * message without a body, 2 for a connection that speaks another protocol from here on.
 */
class HTTPParser {
  static REQUEST = 1;
  static RESPONSE = 2;
  /** Keys of callbacks, for those who drive a parser themselves. */
  static kOnMessageBegin = 0;
  static kOnHeaders = 1;
  static kOnHeadersComplete = 2;
  static kOnBody = 3;
  static kOnMessageComplete = 4;
  static kOnExecute = 5;
  static kOnTimeout = 6;
  static kLenientNone = 0;
  static kLenientAll = 1;

  constructor() {
    this.native = null;
    this.isResponse = false;
    this.socket = null;
    this.incoming = null;
    this.outgoing = null;
    this.maxHeaderPairs = 2000;
    this.joinDuplicateHeaders = null;
    this.onIncoming = null;
    this._consumed = false;
    /** Milliseconds of the loop's clock when the message began; 0 between messages. */
    this.messageStart = 0;
    /** Whether the head of the current message is complete. */
    this.headersDone = false;
    this.freed = false;
    this.running = false;
    this.connections = null;
    this.upgraded = false;
    /** Whether what comes after the message is another protocol's. */
    this.stopsAtEnd = false;
    /** Fed by the loop: nothing of JavaScript is below. */
    this.ticks = false;
    this.ticksAfterBody = false;
    /** The handle whose reads go to the native half. */
    this.source = null;
    /** What hooks know this connection's messages by; none while `asyncId` is 0. */
    this.resource = null;
    this.asyncId = 0;
    this.triggerAsyncId = 0;
    /** The async context in which messages are told. */
    this.context = undefined;
    this[HTTPParser.kOnTimeout] = null;
  }

  initialize(type, resource, maxHeaderSize = 0, lenientFlags = 0, connections = undefined) {
    this.isResponse = type === HTTPParser.RESPONSE;
    const lenient = typeof lenientFlags === 'number' ? lenientFlags : Number(Boolean(lenientFlags));
    const size = maxHeaderSize || getMaxHeaderSize();
    if (this.native === null) this.native = create(proto, this.isResponse, size, lenient);
    else this.native.reset(this.isResponse, size, lenient);
    this.freed = false;
    this.upgraded = false;
    this.stopsAtEnd = false;
    this.messageStart = 0;
    this.headersDone = false;
    this.connections = connections ?? null;
    this.context = undefined;
    if (hooks.active) this.announce(resource ?? this);
  }

  announce(resource) {
    this.resource = resource;
    hooks.assign(this);
    hooks.emitInit(this.asyncId, this.isResponse ? 'HTTPCLIENTREQUEST' : 'HTTPINCOMINGMESSAGE', this.triggerAsyncId, resource);
  }

  /** Hooks hear no more of it. */
  retire() {
    if (this.asyncId === 0) return;
    hooks.emitDestroy(this.asyncId);
    this.asyncId = 0;
    this.resource = null;
  }

  /** Whether hooks hear of an event: of all of a connection, and of those that the user of a bare parser waits for. */
  isHooked(callback) {
    return hooks.active && this.asyncId !== 0 && (this.onIncoming !== null || typeof this[callback] === 'function');
  }

  /** Runs one of the functions below, as hooks see it. */
  hooked(fn, a, b) {
    const { asyncId } = this;
    hooks.enter(asyncId, this.triggerAsyncId, this.resource);
    const result = fn.call(this, a, b);
    hooks.leave(asyncId);
    return result;
  }

  /** Reads bytes. How many were taken, or the error. */
  execute(bytes, start = 0, length = bytes.length) {
    if (length !== bytes.length) bytes = bytes.subarray(0, start + length);
    const result = this.take(this.native.execute(bytes, start), bytes, bytes.length);
    return typeof result === 'number' ? result - start : result;
  }

  /**
   * Does what the native half answered, and reads what that left. Where reading ended, or the error. Without `bytes` the native half
   * has them.
   */
  take(events, bytes, length) {
    this.running = true;
    try {
      for (;;) {
        const at = events[0];
        const failed = events.length > 1 && this.dispatch(bytes, events);
        if (failed) return failed;
        if (this.freed || this.upgraded || at >= length) return at;
        const afterHead = events[1] === HEAD;
        events = bytes === undefined ? this.native.executePending(at) : this.native.execute(bytes, at);
        // What a listener put off comes before the next part of the input, as if that had arrived later; but not before the news
        // that the input is no good, nor before a body that came with its head: that finds the stream as the handler left it, and
        // flows when the stream does, in the handler's async context, and before its end is known.
        this.ticksAfterBody = this.ticks && afterHead && events[1] === BODY;
        if (this.ticks && events[1] !== FAILED && !this.ticksAfterBody) {
          runNextTicks();
          if (this.freed) return at;
        }
      }
    } finally {
      this.running = false;
    }
  }

  dispatch(bytes, events) {
    for (let i = 1; i < events.length;) {
      switch (events[i]) {
        case 0: {
          if (this.isTooMany(events[i + 5])) return headerOverflow(events[0]);
          const ended = this.isHooked(HTTPParser.kOnHeadersComplete) ? this.hooked(this.onHead, events, i) : this.onHead(events, i);
          if (ended && !this.freed) {
            if (this.isHooked(HTTPParser.kOnMessageComplete)) this.hooked(this.onEnd, undefined);
            else this.onEnd(undefined);
          }
          i += 7;
          break;
        }
        case 1:
          if ((this.incoming !== null || this.onIncoming === null) && !this.freed) {
            const chunk = this.slice(bytes, events[i + 1], events[i + 2]);
            if (this.isHooked(HTTPParser.kOnBody)) this.hooked(this.onBody, chunk);
            else this.onBody(chunk);
          }
          if (this.ticksAfterBody) {
            this.ticksAfterBody = false;
            runNextTicks();
          }
          i += 3;
          break;
        case 2:
          if (events[i + 1] !== undefined && this.isTooMany(events[i + 1])) return headerOverflow(events[0]);
          if (!this.freed) {
            if (this.isHooked(HTTPParser.kOnMessageComplete)) this.hooked(this.onEnd, events[i + 1]);
            else this.onEnd(events[i + 1]);
          }
          i += 2;
          break;
        default: {
          const error = new Error(`Parse Error: ${events[i + 2]}`);
          error.code = events[i + 1];
          error.reason = events[i + 2];
          error.bytesParsed = events[0];
          return error;
        }
      }
    }
    return undefined;
  }

  /** Whether a request has more header fields than the server allows. Node docs: server.maxHeadersCount. */
  isTooMany(raw) {
    return !this.isResponse && this.maxHeaderPairs > 0 && raw.length > this.maxHeaderPairs && this.onIncoming !== null;
  }

  /** A part of what was read, as a Buffer. */
  slice(bytes, from, to) {
    if (bytes !== undefined) return bytes.subarray(from, to);
    const copy = allocUnsafe(to - from);
    this.native.copyPending(copy, from);
    return copy;
  }

  onHead(events, i) {
    const { socket } = this;
    if (this.onIncoming === null) return this.callHead(events, i);
    const Class = (socket?.server?.[kIncomingMessage]) || require('internal/http/incoming').IncomingMessage;
    const incoming = new Class(socket);
    const major = incoming.httpVersionMajor = events[i + 3];
    const minor = incoming.httpVersionMinor = events[i + 4];
    incoming.httpVersion = major === 1 && minor === 1 ? '1.1' : `${major}.${minor}`;
    incoming.joinDuplicateHeaders = socket?.server?.joinDuplicateHeaders || this.joinDuplicateHeaders;
    const flags = events[i + 6];
    if (this.isResponse) {
      incoming.statusCode = events[i + 1];
      incoming.statusMessage = events[i + 2];
    } else {
      const number = events[i + 1];
      incoming.method = parserMethods[number] ?? foreignMethods[number - parserMethods.length];
      incoming.url = events[i + 2];
    }
    incoming.upgrade = (flags & UPGRADE) !== 0;
    const raw = events[i + 5];
    const max = this.maxHeaderPairs;
    if (max > 0 && raw.length > max) raw.length = max;
    incoming._addHeaderLines(raw, raw.length);
    this.incoming = incoming;
    this.headersDone = true;
    const answer = this.onIncoming(incoming, (flags & KEEP_ALIVE) !== 0);
    if ((flags & ENDED) !== 0) {
      this.upgraded = answer === 2;
      return true;
    }
    if (answer === 2) {
      this.upgraded = true;
      return true;
    }
    if (answer === 1) {
      this.native.skipBody();
      return true;
    }
    return false;
  }

  /** For users of the bare parser. */
  callHead(events, i) {
    const callback = this[HTTPParser.kOnHeadersComplete];
    const flags = events[i + 6];
    const [number, text, major, minor, headers] = events.slice(i + 1, i + 6);
    const answer = typeof callback !== 'function' ? 0 : this.isResponse ?
      callback.call(this, major, minor, headers, undefined, undefined, number, text, (flags & UPGRADE) !== 0, (flags & KEEP_ALIVE) !== 0) :
      callback.call(this, major, minor, headers, number, text, undefined, undefined, (flags & UPGRADE) !== 0, (flags & KEEP_ALIVE) !== 0);
    if (answer === 2 || (flags & UPGRADE) !== 0) this.upgraded = true;
    if (answer === 1 && (flags & ENDED) === 0) this.native.skipBody();
    return (flags & ENDED) !== 0 || answer === 1 || this.upgraded;
  }

  onBody(chunk) {
    if (this.onIncoming === null) {
      this[HTTPParser.kOnBody]?.(chunk);
      return;
    }
    const { incoming } = this;
    // A response that is not to be read is not kept.
    if (incoming._dumped) return;
    if (!incoming.push(chunk)) require('internal/http/incoming').readStop(this.socket);
  }

  onEnd(trailers) {
    const { incoming } = this;
    if (this.stopsAtEnd) this.upgraded = true;
    this.messageStart = 0;
    this.headersDone = false;
    if (this.onIncoming === null) {
      if (trailers !== undefined) this[HTTPParser.kOnHeaders]?.(trailers, '');
      this[HTTPParser.kOnMessageComplete]?.();
      return;
    }
    if (incoming !== null) {
      incoming.complete = true;
      if (trailers !== undefined) incoming._addHeaderLines(trailers, trailers.length);
      // The end comes through the stream, in its own time.
      incoming.push(null);
    }
    readStart ??= require('internal/http/incoming').readStart;
    if (this.socket !== null) readStart(this.socket);
  }

  /** The peer ended. An error if that was too early. */
  finish() {
    const result = this.native.finish();
    if (result === undefined) return undefined;
    if (result === true) {
      this.onEnd(undefined);
      return undefined;
    }
    const error = new Error('Parse Error');
    error.code = result[0];
    error.reason = result[1];
    error.bytesParsed = 0;
    return error;
  }

  getCurrentBuffer() {
    return undefined;
  }

  duration() {
    return this.messageStart === 0 ? 0 : binding('timers').getLibuvNow() - this.messageStart;
  }

  headersCompleted() {
    return this.headersDone;
  }

  remove() {
    this.connections?.delete(this);
  }

  free() {
    this.retire();
    this.freed = true;
    this.remove();
  }

  close() {
    this.retire();
    this.freed = true;
    this.remove();
  }

  pause() {}
  resume() {}
  consume() {}

  /** Takes the reads of a connection's handle, in Rust. */
  feedFrom(handle, onEvents) {
    this.native.consume(handle, onEvents);
    this.source = handle;
    this.ticks = true;
  }

  unconsume() {
    if (this.source === null) return;
    this.native.unconsume(this.source);
    this.source = null;
    this.ticks = false;
  }
}

function headerOverflow(at) {
  const error = new Error('Parse Error: Header overflow');
  error.code = 'HPE_HEADER_OVERFLOW';
  error.reason = 'Header overflow';
  error.bytesParsed = at;
  return error;
}

/** Parsers that wait for the next connection. */
const idleParsers = [];
let idleParsersMax = 1000;

const parsers = {
  get max() { return idleParsersMax; },
  set max(value) { idleParsersMax = value; },
  alloc() {
    const parser = idleParsers.pop() ?? new HTTPParser();
    parser.freed = false;
    return parser;
  },
  free(parser) {
    if (idleParsers.length >= idleParsersMax) return false;
    idleParsers.push(parser);
    return true;
  },
};

/** Node docs: http.setMaxIdleHTTPParsers. */
function setMaxIdle(max) {
  idleParsersMax = max;
}

/** Parts a parser from its message, request and socket. */
function freeParser(parser, req, socket) {
  if (parser && !parser.freed) {
    parser.freed = true;
    parser.unconsume();
    parser.remove();
    parser.free();
    parser.incoming = null;
    parser.outgoing = null;
    parser.socket = null;
    parser.onIncoming = null;
    parser.joinDuplicateHeaders = null;
    parser.maxHeaderPairs = 2000;
    parser.connections = null;
    parser.ticks = false;
    parser[HTTPParser.kOnTimeout] = null;
    // One that is on the stack is still at work with its native half.
    if (!parser.running) parsers.free(parser);
  }
  if (req) req.parser = null;
  if (socket) socket.parser = null;
}

/** Completes an error of the parser with what users get to see. */
function prepareError(error, parser, rawPacket) {
  error.rawPacket = rawPacket || parser.getCurrentBuffer();
  if (typeof error.reason === 'string' && error.bytesParsed !== 0) error.message = `Parse Error: ${error.reason}`;
}

/** How strictly to read: `STRICT`, `LENIENT`, or `RELAXED`, which is strict but for values of headers. */
function calculateLenientFlags(insecureHTTPParser, httpValidation) {
  if (httpValidation === 'strict') return STRICT;
  if (httpValidation === 'relaxed') return RELAXED;
  if (httpValidation === 'insecure') return LENIENT;
  const lenient = insecureHTTPParser === undefined || insecureHTTPParser === null ? isLenient() : insecureHTTPParser;
  return lenient ? LENIENT : STRICT;
}

/** Of `incoming`, which needs this file first. */
let readStart;
const { cache: loadedBuiltins } = require('internal/loader');

/** When an exchange began, if anybody observes entries of type `http`; else undefined. Node docs: performanceEntry.detail. */
function startOfExchange() {
  const timeline = loadedBuiltins.get('internal/perf_hooks/timeline')?.exports;
  if (!timeline?.hasObserver?.('http')) return undefined;
  return require('internal/perf_hooks/time').now();
}

/** Reports an exchange that began at `startTime`. */
function reportExchange(name, startTime, req, res) {
  const { now } = require('internal/perf_hooks/time');
  const { createEntry } = require('internal/perf_hooks/entries');
  require('internal/perf_hooks/timeline').enqueue(createEntry(name, 'http', startTime, now() - startTime, { req, res }));
}

module.exports = {
  CRLF,
  HTTPParser,
  calculateLenientFlags,
  checkValidation,
  checkInvalidHeaderChar,
  checkIsHttpToken,
  chunkExpression,
  continueExpression,
  freeParser,
  getMaxHeaderSize,
  isLenient,
  kIncomingMessage,
  kNeedDrain,
  kOutHeaders,
  kSilent,
  kSkipPendingData,
  methods: parserMethods,
  parsers,
  prepareError,
  reportExchange,
  setMaxIdle,
  startOfExchange,
  subscribedChannel,
  utcDate,
};
