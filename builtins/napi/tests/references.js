// Strong and weak references, finalizers, externals and handle scopes, with collections forced in between.
'use strict';
const assert = require('node:assert');
const { inspect, types } = require('node:util');
require('node:v8').setFlagsFromString('--expose-gc');
const gc = globalThis.gc ?? require('node:vm').runInNewContext('gc');
const r = require('./addons/build.cjs').load('references');
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function collected(count) {
  for (let i = 0; i < 20 && r.count() < count; i++) {
    gc();
    await turn();
  }
  assert.strictEqual(r.count(), count);
}

(async () => {
  assert.strictEqual(r.create(0, { strong: 1 }, 1), 0);
  gc();
  await turn();
  assert.deepStrictEqual(r.value(0), { strong: 1 });
  assert.deepStrictEqual([r.ref(0), r.unref(0), r.unref(0), r.unref(0)], [2, 1, 0, -9]);
  await turn();
  gc();
  await turn();
  gc();
  assert.strictEqual(r.value(0), 'gone');
  assert.deepStrictEqual([r.ref(0), r.drop(0)], [0, 0]);

  const kept = { kept: 1 };
  r.create(1, kept, 0);
  gc();
  assert.strictEqual(r.value(1), kept);
  assert.strictEqual(r.ref(1), 1);
  assert.strictEqual(r.drop(1), 0);
  assert.deepStrictEqual([r.create(2, 'text', 1), r.value(2), r.drop(2)], [0, 'text', 0]);
  assert.deepStrictEqual([r.create(2, Symbol.iterator, 1), r.value(2), r.drop(2)], [0, Symbol.iterator, 0]);

  (() => {
    for (let i = 0; i < 100; i++) {
      r.watch({});
      r.wrap({});
      r.external();
      r.buffer();
    }
  })();
  await collected(400);
  (() => r.watchref({}, 3))();
  await collected(401);
  assert.deepStrictEqual([r.value(3), r.drop(3)], ['gone', 0]);

  let calls = 0;
  globalThis.fromFinalizer = () => { calls++; gc(); };
  (() => { for (let i = 0; i < 5; i++) r.watchjs({}); })();
  for (let i = 0; i < 20 && calls < 5; i++) {
    gc();
    await turn();
  }
  assert.strictEqual(calls, 5);

  const external = r.external();
  assert.deepStrictEqual([typeof external, types.isExternal(external), types.isExternal({}), Object.getPrototypeOf(external)], ['object', true, false, null]);
  assert.match(inspect(external), /^\[External: [0-9a-f]+\]$/);
  assert.deepStrictEqual([r.extvalue(external), r.extvalue({}), r.exttype(external)], [true, -1, 8]);
  assert.strictEqual(r.buffer().toString(), 'hello');

  const made = r.scopes(20000);
  assert.strictEqual(made.length, 20);
  for (const [entry] of made) assert.deepStrictEqual(entry, { t: 'some text that is not short' });
  const target = {};
  assert.strictEqual(r.manyhandles(target), 'first');
  assert.strictEqual(target.x, 'first');
})();
