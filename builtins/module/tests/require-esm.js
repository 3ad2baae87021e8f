'use strict';

// require() of ES modules: the namespace, `__esModule` for interop, `module.exports` by name, no top-level await.
const assert = require('node:assert');

const required = require('./fixtures/esm/required.mjs');
assert.strictEqual(required.default, 'default');
assert.strictEqual(required.named, 2);
assert.strictEqual(required.__esModule, true);
assert.strictEqual(require('./fixtures/esm/replaced.mjs')(), 'called');
assert.strictEqual(Object.hasOwn(require('./fixtures/esm/counter.mjs'), '__esModule'), false);
assert.throws(() => require('./fixtures/esm/awaits.mjs'), { code: 'ERR_REQUIRE_ASYNC_MODULE' });

import('./fixtures/esm/required.mjs').then((namespace) => {
  assert.strictEqual(namespace.named, 2);
  assert.strictEqual(namespace.__esModule, undefined);
});
