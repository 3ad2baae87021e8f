// _construct() runs before anything else; what was asked for meanwhile happens after it.
'use strict';
const assert = require('node:assert');
const { Duplex } = require('node:stream');

const log = [];
const duplex = new Duplex({
  construct(callback) {
    log.push('construct');
    setImmediate(() => {
      log.push('constructed');
      callback();
    });
  },
  read() {
    log.push('read');
    this.push(null);
  },
  write(chunk, encoding, callback) {
    log.push(`write ${chunk}`);
    callback();
  },
});
duplex.write('a');
duplex.end('b');
duplex.resume();
duplex.on('close', () => log.push('close'));
process.on('exit', () => {
  assert.deepStrictEqual(log.slice(0, 2), ['construct', 'constructed']);
  assert.deepStrictEqual(log.filter((each) => each.startsWith('write')), ['write a', 'write b']);
  assert.strictEqual(log.at(-1), 'close');
});
