/** `util.throttle`: a function that runs no more often than so many times per interval. */
'use strict';

const { AbortError, codes: { ERR_THROTTLED } } = require('internal/errors');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { clearTimeout, setTimeout } = require('timers');
const { TIMEOUT_MAX, callAsync, copyNameAndLength, defineGetters, onAbort } = require('internal/util/rate_limit');

/** When calls may run. Times are in milliseconds of the monotonic clock. */
class Window {
  #limit;
  #interval;
  #isStrict;
  /** Of the calls in this window; when strict, of the last `limit` calls. */
  #times = [];

  constructor(limit, interval, isStrict) {
    this.#limit = limit;
    this.#interval = interval;
    this.#isStrict = isStrict;
  }

  clear() {
    this.#times = [];
  }

  /** Milliseconds until a call may run; 0 for now. */
  delay(now) {
    if (this.#interval === 0 || this.#times.length < this.#limit) return 0;
    return Math.max(this.#times[0] + this.#interval - now, 0);
  }

  note(now) {
    if (this.#interval === 0) return;
    const isOver = this.#times.length > 0 && now - this.#times[0] >= this.#interval;
    if (this.#isStrict) {
      if (this.#times.length === this.#limit) this.#times.shift();
    } else if (isOver) {
      this.#times = [];
    }
    this.#times.push(now);
  }
}

function validateCount(value, name, min) {
  if (value !== Infinity) validateInteger(value, name, min);
}

/**
 * Returns a function that calls `fn` at most `limit` times per `interval` milliseconds, and returns promises of the results.
 * What comes too soon waits, up to `maxPending` calls, or with `overflow: 'drop'` is rejected. `strict`: any interval counts,
 * not only those that begin with a call. `concurrency`: so many results may be outstanding. `signal` ends it all.
 */
function throttle(fn, limit, interval, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateInteger(limit, 'limit', 1);
  validateInteger(interval, 'interval', 0, TIMEOUT_MAX);
  validateObject(options, 'options');
  const { concurrency = Infinity, maxPending = Infinity, overflow = 'queue', signal, strict = false } = options;
  validateCount(concurrency, 'options.concurrency', 1);
  validateCount(maxPending, 'options.maxPending', 0);
  validateOneOf(overflow, 'options.overflow', ['queue', 'drop']);
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(strict, 'options.strict');

  const window = new Window(limit, interval, strict);
  const queue = [];
  let activeCount = 0;
  let timer;
  let isRefed = true;
  let aborted;

  const now = () => performance.now();

  function stopTimer() {
    clearTimeout(timer);
    timer = undefined;
  }

  function start(args) {
    window.note(now());
    activeCount++;
    const result = callAsync(fn, args);
    const done = () => {
      activeCount--;
      drain();
    };
    result.then(done, done);
    return result;
  }

  /** Runs what may run, and comes back for the rest. */
  function drain() {
    stopTimer();
    while (queue.length > 0 && activeCount < concurrency) {
      const delay = window.delay(now());
      if (delay > 0) {
        timer = setTimeout(drain, Math.ceil(delay));
        if (!isRefed) timer.unref();
        return;
      }
      const { args, resolve } = queue.shift();
      resolve(start(args));
    }
  }

  function rejectQueue(error) {
    stopTimer();
    for (const { reject } of queue.splice(0)) reject(error);
  }

  function hasImmediateCapacity() {
    return aborted === undefined && queue.length === 0 && activeCount < concurrency && window.delay(now()) === 0;
  }

  const throttled = function(...args) {
    if (aborted !== undefined) return Promise.reject(aborted);
    if (hasImmediateCapacity()) return start(args);
    if (overflow === 'drop' || queue.length >= maxPending) return Promise.reject(new ERR_THROTTLED());
    const call = Promise.withResolvers();
    queue.push({ args, ...call });
    if (timer === undefined) drain();
    return call.promise;
  };

  throttled.cancel = function cancel(reason) {
    window.clear();
    if (queue.length > 0) rejectQueue(new AbortError(undefined, { cause: reason }));
  };
  throttled.hasImmediateCapacity = hasImmediateCapacity;
  throttled.ref = function ref() {
    isRefed = true;
    timer?.ref();
    return throttled;
  };
  throttled.unref = function unref() {
    isRefed = false;
    timer?.unref();
    return throttled;
  };
  defineGetters(throttled, {
    pending() {
      return queue.at(-1)?.promise ?? null;
    },
    pendingCount() {
      return queue.length;
    },
    activeCount() {
      return activeCount;
    },
  });
  copyNameAndLength(throttled, fn);
  onAbort(signal, (error) => {
    aborted = error;
    rejectQueue(error);
  });
  return throttled;
}

module.exports = { throttle };
