'use strict';
// Listeners are called once each, in order; a removed one is not; objects have handleEvent.
const assert = require('node:assert');

const target = new EventTarget();
const calls = [];
function gone() {
  calls.push('gone');
}
const once = () => calls.push('once');
target.addEventListener('x', function(event) {
  assert.strictEqual(this, target);
  assert.strictEqual(event.currentTarget, target);
  assert.strictEqual(event.eventPhase, Event.AT_TARGET);
  calls.push('first');
  target.removeEventListener('x', gone);
});
target.addEventListener('x', once, { once: true });
target.addEventListener('x', once, { once: true });
target.addEventListener('x', gone);
target.addEventListener('x', {
  handleEvent(event) {
    event.preventDefault();
    calls.push('object');
  },
});
const event = new Event('x', { cancelable: true });
assert.strictEqual(target.dispatchEvent(event), false);
assert.deepStrictEqual(calls, ['first', 'once', 'object']);
assert.strictEqual(event.currentTarget, null);
assert.strictEqual(event.target, target);
calls.length = 0;
target.dispatchEvent(new Event('x'));
assert.deepStrictEqual(calls, ['first', 'object']);
assert.throws(() => target.dispatchEvent('x'), { code: 'ERR_INVALID_ARG_TYPE' });
