/** `node:timers`. Node docs: Timers. */
'use strict';

const {
  Immediate, Timeout, clearImmediate, clearTimeout, insert,
} = require('internal/timers/timers');
const { validateFunction } = require('internal/validators');
const customPromisify = Symbol.for('nodejs.util.promisify.custom');

/** Runs `callback` once, no sooner than `after` milliseconds from now. Node docs: setTimeout. */
function setTimeout(callback, after, ...args) {
  validateFunction(callback, 'callback');
  const timeout = new Timeout(callback, after, args.length === 0 ? undefined : args, false, true);
  insert(timeout, timeout._idleTimeout);
  return timeout;
}

/** Runs `callback` every `repeat` milliseconds. Node docs: setInterval. */
function setInterval(callback, repeat, ...args) {
  validateFunction(callback, 'callback');
  const timeout = new Timeout(callback, repeat, args.length === 0 ? undefined : args, true, true);
  insert(timeout, timeout._idleTimeout);
  return timeout;
}

function clearInterval(timer) {
  clearTimeout(timer);
}

/** Runs `callback` in the check phase of this turn of the loop. Node docs: setImmediate. */
function setImmediate(callback, ...args) {
  validateFunction(callback, 'callback');
  return new Immediate(callback, args.length === 0 ? undefined : args);
}

for (const fn of [setTimeout, setImmediate, setInterval]) {
  if (fn === setInterval) continue;
  Object.defineProperty(fn, customPromisify, {
    __proto__: null,
    enumerable: true,
    get() {
      return require('timers/promises')[fn.name];
    },
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
  get() {
    return require('timers/promises');
  },
});
