'use strict';

/**
 * The difference of two lists of lines, by Myers's algorithm ("An O(ND) Difference Algorithm and Its Variations").
 */

const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');

/** What a line of the result is: only in `actual`, in both, only in `expected`. */
const INSERT = 1;
const EQUAL = 0;
const DELETE = -1;

/** Lists longer than this, in lines together, are not compared: the search keeps 32 bit positions. */
const LINES_MAX = 2 ** 31;

function withoutComma(line) {
  return line.endsWith(',') ? line.slice(0, -1) : line;
}

/** A line of an object is the same whether another follows it or not. */
function sameLine(a, b, ignoreComma) {
  if (a === b) return true;
  return ignoreComma && Math.abs(a.length - b.length) === 1 && withoutComma(a) === withoutComma(b);
}

/** The furthest points reached with 0, 1, 2 ... edits, until the end is reached. */
function search(actual, expected, ignoreComma) {
  const total = actual.length + expected.length;
  const furthest = new Int32Array(2 * total + 3);
  const trace = [];
  const origin = total + 1;
  for (let edits = 0; edits <= total; edits++) {
    trace.push(furthest.slice(origin - edits - 1, origin + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = origin + diagonal;
      let x = diagonal === -edits || (diagonal !== edits && furthest[at - 1] < furthest[at + 1]) ?
        furthest[at + 1] : furthest[at - 1] + 1;
      let y = x - diagonal;
      while (x < actual.length && y < expected.length && sameLine(actual[x], expected[y], ignoreComma)) {
        x++;
        y++;
      }
      furthest[at] = x;
      if (x >= actual.length && y >= expected.length) return trace;
    }
  }
  return trace;
}

/**
 * `[[kind, line], ...]` in order: how `expected` becomes `actual`. With `ignoreComma`, lines that differ by a comma at
 * their end are equal.
 */
function myersDiff(actual, expected, ignoreComma = false) {
  const total = actual.length + expected.length;
  if (total >= LINES_MAX) throw new ERR_OUT_OF_RANGE('myersDiff input size', '< 2^31', total);
  const trace = search(actual, expected, ignoreComma);
  const result = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits];
    const origin = edits + 1;
    const diagonal = x - y;
    const fromAbove = diagonal === -edits ||
      (diagonal !== edits && furthest[origin + diagonal - 1] < furthest[origin + diagonal + 1]);
    const previous = fromAbove ? diagonal + 1 : diagonal - 1;
    const previousX = edits === 0 ? 0 : furthest[origin + previous];
    const previousY = edits === 0 ? 0 : previousX - previous;
    while (x > previousX && y > previousY) {
      const line = actual[x - 1];
      result.push([EQUAL, ignoreComma && !line.endsWith(',') ? expected[y - 1] : line]);
      x--;
      y--;
    }
    if (edits > 0) {
      if (x > previousX) result.push([INSERT, actual[--x]]);
      else result.push([DELETE, expected[--y]]);
    }
  }
  return result.reverse();
}

module.exports = { DELETE, EQUAL, INSERT, myersDiff };
