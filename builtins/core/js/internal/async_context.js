/**
 * The async context of the running code: an object (or `undefined`) that promise reactions, ticks and timers carry
 * along. AsyncLocalStorage keeps its stores in it.
 */
'use strict';

const { getAsyncContext, setAsyncContext } = binding('task_queue');

/** Runs `fn` under `context` and restores the one before. */
function runIn(context, fn, thisArg, args) {
  const before = setAsyncContext(context);
  try {
    return fn.apply(thisArg, args);
  } finally {
    setAsyncContext(before);
  }
}

module.exports = { get: getAsyncContext, set: setAsyncContext, runIn };
