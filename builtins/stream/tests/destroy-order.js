// destroy(err): _destroy at once, then 'error' and 'close' in one later tick; writes that wait fail.
'use strict';
const assert = require('node:assert');
const { Writable } = require('node:stream');

const log = [];
const stream = new Writable({
  write(chunk, encoding, callback) {
    setImmediate(callback);
  },
  destroy(err, callback) {
    log.push('_destroy');
    callback(err);
  },
});
stream.on('error', (err) => log.push(`error ${err.message}`));
stream.on('close', () => log.push('close'));
stream.write('a', (err) => log.push(`a ${err?.code ?? err}`));
stream.write('b', (err) => log.push(`b ${err.message}`));
stream.end((err) => log.push(`end ${err.message}`));
stream.destroy(new Error('boom'));
log.push('destroyed');
assert.strictEqual(stream.destroyed, true);
assert.strictEqual(stream.errored.message, 'boom');
stream.write('c', (err) => log.push(`c ${err.code}`));

process.on('exit', () => {
  assert.strictEqual(log[0], '_destroy');
  assert.strictEqual(log[1], 'destroyed');
  assert.deepStrictEqual(log.filter((each) => /^(error|close)/.test(each)), ['error boom', 'close']);
  assert.ok(log.includes('b boom'));
  assert.ok(log.includes('end boom'));
  assert.ok(log.includes('c ERR_STREAM_WRITE_AFTER_END'));
});
