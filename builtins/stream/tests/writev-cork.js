// Corked writes reach _writev together; setDefaultEncoding and decodeStrings decide what they are.
'use strict';
const assert = require('node:assert');
const { Writable } = require('node:stream');

const batches = [];
const stream = new Writable({
  decodeStrings: false,
  write(chunk, encoding, callback) {
    batches.push([[chunk, encoding]]);
    callback();
  },
  writev(chunks, callback) {
    batches.push(chunks.map(({ chunk, encoding }) => [chunk, encoding]));
    callback();
  },
});
stream.cork();
stream.write('a');
stream.setDefaultEncoding('latin1');
stream.write('b');
stream.write(Buffer.from('c'));
assert.strictEqual(stream.writableCorked, 1);
stream.uncork();
stream.cork();
stream.end('d', 'hex');
assert.throws(() => stream.setDefaultEncoding('nope'), { code: 'ERR_UNKNOWN_ENCODING' });
assert.throws(() => new Writable({ objectMode: true }).write(null), { code: 'ERR_STREAM_NULL_VALUES' });
assert.throws(() => new Writable().write({}), { code: 'ERR_INVALID_ARG_TYPE' });
process.on('exit', () => {
  assert.deepStrictEqual(batches, [
    [['a', 'utf8'], ['b', 'latin1'], [Buffer.from('c'), 'buffer']],
    [['d', 'hex']],
  ]);
});
