'use strict';

// module.registerHooks(): resolve and load hooks see require() and import() alike, last registered first.
const assert = require('node:assert');
const { registerHooks } = require('node:module');

const seen = [];
const hooks = registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!specifier.startsWith('virtual:')) return nextResolve(specifier, context);
    seen.push(specifier);
    return { url: specifier, format: specifier.endsWith('.mjs') ? 'module' : 'commonjs', shortCircuit: true };
  },
  load(url, context, nextLoad) {
    if (!url.startsWith('virtual:')) return nextLoad(url, context);
    const source = context.format === 'module' ? 'export default "esm"' : 'module.exports = "cjs"';
    return { format: context.format, source, shortCircuit: true };
  },
});
assert.strictEqual(require('virtual:a.cjs'), 'cjs');
import('virtual:b.mjs').then((namespace) => {
  assert.strictEqual(namespace.default, 'esm');
  assert.deepStrictEqual(seen, ['virtual:a.cjs', 'virtual:b.mjs']);
  hooks.deregister();
  assert.throws(() => require('virtual:c.cjs'), { code: 'MODULE_NOT_FOUND' });
});
