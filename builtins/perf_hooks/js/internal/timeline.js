/**
 * The timeline: what has been recorded, and who watches.
 *
 * Marks, measures and resources are kept until cleared; entries of other types go to observers
 * only. Observers hear of new entries together, in a check phase of the loop.
 * Standard: Performance Timeline; Node docs: class PerformanceObserver.
 */
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject, lazyDOMException } = require('internal/util');
const { validateFunction, validateObject } = require('internal/validators');
const { PerformanceEntry, kCreate } = require('internal/perf_hooks/entries');

/** Types something here records; others may be asked for and stay silent. */
const SUPPORTED_TYPES = Object.freeze(['dns', 'function', 'gc', 'http', 'http2', 'mark', 'measure', 'net', 'resource']);

/** Above it a leak is likely, says Node. */
const WARN_ENTRIES = 1e6;

/** Resource Timing: entries kept unless `setResourceTimingBufferSize` says otherwise. */
const RESOURCES_MAX = 250;

const marks = [];
const measures = [];
let resources = [];
/** Resources that came when the buffer was full; they get in if its listener makes room. */
let waitingResources = [];
let resourcesMax = RESOURCES_MAX;
let bufferFullPending = false;

const observers = new Set();
const pending = new Set();
let dispatchScheduled = false;

let watchingGc = false;

/** After any change of who watches what. */
function observersChanged() {
  const wanted = hasObserver('gc');
  if (wanted === watchingGc) return;
  watchingGc = wanted;
  const gc = require('internal/perf_hooks/gc');
  if (wanted) gc.listen(recordGc);
  else gc.forget(recordGc);
}

/** Node docs: performanceNodeEntry.detail, "Garbage Collection ('gc') Details". */
function recordGc({ major, forced, startTime, duration }) {
  const constants = require('internal/perf_hooks/constants');
  const { createEntry } = require('internal/perf_hooks/entries');
  const detail = {
    kind: major ? constants.NODE_PERFORMANCE_GC_MAJOR : constants.NODE_PERFORMANCE_GC_MINOR,
    flags: forced ? constants.NODE_PERFORMANCE_GC_FLAGS_FORCED : constants.NODE_PERFORMANCE_GC_FLAGS_NO,
  };
  enqueue(createEntry('gc', 'gc', startTime, duration, detail));
}

const byStartTime = (entries) => entries.sort((a, b) => a.startTime - b.startTime);

/** Hands `entry` to the observers of its type. */
function enqueue(entry) {
  if (!(entry instanceof PerformanceEntry)) {
    throw new ERR_INVALID_ARG_TYPE('entry', 'PerformanceEntry', entry);
  }
  for (const observer of observers) observer.offer(entry);
}

/** Whether anybody watches entries of `type`: who records at a cost asks first. */
function hasObserver(type) {
  for (const observer of observers) if (observer.watches(type)) return true;
  return false;
}

let warnedOfSize = false;

/** Keeps a mark or a measure, and tells. */
function record(entry) {
  const list = entry.entryType === 'mark' ? marks : measures;
  list.push(entry);
  enqueue(entry);
  if (list.length > WARN_ENTRIES && !warnedOfSize) {
    warnedOfSize = true;
    const clear = entry.entryType === 'mark' ? 'performance.clearMarks' : 'performance.clearMeasures';
    process.emitWarning(
      `Possible perf_hooks memory leak detected. ${list.length} ${entry.entryType} entries added ` +
      `to the global performance entry buffer. Use ${clear} to clear the buffer.`,
      'MaxPerformanceEntryBufferExceededWarning');
  }
}

/** Keeps a resource. Standard: Resource Timing, "add a PerformanceResourceTiming entry". */
function recordResource(entry) {
  enqueue(entry);
  if (resources.length < resourcesMax && !bufferFullPending) {
    resources.push(entry);
    return;
  }
  waitingResources.push(entry);
  if (!bufferFullPending) {
    bufferFullPending = true;
    require('timers').setImmediate(announceFullBuffer);
  }
}

/** Standard: Resource Timing, "fire a buffer full event". */
function announceFullBuffer() {
  const { performance } = require('internal/perf_hooks/performance');
  while (waitingResources.length > 0) {
    const before = waitingResources.length;
    if (resources.length >= resourcesMax) {
      performance.dispatchEvent(new Event('resourcetimingbufferfull'));
    }
    while (waitingResources.length > 0 && resources.length < resourcesMax) {
      resources.push(waitingResources.shift());
    }
    // The listener made no room: what waits is lost.
    if (waitingResources.length >= before) waitingResources = [];
  }
  bufferFullPending = false;
}

function setResourcesMax(count) {
  resourcesMax = count;
}

function clearResources(name) {
  resources = name === undefined ? [] : resources.filter((entry) => entry.name !== name);
}

function clear(type, name) {
  const list = type === 'mark' ? marks : measures;
  const kept = name === undefined ? [] : list.filter((entry) => entry.name !== name);
  list.splice(0, list.length, ...kept);
}

/** What is kept, by start time; `name` and `type` may be undefined. */
function entriesBy(name, type) {
  const lists = { __proto__: null, mark: marks, measure: measures, resource: resources };
  let all;
  if (type === undefined) all = [...marks, ...measures, ...resources];
  else all = type in lists ? lists[type].slice() : [];
  if (name !== undefined) all = all.filter((entry) => entry.name === name);
  return byStartTime(all);
}

/** The start of the newest mark of that name; undefined if there is none. */
function lastMarkStart(name) {
  for (let i = marks.length - 1; i >= 0; i--) {
    if (marks[i].name === name) return marks[i].startTime;
  }
  return undefined;
}

class PerformanceObserverEntryList {
  #entries;

  constructor(token = undefined, entries = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#entries = byStartTime(entries);
  }

  getEntries() {
    return this.#entries.slice();
  }

  getEntriesByType(type) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    type = `${type}`;
    return this.#entries.filter((entry) => entry.entryType === type);
  }

  getEntriesByName(name, type = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    name = `${name}`;
    return this.#entries.filter(
      (entry) => entry.name === name && (type === undefined || entry.entryType === type));
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const inspect = arguments[2] ?? require('util').inspect;
    return `PerformanceObserverEntryList ${inspect(this.#entries, nested)}`;
  }
}

function scheduleDispatch() {
  if (dispatchScheduled) return;
  dispatchScheduled = true;
  require('timers').setImmediate(() => {
    dispatchScheduled = false;
    const due = [...pending];
    pending.clear();
    for (const deliver of due) deliver();
  });
}

/** What the timeline knows of an observer that is connected. */
class Registration {
  constructor(deliver) {
    this.buffer = [];
    this.deliver = deliver;
    this.types = new Set();
  }

  watches(type) {
    return this.types.has(type);
  }

  offer(entry) {
    if (!this.types.has(entry.entryType)) return;
    this.buffer.push(entry);
    pending.add(this.deliver);
    scheduleDispatch();
  }

  take() {
    const entries = this.buffer;
    this.buffer = [];
    return entries;
  }
}

class PerformanceObserver {
  #callback;
  #mode = undefined;
  #registration;

  constructor(callback) {
    validateFunction(callback, 'callback');
    this.#callback = callback;
    this.#registration = new Registration(() => this.#deliver());
  }

  static get supportedEntryTypes() {
    return SUPPORTED_TYPES;
  }

  #deliver() {
    const entries = this.#registration.take();
    if (entries.length === 0) return;
    const list = new PerformanceObserverEntryList(kCreate, entries);
    Reflect.apply(this.#callback, this, [list, this]);
  }

  /** `{ entryTypes }` chooses anew, and what waits stays; `{ type, buffered }` adds one type, with what is kept of it. */
  observe(options = kEmptyObject) {
    validateObject(options, 'options');
    const { entryTypes, type, buffered } = { ...options };
    if (entryTypes === undefined && type === undefined) {
      throw new ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    }
    if (entryTypes != null && type != null) {
      throw new ERR_INVALID_ARG_VALUE(
        'options.entryTypes', entryTypes,
        'options.entryTypes can not set with options.type together');
    }
    const mode = entryTypes === undefined ? 'single' : 'multiple';
    if (this.#mode !== undefined && this.#mode !== mode) {
      throw lazyDOMException(
        `PerformanceObserver can not change to ${mode === 'single' ? 'single observation' : 'multiple observations'}`,
        'InvalidModificationError');
    }
    this.#mode = mode;
    const registration = this.#registration;
    if (mode === 'multiple') {
      if (!Array.isArray(entryTypes)) {
        throw new ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
      }
      registration.types = new Set(entryTypes.filter((name) => SUPPORTED_TYPES.includes(name)));
    } else {
      if (!SUPPORTED_TYPES.includes(type)) return;
      registration.types.add(type);
      if (buffered) for (const entry of entriesBy(undefined, type)) registration.offer(entry);
    }
    if (registration.types.size > 0) observers.add(registration);
    else this.disconnect();
    observersChanged();
  }

  disconnect() {
    const registration = this.#registration;
    observers.delete(registration);
    pending.delete(registration.deliver);
    registration.take();
    registration.types.clear();
    this.#mode = undefined;
    observersChanged();
  }

  takeRecords() {
    return this.#registration.take();
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const inspect = arguments[2] ?? require('util').inspect;
    const registration = this.#registration;
    return `PerformanceObserver ${inspect({
      connected: observers.has(registration),
      pending: pending.has(registration.deliver),
      entryTypes: [...registration.types],
      buffer: registration.buffer,
    }, nested)}`;
  }
}

for (const [Class, names] of [
  [PerformanceObserver, ['observe', 'disconnect', 'takeRecords']],
  [PerformanceObserverEntryList, ['getEntries', 'getEntriesByType', 'getEntriesByName']],
]) {
  for (const name of names) {
    Object.defineProperty(Class.prototype, name, { __proto__: null, enumerable: true });
  }
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null, configurable: true, value: Class.name,
  });
}

module.exports = {
  PerformanceObserver,
  PerformanceObserverEntryList,
  clear,
  clearResources,
  enqueue,
  entriesBy,
  hasObserver,
  lastMarkStart,
  record,
  recordResource,
  setResourcesMax,
};
