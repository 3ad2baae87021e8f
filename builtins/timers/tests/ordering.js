// Timers of one duration run in order, ticks and jobs between any two callbacks, immediates after I/O.
'use strict';
const assert = require('node:assert');

const seen = [];
const log = (name) => () => {
  seen.push(name);
  process.nextTick(() => seen.push(`${name} tick`));
  Promise.resolve().then(() => seen.push(`${name} job`));
};
setTimeout(log('a'), 2);
setTimeout(log('b'), 2);
const start = Date.now();
while (Date.now() - start < 10);
process.on('exit', () => {
  assert.deepStrictEqual(seen, ['a', 'a tick', 'a job', 'b', 'b tick', 'b job', 'c', 'c tick', 'c job', 'd', 'd tick', 'd job']);
});
setTimeout(() => {
  setImmediate(log('c'));
  setImmediate(log('d'));
}, 20);
