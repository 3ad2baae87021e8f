/**
 * Immediates: a queue that one check phase of the loop runs to its end.
 *
 * What is queued while it runs waits for the next phase. If a callback throws, the rest of the
 * batch stays in `outstanding`, `info[HAS_OUTSTANDING]` says so, and the loop calls again.
 */
'use strict';

const hooks = require('internal/async_ids');
const { get: getAsyncContext, set: setAsyncContext } = require('internal/async_context');
const { running } = require('internal/error_stacks');
const { runNextTicks } = require('internal/process/task_queues');

const { immediateInfo: info, toggleImmediateRef } = binding('timers');

// Fields of `immediateInfo`.
const COUNT = 0;
const REF_COUNT = 1;
const HAS_OUTSTANDING = 2;

const kRefed = Symbol('refed');
const kAsyncId = Symbol('asyncId');
const kTriggerId = Symbol('triggerId');
const kAsyncContextFrame = Symbol('kAsyncContextFrame');

class ImmediateList {
  constructor() {
    this.head = null;
    this.tail = null;
  }

  append(item) {
    if (this.tail !== null) {
      this.tail._idleNext = item;
      item._idlePrev = this.tail;
    } else {
      this.head = item;
    }
    this.tail = item;
  }

  remove(item) {
    if (item._idleNext) item._idleNext._idlePrev = item._idlePrev;
    if (item._idlePrev) item._idlePrev._idleNext = item._idleNext;
    if (item === this.head) this.head = item._idleNext;
    if (item === this.tail) this.tail = item._idlePrev;
    item._idleNext = null;
    item._idlePrev = null;
  }
}

let waiting = new ImmediateList();
/** The batch that runs, or that an exception cut short. */
let outstanding = new ImmediateList();

/** What setImmediate hands out. Node docs: timers, class Immediate. */
class Immediate {
  constructor(callback, args) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = false;
    this[kAsyncId] = hooks.newAsyncId();
    this[kTriggerId] = hooks.executionAsyncId;
    this[kAsyncContextFrame] = getAsyncContext();
    if (hooks.active) hooks.init(this, 'Immediate');
    this.ref();
    info[COUNT]++;
    waiting.append(this);
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (info[REF_COUNT]++ === 0) toggleImmediateRef(true);
    }
    return this;
  }

  unref() {
    if (this[kRefed] === true) {
      this[kRefed] = false;
      if (--info[REF_COUNT] === 0) toggleImmediateRef(false);
    }
    return this;
  }

  hasRef() {
    return !!this[kRefed];
  }
}

const dispose = function() {
  clearImmediate(this);
};
Object.defineProperty(dispose, 'name', { __proto__: null, configurable: true, value: '' });
Immediate.prototype[Symbol.dispose] = dispose;

/** async_hooks looks for `asyncId` and `triggerAsyncId`; users see the symbols Node shows. */
function defineAsyncIds(prototype) {
  for (const [name, symbol] of [['asyncId', kAsyncId], ['triggerAsyncId', kTriggerId]]) {
    Object.defineProperty(prototype, name, {
      __proto__: null,
      configurable: true,
      get() { return this[symbol]; },
      set(id) { this[symbol] = id; },
    });
  }
}
defineAsyncIds(Immediate.prototype);

/** An immediate that will not run again. */
function retire(immediate) {
  immediate._destroyed = true;
  info[COUNT]--;
  if (immediate[kRefed] && --info[REF_COUNT] === 0) toggleImmediateRef(false);
  immediate[kRefed] = null;
}

/** Takes an immediate out of its queue; ignores everything else. */
function clearImmediate(immediate) {
  if (!immediate?._onImmediate || immediate._destroyed) return;
  retire(immediate);
  if (hooks.active) hooks.destroy(immediate);
  immediate._onImmediate = undefined;
  immediate._argv = undefined;
  if (immediate === outstanding.head || immediate === outstanding.tail) outstanding.remove(immediate);
  else waiting.remove(immediate);
}

let beforeNext;

/** Runs `fn` at the beginning of the next check phase, which the loop does not wait for. One at a time. */
function runBeforeNext(fn) {
  if (beforeNext === undefined) info[COUNT]++;
  beforeNext = fn;
}

/** Called by the loop in its check phase. */
function processImmediate() {
  if (beforeNext !== undefined) {
    const fn = beforeNext;
    beforeNext = undefined;
    info[COUNT]--;
    fn();
  }
  if (outstanding.head === null) {
    const batch = waiting;
    waiting = outstanding;
    outstanding = batch;
  }
  let ranOne = false;
  info[HAS_OUTSTANDING] = 1;
  for (let immediate = outstanding.head; immediate !== null; immediate = outstanding.head) {
    if (ranOne) {
      runNextTicks();
      // Ticks and jobs may have cleared this very one.
      if (outstanding.head !== immediate) continue;
    } else {
      ranOne = true;
    }
    // Out of the queue before it runs: whatever it throws, the rest is what is left.
    outstanding.remove(immediate);
    retire(immediate);
    fire(immediate);
  }
  info[HAS_OUTSTANDING] = 0;
}

function fire(immediate) {
  const hooked = hooks.active;
  const context = setAsyncContext(immediate[kAsyncContextFrame]);
  if (hooked) {
    hooks.before(immediate);
  } else {
    hooks.executionResource = immediate;
    hooks.executionAsyncId = immediate[kAsyncId];
    hooks.triggerAsyncId = immediate[kTriggerId];
  }
  let threw = true;
  running.immediate = true;
  try {
    const args = immediate._argv;
    if (args === undefined) immediate._onImmediate();
    else immediate._onImmediate(...args);
    threw = false;
  } finally {
    // 'uncaughtException' runs in the context of what threw; the turn resets it.
    if (!threw) setAsyncContext(context);
    immediate._onImmediate = null;
    running.immediate = false;
    if (hooks.active) hooks.destroy(immediate);
    if (outstanding.head === null) info[HAS_OUTSTANDING] = 0;
  }
  if (hooked) {
    hooks.after(immediate);
  } else {
    if (hooks.active) hooks.lateAfter(immediate);
    hooks.executionAsyncId = hooks.triggerAsyncId = 0;
    hooks.executionResource = undefined;
  }
}

module.exports = {
  Immediate,
  clearImmediate,
  defineAsyncIds,
  kAsyncContextFrame,
  kAsyncId,
  kTriggerId,
  processImmediate,
  runBeforeNext,
  refCount: () => info[REF_COUNT],
};
