/** AsyncResource: lets code of a user's own queue run in the context in which it was queued. Node docs: Class AsyncResource. */
'use strict';

const { get, set } = require('internal/async_context');
const state = require('internal/async_ids');
const { codes: { ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID } } = require('internal/errors');
const { validateFunction, validateObject, validateString } = require('internal/validators');

/** Not Reflect.apply, which the engine counts as a frame of stacks. */
const apply = primordials.uncurryThis(Function.prototype.apply);

const kContext = Symbol('context_frame');
const kAsyncId = Symbol('async_id_symbol');
const kTriggerId = Symbol('trigger_async_id_symbol');
const kDestroyed = Symbol('destroyed');

let registry;

class AsyncResource {
  constructor(type, options = {}) {
    validateString(type, 'type');
    let trigger = options;
    let manual = false;
    if (typeof options !== 'number') {
      validateObject(options, 'options');
      trigger = options.triggerAsyncId === undefined ? state.executionAsyncId : options.triggerAsyncId;
      manual = options.requireManualDestroy === true;
    }
    if (!Number.isSafeInteger(trigger) || trigger < -1) throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', trigger);
    if (state.active && type.length === 0) throw new ERR_ASYNC_TYPE(type);
    this[kContext] = get();
    this[kAsyncId] = state.newAsyncId();
    this[kTriggerId] = trigger;
    if (state.active) {
      state.emitInit(this[kAsyncId], type, trigger, this);
      if (!manual && state.wantsDestroy) {
        const token = { asyncId: this[kAsyncId], destroyed: false };
        Object.defineProperty(this, kDestroyed, { __proto__: null, value: token, enumerable: false });
        registry ??= new FinalizationRegistry((token) => {
          if (!token.destroyed) state.emitDestroy(token.asyncId);
        });
        registry.register(this, token, this);
      }
    }
  }

  runInAsyncScope(fn, thisArg, ...args) {
    validateFunction(fn, 'fn');
    const id = this[kAsyncId];
    const before = set(this[kContext]);
    state.enter(id, this[kTriggerId], this);
    try {
      return apply(fn, thisArg, args);
    } finally {
      state.leave(id);
      set(before);
    }
  }

  emitDestroy() {
    if (this[kDestroyed] !== undefined) this[kDestroyed].destroyed = true;
    state.emitDestroy(this[kAsyncId]);
    return this;
  }

  asyncId() {
    return this[kAsyncId];
  }

  triggerAsyncId() {
    return this[kTriggerId];
  }

  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    let bound;
    if (thisArg === undefined) {
      bound = function(...args) {
        return resource.runInAsyncScope(fn, this, ...args);
      };
    } else {
      bound = (...args) => resource.runInAsyncScope(fn, thisArg, ...args);
    }
    Object.defineProperty(bound, 'length', { __proto__: null, configurable: true, enumerable: false, value: fn.length, writable: false });
    return bound;
  }

  static bind(fn, type, thisArg) {
    type ||= fn.name || 'bound-anonymous-fn';
    return new AsyncResource(type).bind(fn, thisArg);
  }
}

module.exports = { AsyncResource, kContext };
