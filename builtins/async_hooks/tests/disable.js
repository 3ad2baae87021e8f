'use strict';
// `disable` reaches what was made before it; a rejection within the handler of a rejection has its own turn, in its context.
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
storage.run(1, () => {
  queueMicrotask(() => assert.strictEqual(storage.getStore(), undefined));
  storage.disable();
});

// A rejection within the handler of a rejection has its own turn.
const reasons = [];
process.on('unhandledRejection', (reason) => {
  reasons.push(`${reason} ${storage.getStore()}`);
  if (reason === 'one') Promise.reject('two');
  else assert.deepStrictEqual(reasons, ['one 5', 'two 5']);
});
storage.run(5, () => Promise.reject('one'));
process.on('exit', () => assert.strictEqual(reasons.length, 2));
