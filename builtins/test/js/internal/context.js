/** What test functions get: TestContext (`t`) and SuiteContext. Node docs: "Class: TestContext", "Class: SuiteContext". */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_TEST_FAILURE } } = require('internal/errors');
const {
  validateFunction, validateNumber, validateObject, validateString, validateUint32,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { callerLocation } = require('internal/test/location');
const { TIMEOUT_MAX, clearTimeout, setTimeout } = require('internal/test/time');

/** `t.log(message[, data])` */
function log(node, message, data) {
  validateString(message, 'message');
  if (data !== undefined) validateObject(data, 'data');
  node.diagnostic(message, 'info', data === undefined ? undefined : { data });
}

/** Assertions that a test expects. Node docs: context.plan(count[, options]). */
class Plan {
  #expected;
  #actual = 0;
  #wait;
  #met = Promise.withResolvers();
  #timer;

  constructor(count, options) {
    validateUint32(count, 'count');
    validateObject(options, 'options');
    const { wait } = options;
    switch (typeof wait) {
      case 'undefined': this.#wait = false; break;
      case 'boolean': this.#wait = wait ? Infinity : false; break;
      case 'number':
        validateNumber(wait, 'options.wait', 0, TIMEOUT_MAX);
        this.#wait = wait;
        break;
      default: throw new ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
    }
    this.#expected = count;
  }

  count() {
    this.#actual++;
    if (this.#actual === this.#expected) this.#met.resolve();
  }

  /** Waits, where the test asked for it, until the plan is met. */
  settle() {
    if (this.#wait === false || this.#actual >= this.#expected) return undefined;
    if (this.#wait === Infinity) return this.#met.promise;
    const { promise, reject } = Promise.withResolvers();
    this.#timer = setTimeout(() => {
      const message = `plan timed out after ${this.#wait}ms with ${this.#actual} assertions when expecting ${this.#expected}`;
      reject(require('internal/test/tree').testFailure(message, 'testTimeoutFailure'));
    }, this.#wait);
    return Promise.race([this.#met.promise, promise]).finally(() => clearTimeout(this.#timer));
  }

  check() {
    if (this.#actual === this.#expected) return;
    throw this.#failure(`plan expected ${this.#expected} assertions but received ${this.#actual}`);
  }

  #failure(message) {
    return require('internal/test/tree').testFailure(message, 'testCodeFailure');
  }
}

/** The node of a context, for the runner itself. */
const kNode = Symbol('node');

class TestContext {
  #node;
  #assert;

  constructor(node) {
    this.#node = node;
  }

  get [kNode]() { return this.#node; }

  get signal() { return this.#node.signal; }
  get name() { return this.#node.name; }
  get filePath() { return this.#node.testFile ?? this.#node.file; }
  get fullName() { return this.#node.fullName; }
  get error() { return this.#node.error; }
  get passed() { return this.#node.passed; }
  get attempt() { return this.#node.attempt; }
  get tags() { return this.#node.tags; }

  get workerId() {
    const id = Number(process.env.NODE_TEST_WORKER_ID);
    return id > 0 ? id : undefined;
  }

  diagnostic(message) {
    this.#node.diagnostic(message);
  }

  log(message, data) {
    log(this.#node, message, data);
  }

  plan(count, options = kEmptyObject) {
    if (this.#node.plan !== null) {
      throw new ERR_TEST_FAILURE('cannot set plan more than once', 'testCodeFailure');
    }
    this.#node.plan = new Plan(count, options);
  }

  get assert() {
    this.#assert ??= require('internal/test/assert').create(this, this.#node);
    return this.#assert;
  }

  get mock() {
    const node = this.#node;
    node.mockTracker ??= new (require('internal/test/mock').MockTracker)();
    return node.mockTracker;
  }

  runOnly(value) {
    this.#node.runOnlySubtests = Boolean(value);
  }

  skip(message) {
    this.#node.skip = message === undefined || message === '' ? true : message;
  }

  todo(message) {
    this.#node.todo = message === undefined || message === '' ? true : message;
  }

  test(name, options, fn) {
    const node = this.#node;
    node.plan?.count();
    const child = node.create(require('internal/test/tree').Test, name, options, fn, callerLocation());
    return child.parent.schedule(child);
  }

  before(fn, options) {
    this.#node.addHook('before', fn, options, callerLocation());
  }

  after(fn, options) {
    this.#node.addHook('after', fn, options, callerLocation());
  }

  beforeEach(fn, options) {
    this.#node.addHook('beforeEach', fn, options, callerLocation());
  }

  afterEach(fn, options) {
    this.#node.addHook('afterEach', fn, options, callerLocation());
  }

  /** Calls `condition` until it does not fail. Node docs: context.waitFor(condition[, options]). */
  waitFor(condition, options = kEmptyObject) {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, TIMEOUT_MAX);
    validateNumber(timeout, 'options.timeout', 0, TIMEOUT_MAX);
    const { promise, resolve, reject } = Promise.withResolvers();
    let ended = false;
    let failure;
    let failed = false;
    let poller;
    const end = (settle, value) => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      clearTimeout(poller);
      settle(value);
    };
    const limit = setTimeout(() => {
      const error = new Error('waitFor() timed out');
      if (failed) error.cause = failure;
      end(reject, error);
    }, timeout);
    const poll = async () => {
      try {
        end(resolve, await condition());
      } catch (error) {
        failure = error;
        failed = true;
        if (!ended) poller = setTimeout(poll, interval);
      }
    };
    poll();
    return promise;
  }
}

class SuiteContext {
  #node;

  constructor(node) {
    this.#node = node;
  }

  get signal() { return this.#node.signal; }
  get name() { return this.#node.name; }
  get filePath() { return this.#node.testFile ?? this.#node.file; }
  get fullName() { return this.#node.fullName; }
  get passed() { return this.#node.passed; }
  get attempt() { return this.#node.attempt; }

  diagnostic(message) {
    this.#node.diagnostic(message);
  }

  log(message, data) {
    log(this.#node, message, data);
  }
}

module.exports = { SuiteContext, TestContext, kNode };
