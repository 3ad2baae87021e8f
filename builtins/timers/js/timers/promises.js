/**
 * `node:timers/promises`: timers that are promises, and `scheduler`.
 *
 * Bad arguments reject, they never throw. An aborted signal stops the timer and rejects with an
 * AbortError whose cause is the signal's reason.
 * Node docs: timers, "Timers promises API".
 */
'use strict';

const { AbortError, codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS } } = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const {
  validateAbortSignal, validateBoolean, validateNumber, validateObject,
} = require('internal/validators');
const { clearTimeout, startTimeout } = require('internal/timers/timers');
const { Immediate, clearImmediate } = require('internal/timers/immediates');

const kScheduler = Symbol('kScheduler');

function validateOptions(options) {
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  validateBoolean(ref, 'options.ref');
}

/** A promise for what `begin(resolve)` starts; `cancel(started)` ends it when `signal` aborts. */
function abortable(signal, begin, cancel) {
  if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  if (signal === undefined) return new Promise(begin);
  const { promise, resolve, reject } = Promise.withResolvers();
  const onAbort = () => {
    cancel(started);
    signal.removeEventListener('abort', onAbort);
    reject(new AbortError(undefined, { cause: signal.reason }));
  };
  const started = begin((value) => {
    signal.removeEventListener('abort', onAbort);
    resolve(value);
  });
  signal.addEventListener('abort', onAbort);
  return promise;
}

/** Resolves with `value` after `delay` milliseconds. */
function setTimeout(delay, value, options = kEmptyObject) {
  try {
    if (delay !== undefined) validateNumber(delay, 'delay');
    validateOptions(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { signal, ref = true } = options;
  return abortable(
    signal,
    (resolve) => startTimeout(resolve, delay, [value], false, ref),
    clearTimeout);
}

/** Resolves with `value` in the next check phase of the loop. */
function setImmediate(value, options = kEmptyObject) {
  try {
    validateOptions(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { signal, ref = true } = options;
  return abortable(
    signal,
    (resolve) => {
      const immediate = new Immediate(resolve, [value]);
      if (!ref) immediate.unref();
      return immediate;
    },
    clearImmediate);
}

/** Yields `value` every `delay` milliseconds; ticks nobody waited for are made up for. */
async function* setInterval(delay, value, options = kEmptyObject) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  validateOptions(options);
  const { signal, ref = true } = options;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  let due = 0;
  let wake;
  const interval = startTimeout(() => {
    due++;
    wake?.();
    wake = undefined;
  }, delay, undefined, true, ref);
  const onAbort = () => {
    clearTimeout(interval);
    wake?.();
    wake = undefined;
  };
  signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });

  try {
    while (!signal?.aborted) {
      if (due === 0) await new Promise((resolve) => { wake = resolve; });
      for (; due > 0; due--) yield value;
    }
    throw new AbortError(undefined, { cause: signal.reason });
  } finally {
    clearTimeout(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Node docs: timersPromises.scheduler; a part of the Scheduling APIs draft. */
class Scheduler {
  constructor() {
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  yield() {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS('Scheduler');
    return setImmediate();
  }

  wait(delay, options) {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS('Scheduler');
    return setTimeout(delay, undefined, options);
  }
}

const scheduler = Object.create(Scheduler.prototype);
scheduler[kScheduler] = true;

module.exports = { setTimeout, setImmediate, setInterval, scheduler };
