/** What options take away from the language. Node docs: Command-line API. */
'use strict';

/** `--disable-proto`: `__proto__` of an `Object.prototype` is gone, or throws. */
function disableProto(objectPrototype, mode) {
  delete objectPrototype.__proto__;
  if (mode === 'delete') return;
  const refuse = () => {
    const { codes: { ERR_PROTO_ACCESS } } = require('internal/errors');
    throw new ERR_PROTO_ACCESS();
  };
  Object.defineProperty(objectPrototype, '__proto__', {
    __proto__: null, configurable: true, enumerable: false, get: refuse, set: refuse,
  });
}

/** Applies the options to this thread's main context. */
function apply() {
  const { getOptionValue } = require('internal/options');
  const protoMode = getOptionValue('--disable-proto');
  if (protoMode !== undefined) disableProto(Object.prototype, protoMode);
  if (getOptionValue('--disallow-code-generation-from-strings')) binding('vm').restrictCodeGeneration(undefined, false, true);
}

module.exports = { apply, disableProto };
