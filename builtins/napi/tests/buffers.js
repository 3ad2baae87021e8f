// ArrayBuffers, typed arrays, DataViews and Buffers; addresses stay good while collections run.
'use strict';
const assert = require('node:assert');
require('node:v8').setFlagsFromString('--expose-gc');
globalThis.gc ??= require('node:vm').runInNewContext('gc');
const b = require('./addons/build.cjs').load('buffers');

assert.deepStrictEqual([...new Uint8Array(b.ab(3))], [7, 7, 7]);
assert.strictEqual(b.ab(0).byteLength, 0);
const external = b.extab();
assert.strictEqual(Buffer.from(external).toString(), 'abcd');
assert.deepStrictEqual([b.info(external), b.info({}), b.isab(external), b.isab(new SharedArrayBuffer(1)), b.isab(Buffer.alloc(1))], [4, -1, true, false, false]);
assert.deepStrictEqual([b.isdetached(external), b.detach(external), b.isdetached(external), external.byteLength, b.isdetached({})], [false, 0, true, 0, false]);
assert.deepStrictEqual([b.detach({}), b.detach(5)], [-19, -19]);

const memory = new ArrayBuffer(64);
const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, Float16Array];
types.forEach((Type, index) => {
  const array = b.typed(index, memory, 2, 8);
  assert.ok(array instanceof Type && array.buffer === memory && array.byteOffset === 8 && array.length === 2);
  assert.deepStrictEqual(b.typedinfo(array).slice(0, 3), [index, 2, 8]);
});
assert.throws(() => b.typed(5, memory, 1, 3), { name: 'RangeError', code: 'ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT', message: 'start offset of Int32Array should be a multiple of 4' });
assert.throws(() => b.typed(1, memory, 65, 0), { name: 'RangeError', code: 'ERR_NAPI_INVALID_TYPEDARRAY_LENGTH', message: 'Invalid typed array length' });
assert.deepStrictEqual([b.typed(99, memory, 1, 0), b.typed(1, {}, 1, 0), b.typedinfo({})], [-1, -1, -1]);
const small = new Uint8Array([9, 8, 7]);
const details = b.typedinfo(small);
assert.strictEqual(details[3], small.buffer);
assert.strictEqual(details[4], 9);

const view = b.view(memory, 16, 8);
assert.ok(view instanceof DataView && view.byteLength === 16 && view.byteOffset === 8);
assert.deepStrictEqual(b.viewinfo(view), [16, 8, memory]);
assert.throws(() => b.view(memory, 60, 8), { name: 'RangeError', code: 'ERR_NAPI_INVALID_DATAVIEW_ARGS',
  message: 'byte_offset + byte_length should be less than or equal to the size in bytes of the array passed in' });
assert.strictEqual(b.viewinfo(small), -1);

for (const [buffer, text] of [[b.buf(4), 'bbbb'], [b.copy(), 'Copy'], [b.ext(), 'ext']]) {
  assert.ok(Buffer.isBuffer(buffer));
  assert.strictEqual(buffer.toString(), text);
}
assert.deepStrictEqual([b.isbuf(Buffer.alloc(1)), b.isbuf(small), b.isbuf(view), b.isbuf(memory), b.isbuf({})], [true, true, true, false, false]);
for (const bytes of [Buffer.from([0, 255]), new Uint8Array([0, 255]), Buffer.alloc(1000), Buffer.from('pooled')]) {
  const before = [...bytes];
  assert.strictEqual(b.xor(bytes), before.length);
  assert.deepStrictEqual([...bytes], before.map((byte) => byte ^ 255));
}
assert.strictEqual(b.xor({}), -1);
const part = b.fromab(memory, 4, 8);
assert.ok(Buffer.isBuffer(part) && part.buffer === memory && part.byteOffset === 4 && part.length === 8);
assert.throws(() => b.fromab(memory, 60, 8), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: 'The byte offset + length is out of range' });
assert.strictEqual(b.fromab({}, 0, 0), -1);
const total = b.external(1000);
assert.strictEqual(b.external(-400), total - 400);

(async () => {
  (() => { for (let i = 0; i < 50; i++) b.ext(); })();
  for (let i = 0; i < 20 && b.count() < 51; i++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(b.count() >= 51);
})();
