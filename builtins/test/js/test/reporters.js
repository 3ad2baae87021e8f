/** `node:test/reporters`. Node docs: "Test reporters". */
'use strict';

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

/** A reporter that is a stream, made with or without `new`; given events (by `compose(spec)`), it reads them. */
function reporterStream(Reporter, source) {
  const reporter = new Reporter();
  if (typeof source?.[Symbol.asyncIterator] === 'function') require('stream').Readable.from(source).pipe(reporter);
  return reporter;
}

module.exports.spec = function spec() {
  return reporterStream(require('internal/test/spec'), arguments[0]);
};

lazy('tap', () => require('internal/test/tap'));

module.exports.lcov = function lcov() {
  return reporterStream(require('internal/test/lcov'), arguments[0]);
};
