/**
 * WritableStream, its writer and its controller. Streams Standard §5.
 *
 * Writes queue in the controller; one at a time is with the sink ("in flight"), and so is a close.
 * An error first makes the stream 'erroring', until what is in flight is through, then 'errored'.
 */
'use strict';

const { kTransfer, kTransferable, markTransferMode } = require('internal/transferable');
const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  Deferred, Fifo, SizedQueue, checkObject, customInspectSymbol, finishInterface, highWaterMarkOf, inspectAs,
  invalidState, invalidThis, invokeAsync, kInternal, markHandled, methodOf, nop, nopAsync,
  resolvedWith, sizeAlgorithmOf, then,
} = require('internal/webstreams/util');
const {
  kControllerErrorFunction, kIsClosedPromise, kIsErrored, kIsWritable,
} = require('internal/stream/utils');

class WritableImpl {
  constructor() {
    this.state = 'writable';
    this.storedError = undefined;
    this.writer = null;
    this.controller = null;
    this.backpressure = false;
    /** Deferreds: of the writes that wait, of what the sink works on, of close() and abort(). */
    this.writeRequests = new Fifo();
    this.inFlightWrite = null;
    this.closeRequest = null;
    this.inFlightClose = null;
    this.pendingAbort = null;
    this.shellOrNull = null;
    this.closed = Promise.withResolvers();
    markHandled(this.closed.promise);
  }

  get shell() {
    return this.shellOrNull ??= new WritableStream(kInternal, this);
  }

  get isLocked() {
    return this.writer !== null;
  }

  get isCloseQueuedOrInFlight() {
    return this.closeRequest !== null || this.inFlightClose !== null;
  }

  get isBusy() {
    return this.inFlightWrite !== null || this.inFlightClose !== null;
  }

  get isOver() {
    return this.state === 'closed' || this.state === 'errored';
  }

  /** Streams Standard: WritableStreamAbort. */
  abort(reason) {
    if (this.isOver) return Promise.resolve(undefined);
    this.controller.abortController.abort(reason);
    // The signal's listeners may have changed everything.
    if (this.isOver) return Promise.resolve(undefined);
    if (this.pendingAbort !== null) return this.pendingAbort.deferred.promise;
    const wasErroring = this.state === 'erroring';
    if (wasErroring) reason = undefined;
    const deferred = Promise.withResolvers();
    this.pendingAbort = { deferred, reason, wasErroring };
    if (!wasErroring) this.startErroring(reason);
    return deferred.promise;
  }

  /** Streams Standard: WritableStreamClose. */
  close() {
    if (this.isOver) return Promise.reject(invalidState('WritableStream is closed'));
    this.closeRequest = Promise.withResolvers();
    const { promise } = this.closeRequest;
    if (this.writer !== null && this.backpressure && this.state === 'writable') {
      this.writer.ready.resolve(undefined);
    }
    this.controller.close();
    return promise;
  }

  /** Streams Standard: WritableStreamDealWithRejection. */
  fail(reason) {
    if (this.state === 'writable') this.startErroring(reason);
    else this.finishErroring();
  }

  startErroring(reason) {
    this.state = 'erroring';
    this.storedError = reason;
    if (this.writer !== null) this.writer.rejectReady(reason);
    if (!this.isBusy && this.controller.started) this.finishErroring();
  }

  finishErroring() {
    this.state = 'errored';
    this.controller.clearQueue();
    const reason = this.storedError;
    for (const request of this.writeRequests.drain()) request.reject(reason);

    const abort = this.pendingAbort;
    if (abort === null) {
      this.rejectCloses();
      return;
    }
    this.pendingAbort = null;
    if (abort.wasErroring) {
      abort.deferred.reject(reason);
      this.rejectCloses();
      return;
    }
    then(this.controller.abortSteps(abort.reason), () => {
      abort.deferred.resolve(undefined);
      this.rejectCloses();
    }, (failure) => {
      abort.deferred.reject(failure);
      this.rejectCloses();
    });
  }

  rejectCloses() {
    this.closed.reject(this.storedError);
    if (this.closeRequest !== null) {
      this.closeRequest.reject(this.storedError);
      this.closeRequest = null;
    }
    if (this.writer !== null) {
      this.writer.closed.rejectHandled(this.storedError);
    }
  }

  finishInFlightWrite() {
    this.inFlightWrite.resolve(undefined);
    this.inFlightWrite = null;
  }

  failInFlightWrite(reason) {
    this.inFlightWrite.reject(reason);
    this.inFlightWrite = null;
    this.fail(reason);
  }

  finishInFlightClose() {
    this.inFlightClose.resolve(undefined);
    this.inFlightClose = null;
    if (this.state === 'erroring') {
      // The close was through before the error could take effect.
      this.storedError = undefined;
      if (this.pendingAbort !== null) {
        this.pendingAbort.deferred.resolve(undefined);
        this.pendingAbort = null;
      }
    }
    this.state = 'closed';
    this.closed.resolve(undefined);
    if (this.writer !== null) this.writer.closed.resolve(undefined);
  }

  failInFlightClose(reason) {
    this.inFlightClose.reject(reason);
    this.inFlightClose = null;
    if (this.pendingAbort !== null) {
      this.pendingAbort.deferred.reject(reason);
      this.pendingAbort = null;
    }
    this.fail(reason);
  }

  updateBackpressure(backpressure) {
    if (this.writer !== null && backpressure !== this.backpressure) {
      if (backpressure) this.writer.ready = new Deferred();
      else this.writer.ready.resolve(undefined);
    }
    this.backpressure = backpressure;
  }
}

// ---------------------------------------------------------------- controller

const kClose = Symbol('close');

class WritableControllerImpl {
  // Declared, so that a setter of the name on a patched Object.prototype is not reached.
  highWaterMark;

  constructor(stream, algorithms, highWaterMark, sizeAlgorithm) {
    this.stream = stream;
    this.writeAlgorithm = algorithms.write;
    this.closeAlgorithm = algorithms.close;
    this.abortAlgorithm = algorithms.abort;
    this.highWaterMark = highWaterMark;
    this.sizeAlgorithm = sizeAlgorithm;
    this.queue = new SizedQueue();
    this.started = false;
    this.abortControllerOrNull = null;
    this.shellOrNull = null;
    stream.controller = this;
    // Made once: they follow every write.
    this.onWritten = () => {
      stream.finishInFlightWrite();
      this.queue.dequeue();
      if (!stream.isCloseQueuedOrInFlight && stream.state === 'writable') {
        stream.updateBackpressure(this.hasBackpressure);
      }
      this.advance();
    };
    this.onWriteFailed = (reason) => {
      if (stream.state === 'writable') this.clearAlgorithms();
      stream.failInFlightWrite(reason);
    };
  }

  get shell() {
    return this.shellOrNull ??= new WritableStreamDefaultController(kInternal, this);
  }

  get abortController() {
    return this.abortControllerOrNull ??= new AbortController();
  }

  get desiredSize() {
    return this.highWaterMark - this.queue.total;
  }

  get hasBackpressure() {
    return this.desiredSize <= 0;
  }

  start(startAlgorithm) {
    const { stream } = this;
    stream.updateBackpressure(this.hasBackpressure);
    const result = startAlgorithm();
    then(resolvedWith(result), () => {
      this.started = true;
      this.advance();
    }, (reason) => {
      this.started = true;
      stream.fail(reason);
    });
  }

  /** What `chunk` counts for; an error of the strategy is the stream's. */
  sizeOf(chunk) {
    if (this.sizeAlgorithm === undefined) return 1;
    try {
      return this.sizeAlgorithm(chunk);
    } catch (err) {
      this.errorIfNeeded(err);
      return 1;
    }
  }

  write(chunk, size) {
    try {
      this.queue.enqueue(chunk, size);
    } catch (err) {
      this.errorIfNeeded(err);
      return;
    }
    const { stream } = this;
    if (!stream.isCloseQueuedOrInFlight && stream.state === 'writable') {
      stream.updateBackpressure(this.hasBackpressure);
    }
    this.advance();
  }

  close() {
    this.queue.enqueue(kClose, 0);
    this.advance();
  }

  /** Hands the sink the next thing in the queue, if it is free. */
  advance() {
    const { stream } = this;
    if (!this.started || stream.inFlightWrite !== null) return;
    if (stream.state === 'erroring') {
      stream.finishErroring();
      return;
    }
    if (this.queue.length === 0) return;
    const value = this.queue.peek();
    if (value === kClose) this.processClose();
    else this.processWrite(value);
  }

  processClose() {
    const { stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = null;
    this.queue.dequeue();
    const promise = this.closeAlgorithm();
    this.clearAlgorithms();
    then(promise, () => stream.finishInFlightClose(),
      (reason) => stream.failInFlightClose(reason));
  }

  processWrite(chunk) {
    const { stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    then(this.writeAlgorithm(chunk), this.onWritten, this.onWriteFailed);
  }

  error(reason) {
    this.clearAlgorithms();
    this.stream.startErroring(reason);
  }

  errorIfNeeded(reason) {
    if (this.stream.state === 'writable') this.error(reason);
  }

  abortSteps(reason) {
    const result = this.abortAlgorithm(reason);
    this.clearAlgorithms();
    return result;
  }

  clearQueue() {
    this.queue.clear();
  }

  clearAlgorithms() {
    this.writeAlgorithm = undefined;
    this.closeAlgorithm = undefined;
    this.abortAlgorithm = undefined;
    this.sizeAlgorithm = undefined;
  }
}

let isController;

/** Node docs: Class: WritableStreamDefaultController. */
class WritableStreamDefaultController {
  #impl;

  static {
    isController = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(token = undefined, impl = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#impl = impl;
  }

  get signal() {
    if (!isController(this)) throw invalidThis('WritableStreamDefaultController');
    return this.#impl.abortController.signal;
  }

  error(reason = undefined) {
    if (!isController(this)) throw invalidThis('WritableStreamDefaultController');
    this.#impl.errorIfNeeded(reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'WritableStreamDefaultController',
      { stream: this.#impl.stream.shell });
  }
}
finishInterface(WritableStreamDefaultController, 'WritableStreamDefaultController',
  ['error', 'signal']);

// ---------------------------------------------------------------- writer

class WriterImpl {
  constructor(stream) {
    this.stream = stream;
    stream.writer = this;
    switch (stream.state) {
      case 'writable':
        this.ready = !stream.isCloseQueuedOrInFlight && stream.backpressure ?
          new Deferred() : Deferred.resolved();
        this.closed = new Deferred();
        break;
      case 'erroring':
        this.ready = Deferred.rejected(stream.storedError);
        this.closed = new Deferred();
        break;
      case 'closed':
        this.ready = Deferred.resolved();
        this.closed = Deferred.resolved();
        break;
      default:
        this.ready = Deferred.rejected(stream.storedError);
        this.closed = Deferred.rejected(stream.storedError);
    }
  }

  write(chunk) {
    const request = Promise.withResolvers();
    this.writeWith(chunk, request);
    return request.promise;
  }

  /** Writes; tells `request` by its `resolve()` or `reject(reason)`. */
  writeWith(chunk, request) {
    const { stream } = this;
    const { controller } = stream;
    const size = controller.sizeOf(chunk);
    // The strategy's size() is a script's: it may have released us.
    if (this.stream !== stream) {
      request.reject(invalidState('Mismatched WritableStreams'));
    } else if (stream.state === 'errored') {
      request.reject(stream.storedError);
    } else if (stream.isCloseQueuedOrInFlight || stream.state === 'closed') {
      request.reject(invalidState('WritableStream is closed'));
    } else if (stream.state === 'erroring') {
      request.reject(stream.storedError);
    } else {
      stream.writeRequests.push(request);
      controller.write(chunk, size);
    }
  }

  closeAndPropagateError() {
    const { stream } = this;
    if (stream.isCloseQueuedOrInFlight || stream.state === 'closed') {
      return Promise.resolve(undefined);
    }
    if (stream.state === 'errored') return Promise.reject(stream.storedError);
    return stream.close();
  }

  get desiredSize() {
    const { state, controller } = this.stream;
    if (state === 'errored' || state === 'erroring') return null;
    return state === 'closed' ? 0 : controller.desiredSize;
  }

  rejectReady(reason) {
    // A settled promise stays; then there is a new one, rejected.
    if (this.ready.isPending) this.ready.rejectHandled(reason);
    else this.ready = Deferred.rejected(reason);
  }

  release() {
    const { stream } = this;
    if (stream === null) return;
    const reason = invalidState('Writer has been released');
    this.rejectReady(reason);
    if (this.closed.isPending) this.closed.rejectHandled(reason);
    else this.closed = Deferred.rejected(reason);
    stream.writer = null;
    this.stream = null;
  }
}

/** A writer of ours on `stream`. Throws if there is one already. */
function acquireWriter(stream) {
  if (stream.isLocked) throw invalidState('WritableStream is locked');
  return new WriterImpl(stream);
}

let isWriter;

/** Node docs: Class: WritableStreamDefaultWriter. */
class WritableStreamDefaultWriter {
  #impl;

  static {
    isWriter = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(stream) {
    if (!isWritableStream(stream)) {
      throw new ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
    }
    this.#impl = acquireWriter(implOf(stream));
  }

  get closed() {
    if (!isWriter(this)) return Promise.reject(invalidThis('WritableStreamDefaultWriter'));
    return this.#impl.closed.promise;
  }

  get desiredSize() {
    if (!isWriter(this)) throw invalidThis('WritableStreamDefaultWriter');
    if (this.#impl.stream === null) throw invalidState('Writer is not bound to a WritableStream');
    return this.#impl.desiredSize;
  }

  get ready() {
    if (!isWriter(this)) return Promise.reject(invalidThis('WritableStreamDefaultWriter'));
    return this.#impl.ready.promise;
  }

  abort(reason = undefined) {
    if (!isWriter(this)) return Promise.reject(invalidThis('WritableStreamDefaultWriter'));
    const { stream } = this.#impl;
    if (stream === null) {
      return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    }
    return stream.abort(reason);
  }

  close() {
    if (!isWriter(this)) return Promise.reject(invalidThis('WritableStreamDefaultWriter'));
    const { stream } = this.#impl;
    if (stream === null) {
      return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    }
    if (stream.isCloseQueuedOrInFlight) {
      return Promise.reject(invalidState('Failure to close WritableStream'));
    }
    return stream.close();
  }

  releaseLock() {
    if (!isWriter(this)) throw invalidThis('WritableStreamDefaultWriter');
    this.#impl.release();
  }

  write(chunk = undefined) {
    if (!isWriter(this)) return Promise.reject(invalidThis('WritableStreamDefaultWriter'));
    if (this.#impl.stream === null) {
      return Promise.reject(invalidState('Writer is not bound to a WritableStream'));
    }
    return this.#impl.write(chunk);
  }

  [customInspectSymbol](depth, options) {
    const impl = this.#impl;
    return inspectAs(this, depth, options, 'WritableStreamDefaultWriter', {
      stream: impl.stream?.shell,
      close: impl.closed.promise,
      ready: impl.ready.promise,
      desiredSize: impl.stream === null ? undefined : impl.desiredSize,
    });
  }
}
finishInterface(WritableStreamDefaultWriter, 'WritableStreamDefaultWriter',
  ['abort', 'close', 'closed', 'desiredSize', 'ready', 'releaseLock', 'write']);

// ---------------------------------------------------------------- stream

let implOf;
let isWritableStream;

/** Node docs: Class: WritableStream. */
class WritableStream {
  #impl;

  static {
    implOf = (stream) => stream.#impl;
    isWritableStream = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(sink = {}, strategy = {}) {
    if (sink === kInternal) {
      this.#impl = strategy;
      return;
    }
    checkObject(sink, 'sink', true);
    checkObject(strategy, 'strategy', true);
    strategy ??= {};
    const type = sink?.type;
    if (type !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('type', type);
    const impl = this.#impl = new WritableImpl();
    impl.shellOrNull = this;
    const sizeAlgorithm = sizeAlgorithmOf(strategy);
    setUpFromSink(impl, sink, highWaterMarkOf(strategy, 1), sizeAlgorithm);
  }

  get locked() {
    if (!isWritableStream(this)) throw invalidThis('WritableStream');
    return this.#impl.isLocked;
  }

  abort(reason = undefined) {
    if (!isWritableStream(this)) return Promise.reject(invalidThis('WritableStream'));
    if (this.#impl.isLocked) return Promise.reject(invalidState('WritableStream is locked'));
    return this.#impl.abort(reason);
  }

  close() {
    if (!isWritableStream(this)) return Promise.reject(invalidThis('WritableStream'));
    const impl = this.#impl;
    if (impl.isLocked) return Promise.reject(invalidState('WritableStream is locked'));
    if (impl.isCloseQueuedOrInFlight) {
      return Promise.reject(invalidState('Failure closing WritableStream'));
    }
    return impl.close();
  }

  getWriter() {
    if (!isWritableStream(this)) throw invalidThis('WritableStream');
    return new WritableStreamDefaultWriter(this);
  }

  [kTransfer]() {
    return require('internal/webstreams/transfer').packWritable(this);
  }

  [customInspectSymbol](depth, options) {
    if (!isWritableStream(this)) throw invalidThis('WritableStream');
    return inspectAs(this, depth, options, 'WritableStream', {
      locked: this.#impl.isLocked,
      state: this.#impl.state,
    });
  }

  get [kIsErrored]() {
    return this.#impl.state === 'errored';
  }

  get [kIsWritable]() {
    return this.#impl.state === 'writable';
  }

  get [kIsClosedPromise]() {
    return this.#impl.closed;
  }

  [kControllerErrorFunction](reason) {
    this.#impl.controller.errorIfNeeded(reason);
  }
}
markTransferMode(WritableStream.prototype, kTransferable);
finishInterface(WritableStream, 'WritableStream', ['abort', 'close', 'getWriter', 'locked']);

/** Connects `stream` to a script's sink. */
function setUpFromSink(stream, sink, highWaterMark, sizeAlgorithm) {
  const abort = methodOf(sink, 'abort', 'sink');
  const close = methodOf(sink, 'close', 'sink');
  const start = methodOf(sink, 'start', 'sink');
  const write = methodOf(sink, 'write', 'sink');
  const controller = new WritableControllerImpl(stream, {
    write: write ? (chunk) => invokeAsync(write, sink, chunk, controller.shell) : nopAsync,
    close: close ? () => invokeAsync(close, sink) : nopAsync,
    abort: abort ? (reason) => invokeAsync(abort, sink, reason) : nopAsync,
  }, highWaterMark, sizeAlgorithm);
  controller.start(start ? () => Reflect.apply(start, sink, [controller.shell]) : nop);
}

/** A stream of our own. `algorithms`: `start()`, `write(chunk)`, `close()`, `abort(reason)`. */
function createWritable(algorithms, highWaterMark = 1, sizeAlgorithm = () => 1) {
  const stream = new WritableImpl();
  const controller = new WritableControllerImpl(stream, algorithms, highWaterMark, sizeAlgorithm);
  controller.start(algorithms.start);
  return stream;
}

module.exports = {
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  acquireWriter,
  createWritable,
  implOf,
  isWritableStream,
};
