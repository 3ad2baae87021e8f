/**
 * createHook and the ids of the running code. Node docs: "Async hooks".
 *
 * The state is `internal/async_ids`; with no hook enabled nothing here is on any path. Enabling the first hook sets `active`.
 */
'use strict';

const state = require('internal/async_ids');
const { codes: { ERR_ASYNC_CALLBACK, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateObject } = require('internal/validators');

class AsyncHook {
  #callbacks;

  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  enable() {
    state.enableHook(this, this.#callbacks);
    return this;
  }

  disable() {
    state.disableHook(this);
    return this;
  }
}

/** Node docs: async_hooks.createHook(callbacks). */
function createHook(callbacks) {
  validateObject(callbacks, 'callbacks');
  const { init, before, after, destroy, promiseResolve, trackPromises } = callbacks;
  for (const [name, fn] of Object.entries({ init, before, after, destroy, promiseResolve })) {
    if (fn !== undefined && typeof fn !== 'function') throw new ERR_ASYNC_CALLBACK(`hook.${name}`);
  }
  if (trackPromises !== undefined) require('internal/validators').validateBoolean(trackPromises, 'trackPromises');
  if (trackPromises === false && typeof promiseResolve === 'function') {
    throw new ERR_INVALID_ARG_VALUE('trackPromises', trackPromises, 'must not be false when promiseResolve is enabled');
  }
  return new AsyncHook({ init, before, after, destroy, promiseResolve, trackPromises });
}

function executionAsyncId() {
  return state.executionAsyncId;
}

function triggerAsyncId() {
  return state.triggerAsyncId;
}

const topLevel = {};

function executionAsyncResource() {
  return state.executionResource ?? topLevel;
}

module.exports = { createHook, executionAsyncId, executionAsyncResource, triggerAsyncId };
