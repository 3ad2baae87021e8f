/** `Readable.from(iterable)`: a Readable that pulls an iterator as it is read. */
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES },
} = require('internal/errors');

/**
 * Node docs: stream.Readable.from. Strings and Buffers are one chunk, not an iterable of units.
 * Destroying the stream ends the iteration (`throw` with an error, `return` in any case).
 */
function from(Readable, iterable, options) {
  if (typeof iterable === 'string' || iterable instanceof Buffer) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }

  let iterator;
  let isAsync;
  if (iterable && iterable[Symbol.asyncIterator]) {
    isAsync = true;
    iterator = iterable[Symbol.asyncIterator]();
  } else if (iterable && iterable[Symbol.iterator]) {
    isAsync = false;
    iterator = iterable[Symbol.iterator]();
  } else {
    throw new ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);
  }

  const readable = new Readable({ objectMode: true, highWaterMark: 1, ...options });
  const originalDestroy = readable._destroy;
  let pulling = false;

  readable._read = () => {
    if (pulling) return;
    pulling = true;
    if (isAsync) pullAsync();
    else pullSync();
  };
  readable._destroy = function(err, callback) {
    // The stream's own destruction first: it may be what an iterator in mid-step waits for.
    originalDestroy.call(this, err, (failure) => {
      endIteration(failure).then(
        () => process.nextTick(callback, failure),
        (thrown) => process.nextTick(callback, thrown || failure));
    });
  };

  async function endIteration(err) {
    if (err !== undefined && err !== null && typeof iterator.throw === 'function') {
      const { value, done } = await iterator.throw(err);
      await value;
      if (done) return;
    }
    if (typeof iterator.return === 'function') {
      const { value } = await iterator.return();
      await value;
    }
  }

  /** Pushes a value; tells whether to go on at once. */
  function pushValue(value) {
    if (value === null) {
      pulling = false;
      throw new ERR_STREAM_NULL_VALUES();
    }
    if (readable.push(value)) return true;
    pulling = false;
    return false;
  }

  function pullSync() {
    try {
      while (true) {
        const { value, done } = iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        // A promise among the values: wait, and go on from there.
        if (value && typeof value.then === 'function') {
          pullSyncAfter(value);
          return;
        }
        if (!pushValue(value)) return;
      }
    } catch (err) {
      readable.destroy(err);
    }
  }

  async function pullSyncAfter(promise) {
    try {
      if (!pushValue(await promise)) return;
    } catch (err) {
      readable.destroy(err);
      return;
    }
    pullSync();
  }

  async function pullAsync() {
    try {
      while (true) {
        const { value, done } = await iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (!pushValue(value)) return;
      }
    } catch (err) {
      readable.destroy(err);
    }
  }

  return readable;
}

module.exports = { from };
