/** `gc()` of `--expose-gc`. */
'use strict';

const { collectGarbage } = binding('process');

/** Defines `gc` on a global object, with the attributes that it has in Node. */
function exposeGc(global) {
  Object.defineProperty(global, 'gc', {
    __proto__: null, configurable: false, enumerable: true, writable: true,
    value() {
      const options = arguments[0];
      collectGarbage();
      return options !== null && typeof options === 'object' && options.execution === 'async' ? Promise.resolve() : undefined;
    },
  });
  Object.defineProperty(global.gc, 'name', { __proto__: null, configurable: true, value: 'gc' });
}

module.exports = { exposeGc };
