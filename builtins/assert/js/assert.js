'use strict';

/**
 * `node:assert`: functions that throw an AssertionError when an expectation does not hold.
 *
 * `Assert` has them as methods with options; `assert` itself is the set with Node's defaults, `assert.strict` the one
 * whose `equal` family is strict. Each takes an optional message: a string (with more arguments a format), a function
 * of both values, or an error to throw instead. Node docs: assert.
 */

const {
  codes: {
    ERR_AMBIGUOUS_ARGUMENT,
    ERR_CONSTRUCT_CALL_REQUIRED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_VALUE,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual } = require('internal/comparisons');
const { isError, setOwnProperty } = require('internal/util');
const { validateFunction, validateOneOf } = require('internal/validators');
const { isPromise, isRegExp } = require('internal/util/types');

const kOptions = Symbol('options');
/** What a function returned that was expected to throw and did not. */
const NO_EXCEPTION = Symbol('no exception');

let AssertionErrorClass;

function lazyAssertionError() {
  return AssertionErrorClass ??= require('internal/assert/assertion_error');
}

function inspect(value) {
  return require('util').inspect(value);
}

function optionsOf(self) {
  return self?.[kOptions];
}

// ---------------------------------------------------------------------------------------------------------------------
// Failing

/** The user's message from the arguments after the values; undefined if there is none. Throws if it is an error. */
function userMessage(args, actual, expected) {
  if (args.length === 0) return undefined;
  const [message] = args;
  if (typeof message === 'string') {
    return args.length > 1 ? require('util').format(...args) : message;
  }
  if (isError(message)) throw message;
  if (typeof message === 'function') {
    let text;
    try {
      text = Reflect.apply(message, undefined, [actual, expected]);
    } catch {
      // The failed expectation matters more than the failed message.
    }
    return typeof text === 'string' ? text : undefined;
  }
  throw new ERR_INVALID_ARG_TYPE('message', ['string', 'function'], message);
}

/** The AssertionError of `details`, with the options of `self`. */
function makeError(self, details) {
  const AssertionError = lazyAssertionError();
  const diff = optionsOf(self)?.diff;
  if (diff !== undefined) details.diff = diff;
  // After an await the function itself is all that is left of the user's stack: it stays.
  if (details.stackStartFn === methods.rejects) details.stackStartFn = expectError;
  else if (details.stackStartFn === methods.doesNotReject) details.stackStartFn = expectNoError;
  return new AssertionError(details);
}

function failWith(self, details, generated) {
  const error = makeError(self, details);
  if (generated !== undefined) error.generatedMessage = generated;
  throw error;
}

function innerFail(self, details) {
  failWith(self, details, undefined);
}

function fail2(self, actual, expected, args, operator, stackStartFn) {
  innerFail(self, { actual, expected, message: userMessage(args, actual, expected), operator, stackStartFn });
}

/** How many frames are looked at for the caller: engines may put frames of their own, without a place, before it. */
const CALLER_FRAMES = 3;

function fallbackMessage(stackStartFn) {
  const where = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = CALLER_FRAMES;
  Error.captureStackTrace(where, stackStartFn);
  const stack = `${where.stack}`;
  Error.stackTraceLimit = limit;
  const call = require('internal/assert/source_expression').callOfStack(stack);
  return call ? `The expression evaluated to a falsy value:\n\n  ${call}\n` :
    'The expression evaluated to a falsy value\n';
}

function innerOk(self, stackStartFn, args) {
  const [value, ...rest] = args;
  if (value) return;
  let generated = false;
  let message;
  if (args.length === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (rest.length === 0 || rest[0] == null) {
    generated = true;
    message = fallbackMessage(stackStartFn);
  } else {
    message = userMessage(rest, value, true);
    if (message === undefined) {
      generated = true;
      message = fallbackMessage(stackStartFn);
    }
  }
  failWith(self, { actual: value, expected: true, message, operator: '==', stackStartFn }, generated);
}

// ---------------------------------------------------------------------------------------------------------------------
// throws, rejects

/** What was thrown beside what was expected, with only the keys in question: for the diff. */
class Comparison {
  constructor(object, keys, actual) {
    for (const key of keys) {
      if (!(key in object)) continue;
      // A string that matches the expected pattern is shown as the pattern: it is no difference.
      this[key] = actual !== undefined && typeof actual[key] === 'string' && isRegExp(object[key]) &&
        object[key].exec(actual[key]) !== null ? actual[key] : object[key];
    }
  }
}

function compareKey(self, actual, expected, key, message, keys, operator, stackStartFn) {
  if (key in actual && isDeepStrictEqual(actual[key], expected[key])) return;
  if (message) fail2(self, actual, expected, [message], operator, stackStartFn);
  const error = makeError(self, {
    actual: new Comparison(actual, keys),
    expected: new Comparison(expected, keys, actual),
    operator: 'deepStrictEqual',
    stackStartFn,
  });
  error.actual = actual;
  error.expected = expected;
  error.operator = operator;
  throw error;
}

function matchObject(self, actual, expected, message, operator, stackStartFn) {
  if (typeof actual !== 'object' || actual === null) {
    const error = makeError(self, { actual, expected, message, operator: 'deepStrictEqual', stackStartFn });
    error.operator = operator;
    throw error;
  }
  const keys = Object.keys(expected);
  // An error is told by its name and message, which are not enumerable.
  if (isError(expected)) keys.push('name', 'message');
  else if (keys.length === 0) throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  for (const key of keys) {
    if (typeof actual[key] === 'string' && isRegExp(expected[key]) && expected[key].exec(actual[key]) !== null) continue;
    compareKey(self, actual, expected, key, message, keys, operator, stackStartFn);
  }
}

function classMessage(actual, expected) {
  const start = `The error is expected to be an instance of "${expected.name}". Received `;
  if (!isError(actual)) return `${start}"${require('util').inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name || actual.name;
  const received = name === expected.name ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return `${start}${received}${actual.message ? `\n\nError message:\n\n${actual.message}` : ''}`;
}

function validationMessage(actual, expected, result) {
  const name = expected.name ? `"${expected.name}" ` : '';
  let message = `The ${name}validation function is expected to return "true". Received ${inspect(result)}`;
  if (isError(actual)) message += `\n\nCaught error:\n\n${actual}`;
  return message;
}

/** Checks what was thrown against a class, a pattern, an object or a function. */
function checkException(self, actual, expected, message, stackStartFn) {
  const operator = stackStartFn.name;
  let generated;
  if (typeof expected !== 'function') {
    if (!isRegExp(expected)) {
      matchObject(self, actual, expected, message, operator, stackStartFn);
      return;
    }
    const text = String(actual);
    if (expected.exec(text) !== null) return;
    generated = `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`;
  } else if (expected.prototype !== undefined && actual instanceof expected) {
    return;
  } else if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    generated = classMessage(actual, expected);
  } else {
    const result = Reflect.apply(expected, {}, [actual]);
    if (result === true) return;
    generated = validationMessage(actual, expected, result);
  }
  failWith(self, {
    actual, expected, message: message ? String(message) : generated, operator, stackStartFn,
  }, !message);
}

/** Sorts out `fn, [error], [message]`: the second may be the message. */
function exceptionArguments(actual, error, args) {
  const [message] = args;
  if (typeof error !== 'string') {
    if (error != null && typeof error !== 'object' && typeof error !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('error', ['Function', 'Error', 'RegExp', 'Object'], error);
    }
    return [error, message];
  }
  if (args.length > 0) throw new ERR_INVALID_ARG_TYPE('error', ['Function', 'Error', 'RegExp', 'Object'], error);
  if (typeof actual === 'object' && actual !== null) {
    if (actual.message === error) {
      throw new ERR_AMBIGUOUS_ARGUMENT('error/message',
                                       `The error message "${actual.message}" is identical to the message.`);
    }
  } else if (actual === error) {
    throw new ERR_AMBIGUOUS_ARGUMENT('error/message', `The error "${actual}" is identical to the message.`);
  }
  return [undefined, error];
}

function expectError(self, stackStartFn, actual, error, args) {
  const [expected, message] = exceptionArguments(actual, error, args);
  if (actual === NO_EXCEPTION) {
    const name = expected?.name ? ` (${expected.name})` : '';
    const kind = stackStartFn === methods.rejects ? 'rejection' : 'exception';
    innerFail(self, {
      actual: undefined,
      expected,
      operator: stackStartFn.name,
      message: `Missing expected ${kind}${name}${message ? `: ${message}` : '.'}`,
      stackStartFn,
    });
  }
  if (expected) checkException(self, actual, expected, message, stackStartFn);
}

function hasMatchingError(actual, expected) {
  if (typeof expected !== 'function') {
    if (isRegExp(expected)) return expected.exec(String(actual)) !== null;
    throw new ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  }
  if (expected.prototype !== undefined && actual instanceof expected) return true;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) return false;
  return Reflect.apply(expected, {}, [actual]) === true;
}

function expectNoError(self, stackStartFn, actual, error, message) {
  if (actual === NO_EXCEPTION) return;
  if (typeof error === 'string') {
    message = error;
    error = undefined;
  }
  if (!error || hasMatchingError(actual, error)) {
    const kind = stackStartFn === methods.doesNotReject ? 'rejection' : 'exception';
    innerFail(self, {
      actual,
      expected: error,
      operator: stackStartFn.name,
      message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
      stackStartFn,
    });
  }
  throw actual;
}

function thrownBy(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return NO_EXCEPTION;
}

function isThenable(value) {
  return isPromise(value) ||
    (value !== null && typeof value === 'object' && typeof value.then === 'function' && typeof value.catch === 'function');
}

async function rejectionOf(promiseFn) {
  let promise;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isThenable(promise)) throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
  } else if (isThenable(promiseFn)) {
    promise = promiseFn;
  } else {
    throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NO_EXCEPTION;
}

function checkMatch(self, string, regexp, args, stackStartFn) {
  if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  const wanted = stackStartFn === methods.match;
  if (typeof string === 'string' && (regexp.exec(string) !== null) === wanted) return;

  let message = args[0] == null ? undefined : userMessage(args, string, regexp);
  const generated = message === undefined;
  if (generated) {
    message = typeof string !== 'string' ?
      `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})` :
      `The input ${wanted ? 'did not match' : 'was expected to not match'} the regular expression ` +
        `${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  }
  failWith(self, { actual: string, expected: regexp, message, operator: stackStartFn.name, stackStartFn }, generated);
}

/** The frames of `original` below those it shares with the new error's: where the unwanted error came from. */
function joinStacks(error, original) {
  const { stack } = original;
  if (typeof stack !== 'string') return;
  const start = stack.indexOf('\n    at');
  if (start === -1) return;
  const theirs = stack.slice(start + 1).split('\n');
  let ours = error.stack.split('\n');
  for (const frame of theirs) {
    const at = ours.indexOf(frame);
    if (at !== -1) {
      ours = ours.slice(0, at);
      break;
    }
  }
  error.stack = `${ours.join('\n')}\n${theirs.join('\n')}`;
}

// ---------------------------------------------------------------------------------------------------------------------

/** A set of assertion methods with its own options: `{ diff, strict, skipPrototype }`. Node docs: class Assert. */
function Assert(options) {
  if (!new.target) throw new ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  options = { strict: true, skipPrototype: false, ...options, __proto__: null };
  const allowed = ['simple', 'full'];
  if (options.diff !== undefined) validateOneOf(options.diff, 'options.diff', allowed);

  this.AssertionError = lazyAssertionError();
  Object.defineProperty(this, kOptions, {
    __proto__: null, configurable: false, enumerable: false, value: options, writable: false,
  });
  if (options.strict) {
    this.equal = this.strictEqual;
    this.deepEqual = this.deepStrictEqual;
    this.notEqual = this.notStrictEqual;
    this.notDeepEqual = this.notDeepStrictEqual;
  }
}

function requireTwo(args) {
  if (args.length < 2) throw new ERR_MISSING_ARGS('actual', 'expected');
}

function sameNumber(a, b) {
  return a !== a && b !== b;
}

const methods = {
  fail(message) {
    if (isError(message)) throw message;
    let generated = false;
    if (arguments.length === 0 || message === undefined) {
      message = 'Failed';
      generated = true;
    }
    failWith(this, { message, operator: 'fail', stackStartFn: methods.fail }, generated || undefined);
  },

  ok(...args) {
    innerOk(this, methods.ok, args);
  },

  equal(actual, expected, ...message) {
    requireTwo(arguments);
    if (actual != expected && !sameNumber(actual, expected)) { // eslint-disable-line eqeqeq
      fail2(this, actual, expected, message, '==', methods.equal);
    }
  },

  notEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (actual == expected || sameNumber(actual, expected)) { // eslint-disable-line eqeqeq
      fail2(this, actual, expected, message, '!=', methods.notEqual);
    }
  },

  deepEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (!isDeepEqual(actual, expected)) fail2(this, actual, expected, message, 'deepEqual', methods.deepEqual);
  },

  notDeepEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (isDeepEqual(actual, expected)) fail2(this, actual, expected, message, 'notDeepEqual', methods.notDeepEqual);
  },

  deepStrictEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (!isDeepStrictEqual(actual, expected, optionsOf(this)?.skipPrototype)) {
      fail2(this, actual, expected, message, 'deepStrictEqual', methods.deepStrictEqual);
    }
  },

  notDeepStrictEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (isDeepStrictEqual(actual, expected, optionsOf(this)?.skipPrototype)) {
      fail2(this, actual, expected, message, 'notDeepStrictEqual', methods.notDeepStrictEqual);
    }
  },

  strictEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (!Object.is(actual, expected)) {
      fail2(this, actual, expected, message, 'strictEqual', methods.strictEqual);
    }
  },

  notStrictEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (Object.is(actual, expected)) {
      fail2(this, actual, expected, message, 'notStrictEqual', methods.notStrictEqual);
    }
  },

  partialDeepStrictEqual(actual, expected, ...message) {
    requireTwo(arguments);
    if (!isPartialStrictEqual(actual, expected)) {
      fail2(this, actual, expected, message, 'partialDeepStrictEqual', methods.partialDeepStrictEqual);
    }
  },

  throws(fn, error, ...message) {
    expectError(this, methods.throws, thrownBy(fn), error, message);
  },

  async rejects(promiseFn, error, ...message) {
    expectError(this, methods.rejects, await rejectionOf(promiseFn), error, message);
  },

  doesNotThrow(fn, error, message) {
    expectNoError(this, methods.doesNotThrow, thrownBy(fn), error, message);
  },

  async doesNotReject(promiseFn, error, message) {
    expectNoError(this, methods.doesNotReject, await rejectionOf(promiseFn), error, message);
  },

  ifError(error) {
    if (error === null || error === undefined) return;
    let message = 'ifError got unwanted exception: ';
    if (typeof error === 'object' && typeof error.message === 'string') {
      message += error.message.length === 0 && error.constructor ? error.constructor.name : error.message;
    } else {
      message += inspect(error);
    }
    const failure = makeError(this, {
      actual: error, expected: null, operator: 'ifError', message, stackStartFn: methods.ifError,
    });
    if (typeof error === 'object') joinStacks(failure, error);
    throw failure;
  },

  match(string, regexp, ...message) {
    checkMatch(this, string, regexp, message, methods.match);
  },

  doesNotMatch(string, regexp, ...message) {
    checkMatch(this, string, regexp, message, methods.doesNotMatch);
  },
};

/** Functions can be constructed in no way, but `length` is that of Node's. */
const lengths = { __proto__: null, fail: 1, throws: 1, rejects: 1, doesNotThrow: 1, doesNotReject: 1 };

for (const [name, method] of Object.entries(methods)) {
  if (lengths[name] !== undefined) {
    Object.defineProperty(method, 'length', { __proto__: null, configurable: true, value: lengths[name] });
  }
  Object.defineProperty(Assert.prototype, name, {
    __proto__: null, configurable: true, enumerable: true, value: method, writable: true,
  });
}

function assert(...args) {
  innerOk(undefined, assert, args);
}
Object.defineProperty(assert, 'name', { __proto__: null, configurable: true, value: 'ok' });

function strict(...args) {
  innerOk(undefined, strict, args);
}

const publicNames = [
  'ok', 'fail', 'equal', 'notEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual', 'strictEqual',
  'notStrictEqual', 'partialDeepStrictEqual', 'match', 'doesNotMatch', 'throws', 'rejects', 'doesNotThrow',
  'doesNotReject', 'ifError',
];

function defineAssertionError(target) {
  Object.defineProperty(target, 'AssertionError', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: lazyAssertionError,
    set(value) {
      setOwnProperty(target, 'AssertionError', value);
    },
  });
}

defineAssertionError(assert);
for (const name of publicNames) assert[name] = methods[name];
defineAssertionError(strict);
for (const name of publicNames) strict[name] = methods[name];
Object.assign(strict, {
  equal: methods.strictEqual,
  notEqual: methods.notStrictEqual,
  deepEqual: methods.deepStrictEqual,
  notDeepEqual: methods.notDeepStrictEqual,
  Assert,
});
strict.strict = strict;
assert.strict = strict;
assert.Assert = Assert;

module.exports = assert;
