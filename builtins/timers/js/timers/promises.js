/** `node:timers/promises`. Node docs: Timers promises API. */
'use strict';

const { Immediate, Timeout, clearImmediate, clearTimeout, insert } = require('internal/timers/timers');
const { AbortError, codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');
const { kEmptyObject } = require('internal/util');

function check(options) {
  validateObject(options, 'options');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
}

function aborted(signal) {
  return new AbortError(undefined, { cause: signal.reason });
}

/** Settles when `start(resolve)`'s timer fires, or rejects when the signal is aborted. */
function waitFor(start, cancel, signal) {
  if (signal?.aborted) return Promise.reject(aborted(signal));
  const { promise, resolve, reject } = Promise.withResolvers();
  let onAbort;
  const handle = start((value) => {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    resolve(value);
  });
  if (signal !== undefined) {
    onAbort = () => {
      if (!handle._destroyed) {
        cancel(handle);
        reject(aborted(signal));
      }
    };
    signal.addEventListener('abort', onAbort, { __proto__: null, once: true });
  }
  return promise;
}

/** Node docs: timersPromises.setTimeout([delay[, value[, options]]]). */
function setTimeout(after, value, options = kEmptyObject) {
  try {
    if (after !== undefined) validateNumber(after, 'delay');
    check(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { ref = true, signal } = options;
  return waitFor((done) => {
    const timeout = new Timeout(done, after, [value], false, ref);
    insert(timeout, timeout._idleTimeout);
    return timeout;
  }, clearTimeout, signal);
}

/** Node docs: timersPromises.setImmediate([value[, options]]). */
function setImmediate(value, options = kEmptyObject) {
  try {
    check(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { ref = true, signal } = options;
  return waitFor((done) => {
    const immediate = new Immediate(done, [value]);
    if (!ref) immediate.unref();
    return immediate;
  }, clearImmediate, signal);
}

/** Node docs: timersPromises.setInterval([delay[, value[, options]]]). */
async function* setInterval(after, value, options = kEmptyObject) {
  if (after !== undefined) validateNumber(after, 'delay');
  check(options);
  const { ref = true, signal } = options;
  if (signal?.aborted) throw aborted(signal);
  let onAbort;
  let interval;
  try {
    let due = 0;
    let wake;
    interval = new Timeout(() => {
      due++;
      if (wake !== undefined) {
        wake();
        wake = undefined;
      }
    }, after, undefined, true, ref);
    insert(interval, interval._idleTimeout);
    if (signal !== undefined) {
      onAbort = () => {
        clearTimeout(interval);
        if (wake !== undefined) {
          wake(Promise.reject(aborted(signal)));
          wake = undefined;
        }
      };
      signal.addEventListener('abort', onAbort, { __proto__: null, once: true });
    }
    while (!signal?.aborted) {
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
    }
    throw aborted(signal);
  } finally {
    clearTimeout(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

const kScheduler = Symbol('kScheduler');

/** Node docs: timersPromises.scheduler. */
class Scheduler {
  constructor(key) {
    if (key !== kScheduler) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  yield() {
    return setImmediate();
  }

  wait(delay, options) {
    return setTimeout(delay, undefined, options);
  }
}

module.exports = {
  setTimeout,
  setImmediate,
  setInterval,
  scheduler: new Scheduler(kScheduler),
};
