'use strict';
// An 'error' without listeners throws: errors as they are, other values within ERR_UNHANDLED_ERROR.
const assert = require('node:assert');
const EventEmitter = require('node:events');

const emitter = new EventEmitter();
const error = new Error('boom');
assert.throws(() => emitter.emit('error', error), (thrown) => thrown === error);
assert.throws(() => emitter.emit('error', { a: 1 }), {
  code: 'ERR_UNHANDLED_ERROR', message: 'Unhandled error. ({ a: 1 })', context: { a: 1 },
});
const seen = [];
emitter.on(EventEmitter.errorMonitor, (value) => seen.push(value));
assert.throws(() => emitter.emit('error', error), /boom/);
assert.deepStrictEqual(seen, [error]);
