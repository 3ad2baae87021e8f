/** Puts the source line and a caret before the stack of an error that a script threw. Node docs: vm.Script `displayErrors`. */
'use strict';

const kArrow = Symbol.for('anode.arrowMessage');

/** Decorates an error once; other values stay as they are. */
function decorate(error) {
  if (error === null || typeof error !== 'object' || !Error.isError(error) || Object.hasOwn(error, kArrow)) return;
  const arrow = require('internal/process/execution').sourceContext(error, true);
  // Nor is a line of a builtin's of use.
  if (arrow === '' || arrow.startsWith('node:')) return;
  const { stack } = error;
  if (typeof stack !== 'string' || !Object.isExtensible(error)) return;
  const hide = (key, value) => {
    Object.defineProperty(error, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
  };
  // What is printed for an uncaught error must not show the line a second time.
  hide(kArrow, '');
  hide('stack', `${arrow}\n${stack}`);
}

module.exports = { decorate };
