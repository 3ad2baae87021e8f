'use strict';
// What listeners that went away leave behind: nothing that eventNames() or emit() would tell of.
const assert = require('node:assert');
const EventEmitter = require('node:events');
const { PassThrough } = require('node:stream');

const listener = () => {};
const stream = new PassThrough();
stream.removeAllListeners();
stream.on('custom', listener).on('data', listener).on('end', listener).on('error', listener);
stream.removeListener('data', listener);
assert.deepStrictEqual(stream.eventNames().filter((name) => name !== 'prefinish'), ['custom', 'end', 'error']);
assert.strictEqual(stream.listenerCount('data'), 0);
assert.strictEqual(stream.emit('data'), false);
stream.removeAllListeners('end');
stream.removeAllListeners('error');
assert.deepStrictEqual(stream.eventNames().filter((name) => name !== 'prefinish'), ['custom']);
assert.throws(() => stream.emit('error', new Error('nobody listens')), { message: 'nobody listens' });
stream.once('data', listener);
assert.strictEqual(stream.listenerCount('data'), 1);
stream.removeAllListeners();
assert.deepStrictEqual(stream.eventNames(), []);

// Other emitters lose the key: names may be many.
const emitter = new EventEmitter();
emitter.on('kept', listener).on('data', listener).on('end', listener);
emitter.off('data', listener);
assert.deepStrictEqual(Object.keys(emitter._events), ['kept', 'end']);
emitter.on('data', listener);
assert.deepStrictEqual(emitter.eventNames(), ['kept', 'end', 'data']);
console.log('ok');
