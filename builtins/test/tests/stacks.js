// Stacks of failed tests lead through the tests that wait for them.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'test-stacks-'));
const file = path.join(folder, 'a.js');
fs.writeFileSync(file, `const { test } = require('node:test');
const { AsyncLocalStorage } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
test('outer', async (t) => {
  await t.test('inner', async () => {
    await null;
    throw new Error('later');
  });
});
storage.run('kept', () => test('context', () => { console.log(storage.getStore()); }));
`);
const { NODE_TEST_CONTEXT, ...env } = process.env;
const { stdout } = spawnSync(process.execPath, ['--test-reporter=tap', file], { encoding: 'utf8', env });
const frames = stdout.split('\n').map((line) => line.trim().replace(`${folder}${path.sep}`, ''));
const at = frames.indexOf('TestContext.<anonymous> (a.js:7:11)');
assert.notStrictEqual(at, -1, stdout);
assert.strictEqual(frames.slice(at + 1).find((line) => line.includes('a.js:')), 'async TestContext.<anonymous> (a.js:5:3)');
assert.match(stdout, /^kept$/m);
fs.rmSync(folder, { recursive: true });
