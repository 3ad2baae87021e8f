/**
 * What the web streams share: promise helpers that a patched `Promise.prototype.then` cannot reach,
 * the queue with sizes, strategies, brand errors, inspection.
 *
 * Each public object is a thin shell around an implementation object that only `implOf(shell)` of
 * its file reaches. Algorithms work on implementations; `kInternal` as a constructor's first
 * argument makes a shell for one that exists.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const { customInspectSymbol } = require('internal/util');

/** Token for constructors that scripts must not call. */
const kInternal = Symbol('internal');

const { apply } = Reflect;
const then = primordials.uncurryThis(Promise.prototype.then);

function nop() {}

/** Resolved with undefined: what most callbacks return, shared so that it costs nothing. */
const RESOLVED = Promise.resolve(undefined);

function nopAsync() {
  return RESOLVED;
}

/** Keeps a rejection of `promise` from being reported as unhandled. */
function markHandled(promise) {
  then(promise, undefined, nop);
}

/** A new promise resolved with `value`: a promise among them costs two more microtasks. Web IDL. */
function resolvedWith(value) {
  return new Promise((resolve) => resolve(value));
}

/** Calls a user's function; what it throws becomes a rejection. */
function invokeAsync(fn, thisArg, ...args) {
  try {
    const result = apply(fn, thisArg, args);
    return result === undefined ? RESOLVED : resolvedWith(result);
  } catch (err) {
    return Promise.reject(err);
  }
}

/** A promise with its functions, which knows whether it was settled by them. */
class Deferred {
  isPending = true;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.promise = promise;
    this.settle = resolve;
    this.fail = reject;
  }

  static resolved() {
    const deferred = new Deferred();
    deferred.resolve(undefined);
    return deferred;
  }

  /** Rejected, and not to be reported as unhandled. */
  static rejected(reason) {
    const deferred = new Deferred();
    deferred.rejectHandled(reason);
    return deferred;
  }

  resolve(value) {
    this.isPending = false;
    this.settle(value);
  }

  rejectHandled(reason) {
    this.isPending = false;
    markHandled(this.promise);
    this.fail(reason);
  }
}

/** First in, first out, without moving what is left. */
class Fifo {
  #items = [];
  #head = 0;

  get length() {
    return this.#items.length - this.#head;
  }

  push(item) {
    this.#items.push(item);
  }

  peek() {
    return this.#items[this.#head];
  }

  shift() {
    const items = this.#items;
    const item = items[this.#head];
    items[this.#head++] = undefined;
    if (this.#head === items.length) {
      items.length = 0;
      this.#head = 0;
    } else if (this.#head > 1024) {
      items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Empties the queue and returns what was in it. */
  drain() {
    const rest = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return rest;
  }
}

/** A Fifo that knows the total of its items' sizes. Streams Standard: queue-with-sizes. */
class SizedQueue {
  #items = new Fifo();
  total = 0;

  get length() {
    return this.#items.length;
  }

  enqueue(value, size) {
    if (typeof size !== 'number' || Number.isNaN(size) || size < 0 || size === Infinity) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('size', size);
    }
    this.#items.push({ value, size });
    this.total += size;
  }

  dequeue() {
    const { value, size } = this.#items.shift();
    this.total -= size;
    // Rounding errors of fractions may take it below zero.
    if (this.total < 0) this.total = 0;
    return value;
  }

  peek() {
    return this.#items.peek().value;
  }

  clear() {
    this.#items.drain();
    this.total = 0;
  }
}

/** `strategy.highWaterMark`, or `fallback` where there is none. */
function highWaterMarkOf(strategy, fallback) {
  const value = strategy.highWaterMark;
  if (value === undefined) return fallback;
  const mark = Number(value);
  if (Number.isNaN(mark) || mark < 0) {
    throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.highWaterMark', value);
  }
  return mark;
}

function sizeOne() {
  return 1;
}

/** `strategy.size`, or one per chunk. */
function sizeAlgorithmOf(strategy) {
  const { size } = strategy;
  if (size === undefined) return sizeOne;
  if (typeof size !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('strategy.size', 'Function', size);
  }
  // Called as a plain function, whatever it is called on in the strategy.
  return (chunk) => apply(size, undefined, [chunk]);
}

/** A method of an underlying source, sink or transformer; undefined if it has none. */
function methodOf(object, name, prefix) {
  const method = object?.[name];
  if (method === undefined) return undefined;
  if (typeof method !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(`${prefix}.${name}`, 'Function', method);
  }
  return method;
}

/** Dictionaries and options objects: functions are objects too; null only where allowed. */
function checkObject(value, name, allowNull = false) {
  if ((value === null && !allowNull) ||
      (value !== null && typeof value !== 'object' && typeof value !== 'function')) {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

/** As V8 says it of a getter that reads a private member. */
function missingMember(name) {
  return new TypeError(`Cannot read private member ${name} from an object whose class did not declare it`);
}

function invalidThis(name) {
  return new ERR_INVALID_THIS(name);
}

function invalidState(message) {
  return new ERR_INVALID_STATE.TypeError(message);
}

/** Gives a class `Symbol.toStringTag` and enumerable members, as Web IDL asks. */
function finishInterface(constructor, name, members) {
  for (const member of members) {
    Object.defineProperty(constructor.prototype, member, { __proto__: null, enumerable: true });
  }
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, {
    __proto__: null, configurable: true, enumerable: false, writable: false, value: name,
  });
}

/** What `util.inspect` shows of `shell`: its name and the `fields`. */
function inspectAs(shell, depth, options, name, fields) {
  if (depth < 0) return shell;
  const { inspect } = require('util');
  const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
  return `${name} ${inspect(fields, inner)}`;
}

module.exports = {
  Deferred,
  Fifo,
  RESOLVED,
  SizedQueue,
  checkObject,
  customInspectSymbol,
  finishInterface,
  highWaterMarkOf,
  inspectAs,
  invalidState,
  invalidThis,
  missingMember,
  invokeAsync,
  kInternal,
  markHandled,
  methodOf,
  nop,
  nopAsync,
  resolvedWith,
  sizeAlgorithmOf,
  then,
};
