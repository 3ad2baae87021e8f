/**
 * Work in the thread pool as resources of async_hooks.
 *
 * While a hook is enabled, the functions of the native tables that builtins gave to `watchTable` are replaced by ones that
 * announce a request when they get a callback. Without hooks the tables are as they were.
 */
'use strict';

const state = require('internal/async_ids');

/** What hooks see of a job in the pool. */
class PoolRequest {
  asyncId = 0;
  triggerAsyncId = 0;

  constructor(type) {
    state.init(this, type);
  }
}

/** Announces a request; returns the callback that ends it. */
function request(type, callback) {
  const resource = new PoolRequest(type);
  return function(...results) {
    state.before(resource);
    try {
      callback.apply(this, results);
    } finally {
      state.destroy(resource);
    }
    state.after(resource);
  };
}

const kNative = Symbol('native');

/** The function of the table itself, hooked or not. */
const nativeOf = (fn) => fn[kNative] ?? fn;

function hooked(native, type) {
  const wrapper = function(...args) {
    const last = args.length - 1;
    if (state.active && typeof args[last] === 'function') args[last] = request(type, args[last]);
    return native.apply(this, args);
  };
  wrapper[kNative] = native;
  return wrapper;
}

function hook(table, typeOf) {
  for (const name of Object.keys(table)) {
    const type = typeOf(name);
    if (type !== undefined && typeof table[name] === 'function') table[name] = hooked(table[name], type);
  }
}

function unhook(table, typeOf) {
  for (const name of Object.keys(table)) {
    if (typeOf(name) !== undefined && typeof table[name] === 'function') table[name] = nativeOf(table[name]);
  }
}

module.exports = { hook, nativeOf, request, unhook };
