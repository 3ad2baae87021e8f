/** What addons do beside the JavaScript thread, as resources of async_hooks. */
'use strict';

const state = require('internal/async_ids');

/** A resource of the kind `type`; `given` is the object that executionAsyncResource() returns, if the addon has one. */
function make(type, given) {
  const resource = { asyncId: state.newAsyncId(), triggerAsyncId: state.executionAsyncId, object: given };
  resource.object ??= {};
  if (state.active) state.emitInit(resource.asyncId, type, resource.triggerAsyncId, resource.object);
  return resource;
}

function enter(resource) {
  state.enter(resource.asyncId, resource.triggerAsyncId, resource.object);
}

/** An uncaught exception emptied the stack of ids: then this one is gone already. */
function leave(resource) {
  if (state.executionAsyncId === resource.asyncId) state.leave(resource.asyncId);
}

function destroy(resource) {
  if (state.active) state.emitDestroy(resource.asyncId);
}

module.exports = { destroy, enter, leave, make };
