/**
 * ReadableStream: the stream itself, its locking and its states. Streams Standard §4.2.
 *
 * `ReadableImpl` holds the state; a controller (default or byte) fills it, a reader empties it.
 * **Invariant:** `state` only ever goes from 'readable' to 'closed' or 'errored', and read requests
 * wait only in a reader, only while the state is 'readable'.
 */
'use strict';

const { kTransfer, kTransferable, markTransferMode } = require('internal/transferable');
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } =
  require('internal/errors');
const {
  checkObject, customInspectSymbol, finishInterface, highWaterMarkOf, inspectAs, invalidState,
  invalidThis, kInternal, markHandled, nop, sizeAlgorithmOf, then,
} = require('internal/webstreams/util');
const {
  kControllerErrorFunction, kIsClosedPromise, kIsDisturbed, kIsErrored, kIsReadable,
} = require('internal/stream/utils');

class ReadableImpl {
  constructor() {
    this.state = 'readable';
    this.controller = null;
    this.reader = null;
    this.storedError = undefined;
    this.disturbed = false;
    this.shellOrNull = null;
    /** `stream.finished` waits for it: settles with the stream. */
    this.closed = Promise.withResolvers();
    markHandled(this.closed.promise);
    this.handedOver = false;
  }

  get shell() {
    return this.shellOrNull ??= new ReadableStream(kInternal, this);
  }

  get isLocked() {
    return this.reader !== null;
  }

  get hasDefaultReader() {
    return this.reader !== null && !this.reader.isByob;
  }

  get hasByobReader() {
    return this.reader !== null && this.reader.isByob;
  }

  /** Read requests that wait, of whichever kind the reader makes. */
  get pendingReads() {
    return this.reader === null ? 0 : this.reader.requests.length;
  }

  /** Streams Standard: ReadableStreamCancel. */
  cancel(reason) {
    this.disturbed = true;
    if (this.state === 'closed') return Promise.resolve(undefined);
    if (this.state === 'errored') return Promise.reject(this.storedError);
    this.close();
    if (this.hasByobReader) {
      for (const request of this.reader.requests.drain()) request.close(undefined);
    }
    return then(this.controller.cancelSteps(reason), nop);
  }

  /** Streams Standard: ReadableStreamClose. */
  close() {
    this.state = 'closed';
    this.closed.resolve(undefined);
    const { reader } = this;
    if (reader === null) return;
    reader.closed.resolve(undefined);
    if (!reader.isByob) {
      for (const request of reader.requests.drain()) request.close();
    }
  }

  /** Streams Standard: ReadableStreamError. */
  error(reason) {
    this.state = 'errored';
    this.storedError = reason;
    this.closed.reject(reason);
    const { reader } = this;
    if (reader === null) return;
    reader.closed.rejectHandled(reason);
    for (const request of reader.requests.drain()) request.error(reason);
  }
}

let implOf;
let isReadableStream;

/** Node docs: Class: ReadableStream. */
class ReadableStream {
  #impl;

  static {
    implOf = (stream) => stream.#impl;
    isReadableStream = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(source = {}, strategy = {}) {
    if (source === kInternal) {
      this.#impl = strategy;
      return;
    }
    checkObject(source, 'source');
    checkObject(strategy, 'strategy', true);
    strategy ??= {};
    const impl = this.#impl = new ReadableImpl();
    impl.shellOrNull = this;

    const { type } = source;
    if (`${type}` === 'bytes') {
      if (strategy.size !== undefined) {
        throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.size', strategy.size);
      }
      const { setUpFromSource } = require('internal/webstreams/readable_byte_controller');
      setUpFromSource(impl, source, highWaterMarkOf(strategy, 0));
      return;
    }
    if (type !== undefined) throw new ERR_INVALID_ARG_VALUE('source.type', type);
    const sizeAlgorithm = sizeAlgorithmOf(strategy);
    const { setUpFromSource } = require('internal/webstreams/readable_default_controller');
    setUpFromSource(impl, source, highWaterMarkOf(strategy, 1), sizeAlgorithm);
  }

  /** Node docs: ReadableStream.from. */
  static from(iterable) {
    return require('internal/webstreams/readable_from').readableStreamFromIterable(iterable);
  }

  get locked() {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    return this.#impl.isLocked;
  }

  cancel(reason = undefined) {
    if (!isReadableStream(this)) return Promise.reject(invalidThis('ReadableStream'));
    if (this.#impl.isLocked) return Promise.reject(invalidState('ReadableStream is locked'));
    return this.#impl.cancel(reason);
  }

  getReader(options = {}) {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    checkObject(options, 'options', true);
    const mode = options?.mode;
    const readers = require('internal/webstreams/readable_readers');
    if (mode === undefined) return new readers.ReadableStreamDefaultReader(this);
    if (`${mode}` !== 'byob') throw new ERR_INVALID_ARG_VALUE('options.mode', mode);
    return new readers.ReadableStreamBYOBReader(this);
  }

  pipeThrough(transform, options = {}) {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    const { isWritableStream, implOf: writableImplOf } =
      require('internal/webstreams/writable_stream');
    const { checkPipeOptions, pipeTo } = require('internal/webstreams/readable_pipe');

    const readable = transform?.readable;
    if (!isReadableStream(readable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
    }
    const writable = transform.writable;
    if (!isWritableStream(writable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', writable);
    }
    // Both getters of the standard's dictionary come before the checks of the streams' state.
    const checked = checkPipeOptions(options);
    if (this.#impl.isLocked) throw invalidState('The ReadableStream is locked');
    const destination = writableImplOf(writable);
    if (destination.isLocked) throw invalidState('The WritableStream is locked');
    markHandled(pipeTo(this.#impl, destination, checked));
    return readable;
  }

  pipeTo(destination, options = {}) {
    try {
      if (!isReadableStream(this)) throw invalidThis('ReadableStream');
      const { isWritableStream, implOf: writableImplOf } =
        require('internal/webstreams/writable_stream');
      const { checkPipeOptions, pipeTo } = require('internal/webstreams/readable_pipe');
      if (!isWritableStream(destination)) {
        throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', destination);
      }
      const checked = checkPipeOptions(options);
      if (this.#impl.isLocked) throw invalidState('The ReadableStream is locked');
      const target = writableImplOf(destination);
      if (target.isLocked) throw invalidState('The WritableStream is locked');
      return pipeTo(this.#impl, target, checked);
    } catch (err) {
      return Promise.reject(err);
    }
  }

  tee() {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    return require('internal/webstreams/readable_tee').tee(this.#impl).map((each) => each.shell);
  }

  values(options = {}) {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    checkObject(options, 'options', true);
    return require('internal/webstreams/readable_from')
      .iterate(this.#impl, Boolean(options?.preventCancel));
  }

  [kTransfer]() {
    return require('internal/webstreams/transfer').packReadable(this);
  }

  [customInspectSymbol](depth, options) {
    if (!isReadableStream(this)) throw invalidThis('ReadableStream');
    return inspectAs(this, depth, options, 'ReadableStream', {
      locked: this.#impl.isLocked,
      state: this.#impl.state,
      supportsBYOB: Boolean(this.#impl.controller?.isByte),
    });
  }

  get [kIsDisturbed]() {
    return this.#impl.disturbed;
  }

  get [kIsErrored]() {
    return this.#impl.state === 'errored';
  }

  get [kIsReadable]() {
    return this.#impl.state === 'readable';
  }

  get [kIsClosedPromise]() {
    return this.#impl.closed;
  }

  [kControllerErrorFunction](reason) {
    this.#impl.controller.error(reason);
  }
}

markTransferMode(ReadableStream.prototype, kTransferable);
finishInterface(ReadableStream, 'ReadableStream',
  ['cancel', 'getReader', 'locked', 'pipeThrough', 'pipeTo', 'tee', 'values']);
Object.defineProperty(ReadableStream, 'from', { __proto__: null, enumerable: true });
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  __proto__: null,
  configurable: true,
  enumerable: false,
  writable: true,
  value: ReadableStream.prototype.values,
});

module.exports = { ReadableImpl, ReadableStream, implOf, isReadableStream };
