/** `ReadableStream.from()`, and async iteration over a ReadableStream. Streams Standard §4.2.4/5. */
'use strict';

const { codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_STATE } } = require('internal/errors');
const { invalidState, invalidThis, nop, then } = require('internal/webstreams/util');
const { acquireReader } = require('internal/webstreams/readable_readers');

/** Node docs: ReadableStream.from. */
function readableStreamFromIterable(iterable) {
  const { createReadable } = require('internal/webstreams/readable_default_controller');
  const iterator = asyncIteratorOf(iterable);
  const { next } = iterator;

  const stream = createReadable({
    start: nop,
    async pull() {
      const result = await Reflect.apply(next, iterator, []);
      if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
        throw new ERR_INVALID_STATE.TypeError(
          'The promise returned by the iterator.next() method must fulfill with an object');
      }
      if (result.done) stream.controller.close();
      else stream.controller.enqueue(await result.value);
    },
    async cancel(reason) {
      const returnMethod = iterator.return;
      if (returnMethod === undefined || returnMethod === null) return;
      const result = await Reflect.apply(returnMethod, iterator, [reason]);
      if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
        throw new ERR_INVALID_STATE.TypeError(
          'The promise returned by the iterator.return() method must fulfill with an object');
      }
    },
  }, 0);
  return stream.shell;
}

function asyncIteratorOf(iterable) {
  const asyncMethod = iterable[Symbol.asyncIterator];
  const method = asyncMethod ?? iterable[Symbol.iterator];
  if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE(iterable);
  const iterator = Reflect.apply(method, iterable, []);
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) {
    throw new ERR_INVALID_STATE.TypeError('The iterator method must return an object');
  }
  return iterator;
}

const AsyncIteratorPrototype =
  Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

/**
 * The iterator of `stream.values()`. Calls queue up: one at a time reaches the stream.
 * Leaving early cancels the stream unless `preventCancel`; the lock goes in any case.
 */
function iterate(stream, preventCancel) {
  return new ReadableStreamAsyncIterator(acquireReader(stream), preventCancel);
}

/** What a read at the end of the stream gives. */
const kEnd = Symbol('end');

class ReadableStreamAsyncIterator {
  #reader;
  #preventCancel;
  #ongoing = null;
  #isFinished = false;

  constructor(reader, preventCancel) {
    this.#reader = reader;
    this.#preventCancel = preventCancel;
  }

  next() {
    if (!(#reader in this)) return Promise.reject(invalidThis('ReadableStreamAsyncIterator'));
    const steps = () => this.#nextSteps();
    this.#ongoing = this.#ongoing ? then(this.#ongoing, steps, steps) : steps();
    return this.#ongoing;
  }

  return(value) {
    if (!(#reader in this)) return Promise.reject(invalidThis('ReadableStreamAsyncIterator'));
    const steps = () => this.#returnSteps(value);
    this.#ongoing = this.#ongoing ? then(this.#ongoing, steps, steps) : steps();
    return then(this.#ongoing, () => ({ value, done: true }));
  }

  #nextSteps() {
    if (this.#isFinished) return Promise.resolve({ value: undefined, done: true });
    const reader = this.#reader;
    const { promise, resolve, reject } = Promise.withResolvers();
    if (reader.stream === null) {
      reject(invalidState('The reader is not bound to a ReadableStream'));
    } else {
      reader.read({
        chunk: resolve,
        close() {
          reader.release();
          resolve(kEnd);
        },
        error(reason) {
          reader.release();
          reject(reason);
        },
      });
    }
    return then(promise, (value) => {
      this.#ongoing = null;
      if (value !== kEnd) return { value, done: false };
      this.#isFinished = true;
      return { value: undefined, done: true };
    }, (reason) => {
      this.#ongoing = null;
      this.#isFinished = true;
      throw reason;
    });
  }

  #returnSteps(value) {
    if (this.#isFinished) return Promise.resolve({ value, done: true });
    this.#isFinished = true;
    const reader = this.#reader;
    if (reader.stream === null) {
      return Promise.reject(invalidState('The reader is not bound to a ReadableStream'));
    }
    if (this.#preventCancel) {
      reader.release();
      return Promise.resolve(undefined);
    }
    const cancelled = reader.cancel(value);
    reader.release();
    return cancelled;
  }
}
delete ReadableStreamAsyncIterator.prototype.constructor;
Object.setPrototypeOf(ReadableStreamAsyncIterator.prototype,
  Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype));
for (const name of ['next', 'return']) {
  Object.defineProperty(
    ReadableStreamAsyncIterator.prototype, name, { __proto__: null, enumerable: true });
}

module.exports = { iterate, readableStreamFromIterable };
