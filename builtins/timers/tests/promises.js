// Timers as promises: values, aborts, bad arguments.
'use strict';
const assert = require('node:assert');
const timers = require('node:timers/promises');
const { promisify } = require('node:util');

(async () => {
  assert.strictEqual(await timers.setTimeout(1, 'a'), 'a');
  assert.strictEqual(await timers.setImmediate('b'), 'b');
  assert.strictEqual(promisify(setTimeout), timers.setTimeout);
  await timers.scheduler.wait(1);
  await timers.scheduler.yield();
  const controller = new AbortController();
  const waiting = timers.setTimeout(100_000, null, { signal: controller.signal });
  controller.abort('why');
  await assert.rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
  await assert.rejects(timers.setTimeout('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(timers.setTimeout(1, 1, { ref: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  let count = 0;
  for await (const value of timers.setInterval(1, 'c')) {
    assert.strictEqual(value, 'c');
    if (++count === 3) break;
  }
})();
