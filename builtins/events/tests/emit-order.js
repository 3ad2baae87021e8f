'use strict';
// Listeners run in order, with the emitter as `this`, on the list as it was when the event began.
const assert = require('node:assert');
const EventEmitter = require('node:events');

const emitter = new EventEmitter();
const calls = [];
function second() {
  calls.push('second');
}
emitter.on('x', function(...args) {
  assert.strictEqual(this, emitter);
  calls.push(args);
  emitter.removeListener('x', second);
  emitter.on('x', () => calls.push('late'));
});
emitter.on('x', second);
emitter.prependListener('x', () => calls.push('first'));
assert.strictEqual(emitter.emit('x', 1, 2), true);
assert.deepStrictEqual(calls, ['first', [1, 2], 'second']);
calls.length = 0;
emitter.emit('x');
assert.deepStrictEqual(calls, ['first', [], 'late']);
assert.strictEqual(emitter.emit('y'), false);
