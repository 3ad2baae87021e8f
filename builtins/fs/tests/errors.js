// Errors of the system: properties in order, message, and the same in three forms.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');

const missing = '/nowhere/to be found';
function check(error, code, errno, syscall, message) {
  assert.deepStrictEqual(Object.keys(error).slice(0, 3), ['errno', 'code', 'syscall']);
  assert.strictEqual(error.code, code);
  assert.strictEqual(error.errno, errno);
  assert.strictEqual(error.syscall, syscall);
  assert.strictEqual(error.message, message);
}
const text = `ENOENT: no such file or directory, open '${missing}'`;
try {
  fs.openSync(missing);
  assert.fail('opened');
} catch (error) {
  check(error, 'ENOENT', -2, 'open', text);
  assert.strictEqual(error.path, missing);
}
let called = 0;
fs.open(missing, (...args) => {
  called++;
  assert.strictEqual(args.length, 1);
  check(args[0], 'ENOENT', -2, 'open', text);
});
fs.promises.open(missing).then(() => assert.fail('opened'), (error) => {
  called++;
  check(error, 'ENOENT', -2, 'open', text);
});
try {
  fs.renameSync(missing, '/x');
} catch (error) {
  check(error, 'ENOENT', -2, 'rename', `ENOENT: no such file or directory, rename '${missing}' -> '/x'`);
  assert.strictEqual(error.dest, '/x');
}
assert.throws(() => fs.readFileSync('/'), { code: 'EISDIR', syscall: 'read' });
assert.throws(() => fs.rmSync('/usr'), { code: 'ERR_FS_EISDIR', name: 'SystemError' });
process.on('exit', () => assert.strictEqual(called, 2));
