'use strict';
// With captureRejections a rejected async listener becomes an 'error' event.
const assert = require('node:assert');
const EventEmitter = require('node:events');

const emitter = new EventEmitter({ captureRejections: true });
const error = new Error('async');
let seen;
emitter.on('x', async () => {
  throw error;
});
emitter.on('error', (value) => {
  seen = value;
});
emitter.emit('x');
process.on('exit', () => assert.strictEqual(seen, error));
