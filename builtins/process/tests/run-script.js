// `--run`: scripts of the nearest package.json, with arguments and the folders of node_modules/.bin.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'run-')));
const run = (...args) => spawnSync(process.execPath, args, { cwd: path.join(folder, 'sub'), encoding: 'utf8' });
try {
  fs.mkdirSync(path.join(folder, 'sub'));
  fs.mkdirSync(path.join(folder, 'node_modules', '.bin'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'node_modules', '.bin', 'tool'), '#!/bin/sh\necho tool $1 in $(pwd)\n', { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { t: 'tool', bad: 'exit 3', name: 'echo $NODE_RUN_SCRIPT_NAME' } }));
  assert.strictEqual(run('--run', 't', '--', "a'b c").stdout, `tool a'b c in ${folder}\n`);
  assert.strictEqual(run('--run', 'bad').status, 1);
  assert.strictEqual(run('--run', 'name').stdout, 'name\n');
  const missing = run('--run', 'nope');
  assert.strictEqual(missing.status, 1);
  assert.match(missing.stderr, /^Missing script: "nope" for .*package\.json\n\nAvailable scripts are:\n  t: tool/);
} finally {
  fs.rmSync(folder, { recursive: true });
}
assert.strictEqual(spawnSync(process.execPath, ['-p', 'Promise.resolve().then(() => 42)'], { encoding: 'utf8' }).stdout, 'Promise { 42 }\n');
