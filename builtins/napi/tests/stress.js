// The other tests with a full collection before and after every call of the addon.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const path = require('node:path');

require('./addons/build.cjs').build('values');
for (const name of ['values', 'objects', 'classes', 'buffers']) {
  const env = { ...process.env, NAPI_TEST_GC: '1' };
  const child = spawnSync(process.execPath, ['--expose-gc', path.join(__dirname, `${name}.js`)], { encoding: 'utf8', env });
  assert.strictEqual(child.status, 0, `${name}: ${child.signal} ${child.stderr}`);
}
