'use strict';
// indexOf and its relatives: needles of all kinds, offsets from both ends, UTF-16 on even places.
const assert = require('node:assert');

const buffer = Buffer.from('abcabc');
const results = [buffer.indexOf('c'), buffer.indexOf('c', 3), buffer.indexOf('c', -1), buffer.indexOf(99),
  buffer.indexOf(Buffer.from('bc'), 2), buffer.indexOf('x'), buffer.indexOf(''), buffer.indexOf('', 9),
  buffer.lastIndexOf('c'), buffer.lastIndexOf('c', 4), buffer.lastIndexOf('c', -2), buffer.lastIndexOf('a', 0),
  buffer.lastIndexOf('', 2), buffer.indexOf('6263', 0, 'hex'), buffer.indexOf('YmM', 2, 'base64')];
assert.deepStrictEqual(results, [2, 5, 5, 2, 4, -1, 0, 6, 5, 2, 2, 0, 2, 1, 4]);
assert.strictEqual(buffer.includes('ca'), true);
const wide = Buffer.from('abab', 'utf16le');
assert.deepStrictEqual([wide.indexOf('b', 3, 'ucs2'), wide.lastIndexOf('b', 5, 'ucs2')], [2, 2]);
assert.throws(() => buffer.indexOf({}), { code: 'ERR_INVALID_ARG_TYPE' });
