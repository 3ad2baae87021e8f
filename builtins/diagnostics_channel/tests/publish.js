'use strict';
// Subscribers get what is published, in order; an error of one is not the publisher's.
const assert = require('node:assert');
const dc = require('node:diagnostics_channel');

const channel = dc.channel('test');
assert.strictEqual(dc.channel('test'), channel);
assert.strictEqual(channel.hasSubscribers, false);
const seen = [];
const first = (message, name) => seen.push(message, name);
dc.subscribe('test', first);
channel.subscribe(() => {
  throw new Error('mine');
});
process.once('uncaughtException', (error) => {
  assert.strictEqual(error.message, 'mine');
  assert.strictEqual(dc.unsubscribe('test', first), true);
  assert.strictEqual(dc.unsubscribe('test', first), false);
});
channel.publish(5);
assert.deepStrictEqual(seen, [5, 'test']);
assert.throws(() => dc.channel(1), { code: 'ERR_INVALID_ARG_TYPE' });
