// Stats, BigInt stats and their dates; throwIfNoEntry; statfs.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');

const stats = fs.statSync(__filename);
const big = fs.statSync(__filename, { bigint: true });
assert.ok(stats.isFile() && !stats.isDirectory() && big.isFile());
assert.ok(stats instanceof fs.Stats);
assert.strictEqual(typeof big.size, 'bigint');
for (const key of ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks']) {
  assert.strictEqual(BigInt(stats[key]), big[key], key);
}
assert.strictEqual(big.mtimeNs / 1000000n, big.mtimeMs);
assert.strictEqual(stats.mtime.getTime(), Math.round(stats.mtimeMs));
assert.ok(!Object.keys(fs.statSync(__filename)).includes('mtime'));
assert.ok(Object.hasOwn(stats, 'mtime'));
assert.strictEqual(fs.statSync('/nowhere', { throwIfNoEntry: false }), undefined);
assert.strictEqual(fs.statSync(`${__filename}/x`, { throwIfNoEntry: false }), undefined);
assert.throws(() => fs.lstatSync(`${__filename}/x`, { throwIfNoEntry: false }), { code: 'ENOTDIR' });
assert.throws(() => fs.statSync('/nowhere'), { code: 'ENOENT' });
assert.strictEqual(typeof fs.statfsSync('/').bsize, 'number');
assert.strictEqual(typeof fs.statfsSync('/', { bigint: true }).files, 'bigint');
