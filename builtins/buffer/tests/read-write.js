'use strict';
// Each write method is undone by the read method of the same name, at every offset; ranges are checked.
const assert = require('node:assert');

const values = {
  UInt8: [0, 255], Int8: [-128, 127], UInt16: [0, 65535], Int16: [-32768, 32767], UInt32: [0, 4294967295],
  Int32: [-2147483648, 2147483647], Float: [1.5, -0.25], Double: [Math.PI, -1e300],
  BigInt64: [-(2n ** 63n), 2n ** 63n - 1n], BigUInt64: [0n, 2n ** 64n - 1n],
};
const buffer = Buffer.alloc(16);
for (const [kind, samples] of Object.entries(values)) {
  for (const order of kind.endsWith('8') ? [''] : ['LE', 'BE']) {
    for (const value of samples) {
      for (let offset = 0; offset < 8; offset++) {
        const end = buffer[`write${kind}${order}`](value, offset);
        assert.strictEqual(buffer[`read${kind}${order}`](offset), value, `${kind}${order}`);
        assert.ok(end > offset && end <= 16);
      }
    }
    assert.throws(() => buffer[`read${kind}${order}`](16), { code: 'ERR_OUT_OF_RANGE', name: 'RangeError' });
    assert.throws(() => buffer[`read${kind}${order}`]('1'), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => buffer[`read${kind}${order}`](0.5), { message: /It must be an integer/ });
  }
}
for (let size = 1; size <= 6; size++) {
  for (const order of ['LE', 'BE']) {
    for (const value of [0, 1, 2 ** (8 * size) - 1]) {
      buffer[`writeUInt${order}`](value, 1, size);
      assert.strictEqual(buffer[`readUInt${order}`](1, size), value);
    }
    for (const value of [-(2 ** (8 * size - 1)), -1, 2 ** (8 * size - 1) - 1]) {
      buffer[`writeInt${order}`](value, 1, size);
      assert.strictEqual(buffer[`readInt${order}`](1, size), value);
    }
    assert.throws(() => buffer[`writeUInt${order}`](2 ** (8 * size), 0, size), { code: 'ERR_OUT_OF_RANGE' });
  }
}
assert.throws(() => buffer.writeUInt8(256), {
  message: 'The value of "value" is out of range. It must be >= 0 and <= 255. Received 256',
});
