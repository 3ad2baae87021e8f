/** `util.debounce`: a function that runs once its callers have been quiet for a while. */
'use strict';

const { AbortError } = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { clearTimeout, setTimeout } = require('timers');
const { TIMEOUT_MAX, callAsync, copyNameAndLength, defineGetters, onAbort } = require('internal/util/rate_limit');

/**
 * Returns a function that calls `fn` with its last arguments once `wait` milliseconds have passed without another call. All
 * calls of such a time get a promise of the one result. `leading`: the first call runs at once, those after it wait.
 * `rejectOnCancel`: a call that another one replaces is rejected. `signal` ends it all.
 */
function debounce(fn, wait, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateInteger(wait, 'wait', 0, TIMEOUT_MAX);
  validateObject(options, 'options');
  const { leading = false, rejectOnCancel = false, signal } = options;
  validateBoolean(leading, 'options.leading');
  validateBoolean(rejectOnCancel, 'options.rejectOnCancel');
  validateAbortSignal(signal, 'options.signal');

  let timer;
  let isRefed = true;
  let aborted;
  let lastArgs;
  /** Promises of the calls that wait. */
  let waiting = [];
  /** What `pending` gave out for them. */
  let shared;

  function take() {
    const taken = shared === undefined ? waiting : [...waiting, shared];
    waiting = [];
    shared = undefined;
    return taken;
  }

  function rejectWaiting(error) {
    for (const { reject } of take()) reject(error);
  }

  function stopTimer() {
    clearTimeout(timer);
    timer = undefined;
  }

  function run() {
    stopTimer();
    if (waiting.length === 0) return;
    const args = lastArgs;
    lastArgs = undefined;
    const taken = take();
    const result = callAsync(fn, args);
    for (const { resolve } of taken) resolve(result);
  }

  function startTimer() {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
    if (!isRefed) timer.unref();
  }

  const debounced = function(...args) {
    if (aborted !== undefined) return Promise.reject(aborted);
    if (leading && timer === undefined) {
      startTimer();
      return callAsync(fn, args);
    }
    if (rejectOnCancel && waiting.length > 0) rejectWaiting(new AbortError('The debounced call was superseded'));
    lastArgs = args;
    const call = Promise.withResolvers();
    waiting.push(call);
    startTimer();
    return call.promise;
  };

  debounced.cancel = function cancel(reason) {
    stopTimer();
    if (waiting.length > 0) rejectWaiting(new AbortError(undefined, { cause: reason }));
  };
  debounced.flush = function flush() {
    if (waiting.length > 0) run();
  };
  debounced.ref = function ref() {
    isRefed = true;
    timer?.ref();
    return debounced;
  };
  debounced.unref = function unref() {
    isRefed = false;
    timer?.unref();
    return debounced;
  };
  defineGetters(debounced, {
    pending() {
      if (waiting.length === 0) return null;
      shared ??= Promise.withResolvers();
      return shared.promise;
    },
    pendingCount() {
      return waiting.length;
    },
  });
  copyNameAndLength(debounced, fn);
  onAbort(signal, (error) => {
    aborted = error;
    stopTimer();
    rejectWaiting(error);
  });
  return debounced;
}

module.exports = { debounce };
