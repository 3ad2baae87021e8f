/** `node:test/reporters`. Node docs: "Test reporters". */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');

function lazy(name, load) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: load,
  });
}

module.exports = {};
lazy('dot', () => require('internal/test/dot'));
lazy('junit', () => require('internal/test/junit'));

/** A SpecReporter, with or without `new`. */
module.exports.spec = function spec() {
  return new (require('internal/test/spec'))();
};

lazy('tap', () => require('internal/test/tap'));

/** Coverage is what the engine cannot measure yet. */
module.exports.lcov = function lcov() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('lcov()');
};
