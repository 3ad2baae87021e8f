'use strict';
// A worker whose heap is full ends with an error; the process goes on. Streams of a worker have back-pressure.
const assert = require('node:assert');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');

(async () => {
  const hungry = new Worker('const kept = []; for (;;) kept.push([kept]);', {
    eval: true, resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  assert.strictEqual(hungry.resourceLimits.maxOldGenerationSizeMb, 16);
  const exited = once(hungry, 'exit');
  // once() would reject on 'error'.
  const [error] = await new Promise((resolve) => hungry.once('error', (...args) => resolve(args)));
  assert.strictEqual(error.code, 'ERR_WORKER_OUT_OF_MEMORY');
  assert.deepStrictEqual(await exited.catch(() => once(hungry, 'exit')), [1]);
})();

(async () => {
  const worker = new Worker(`
    const { parentPort } = require('node:worker_threads');
    let full = 0;
    const chunk = Buffer.alloc(16384, 'x');
    for (let i = 0; i < 64; i++) if (!process.stdout.write(chunk)) full++;
    parentPort.postMessage(full);
    process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write(text));
  `, { eval: true, stdin: true, stdout: true });
  const [full] = await once(worker, 'message');
  assert.ok(full > 0);
  worker.stdin.end('the end');
  let size = 0;
  let last = '';
  for await (const chunk of worker.stdout) {
    size += chunk.length;
    last = chunk.toString();
  }
  assert.strictEqual(size, 64 * 16384 + 7);
  assert.ok(last.endsWith('the end'));
})();
