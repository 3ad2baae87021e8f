// The compile cache holds ES modules: a second start takes them from it, a changed file does not.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cache-'));
const file = path.join(folder, 'a.mjs');
const run = () => spawnSync(process.execPath, [file], {
  encoding: 'utf8', env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'cache'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
});
try {
  fs.writeFileSync(file, 'export const a = 1; console.log(a);');
  assert.match(run().stderr, /a\.mjs was not initialized, initializing the in-memory entry/);
  const second = run();
  assert.match(second.stderr, /cache for ESM .*a\.mjs was accepted/);
  assert.strictEqual(second.stdout, '1\n');
  fs.writeFileSync(file, 'export const a = 2; console.log(a);');
  const third = run();
  assert.doesNotMatch(third.stderr, /was accepted/);
  assert.strictEqual(third.stdout, '2\n');
} finally {
  fs.rmSync(folder, { recursive: true });
}
