// Old-style subclasses: util.inherits and Readable.call(this); classes work without new; instanceof.
'use strict';
const assert = require('node:assert');
const util = require('node:util');
const Stream = require('node:stream');
const { Duplex, PassThrough, Readable, Transform, Writable } = Stream;

function Old(options) {
  if (!(this instanceof Old)) return new Old(options);
  Readable.call(this, options);
}
util.inherits(Old, Readable);
Old.prototype._read = function() {
  this.push('old');
  this.push(null);
};

function OldTransform() {
  Transform.call(this, { objectMode: true });
}
util.inherits(OldTransform, Transform);
OldTransform.prototype._transform = function(chunk, encoding, callback) {
  callback(null, `<${chunk}>`);
};

assert.ok(Old() instanceof Readable);
assert.ok(Readable() instanceof Stream);
assert.ok(Writable() instanceof Stream);
assert.ok(Duplex() instanceof Writable);
assert.ok(PassThrough() instanceof Transform);
assert.ok(!(new Readable() instanceof Writable));
assert.ok(new Stream() instanceof require('node:events'));
assert.strictEqual(Stream.Stream, Stream);

const seen = [];
Old().pipe(new OldTransform()).on('data', (chunk) => seen.push(chunk));
process.on('exit', () => assert.deepStrictEqual(seen, ['<old>']));
