/**
 * Bridges between node streams and web streams: `Readable.toWeb`, `Writable.fromWeb` and so on.
 *
 * Either side's end, error and back-pressure reaches the other one. `finished()` tells how the node
 * stream came to its end; 'error' listeners that do nothing keep late errors from being uncaught,
 * as they have been told to the web side.
 */
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_STREAM_PREMATURE_CLOSE },
  AbortError,
} = require('internal/errors');
const { validateBoolean, validateObject, validateOneOf } = require('internal/validators');
const { destroyer } = require('internal/stream/destroy');
const { eos } = require('internal/stream/end_of_stream');
const {
  isDestroyed, isReadable, isWritable, isWritableEnded,
} = require('internal/stream/utils');
const { nop } = require('internal/webstreams/util');
const { CountQueuingStrategy } = require('internal/webstreams/queuing_strategies');
const { ReadableStream, isReadableStream } = require('internal/webstreams/readable_stream');
const { WritableStream, isWritableStream } = require('internal/webstreams/writable_stream');

/** Throws from a later tick what a callback threw: promises must not swallow it. */
function guard(callback) {
  return (err) => {
    try {
      callback(err);
    } catch (thrown) {
      process.nextTick(() => {
        throw thrown;
      });
    }
  };
}

/** A node stream cut short is an abort for the web side. */
function asWebError(err) {
  return err?.code === 'ERR_STREAM_PREMATURE_CLOSE' ?
    new AbortError(undefined, { cause: err }) : err;
}

// ---------------------------------------------------------------- writable

/** Node docs: stream.Writable.toWeb. */
function newWritableStreamFromStreamWritable(writable, hooks) {
  if (typeof writable?._writableState !== 'object' && !(
    typeof writable?.write === 'function' && typeof writable?.on === 'function')) {
    throw new ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', writable);
  }
  if (isDestroyed(writable) || !isWritable(writable)) {
    const closed = new WritableStream();
    closed.close();
    return closed;
  }

  const { writableHighWaterMark: highWaterMark, writableObjectMode: objectMode } = writable;
  const strategy = objectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark };
  let controller;
  /** Of the write that waits for 'drain'; of close(). */
  let drained = null;
  let closing = null;

  const cleanUp = eos(writable, (err) => {
    err = asWebError(err);
    if (err && hooks?.mapError) err = hooks.mapError(err);
    cleanUp();
    writable.on('error', nop);
    if (err !== undefined && err !== null) {
      drained?.reject(err);
      if (closing) {
        closing.reject(err);
        closing = null;
      }
      controller?.error(err);
      controller = undefined;
      return;
    }
    if (closing) {
      closing.resolve();
      closing = null;
      return;
    }
    // Ended by someone else: nothing can be written any more.
    controller?.error(new AbortError());
    controller = undefined;
  });
  writable.on('drain', () => drained?.resolve());

  return new WritableStream({
    start(it) {
      controller = it;
    },
    write(chunk) {
      hooks?.checkChunk?.(chunk);
      if (!objectMode && Object.prototype.toString.call(chunk) === '[object ArrayBuffer]') {
        chunk = new Uint8Array(chunk);
      }
      try {
        if (!writable.writableNeedDrain && writable.write(chunk)) return undefined;
      } catch (err) {
        // A chunk it cannot take ends both: nothing else would tell the node side.
        destroyer(writable, err);
        throw err;
      }
      drained = Promise.withResolvers();
      return drained.promise.finally(() => {
        drained = null;
      });
    },
    abort(reason) {
      destroyer(writable, reason);
    },
    close() {
      if (closing === null && !isWritableEnded(writable)) closing = Promise.withResolvers();
      const promise = closing ? closing.promise : undefined;
      writable.end();
      controller = undefined;
      return promise;
    },
  }, strategy);
}

/** Node docs: stream.Writable.fromWeb. */
function newStreamWritableFromWritableStream(writableStream, options = {}) {
  if (!isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', writableStream);
  }
  validateObject(options, 'options');
  const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
  validateBoolean(objectMode, 'options.objectMode');
  validateBoolean(decodeStrings, 'options.decodeStrings');

  const { Writable } = require('internal/stream/writable');
  const half = writableHalf(writableStream.getWriter(), { decodeStrings, objectMode });
  const writable = new Writable({
    highWaterMark, objectMode, decodeStrings, signal,
    write: half.write,
    writev: half.writev,
    final: half.final,
    destroy(err, callback) {
      half.destroy(err).then(() => guard(callback)(err), () => guard(callback)(err));
    },
  });
  half.watch(writable);
  return writable;
}

/** The writable methods of a node stream that writes to a web stream's `writer`. */
function writableHalf(writer, { decodeStrings, objectMode }) {
  let isClosed = false;
  let stream;

  function toWebChunk(chunk, encoding) {
    if (typeof chunk === 'string' && decodeStrings && !objectMode) {
      return new Uint8Array(Buffer.from(chunk, encoding));
    }
    return chunk;
  }

  const fail = (err) => destroyer(stream, err);
  return {
    write(chunk, encoding, callback) {
      const done = guard(callback);
      writer.ready.then(
        () => writer.write(toWebChunk(chunk, encoding)).then(() => done(), done), done);
    },
    writev(chunks, callback) {
      const done = guard(callback);
      writer.ready.then(
        () => Promise.all(
          chunks.map(({ chunk, encoding }) => writer.write(toWebChunk(chunk, encoding))))
          .then(() => done(), done),
        done);
    },
    final(callback) {
      const done = guard(callback);
      if (isClosed) done();
      else writer.close().then(() => done(), done);
    },
    async destroy(err) {
      if (isClosed) return;
      if (err !== null && err !== undefined) await writer.abort(err);
      else await writer.close();
    },
    watch(target) {
      stream = target;
      writer.closed.then(() => {
        isClosed = true;
        if (!isWritableEnded(stream)) fail(new ERR_STREAM_PREMATURE_CLOSE());
      }, (err) => {
        isClosed = true;
        fail(err);
      });
    },
  };
}

// ---------------------------------------------------------------- readable

/** Node docs: stream.Readable.toWeb. */
function newReadableStreamFromStreamReadable(readable, options = {}, hooks) {
  if (typeof readable?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', readable);
  }
  validateObject(options, 'options');
  if (options.type !== undefined) validateOneOf(options.type, 'options.type', ['bytes', undefined]);
  const isBytes = options.type === 'bytes';

  if (isDestroyed(readable) || !isReadable(readable)) {
    const closed = new ReadableStream({ type: options.type });
    closed.cancel();
    return closed;
  }

  const { readableObjectMode: objectMode, readableHighWaterMark: highWaterMark } = readable;
  let controller;
  let cancelled = false;

  readable.pause();
  const cleanUp = eos(readable, (err) => {
    err = asWebError(err);
    if (err && hooks?.mapError) err = hooks.mapError(err);
    cleanUp();
    readable.on('error', nop);
    if (err) {
      controller.error(err);
      return;
    }
    if (cancelled) return;
    controller.close();
    // A BYOB read that waits gets its buffer back.
    if (isBytes) controller.byobRequest?.respond(0);
  });

  readable.on('data', (chunk) => {
    if (cancelled) return;
    if (isBytes) {
      // The queue takes the memory over, and a Buffer may be part of the pool: copy.
      chunk = new Uint8Array(chunk);
      if (chunk.byteLength === 0) return;
    } else if (chunk instanceof Buffer && !objectMode) {
      chunk = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) readable.pause();
  });

  const source = {
    type: options.type,
    start(it) {
      controller = it;
    },
    pull() {
      readable.resume();
    },
    cancel(reason) {
      cancelled = true;
      destroyer(readable, reason);
    },
  };
  return new ReadableStream(source, strategyFor(options, isBytes, objectMode, highWaterMark));
}

function strategyFor(options, isBytes, objectMode, highWaterMark) {
  if (isBytes) return { highWaterMark };
  if (options.strategy) return options.strategy;
  return objectMode ? new CountQueuingStrategy({ highWaterMark }) : {
    highWaterMark,
    size: (chunk) => chunk?.byteLength ?? chunk?.length ?? 1,
  };
}

/** Node docs: stream.Readable.fromWeb. */
function newStreamReadableFromReadableStream(readableStream, options = {}) {
  if (!isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', readableStream);
  }
  validateObject(options, 'options');
  const { highWaterMark, encoding, objectMode = false, signal } = options;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE(encoding, 'options.encoding');
  }
  validateBoolean(objectMode, 'options.objectMode');

  const { Readable } = require('internal/stream/readable');
  const half = readableHalf(readableStream.getReader());
  const readable = new Readable({
    objectMode, highWaterMark, encoding, signal,
    read: half.read,
    destroy(err, callback) {
      half.destroy(err).then(() => guard(callback)(err), () => guard(callback)(err));
    },
  });
  half.watch(readable);
  return readable;
}

/** The readable methods of a node stream that reads from a web stream's `reader`. */
function readableHalf(reader) {
  let isClosed = false;
  let stream;
  return {
    read() {
      reader.read().then(
        ({ value, done }) => stream.push(done ? null : value),
        (err) => destroyer(stream, err));
    },
    async destroy(err) {
      if (!isClosed) await reader.cancel(err);
    },
    watch(target) {
      stream = target;
      reader.closed.then(() => {
        isClosed = true;
      }, (err) => {
        isClosed = true;
        destroyer(stream, err);
      });
    },
  };
}

// ---------------------------------------------------------------- both

/** Node docs: stream.Duplex.toWeb. `hooks`: `checkChunk(chunk)` may throw, `mapError(err)`. */
function newReadableWritablePairFromDuplex(duplex, options = {}, hooks) {
  if (typeof duplex?._writableState !== 'object' || typeof duplex?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  }
  validateObject(options, 'options');
  const type = options.readableType ?? options.type;
  if (isDestroyed(duplex)) {
    const writable = new WritableStream();
    const readable = new ReadableStream({ type });
    writable.close();
    readable.cancel();
    return { readable, writable };
  }
  const writable = isWritable(duplex) ?
    newWritableStreamFromStreamWritable(duplex, hooks) : new WritableStream();
  if (!isWritable(duplex)) writable.close();
  const readable = isReadable(duplex) ?
    newReadableStreamFromStreamReadable(duplex, { type }, hooks) : new ReadableStream({ type });
  if (!isReadable(duplex)) readable.cancel();
  return { writable, readable };
}

/** Node docs: stream.Duplex.fromWeb. */
function newStreamDuplexFromReadableWritablePair(pair = {}, options = {}) {
  validateObject(pair, 'pair');
  const { readable: readableStream, writable: writableStream } = pair;
  if (!isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', readableStream);
  }
  if (!isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', writableStream);
  }
  validateObject(options, 'options');
  const {
    allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark,
    signal,
  } = options;
  validateBoolean(objectMode, 'options.objectMode');
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE(encoding, 'options.encoding');
  }

  const { Duplex } = require('internal/stream/duplex');
  const writing = writableHalf(writableStream.getWriter(), { decodeStrings, objectMode });
  const reading = readableHalf(readableStream.getReader());
  const duplex = new Duplex({
    allowHalfOpen, highWaterMark, objectMode, encoding, decodeStrings, signal,
    write: writing.write,
    writev: writing.writev,
    final: writing.final,
    read: reading.read,
    destroy(err, callback) {
      const done = guard(callback);
      Promise.all([writing.destroy(err), reading.destroy(err)])
        .then(() => done(err), (failure) => done(err ?? failure));
    },
  });
  writing.watch(duplex);
  reading.watch(duplex);
  return duplex;
}

module.exports = {
  newReadableStreamFromStreamReadable,
  newReadableWritablePairFromDuplex,
  newStreamDuplexFromReadableWritablePair,
  newStreamReadableFromReadableStream,
  newStreamWritableFromWritableStream,
  newWritableStreamFromStreamWritable,
};
