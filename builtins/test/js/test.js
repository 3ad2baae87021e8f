/** `node:test`. Node docs: "Test runner". */
'use strict';

const { callerLocation } = require('internal/test/location');
const { currentParent, startTest } = require('internal/test/harness');
const { current } = require('internal/test/tree');

function variant(kind, overrides) {
  return (name, options, fn) => startTest(kind, name, options, fn, callerLocation(), overrides);
}

function define(kind) {
  const { test } = {
    test(name, options, fn) {
      return startTest(kind, name, options, fn, callerLocation());
    },
  };
  for (const keyword of ['expectFailure', 'skip', 'todo', 'only']) test[keyword] = variant(kind, { [keyword]: true });
  return test;
}

function hook(kind) {
  return (fn, options) => {
    currentParent().addHook(kind, fn, options, callerLocation());
  };
}

/** The context of the test or suite whose code runs. */
function getTestContext() {
  const node = current.getStore();
  if (node === undefined || node.parent === null) return undefined;
  return node.context;
}

function run(options) {
  return require('internal/test/run').run(options);
}

const test = define('test');
const suite = define('suite');

Object.assign(test, {
  after: hook('after'),
  afterEach: hook('afterEach'),
  before: hook('before'),
  beforeEach: hook('beforeEach'),
  describe: suite,
  getTestContext,
  it: test,
  run,
  suite,
  test,
});

function lazy(name, load) {
  Object.defineProperty(test, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = load();
      Object.defineProperty(test, name, { __proto__: null, configurable: true, enumerable: true, value });
      return value;
    },
  });
}

lazy('mock', () => new (require('internal/test/mock').MockTracker)());
lazy('snapshot', () => require('internal/test/snapshot').settings);
lazy('assert', () => ({ __proto__: null, register: require('internal/test/assert').register }));

module.exports = test;
