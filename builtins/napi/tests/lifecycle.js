// Loading twice, in workers, by import; what runs when a thread ends, and in which order.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { pathToFileURL } = require('node:url');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (!isMainThread) {
  const addon = require(workerData);
  globalThis.kept = [addon.wrap({}), addon.external()];
  parentPort.postMessage(addon.add(1, 2) + addon.instance());
} else if (process.argv[2]) {
  const addon = require(process.argv[2]);
  globalThis.kept = [addon.wrap({}), addon.external()];
  assert.strictEqual(addon.unhook(), 0);
  process.on('exit', () => process._rawDebug('exit event'));
  if (process.argv[3] === 'exit') process.exit(0);
} else {
  const { build } = require('./addons/build.cjs');
  const file = build('lifecycle');
  const run = (...args) => spawnSync(process.execPath, [__filename, file, ...args], { encoding: 'utf8' }).stderr.trim().split('\n');
  assert.deepStrictEqual(run(), ['exit event', 'async hook', 'hook 2', 'hook 1', 'external 10', 'wrap 10', 'instance 10']);
  assert.deepStrictEqual(run('exit'), ['exit event']);

  const values = build('values');
  const first = require(values);
  delete require.cache[values];
  const second = require(values);
  assert.notStrictEqual(first.dbl, second.dbl);
  assert.strictEqual(first.dbl(2) + second.dbl(3), 5);

  const legacy = build('legacy');
  assert.strictEqual(require(legacy)(), 'hello');
  delete require.cache[legacy];
  assert.strictEqual(require(legacy)(), 'hello', 'its constructor does not run again');

  (async () => {
    const { default: imported, 'module.exports': same, ...rest } = await import(pathToFileURL(legacy));
    assert.strictEqual(imported(), 'hello');
    assert.strictEqual(same, imported);
    assert.deepStrictEqual(rest, {});
    for (let round = 0; round < 3; round++) {
      const worker = new Worker(__filename, { workerData: file, stderr: true });
      const message = await new Promise((resolve) => worker.once('message', resolve));
      assert.strictEqual(message, '3instance');
      const [code] = await Promise.all([new Promise((resolve) => worker.once('exit', resolve))]);
      assert.strictEqual(code, 0);
    }
  })();
}
