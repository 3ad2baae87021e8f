/**
 * `stream.finished`: calls back once when a stream is done with, whichever way: 'end' and 'finish'
 * as far as asked for, 'error', or 'close' before either (premature).
 *
 * Streams differ in which events they still send, so a Watch first finds out what to expect: a
 * stream that will surely emit 'close' is not done before that.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_PREMATURE_CLOSE },
  AbortError,
} = require('internal/errors');
const asyncContext = require('internal/async_context');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateObject,
} = require('internal/validators');
const {
  isClosed, isNodeStream, isReadable, isReadableErrored, isReadableFinished, isReadableNodeStream,
  isReadableStream, isWritable, isWritableErrored, isWritableFinished, isWritableNodeStream,
  isWritableStream, kIsClosedPromise, willEmitClose,
} = require('internal/stream/utils');

function nop() {}

const isRequest = (stream) => Boolean(stream.setHeader) && typeof stream.abort === 'function';

class Watch {
  constructor(stream, options, callback) {
    this.stream = stream;
    this.callback = callback;
    this.readable = options.readable ?? isReadableNodeStream(stream);
    this.writable = options.writable ?? isWritableNodeStream(stream);
    // 'close' of a Duplex says nothing about one side alone.
    this.closeWillTell = willEmitClose(stream) &&
      isReadableNodeStream(stream) === this.readable &&
      isWritableNodeStream(stream) === this.writable;
    this.readableDone = isReadableFinished(stream, false);
    this.writableDone = isWritableFinished(stream, false);
    this.closed = isClosed(stream);
    this.listeners = [];
  }

  tell(err) {
    // Without an argument on success: callers may look at how many there are.
    if (err) this.callback.call(this.stream, err);
    else this.callback.call(this.stream);
  }

  listen(event, listener, emitter = this.stream) {
    this.listeners.push([emitter, event, listener]);
    emitter.on(event, listener);
  }

  start(listenForErrors) {
    const { stream } = this;
    const w = stream._writableState;
    if (this.closed) {
      // Its error and its close are known; those events may still come, and must not count.
      if (listenForErrors) this.listen('error', nop);
      process.nextTick(() => this.close());
      return;
    }
    this.onFinish = () => this.finish();
    this.onClose = () => this.close();

    if (isRequest(stream)) {
      this.listen('complete', this.onFinish);
      if (!this.closeWillTell) this.listen('abort', this.onClose);
      if (stream.req) this.listen('finish', this.onFinish, stream.req);
      else this.listen('request', () => this.listen('finish', this.onFinish, stream.req));
    } else if (this.writable && !w) {
      const onLegacyEnd = () => {
        if (!stream.writable) this.finish();
      };
      this.listen('end', onLegacyEnd);
      this.listen('close', onLegacyEnd);
    }
    if (!this.closeWillTell && typeof stream.aborted === 'boolean') {
      this.listen('aborted', this.onClose);
    }
    this.listen('end', () => this.end());
    this.listen('finish', this.onFinish);
    if (listenForErrors) this.listen('error', (err) => this.tell(err));
    this.listen('close', this.onClose);

    if (this.isOver(w)) process.nextTick(() => this.over());
  }

  /** Whether what we wait for has happened already, so that no event will tell. */
  isOver(w) {
    const { stream } = this;
    const r = stream._readableState;
    if (w?.errorEmitted || r?.errorEmitted) return !this.closeWillTell;
    if (!this.readable && (!this.closeWillTell || isReadable(stream)) &&
        (this.writableDone || isWritable(stream) === false) &&
        (w === null || w === undefined || !w.pendingcb)) {
      return true;
    }
    if (!this.writable && (!this.closeWillTell || isWritable(stream)) &&
        (this.readableDone || isReadable(stream) === false)) {
      return true;
    }
    return Boolean(r && stream.req && stream.aborted);
  }

  finish() {
    const { stream } = this;
    this.writableDone = true;
    // Destroyed meanwhile by someone who overrides destroy(): 'close' may never come.
    if (stream.destroyed) this.closeWillTell = false;
    if (this.closeWillTell && (!stream.writable || this.readable)) return;
    if (!this.readable || this.readableDone) this.tell();
  }

  end() {
    const { stream } = this;
    this.readableDone = true;
    if (stream.destroyed) this.closeWillTell = false;
    if (this.closeWillTell && (!stream.readable || this.writable)) return;
    if (!this.writable || this.writableDone) this.tell();
  }

  close() {
    const { stream } = this;
    this.closed = true;
    const err = isWritableErrored(stream) || isReadableErrored(stream);
    if (err && typeof err !== 'boolean') {
      this.tell(err);
    } else if (this.readable && !this.readableDone && isReadableNodeStream(stream, true) &&
               !isReadableFinished(stream, false)) {
      this.tell(new ERR_STREAM_PREMATURE_CLOSE());
    } else if (this.writable && !this.writableDone && !isWritableFinished(stream, false)) {
      this.tell(new ERR_STREAM_PREMATURE_CLOSE());
    } else {
      this.tell();
    }
  }

  /** It was over before we came. */
  over() {
    this.closed = true;
    const err = isWritableErrored(this.stream) || isReadableErrored(this.stream);
    this.tell(err && typeof err !== 'boolean' ? err : undefined);
  }

  stop() {
    this.callback = nop;
    for (const [emitter, event, listener] of this.listeners) {
      emitter.removeListener(event, listener);
    }
    this.listeners.length = 0;
  }
}

/**
 * `finished(stream[, options], callback)`. Returns a function that takes the listeners off again.
 * Node docs: stream.finished.
 */
function eos(stream, options, callback) {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  } else if (options === null || options === undefined) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  validateFunction(callback, 'callback');
  validateAbortSignal(options.signal, 'options.signal');

  const once = onceInContext(callback);
  if (isReadableStream(stream) || isWritableStream(stream)) {
    return watchWebStream(stream, options, once);
  }
  if (!isNodeStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }

  const watch = new Watch(stream, options, once);
  watch.start(options.error !== false);

  const { signal } = options;
  if (signal && !watch.closed) {
    const abort = () => {
      const { callback: tell } = watch;
      watch.stop();
      tell.call(stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) {
      process.nextTick(abort);
    } else {
      const subscription = require('events').addAbortListener(signal, abort);
      const tell = watch.callback;
      watch.callback = function(...args) {
        subscription[Symbol.dispose]();
        tell.apply(stream, args);
      };
    }
  }
  return () => watch.stop();
}

/** Runs `callback` once, in the async context of now (AsyncLocalStorage stores). */
function onceInContext(callback) {
  const context = asyncContext.get();
  let called = false;
  return function(...args) {
    if (called) return;
    called = true;
    if (context === undefined) callback.apply(this, args);
    else asyncContext.runIn(context, callback, this, args);
  };
}

function watchWebStream(stream, options, callback) {
  let done = false;
  let tell = callback;
  let abort = nop;
  const { signal } = options;
  if (signal) {
    abort = () => {
      done = true;
      callback.call(stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) {
      process.nextTick(abort);
    } else {
      const subscription = require('events').addAbortListener(signal, abort);
      tell = function(...args) {
        subscription[Symbol.dispose]();
        callback.apply(stream, args);
      };
    }
  }
  const settle = (...args) => {
    if (!done) process.nextTick(() => tell.apply(stream, args));
  };
  stream[kIsClosedPromise].promise.then(settle, settle);
  return nop;
}

/** `finished()` as a promise. Node docs: stream.finished of stream/promises. */
function finished(stream, options) {
  let autoCleanup = false;
  if (options === null || options === undefined) options = {};
  if (options.cleanup !== undefined) {
    validateBoolean(options.cleanup, 'cleanup');
    autoCleanup = options.cleanup;
  }
  return new Promise((resolve, reject) => {
    const cleanUp = eos(stream, options, (err) => {
      if (autoCleanup) cleanUp();
      if (err) reject(err);
      else resolve();
    });
  });
}

module.exports = { eos, finished };
