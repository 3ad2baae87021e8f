/** `Duplex.from`: a Duplex out of nearly anything that can be read, written or awaited. */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE },
  AbortError,
} = require('internal/errors');
const { Duplex } = require('internal/stream/duplex');
const { Readable } = require('internal/stream/readable');
const { Writable } = require('internal/stream/writable');
const { destroyer } = require('internal/stream/destroy');
const { eos } = require('internal/stream/end_of_stream');
const { from } = require('internal/stream/from');
const { bridgeDestroy, bridgeReadable, bridgeWritable } = require('internal/stream/bridge');
const {
  isDuplexNodeStream, isIterable, isNodeStream, isReadable, isReadableNodeStream, isReadableStream,
  isWritable, isWritableNodeStream, isWritableStream,
} = require('internal/stream/utils');

/** A Duplex that `readable: false` and `writable: false` have no second thoughts about. */
class Duplexify extends Duplex {
  constructor(options) {
    super(options);
    if (options?.readable === false) {
      this._readableState.readable = false;
      this._readableState.ended = true;
      this._readableState.endEmitted = true;
    }
    if (options?.writable === false) {
      this._writableState.writable = false;
      this._writableState.ending = true;
      this._writableState.ended = true;
      this._writableState.finished = true;
    }
  }
}

const ACCEPTED = [
  'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Function',
  '{ readable, writable } pair', 'Promise',
];

function isBlob(value) {
  return typeof Blob === 'function' && value instanceof Blob;
}

/** Node docs: stream.Duplex.from. `name` is how an error calls `body`. */
function duplexify(body, name) {
  if (isDuplexNodeStream(body)) return body;
  if (isReadableNodeStream(body)) return fromPair({ readable: body });
  if (isWritableNodeStream(body)) return fromPair({ writable: body });
  if (isNodeStream(body)) return fromPair({ writable: false, readable: false });
  if (isReadableStream(body)) return fromPair({ readable: Readable.fromWeb(body) });
  if (isWritableStream(body)) return fromPair({ writable: Writable.fromWeb(body) });
  if (typeof body === 'function') return fromFunction(body, name);
  if (isBlob(body)) return duplexify(body.arrayBuffer());
  if (isIterable(body)) return from(Duplexify, body, { objectMode: true, writable: false });
  if (isReadableStream(body?.readable) && isWritableStream(body?.writable)) {
    return Duplexify.fromWeb(body);
  }
  if (typeof body?.writable === 'object' || typeof body?.readable === 'object') {
    return fromPair({
      readable: sideOf(body.readable, isReadableNodeStream),
      writable: sideOf(body.writable, isWritableNodeStream),
    });
  }
  if (typeof body?.then === 'function') return fromPromise(body);
  throw new ERR_INVALID_ARG_TYPE(name, ACCEPTED, body);
}

function sideOf(value, isThatSide) {
  if (!value) return undefined;
  return isThatSide(value) ? value : duplexify(value);
}

function fromPromise(promise) {
  let duplex = null;
  promise.then((value) => {
    if (value !== null && value !== undefined) duplex.push(value);
    duplex.push(null);
  }, (err) => destroyer(duplex, err));
  duplex = new Duplexify({ objectMode: true, writable: false, read() {} });
  return duplex;
}

/** A generator function transforms what is written; an async function consumes it. */
function fromFunction(fn, name) {
  const { value, write, final, destroy } = feed(fn);
  if (isIterable(value)) {
    return from(Duplexify, value, { objectMode: true, write, final, destroy });
  }
  if (typeof value?.then !== 'function') {
    throw new ERR_INVALID_RETURN_VALUE(
      'Iterable, AsyncIterable or AsyncFunction', name, value);
  }

  let duplex = null;
  let isEnding = false;
  const promise = value.then((result) => {
    if (result !== null && result !== undefined) {
      throw new ERR_INVALID_RETURN_VALUE('nully', 'body', result);
    }
    // Done without having read to the end: what is still written would never be read.
    if (!isEnding) destroyer(duplex, null);
  }, (err) => destroyer(duplex, err));
  duplex = new Duplexify({
    objectMode: true,
    readable: false,
    write,
    final(callback) {
      isEnding = true;
      final(async () => {
        try {
          await promise;
          process.nextTick(callback, null);
        } catch (err) {
          process.nextTick(callback, err);
        }
      });
    },
    destroy,
  });
  return duplex;
}

/** Calls `fn` with an async iterable of what the returned `write` and `final` are given. */
function feed(fn) {
  let { promise, resolve } = Promise.withResolvers();
  const controller = new AbortController();
  const { signal } = controller;

  const value = fn((async function* input() {
    while (true) {
      const current = promise;
      promise = null;
      const { chunk, done, callback } = await current;
      process.nextTick(callback);
      if (done) return;
      if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
      ({ promise, resolve } = Promise.withResolvers());
      yield chunk;
    }
  })(), { signal });

  const send = (item) => {
    const deliver = resolve;
    resolve = null;
    deliver(item);
  };
  return {
    value,
    write(chunk, encoding, callback) {
      send({ chunk, done: false, callback });
    },
    final(callback) {
      send({ done: true, callback });
    },
    destroy(err, callback) {
      controller.abort();
      // Wakes a function that waits for input; it sees the abort.
      if (resolve !== null) send({ done: false, callback() {} });
      callback(err);
    },
  };
}

function fromPair(pair) {
  const source = pair.readable && typeof pair.readable.read !== 'function' ?
    Readable.wrap(pair.readable) : pair.readable;
  const target = pair.writable;
  let readable = Boolean(isReadable(source));
  let writable = Boolean(isWritable(target));

  const duplex = new Duplexify({
    readableObjectMode: Boolean(source?.readableObjectMode),
    writableObjectMode: Boolean(target?.writableObjectMode),
    readable,
    writable,
  });
  const halves = [];
  const ending = bridgeDestroy(duplex, halves, (err) => {
    destroyer(target, err);
    destroyer(source, err);
  });
  const sideDone = (err) => {
    if (ending.onDone(err)) return;
    if (err) duplex.destroy(err);
    else if (!readable && !writable) duplex.destroy();
  };

  if (writable) {
    eos(target, (err) => {
      writable = false;
      if (err) destroyer(source, err);
      sideDone(err);
    });
    const half = bridgeWritable(duplex, target);
    target.on('finish', half.finished);
    halves.push(half);
  }
  if (readable) {
    eos(source, (err) => {
      readable = false;
      if (err) destroyer(source, err);
      sideDone(err);
    });
    halves.push(bridgeReadable(duplex, source));
  }
  return duplex;
}

module.exports = { duplexify };
