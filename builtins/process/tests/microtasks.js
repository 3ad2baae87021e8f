'use strict';
// queueMicrotask: order among promise jobs and ticks, context, errors, receivers.
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');

const order = [];
const storage = new AsyncLocalStorage();
queueMicrotask(() => {
  order.push('a');
  process.nextTick(() => order.push('tick of a'));
  queueMicrotask(() => order.push('inner'));
});
Promise.resolve().then(() => order.push('b')).then(() => order.push('d'));
queueMicrotask(function() {
  assert.strictEqual(arguments.length, 0);
  assert.strictEqual(this, undefined);
  order.push('c');
});
storage.run('store', () => queueMicrotask(() => {
  order.push(storage.getStore());
  storage.enterWith('other');
}));
queueMicrotask(() => order.push(storage.getStore()));
process.nextTick(() => order.push('tick'));
(async () => {
  await null;
  order.push('e');
})();

process.on('uncaughtException', (error, origin) => {
  order.push(`${error.message} ${origin}`);
});
queueMicrotask(() => { throw new Error('thrown'); });
queueMicrotask(() => order.push('after'));

setImmediate(() => {
  assert.deepStrictEqual(order, [
    'tick', 'a', 'b', 'c', 'store', undefined, 'e', 'thrown uncaughtException', 'after', 'inner', 'd', 'tick of a',
  ]);
  for (const bad of [undefined, null, 1, 'f', {}]) assert.throws(() => queueMicrotask(bad), { code: 'ERR_INVALID_ARG_TYPE' });
  // A long chain does not grow the stack, and a collection keeps what waits.
  let left = 100000;
  queueMicrotask(function next() {
    if (--left > 0) queueMicrotask(next);
    else console.log('ok');
  });
});
