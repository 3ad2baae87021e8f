/** A program that does not exist: 'error', then 'close' with the error's number. */
'use strict';
const assert = require('node:assert');
const { spawn, spawnSync } = require('node:child_process');

const child = spawn('no-such-program', ['x']);
assert.strictEqual(child.pid, undefined);
let seen;
child.on('error', (error) => {
  seen = { ...error };
  assert.strictEqual(error.message, 'spawn no-such-program ENOENT');
});
child.on('close', (code) => {
  assert.strictEqual(code, -2);
  assert.deepStrictEqual(
    seen, { errno: -2, code: 'ENOENT', syscall: 'spawn no-such-program', path: 'no-such-program', spawnargs: ['x'] });
});
const result = spawnSync('no-such-program');
assert.strictEqual(result.error.code, 'ENOENT');
assert.deepStrictEqual([result.status, result.signal, result.pid, result.output], [null, null, 0, null]);
