/**
 * Async ids, and the switch for async_hooks: with no hook enabled, a resource costs one property test.
 *
 * A resource that takes part has the fields `asyncId` and `triggerAsyncId` (0 until a hook saw it) and calls `init` when it is
 * made, `before` and `after` around its callback, `destroy` at its end. Node docs: "Async hooks".
 */
'use strict';

const state = {
  /** Whether any hook is enabled. */
  active: false,
  /** Whether any enabled hook has a `destroy` callback. */
  wantsDestroy: false,
  /** Promises and resources made while this is set are plumbing: hooks do not see them. */
  muted: false,
  lastId: 1,
  executionAsyncId: 1,
  triggerAsyncId: 0,
  /** What resources made now are triggered by; 0: by what runs. */
  defaultTrigger: 0,
  executionResource: undefined,
  newAsyncId,
  assign,
  init,
  resource,
  callIn,
  before,
  after,
  lateAfter,
  destroy,
  enter,
  leave,
  emitInit,
  emitDestroy,
  emitPromiseResolve,
  enableHook,
  disableHook,
  clearStack,
  flushDestroy,
  triggeredBy,
  unseen,
  watchTable,
};

/** hook -> its callbacks, in the order they were enabled. */
let enabled = new Map();
/** What `enabled` will be when the event that is being told is over: hooks that hear of it may enable and disable hooks. */
let next;
/** How deep events are within each other. */
let depth = 0;
/** Three entries for each callback that runs, and how many entries there are: an index costs less than `push` and `pop`. */
const stack = [];
let top = 0;
let destroyQueue = [];
let trackingPromises = false;
/** Tables of native functions that run in the pool, with their types: see `watchTable`. */
const tables = [];

/** 0 for what hooks shall not see. */
function newAsyncId() {
  return state.muted ? 0 : ++state.lastId;
}

function enableHook(hook, callbacks) {
  next = new Map(next ?? enabled);
  next.set(hook, callbacks);
  if (depth === 0) update();
}

function disableHook(hook) {
  next = new Map(next ?? enabled);
  next.delete(hook);
  if (depth === 0) update();
}

/**
 * The functions of a native table that get a callback make requests, of the type that `typeOf(name)` says (undefined: none).
 * Only while a hook is enabled something stands between.
 */
function watchTable(table, typeOf) {
  tables.push([table, typeOf]);
  if (state.active) require('internal/async_hooks/requests').hook(table, typeOf);
}

function update() {
  enabled = next;
  next = undefined;
  if (state.active !== enabled.size > 0) {
    state.active = !state.active;
    const { hook, unhook } = require('internal/async_hooks/requests');
    for (const { 0: table, 1: typeOf } of tables) (state.active ? hook : unhook)(table, typeOf);
  }
  state.wantsDestroy = false;
  let promises = false;
  for (const callbacks of enabled.values()) {
    if (callbacks.destroy !== undefined) state.wantsDestroy = true;
    if (callbacks.trackPromises !== false) promises = true;
  }
  if (promises !== trackingPromises) {
    trackingPromises = promises;
    require('internal/async_hooks/promises').track(promises);
  }
}

/** A hook that throws ends the process: its program cannot be trusted to see its own resources any more. Node docs: "Error handling". */
function fatal(error) {
  const text = typeof error?.stack === 'string' ? error.stack : new Error(String(error)).stack;
  binding('process').write(2, `${text}\n`);
  const process = require('internal/process/object');
  if (require('internal/options').getOptionValue('--abort-on-uncaught-exception')) process.abort();
  enabled = new Map();
  state.active = false;
  process.removeAllListeners('uncaughtException');
  process._exiting = true;
  process.exitCode = 1;
  process.emit('exit', 1);
  require('internal/process/lifecycle').endThread(1);
}

function emit(name, ...args) {
  depth++;
  for (const { 0: hook, 1: callbacks } of enabled) {
    const fn = callbacks[name];
    if (fn === undefined) continue;
    try {
      Reflect.apply(fn, hook, args);
    } catch (error) {
      fatal(error);
    }
  }
  if (--depth === 0 && next !== undefined) update();
}

function emitInit(asyncId, type, triggerAsyncId, resource) {
  emit('init', asyncId, type, triggerAsyncId, resource);
}

function emitPromiseResolve(asyncId) {
  emit('promiseResolve', asyncId);
}

/** An uncaught exception left its callbacks: every one of them is over. */
function clearStack() {
  while (top > 0) leave(state.executionAsyncId);
  state.executionAsyncId = state.triggerAsyncId = 0;
  state.executionResource = undefined;
}

/** `destroy` events come later, before the next immediates. */
function emitDestroy(asyncId) {
  // 0: no hook has seen it begin.
  if (!state.wantsDestroy || asyncId === 0) return;
  destroyQueue.push(asyncId);
  if (destroyQueue.length === 1) require('internal/timers/immediates').runBeforeNext(flushDestroy);
}

function flushDestroy() {
  const ids = destroyQueue;
  destroyQueue = [];
  for (const id of ids) emit('destroy', id);
}

/** Gives a resource the next id, and what triggered it. */
function assign(resource) {
  resource.asyncId = newAsyncId();
  resource.triggerAsyncId = state.defaultTrigger === 0 ? state.executionAsyncId : state.defaultTrigger;
}

/** `shown`: what hooks get, if it is not the resource itself. */
function init(resource, type, shown = resource) {
  assign(resource);
  emitInit(resource.asyncId, type, resource.triggerAsyncId, shown);
}

/** What hooks see of something that lives on, an event source: `callIn` runs its events, `destroy` ends it. */
function resource(type) {
  const made = { asyncId: 0, triggerAsyncId: 0 };
  if (state.active) init(made, type);
  return made;
}

/** Runs an event of a resource. */
function callIn(resource, fn, ...args) {
  if (!state.active) return fn(...args);
  before(resource);
  const result = fn(...args);
  after(resource);
  return result;
}

/** Runs `fn`; the resources it makes are triggered by `asyncId` (0: by what runs, as ever). */
function triggeredBy(asyncId, fn, ...args) {
  const outer = state.defaultTrigger;
  state.defaultTrigger = asyncId;
  try {
    return fn(...args);
  } finally {
    state.defaultTrigger = outer;
  }
}

/** Runs `fn`; hooks do not hear of the resources it makes. */
function unseen(fn, ...args) {
  const { active, muted } = state;
  state.active = false;
  state.muted = true;
  try {
    return fn(...args);
  } finally {
    state.active = active;
    state.muted = muted;
  }
}

function before(resource) {
  enter(resource.asyncId, resource.triggerAsyncId, resource);
}

function after(resource) {
  leave(resource.asyncId);
}

/** The end of what began before the first hook was enabled. */
function lateAfter(resource) {
  if (resource.asyncId > 0) emit('after', resource.asyncId);
}

function destroy(resource) {
  emitDestroy(resource.asyncId);
}

function enter(asyncId, triggerAsyncId, resource) {
  stack[top] = state.executionAsyncId;
  stack[top + 1] = state.triggerAsyncId;
  stack[top + 2] = state.executionResource;
  top += 3;
  state.executionAsyncId = asyncId;
  state.triggerAsyncId = triggerAsyncId;
  state.executionResource = resource;
  if (state.active && asyncId > 0) emit('before', asyncId);
}

/** An exception emptied the stack already: then nothing is left to leave. */
function leave(asyncId) {
  if (top === 0) return;
  if (asyncId !== state.executionAsyncId) corrupted(asyncId);
  if (state.active && asyncId > 0) emit('after', asyncId);
  top -= 3;
  state.executionAsyncId = stack[top];
  state.triggerAsyncId = stack[top + 1];
  state.executionResource = stack[top + 2];
  stack[top + 2] = undefined;
}

function corrupted(asyncId) {
  const error = new Error(`async hook stack has become corrupted (actual: ${state.executionAsyncId}, expected: ${asyncId})`);
  binding('process').write(2, `${error.stack}\n`);
  if (require('internal/options').getOptionValue('--abort-on-uncaught-exception')) binding('task_queue').abort();
  binding('task_queue').exit(1);
}

module.exports = state;
