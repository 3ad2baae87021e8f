'use strict';
// Small buffers share the pool at places aligned to 8 bytes; nobody can take the pool away.
const assert = require('node:assert');

const a = Buffer.from('hello');
const b = Buffer.allocUnsafe(10);
assert.strictEqual(a.buffer, Buffer.from('x').buffer);
assert.strictEqual(a.byteOffset % 8 + b.byteOffset % 8, 0);
assert.throws(() => a.buffer.transfer(), { name: 'TypeError' });
assert.throws(() => structuredClone(a, { transfer: [a.buffer] }), { name: 'DataCloneError' });
assert.strictEqual(a.toString(), 'hello');
assert.strictEqual(Buffer.alloc(5).buffer.byteLength, 5);
assert.strictEqual(Buffer.allocUnsafe(Buffer.poolSize).byteOffset, 0);
