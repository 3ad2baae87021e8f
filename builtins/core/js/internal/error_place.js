/** Where the engine made an error: what V8's errors do not have as properties, and builtins want to know of SyntaxErrors. */
'use strict';

const { errorLocation } = binding('task_queue');

/** error -> a better place than the engine's. */
const moved = new WeakMap();

/** `{ file, line, column }`, both 1-based; undefined for what is no error of the engine. */
function placeOf(error) {
  const location = errorLocation(error);
  if (location === undefined) return undefined;
  const { 0: file, 1: line, 2: column } = location;
  return { file, line, column, ...moved.get(error) };
}

function movePlace(error, line, column) {
  moved.set(error, { line, column });
}

module.exports = { movePlace, placeOf };
