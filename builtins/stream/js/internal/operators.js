/**
 * Iterator helpers of Readable: map, filter, toArray and so on. Those that give a stream are
 * async generators here; `Readable.from` makes them streams.
 */
'use strict';

const {
  codes: { ERR_MISSING_ARGS, ERR_OUT_OF_RANGE },
  AbortError,
} = require('internal/errors');
const {
  validateAbortSignal, validateFunction, validateInteger, validateObject,
} = require('internal/validators');

/** A value dropped by `filter`, or the end of a queue. */
const kNothing = Symbol('kEmpty');
const kEnd = Symbol('kEof');

function checkOptions(options) {
  if (options !== undefined && options !== null) validateObject(options, 'options');
  if (options?.signal !== undefined && options?.signal !== null) {
    validateAbortSignal(options.signal, 'options.signal');
  }
}

function throwIfAborted(options) {
  if (options?.signal?.aborted) {
    throw new AbortError(undefined, { cause: options.signal.reason });
  }
}

/**
 * Node docs: readable.map. Up to `concurrency` calls of `fn` run at a time, and up to
 * `highWaterMark` results wait to be read; their order is that of the input.
 */
function map(fn, options) {
  validateFunction(fn, 'fn');
  checkOptions(options);
  let concurrency = 1;
  if (options?.concurrency !== undefined && options?.concurrency !== null) {
    concurrency = Math.floor(options.concurrency);
  }
  let highWaterMark = concurrency - 1;
  if (options?.highWaterMark !== undefined && options?.highWaterMark !== null) {
    highWaterMark = Math.floor(options.highWaterMark);
  }
  validateInteger(concurrency, 'options.concurrency', 1);
  validateInteger(highWaterMark, 'options.highWaterMark', 0);
  return mapConcurrently(this, fn, options, concurrency, highWaterMark + concurrency);
}

async function* mapConcurrently(stream, fn, options, concurrency, resultsMax) {
  const signals = [options?.signal].filter(Boolean);
  const stopped = new AbortController();
  const signal = AbortSignal.any([...signals, stopped.signal]);
  const results = [];
  const callOptions = { signal };
  let wakeReader = null;
  let wakePump = null;
  let done = false;
  let running = 0;

  const afterCall = () => {
    running--;
    resumePump();
  };
  const onFailure = () => {
    done = true;
    afterCall();
  };
  function resumePump() {
    if (wakePump && !done && running < concurrency && results.length < resultsMax) {
      wakePump();
      wakePump = null;
    }
  }
  function resumeReader() {
    if (wakeReader) {
      wakeReader();
      wakeReader = null;
    }
  }

  async function pump() {
    try {
      for await (let value of stream) {
        if (done) return;
        if (signal.aborted) throw new AbortError();
        try {
          value = fn(value, callOptions);
          // A filter's verdict on the spot needs no slot.
          if (value === kNothing) continue;
          value = Promise.resolve(value);
        } catch (err) {
          value = Promise.reject(err);
        }
        running++;
        value.then(afterCall, onFailure);
        results.push(value);
        resumeReader();
        if (!done && (results.length >= resultsMax || running >= concurrency)) {
          await new Promise((resolve) => {
            wakePump = resolve;
          });
        }
      }
      results.push(kEnd);
    } catch (err) {
      const failure = Promise.reject(err);
      failure.then(afterCall, onFailure);
      results.push(failure);
    } finally {
      done = true;
      resumeReader();
    }
  }

  pump();
  try {
    while (true) {
      while (results.length > 0) {
        const value = await results[0];
        if (value === kEnd) return;
        if (signal.aborted) throw new AbortError();
        if (value !== kNothing) yield value;
        results.shift();
        resumePump();
      }
      await new Promise((resolve) => {
        wakeReader = resolve;
      });
    }
  } finally {
    stopped.abort();
    done = true;
    if (wakePump) {
      wakePump();
      wakePump = null;
    }
  }
}

/** Node docs: readable.filter. */
function filter(fn, options) {
  validateFunction(fn, 'fn');
  return map.call(this, async (value, callOptions) => (
    await fn(value, callOptions) ? value : kNothing), options);
}

/** Node docs: readable.flatMap. */
function flatMap(fn, options) {
  const mapped = map.call(this, fn, options);
  return (async function* flatMap() {
    for await (const values of mapped) yield* values;
  })();
}

/** Node docs: readable.forEach. */
async function forEach(fn, options) {
  validateFunction(fn, 'fn');
  async function visit(value, callOptions) {
    await fn(value, callOptions);
    return kNothing;
  }
  // Nothing is ever yielded; running the loop is the point.
  for await (const _ of map.call(this, visit, options)); // eslint-disable-line no-unused-vars
}

/** Node docs: readable.toArray. */
async function toArray(options) {
  checkOptions(options);
  const values = [];
  for await (const value of this) {
    throwIfAborted(options);
    values.push(value);
  }
  return values;
}

/** Node docs: readable.some. */
async function some(fn, options) {
  for await (const _ of filter.call(this, fn, options)) { // eslint-disable-line no-unused-vars
    return true;
  }
  return false;
}

/** Node docs: readable.every. */
async function every(fn, options) {
  validateFunction(fn, 'fn');
  return !(await some.call(this, async (...args) => !(await fn(...args)), options));
}

/** Node docs: readable.find. */
async function find(fn, options) {
  for await (const value of filter.call(this, fn, options)) return value;
  return undefined;
}

class ReduceAwareErrMissingArgs extends ERR_MISSING_ARGS {
  constructor() {
    super('reduce');
    this.message = 'Reduce of an empty stream requires an initial value';
  }
}

/** Node docs: readable.reduce. */
async function reduce(reducer, initialValue, options) {
  validateFunction(reducer, 'reducer');
  checkOptions(options);
  let hasValue = arguments.length > 1;
  if (options?.signal?.aborted) {
    const err = new AbortError(undefined, { cause: options.signal.reason });
    this.once('error', () => {}); // The error is ours to report, by the promise.
    await require('internal/stream/end_of_stream').finished(this.destroy(err));
    throw err;
  }

  const stopped = new AbortController();
  const { signal } = stopped;
  if (options?.signal) {
    const { addAbortListener } = require('events');
    addAbortListener(options.signal, () => stopped.abort());
  }
  let isEmpty = true;
  try {
    for await (const value of this) {
      isEmpty = false;
      if (options?.signal?.aborted) throw new AbortError();
      if (hasValue) {
        initialValue = await reducer(initialValue, value, { signal });
      } else {
        initialValue = value;
        hasValue = true;
      }
    }
    if (isEmpty && !hasValue) throw new ReduceAwareErrMissingArgs();
  } finally {
    stopped.abort();
  }
  return initialValue;
}

/** `drop` and `take` accept what Number() makes a non-negative number of, Infinity too. */
function toCount(value) {
  value = Number(value);
  if (Number.isNaN(value)) return 0;
  if (value < 0) throw new ERR_OUT_OF_RANGE('number', '>= 0', value);
  return value;
}

/** Node docs: readable.drop. */
function drop(limit, options) {
  checkOptions(options);
  let left = toCount(limit);
  const stream = this;
  return (async function* drop() {
    throwIfAborted(options);
    for await (const value of stream) {
      throwIfAborted(options);
      if (left-- <= 0) yield value;
    }
  })();
}

/** Node docs: readable.take. */
function take(limit, options) {
  checkOptions(options);
  let left = toCount(limit);
  const stream = this;
  return (async function* take() {
    throwIfAborted(options);
    for await (const value of stream) {
      throwIfAborted(options);
      if (left-- > 0) yield value;
      // Not one read more than asked for: it might never come.
      if (left <= 0) return;
    }
  })();
}

module.exports = {
  drop, every, filter, find, flatMap, forEach, map, reduce, some, take, toArray,
};
