/**
 * PROMISE resources, while a hook wants them: the engine tells about new and settled promises, and about every reaction.
 *
 * The trigger of a promise is the code that made it: the engine does not tell from which other promise it came.
 */
'use strict';

const { setPromiseHook, watchPromises } = binding('task_queue');
const state = require('internal/async_ids');

/** First arguments of the engine's reaction hook. */
const BEFORE = 1;

/** promise -> { asyncId, triggerAsyncId }, or null for plumbing. */
const known = new WeakMap();
let watch;
let registry;

function note(promise) {
  const ids = { asyncId: state.newAsyncId(), triggerAsyncId: state.executionAsyncId };
  known.set(promise, ids);
  return ids;
}

function created(promise) {
  if (state.muted) {
    known.set(promise, null);
    return;
  }
  const { asyncId, triggerAsyncId } = note(promise);
  if (state.wantsDestroy) {
    registry ??= new FinalizationRegistry(state.emitDestroy);
    registry.register(promise, asyncId);
  }
  state.emitInit(asyncId, 'PROMISE', triggerAsyncId, promise);
}

function settled(promise) {
  const ids = known.get(promise);
  if (ids) state.emitPromiseResolve(ids.asyncId);
}

function reaction(phase, promise) {
  // A promise from before the first hook gets its ids now.
  let ids = known.get(promise);
  if (ids === null) return;
  if (phase === BEFORE) {
    ids ??= note(promise);
    state.enter(ids.asyncId, ids.triggerAsyncId, promise);
  } else if (ids !== undefined) {
    state.leave(ids.asyncId);
  }
}

function track(on) {
  watch ??= watchPromises(created, settled);
  watch(on);
  setPromiseHook(on ? reaction : undefined);
}

module.exports = { track };
