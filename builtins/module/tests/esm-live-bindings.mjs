// Imports are live bindings; import.meta tells where the module is.
import assert from 'node:assert';
import { basename } from 'node:path';
import { count, increment } from './fixtures/esm/counter.mjs';
import * as again from './fixtures/esm/counter.mjs';

increment();
assert.strictEqual(count, 1);
assert.strictEqual(again.count, 1);
assert.throws(() => { again.count = 2; }, TypeError);
assert.strictEqual(basename(import.meta.filename), 'esm-live-bindings.mjs');
assert.strictEqual(import.meta.main, true);
assert.strictEqual(import.meta.resolve('./x.js'), new URL('./x.js', import.meta.url).href);
assert.strictEqual(import.meta.resolve('fs'), 'node:fs');
assert.strictEqual(typeof require, 'undefined');
assert.strictEqual(await new Promise((resolve) => { setTimeout(resolve, 1, 'later'); }), 'later');
