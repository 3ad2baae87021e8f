'use strict';
// Ports, workers, signals and watchers tell in the context in which they were made; locks call back in that of the request.
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { MessageChannel, Worker } = require('node:worker_threads');

const storage = new AsyncLocalStorage();
const seen = new Set();
const note = (name, expected) => {
  assert.strictEqual(storage.getStore(), expected, name);
  seen.add(name);
};

storage.run('port', () => {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', () => {
    note('port', 'port');
    port2.close();
  });
  storage.run('sender', () => port1.postMessage(1));
});
storage.run('worker', () => {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true });
  worker.on('message', () => note('message', 'worker'));
  worker.on('exit', () => note('exit', 'worker'));
});
storage.run('signal', () => process.once('SIGUSR2', () => note('signal', 'signal')));
setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 10);
const keep = setTimeout(() => {}, 200);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'context-'));
storage.run('watcher', () => {
  const watcher = fs.watch(folder, () => {
    note('watch', 'watcher');
    watcher.close();
    clearTimeout(keep);
    fs.rmSync(folder, { recursive: true });
  });
});
setTimeout(() => fs.writeFileSync(path.join(folder, 'x'), ''), 20);
storage.run('lock', () => navigator.locks.request('a', () => note('lock', 'lock')));
process.on('exit', () => assert.deepStrictEqual([...seen].sort(), ['exit', 'lock', 'message', 'port', 'signal', 'watch']));
