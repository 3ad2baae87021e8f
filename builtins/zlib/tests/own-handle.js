// ssh2 compresses its packets with handles of its own: the constructor of a stream's handle, a mode, and one state per codec.
'use strict';
const assert = require('node:assert');
const zlib = require('node:zlib');

const { Z_PARTIAL_FLUSH, DEFLATE, INFLATE } = zlib.constants;
const Handle = zlib.createInflate()._handle.constructor;
let errors = [];

function codec(mode) {
  const handle = new Handle(mode);
  handle.onerror = (...args) => errors.push(args);
  const state = new Uint32Array(2);
  handle.init(15, 6, 8, 0, state, function processed() { this.done(); }, undefined);
  return { handle, state };
}

/** The output of one packet, which keeps the codec's window for the next one. */
function run({ handle, state }, input) {
  const parts = [];
  let at = 0;
  do {
    const output = Buffer.alloc(64);
    handle.writeSync(Z_PARTIAL_FLUSH, input, at, input.length - at, output, 0, output.length);
    at = input.length - state[1];
    parts.push(output.subarray(0, output.length - state[0]));
  } while (state[0] === 0 && errors.length === 0);
  return Buffer.concat(parts);
}

const pack = codec(DEFLATE);
const unpack = codec(INFLATE);
const sizes = [];
for (const text of ['hello '.repeat(50), 'hello '.repeat(50), 'x', 'é'.repeat(500)]) {
  const packed = run(pack, Buffer.from(text));
  sizes.push(packed.length);
  assert.strictEqual(run(unpack, packed).toString(), text);
}
assert.ok(sizes[1] < sizes[0], 'the second packet refers to the first one');
assert.deepStrictEqual(errors, []);

// Errors go to onerror: message, number, name.
run(codec(INFLATE), Buffer.from('no zlib data'));
assert.deepStrictEqual(errors, [['incorrect header check', -3, 'Z_DATA_ERROR']]);
errors = [];

// Asynchronous writes.
const later = codec(DEFLATE);
const output = Buffer.alloc(200);
later.handle.done = () => {
  const packed = output.subarray(0, output.length - later.state[0]);
  assert.strictEqual(zlib.inflateSync(packed, { finishFlush: Z_PARTIAL_FLUSH }).toString(), 'later');
  later.handle.close();
};
later.handle.write(Z_PARTIAL_FLUSH, Buffer.from('later'), 0, 5, output, 0, output.length);

// What makes streams can be called with `new`.
assert.ok(new zlib.createGzip() instanceof zlib.Gzip);
