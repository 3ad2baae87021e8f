// A Transform stalls its writable side while the readable side is full, and flushes at the end.
'use strict';
const assert = require('node:assert');
const { Transform } = require('node:stream');

let transformed = 0;
const doubling = new Transform({
  readableHighWaterMark: 2,
  writableHighWaterMark: 2,
  objectMode: true,
  transform(chunk, encoding, callback) {
    transformed++;
    this.push(chunk);
    callback(null, chunk);
  },
  flush(callback) {
    callback(null, 'last');
  },
});
for (let i = 1; i <= 5; i++) doubling.write(i);
doubling.end();
setImmediate(async () => {
  assert.ok(transformed < 5, `${transformed} chunks were taken unasked`);
  const all = [];
  for await (const chunk of doubling) all.push(chunk);
  assert.deepStrictEqual(all, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 'last']);
});
