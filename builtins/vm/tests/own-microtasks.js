// microtaskMode 'afterEvaluate': a context's promise jobs run after its scripts, and at no other time.
'use strict';
const assert = require('assert');
const vm = require('vm');

const microtaskMode = 'afterEvaluate';
const order = [];
const context = vm.createContext({ order, setImmediate }, { microtaskMode });

Promise.resolve().then(() => order.push('outer'));
vm.runInContext("Promise.resolve().then(() => { order.push('inner'); Promise.resolve().then(() => order.push('inner 2')); })", context);
// Only the context's jobs have run.
assert.deepStrictEqual(order, ['inner', 'inner 2']);

// A promise of the context that settles later: its reactions wait for the next script.
vm.runInContext("new Promise(setImmediate).then(() => order.push('late'))", context);
setImmediate(() => setImmediate(() => {
  assert.deepStrictEqual(order, ['inner', 'inner 2', 'outer']);
  vm.runInContext('', context);
  assert.deepStrictEqual(order, ['inner', 'inner 2', 'outer', 'late']);

  // The jobs' time is the script's.
  assert.throws(() => vm.runInNewContext('Promise.resolve().then(() => { for (;;); })', {}, { timeout: 10, microtaskMode }),
    { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
  awaitForeign();
}));

// An await of the context's promise takes part in the context's queue.
async function awaitForeign() {
  const own = vm.createContext({}, { microtaskMode });
  const promise = vm.runInContext('Promise.resolve(5)', own);
  setImmediate(() => vm.runInContext('', own));
  assert.strictEqual(await promise, 5);
  order.push('awaited');
}
process.on('exit', () => assert.ok(order.includes('awaited')));
