'use strict';
// An environment for two threads, messages by thread number, locks, and what a parent may ask of its worker.
const assert = require('node:assert');
const { once } = require('node:events');
const { SHARE_ENV, Worker, locks, postMessageToThread, threadId } = require('node:worker_threads');

const CODE = `
  const { locks, parentPort, postMessageToThread } = require('node:worker_threads');
  process.on('workerMessage', (value, source) => {
    if (value === 'fail') throw new Error('as asked');
    parentPort.postMessage([value, source]);
  });
  process.on('uncaughtException', () => {});
  process.env.FROM_WORKER = 'w';
  delete process.env.GONE;
  locks.request('shared between threads', () => {
    parentPort.postMessage('locked');
    return new Promise((resolve) => parentPort.once('message', resolve));
  });
`;

(async () => {
  process.env.GONE = '1';
  process.env.BEFORE = 'b';
  const worker = new Worker(CODE, { eval: true, env: SHARE_ENV });
  await once(worker, 'message');
  assert.strictEqual(process.env.FROM_WORKER, 'w');
  assert.strictEqual('GONE' in process.env, false);
  assert.ok(Object.keys(process.env).includes('FROM_WORKER'));
  assert.strictEqual({ ...process.env }.BEFORE, 'b');

  assert.strictEqual(await locks.request('shared between threads', { ifAvailable: true }, (lock) => lock), null);
  await locks.request('own', async () => {
    const { held } = await locks.query();
    assert.deepStrictEqual(held.map(({ name, mode }) => [name, mode]), [['own', 'exclusive']]);
  });

  const arrived = once(worker, 'message');
  await postMessageToThread(worker.threadId, { hello: 1 });
  assert.deepStrictEqual(await arrived, [[{ hello: 1 }, threadId]]);
  await assert.rejects(postMessageToThread(worker.threadId, 'fail'), { code: 'ERR_WORKER_MESSAGING_ERRORED' });
  await assert.rejects(postMessageToThread(threadId, 1), { code: 'ERR_WORKER_MESSAGING_SAME_THREAD' });
  await assert.rejects(postMessageToThread(12345, 1), { code: 'ERR_WORKER_MESSAGING_FAILED' });

  const statistics = await worker.getHeapStatistics();
  assert.ok(statistics.used_heap_size > 0);
  const usage = await worker.cpuUsage();
  assert.ok(usage.user + usage.system > 0);
  const { idle, active, utilization } = worker.performance.eventLoopUtilization();
  assert.ok(idle >= 0 && active > 0 && utilization > 0 && utilization <= 1);
  const snapshot = await worker.getHeapSnapshot();
  let size = 0;
  for await (const chunk of snapshot) size += chunk.length;
  assert.ok(size > 1000);

  const waiting = locks.request('shared between threads', (lock) => lock.name);
  worker.postMessage('release');
  assert.strictEqual(await waiting, 'shared between threads');
  const held2 = locks.request('mine', () => new Promise(() => {}));
  const stolen = locks.request('mine', { steal: true }, () => 'stolen');
  await assert.rejects(held2, { name: 'AbortError' });
  assert.strictEqual(await stolen, 'stolen');

  await worker.terminate();
  await assert.rejects(worker.getHeapStatistics(), { code: 'ERR_WORKER_NOT_RUNNING' });
})();
