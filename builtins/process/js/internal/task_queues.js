/**
 * The nextTick queue, and what runs between two callbacks: all ticks, then all promise jobs, until both are empty; then
 * promise rejections that nobody handled.
 *
 * Node docs: process.nextTick, "The Node.js Event Loop".
 */
'use strict';

const {
  runMicrotasks, setJobRunner, queueJob, setTickCallback, setTickScheduled, getAsyncContext, setAsyncContext, hasRejections,
} = binding('task_queue');
const { validateFunction } = require('internal/validators');
const hooks = require('internal/async_ids');

/** Entries per block of the queue: a power of two, so that the ring index is a mask. */
const BLOCK = 2048;

/** A queue of fixed rings linked into a list: push and shift never copy. */
class Block {
  constructor() {
    this.list = new Array(BLOCK);
    this.top = 0;
    this.bottom = 0;
    this.next = null;
  }
}

let head = new Block();
let tail = head;
let scheduled = false;
let exiting = () => false;

function push(entry) {
  if (tail.top === BLOCK) tail = tail.next = new Block();
  tail.list[tail.top++] = entry;
}

function shift() {
  if (head.bottom === head.top) {
    if (head.next === null) {
      head.bottom = head.top = 0;
      return null;
    }
    head = head.next;
  }
  const entry = head.list[head.bottom];
  head.list[head.bottom++] = undefined;
  return entry;
}

function isEmpty() {
  return head.bottom === head.top && (head.next === null || head.next.bottom === head.next.top);
}

function setScheduled(value) {
  scheduled = value;
  setTickScheduled(value);
}

class TickObject {
  constructor(callback, args) {
    this.callback = callback;
    this.args = args;
    this.context = getAsyncContext();
    // 0: hooks shall not see it.
    this.asyncId = hooks.muted ? 0 : ++hooks.lastId;
    this.triggerAsyncId = hooks.defaultTrigger === 0 ? hooks.executionAsyncId : hooks.defaultTrigger;
  }
}

/** Node docs: process.nextTick(callback[, ...args]). */
function nextTick(callback, ...args) {
  validateFunction(callback, 'callback');
  if (exiting()) return;
  if (!scheduled) setScheduled(true);
  const tick = new TickObject(callback, args.length === 0 ? undefined : args);
  if (hooks.active) hooks.emitInit(tick.asyncId, 'TickObject', tick.triggerAsyncId, tick);
  push(tick);
}

function runTick(tick) {
  const { callback, args } = tick;
  setAsyncContext(tick.context);
  if (args === undefined) callback();
  else if (args.length === 1) callback(args[0]);
  else callback(...args);
}

/** What the runtime asks for between its own runs of promise jobs: see `drain` in crates/runtime/src/turn.rs. */
const STEP_TICKS = 0;
const STEP_REJECTIONS = 1;

/**
 * Runs ticks, promise jobs and rejection handling until nothing is left. The runtime asks for single steps instead, so that
 * promise jobs run with no JavaScript frame beneath them: an `await` of the outermost function is then much cheaper.
 */
function processTicksAndRejections(step) {
  if (step === STEP_REJECTIONS) return require('internal/process/promises').processRejections();
  do {
    let tick;
    while ((tick = shift()) !== null) {
      if (hooks.active || tick.asyncId !== 0) runHookedTick(tick);
      else runTick(tick);
    }
    setAsyncContext(undefined);
    if (step === STEP_TICKS) break;
    runMicrotasks();
  } while (!isEmpty() || (hasRejections() && require('internal/process/promises').processRejections()));
  setScheduled(false);
  return false;
}

function runHookedTick(tick) {
  hooks.before(tick);
  try {
    runTick(tick);
  } finally {
    if (tick.asyncId !== 0) hooks.destroy(tick);
  }
  hooks.after(tick);
}

/** For loops that run several callbacks in one turn (timers, immediates): everything due between two of them. */
function runNextTicks() {
  const context = getAsyncContext();
  const { executionAsyncId, triggerAsyncId } = hooks;
  if (!scheduled && !hasRejections()) runMicrotasks();
  if (scheduled || hasRejections()) processTicksAndRejections();
  setAsyncContext(context);
  hooks.executionAsyncId = executionAsyncId;
  hooks.triggerAsyncId = triggerAsyncId;
}

class Microtask {
  constructor(callback) {
    this.callback = callback;
    this.context = getAsyncContext();
    this.asyncId = 0;
    this.triggerAsyncId = 0;
  }
}

/** Node docs: queueMicrotask(callback). */
function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  const task = new Microtask(callback);
  if (hooks.active) hooks.init(task, 'Microtask');
  queueJob(task);
}

/** What the engine calls for each entry of its queue that is no promise's. */
function runMicrotask(task) {
  setAsyncContext(task.context);
  if (hooks.active || task.asyncId !== 0) return runHooked(task);
  const { callback } = task;
  try {
    callback();
  } catch (error) {
    require('internal/process/execution').triggerUncaughtException(error, false);
  }
}

function runHooked(task) {
  hooks.before(task);
  const { callback } = task;
  try {
    callback();
  } catch (error) {
    require('internal/process/execution').triggerUncaughtException(error, false);
  }
  hooks.after(task);
  hooks.destroy(task);
}

function setupTaskQueues(process) {
  exiting = () => process._exiting === true;
  process.nextTick = nextTick;
  process._tickCallback = runNextTicks;
  setTickCallback(processTicksAndRejections);
  setJobRunner(runMicrotask);
  require('internal/process/execution').setup(process);
}

module.exports = { nextTick, queueMicrotask, runNextTicks, setupTaskQueues };
