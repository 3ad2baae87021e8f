'use strict';
// A failing test makes the process fail, a todo does not; the report says what failed.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

function run(code) {
  return spawnSync(process.execPath, ['-e', `const { test } = require('node:test');${code}`], { encoding: 'utf8' });
}

const failing = run("test('bad', () => { throw new Error('boom'); }); test('good', () => {});");
assert.strictEqual(failing.status, 1);
assert.match(failing.stdout, /✖ bad \(/);
assert.match(failing.stdout, /✔ good \(/);
assert.match(failing.stdout, /ℹ fail 1/);
assert.match(failing.stdout, /Error: boom/);

const todo = run("test('later', { todo: true }, () => { throw new Error('boom'); });");
assert.strictEqual(todo.status, 0);
assert.match(todo.stdout, /ℹ todo 1/);

const stopped = run("test('never', { timeout: 20 }, () => new Promise(() => {}));");
assert.strictEqual(stopped.status, 1);
assert.match(stopped.stdout, /ℹ cancelled 1/);
assert.match(stopped.stdout, /test timed out after 20ms/);

const uncaught = run("test('late', async () => { setTimeout(() => { throw new Error('from a timer'); }); await new Promise(() => {}); });");
assert.strictEqual(uncaught.status, 1);
assert.match(uncaught.stdout, /from a timer/);
