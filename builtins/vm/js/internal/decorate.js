/** Puts the source line and a caret before the stack of an error that a script threw. Node docs: vm.Script `displayErrors`. */
'use strict';

const kArrow = Symbol.for('anode.arrowMessage');

/** Only SyntaxErrors are decorated here: what runs later is decorated when it is uncaught. */
function decorate(error) {
  if (error === null || typeof error !== 'object' || !(error instanceof SyntaxError) || error[kArrow] !== undefined) return;
  const arrow = require('internal/process/execution').sourceContext(error);
  if (arrow === '') return;
  Object.defineProperty(error, kArrow, { __proto__: null, value: arrow, configurable: true });
}

module.exports = { decorate };
