'use strict';
// The bytes are V8's, version 15.
const assert = require('node:assert');
const { DefaultDeserializer, Deserializer, Serializer, deserialize, serialize } = require('node:v8');

function hex(value) {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer().toString('hex');
}

for (const [value, want] of [[1, 'ff0f4902'], ['abc', 'ff0f2203616263'], ['日本', 'ff0f6304e5652c67'],
  [[1, , 3], 'ff0f61034900490249044906400203'], [{ a: 1, 2: 3 }, 'ff0f6f4904490622016149027b02'],
  [new Uint8Array([1, 2, 3]), 'ff0f42030102035642000300'], [/a/giu, 'ff0f5222016113'], [-(2n ** 70n), 'ff0f5a2100000000000000004000000000000000']]) {
  assert.strictEqual(hex(value), want);
}
assert.strictEqual(serialize(Buffer.from('hi')).toString('hex'), 'ff0f5c0a026869');
const old = new DefaultDeserializer(Buffer.from('ff0d6f2203666f6f5e007b01', 'hex'));
old.readHeader();
assert.strictEqual(old.getWireFormatVersion(), 13);
const value = old.readValue();
assert.strictEqual(value.foo, value);

for (const bad of ['', '00', 'ff10', 'ff0f', 'ff0f6f', 'ff0f2203', 'ff0f5e05', 'ff0f41ffffffff0f']) {
  assert.throws(() => deserialize(Buffer.from(bad, 'hex')), { name: 'Error', message: /^Unable to deserialize cloned data/ });
}
assert.throws(() => new Deserializer('x'), { name: 'TypeError' });
assert.throws(() => serialize(() => {}), /could not be cloned/);
