// The timeout of an Atomics.waitAsync that is over keeps no program alive: pino's transports wait for ten seconds.
'use strict';
const assert = require('node:assert');
const { performance } = require('node:perf_hooks');

const cells = new Int32Array(new SharedArrayBuffer(8));
const over = Atomics.waitAsync(cells, 0, 0, 20_000);
assert.ok(over.async);
assert.strictEqual(Atomics.notify(cells, 0), 1);
let result;
over.value.then((value) => { result = value; });
setTimeout(() => {}, 50);
process.on('exit', () => {
  assert.strictEqual(result, 'ok');
  assert.ok(performance.now() < 10_000);
});
