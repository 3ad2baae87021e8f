/** What a client's console evaluates: with `await` at the top level, as in a REPL. DevTools protocol: Runtime.evaluate, replMode. */
'use strict';

/** The text to evaluate for `expression`: an object literal is an expression, `await` makes the text a promise. */
function transform(expression) {
  const { asExpression, withTopLevelAwait } = require('internal/repl/syntax');
  const wrapped = asExpression(expression);
  if (!expression.includes('await')) return wrapped ?? expression;
  const awaits = (wrapped === undefined || wrapped === null ? null : withTopLevelAwait(wrapped)) ?? withTopLevelAwait(expression);
  return awaits === null ? expression : awaits.text;
}

module.exports = { transform };
