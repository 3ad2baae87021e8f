/**
 * process.env: strings only, kept in sync with nothing but this process's children, which get it explicitly.
 * Node docs: process.env.
 */
'use strict';

const native = binding('process');
const { environ } = native;

/** What this thread's process.env is made of. */
let current;

function createEnv() {
  const store = { __proto__: Object.prototype };
  const flat = environ();
  for (let i = 0; i < flat.length; i += 2) {
    Object.defineProperty(store, flat[i], {
      __proto__: null, value: flat[i + 1], writable: true, enumerable: true, configurable: true,
    });
  }
  return wrap(store, binding('task_queue').setTimeZone);
}

/** `setTimeZone`: only the main thread's TZ is that of the process. */
function wrap(store, setTimeZone) {
  const handler = {
    __proto__: null,
    set(target, key, value) {
      if (typeof key === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
      const text = toText(value);
      Object.defineProperty(target, key, { __proto__: null, value: text, writable: true, enumerable: true, configurable: true });
      if (key === 'TZ') setTimeZone?.(text);
      return true;
    },
    defineProperty(target, key, descriptor) {
      const { codes: { ERR_INVALID_OBJECT_DEFINE_PROPERTY } } = require('internal/errors');
      if (!('value' in descriptor)) {
        throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY("'process.env' does not accept an accessor(getter/setter) descriptor");
      }
      if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
        throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' only accepts a configurable, writable, and enumerable data descriptor");
      }
      return this.set(target, key, descriptor.value);
    },
    deleteProperty(target, key) {
      delete target[key];
      if (key === 'TZ') setTimeZone?.(undefined);
      return true;
    },
  };
  current = { handler, shared: undefined, target: store };
  return new Proxy(store, handler);
}

/** From now on other threads may use this thread's environment: they find it by the number that is returned. */
function share() {
  if (current.shared === undefined) {
    const { handler, target } = current;
    const store = native.envCreate(Object.entries(target).flat());
    for (const key of Object.keys(target)) delete target[key];
    useStore(handler, store);
  }
  return native.envNumber(current.shared);
}

/** The environment that another thread shares. */
function openShared(number) {
  const env = wrap({ __proto__: Object.prototype }, undefined);
  useStore(current.handler, native.envOpen(number));
  return env;
}

/** Lets the traps of process.env work on a store that threads share. */
function useStore(handler, store) {
  current.shared = store;
  const { set, deleteProperty } = handler;
  const own = (key) => (typeof key === 'string' ? native.envGet(store, key) : undefined);
  Object.assign(handler, {
    get: (target, key) => own(key) ?? target[key],
    has: (target, key) => own(key) !== undefined || key in target,
    ownKeys: () => native.envKeys(store),
    getOwnPropertyDescriptor(target, key) {
      const value = own(key);
      if (value === undefined) return undefined;
      return { __proto__: null, configurable: true, enumerable: true, value, writable: true };
    },
    set(target, key, value) {
      // The trap of before checks, and does what else there is to do; the target stays empty.
      const scratch = {};
      Reflect.apply(set, handler, [scratch, key, value]);
      native.envSet(store, key, scratch[key]);
      return true;
    },
    deleteProperty(target, key) {
      if (typeof key === 'string') native.envDelete(store, key);
      return Reflect.apply(deleteProperty, handler, [{}, key]);
    },
  });
}

function toText(value) {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value !== 'number' && typeof value !== 'boolean' &&
      require('internal/options').getOptionValue('--pending-deprecation')) {
    require('internal/process/object').emitWarning(
      'Assigning any value other than a string, number, or boolean to a process.env property is deprecated. Please make sure ' +
      'to convert the value to a string before setting process.env with it.', 'DeprecationWarning', 'DEP0104');
  }
  return `${value}`;
}

module.exports = { createEnv, openShared, share, wrap };
