/**
 * TransformStream and its controller. Streams Standard §6.
 *
 * Back-pressure of the readable side holds up writes: a write waits for `backpressureChange`, the
 * promise of the next change.
 */
'use strict';

const { kTransfer, kTransferable, markTransferMode } = require('internal/transferable');
const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  RESOLVED, checkObject, customInspectSymbol, finishInterface, highWaterMarkOf, inspectAs, invalidState,
  invalidThis, invokeAsync, kInternal, methodOf, nopAsync, sizeAlgorithmOf, then,
} = require('internal/webstreams/util');
const { createReadable } = require('internal/webstreams/readable_default_controller');
const { createWritable } = require('internal/webstreams/writable_stream');

class TransformImpl {
  constructor(writableMark, writableSize, readableMark, readableSize) {
    this.backpressure = undefined;
    this.backpressureChange = null;
    this.controller = null;
    this.shellOrNull = null;
    const started = Promise.withResolvers();
    this.started = started;
    const start = () => started.promise;
    this.writable = createWritable({
      start,
      write: (chunk) => this.write(chunk),
      close: () => this.closeWritable(),
      abort: (reason) => this.abortWritable(reason),
    }, writableMark, writableSize);
    this.readable = createReadable({
      start,
      pull: () => this.pull(),
      cancel: (reason) => this.cancelReadable(reason),
    }, readableMark, readableSize);
    this.setBackpressure(true);
  }

  get shell() {
    return this.shellOrNull ??= new TransformStream(kInternal, this);
  }

  error(reason) {
    this.readable.controller.error(reason);
    this.errorWritable(reason);
  }

  errorWritable(reason) {
    this.controller.clearAlgorithms();
    this.writable.controller.errorIfNeeded(reason);
    this.unblockWrite();
  }

  unblockWrite() {
    if (this.backpressure) this.setBackpressure(false);
  }

  setBackpressure(backpressure) {
    if (this.backpressureChange !== null) {
      this.backpressureChange.resolve(undefined);
      this.backpressureChange = null;
    }
    this.backpressure = backpressure;
  }

  /** Resolved at the next change; made only when someone waits. */
  get nextBackpressureChange() {
    this.backpressureChange ??= Promise.withResolvers();
    return this.backpressureChange.promise;
  }

  write(chunk) {
    if (!this.backpressure) return this.controller.transform(chunk);
    return then(this.nextBackpressureChange, () => {
      if (this.writable.state === 'erroring') throw this.writable.storedError;
      return this.controller.transform(chunk);
    });
  }

  /**
   * The end from either side, once: runs the transformer's `flush` or `cancel`, then `onDone`,
   * which fails if it returns `{ reason }`.
   */
  finish(run, onDone, onFail) {
    const { controller } = this;
    if (controller.finished !== null) return controller.finished.promise;
    const finished = controller.finished = Promise.withResolvers();
    const promise = run();
    controller.clearAlgorithms();
    then(promise, () => {
      const failure = onDone();
      if (failure) finished.reject(failure.reason);
      else finished.resolve(undefined);
    }, (reason) => {
      onFail(reason);
      finished.reject(reason);
    });
    return finished.promise;
  }

  closeWritable() {
    const { readable, controller } = this;
    return this.finish(() => controller.flushAlgorithm(), () => {
      if (readable.state === 'errored') return { reason: readable.storedError };
      readable.controller.close();
    }, (reason) => readable.controller.error(reason));
  }

  abortWritable(reason) {
    const { readable, controller } = this;
    return this.finish(() => controller.cancelAlgorithm(reason), () => {
      if (readable.state === 'errored') return { reason: readable.storedError };
      readable.controller.error(reason);
    }, (failure) => readable.controller.error(failure));
  }

  cancelReadable(reason) {
    const { writable, controller } = this;
    return this.finish(() => controller.cancelAlgorithm(reason), () => {
      if (writable.state === 'errored') return { reason: writable.storedError };
      writable.controller.errorIfNeeded(reason);
      this.unblockWrite();
    }, (failure) => {
      writable.controller.errorIfNeeded(failure);
      this.unblockWrite();
    });
  }

  pull() {
    this.setBackpressure(false);
    return this.nextBackpressureChange;
  }
}

class TransformControllerImpl {
  constructor(stream, algorithms) {
    this.stream = stream;
    this.transformAlgorithm = algorithms.transform;
    this.flushAlgorithm = algorithms.flush;
    this.cancelAlgorithm = algorithms.cancel;
    this.finished = null;
    this.shellOrNull = null;
    stream.controller = this;
    this.onTransformFailed = (reason) => {
      stream.error(reason);
      throw reason;
    };
  }

  get shell() {
    return this.shellOrNull ??= new TransformStreamDefaultController(kInternal, this);
  }

  clearAlgorithms() {
    this.transformAlgorithm = undefined;
    this.flushAlgorithm = undefined;
    this.cancelAlgorithm = undefined;
  }

  transform(chunk) {
    return then(this.transformAlgorithm(chunk), undefined, this.onTransformFailed);
  }

  enqueue(chunk) {
    const { stream } = this;
    const { controller } = stream.readable;
    if (!controller.canCloseOrEnqueue) throw invalidState('Unable to enqueue');
    try {
      controller.enqueue(chunk);
    } catch (err) {
      stream.errorWritable(err);
      throw stream.readable.storedError;
    }
    if (controller.hasBackpressure !== stream.backpressure) stream.setBackpressure(true);
  }

  terminate() {
    this.stream.readable.controller.close();
    this.stream.errorWritable(invalidState('TransformStream terminated'));
  }
}

let isController;

/** Node docs: Class: TransformStreamDefaultController. */
class TransformStreamDefaultController {
  #impl;

  static {
    isController = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(token = undefined, impl = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#impl = impl;
  }

  get desiredSize() {
    if (!isController(this)) throw invalidThis('TransformStreamDefaultController');
    return this.#impl.stream.readable.controller.desiredSize;
  }

  enqueue(chunk = undefined) {
    if (!isController(this)) throw invalidThis('TransformStreamDefaultController');
    this.#impl.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!isController(this)) throw invalidThis('TransformStreamDefaultController');
    this.#impl.stream.error(reason);
  }

  terminate() {
    if (!isController(this)) throw invalidThis('TransformStreamDefaultController');
    this.#impl.terminate();
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'TransformStreamDefaultController',
      { stream: this.#impl.stream.shell });
  }
}
finishInterface(TransformStreamDefaultController, 'TransformStreamDefaultController',
  ['desiredSize', 'enqueue', 'error', 'terminate']);

let isTransformStream;

/** Node docs: Class: TransformStream. */
class TransformStream {
  #impl;

  static {
    isTransformStream = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(transformer = {}, writableStrategy = {}, readableStrategy = {}) {
    if (transformer === kInternal) {
      this.#impl = writableStrategy;
      return;
    }
    checkObject(transformer, 'transformer', true);
    checkObject(writableStrategy, 'writableStrategy', true);
    checkObject(readableStrategy, 'readableStrategy', true);
    writableStrategy ??= {};
    readableStrategy ??= {};
    const { readableType, writableType } = transformer ?? {};
    const cancel = methodOf(transformer, 'cancel', 'transformer');
    const flush = methodOf(transformer, 'flush', 'transformer');
    const start = methodOf(transformer, 'start', 'transformer');
    const transform = methodOf(transformer, 'transform', 'transformer');
    if (readableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.readableType', readableType);
    }
    if (writableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.writableType', writableType);
    }
    const readableMark = highWaterMarkOf(readableStrategy, 0);
    const readableSize = sizeAlgorithmOf(readableStrategy);
    const writableMark = highWaterMarkOf(writableStrategy, 1);
    const writableSize = sizeAlgorithmOf(writableStrategy);

    const impl = this.#impl =
      new TransformImpl(writableMark, writableSize, readableMark, readableSize);
    impl.shellOrNull = this;
    const controller = new TransformControllerImpl(impl, {
      transform: transform ?
        (chunk) => invokeAsync(transform, transformer, chunk, controller.shell) :
        (chunk) => passOn(controller, chunk),
      flush: flush ? () => invokeAsync(flush, transformer, controller.shell) : nopAsync,
      cancel: cancel ? (reason) => invokeAsync(cancel, transformer, reason) : nopAsync,
    });
    impl.started.resolve(
      start ? Reflect.apply(start, transformer, [controller.shell]) : undefined);
  }

  get readable() {
    if (!isTransformStream(this)) throw invalidThis('TransformStream');
    return this.#impl.readable.shell;
  }

  get writable() {
    if (!isTransformStream(this)) throw invalidThis('TransformStream');
    return this.#impl.writable.shell;
  }

  [kTransfer]() {
    return require('internal/webstreams/transfer').packTransform(this);
  }

  [customInspectSymbol](depth, options) {
    if (!isTransformStream(this)) throw invalidThis('TransformStream');
    return inspectAs(this, depth, options, 'TransformStream', {
      readable: this.#impl.readable.shell,
      writable: this.#impl.writable.shell,
      backpressure: this.#impl.backpressure,
    });
  }
}
markTransferMode(TransformStream.prototype, kTransferable);
finishInterface(TransformStream, 'TransformStream', ['readable', 'writable']);

function passOn(controller, chunk) {
  try {
    controller.enqueue(chunk);
    return RESOLVED;
  } catch (err) {
    return Promise.reject(err);
  }
}

/** A TransformStream whose sides came from another thread. */
function makeTransform(readable, writable) {
  return new TransformStream(kInternal, { readable: { shell: readable }, writable: { shell: writable }, backpressure: undefined });
}

module.exports = { makeTransform, TransformStream, TransformStreamDefaultController, isTransformStream };
