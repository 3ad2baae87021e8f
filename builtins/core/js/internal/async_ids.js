/**
 * Async ids and the switch for async_hooks: with no hook enabled, a resource costs one property test.
 *
 * `active` says whether any hook is enabled. `async_hooks` replaces the functions when the first hook is made.
 */
'use strict';

const state = {
  active: false,
  lastId: 1,
  executionAsyncId: 1,
  triggerAsyncId: 0,
  executionResource: undefined,
  newAsyncId() { return ++state.lastId; },
  init(resource, type) {},
  before(resource) {},
  after(resource) {},
  destroy(resource) {},
};

module.exports = state;
