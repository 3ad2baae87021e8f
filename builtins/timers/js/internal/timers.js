/**
 * Timeouts: lists by duration over one loop timer.
 *
 * Timers of equal duration expire in the order they were started, so each duration needs only a
 * linked list; a heap holds the lists by the expiry of their first timer, and the loop waits for
 * the earliest. A million idle sockets with one timeout cost one loop timer.
 *
 * `processTimers(now)` is called by the loop. A callback that throws leaves its list as it is and
 * lets the exception out; the loop reports it and calls again, which goes on with the rest.
 *
 * **Invariant:** `refCount` is the number of timers that are ref'd and not destroyed; the loop
 * timer is ref'd exactly while it is above zero.
 */
'use strict';

const hooks = require('internal/async_ids');
const { get: getAsyncContext, set: setAsyncContext } = require('internal/async_context');
const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateNumber } = require('internal/validators');
const { runNextTicks } = require('internal/process/task_queues');
const PriorityQueue = require('internal/timers/priority_queue');
const immediates = require('internal/timers/immediates');

const { getLibuvNow, scheduleTimer, setupTimers, toggleTimerRef } = binding('timers');

/** The longest delay in milliseconds. Node docs: setTimeout, `delay`. */
const TIMEOUT_MAX = 2 ** 31 - 1;

const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const { kAsyncId, kTriggerId, kAsyncContextFrame } = immediates;

/** Lists by duration in whole milliseconds. */
const lists = new Map();
const queue = new PriorityQueue();

/** Timers that were turned into a number, by that number. */
const knownTimersById = new Map();

let listId = Number.MIN_SAFE_INTEGER;
let refCount = 0;
let nextExpiry = Infinity;
let warnedNegative = false;
let warnedNaN = false;

/** The timers of one duration, oldest first: a ring whose link is the list itself. */
class TimersList {
  constructor(expiry, msecs) {
    this._idleNext = this;
    this._idlePrev = this;
    this.expiry = expiry;
    this.id = listId++;
    this.msecs = msecs;
    this.position = -1;
  }
}

function unlink(timer) {
  if (timer._idleNext) timer._idleNext._idlePrev = timer._idlePrev;
  if (timer._idlePrev) timer._idlePrev._idleNext = timer._idleNext;
  timer._idleNext = null;
  timer._idlePrev = null;
}

function append(list, timer) {
  if (timer._idleNext || timer._idlePrev) unlink(timer);
  const last = list._idlePrev;
  timer._idleNext = list;
  timer._idlePrev = last;
  last._idleNext = timer;
  list._idlePrev = timer;
}

function increaseRefs() {
  if (refCount++ === 0) toggleTimerRef(true);
}

function decreaseRefs() {
  if (--refCount === 0) toggleTimerRef(false);
}

/** Puts `timer` at the end of the list of its duration, as started at `start`. */
function insert(timer, msecs, start) {
  msecs = Math.trunc(msecs);
  timer._idleStart = start;
  let list = lists.get(msecs);
  if (list === undefined) {
    const expiry = start + msecs;
    list = new TimersList(expiry, msecs);
    lists.set(msecs, list);
    queue.insert(list);
    if (nextExpiry > expiry) {
      nextExpiry = expiry;
      scheduleTimer(msecs);
    }
  }
  append(list, timer);
}

/** (Re)starts a timer that may have fired or been destroyed; one without a delay stays as it is. */
function start(timer, refed, now = getLibuvNow()) {
  const msecs = timer._idleTimeout;
  if (msecs === undefined || msecs < 0) return;
  insert(timer, msecs, now);
  if (timer._destroyed || timer[kAsyncId] === undefined) {
    timer._destroyed = false;
    initResource(timer);
    if (refed) increaseRefs();
  } else if (refed && !timer[kRefed]) {
    increaseRefs();
  } else if (!refed && timer[kRefed]) {
    decreaseRefs();
  }
  timer[kRefed] = refed;
}

function initResource(timer) {
  timer[kAsyncId] = hooks.newAsyncId();
  timer[kTriggerId] = hooks.executionAsyncId;
  if (hooks.active) hooks.init(timer, 'Timeout');
}

/** Marks a timer that will not run again. */
function retire(timer) {
  timer._destroyed = true;
  if (timer[kHasPrimitive]) knownTimersById.delete(timer[kAsyncId]);
  if (timer[kRefed]) decreaseRefs();
  if (hooks.active) hooks.destroy(timer);
}

/** Stops a timer. */
function unenroll(timer) {
  if (timer._destroyed) return;
  retire(timer);
  unlink(timer);
  const list = lists.get(Math.trunc(timer._idleTimeout));
  if (list !== undefined && list._idleNext === list) {
    lists.delete(list.msecs);
    queue.remove(list);
  }
  timer._idleTimeout = -1;
}

/** What `delay` means: at least 1 and at most TIMEOUT_MAX; anything else is 1, and may warn. */
function toDelay(delay) {
  if (delay === undefined) return 1;
  delay *= 1;
  if (delay >= 1 && delay <= TIMEOUT_MAX) return delay;
  if (delay > TIMEOUT_MAX) {
    warn(`${delay} does not fit into a 32-bit signed integer.`, 'TimeoutOverflowWarning');
  } else if (delay < 0 && !warnedNegative) {
    warnedNegative = true;
    warn(`${delay} is a negative number.`, 'TimeoutNegativeWarning');
  } else if (!warnedNaN && delay !== delay) {
    warnedNaN = true;
    warn(`${delay} is not a number.`, 'TimeoutNaNWarning');
  }
  return 1;
}

function warn(what, name) {
  process.emitWarning(`${what}\nTimeout duration was set to 1.`, name);
}

/** What setTimeout and setInterval hand out. Node docs: timers, class Timeout. */
class Timeout {
  constructor(callback, delay, args, isRepeat, isRefed) {
    const msecs = toDelay(delay);
    this._idleTimeout = msecs;
    this._idlePrev = null;
    this._idleNext = null;
    this._idleStart = null;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = isRepeat ? msecs : null;
    this._destroyed = false;
    if (isRefed) increaseRefs();
    this[kRefed] = isRefed;
    this[kHasPrimitive] = false;
    this[kAsyncId] = 0;
    this[kTriggerId] = 0;
    this[kAsyncContextFrame] = getAsyncContext();
    initResource(this);
  }

  /** Starts the delay anew. */
  refresh() {
    start(this, this[kRefed]);
    return this;
  }

  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) decreaseRefs();
    }
    return this;
  }

  ref() {
    if (!this[kRefed]) {
      this[kRefed] = true;
      if (!this._destroyed) increaseRefs();
    }
    return this;
  }

  hasRef() {
    return this[kRefed];
  }
}

Object.assign(Timeout.prototype, {
  close: anonymous(function() {
    clearTimeout(this);
    return this;
  }),
});

/** The timer itself is what one wants to see, not the ring it hangs in. */
Object.defineProperty(Timeout.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  __proto__: null, configurable: true, writable: true,
  value: { '[nodejs.util.inspect.custom]'(_, options) {
    const { inspect } = require('util');
    return inspect(this, { ...options, depth: 0, customInspect: false });
  } }['[nodejs.util.inspect.custom]'],
});

Timeout.prototype[Symbol.dispose] = anonymous(function() {
  clearTimeout(this);
});

/** A number `clearTimeout` takes, too. */
Timeout.prototype[Symbol.toPrimitive] = anonymous(function() {
  if (!this[kHasPrimitive]) {
    this[kHasPrimitive] = true;
    knownTimersById.set(this[kAsyncId], this);
  }
  return this[kAsyncId];
});

immediates.defineAsyncIds(Timeout.prototype);

/** Node's assigned methods have no name. */
function anonymous(method) {
  Object.defineProperty(method, 'name', { __proto__: null, configurable: true, value: '' });
  return method;
}

/** Stops a Timeout; takes its number as well and ignores everything else. */
function clearTimeout(timer) {
  if (timer?._onTimeout) {
    timer._onTimeout = undefined;
    timer._timerArgs = undefined;
    unenroll(timer);
    return;
  }
  if (typeof timer === 'number' || typeof timer === 'string') {
    const known = knownTimersById.get(Number(timer));
    if (known !== undefined) clearTimeout(known);
  }
}

/** Starts a new Timeout; `args` is an array or undefined. */
function startTimeout(callback, delay, args, isRepeat, isRefed) {
  const timeout = new Timeout(callback, delay, args, isRepeat, isRefed);
  insert(timeout, timeout._idleTimeout, getLibuvNow());
  return timeout;
}

/** For builtins: a timer that does not keep the process alive. */
function setUnrefTimeout(callback, delay) {
  return startTimeout(callback, delay, undefined, false, false);
}

/** Called by the loop. Returns the next expiry, negative if nothing ref'd waits; 0 for none. */
function processTimers(now) {
  nextExpiry = Infinity;
  let ranList = false;
  for (let list = queue.peek(); list !== undefined; list = queue.peek()) {
    if (list.expiry > now) {
      nextExpiry = list.expiry;
      // The callbacks took their time: what was not due may be by now.
      now = getLibuvNow();
      if (nextExpiry > now) return refCount > 0 ? nextExpiry : -nextExpiry;
      // It is due after all: what is started from now on has to arm the loop's timer again.
      nextExpiry = Infinity;
    }
    if (ranList) runNextTicks();
    else ranList = true;
    runList(list, now);
  }
  return 0;
}

/** Runs the timers of `list` that are due. */
function runList(list, now) {
  const msecs = list.msecs;
  let ranTimer = false;
  for (let timer = list._idleNext; timer !== list; timer = list._idleNext) {
    const elapsed = now - timer._idleStart;
    if (elapsed < msecs) {
      list.expiry = Math.max(timer._idleStart + msecs, now + 1);
      list.id = listId++;
      queue.moveDown(list);
      return;
    }
    if (ranTimer) {
      runNextTicks();
      // Ticks and jobs may have stopped this very timer.
      if (list._idleNext !== timer) continue;
    } else {
      ranTimer = true;
    }
    unlink(timer);
    if (typeof timer._onTimeout !== 'function') {
      if (!timer._destroyed) retire(timer);
      continue;
    }
    fire(timer);
  }
  // A callback may have emptied the list for good and started another of the same duration.
  if (lists.get(msecs) === list) {
    lists.delete(msecs);
    queue.remove(list);
  }
}

/** Calls back; then an interval starts anew and a timeout is over, even if the callback threw. */
function fire(timer) {
  const repeats = timer._repeat;
  const startedAt = repeats ? getLibuvNow() : 0;
  const hooked = hooks.active;
  const context = setAsyncContext(timer[kAsyncContextFrame]);
  if (hooked) {
    hooks.before(timer);
  } else {
    hooks.executionResource = timer;
    hooks.executionAsyncId = timer[kAsyncId];
    hooks.triggerAsyncId = timer[kTriggerId];
  }
  let threw = true;
  try {
    const args = timer._timerArgs;
    if (args === undefined) timer._onTimeout();
    else timer._onTimeout(...args);
    threw = false;
  } finally {
    // 'uncaughtException' runs in the context of what threw; the turn resets it.
    if (!threw) setAsyncContext(context);
    if (timer._repeat && timer._idleTimeout !== -1) {
      timer._idleTimeout = timer._repeat;
      insert(timer, timer._idleTimeout, repeats ? startedAt : getLibuvNow());
    } else if (!timer._idleNext && !timer._idlePrev && !timer._destroyed) {
      retire(timer);
    }
  }
  if (hooked) {
    hooks.after(timer);
  } else {
    if (hooks.active) hooks.lateAfter(timer);
    hooks.executionAsyncId = hooks.triggerAsyncId = 0;
    hooks.executionResource = undefined;
  }
}

/** For other builtins: starts a timer that is theirs, and keeps the process alive. */
function active(timer) {
  start(timer, true);
}

/** As `active`, without keeping the process alive. */
function unrefActive(timer) {
  start(timer, false);
}

/**
 * Checks a duration the user of another builtin gave, in milliseconds. Too long ones warn and are
 * cut. Throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE. Node docs: socket.setTimeout.
 */
function getTimerDuration(msecs, name) {
  validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) {
    throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  }
  if (msecs <= TIMEOUT_MAX) return msecs;
  process.emitWarning(
    `${msecs} does not fit into a 32-bit signed integer.` +
    `\nTimer duration was truncated to ${TIMEOUT_MAX}.`, 'TimeoutOverflowWarning');
  return TIMEOUT_MAX;
}

/** What keeps the process alive, as `process.getActiveResourcesInfo` names it. */
function activeTimerNames() {
  const names = new Array(refCount).fill('Timeout');
  return names.concat(new Array(immediates.refCount()).fill('Immediate'));
}

setupTimers(immediates.processImmediate, processTimers);

module.exports = {
  TIMEOUT_MAX,
  Timeout,
  active,
  activeTimerNames,
  clearTimeout,
  getTimerDuration,
  kRefed,
  kTimeout: Symbol('timeout'),
  setUnrefTimeout,
  startTimeout,
  unenroll,
  unrefActive,
};
