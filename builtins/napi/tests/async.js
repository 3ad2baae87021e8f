// Async work, thread-safe functions, promises and async contexts of addons.
'use strict';
const assert = require('node:assert');
const { AsyncLocalStorage, createHook, executionAsyncId } = require('node:async_hooks');
const x = require('./addons/build.cjs').load('async');
const storage = new AsyncLocalStorage();
const work = (n, ms) => new Promise((resolve) => x.work(n, (status, value) => resolve([status, value]), ms));

(async () => {
  assert.deepStrictEqual(await Promise.all([work(1), work(2), work(3, 20)]), [[0, 2], [0, 4], [0, 6]]);
  let ticked = false;
  await new Promise((resolve) => x.work(1, () => {
    process.nextTick(() => { ticked = true; });
    setImmediate(resolve);
  }));
  assert.ok(ticked);

  const slow = Array.from({ length: 8 }, () => work(1, 60));
  const cancelled = work(5);
  assert.strictEqual(x.cancel(), 0);
  assert.deepStrictEqual(await cancelled, [11, 0]);
  await Promise.all(slow);

  const failure = new Error('from complete');
  const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
  x.work(1, () => { throw failure; });
  assert.strictEqual(await uncaught, failure);

  assert.strictEqual(await x.promise(true, 5), 5);
  await assert.rejects(x.promise(false, failure), failure);
  assert.strictEqual(await x.promise(true, Promise.resolve('inner')), 'inner');
  assert.deepStrictEqual([x.isPromise(x.promise(true, 1)), x.isPromise({ then() {} })], [true, false]);

  for (const limit of [0, 1, 5]) {
    const seen = [];
    await new Promise((resolve) => {
      assert.strictEqual(x.tsfn((n, context) => { assert.strictEqual(context, 'context'); seen.push(n); }, 3, 200, limit, true, resolve), 0);
    });
    assert.strictEqual(seen.length, 600);
    for (const from of [0, 1000, 2000]) assert.deepStrictEqual(seen.filter((n) => Math.floor(n / 1000) * 1000 === from), Array.from({ length: 200 }, (_, i) => from + i));
  }
  {
    let order = '';
    await new Promise((resolve) => x.tsfn((n) => { order += n; Promise.resolve().then(() => { order += 'p'; }); process.nextTick(() => { order += 't'; }); }, 1, 3, 0, true, resolve));
    assert.strictEqual(order, '0tp1tp2tp', 'ticks and promise jobs run after each call');
    const seen = [];
    await new Promise((resolve) => {
      x.tsfn((n) => seen.push(n), 1, 500, 2, false, resolve);
      const until = Date.now() + 50;
      while (Date.now() < until);
    });
    assert.strictEqual(seen.length + x.full(), 500);
    assert.ok(x.full() > 0);
  }
  let plain = 0;
  await new Promise((resolve) => x.plain((...args) => { assert.strictEqual(args.length, 0); if (++plain === 2) resolve(); }));
  await new Promise((resolve) => assert.strictEqual(x.abortOne(() => assert.fail('aborted'), resolve), '0 16 16'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(x.counts(), '6 3');
  {
    const failure = new Error('from call_js');
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    x.plain(() => { throw failure; });
    assert.strictEqual(await uncaught, failure);
    process.once('uncaughtException', () => {});
  }
  await new Promise((resolve) => setTimeout(resolve, 20));

  const events = [];
  const hook = createHook({ init(id, type, trigger, resource) { if (type === 'test:ctx') events.push(['init', id, resource]); }, before(id) { if (events[0]?.[1] === id) events.push('before'); }, after(id) { if (events[0]?.[1] === id) events.push('after'); } }).enable();
  const resource = { mine: 1 };
  storage.run('outer', () => assert.strictEqual(x.init(resource), 0));
  const object = { make: x.make, scope: x.scope };
  assert.deepStrictEqual(object.make(function(n) { return [this === object, n, executionAsyncId() === events[0][1], storage.getStore()]; }, 3), [true, 3, true, 'outer']);
  assert.throws(() => object.make(() => { throw failure; }), failure);
  assert.strictEqual(object.make({}, 1), -1);
  assert.deepStrictEqual(object.scope(() => [executionAsyncId() === events[0][1], storage.getStore()]), [true, 'outer']);
  assert.strictEqual(x.destroy(), 0);
  hook.disable();
  assert.strictEqual(events[0][2], resource);
  assert.deepStrictEqual(events.slice(1), ['before', 'after', 'before', 'after', 'before', 'after']);
  assert.strictEqual(x.unrefd(() => {}), 1);
})();
