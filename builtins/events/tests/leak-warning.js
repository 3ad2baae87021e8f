'use strict';
// The eleventh listener of a type warns, once.
const assert = require('node:assert');
const EventEmitter = require('node:events');

const emitter = new EventEmitter();
const warnings = [];
process.on('warning', (warning) => warnings.push(warning));
for (let count = 0; count < 13; count++) emitter.on('x', () => {});
setImmediate(() => {
  assert.strictEqual(warnings.length, 1);
  const [warning] = warnings;
  assert.strictEqual(warning.name, 'MaxListenersExceededWarning');
  assert.strictEqual(warning.count, 11);
  assert.strictEqual(warning.message, 'Possible EventEmitter memory leak detected. 11 x listeners added to ' +
    '[EventEmitter]. MaxListeners is 10. Use emitter.setMaxListeners() to increase limit');
});
