/** Evaluation for previews: what has no side effects, and nothing else. */
'use strict';

/** `{ value }`, `{ error, thrown }`, or `undefined` when it cannot be known without side effects or in time. */
function evaluate(server, source, timeout) {
  return require('internal/vm/eager').evaluate(source, server.useGlobal ? undefined : server.context, {
    timeout, strict: server.replMode === require('internal/repl/server').REPL_MODE_STRICT,
  });
}

module.exports = { evaluate };
