'use strict';

/**
 * Odds and ends that many builtins share. What only `util` needs is in the builtin `util`.
 */

const { codes: { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_SIGNAL }, isErrorLike } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');

const customInspectSymbol = Symbol.for('nodejs.util.inspect.custom');
const customPromisify = Symbol.for('nodejs.util.promisify.custom');
/** Names of a callback's results, for functions that pass several: promisified, they resolve with an object. */
const customPromisifyArgs = Symbol('customPromisifyArgs');

/** Default for options: frozen and without a prototype, so that nobody's Object.prototype counts as an option. */
const kEmptyObject = Object.freeze({ __proto__: null });
const kEnumerableProperty = Object.freeze({ __proto__: null, enumerable: true });

const { platform } = binding('process');
const isWindows = platform === 'win32';
const isMacOS = platform === 'darwin';

/** Defines a plain data property, past any setter of the prototype chain. */
function setOwnProperty(object, key, value) {
  return Object.defineProperty(object, key, {
    __proto__: null, configurable: true, enumerable: true, value, writable: true,
  });
}

/** Names a function that was made under another name, such as a symbol's. */
function assignFunctionName(name, fn, descriptor = kEmptyObject) {
  if (typeof name !== 'string') name = typeof name.description === 'string' ? `[${name.description}]` : '';
  return Object.defineProperty(fn, 'name', {
    __proto__: null, configurable: true, enumerable: false, writable: false, ...descriptor, value: name,
  });
}

/** Whether a value is an error, of this or another realm. */
function isError(value) {
  if (typeof Error.isError === 'function') return Error.isError(value) || value instanceof Error;
  return value instanceof Error || (isErrorLike(value) && Object.prototype.toString.call(value) === '[object Error]');
}

/** Wraps a function so that only its first call counts; with `preserveReturnValue` later calls repeat its result. */
function once(callback, { preserveReturnValue = false } = kEmptyObject) {
  let called = false;
  let returned;
  return function(...args) {
    if (called) return returned;
    called = true;
    const result = Reflect.apply(callback, this, args);
    returned = preserveReturnValue ? result : undefined;
    return result;
  };
}

/** A promise with its two ends. */
function createDeferredPromise() {
  return Promise.withResolvers();
}

/** A function that computes its result on the first call only. */
function getLazy(initializer) {
  let value;
  let ready = false;
  return function() {
    if (!ready) {
      value = initializer();
      ready = true;
    }
    return value;
  };
}

/** As getLazy, for a result that is copied on each call: an array that callers may change. */
function cachedResult(fn) {
  let result;
  return () => {
    result ??= fn();
    return result.slice();
  };
}

/** Removes the item at `index`; faster than Array.prototype.splice on short lists. */
function spliceOne(list, index) {
  for (; index + 1 < list.length; index++) list[index] = list[index + 1];
  list.pop();
}

function join(list, separator) {
  return Array.prototype.join.call(list, separator);
}

/** Each string once, sorted; those that differ in case only count as one and keep the lower-case form. */
function filterDuplicateStrings(items, lower) {
  const seen = new Map();
  for (const item of items) {
    const key = item.toLowerCase();
    if (lower) seen.set(key, key);
    else if (!seen.has(key) || item > seen.get(key)) seen.set(key, item);
  }
  return [...seen.values()].sort();
}

// ---------------------------------------------------------------------------------------------------------------------
// Warnings

const warnedCodes = new Set();

/**
 * Wraps `fn` so that the first call warns: `(node:1) [DEP0001] DeprecationWarning: message`. Functions with one code
 * share one warning. `--no-deprecation` makes it `fn` itself. Node docs: util.deprecate.
 */
function deprecate(fn, message, code, { useEmitSync = false, modifyPrototype = true } = kEmptyObject) {
  if (code !== undefined) validateString(code, 'code');
  if (process.noDeprecation === true) return fn;
  let warned = false;
  function deprecated(...args) {
    if (!warned) {
      warned = true;
      if (code === undefined) {
        process.emitWarning(message, 'DeprecationWarning', deprecated);
      } else if (!warnedCodes.has(code)) {
        warnedCodes.add(code);
        process.emitWarning(message, 'DeprecationWarning', code, deprecated);
      }
    }
    return new.target ? Reflect.construct(fn, args, new.target) : Reflect.apply(fn, this, args);
  }
  if (modifyPrototype) {
    Object.setPrototypeOf(deprecated, fn);
    // A deprecated class stays one: `instanceof` and statics as before.
    if (fn.prototype) deprecated.prototype = fn.prototype;
  }
  Object.defineProperty(deprecated, 'length', { __proto__: null, ...Object.getOwnPropertyDescriptor(fn, 'length') });
  return deprecated;
}

function isPendingDeprecation() {
  return process.execArgv?.includes('--pending-deprecation') || process.env.NODE_PENDING_DEPRECATION === '1' ||
    /(?:^|\s)--pending-deprecation(?:\s|$)/.test(process.env.NODE_OPTIONS ?? '');
}

/** As deprecate, but only with `--pending-deprecation`. */
function pendingDeprecate(fn, message, code) {
  return isPendingDeprecation() ? deprecate(fn, message, code) : fn;
}

/** A function that warns of a deprecated use once, for places that are no function of their own. */
function getDeprecationWarningEmitter(code, message, deprecated, usePending = false, shouldWarn = () => true) {
  let warned = false;
  const active = usePending ? isPendingDeprecation() : true;
  return function() {
    if (warned || !active || process.noDeprecation || !shouldWarn()) return;
    warned = true;
    if (code === 'ExperimentalWarning') {
      process.emitWarning(message, code, deprecated);
    } else if (!warnedCodes.has(code)) {
      warnedCodes.add(code);
      process.emitWarning(message, 'DeprecationWarning', code, deprecated);
    }
  };
}

/** Warns when a class is called without `new`. */
function deprecateInstantiation(Constructor, code, ...args) {
  if (!warnedCodes.has(code)) {
    warnedCodes.add(code);
    process.emitWarning(
      `Instantiating ${Constructor.name} without the 'new' keyword has been deprecated.`, 'DeprecationWarning', code);
  }
  return Reflect.construct(Constructor, args);
}

const warnedFeatures = new Set();

/** `ExperimentalWarning: X is an experimental feature and might change at any time`, once per feature. */
function emitExperimentalWarning(feature, messagePrefix, code, constructor) {
  if (warnedFeatures.has(feature)) return;
  warnedFeatures.add(feature);
  const message = `${messagePrefix ?? ''}${feature} is an experimental feature and might change at any time`;
  process.emitWarning(message, 'ExperimentalWarning', code, constructor);
}

// ---------------------------------------------------------------------------------------------------------------------
// Properties that load a builtin on first touch

/**
 * Defines `keys` on `target` as getters that require the builtin `id` on first use and then become plain properties.
 */
function defineLazyProperties(target, id, keys, enumerable = true) {
  for (const key of keys) {
    defineLazyProperty(target, key, () => require(id)[key], enumerable);
  }
}

function defineLazyProperty(target, key, load, enumerable = true) {
  const define = (object, value) => Object.defineProperty(object, key, {
    __proto__: null, configurable: true, enumerable, value, writable: true,
  });
  const get = function() {
    const value = load();
    define(target, value);
    return value;
  };
  const set = function(value) {
    define(target, value);
  };
  assignFunctionName(`get ${key}`, get);
  assignFunctionName(`set ${key}`, set);
  Object.defineProperty(target, key, { __proto__: null, configurable: true, enumerable, get, set });
}

let DOMExceptionClass;

function lazyDOMExceptionClass() {
  return DOMExceptionClass ??= require('internal/dom_exception').DOMException;
}

/** `new DOMException(message, name)`, loading the class when it is first needed. */
function lazyDOMException(message, name) {
  return new (lazyDOMExceptionClass())(message, name);
}

// ---------------------------------------------------------------------------------------------------------------------
// Encodings, signals, system errors

/** Node's encodings and their numbers. */
const encodingsMap = Object.freeze({
  __proto__: null, ascii: 0, utf8: 1, base64: 2, utf16le: 3, latin1: 4, hex: 5, buffer: 6, base64url: 7,
});

const encodingNames = {
  '__proto__': null,
  'ascii': 'ascii',
  'base64': 'base64',
  'base64url': 'base64url',
  'binary': 'latin1',
  'hex': 'hex',
  'latin1': 'latin1',
  'ucs-2': 'utf16le',
  'ucs2': 'utf16le',
  'utf-16le': 'utf16le',
  'utf-8': 'utf8',
  'utf16le': 'utf16le',
  'utf8': 'utf8',
};

/** The canonical name of an encoding; undefined for one that does not exist. Nothing means `utf8`. */
function normalizeEncoding(encoding) {
  if (encoding === 'utf8' || encoding === undefined || encoding === null || encoding === '') return 'utf8';
  const known = encodingNames[encoding];
  if (known !== undefined || typeof encoding !== 'string') return known;
  return encodingNames[encoding.toLowerCase()];
}

/** The number of a signal given by name, in any case, or by number. */
function convertToValidSignal(signal) {
  const { signals } = require('os').constants;
  if (typeof signal === 'number' && Object.values(signals).includes(signal)) return signal;
  if (typeof signal === 'string') {
    const number = signals[signal.toUpperCase()];
    if (number !== undefined) return number;
  }
  throw new ERR_UNKNOWN_SIGNAL(signal);
}

/** What a shell reports for a process that a signal ended: 128 and the signal's number. */
function convertProcessSignalToExitCode(signal) {
  const number = require('os').constants.signals[signal];
  return number === undefined ? null : 128 + number;
}

function validateErrno(errno) {
  if (!Number.isInteger(errno)) throw new ERR_INVALID_ARG_TYPE('err', 'number', errno);
}

function getSystemErrorName(errno) {
  validateErrno(errno);
  return require('internal/uv').errname(errno);
}

function getSystemErrorMessage(errno) {
  return require('internal/uv').getErrorMessage(errno);
}

function getSystemErrorMap() {
  return require('internal/uv').getErrorMap();
}

/** The class of an object by its prototype chain: its constructor and, when that is another realm's, that too. */
function getConstructorOf(object) {
  while (object) {
    const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
    if (descriptor !== undefined && typeof descriptor.value === 'function' && descriptor.value.name !== '') {
      return descriptor.value;
    }
    object = Object.getPrototypeOf(object);
  }
  return null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Callbacks to promises

function warnOfPromise(result) {
  if (!warnedCodes.has('DEP0174') && result instanceof Promise) {
    warnedCodes.add('DEP0174');
    process.emitWarning('Calling promisify on a function that returns a Promise is likely a mistake.',
                        'DeprecationWarning', 'DEP0174');
  }
}

/**
 * Turns a function whose last argument is `(error, value) => ...` into one that returns a promise.
 * A function's own `[util.promisify.custom]` is taken instead. Node docs: util.promisify.
 */
function promisify(original) {
  validateFunction(original, 'original');
  const custom = original[customPromisify];
  if (custom) {
    validateFunction(custom, 'util.promisify.custom');
    return Object.defineProperty(custom, customPromisify, {
      __proto__: null, configurable: true, enumerable: false, value: custom, writable: false,
    });
  }
  const names = original[customPromisifyArgs];
  function fn(...args) {
    return new Promise((resolve, reject) => {
      args.push((error, ...values) => {
        if (error) {
          reject(error);
        } else if (names !== undefined && values.length > 1) {
          const result = {};
          for (let index = 0; index < names.length; index++) result[names[index]] = values[index];
          resolve(result);
        } else {
          resolve(values[0]);
        }
      });
      warnOfPromise(Reflect.apply(original, this, args));
    });
  }
  Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
  Object.defineProperty(fn, customPromisify, {
    __proto__: null, configurable: true, enumerable: false, value: fn, writable: false,
  });
  const descriptors = Object.getOwnPropertyDescriptors(original);
  for (const key of Reflect.ownKeys(descriptors)) Object.setPrototypeOf(descriptors[key], null);
  return Object.defineProperties(fn, descriptors);
}
promisify.custom = customPromisify;

/** A reference that can be made strong for a while: counts how many want it so. */
class WeakReference {
  #weak;
  #strong = null;
  #count = 0;

  constructor(object) {
    this.#weak = new WeakRef(object);
  }

  incRef() {
    this.#count++;
    if (this.#count === 1) this.#strong = this.#weak.deref();
    return this.#count;
  }

  decRef() {
    this.#count--;
    if (this.#count === 0) this.#strong = null;
    return this.#count;
  }

  get() {
    return this.#weak.deref();
  }
}

const NODE_MODULES = /[/\\]node_modules[/\\]/i;

/** Whether a file belongs to an installed package. */
function isUnderNodeModules(filename) {
  return NODE_MODULES.test(filename);
}

/** Whether the program's code that called us belongs to an installed package: nearest frame that is not ours. */
function isInsideNodeModules() {
  const holder = {};
  Error.captureStackTrace(holder, isInsideNodeModules);
  const { stack } = holder;
  if (typeof stack !== 'string') return false;
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line) && !/(?:\(|at )node:/.test(line));
  return frame !== undefined && isUnderNodeModules(frame);
}

/** Text without its colours. */
function removeColors(text) {
  return text.replace(/\u001b\[\d\d?m/g, '');
}

/** Makes the properties of an object of constants read-only; others may still be added, as in Node. */
function fixProperties(object) {
  for (const name of Object.keys(object)) {
    Object.defineProperty(object, name, { __proto__: null, configurable: false, writable: false });
  }
  return object;
}

module.exports = {
  WeakReference,
  assignFunctionName,
  cachedResult,
  convertProcessSignalToExitCode,
  convertToValidSignal,
  createDeferredPromise,
  customInspectSymbol,
  customPromisify,
  customPromisifyArgs,
  defineLazyProperties,
  defineLazyProperty,
  deprecate,
  deprecateInstantiation,
  emitExperimentalWarning,
  encodingsMap,
  filterDuplicateStrings,
  fixProperties,
  getConstructorOf,
  getDeprecationWarningEmitter,
  getLazy,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  isError,
  isMacOS,
  isPendingDeprecation,
  isInsideNodeModules,
  isUnderNodeModules,
  isWindows,
  join,
  kEmptyObject,
  kEnumerableProperty,
  lazyDOMException,
  lazyDOMExceptionClass,
  normalizeEncoding,
  once,
  pendingDeprecate,
  promisify,
  removeColors,
  setOwnProperty,
  spliceOne,
};
