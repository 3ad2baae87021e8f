// write() tells false from highWaterMark on, 'drain' comes once all is through, and a sink that is
// done at once never causes back-pressure.
'use strict';
const assert = require('node:assert');
const { Writable, getDefaultHighWaterMark } = require('node:stream');

assert.strictEqual(getDefaultHighWaterMark(false), 65536);
assert.strictEqual(getDefaultHighWaterMark(true), 16);

const held = [];
const slow = new Writable({
  highWaterMark: 3,
  write(chunk, encoding, callback) {
    held.push(callback);
  },
});
assert.strictEqual(slow.write('a'), true);
assert.strictEqual(slow.write('bc'), false);
assert.strictEqual(slow.writableNeedDrain, true);
assert.strictEqual(slow.writableLength, 3);
let drains = 0;
slow.on('drain', () => {
  drains++;
  assert.strictEqual(slow.writableLength, 0);
});
setImmediate(() => {
  held.shift()();
  assert.strictEqual(drains, 0);
  held.shift()();
  assert.strictEqual(drains, 1);
});

const quick = new Writable({
  highWaterMark: 1,
  write(chunk, encoding, callback) {
    callback();
  },
});
assert.strictEqual(quick.write('abc'), true);
assert.strictEqual(quick.writableNeedDrain, false);
process.on('exit', () => assert.strictEqual(drains, 1));
