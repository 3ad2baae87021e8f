/**
 * Timers and immediates: queues by duration, a heap of queues, one loop timer beneath.
 *
 * **Invariants:** a timer is in at most one queue; a queue in the heap is not empty; the loop timer is armed for the head of
 * the heap whenever code outside of `processTimers` runs; the loop timer is ref'd exactly while `refCount > 0`.
 */
'use strict';

const native = binding('timers');
const { getLibuvNow, immediateInfo, scheduleTimer, toggleImmediateRef, toggleTimerRef } = native;
const { get: getAsyncContext, set: setAsyncContext } = require('internal/async_context');
const { runNextTicks } = require('internal/process/task_queues');
const hooks = require('internal/async_ids');

/** Largest delay, in milliseconds: 2^31 - 1. Node docs: setTimeout. */
const TIMEOUT_MAX = 2 ** 31 - 1;

const COUNT = 0;
const REF_COUNT = 1;
const HAS_OUTSTANDING = 2;

const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const customInspect = Symbol.for('nodejs.util.inspect.custom');

// ---------------------------------------------------------------- queues and their heap

/** Timers of one duration, oldest first: a ring of `_idleNext` and `_idlePrev`, with the queue as its sentinel. */
class TimersList {
  constructor(msecs, expiry) {
    this._idleNext = this;
    this._idlePrev = this;
    this.expiry = expiry;
    this.id = ++listCount;
    this.msecs = msecs;
    this.position = -1;
  }
}

let listCount = 0;
const lists = new Map();
/** A binary heap; equal expiries in the order the queues were made. */
const heap = [];
let refCount = 0;
let nextExpiry = Infinity;

function before(a, b) {
  return a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);
}

function siftUp(list, position) {
  while (position > 0) {
    const parent = (position - 1) >> 1;
    const other = heap[parent];
    if (!before(list, other)) break;
    heap[position] = other;
    other.position = position;
    position = parent;
  }
  heap[position] = list;
  list.position = position;
}

function siftDown(list, position) {
  const { length } = heap;
  for (;;) {
    let child = position * 2 + 1;
    if (child >= length) break;
    if (child + 1 < length && before(heap[child + 1], heap[child])) child++;
    const other = heap[child];
    if (!before(other, list)) break;
    heap[position] = other;
    other.position = position;
    position = child;
  }
  heap[position] = list;
  list.position = position;
}

function heapRemove(list) {
  const { position } = list;
  if (position < 0) return;
  list.position = -1;
  const last = heap.pop();
  if (last === list) return;
  siftDown(last, position);
  siftUp(last, last.position);
}

function unlink(item) {
  if (item._idleNext) item._idleNext._idlePrev = item._idlePrev;
  if (item._idlePrev) item._idlePrev._idleNext = item._idleNext;
  item._idleNext = null;
  item._idlePrev = null;
}

function append(list, item) {
  if (item._idleNext || item._idlePrev) unlink(item);
  item._idleNext = list;
  item._idlePrev = list._idlePrev;
  list._idlePrev._idleNext = item;
  list._idlePrev = item;
}

function isEmpty(list) {
  return list._idleNext === list;
}

/** Puts a timer at the end of its duration's queue, due `msecs` after `start` (now, if not given). */
function insert(item, msecs, start = getLibuvNow()) {
  msecs = Math.trunc(msecs);
  item._idleStart = start;
  let list = lists.get(msecs);
  if (list === undefined) {
    const expiry = start + msecs;
    list = new TimersList(msecs, expiry);
    lists.set(msecs, list);
    heap.push(list);
    siftUp(list, heap.length - 1);
    if (nextExpiry > expiry) {
      scheduleTimer(msecs);
      nextExpiry = expiry;
    }
  }
  append(list, item);
}

function incRef() {
  if (refCount++ === 0) toggleTimerRef(true);
}

function decRef() {
  if (--refCount === 0) toggleTimerRef(false);
}

// ---------------------------------------------------------------- Timeout

let warnedNegative = false;
let warnedNaN = false;

function overflow(after) {
  const { emitWarning } = require('internal/process/object');
  const set = '.\nTimeout duration was set to 1.';
  if (after > TIMEOUT_MAX) {
    emitWarning(`${after} does not fit into a 32-bit signed integer${set}`, 'TimeoutOverflowWarning');
  } else if (after < 0 && !warnedNegative) {
    warnedNegative = true;
    emitWarning(`${after} is a negative number${set}`, 'TimeoutNegativeWarning');
  } else if (Number.isNaN(after) && !warnedNaN) {
    warnedNaN = true;
    emitWarning(`${after} is not a number${set}`, 'TimeoutNaNWarning');
  }
}

class Timeout {
  constructor(callback, after, args, isRepeat, isRefed) {
    if (after === undefined) {
      after = 1;
    } else {
      after *= 1;
      if (!(after >= 1 && after <= TIMEOUT_MAX)) {
        overflow(after);
        after = 1;
      }
    }
    this._idleTimeout = after;
    this._idlePrev = this;
    this._idleNext = this;
    this._idleStart = null;
    // Set to null first: objects whose fields start with the same kinds share a shape.
    this._onTimeout = null;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = isRepeat ? after : null;
    this._destroyed = false;
    if (isRefed) incRef();
    this[kRefed] = isRefed;
    this[kHasPrimitive] = false;
    this[kAsyncContext] = getAsyncContext();
    this.asyncId = 0;
    this.triggerAsyncId = 0;
    if (hooks.active) hooks.init(this, 'Timeout');
  }

  [customInspect](_depth, options) {
    const { inspect } = require('internal/util/inspect');
    return inspect(shown(this), { ...options, depth: 0, customInspect: false });
  }

  /** Starts counting anew. */
  refresh() {
    if (this[kRefed]) active(this);
    else unrefActive(this);
    return this;
  }

  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) decRef();
    }
    return this;
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (!this._destroyed) incRef();
    }
    return this;
  }

  hasRef() {
    return this[kRefed];
  }

  close() {
    clearTimeout(this);
    return this;
  }

  [Symbol.dispose]() {
    clearTimeout(this);
  }

  [Symbol.toPrimitive]() {
    const id = idOf(this);
    if (!this[kHasPrimitive]) {
      this[kHasPrimitive] = true;
      knownById.set(id, this);
    }
    return id;
  }
}

const kAsyncContext = Symbol('asyncContext');
const kId = Symbol('asyncId');

/** Timers that were turned into a number, for `clearTimeout(number)`. */
const knownById = new Map();

function idOf(item) {
  return item[kId] ??= item.asyncId !== 0 ? item.asyncId : hooks.newAsyncId();
}

/** A timer as Node shows it: with its ids among its fields. */
function shown(item) {
  const copy = Object.create(Object.getPrototypeOf(item));
  for (const key of Reflect.ownKeys(item)) {
    if (key === kAsyncContext || key === kId || key === 'asyncId' || key === 'triggerAsyncId') continue;
    copy[key] = item[key];
  }
  copy[Symbol('asyncId')] = idOf(item);
  copy[Symbol('triggerId')] = item.triggerAsyncId || hooks.executionAsyncId;
  return copy;
}

function clearTimeout(timer) {
  if (timer?._onTimeout) {
    timer._onTimeout = null;
    unenroll(timer);
    return;
  }
  if (typeof timer === 'number' || typeof timer === 'string') {
    const known = knownById.get(Number(timer));
    if (known !== undefined) {
      known._onTimeout = null;
      unenroll(known);
    }
  }
}

/** Takes a timer out of its queue; an emptied queue leaves the heap. */
function unenroll(item) {
  if (item._destroyed) return;
  item._destroyed = true;
  if (item[kHasPrimitive]) knownById.delete(item[kId]);
  if (item.asyncId !== 0) hooks.destroy(item);
  unlink(item);
  if (item[kRefed]) {
    // An emptied queue is taken out at once; unref'd ones go when they come due.
    const list = lists.get(Math.trunc(item._idleTimeout));
    if (list !== undefined && isEmpty(list)) {
      heapRemove(list);
      lists.delete(list.msecs);
      if (heap.length > 0) {
        nextExpiry = heap[0].expiry;
        scheduleTimer(Math.max(nextExpiry - getLibuvNow(), 1));
      } else {
        nextExpiry = Infinity;
      }
    }
    decRef();
  }
  item._idleTimeout = -1;
}

/** (Re)starts a timer that keeps the process alive. */
function active(item) {
  activate(item, true);
}

/** (Re)starts a timer that does not. */
function unrefActive(item) {
  activate(item, false);
}

function activate(item, refed) {
  const msecs = item._idleTimeout;
  if (msecs < 0 || msecs === undefined) return;
  if (item[kRefed] === undefined) {
    // An object of the old `enroll` kind: no Timeout, but treated as one.
    item[kRefed] = refed;
    if (refed) incRef();
    item._destroyed = false;
  } else if (item._destroyed) {
    item._destroyed = false;
    if (item[kRefed]) incRef();
  } else if (item[kRefed] !== refed) {
    item[kRefed] = refed;
    if (refed) incRef();
    else decRef();
  }
  if (item._idleNext) unlinkFromList(item);
  insert(item, msecs);
}

/** Unlinks a timer that is about to be queued again. */
function unlinkFromList(item) {
  const list = lists.get(Math.trunc(item._idleTimeout));
  unlink(item);
  if (list !== undefined && isEmpty(list) && list.position >= 0) {
    heapRemove(list);
    lists.delete(list.msecs);
    if (heap.length === 0) nextExpiry = Infinity;
  }
}

// ---------------------------------------------------------------- running timers

/** The loop timer is due. Returns the next expiry (negative: nothing ref'd), 0 if nothing is left. */
function processTimers(now) {
  nextExpiry = Infinity;
  let ranOne = false;
  for (;;) {
    const list = heap[0];
    if (list === undefined) return 0;
    if (list.expiry > now) {
      nextExpiry = list.expiry;
      now = getLibuvNow();
      if (list.expiry > now) return refCount > 0 ? nextExpiry : -nextExpiry;
    }
    if (ranOne) runNextTicks();
    else ranOne = true;
    runList(list, now);
  }
}

function runList(list, now) {
  const { msecs } = list;
  let ranOne = false;
  let timer;
  while ((timer = list._idleNext) !== list) {
    const elapsed = now - timer._idleStart;
    if (elapsed < msecs) {
      // The head was queued later than the queue's expiry said.
      list.expiry = Math.max(timer._idleStart + msecs, now + 1);
      list.id = ++listCount;
      siftDown(list, list.position);
      return;
    }
    if (ranOne) runNextTicks();
    else ranOne = true;
    if (timer._idleNext === null) continue;
    if (timer !== list._idleNext) continue;
    unlink(timer);
    let start;
    if (timer._repeat) start = getLibuvNow();
    if (!timer._onTimeout) {
      finish(timer);
      continue;
    }
    const hooked = hooks.active || timer.asyncId !== 0;
    if (hooked) hooks.before(timer);
    setAsyncContext(timer[kAsyncContext]);
    try {
      const args = timer._timerArgs;
      if (args === undefined) timer._onTimeout();
      else Reflect.apply(timer._onTimeout, timer, args);
    } finally {
      setAsyncContext(undefined);
      if (timer._repeat && timer._idleTimeout !== -1) {
        timer._idleTimeout = timer._repeat;
        insert(timer, timer._idleTimeout, start);
      } else if (!timer._idleNext && !timer._idlePrev && !timer._destroyed) {
        finish(timer);
      }
    }
    if (hooked) hooks.after(timer);
  }
  if (list.position >= 0 && lists.get(msecs) === list) {
    heapRemove(list);
    lists.delete(msecs);
  }
}

/** A one-shot timer has fired (or was cleared while queued). */
function finish(timer) {
  if (timer._destroyed) return;
  timer._destroyed = true;
  if (timer[kHasPrimitive]) knownById.delete(timer[kId]);
  if (timer.asyncId !== 0) hooks.destroy(timer);
  if (timer[kRefed]) decRef();
}

// ---------------------------------------------------------------- immediates

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

const queue = new ImmediateList();
/** What a throwing immediate left unfinished. */
const outstanding = new ImmediateList();

class Immediate {
  constructor(callback, args) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = false;
    this[kAsyncContext] = getAsyncContext();
    this.asyncId = 0;
    this.triggerAsyncId = 0;
    if (hooks.active) hooks.init(this, 'Immediate');
    this.ref();
    immediateInfo[COUNT]++;
    queue.append(this);
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (immediateInfo[REF_COUNT]++ === 0) toggleImmediateRef(true);
    }
    return this;
  }

  unref() {
    if (this[kRefed] === true) {
      this[kRefed] = false;
      if (--immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
    }
    return this;
  }

  hasRef() {
    return !!this[kRefed];
  }

  [customInspect](_depth, options) {
    const { inspect } = require('internal/util/inspect');
    return inspect(shown(this), { ...options, depth: 0, customInspect: false });
  }

  [Symbol.dispose]() {
    clearImmediate(this);
  }
}

function clearImmediate(immediate) {
  if (!immediate?._onImmediate || immediate._destroyed) return;
  immediateInfo[COUNT]--;
  immediate._destroyed = true;
  if (immediate[kRefed] && --immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
  immediate[kRefed] = null;
  if (immediate.asyncId !== 0) hooks.destroy(immediate);
  immediate._onImmediate = null;
  queue.remove(immediate);
}

/** The check phase: everything queued so far; what is queued meanwhile waits for the next turn. */
function processImmediate() {
  const source = outstanding.head !== null ? outstanding : queue;
  let immediate = source.head;
  // The rest of a run that threw stays in `outstanding`; a fresh run empties the queue first.
  if (source !== outstanding) queue.head = queue.tail = null;
  let previous;
  let ranOne = false;
  while (immediate !== null) {
    if (ranOne) runNextTicks();
    else ranOne = true;
    // Cleared meanwhile: its links still lead on.
    if (immediate._destroyed) {
      outstanding.head = immediate = previous?._idleNext ?? nextOf(immediate);
      continue;
    }
    immediate._destroyed = true;
    immediateInfo[COUNT]--;
    if (immediate[kRefed] && --immediateInfo[REF_COUNT] === 0) toggleImmediateRef(false);
    immediate[kRefed] = null;
    previous = immediate;
    const hooked = hooks.active || immediate.asyncId !== 0;
    if (hooked) hooks.before(immediate);
    setAsyncContext(immediate[kAsyncContext]);
    let threw = true;
    try {
      const argv = immediate._argv;
      if (!argv) immediate._onImmediate();
      else immediate._onImmediate(...argv);
      threw = false;
    } finally {
      setAsyncContext(undefined);
      immediate._onImmediate = null;
      if (immediate.asyncId !== 0) hooks.destroy(immediate);
      if (threw) {
        outstanding.head = immediate._idleNext;
        immediateInfo[HAS_OUTSTANDING] = outstanding.head === null ? 0 : 1;
      }
      immediate = immediate._idleNext;
    }
    if (hooked) hooks.after(previous);
  }
  outstanding.head = null;
  immediateInfo[HAS_OUTSTANDING] = 0;
}

function nextOf(item) {
  return item._idleNext;
}

/** Names for process.getActiveResourcesInfo(). */
function activeTimerNames() {
  const names = [];
  for (const list of lists.values()) {
    for (let item = list._idleNext; item !== list; item = item._idleNext) {
      if (item[kRefed]) names.push('Timeout');
    }
  }
  for (let i = 0; i < immediateInfo[REF_COUNT]; i++) names.push('Immediate');
  return names;
}

native.setupTimers(processImmediate, processTimers);

module.exports = {
  Immediate,
  TIMEOUT_MAX,
  Timeout,
  active,
  activeTimerNames,
  clearImmediate,
  clearTimeout,
  getTimerDuration,
  insert,
  kRefed,
  kTimeout: Symbol('timeout'),
  knownById,
  unenroll,
  unrefActive,
};

/** Checks a duration given by a user of timers inside other builtins (sockets). Node docs: socket.setTimeout. */
function getTimerDuration(msecs, name) {
  const { validateNumber } = require('internal/validators');
  validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) {
    const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
    throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  }
  if (msecs > TIMEOUT_MAX) {
    require('internal/process/object').emitWarning(
      `${msecs} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${TIMEOUT_MAX}.`,
      'TimeoutOverflowWarning');
    return TIMEOUT_MAX;
  }
  return msecs;
}
