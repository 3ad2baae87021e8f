// The part of libuv that addons use: work in the pool, wake-ups from threads, timers, polled descriptors, locks.
'use strict';
const assert = require('node:assert');
const uv = require('./addons/build.cjs').load('uv');
const seen = {};
assert.strictEqual(uv.start((what, n) => (seen[what] ??= []).push(n)), '1 0 1 ENOENT no such file or directory 1');
process.on('exit', () => assert.deepStrictEqual(seen, { work: [42], async: [2000], timer: [1, 2, 3], poll: [120], closed: [0, 0, 0, 0] }));
