/**
 * ReadableByteStreamController and ReadableStreamBYOBRequest: bytes, copied as little as possible.
 * Streams Standard §4.7 and §4.8.
 *
 * A pending pull-into describes a buffer that is to be filled, brought by a BYOB read or allocated
 * for a default read. **Invariant:** buffers that we hold were transferred to us, so scripts see
 * theirs detached and cannot write to ours.
 */
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  Fifo, customInspectSymbol, finishInterface, inspectAs, invalidState, invalidThis, invokeAsync,
  kInternal, methodOf, nop, nopAsync, resolvedWith, then,
} = require('internal/webstreams/util');

/** Detaches `buffer` and gives its bytes a new owner. Throws TypeError where that cannot be. */
function transferBuffer(buffer) {
  if (!(buffer instanceof ArrayBuffer) && Object.prototype.toString.call(buffer) !== '[object ArrayBuffer]') {
    throw new ERR_INVALID_ARG_TYPE('buffer', 'ArrayBuffer', buffer);
  }
  return ArrayBuffer.prototype.transfer.call(buffer);
}

class ByteControllerImpl {
  // Declared, so that a setter of the name on a patched Object.prototype is not reached.
  highWaterMark;

  constructor(stream, algorithms, highWaterMark, autoAllocateChunkSize) {
    this.isByte = true;
    this.stream = stream;
    this.pullAlgorithm = algorithms.pull;
    this.cancelAlgorithm = algorithms.cancel;
    this.highWaterMark = highWaterMark;
    this.autoAllocateChunkSize = autoAllocateChunkSize;
    /** Entries { buffer, byteOffset, byteLength }, and the sum of their byteLength. */
    this.queue = new Fifo();
    this.queueBytes = 0;
    this.pendingPullIntos = [];
    this.byobRequestImpl = null;
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
    return this.shellOrNull ??= new ReadableByteStreamController(kInternal, this);
  }

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
    return this.highWaterMark - this.queueBytes;
  }

  shouldPull() {
    const { stream } = this;
    if (stream.state !== 'readable' || this.closeRequested || !this.started) return false;
    return stream.pendingReads > 0 || this.desiredSize > 0;
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

  clearAlgorithms() {
    this.pullAlgorithm = undefined;
    this.cancelAlgorithm = undefined;
  }

  clearQueue() {
    this.queue.drain();
    this.queueBytes = 0;
  }

  clearPendingPullIntos() {
    this.invalidateByobRequest();
    this.pendingPullIntos = [];
  }

  invalidateByobRequest() {
    if (this.byobRequestImpl === null) return;
    this.byobRequestImpl.controller = undefined;
    this.byobRequestImpl.view = null;
    this.byobRequestImpl = null;
  }

  get byobRequest() {
    if (this.byobRequestImpl === null && this.pendingPullIntos.length > 0) {
      const first = this.pendingPullIntos[0];
      const view = new Uint8Array(
        first.buffer, first.byteOffset + first.bytesFilled, first.byteLength - first.bytesFilled);
      this.byobRequestImpl = { controller: this, view, shell: null };
      this.byobRequestImpl.shell = new ReadableStreamBYOBRequest(kInternal, this.byobRequestImpl);
    }
    return this.byobRequestImpl === null ? null : this.byobRequestImpl.shell;
  }

  close() {
    if (this.closeRequested || this.stream.state !== 'readable') return;
    if (this.queueBytes > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pendingPullIntos.length > 0) {
      const first = this.pendingPullIntos[0];
      if (first.bytesFilled % first.elementSize !== 0) {
        const reason = invalidState('Partial read');
        this.error(reason);
        throw reason;
      }
    }
    this.clearAlgorithms();
    this.stream.close();
  }

  enqueue(chunk) {
    const { stream } = this;
    if (this.closeRequested || stream.state !== 'readable') return;
    const { byteOffset, byteLength } = chunk;
    if (chunk.buffer.detached) throw invalidState('Destination ArrayBuffer is detached');
    const buffer = transferBuffer(chunk.buffer);

    if (this.pendingPullIntos.length > 0) {
      const first = this.pendingPullIntos[0];
      if (first.buffer.detached) throw invalidState('Destination ArrayBuffer is detached');
      this.invalidateByobRequest();
      first.buffer = transferBuffer(first.buffer);
      if (first.readerType === 'none') this.queueDetachedPullInto(first);
    }

    if (stream.hasDefaultReader) {
      this.serveReadsFromQueue();
      if (stream.pendingReads === 0) {
        this.queueChunk(buffer, byteOffset, byteLength);
      } else {
        if (this.pendingPullIntos.length > 0) this.shiftPullInto();
        stream.reader.requests.shift().chunk(new Uint8Array(buffer, byteOffset, byteLength));
      }
    } else {
      this.queueChunk(buffer, byteOffset, byteLength);
      if (stream.hasByobReader) this.commitAll(this.fillPullIntosFromQueue());
    }
    this.pullIfNeeded();
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.clearPendingPullIntos();
    this.clearQueue();
    this.clearAlgorithms();
    this.stream.error(reason);
  }

  cancelSteps(reason) {
    this.clearPendingPullIntos();
    this.clearQueue();
    const result = this.cancelAlgorithm(reason);
    this.clearAlgorithms();
    return result;
  }

  pullSteps(request) {
    if (this.queueBytes > 0) {
      this.serveFromQueue(request);
      return;
    }
    const size = this.autoAllocateChunkSize;
    if (size !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(size);
      } catch (err) {
        request.error(err);
        return;
      }
      this.pendingPullIntos.push({
        buffer,
        bufferByteLength: size,
        byteOffset: 0,
        byteLength: size,
        bytesFilled: 0,
        minimumFill: 1,
        elementSize: 1,
        ViewConstructor: Uint8Array,
        readerType: 'default',
      });
    }
    this.stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  releaseSteps() {
    if (this.pendingPullIntos.length > 0) {
      const first = this.pendingPullIntos[0];
      first.readerType = 'none';
      this.pendingPullIntos = [first];
    }
  }

  /** Streams Standard: ReadableByteStreamControllerPullInto. */
  pullInto(view, min, request) {
    const isDataView = view instanceof DataView;
    const elementSize = isDataView ? 1 : view.BYTES_PER_ELEMENT;
    const ViewConstructor = isDataView ? DataView : plainConstructorOf(view);
    const { byteOffset, byteLength } = view;
    let buffer;
    try {
      buffer = transferBuffer(view.buffer);
    } catch (err) {
      request.error(err);
      return;
    }
    const pullInto = {
      buffer,
      bufferByteLength: buffer.byteLength,
      byteOffset,
      byteLength,
      bytesFilled: 0,
      minimumFill: min * elementSize,
      elementSize,
      ViewConstructor,
      readerType: 'byob',
    };

    if (this.pendingPullIntos.length > 0) {
      this.pendingPullIntos.push(pullInto);
      this.stream.reader.requests.push(request);
      return;
    }
    if (this.stream.state === 'closed') {
      request.close(new ViewConstructor(buffer, byteOffset, 0));
      return;
    }
    if (this.queueBytes > 0) {
      if (this.fillFromQueue(pullInto)) {
        const filled = filledView(pullInto);
        this.handleQueueDrain();
        request.chunk(filled);
        return;
      }
      if (this.closeRequested) {
        const reason = invalidState('ReadableStream closed');
        this.error(reason);
        request.error(reason);
        return;
      }
    }
    this.pendingPullIntos.push(pullInto);
    this.stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  /** `byobRequest.respond()`: the source has written `bytesWritten` into the first pull-into. */
  respond(bytesWritten) {
    const first = this.pendingPullIntos[0];
    if (this.stream.state === 'closed') {
      if (bytesWritten !== 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
    } else {
      if (bytesWritten === 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
      if (first.bytesFilled + bytesWritten > first.byteLength) {
        throw new ERR_INVALID_ARG_VALUE.RangeError('bytesWritten', bytesWritten);
      }
    }
    first.buffer = transferBuffer(first.buffer);
    this.respondInternal(bytesWritten);
  }

  respondWithNewView(view) {
    const first = this.pendingPullIntos[0];
    if (this.stream.state === 'closed') {
      if (view.byteLength !== 0) throw new ERR_INVALID_ARG_VALUE('view', view);
    } else if (view.byteLength === 0) {
      throw new ERR_INVALID_ARG_VALUE('view', view);
    }
    if (first.byteOffset + first.bytesFilled !== view.byteOffset ||
        first.bytesFilled + view.byteLength > first.byteLength ||
        first.bufferByteLength !== view.buffer.byteLength) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
    }
    const { byteLength } = view;
    first.buffer = transferBuffer(view.buffer);
    this.respondInternal(byteLength);
  }

  respondInternal(bytesWritten) {
    const first = this.pendingPullIntos[0];
    this.invalidateByobRequest();
    if (this.stream.state === 'closed') this.respondClosed(first);
    else this.respondReadable(first, bytesWritten);
    this.pullIfNeeded();
  }

  respondClosed(first) {
    if (first.readerType === 'none') this.shiftPullInto();
    if (!this.stream.hasByobReader) return;
    const filled = [];
    while (filled.length < this.stream.pendingReads) filled.push(this.shiftPullInto());
    this.commitAll(filled);
  }

  respondReadable(pullInto, bytesWritten) {
    pullInto.bytesFilled += bytesWritten;
    if (pullInto.readerType === 'none') {
      this.queueDetachedPullInto(pullInto);
      this.commitAll(this.fillPullIntosFromQueue());
      return;
    }
    if (pullInto.bytesFilled < pullInto.minimumFill) return;
    this.shiftPullInto();
    const remainder = pullInto.bytesFilled % pullInto.elementSize;
    if (remainder > 0) {
      // Part of an element: it starts the next read.
      const end = pullInto.byteOffset + pullInto.bytesFilled;
      this.queueCopy(pullInto.buffer, end - remainder, remainder);
    }
    pullInto.bytesFilled -= remainder;
    const filled = this.fillPullIntosFromQueue();
    this.commit(pullInto);
    this.commitAll(filled);
  }

  commit(pullInto) {
    const { stream } = this;
    const view = filledView(pullInto);
    const request = stream.reader.requests.shift();
    if (stream.state === 'closed') request.close(view);
    else request.chunk(view);
  }

  commitAll(pullIntos) {
    for (const pullInto of pullIntos) this.commit(pullInto);
  }

  shiftPullInto() {
    return this.pendingPullIntos.shift();
  }

  queueChunk(buffer, byteOffset, byteLength) {
    this.queue.push({ buffer, byteOffset, byteLength });
    this.queueBytes += byteLength;
  }

  queueCopy(buffer, byteOffset, byteLength) {
    let copy;
    try {
      copy = buffer.slice(byteOffset, byteOffset + byteLength);
    } catch (err) {
      this.error(err);
      throw err;
    }
    this.queueChunk(copy, 0, byteLength);
  }

  /** A pull-into whose reader has gone: what was filled is for the next reader. */
  queueDetachedPullInto(pullInto) {
    if (pullInto.bytesFilled > 0) {
      this.queueCopy(pullInto.buffer, pullInto.byteOffset, pullInto.bytesFilled);
    }
    this.shiftPullInto();
  }

  serveFromQueue(request) {
    const { buffer, byteOffset, byteLength } = this.queue.shift();
    this.queueBytes -= byteLength;
    this.handleQueueDrain();
    request.chunk(new Uint8Array(buffer, byteOffset, byteLength));
  }

  serveReadsFromQueue() {
    const { requests } = this.stream.reader;
    while (requests.length > 0 && this.queueBytes > 0) this.serveFromQueue(requests.shift());
  }

  handleQueueDrain() {
    if (this.queueBytes === 0 && this.closeRequested) {
      this.clearAlgorithms();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
  }

  /** Copies from the queue; true if the pull-into has its minimum now. */
  fillFromQueue(pullInto) {
    const copyMax = Math.min(this.queueBytes, pullInto.byteLength - pullInto.bytesFilled);
    const filledMax = pullInto.bytesFilled + copyMax;
    const aligned = filledMax - filledMax % pullInto.elementSize;
    const isReady = aligned >= pullInto.minimumFill;
    let left = isReady ? aligned - pullInto.bytesFilled : copyMax;

    while (left > 0) {
      const head = this.queue.peek();
      const size = Math.min(left, head.byteLength);
      const target = pullInto.byteOffset + pullInto.bytesFilled;
      new Uint8Array(pullInto.buffer, target, size)
        .set(new Uint8Array(head.buffer, head.byteOffset, size));
      if (head.byteLength === size) {
        this.queue.shift();
      } else {
        head.byteOffset += size;
        head.byteLength -= size;
      }
      this.queueBytes -= size;
      pullInto.bytesFilled += size;
      left -= size;
    }
    return isReady;
  }

  fillPullIntosFromQueue() {
    const filled = [];
    while (this.pendingPullIntos.length > 0 && this.queueBytes > 0) {
      const first = this.pendingPullIntos[0];
      if (this.fillFromQueue(first)) {
        this.shiftPullInto();
        filled.push(first);
      }
    }
    return filled;
  }
}

/** The intrinsic constructor of a typed array's kind: a Buffer is filled as a Uint8Array. */
function plainConstructorOf(view) {
  const name = Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag, view);
  return globalThis[name];
}

/** What a pull-into has been filled with, in the shape that was asked for. */
function filledView(pullInto) {
  return new pullInto.ViewConstructor(
    transferBuffer(pullInto.buffer), pullInto.byteOffset,
    pullInto.bytesFilled / pullInto.elementSize);
}

let isController;
let controllerImplOf;

/** Node docs: Class: ReadableByteStreamController. */
class ReadableByteStreamController {
  #impl;

  static {
    isController = (value) => typeof value === 'object' && value !== null && #impl in value;
    controllerImplOf = (controller) => controller.#impl;
  }

  constructor(token = undefined, impl = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#impl = impl;
  }

  get byobRequest() {
    if (!isController(this)) throw invalidThis('ReadableByteStreamController');
    return this.#impl.byobRequest;
  }

  get desiredSize() {
    if (!isController(this)) throw invalidThis('ReadableByteStreamController');
    return this.#impl.desiredSize;
  }

  close() {
    if (!isController(this)) throw invalidThis('ReadableByteStreamController');
    const impl = this.#impl;
    if (impl.closeRequested) throw invalidState('Controller is already closed');
    if (impl.stream.state !== 'readable') throw invalidState('ReadableStream is already closed');
    impl.close();
  }

  enqueue(chunk) {
    if (!isController(this)) throw invalidThis('ReadableByteStreamController');
    if (!ArrayBuffer.isView(chunk)) {
      throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], chunk);
    }
    if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0) {
      throw invalidState('chunk ArrayBuffer is zero-length or detached');
    }
    const impl = this.#impl;
    if (impl.closeRequested) throw invalidState('Controller is already closed');
    if (impl.stream.state !== 'readable') throw invalidState('ReadableStream is already closed');
    impl.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!isController(this)) throw invalidThis('ReadableByteStreamController');
    this.#impl.error(reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ReadableByteStreamController', {});
  }
}
finishInterface(ReadableByteStreamController, 'ReadableByteStreamController',
  ['byobRequest', 'close', 'desiredSize', 'enqueue', 'error']);

let isByobRequest;

/** Node docs: Class: ReadableStreamBYOBRequest. */
class ReadableStreamBYOBRequest {
  #impl;

  static {
    isByobRequest = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(token = undefined, impl = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#impl = impl;
  }

  get view() {
    if (!isByobRequest(this)) throw invalidThis('ReadableStreamBYOBRequest');
    return this.#impl.view;
  }

  respond(bytesWritten) {
    if (!isByobRequest(this)) throw invalidThis('ReadableStreamBYOBRequest');
    const { controller, view } = this.#impl;
    if (controller === undefined) throw invalidState('This BYOB request has been invalidated');
    if (view.buffer.detached) throw invalidState('Viewed ArrayBuffer is detached');
    const count = Number(bytesWritten);
    if (!Number.isInteger(count) || count < 0) {
      throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
    }
    controller.respond(count);
  }

  respondWithNewView(view) {
    if (!isByobRequest(this)) throw invalidThis('ReadableStreamBYOBRequest');
    const { controller } = this.#impl;
    if (controller === undefined) throw invalidState('This BYOB request has been invalidated');
    if (!ArrayBuffer.isView(view)) {
      throw new ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
    }
    if (view.buffer.detached) throw invalidState('Viewed ArrayBuffer is detached');
    controller.respondWithNewView(view);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ReadableStreamBYOBRequest', {
      view: this.#impl.view,
      controller: this.#impl.controller?.shell,
    });
  }
}
finishInterface(ReadableStreamBYOBRequest, 'ReadableStreamBYOBRequest',
  ['respond', 'respondWithNewView', 'view']);

/** Connects `stream` to a script's byte source. */
function setUpFromSource(stream, source, highWaterMark) {
  let { autoAllocateChunkSize } = source;
  if (autoAllocateChunkSize !== undefined) {
    autoAllocateChunkSize = Math.trunc(Number(autoAllocateChunkSize));
    if (!(autoAllocateChunkSize > 0)) {
      throw new ERR_INVALID_ARG_VALUE(
        'source.autoAllocateChunkSize', source.autoAllocateChunkSize);
    }
  }
  const cancel = methodOf(source, 'cancel', 'source');
  const pull = methodOf(source, 'pull', 'source');
  const start = methodOf(source, 'start', 'source');
  const controller = new ByteControllerImpl(stream, {
    pull: pull ? () => invokeAsync(pull, source, controller.shell) : nopAsync,
    cancel: cancel ? (reason) => invokeAsync(cancel, source, reason) : nopAsync,
  }, highWaterMark, autoAllocateChunkSize);
  controller.start(start ? () => Reflect.apply(start, source, [controller.shell]) : nop);
}

/** A byte stream of our own. `algorithms`: `start()`, `pull()`, `cancel(reason)`. */
function createByteReadable(algorithms, highWaterMark = 0) {
  const { ReadableImpl } = require('internal/webstreams/readable_stream');
  const stream = new ReadableImpl();
  const controller = new ByteControllerImpl(stream, algorithms, highWaterMark, undefined);
  controller.start(algorithms.start);
  return stream;
}

module.exports = {
  ReadableByteStreamController, ReadableStreamBYOBRequest, controllerImplOf, createByteReadable,
  setUpFromSource,
};
