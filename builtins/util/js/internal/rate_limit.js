/** What util.debounce and util.throttle share. */
'use strict';

const { AbortError } = require('internal/errors');

/** The longest time that a timer takes, in milliseconds. */
const TIMEOUT_MAX = 2 ** 31 - 1;

/** A promise of the result; what `fn` throws rejects it. */
function callAsync(fn, args) {
  try {
    return Promise.resolve(fn(...args));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** `wrapper` shows what it wraps. */
function copyNameAndLength(wrapper, fn) {
  for (const key of ['name', 'length']) {
    Object.defineProperty(wrapper, key, { __proto__: null, configurable: true, value: fn[key] });
  }
}

function defineGetters(object, getters) {
  for (const name of Object.keys(getters)) {
    Object.defineProperty(object, name, { __proto__: null, configurable: false, enumerable: false, get: getters[name] });
  }
}

/** Calls `end(error)` when the signal aborts. Throws at once if it has. */
function onAbort(signal, end) {
  if (signal === undefined) return;
  if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
  signal.addEventListener('abort', () => end(new AbortError(undefined, { cause: signal.reason })), { once: true });
}

module.exports = { TIMEOUT_MAX, callAsync, copyNameAndLength, defineGetters, onAbort };
