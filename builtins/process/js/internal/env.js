/**
 * process.env: strings only, kept in sync with nothing but this process's children, which get it explicitly.
 * Node docs: process.env.
 */
'use strict';

const { environ } = binding('process');

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
  return new Proxy(store, {
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

module.exports = { createEnv, wrap };
