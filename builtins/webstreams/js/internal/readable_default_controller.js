/** ReadableStreamDefaultController: a queue of chunks of any kind. Streams Standard §4.6. */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const {
  SizedQueue, customInspectSymbol, finishInterface, inspectAs, invalidState, invalidThis,
  invokeAsync, kInternal, methodOf, nop, nopAsync, resolvedWith, then,
} = require('internal/webstreams/util');

class DefaultControllerImpl {
  // Declared, so that a setter of the name on a patched Object.prototype is not reached.
  highWaterMark;
  sizeAlgorithm;

  constructor(stream, algorithms, highWaterMark, sizeAlgorithm) {
    this.isByte = false;
    this.stream = stream;
    this.pullAlgorithm = algorithms.pull;
    this.cancelAlgorithm = algorithms.cancel;
    this.highWaterMark = highWaterMark;
    this.sizeAlgorithm = sizeAlgorithm;
    this.queue = new SizedQueue();
    this.started = false;
    this.closeRequested = false;
    this.pulling = false;
    this.pullAgain = false;
    this.shellOrNull = null;
    stream.controller = this;
    // Made once, as a pull comes with nearly every chunk.
    this.onPulled = () => {
      this.pulling = false;
      if (this.pullAgain) {
        this.pullAgain = false;
        this.pullIfNeeded();
      }
    };
    this.onPullFailed = (reason) => this.error(reason);
  }

  get shell() {
    return this.shellOrNull ??= new ReadableStreamDefaultController(kInternal, this);
  }

  /** Calls `start`; what it throws is thrown. Pulls begin when its promise is fulfilled. */
  start(startAlgorithm) {
    const result = startAlgorithm();
    then(resolvedWith(result), () => {
      this.started = true;
      this.pullIfNeeded();
    }, (reason) => this.error(reason));
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === 'errored') return null;
    if (state === 'closed') return 0;
    return this.highWaterMark - this.queue.total;
  }

  get canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  get hasBackpressure() {
    return !this.shouldPull();
  }

  shouldPull() {
    if (!this.canCloseOrEnqueue || !this.started) return false;
    if (this.stream.pendingReads > 0) return true;
    return this.desiredSize > 0;
  }

  pullIfNeeded() {
    if (!this.shouldPull()) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    then(this.pullAlgorithm(), this.onPulled, this.onPullFailed);
  }

  close() {
    if (!this.canCloseOrEnqueue) return;
    this.closeRequested = true;
    if (this.queue.length === 0) {
      this.clearAlgorithms();
      this.stream.close();
    }
  }

  enqueue(chunk) {
    if (!this.canCloseOrEnqueue) return;
    const { stream } = this;
    if (stream.pendingReads > 0) {
      stream.reader.requests.shift().chunk(chunk);
    } else {
      try {
        this.queue.enqueue(chunk, this.sizeAlgorithm(chunk));
      } catch (err) {
        this.error(err);
        throw err;
      }
    }
    this.pullIfNeeded();
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.queue.clear();
    this.clearAlgorithms();
    this.stream.error(reason);
  }

  /** Lets go of the source, which may hold much. */
  clearAlgorithms() {
    this.pullAlgorithm = undefined;
    this.cancelAlgorithm = undefined;
    this.sizeAlgorithm = undefined;
  }

  cancelSteps(reason) {
    this.queue.clear();
    const result = this.cancelAlgorithm(reason);
    this.clearAlgorithms();
    return result;
  }

  pullSteps(request) {
    if (this.queue.length === 0) {
      this.stream.reader.requests.push(request);
      this.pullIfNeeded();
      return;
    }
    request.chunk(this.takeChunk());
  }

  /** Takes the oldest chunk off the queue, which is not empty. */
  takeChunk() {
    const { queue } = this;
    const chunk = queue.dequeue();
    if (this.closeRequested && queue.length === 0) {
      this.clearAlgorithms();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
    return chunk;
  }

  releaseSteps() {}
}

let isController;

/** Node docs: Class: ReadableStreamDefaultController. */
class ReadableStreamDefaultController {
  #impl;

  static {
    isController = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(token = undefined, impl = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#impl = impl;
  }

  get desiredSize() {
    if (!isController(this)) throw invalidThis('ReadableStreamDefaultController');
    return this.#impl.desiredSize;
  }

  close() {
    if (!isController(this)) throw invalidThis('ReadableStreamDefaultController');
    if (!this.#impl.canCloseOrEnqueue) throw invalidState('Controller is already closed');
    this.#impl.close();
  }

  enqueue(chunk = undefined) {
    if (!isController(this)) throw invalidThis('ReadableStreamDefaultController');
    if (!this.#impl.canCloseOrEnqueue) throw invalidState('Controller is already closed');
    this.#impl.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!isController(this)) throw invalidThis('ReadableStreamDefaultController');
    this.#impl.error(reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ReadableStreamDefaultController', {});
  }
}
finishInterface(ReadableStreamDefaultController, 'ReadableStreamDefaultController',
  ['close', 'desiredSize', 'enqueue', 'error']);

/** Connects `stream` to a script's source. */
function setUpFromSource(stream, source, highWaterMark, sizeAlgorithm) {
  const cancel = methodOf(source, 'cancel', 'source');
  const pull = methodOf(source, 'pull', 'source');
  const start = methodOf(source, 'start', 'source');
  const controller = new DefaultControllerImpl(stream, {
    pull: pull ? () => invokeAsync(pull, source, controller.shell) : nopAsync,
    cancel: cancel ? (reason) => invokeAsync(cancel, source, reason) : nopAsync,
  }, highWaterMark, sizeAlgorithm);
  controller.start(start ? () => Reflect.apply(start, source, [controller.shell]) : nop);
}

/** A stream of our own. `algorithms`: `start()`, `pull()`, `cancel(reason)`; the last two async. */
function createReadable(algorithms, highWaterMark = 1, sizeAlgorithm = () => 1) {
  const { ReadableImpl } = require('internal/webstreams/readable_stream');
  const stream = new ReadableImpl();
  const controller = new DefaultControllerImpl(stream, algorithms, highWaterMark, sizeAlgorithm);
  controller.start(algorithms.start);
  return stream;
}

module.exports = { ReadableStreamDefaultController, createReadable, setUpFromSource };
