// What is refused before the system is asked.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');

for (const path of [1, null, undefined, {}, [], true, Symbol('x'), () => {}]) {
  assert.throws(() => fs.openSync(path), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
  assert.throws(() => fs.stat(path, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
}
for (const path of ['a\u0000b', Buffer.from('a\u0000b'), new URL('file:///a%00b')]) {
  assert.throws(() => fs.readFileSync(path), { code: 'ERR_INVALID_ARG_VALUE' });
}
assert.throws(() => fs.openSync('x', 'zz'), { code: 'ERR_INVALID_ARG_VALUE', message: "The argument 'flags' is invalid. Received 'zz'" });
assert.throws(() => fs.openSync('x', 'r', '9'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.closeSync(-1), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.closeSync('1'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.readFileSync('x', 'bad'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.readFileSync('x', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.readFile('x'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.writeFileSync('x', {}), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.chownSync('x', 1.5, 1), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.utimesSync('x', 'soon', 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.mkdirSync('x', { recursive: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.rmSync('x', { maxRetries: -1 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.rmdirSync('x', { recursive: true }), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.copyFileSync('x', 'y', 8), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.symlinkSync('x', 'y', 'z'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.opendirSync('.', { bufferSize: 0 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.createReadStream('x', { start: 2, end: 1 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.watch('.', { ignore: '' }), { code: 'ERR_INVALID_ARG_VALUE' });
const buffer = Buffer.alloc(4);
assert.throws(() => fs.readSync(0, buffer, 0, 5, 0), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.readSync(0, buffer, 0, 1, 1.5), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.readSync(0, Buffer.alloc(0), 0, 1), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.writeSync(1, buffer, 5), { code: 'ERR_OUT_OF_RANGE' });
