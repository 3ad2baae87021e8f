// path.matchesGlob: segments, globstar, braces, classes and extended globs.
'use strict';
const assert = require('node:assert');
const path = require('node:path');

const yes = [
  ['a/b', 'a/*'], ['a/b/c', '**/c'], ['a/d', 'a/**/d'], ['a5', 'a{1..9}'], ['ab', 'a[a-c]'],
  ['c', '!(a|b)'], ['abab', '+(ab)'], ['.a', '.*'], ['a/b', '{a/b,c}'], ['a/', 'a'],
];
const no = [
  ['.a', '*'], ['a/b', '*'], ['a', 'a/**'], ['ab', 'a[!a-c]'], ['a.css', '!(*.css)'],
  ['a/.b/c', '**'], ['A', 'a'], ['a', 'a/'],
];
for (const [name, glob] of yes) assert.strictEqual(path.matchesGlob(name, glob), true, `${name} ${glob}`);
for (const [name, glob] of no) assert.strictEqual(path.matchesGlob(name, glob), false, `${name} ${glob}`);
assert.throws(() => path.matchesGlob(1, 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
