'use strict';
// A tracing channel tells the course of functions, promises and callbacks.
const assert = require('node:assert');
const { tracingChannel } = require('node:diagnostics_channel');

const channel = tracingChannel('work');
const log = [];
const note = (event) => (context) => log.push(`${event} ${context.id}`);
channel.subscribe({
  start: note('start'), end: note('end'), asyncStart: note('asyncStart'), asyncEnd: note('asyncEnd'), error: note('error'),
});
assert.strictEqual(channel.traceSync((a) => a + 1, { id: 1 }, undefined, 2), 3);
assert.throws(() => channel.traceSync(() => {
  throw new Error('x');
}, { id: 2 }), /x/);
assert.deepStrictEqual(log.splice(0), ['start 1', 'end 1', 'start 2', 'error 2', 'end 2']);
channel.traceCallback((done) => done(null, 1), 0, { id: 3 }, null, (error, value) => assert.strictEqual(value, 1));
assert.deepStrictEqual(log.splice(0), ['start 3', 'asyncStart 3', 'asyncEnd 3', 'end 3']);
channel.tracePromise(async () => 7, { id: 4 }).then((value) => {
  assert.strictEqual(value, 7);
  assert.deepStrictEqual(log, ['start 4', 'end 4', 'asyncStart 4', 'asyncEnd 4']);
});
