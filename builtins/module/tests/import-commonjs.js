'use strict';

// import() of CommonJS: default is module.exports, names come from the text.
const assert = require('node:assert');

(async () => {
  const interop = await import('./fixtures/esm/interop.cjs');
  assert.strictEqual(interop.named, 1);
  assert.deepStrictEqual(interop.default, { named: 1, __esModule: true, default: 'inner' });
  assert.strictEqual(interop['module.exports'], require('./fixtures/esm/interop.cjs'));

  const fs = await import('node:fs');
  assert.strictEqual(fs.readFileSync, require('node:fs').readFileSync);
  assert.strictEqual(fs.default, require('node:fs'));

  const { default: data } = await import('./fixtures/data.json', { with: { type: 'json' } });
  assert.strictEqual(data, require('./fixtures/data.json'));
})();
