'use strict';
// What was serialized comes back equal, with identity and cycles.
const assert = require('node:assert');
const v8 = require('node:v8');

const cyclic = { list: [1, , 3], map: new Map([[{ a: 1 }, new Set(['é', '日本'])]]), text: 'x'.repeat(300) };
cyclic.self = cyclic;
const back = v8.deserialize(v8.serialize(cyclic));
assert.strictEqual(back.self, back);
assert.deepStrictEqual(back.list, cyclic.list);
assert.deepStrictEqual([...back.map], [...cyclic.map]);
assert.strictEqual(back.text, cyclic.text);

for (const value of [undefined, null, true, -0, 2 ** 31, -1, 1.5, 10n, -(2n ** 70n), new Date(5), /a/giu, Object(1n),
  new Uint8Array([1, 2]), new Float64Array([0.5]), new DataView(new ArrayBuffer(3)), Buffer.from('hi')]) {
  assert.deepStrictEqual(v8.deserialize(v8.serialize(value)), value);
}
