// Flags: --expose-gc
'use strict';
// What the last turn's collection freed is told before the program ends.
const assert = require('node:assert');

const freed = [];
const registry = new FinalizationRegistry((value) => freed.push(value));
(function register() {
  for (let i = 0; i < 3; i++) registry.register({}, i);
})();
setImmediate(() => globalThis.gc());
process.on('exit', () => {
  assert.deepStrictEqual(freed.sort(), [0, 1, 2]);
  console.log('ok');
});
