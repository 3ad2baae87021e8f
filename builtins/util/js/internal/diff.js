/**
 * `util.diff`: the shortest way from one list of strings to another, by Myers' O(ND) algorithm ("An O(ND) Difference
 * Algorithm and Its Variations", 1986).
 */
'use strict';

const { validateString, validateStringArray } = require('internal/validators');

// The operations of a result.
const DELETE = -1;
const KEEP = 0;
const INSERT = 1;

function validateInput(value, name) {
  if (Array.isArray(value)) validateStringArray(value, name);
  else validateString(value, name);
}

/** A list of `[operation, text]`: 1 is only in `actual`, -1 only in `expected`, 0 in both. */
function diff(actual, expected) {
  if (actual === expected) return [];
  validateInput(actual, 'actual');
  validateInput(expected, 'expected');
  const steps = backtrack(shortestEdit(actual, expected), actual, expected);
  return steps.reverse();
}

/** The furthest points reached on each diagonal, one row per number of edits. */
function shortestEdit(actual, expected) {
  const actualLength = actual.length;
  const expectedLength = expected.length;
  const max = actualLength + expectedLength;
  const reach = new Int32Array(2 * max + 2);
  const trace = [];
  for (let edits = 0; edits <= max; edits++) {
    trace.push(reach.slice());
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = diagonal + max;
      let x = diagonal === -edits || (diagonal !== edits && reach[at - 1] < reach[at + 1]) ?
        reach[at + 1] : reach[at - 1] + 1;
      let y = x - diagonal;
      while (x < actualLength && y < expectedLength && actual[x] === expected[y]) {
        x++;
        y++;
      }
      reach[at] = x;
      if (x >= actualLength && y >= expectedLength) return trace;
    }
  }
  return trace;
}

/** The steps, last first. */
function backtrack(trace, actual, expected) {
  const max = actual.length + expected.length;
  const steps = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits];
    const diagonal = x - y;
    const at = diagonal + max;
    const fromAbove = diagonal === -edits || (diagonal !== edits && reach[at - 1] < reach[at + 1]);
    const previousDiagonal = fromAbove ? diagonal + 1 : diagonal - 1;
    const previousX = reach[previousDiagonal + max];
    const previousY = previousX - previousDiagonal;
    while (x > previousX && y > previousY) {
      steps.push([KEEP, actual[x - 1]]);
      x--;
      y--;
    }
    if (edits > 0) {
      if (x > previousX) steps.push([INSERT, actual[--x]]);
      else steps.push([DELETE, expected[--y]]);
    }
  }
  return steps;
}

module.exports = { diff };
