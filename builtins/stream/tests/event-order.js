// The order of events around the end of a pipe, relative to ticks.
'use strict';
const assert = require('node:assert');
const { Readable, Writable } = require('node:stream');

const log = [];
const source = new Readable({
  read() {
    this.push('a');
    this.push(null);
  },
});
const sink = new Writable({
  write(chunk, encoding, callback) {
    log.push(`write ${chunk}`);
    setImmediate(callback);
  },
  final(callback) {
    log.push('final');
    callback();
  },
});
for (const event of ['end', 'close', 'pause', 'resume']) source.on(event, () => log.push(`source ${event}`));
for (const event of ['finish', 'close', 'prefinish', 'pipe', 'unpipe']) {
  sink.on(event, () => log.push(`sink ${event}`));
}
source.pipe(sink);
log.push('piped');

process.on('exit', () => {
  assert.deepStrictEqual(log, [
    'sink pipe', 'piped', 'source resume', 'write a', 'source end', 'source close',
    'final', 'sink prefinish', 'sink finish', 'sink unpipe', 'sink close',
  ]);
});
