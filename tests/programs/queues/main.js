// The order of ticks, promise jobs, immediates, timers and I/O.
'use strict';
const fs = require('node:fs');
const log = (text) => console.log(text);
setTimeout(() => {
  log('timeout');
  process.nextTick(() => log('tick of timeout'));
  Promise.resolve().then(() => log('job of timeout'));
}, 0);
process.nextTick(() => {
  log('tick 1');
  Promise.resolve().then(() => log('job of tick'));
  process.nextTick(() => log('tick of tick'));
});
Promise.resolve().then(() => {
  log('job 1');
  process.nextTick(() => log('tick of job'));
  queueMicrotask(() => log('microtask of job'));
});
queueMicrotask(() => log('microtask'));
(async () => {
  log('async body');
  await null;
  log('after await');
})();
log('main');
fs.readFile(__filename, () => {
  setTimeout(() => log('timer in I/O'), 0);
  setImmediate(() => log('immediate in I/O'));
  process.nextTick(() => log('tick in I/O'));
});
