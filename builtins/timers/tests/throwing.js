// A callback that throws does not take the others with it.
'use strict';
const assert = require('node:assert');

const seen = [];
process.on('uncaughtException', (error) => seen.push(error.message));
setTimeout(() => { throw new Error('timeout'); }, 1);
setTimeout(() => seen.push('second'), 1);
setTimeout(() => {
  setImmediate(() => { throw new Error('immediate'); });
  setImmediate(() => seen.push('last'));
}, 20);
process.on('exit', () => assert.deepStrictEqual(seen, ['timeout', 'second', 'immediate', 'last']));
