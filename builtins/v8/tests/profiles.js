// v8.startCpuProfile and startHeapProfile, and those of workers: JSON once, two profiles at a time, options.
'use strict';
const assert = require('assert');
const v8 = require('v8');
const { Worker } = require('worker_threads');

function busy(ms) {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

assert.throws(() => v8.startCpuProfile(null), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => v8.startCpuProfile({ sampleInterval: -1 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => v8.startHeapProfile({ stackDepth: -1 }), { code: 'ERR_OUT_OF_RANGE' });

const first = v8.startCpuProfile({ sampleInterval: 1 });
busy(60);
const second = v8.startCpuProfile();
busy(60);
const longer = JSON.parse(first.stop());
busy(30);
const shorter = JSON.parse(second.stop());
for (const profile of [longer, shorter]) {
  assert.ok(profile.nodes.some((node) => node.callFrame.functionName === 'busy' && node.hitCount > 5));
  assert.strictEqual(profile.samples.length, profile.timeDeltas.length);
}
assert.ok(longer.endTime - longer.startTime >= 110_000);
assert.ok(shorter.startTime > longer.startTime);
assert.strictEqual(first.stop(), undefined);

const limited = v8.startCpuProfile({ maxBufferSize: 3 });
busy(50);
assert.ok(JSON.parse(limited.stop()).samples.length <= 3);

const heap = v8.startHeapProfile({ sampleInterval: 64 });
assert.throws(() => v8.startHeapProfile(), { code: 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED' });
const kept = [];
for (let i = 0; i < 5000; i++) kept.push({ i });
assert.ok('head' in JSON.parse(heap.stop()));
assert.strictEqual(heap.stop(), undefined);

const worker = new Worker("require('worker_threads').parentPort.on('message', () => {})", { eval: true });
worker.on('online', async () => {
  const handle = await worker.startCpuProfile();
  assert.ok('nodes' in JSON.parse(await handle.stop()));
  assert.strictEqual(handle.stop(), handle.stop());
  // One that is left running ends with its thread.
  await worker.startCpuProfile();
  await worker.terminate();
  await assert.rejects(worker.startHeapProfile(), { code: 'ERR_WORKER_NOT_RUNNING' });
});
