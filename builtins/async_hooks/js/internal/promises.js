/**
 * Promise hooks: who wants to hear of promises, and PROMISE resources for async_hooks.
 *
 * The engine is asked to tell only while somebody listens. Node docs: "Promise hooks", "Promise execution tracking".
 */
'use strict';

const { setPromiseHook } = binding('task_queue');
const state = require('internal/async_ids');

/** First arguments of the engine's hook. */
const INIT = 0;
const BEFORE = 1;
const AFTER = 2;

/** Sets of `{ init, before, after, settled }`; replaced, never changed, so that listeners may come and go while they run. */
let listeners = [];

function call(name, promise, parent) {
  for (const listener of listeners) {
    const fn = listener[name];
    if (fn === undefined) continue;
    try {
      fn(promise, parent);
    } catch (error) {
      require('internal/process/execution').triggerUncaughtException(error, false);
    }
  }
}

/** Stand-ins for promises that the engine did not make, as nobody would have held them; innermost reaction last. */
const standIns = [];

function hear(phase, promise, parent) {
  if (phase === INIT) {
    call('init', promise, parent);
  } else if (phase === BEFORE) {
    if (promise === undefined) standIns.push(promise = {});
    call('before', promise);
  } else if (phase === AFTER) {
    promise ??= standIns.pop() ?? {};
    call('after', promise);
  } else {
    call('settled', promise, parent);
  }
}

/** Adds a listener; returns what removes it. */
function listen(listener) {
  listeners = [...listeners, listener];
  if (listeners.length === 1) setPromiseHook(hear);
  return function stop() {
    const rest = listeners.filter((other) => other !== listener);
    if (rest.length === listeners.length) return;
    listeners = rest;
    if (rest.length === 0) setPromiseHook(undefined);
  };
}

/** promise -> { asyncId, triggerAsyncId }, or null for plumbing. */
const known = new WeakMap();
let registry;

/** The ids of a promise; one from before the first hook gets its ids now. */
function idsOf(promise, parent) {
  let ids = known.get(promise);
  if (ids === undefined) {
    ids = { announced: false, asyncId: state.newAsyncId(), triggerAsyncId: state.executionAsyncId };
    if (parent !== undefined) ids.triggerAsyncId = idsOf(parent)?.asyncId ?? ids.triggerAsyncId;
    known.set(promise, ids);
  }
  return ids;
}

const resources = {
  init(promise, parent) {
    if (state.muted) {
      known.set(promise, null);
      return;
    }
    if (known.get(promise)?.announced) return;
    // A parent that no hook has heard of is numbered before its child.
    if (parent !== undefined) idsOf(parent);
    const ids = idsOf(promise, parent);
    const { asyncId, triggerAsyncId } = ids;
    ids.announced = true;
    if (state.wantsDestroy) {
      registry ??= new FinalizationRegistry(state.emitDestroy);
      registry.register(promise, asyncId);
    }
    state.emitInit(asyncId, 'PROMISE', triggerAsyncId, promise);
  },

  before(promise) {
    const ids = idsOf(promise);
    if (ids !== null) state.enter(ids.asyncId, ids.triggerAsyncId, promise);
  },

  after(promise) {
    const ids = idsOf(promise);
    if (ids === null) return;
    // A hook that was enabled by this very reaction has not seen it begin.
    if (ids.asyncId === state.executionAsyncId) state.leave(ids.asyncId);
    else state.lateAfter(ids);
  },

  /** `observed`: it is no older than the hooks. Then the executor settles it, and is still at work. */
  settled(promise, observed) {
    if (observed && !known.has(promise)) resources.init(promise);
    const ids = idsOf(promise);
    if (ids !== null) state.emitPromiseResolve(ids.asyncId);
  },
};

let stop;

/** Whether async_hooks wants to hear of promises. */
function track(on) {
  if (on) {
    stop ??= listen(resources);
  } else {
    stop?.();
    stop = undefined;
  }
}

/** Runs `fn` as a callback of a promise. */
function runIn(promise, fn, ...args) {
  const ids = known.get(promise);
  if (!ids) return fn(...args);
  state.enter(ids.asyncId, ids.triggerAsyncId, promise);
  const result = fn(...args);
  state.leave(ids.asyncId);
  return result;
}

module.exports = { listen, runIn, track };
