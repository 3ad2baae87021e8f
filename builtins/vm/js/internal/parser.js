/** The engine's own parser: trees of source texts. */
'use strict';

let parser;

/** The ESTree of a script (or `target: 'module'`), with `loc`. Throws the engine's SyntaxError. */
function parse(source, options = undefined) {
  parser ??= binding('vm').createParser();
  // Without a name for the source, errors would say where this call is.
  return parser(source, { loc: true, source: 'input', ...options });
}

/** A function from a `{ line, column }` of a tree to the index in `source`. */
function indexer(source) {
  const starts = [0];
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  while (ends.exec(source) !== null) starts.push(ends.lastIndex);
  return ({ line, column }) => starts[line - 1] + column - COLUMN_FIRST;
}

/** The number of the first column of a line, as the engine's trees have it. */
const COLUMN_FIRST = 1;

module.exports = { indexer, parse };
