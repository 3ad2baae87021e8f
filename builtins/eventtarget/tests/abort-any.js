'use strict';
// AbortSignal.any follows the first of its sources, through other composites too.
const assert = require('node:assert');

const a = new AbortController();
const b = new AbortController();
const inner = AbortSignal.any([a.signal, b.signal]);
const outer = AbortSignal.any([inner]);
const order = [];
b.signal.addEventListener('abort', () => {
  order.push('source');
  assert.strictEqual(outer.aborted, true);
});
outer.onabort = (event) => order.push(event.isTrusted);
b.abort('why');
assert.deepStrictEqual(order, ['source', true]);
assert.strictEqual(inner.reason, 'why');
assert.strictEqual(outer.reason, 'why');
assert.throws(() => outer.throwIfAborted(), (error) => error === 'why');
assert.strictEqual(AbortSignal.any([]).aborted, false);
assert.strictEqual(AbortSignal.abort().reason.name, 'AbortError');
assert.throws(() => new AbortSignal(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
