'use strict';
// What the last turn's collection freed is told before the program ends.
const assert = require('node:assert');
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');

const freed = [];
const registry = new FinalizationRegistry((value) => freed.push(value));
(function register() {
  for (let i = 0; i < 3; i++) registry.register({}, i);
})();
setImmediate(() => collect());
process.on('exit', () => {
  assert.deepStrictEqual(freed.sort(), [0, 1, 2]);
  console.log('ok');
});
