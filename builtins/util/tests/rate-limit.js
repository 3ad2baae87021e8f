'use strict';
// util.debounce and util.throttle: when the function runs, what callers get, and how both end.
const assert = require('node:assert');
const { debounce, throttle } = require('node:util');

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const [args, code] of [
  [[1], 'ERR_INVALID_ARG_TYPE'], [[() => {}], 'ERR_INVALID_ARG_TYPE'], [[() => {}, -1], 'ERR_OUT_OF_RANGE'],
  [[() => {}, 1.5], 'ERR_OUT_OF_RANGE'], [[() => {}, 1, null], 'ERR_INVALID_ARG_TYPE'],
  [[() => {}, 1, { leading: 1 }], 'ERR_INVALID_ARG_TYPE'], [[() => {}, 1, { signal: {} }], 'ERR_INVALID_ARG_TYPE'],
]) assert.throws(() => debounce(...args), { code }, args.toString());
for (const [args, code] of [
  [[1], 'ERR_INVALID_ARG_TYPE'], [[() => {}, 0, 1], 'ERR_OUT_OF_RANGE'], [[() => {}, 1, -1], 'ERR_OUT_OF_RANGE'],
  [[() => {}, 1, 1, { overflow: 'no' }], 'ERR_INVALID_ARG_VALUE'], [[() => {}, 1, 1, { maxPending: -1 }], 'ERR_OUT_OF_RANGE'],
  [[() => {}, 1, 1, { concurrency: 0 }], 'ERR_OUT_OF_RANGE'], [[() => {}, 1, 1, { strict: 1 }], 'ERR_INVALID_ARG_TYPE'],
]) assert.throws(() => throttle(...args), { code }, args.toString());
assert.throws(() => debounce(() => {}, 1, { signal: AbortSignal.abort() }), { name: 'AbortError' });

async function debounced() {
  const calls = [];
  const one = debounce(function named(a, b) { calls.push([a, b]); return a; }, 5);
  assert.strictEqual(one.name, 'named');
  assert.strictEqual(one.length, 2);
  assert.strictEqual(one.pending, null);
  const results = [one(1), one(2), one(3)];
  assert.strictEqual(one.pendingCount, 3);
  assert.strictEqual(one.pending, one.pending);
  assert.deepStrictEqual(await Promise.all(results), [3, 3, 3]);
  assert.deepStrictEqual(calls, [[3, undefined]]);

  const cancelled = one(4);
  one.cancel('why');
  await assert.rejects(cancelled, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
  const flushed = one(5);
  assert.strictEqual(one.flush(), undefined);
  assert.strictEqual(calls.at(-1)[0], 5);
  assert.strictEqual(await flushed, 5);
  assert.strictEqual(one.ref(), one);

  const first = debounce((x) => x, 5, { leading: true, rejectOnCancel: true });
  assert.strictEqual(await first(1), 1);
  const replaced = assert.rejects(first(2), { message: 'The debounced call was superseded' });
  assert.strictEqual(await first(3), 3);
  await replaced;

  const controller = new AbortController();
  const ended = debounce(() => {}, 5, { signal: controller.signal });
  const waiting = assert.rejects(ended(), { name: 'AbortError', cause: 'end' });
  controller.abort('end');
  await waiting;
  await assert.rejects(ended(), { cause: 'end' });
  await assert.rejects(debounce(() => { throw new TypeError('bad'); }, 0)(), { message: 'bad' });
}

async function throttled() {
  const calls = [];
  const two = throttle((x) => { calls.push(x); return x; }, 2, 20);
  const results = [1, 2, 3, 4, 5].map((x) => two(x));
  assert.deepStrictEqual(calls, [1, 2]);
  assert.strictEqual(two.pendingCount, 3);
  assert.strictEqual(two.activeCount, 2);
  assert.strictEqual(two.hasImmediateCapacity(), false);
  assert.deepStrictEqual(await Promise.all(results), [1, 2, 3, 4, 5]);
  assert.deepStrictEqual(calls, [1, 2, 3, 4, 5]);

  const dropping = throttle((x) => x, 1, 10_000, { overflow: 'drop' });
  assert.strictEqual(await dropping(1), 1);
  await assert.rejects(dropping(2), { code: 'ERR_THROTTLED', message: 'The call was dropped by the throttled function' });

  const short = throttle((x) => x, 1, 10_000, { maxPending: 1 });
  short(1);
  const waits = assert.rejects(short(2), { name: 'AbortError', cause: 'why' });
  await assert.rejects(short(3), { code: 'ERR_THROTTLED' });
  short.cancel('why');
  await waits;
  assert.strictEqual(await short(4), 4);

  let open = 0;
  let most = 0;
  const narrow = throttle(async () => {
    most = Math.max(most, ++open);
    await later(2);
    open--;
  }, 10, 0, { concurrency: 2 });
  await Promise.all([1, 2, 3, 4, 5].map(() => narrow()));
  assert.strictEqual(most, 2);
}

let done = 0;
Promise.all([debounced(), throttled()]).then(() => done++);
process.on('exit', () => assert.strictEqual(done, 1));
