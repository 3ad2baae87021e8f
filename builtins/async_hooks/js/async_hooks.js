/** `node:async_hooks`. Node docs: "Asynchronous context tracking", "Async hooks". */
'use strict';

const AsyncLocalStorage = require('internal/async_hooks/local_storage');
const { AsyncResource } = require('internal/async_hooks/resource');
const { createHook, executionAsyncId, executionAsyncResource, triggerAsyncId } = require('internal/async_hooks/hooks');

/** Names of the resources that hooks report. Node docs: async_hooks.asyncWrapProviders. */
const asyncWrapProviders = Object.freeze({ __proto__: null, ...require('internal/async_hooks/providers') });

module.exports = {
  AsyncLocalStorage,
  createHook,
  executionAsyncId,
  triggerAsyncId,
  executionAsyncResource,
  asyncWrapProviders,
  AsyncResource,
};
