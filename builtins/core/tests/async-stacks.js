// Stacks show who awaits, at the `await`, and calls at the names of functions.
'use strict';
const assert = require('node:assert');

function thrower(x) { throw new Error(x); }
async function inner() { await null; thrower(1); }
async function outer() { await inner(); }
async function all() { await Promise.all([Promise.resolve(), outer()]); }

/** Frames of this file, without its folder. */
const frames = (error) => error.stack.split('\n').filter((line) => line.includes(__filename) || line.includes('Promise.'))
  .map((line) => line.trim().replace(`${__dirname}/`, ''));

(async function main() {
  await assert.rejects(all(), (error) => {
    assert.deepStrictEqual(frames(error).slice(0, 5), [
      'at thrower (async-stacks.js:5:29)',
      'at inner (async-stacks.js:6:38)',
      'at async outer (async-stacks.js:7:26)',
      'at async Promise.all (index 1)',
      'at async all (async-stacks.js:8:24)',
    ]);
    return true;
  });
  try {
    await Promise.resolve().then(() => thrower(2));
  } catch (error) {
    assert.deepStrictEqual(frames(error).slice(1), [
      'at async-stacks.js:26:40',
      'at async main (async-stacks.js:26:5)',
    ]);
  }
})();
