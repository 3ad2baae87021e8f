/**
 * `node:timers`: setTimeout, setInterval, setImmediate and their ends.
 *
 * The work is in `internal/timers/timers` and `internal/timers/immediates`.
 * Node docs: timers.
 */
'use strict';

const { validateFunction } = require('internal/validators');
const { customPromisify } = require('internal/util');
const { clearTimeout, startTimeout } = require('internal/timers/timers');
const { Immediate, clearImmediate } = require('internal/timers/immediates');

/**
 * Runs `callback` once, no sooner than `delay` milliseconds from now. Returns a Timeout.
 * A delay outside 1..2147483647 counts as 1; one that is negative, too large or NaN also warns.
 * Throws ERR_INVALID_ARG_TYPE if `callback` is not a function. Node docs: setTimeout.
 */
function setTimeout(callback, delay, ...args) {
  validateFunction(callback, 'callback');
  return startTimeout(callback, delay, args.length === 0 ? undefined : args, false, true);
}

/** Runs `callback` every `delay` milliseconds; arguments as for setTimeout. */
function setInterval(callback, delay, ...args) {
  validateFunction(callback, 'callback');
  return startTimeout(callback, delay, args.length === 0 ? undefined : args, true, true);
}

function clearInterval(timer) {
  // One and the same in Node: either ends either.
  clearTimeout(timer);
}

/** Runs `callback` in the next check phase of the loop, after I/O. Returns an Immediate. */
function setImmediate(callback, ...args) {
  validateFunction(callback, 'callback');
  return new Immediate(callback, args.length === 0 ? undefined : args);
}

for (const fn of [setTimeout, setImmediate]) {
  Object.defineProperty(fn, customPromisify, {
    __proto__: null,
    enumerable: true,
    get() { return require('timers/promises')[fn.name]; },
  });
}

module.exports = {
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
};

Object.defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return require('timers/promises'); },
});
