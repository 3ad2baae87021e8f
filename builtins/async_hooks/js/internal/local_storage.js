/**
 * AsyncLocalStorage: a key into the async context.
 *
 * The context is a Map from storages to stores. Once it is current only `disable` changes it: `run` and `enterWith` make a copy, so
 * code that captured the old one keeps it. Node docs: Class AsyncLocalStorage.
 */
'use strict';

const { get, set } = require('internal/async_context');
const { validateFunction, validateObject } = require('internal/validators');

/** Not Reflect.apply, which the engine counts as a frame of stacks. */
const apply = primordials.uncurryThis(Function.prototype.apply);

/** The stores of one piece of asynchronous code. */
class ContextFrame extends Map {}

function frameWith(storage, store) {
  const frame = new ContextFrame(get());
  frame.set(storage, store);
  return frame;
}

function frameWithout(storage) {
  const before = get();
  if (before === undefined || !before.has(storage)) return before;
  const frame = new ContextFrame(before);
  frame.delete(storage);
  return frame.size === 0 ? undefined : frame;
}

/** Contexts that `disable` took a store from. */
let thinned;

class AsyncLocalStorage {
  #default;
  #name = '';

  constructor(options = {}) {
    validateObject(options, 'options');
    this.#default = options.defaultValue;
    if (options.name !== undefined) this.#name = `${options.name}`;
  }

  get name() {
    return this.#name;
  }

  /** Binds a function to the context of now. */
  static bind(fn) {
    validateFunction(fn, 'fn');
    const context = get();
    function bound(...args) {
      const before = set(context);
      try {
        return fn.apply(this, args);
      } finally {
        set(before);
      }
    }
    Object.defineProperty(bound, 'length', { __proto__: null, configurable: true, enumerable: false, value: fn.length, writable: false });
    return bound;
  }

  /** Captures the context of now: a function that runs others in it. */
  static snapshot() {
    const context = get();
    return function bound(fn, ...args) {
      const before = set(context);
      try {
        return fn.apply(this, args);
      } finally {
        set(before);
      }
    };
  }

  /** Forgets the store of the running code, and of all that was made in its context. */
  disable() {
    const frame = get();
    if (frame?.delete(this)) (thinned ??= new WeakSet()).add(frame);
  }

  enterWith(store) {
    set(frameWith(this, store));
  }

  run(store, callback, ...args) {
    const current = get();
    if (current !== undefined && current.has(this) && Object.is(current.get(this), store)) {
      return apply(callback, undefined, args);
    }
    const frame = frameWith(this, store);
    const before = set(frame);
    try {
      return apply(callback, undefined, args);
    } finally {
      // Other stores that the callback entered stay, and what it disabled is gone.
      if (get() === frame && !thinned?.has(frame)) set(before);
      else if (before !== undefined && before.has(this)) set(frameWith(this, before.get(this)));
      else set(frameWithout(this));
    }
  }

  exit(callback, ...args) {
    return this.run(undefined, callback, ...args);
  }

  getStore() {
    const context = get();
    if (context === undefined || !context.has(this)) return this.#default;
    return context.get(this);
  }

  /** Enters a store until the returned scope is disposed of. */
  withScope(store) {
    const before = set(frameWith(this, store));
    let open = true;
    return {
      [Symbol.dispose]() {
        if (open) {
          open = false;
          set(before);
        }
      },
    };
  }
}

module.exports = AsyncLocalStorage;
