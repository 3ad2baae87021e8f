'use strict';
// A small stack (ulimit -s), few addresses (ulimit -v) and a working directory that was removed.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

function shell(limits, code) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `${limits}; exec "$0" -e "$1"`, process.execPath, code], { encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return stdout.trim();
}

assert.strictEqual(shell('ulimit -s 2048', 'function f() { f(); } try { f(); } catch (error) { console.log(error.name); }'), 'RangeError');
if (process.versions.anode !== undefined) {
  // node needs more.
  assert.strictEqual(shell('ulimit -s 1024', 'function f() { f(); } try { f(); } catch (error) { console.log(error.name); }'), 'RangeError');
  assert.strictEqual(shell('ulimit -v 2000000', 'console.log(1)'), '1');
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'removed-'));
assert.strictEqual(shell(`cd '${folder}' && rmdir '${folder}'`, 'try { process.cwd(); } catch ({ code }) { console.log(code); }'), 'ENOENT');
