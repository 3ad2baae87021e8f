'use strict';
// Errors of what was started in a domain go to its 'error' listeners.
const assert = require('node:assert');
const domain = require('node:domain');
const EventEmitter = require('node:events');

const group = domain.create();
const seen = [];
group.on('error', (error) => seen.push(error.message));
group.run(() => {
  assert.strictEqual(process.domain, group);
  new EventEmitter().emit('error', new Error('emitted'));
  setTimeout(() => {
    throw new Error('thrown');
  }, 1);
});
assert.deepStrictEqual(domain._stack, []);
group.intercept(() => assert.fail('not called'))(new Error('intercepted'));
assert.strictEqual(group.bind((value) => value + 1)(1), 2);
process.on('exit', () => assert.deepStrictEqual(seen, ['emitted', 'intercepted', 'thrown']));
