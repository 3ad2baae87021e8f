/** Synchronous children: input, output, exit code, time limit. */
'use strict';
const assert = require('node:assert');
const { execFileSync, execSync, spawnSync } = require('node:child_process');

assert.strictEqual(execSync('echo $X', { env: { X: 'y' }, encoding: 'utf8' }), 'y\n');
assert.strictEqual(execFileSync('cat', { input: 'text' }).toString(), 'text');
const slow = spawnSync('sleep', ['10'], { timeout: 30 });
assert.deepStrictEqual([slow.error.code, slow.signal, slow.status], ['ETIMEDOUT', 'SIGTERM', null]);
assert.throws(() => execSync('echo problem >&2; exit 2', { stdio: 'pipe' }), (error) => {
  assert.strictEqual(error.message, 'Command failed: echo problem >&2; exit 2\nproblem\n');
  assert.strictEqual(error.status, 2);
  return true;
});
