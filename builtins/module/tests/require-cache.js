'use strict';

// A module runs once, is in require.cache while it runs, and leaves it if it throws.
const assert = require('node:assert');

const a = require('./fixtures/cycle/a.cjs');
assert.deepStrictEqual({ ...a }, { done: true, b: false });
assert.strictEqual(require('./fixtures/cycle/a.cjs'), a);

const file = require.resolve('./fixtures/cycle/a.cjs');
assert.strictEqual(require.cache[file].exports, a);
assert.strictEqual(require.cache[file].loaded, true);
assert.ok(module.children.includes(require.cache[file]));
delete require.cache[file];
assert.notStrictEqual(require('./fixtures/cycle/a.cjs'), a);

assert.throws(() => require('./fixtures/throws.cjs'), /at load/);
assert.strictEqual(require.cache[require.resolve('./fixtures/throws.cjs')], undefined);
assert.throws(() => require('./fixtures/throws.cjs'), /at load/);
