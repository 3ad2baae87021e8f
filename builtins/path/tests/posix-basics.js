// The functions of path on everyday and odd input.
'use strict';
const assert = require('node:assert');
const path = require('node:path');

const table = [
  ['normalize', ['/a/./b//../c/'], '/a/c/'],
  ['normalize', [''], '.'],
  ['normalize', ['../a/../..'], '../..'],
  ['normalize', ['/..'], '/'],
  ['join', ['a', '', '../b', '.'], 'b'],
  ['join', [], '.'],
  ['resolve', ['/a', 'b', '../c'], '/a/c'],
  ['resolve', ['/a/'], '/a'],
  ['relative', ['/a/b/c', '/a/d'], '../../d'],
  ['relative', ['/', '/a'], 'a'],
  ['dirname', ['/a/b/'], '/a'],
  ['dirname', ['//a'], '//'],
  ['dirname', ['a'], '.'],
  ['basename', ['/a/b.js', '.js'], 'b'],
  ['basename', ['.js', '.js'], ''],
  ['extname', ['a.'], '.'],
  ['extname', ['.a'], ''],
  ['extname', ['a/..'], ''],
  ['isAbsolute', [''], false],
];
for (const [name, args, want] of table) {
  assert.strictEqual(path[name](...args), want, `${name}(${args})`);
}
assert.deepStrictEqual(path.parse('/home/u/a.tar.gz'),
                       { root: '/', dir: '/home/u', base: 'a.tar.gz', ext: '.gz', name: 'a.tar' });
assert.strictEqual(path.format({ root: '/', name: 'a', ext: 'b' }), '/a.b');
for (const bad of [1, null, undefined, {}]) {
  assert.throws(() => path.join('a', bad), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => path.dirname(bad), { code: 'ERR_INVALID_ARG_TYPE' });
}
assert.strictEqual(path, path.posix);
assert.strictEqual(path.win32.posix, path);
assert.strictEqual(require('node:path/posix'), path);
assert.strictEqual(require('node:path/win32'), path.win32);
