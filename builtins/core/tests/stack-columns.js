// Where in a line a frame is: at the name of what was called, read or written.
'use strict';
const assert = require('assert');

function thrower() { throw new Error('x'); }
/** The text at the place of the topmost frame of this file that is not `thrower`. */
function placeOf(fn) {
  const lines = require('fs').readFileSync(__filename, 'utf8').split('\n');
  try {
    fn();
  } catch ({ stack }) {
    const frame = stack.split('\n').find((line) => line.includes(__filename) && !line.includes('at thrower'));
    const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame);
    return lines[line - 1].slice(column - 1).replace(/;? \}.*$/, '');
  }
}
const o = { get value() { thrower(); } };
let u;
const check = (fn, want) => assert.strictEqual(placeOf(fn), want, `${fn}`);
check(() => { return thrower(); }, 'thrower()');
check(() => { return thrower(1); }, 'thrower(1)');
check(() => { return u.abc; }, 'abc');
check(() => { return o.nothing.abc.d; }, 'abc.d');
check(() => { return u[0]; }, '[0]');
check(() => { u.abc = 1; }, '= 1');
{
  // Executors are called by the constructor.
  let stack;
  new Promise(() => { ({ stack } = new Error('y')); });
  assert.match(stack.split('\n')[2], /^ {4}at new Promise \(<anonymous>\)$/);
  const helper = (resolve, reject) => { ({ stack } = new Error('y')); void reject; };
  new Promise((resolve, reject) => { helper(resolve, reject); });
  assert.match(stack.split('\n')[2], /stack-columns/);
  assert.match(stack.split('\n')[3], /^ {4}at new Promise \(<anonymous>\)$/);
}
