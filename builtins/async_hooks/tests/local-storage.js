// AsyncLocalStorage follows promises, await, ticks, timers and immediates.
'use strict';
const assert = require('node:assert');
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const storage = new AsyncLocalStorage({ defaultValue: 'none', name: 'test' });
assert.strictEqual(storage.name, 'test');
assert.strictEqual(storage.getStore(), 'none');
let left = 5;
const check = (want) => () => {
  assert.strictEqual(storage.getStore(), want);
  left--;
};
storage.run('a', () => {
  setTimeout(check('a'), 1);
  setImmediate(check('a'));
  process.nextTick(check('a'));
  Promise.resolve().then(check('a'));
  (async () => {
    await 1;
    await new Promise((resolve) => setTimeout(resolve, 2));
    check('a')();
  })();
});
assert.strictEqual(storage.getStore(), 'none');
const bound = storage.run('b', () => AsyncLocalStorage.bind(() => storage.getStore()));
assert.strictEqual(bound(), 'b');
const resource = storage.run('c', () => new AsyncResource('TEST'));
assert.strictEqual(resource.runInAsyncScope(() => storage.getStore()), 'c');
process.on('exit', () => assert.strictEqual(left, 0));
