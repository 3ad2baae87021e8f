/** `ReadableStream.from()`, and async iteration over a ReadableStream. Streams Standard §4.2.4/5. */
'use strict';

const { codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_STATE } } = require('internal/errors');
const { then } = require('internal/webstreams/util');
const { acquireReader } = require('internal/webstreams/readable_readers');

/** Node docs: ReadableStream.from. */
function readableStreamFromIterable(iterable) {
  const { createReadable } = require('internal/webstreams/readable_default_controller');
  const iterator = asyncIteratorOf(iterable);
  const { next } = iterator;

  const stream = createReadable({
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
  const reader = acquireReader(stream);
  let isOver = false;
  let ongoing = null;

  function nextSteps() {
    if (isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      if (reader.stream === null) {
        reject(new ERR_INVALID_STATE.TypeError('The reader is not bound to a ReadableStream'));
        return;
      }
      reader.read({
        chunk(value) {
          ongoing = null;
          resolve({ value, done: false });
        },
        close() {
          ongoing = null;
          isOver = true;
          reader.release();
          resolve({ done: true, value: undefined });
        },
        error(reason) {
          ongoing = null;
          isOver = true;
          reader.release();
          reject(reason);
        },
      });
    });
  }

  async function returnSteps(value) {
    if (isOver) return { done: true, value };
    isOver = true;
    if (reader.stream === null) {
      throw new ERR_INVALID_STATE.TypeError('The reader is not bound to a ReadableStream');
    }
    if (preventCancel) {
      reader.release();
    } else {
      const result = reader.cancel(value);
      reader.release();
      await result;
    }
    return { done: true, value };
  }

  return Object.create(AsyncIteratorPrototype, {
    next: {
      __proto__: null,
      configurable: true,
      enumerable: true,
      writable: true,
      value: function next() {
        ongoing = ongoing ? then(ongoing, nextSteps, nextSteps) : nextSteps();
        return ongoing;
      },
    },
    return: {
      __proto__: null,
      configurable: true,
      enumerable: true,
      writable: true,
      value: function(value) {
        const steps = () => returnSteps(value);
        ongoing = ongoing ? then(ongoing, steps, steps) : steps();
        return ongoing;
      },
    },
  });
}

module.exports = { iterate, readableStreamFromIterable };
