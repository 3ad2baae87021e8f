/** Evaluation for previews: what has no side effects, and nothing else. */
'use strict';

/** `{ value }`, `{ error, thrown }`, or `undefined` when it cannot be known without side effects. */
function evaluate(server, source) {
  const expression = require('internal/repl/evaluate').asExpression(source);
  return require('internal/vm/eager').evaluate(expression ?? source, server.useGlobal ? undefined : server.context);
}

module.exports = { evaluate };
