// A compiled WebAssembly module and a shared memory travel to a worker, which makes an instance of its own.
'use strict';
const assert = require('node:assert');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  // (module (import "m" "m" (memory 1 1 shared)) (func (export "f") (result i32) i32.const 42))
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 2, 9, 1, 1, 109, 1, 109, 2, 3, 1, 1, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const copy = structuredClone(module);
  assert.ok(copy instanceof WebAssembly.Module && copy !== module);
  const worker = new Worker(__filename, { workerData: { module, memory } });
  worker.once('message', (value) => {
    assert.strictEqual(value, 42);
    assert.strictEqual(new Uint8Array(memory.buffer)[7], 9);
  });
  worker.once('exit', (code) => assert.strictEqual(code, 0));
} else {
  const { module, memory } = workerData;
  new Uint8Array(memory.buffer)[7] = 9;
  parentPort.postMessage(new WebAssembly.Instance(module, { m: { m: memory } }).exports.f());
}
