'use strict';
// A worker answers, fails, is terminated, and ends by itself.
const assert = require('node:assert');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');

(async () => {
  const echo = new Worker('const { parentPort, workerData } = require("worker_threads");' +
    'parentPort.once("message", (m) => parentPort.postMessage([m, workerData]));', { eval: true, workerData: 7 });
  echo.postMessage({ x: 1 });
  assert.deepStrictEqual(await once(echo, 'message'), [[{ x: 1 }, 7]]);
  assert.deepStrictEqual(await once(echo, 'exit'), [0]);

  const failing = new Worker('throw new RangeError("no")', { eval: true });
  const [error] = await once(failing, 'error');
  assert.ok(error instanceof RangeError);
  assert.strictEqual(error.message, 'no');

  const exiting = new Worker('process.exit(9)', { eval: true });
  assert.deepStrictEqual(await once(exiting, 'exit'), [9]);

  const busy = new Worker('for (;;);', { eval: true });
  await once(busy, 'online');
  assert.strictEqual(await busy.terminate(), 1);
})();
