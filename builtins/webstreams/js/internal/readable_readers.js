/**
 * ReadableStreamDefaultReader and ReadableStreamBYOBReader. Streams Standard §4.3 to §4.5.
 *
 * A read request is an object with `chunk(value)`, `close(value?)` and `error(reason)`; exactly one
 * of them is called, once. Readers of scripts make requests that settle promises; pipes and tees
 * make their own.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } } =
  require('internal/errors');
const {
  Deferred, Fifo, checkObject, customInspectSymbol, finishInterface, inspectAs, invalidState, invalidThis,
} = require('internal/webstreams/util');
const { implOf: streamImplOf, isReadableStream } = require('internal/webstreams/readable_stream');

const kNothing = Symbol('nothing');

class ReaderImpl {
  constructor(stream, isByob) {
    this.isByob = isByob;
    this.requests = new Fifo();
    this.closed = new Deferred();
    this.stream = stream;
    stream.reader = this;
    if (stream.state === 'closed') {
      this.closed.resolve(undefined);
    } else if (stream.state === 'errored') {
      this.closed.rejectHandled(stream.storedError);
    }
  }

  cancel(reason) {
    return this.stream.cancel(reason);
  }

  /** Streams Standard: ReadableStreamDefaultReaderRead. */
  read(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'closed') request.close();
    else if (stream.state === 'errored') request.error(stream.storedError);
    else stream.controller.pullSteps(request);
  }

  /** A chunk that can be had without a request; kNothing if there is none. */
  takeQueued() {
    const { stream } = this;
    const { controller } = stream;
    if (controller.isByte || stream.state !== 'readable' || controller.queue.length === 0) {
      return kNothing;
    }
    stream.disturbed = true;
    return controller.takeChunk();
  }

  /** Streams Standard: ReadableStreamBYOBReaderRead. `min` counts elements of `view`. */
  readInto(view, min, request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'errored') request.error(stream.storedError);
    else stream.controller.pullInto(view, min, request);
  }

  /** Gives the stream back; reads that wait fail. */
  release() {
    const { stream } = this;
    if (stream === null) return;
    const reason = invalidState('Reader released');
    // A settled promise stays; then there is a new one, rejected.
    if (this.closed.isPending) this.closed.rejectHandled(reason);
    else this.closed = Deferred.rejected(reason);
    stream.controller.releaseSteps();
    stream.reader = null;
    this.stream = null;
    const error = invalidState('Releasing reader');
    for (const request of this.requests.drain()) request.error(error);
  }
}

/** A reader of ours on `stream`. Throws if there is one already. */
function acquireReader(stream, isByob = false) {
  if (stream.isLocked) throw invalidState('ReadableStream is locked');
  return new ReaderImpl(stream, isByob);
}

class PromiseRequest {
  constructor() {
    this.deferred = Promise.withResolvers();
  }

  get promise() {
    return this.deferred.promise;
  }

  chunk(value) {
    this.deferred.resolve({ value, done: false });
  }

  close(value = undefined) {
    this.deferred.resolve({ value, done: true });
  }

  error(reason) {
    this.deferred.reject(reason);
  }
}

let isDefaultReader;
let isByobReader;
let readerImplOf;

/** Node docs: Class: ReadableStreamDefaultReader. */
class ReadableStreamDefaultReader {
  #impl;

  static {
    isDefaultReader = (value) => typeof value === 'object' && value !== null && #impl in value;
    readerImplOf = (reader) => reader.#impl;
  }

  constructor(stream) {
    if (!isReadableStream(stream)) {
      throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    }
    this.#impl = acquireReader(streamImplOf(stream));
  }

  read() {
    if (!isDefaultReader(this)) return Promise.reject(invalidThis('ReadableStreamDefaultReader'));
    const impl = this.#impl;
    if (impl.stream === null) {
      return Promise.reject(invalidState('The reader is not attached to a stream'));
    }
    const chunk = impl.takeQueued();
    if (chunk !== kNothing) return Promise.resolve({ value: chunk, done: false });
    const request = new PromiseRequest();
    impl.read(request);
    return request.promise;
  }

  releaseLock() {
    if (!isDefaultReader(this)) throw invalidThis('ReadableStreamDefaultReader');
    this.#impl.release();
  }

  get closed() {
    if (!isDefaultReader(this)) return Promise.reject(invalidThis('ReadableStreamDefaultReader'));
    return this.#impl.closed.promise;
  }

  cancel(reason = undefined) {
    if (!isDefaultReader(this)) return Promise.reject(invalidThis('ReadableStreamDefaultReader'));
    if (this.#impl.stream === null) {
      return Promise.reject(invalidState('The reader is not attached to a stream'));
    }
    return this.#impl.cancel(reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ReadableStreamDefaultReader', {
      stream: this.#impl.stream?.shell,
      readRequests: this.#impl.requests.length,
      close: this.#impl.closed.promise,
    });
  }
}
finishInterface(ReadableStreamDefaultReader, 'ReadableStreamDefaultReader',
  ['cancel', 'closed', 'read', 'releaseLock']);

/** Node docs: Class: ReadableStreamBYOBReader. */
class ReadableStreamBYOBReader {
  #impl;

  static {
    isByobReader = (value) => typeof value === 'object' && value !== null && #impl in value;
  }

  constructor(stream) {
    if (!isReadableStream(stream)) {
      throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    }
    const impl = streamImplOf(stream);
    if (impl.isLocked) throw invalidState('ReadableStream is locked');
    if (!impl.controller?.isByte) {
      throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
    }
    this.#impl = acquireReader(impl, true);
  }

  read(view, options = {}) {
    try {
      if (!isByobReader(this)) throw invalidThis('ReadableStreamBYOBReader');
      const min = checkView(view, options);
      const impl = this.#impl;
      if (impl.stream === null) throw invalidState('The reader is not attached to a stream');
      const request = new PromiseRequest();
      impl.readInto(view, min, request);
      return request.promise;
    } catch (err) {
      return Promise.reject(err);
    }
  }

  releaseLock() {
    if (!isByobReader(this)) throw invalidThis('ReadableStreamBYOBReader');
    this.#impl.release();
  }

  get closed() {
    if (!isByobReader(this)) return Promise.reject(invalidThis('ReadableStreamBYOBReader'));
    return this.#impl.closed.promise;
  }

  cancel(reason = undefined) {
    if (!isByobReader(this)) return Promise.reject(invalidThis('ReadableStreamBYOBReader'));
    if (this.#impl.stream === null) {
      return Promise.reject(invalidState('The reader is not attached to a stream'));
    }
    return this.#impl.cancel(reason);
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ReadableStreamBYOBReader', {
      stream: this.#impl.stream?.shell,
      readIntoRequests: this.#impl.requests.length,
      close: this.#impl.closed.promise,
    });
  }
}
finishInterface(ReadableStreamBYOBReader, 'ReadableStreamBYOBReader',
  ['cancel', 'closed', 'read', 'releaseLock']);

/** Checks the arguments of a BYOB read(); gives `options.min`, in elements. */
function checkView(view, options) {
  if (!ArrayBuffer.isView(view)) {
    throw new ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
  }
  checkObject(options, 'options', true);
  let min = options?.min ?? 1;
  if (typeof min !== 'number' && typeof min !== 'bigint') min = Number(min);
  if (view.byteLength === 0 || view.buffer.byteLength === 0 || view.buffer.detached) {
    throw invalidState('View or Viewed ArrayBuffer is zero-length or detached');
  }
  if (typeof min !== 'number' || !Number.isFinite(min)) {
    throw new ERR_INVALID_ARG_TYPE('options.min', 'number', options.min);
  }
  min = Math.trunc(min);
  if (min <= 0) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
  const length = view instanceof DataView ? view.byteLength : view.length;
  if (min > length) throw new ERR_OUT_OF_RANGE('options.min', '<= view.length', min);
  return min;
}

module.exports = {
  PromiseRequest, ReadableStreamBYOBReader, ReadableStreamDefaultReader, acquireReader,
  isByobReader, isDefaultReader, readerImplOf,
};
