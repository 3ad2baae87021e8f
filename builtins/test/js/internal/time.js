/** Time as the runner sees it: captured here, so that mocked timers do not stop it. */
'use strict';

const { clearTimeout, setTimeout } = require('timers');
const { hrtimeBigInt } = binding('process');

/** The longest delay of a timer, in milliseconds. Node docs: setTimeout. */
const TIMEOUT_MAX = 2 ** 31 - 1;

/** Nanoseconds, monotonic, a BigInt. */
function now() {
  return hrtimeBigInt();
}

/** Calls `fn` in `delay_ms`, without keeping the process alive. */
function stopAfter(delay_ms, fn) {
  const timer = setTimeout(fn, delay_ms);
  timer.unref();
  return { cancel: () => clearTimeout(timer) };
}

module.exports = { TIMEOUT_MAX, clearTimeout, now, setTimeout, stopAfter };
