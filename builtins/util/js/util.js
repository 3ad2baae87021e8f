/**
 * `node:util`. Node docs: util.
 *
 * What a program rarely needs (parseArgs, MIME types, encodings, styleText ...) loads at its first use.
 */
'use strict';

const {
  codes: { ERR_FALSY_VALUE_REJECTION, ERR_INVALID_ARG_TYPE },
  errnoException, exceptionWithHostPort,
} = require('internal/errors');
const internalUtil = require('internal/util');
const {
  format, formatWithOptions, inspect, stripVTControlCharacters,
} = require('internal/util/inspect');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf, validateString,
} = require('internal/validators');
const { debuglog } = require('internal/util/debuglog');
const types = require('util/types');
const { deprecate, defineLazyProperties, promisify } = internalUtil;

/**
 * Turns a function that returns a promise into one that takes a callback as its last argument. Falsy rejections
 * arrive as an error with `reason`. Node docs: util.callbackify.
 */
function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const callback = args.pop();
    if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('last argument', 'function', callback);
    const done = callback.bind(this);
    // On a tick of its own: what the callback throws must not become a rejection.
    Reflect.apply(original, this, args).then(
      (value) => process.nextTick(done, null, value),
      (reason) => process.nextTick(rejectTo, reason, done));
  }
  const descriptors = Object.getOwnPropertyDescriptors(original);
  // The callback is one argument more; some functions have no sensible length or name.
  if (typeof descriptors.length?.value === 'number') descriptors.length.value++;
  if (typeof descriptors.name?.value === 'string') descriptors.name.value += 'Callbackified';
  for (const key of Reflect.ownKeys(descriptors)) Object.setPrototypeOf(descriptors[key], null);
  Object.defineProperties(callbackified, descriptors);
  return callbackified;
}

function rejectTo(reason, done) {
  if (reason) return done(reason);
  const error = new ERR_FALSY_VALUE_REJECTION(reason);
  Error.captureStackTrace(error, rejectTo);
  return done(error);
}

/** Old-style inheritance: `ctor.prototype` inherits from `superCtor.prototype`. Node docs: util.inherits. */
function inherits(ctor, superCtor) {
  if (ctor === undefined || ctor === null) throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', ctor);
  if (superCtor === undefined || superCtor === null) throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', superCtor);
  if (superCtor.prototype === undefined) {
    throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superCtor.prototype);
  }
  Object.defineProperty(ctor, 'super_', {
    __proto__: null, value: superCtor, writable: true, configurable: true,
  });
  Object.setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function _extend(target, source) {
  if (source === null || typeof source !== 'object') return target;
  const keys = Object.keys(source);
  for (let i = keys.length - 1; i >= 0; i--) target[keys[i]] = source[keys[i]];
  return target;
}

function _errnoException(...args) {
  if (args.length !== 0) validateErrno(args[0]);
  return errnoException(...args);
}

function _exceptionWithHostPort(...args) {
  if (args.length !== 0) validateErrno(args[0]);
  return exceptionWithHostPort(...args);
}

function validateErrno(errno) {
  if (typeof errno !== 'number') throw new ERR_INVALID_ARG_TYPE('err', 'number', errno);
  if (!Number.isInteger(errno) || errno >= 0) {
    const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
    throw new ERR_OUT_OF_RANGE('err', 'a negative integer', errno);
  }
}

/** `ENOENT` for -2. Throws for what is no negative integer. */
function getSystemErrorName(err) {
  validateErrno(err);
  return internalUtil.getSystemErrorName(err);
}

/** `no such file or directory` for -2. */
function getSystemErrorMessage(err) {
  validateErrno(err);
  return internalUtil.getSystemErrorMessage(err);
}

/** A map from error numbers to `[name, message]`. */
function getSystemErrorMap() {
  return internalUtil.getSystemErrorMap();
}

function isDeepStrictEqual(a, b, skipPrototype) {
  const { isDeepStrictEqual: equal } = require('internal/comparisons');
  return equal(a, b, skipPrototype);
}

/** 128 and the number of the signal, as shells report a killed process. */
function convertProcessSignalToExitCode(signalCode) {
  const { signals } = require('os').constants;
  validateOneOf(signalCode, 'signalCode', Object.keys(signals));
  return 128 + signals[signalCode];
}

/** Lone surrogates become U+FFFD. */
function toUSVString(input) {
  return `${input}`.toWellFormed();
}

/** Variables of a `.env` file. Node docs: util.parseEnv. */
function parseEnv(content) {
  validateString(content, 'content');
  return require('internal/util/dotenv').parse(content);
}

/** Nobody will be told that `promise` was rejected. */
function markPromiseAsHandled(promise) {
  if (!types.isPromise(promise)) throw new ERR_INVALID_ARG_TYPE('promise', 'Promise', promise);
  binding('util').markPromiseAsHandled(promise);
}

// More frames than this nobody asks for; the limit is Node's.
const callSitesMax = 200;

/**
 * Where the caller is called from: `{ functionName, scriptId, scriptName, lineNumber, columnNumber, column }` for up
 * to `frameCount` (8) frames. Node docs: util.getCallSites.
 */
function getCallSites(frameCount = 8, options) {
  if (options === undefined) {
    if (frameCount !== null && typeof frameCount === 'object' && !Array.isArray(frameCount)) {
      options = frameCount;
      validateObject(options, 'options');
      if (options.sourceMap !== undefined) validateBoolean(options.sourceMap, 'options.sourceMap');
      frameCount = 8;
    }
  } else {
    validateObject(options, 'options');
    if (options.sourceMap !== undefined) validateBoolean(options.sourceMap, 'options.sourceMap');
  }
  if (typeof frameCount === 'object') throw new ERR_INVALID_ARG_TYPE('frameCount', 'number', frameCount);
  validateInteger(frameCount, 'frameCount', 1, callSitesMax);
  const mapped = options?.sourceMap ?? require('internal/options').getOptionValue('--enable-source-maps') === true;
  return require('internal/util/call_sites').collect(frameCount, getCallSites, mapped);
}

/** Whether SIGINT shows the stack of the running code before it ends the process. Node docs: util.setTraceSigInt. */
function setTraceSigInt(enable) {
  validateBoolean(enable, 'enable');
  if (!require('worker_threads').isMainThread) {
    throw new (require('internal/errors').codes.ERR_WORKER_UNSUPPORTED_OPERATION)('Calling util.setTraceSigInt');
  }
  binding('util').traceSigint(enable);
}


/** A signal that can be sent to another thread. */
function transferableAbortSignal(signal) {
  validateAbortSignal(signal, 'signal');
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  return require('internal/abort_transfer').makeTransferable(signal);
}

/** A controller whose signal can be sent to another thread. */
function transferableAbortController() {
  const { AbortController } = require('internal/abort_controller');
  const controller = new AbortController();
  require('internal/abort_transfer').makeTransferable(controller.signal);
  return controller;
}

/** The steps that turn `expected` into `actual`. Node docs: util.diff. */
function diff(actual, expected) {
  return require('internal/util/diff').diff(actual, expected);
}

/** Text between the escape sequences of a style. Node docs: util.styleText. */
function styleText(format, text, options) {
  return require('internal/util/style_text').styleText(format, text, options);
}

/** Options and positionals of a command line. Node docs: util.parseArgs. */
function parseArgs(config = internalUtil.kEmptyObject) {
  return require('internal/util/parse_args').parseArgs(config);
}
Object.defineProperty(parseArgs, 'length', { __proto__: null, value: 0, configurable: true });

const deprecated = (fn, name, message, code) => {
  const wrapped = deprecate(fn, message, code);
  Object.defineProperty(wrapped, 'name', { __proto__: null, value: name, configurable: true });
  return wrapped;
};

module.exports = {
  _errnoException,
  _exceptionWithHostPort,
  _extend: deprecated(_extend, 'deprecated',
    'The `util._extend` API is deprecated. Please use Object.assign() instead.', 'DEP0060'),
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  styleText,
  formatWithOptions,
  getCallSites,
  getSystemErrorMap,
  getSystemErrorName,
  getSystemErrorMessage,
  inherits,
  inspect,
  isArray: deprecated(function isArray(value) { return Array.isArray(value); }, 'deprecated',
    'The `util.isArray` API is deprecated. Please use `Array.isArray()` instead.', 'DEP0044'),
  isDeepStrictEqual,
  markPromiseAsHandled,
  promisify,
  stripVTControlCharacters,
  toUSVString,
};
Object.assign(module.exports, { transferableAbortSignal, transferableAbortController });
defineLazyProperties(module.exports, 'internal/abort_controller', ['aborted']);
Object.assign(module.exports, { types, parseEnv, parseArgs });
for (const [id, names] of [
  ['internal/util/encoding', ['TextDecoder', 'TextEncoder']],
  ['internal/util/mime', ['MIMEType', 'MIMEParams']],
]) {
  defineLazyProperties(module.exports, id, names);
}
Object.assign(module.exports, { diff });
defineLazyProperties(module.exports, 'internal/util/debounce', ['debounce']);
defineLazyProperties(module.exports, 'internal/util/throttle', ['throttle']);
Object.assign(module.exports, { setTraceSigInt });
