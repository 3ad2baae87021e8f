/** Mocks of functions, methods and properties. Node docs: "Class: MockTracker", "Class: MockFunctionContext". */
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');
const { kEmptyObject } = require('internal/util');

function once(map, at, value, floor, name) {
  validateInteger(at, name, floor);
  map.set(at, value);
}

/** `mocked.mock` */
class MockFunctionContext {
  #calls = [];
  #implementation;
  #once = new Map();
  #restore;
  #times;

  constructor(implementation, restore, times) {
    this.#implementation = implementation;
    this.#restore = restore;
    this.#times = times;
  }

  get calls() {
    return this.#calls.slice();
  }

  callCount() {
    return this.#calls.length;
  }

  mockImplementation(implementation) {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }

  mockImplementationOnce(implementation, onCall) {
    validateFunction(implementation, 'implementation');
    const next = this.#calls.length;
    once(this.#once, onCall ?? next, implementation, next, 'onCall');
  }

  restore() {
    this.#restore();
  }

  resetCalls() {
    this.#calls = [];
  }

  /** The function for the next call. */
  static next(context) {
    const at = context.#calls.length;
    const chosen = context.#once.get(at);
    if (chosen !== undefined) context.#once.delete(at);
    const implementation = chosen ?? context.#implementation;
    if (at + 1 === context.#times) context.#restore();
    return implementation;
  }

  static track(context, call) {
    context.#calls.push(call);
  }

  static setImplementation(context, implementation) {
    context.#implementation = implementation;
    context.#once.clear();
  }
}

/** Node docs: "Class: MockPropertyContext". */
class MockPropertyContext {
  #accesses = [];
  #descriptor;
  #name;
  #object;
  #once = new Map();
  #original;
  #value;

  constructor(object, name, hasValue, value) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor === undefined) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'is not a property of the object');
    }
    this.#object = object;
    this.#name = name;
    this.#descriptor = descriptor;
    this.#original = object[name];
    this.#value = hasValue ? value : this.#original;
    const { configurable, enumerable } = descriptor;
    Object.defineProperty(object, name, {
      __proto__: null,
      configurable,
      enumerable,
      get: () => {
        const seen = this.#next(this.#value);
        this.#track('get', seen);
        return seen;
      },
      set: (given) => {
        if (this.#descriptor.writable === false) {
          throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'cannot be set');
        }
        const stored = this.#next(given);
        this.#track('set', stored);
        this.#value = stored;
      },
    });
  }

  get accesses() {
    return this.#accesses.slice();
  }

  accessCount() {
    return this.#accesses.length;
  }

  mockImplementation(value) {
    if (this.#descriptor.writable === false) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', this.#name, 'cannot be set');
    }
    const stored = this.#next(value);
    this.#track('set', stored);
    this.#value = stored;
  }

  mockImplementationOnce(value, onAccess) {
    const next = this.#accesses.length;
    once(this.#once, onAccess ?? next, value, next, 'onAccess');
  }

  resetAccesses() {
    this.#accesses = [];
  }

  restore() {
    Object.defineProperty(this.#object, this.#name, {
      __proto__: null, ...this.#descriptor, ...('value' in this.#descriptor ? { value: this.#original } : undefined),
    });
  }

  #next(value) {
    const at = this.#accesses.length;
    if (!this.#once.has(at)) return value;
    const chosen = this.#once.get(at);
    this.#once.delete(at);
    return chosen;
  }

  #track(type, value) {
    this.#accesses.push({ type, value, stack: new Error() });
  }
}

function noopFunction() {
  return function() {};
}

/** The function that stands in: it calls the implementation and writes down what happened. */
function mockFunction(original, implementation, restore, times) {
  const context = new MockFunctionContext(implementation, restore, times);
  const mock = new Proxy(original, {
    __proto__: null,
    apply(_target, thisArg, args) {
      const fn = MockFunctionContext.next(context);
      let result;
      let error;
      try {
        result = Reflect.apply(fn, thisArg, args);
      } catch (thrown) {
        error = thrown;
        throw thrown;
      } finally {
        MockFunctionContext.track(context, {
          __proto__: null, arguments: args, error, result, stack: new Error(), target: undefined, this: thisArg,
        });
      }
      return result;
    },
    construct(_target, args, newTarget) {
      const fn = MockFunctionContext.next(context);
      let result;
      let error;
      try {
        result = Reflect.construct(fn, args, newTarget);
      } catch (thrown) {
        error = thrown;
        throw thrown;
      } finally {
        MockFunctionContext.track(context, {
          __proto__: null, arguments: args, error, result, stack: new Error(),
          target: newTarget === mock ? original : newTarget, this: result,
        });
      }
      return result;
    },
    get(target, property, receiver) {
      if (property === 'mock') return context;
      return Reflect.get(target, property, receiver);
    },
  });
  return mock;
}

function findDescriptor(object, name) {
  for (let at = object; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

function validateTimes(times) {
  if (times !== Infinity) validateInteger(times, 'options.times', 1);
}

function validateKey(name, label) {
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE(label, ['string', 'symbol'], name);
  }
}

class MockTracker {
  #mocks = [];
  #timers;

  /** Node docs: "Class: MockTimers". */
  get timers() {
    this.#timers ??= new (require('internal/test/mock_timers').MockTimers)();
    return this.#timers;
  }

  fn(original = noopFunction(), implementation = original, options = kEmptyObject) {
    if (original !== null && typeof original === 'object') {
      options = original;
      original = noopFunction();
      implementation = original;
    } else if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    const { times = Infinity } = options;
    validateTimes(times);
    const mocked = mockFunction(original, implementation, () => {
      MockFunctionContext.setImplementation(mocked.mock, original);
    }, times);
    this.#mocks.push(mocked.mock);
    return mocked;
  }

  method(objectOrFunction, methodName, implementation = undefined, options = kEmptyObject) {
    if (objectOrFunction === null || (typeof objectOrFunction !== 'object' && typeof objectOrFunction !== 'function')) {
      throw new ERR_INVALID_ARG_TYPE('object', ['Object', 'Function'], objectOrFunction);
    }
    validateKey(methodName, 'methodName');
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    }
    validateObject(options, 'options');
    const { getter = false, setter = false, times = Infinity } = options;
    validateBoolean(getter, 'options.getter');
    validateBoolean(setter, 'options.setter');
    validateTimes(times);
    if (setter && getter) {
      throw new ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const descriptor = findDescriptor(objectOrFunction, methodName);
    const original = getter ? descriptor?.get : setter ? descriptor?.set : descriptor?.value;
    if (typeof original !== 'function') {
      throw new ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    }
    implementation ??= original;
    validateFunction(implementation, 'implementation');
    const restore = () => Object.defineProperty(objectOrFunction, methodName, { __proto__: null, ...descriptor });
    const mocked = mockFunction(original, implementation, restore, times);
    const { configurable, enumerable } = descriptor;
    const next = { __proto__: null, configurable, enumerable };
    if (getter) {
      next.get = mocked;
      next.set = descriptor.set;
    } else if (setter) {
      next.get = descriptor.get;
      next.set = mocked;
    } else {
      next.writable = descriptor.writable;
      next.value = mocked;
    }
    Object.defineProperty(objectOrFunction, methodName, next);
    this.#mocks.push(mocked.mock);
    return mocked;
  }

  getter(object, methodName, implementation = undefined, options = kEmptyObject) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, 'options');
    }
    const { getter = true } = options;
    if (getter === false) throw new ERR_INVALID_ARG_VALUE('options.getter', getter, 'cannot be false');
    return this.method(object, methodName, implementation, { ...options, getter });
  }

  setter(object, methodName, implementation = undefined, options = kEmptyObject) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, 'options');
    }
    const { setter = true } = options;
    if (setter === false) throw new ERR_INVALID_ARG_VALUE('options.setter', setter, 'cannot be false');
    return this.method(object, methodName, implementation, { ...options, setter });
  }

  property(object, propertyName, value) {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      throw new ERR_INVALID_ARG_TYPE('object', ['Object', 'Function'], object);
    }
    validateKey(propertyName, 'propertyName');
    const context = new MockPropertyContext(object, propertyName, arguments.length > 2, value);
    this.#mocks.push(context);
    return new Proxy(object, {
      __proto__: null,
      get(target, key, receiver) {
        return key === 'mock' ? context : Reflect.get(target, key, receiver);
      },
    });
  }

  module(specifier, options = kEmptyObject) {
    const mock = require('internal/test/mock_module').mockModule(specifier, options);
    this.#mocks.push(mock);
    return mock;
  }

  /** Restores everything and forgets it. */
  reset() {
    this.restoreAll();
    this.#timers?.reset();
    this.#mocks = [];
  }

  restoreAll() {
    for (const context of this.#mocks) context.restore();
  }
}

// As in Node, mock.module() is there with --experimental-test-module-mocks only.
if (require('internal/options').getOptionValue('--experimental-test-module-mocks') !== true) delete MockTracker.prototype.module;

module.exports = { MockFunctionContext, MockTracker };
