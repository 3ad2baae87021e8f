/**
 * `performance`: clock, marks and measures, and what Node adds to it.
 * Standards: High Resolution Time, User Timing, Resource Timing; Node docs: perf_hooks.performance.
 */
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR, ERR_INTERNAL_ASSERTION, ERR_INVALID_THIS, ERR_MISSING_ARGS,
    ERR_PERFORMANCE_INVALID_TIMESTAMP, ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS,
  },
} = require('internal/errors');
const { EventTarget } = require('internal/event_target');
const { customInspectSymbol, kEmptyObject, lazyDOMException } = require('internal/util');
const { validateFunction, validateObject } = require('internal/validators');
const {
  NODE_TIMING_NAMES, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceResourceTiming,
  createEntry, kCreate,
} = require('internal/perf_hooks/entries');
const timeline = require('internal/perf_hooks/timeline');
const time = require('internal/perf_hooks/time');

const { hrtime, loopMetrics, milestones } = binding('perf_hooks');
const { origin } = time;

// Places in what `milestones` returns.
const NODE_START = 0;
const ENGINE = 1;
const ENVIRONMENT = 2;
const BOOTSTRAP = 3;
const LOOP_START = 4;
const LOOP_EXIT = 5;

/** Milliseconds since the time origin; -1 for what has not happened. */
function milestone(index) {
  const reached = milestones()[index];
  return reached === 0 ? -1 : reached - origin;
}

/** Node docs: class PerformanceNodeTiming. */
class PerformanceNodeTiming extends PerformanceEntry {
  constructor() {
    super(kCreate, 'node', 'node', 0, 0);
    const define = (name, get, enumerable = true) => Object.defineProperty(this, name, {
      __proto__: null, configurable: true, enumerable, get,
    });
    define('name', () => 'node');
    define('entryType', () => 'node');
    define('startTime', () => 0);
    define('duration', time.now);
    // A worker starts long after its process, but never before its own time origin.
    define('nodeStart', () => Math.max(0, milestone(NODE_START)));
    define('v8Start', () => milestone(ENGINE));
    define('environment', () => milestone(ENVIRONMENT));
    define('loopStart', () => milestone(LOOP_START));
    define('loopExit', () => milestone(LOOP_EXIT));
    define('bootstrapComplete', () => milestone(BOOTSTRAP));
    define('idleTime', () => loopMetrics()[1]);
    define('uvMetricsInfo', () => {
      const [, , loopCount, events, eventsWaiting] = loopMetrics();
      return { loopCount, events, eventsWaiting };
    });
  }

  toJSON() {
    const out = {};
    for (const name of [
      'name', 'entryType', 'startTime', 'duration', 'nodeStart', 'v8Start', 'bootstrapComplete',
      'environment', 'loopStart', 'loopExit', 'idleTime',
    ]) {
      out[name] = this[name];
    }
    return out;
  }
}

let nodeTiming;
const timing = () => nodeTiming ??= new PerformanceNodeTiming();

/** Idle and active time of the loop, or what passed since `before` (until `after`). */
function eventLoopUtilization(before, after) {
  const [loopStart, idleNow] = loopMetrics();
  return utilizationOf(loopStart, idleNow, before, after);
}

/** The same of any loop, by when it started and how long it was idle; both 0 for one that did not start. */
function utilizationOf(loopStart, idleNow, before, after) {
  if (loopStart === 0) return { idle: 0, active: 0, utilization: 0 };
  if (after) return utilization(before.idle - after.idle, before.active - after.active);
  const activeNow = hrtime() - loopStart - idleNow;
  if (!before) return utilization(idleNow, activeNow);
  return utilization(idleNow - before.idle, activeNow - before.active);
}

function utilization(idle, active) {
  return { idle, active, utilization: active / (idle + active) };
}

/** A function that reports each call of `fn` as an entry of type 'function'. */
function timerify(fn, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined) require('internal/perf_hooks/histogram').checkRecordable(histogram, 'options.histogram');

  function complete(start, args) {
    const duration = time.now() - start;
    if (histogram !== undefined) histogram.record(Math.max(1, Math.ceil(duration * 1e6)));
    const entry = createEntry(fn.name, 'function', start, duration, args);
    for (let i = 0; i < args.length; i++) entry[i] = args[i];
    timeline.enqueue(entry);
  }

  function timerified(...args) {
    const constructing = new.target !== undefined;
    const start = time.now();
    const result = constructing ? Reflect.construct(fn, args, fn) : Reflect.apply(fn, this, args);
    if (!constructing && typeof result?.finally === 'function') {
      return result.finally(() => complete(start, args));
    }
    complete(start, args);
    return result;
  }
  Object.defineProperties(timerified, {
    length: { __proto__: null, configurable: false, enumerable: true, value: fn.length },
    name: { __proto__: null, configurable: false, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

/** The time a mark stands for: a number, a mark, or a milestone. */
function toTimestamp(mark) {
  if (typeof mark === 'number') {
    if (mark < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
    return mark;
  }
  mark = `${mark}`;
  if (NODE_TIMING_NAMES.includes(mark)) return timing()[mark];
  const start = timeline.lastMarkStart(mark);
  if (start === undefined) {
    throw lazyDOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  }
  return start;
}

/** Standard: User Timing, "measure". */
function measureTimes(startOrOptions, endMark) {
  let options = kEmptyObject;
  let startMark;
  if (startOrOptions !== null && typeof startOrOptions === 'object') {
    options = startOrOptions;
    const { start, end, duration } = options;
    const isEmpty = start === undefined && end === undefined && duration === undefined && options.detail === undefined;
    if (endMark !== undefined && !isEmpty) {
      throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('endMark must not be specified');
    }
    if (start !== undefined && end !== undefined && duration !== undefined) {
      throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS(
        'Must not have options.start, options.end, and options.duration specified');
    }
  } else if (startOrOptions !== undefined) {
    startMark = startOrOptions;
  }
  const { duration } = options;
  const from = startMark ?? options.start;
  const to = endMark ?? options.end;
  let end;
  if (to !== undefined) end = toTimestamp(to);
  else if (from !== undefined && duration !== undefined) end = toTimestamp(from) + toTimestamp(duration);
  else end = time.now();
  let start = 0;
  if (from !== undefined) start = toTimestamp(from);
  else if (to !== undefined && duration !== undefined) start = end - toTimestamp(duration);
  return { start, duration: end - start, detail: options.detail };
}

/** Checks the receiver. */
let check;

class Performance extends EventTarget {
  #own = true;
  #onFull = null;

  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  static {
    check = (value) => {
      if (typeof value !== 'object' || value === null || !(#own in value)) {
        throw new ERR_INVALID_THIS('Performance');
      }
    };
  }

  clearMarks(name = undefined) {
    check(this);
    timeline.clear('mark', name === undefined ? undefined : `${name}`);
  }

  clearMeasures(name = undefined) {
    check(this);
    timeline.clear('measure', name === undefined ? undefined : `${name}`);
  }

  clearResourceTimings(name = undefined) {
    check(this);
    timeline.clearResources(name === undefined ? undefined : `${name}`);
  }

  getEntries() {
    check(this);
    return timeline.entriesBy(undefined, undefined);
  }

  getEntriesByName(name) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return timeline.entriesBy(`${name}`, arguments[1]);
  }

  getEntriesByType(type) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    return timeline.entriesBy(undefined, `${type}`);
  }

  mark(name, options = kEmptyObject) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    const mark = new PerformanceMark(name, options);
    timeline.record(mark);
    return mark;
  }

  measure(name, startOrMeasureOptions = kEmptyObject, endMark = undefined) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    name = `${name}`;
    const { start, duration, detail } = measureTimes(
      arguments[1] === undefined ? undefined : startOrMeasureOptions, endMark);
    const measure = new PerformanceMeasure(kCreate, name, start, duration, detail);
    timeline.record(measure);
    return measure;
  }

  now() {
    if (!(#own in this)) throw new ERR_INVALID_THIS('Performance');
    return hrtime() - origin;
  }

  setResourceTimingBufferSize(maxSize) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('maxSize');
    // WebIDL unsigned long.
    timeline.setResourcesMax(maxSize >>> 0);
  }

  get timeOrigin() {
    check(this);
    return time.timeOrigin;
  }

  toJSON() {
    check(this);
    return {
      nodeTiming: timing(),
      timeOrigin: this.timeOrigin,
      eventLoopUtilization: eventLoopUtilization(),
    };
  }

  get onresourcetimingbufferfull() {
    check(this);
    return this.#onFull;
  }

  set onresourcetimingbufferfull(listener) {
    check(this);
    if (this.#onFull !== null) this.removeEventListener('resourcetimingbufferfull', this.#onFull);
    this.#onFull = typeof listener === 'function' ? listener : null;
    if (this.#onFull !== null) this.addEventListener('resourcetimingbufferfull', this.#onFull);
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const inspect = arguments[2] ?? require('util').inspect;
    return `Performance ${inspect({ nodeTiming: timing(), timeOrigin: this.timeOrigin }, nested)}`;
  }
}

/** Standard: Resource Timing, "mark resource timing"; called by fetch. */
function markResourceTiming(timingInfo, requestedUrl, initiatorType, global, cacheMode, bodyInfo,
                            responseStatus, deliveryType = '') {
  if (cacheMode !== '' && cacheMode !== 'local') {
    throw new ERR_INTERNAL_ASSERTION("cache must be an empty string or 'local'");
  }
  const entry = new PerformanceResourceTiming(kCreate, requestedUrl, {
    timing: timingInfo, initiatorType, cacheMode, bodyInfo, responseStatus, deliveryType,
  });
  timeline.recordResource(entry);
  return entry;
}

const hidden = (value) => ({ __proto__: null, configurable: true, enumerable: false, value, writable: true });

Object.defineProperties(Performance.prototype, {
  eventLoopUtilization: hidden(eventLoopUtilization),
  markResourceTiming: hidden(markResourceTiming),
  timerify: hidden(timerify),
  nodeTiming: {
    __proto__: null,
    configurable: true,
    get: timing,
    set(value) { Object.defineProperty(this, 'nodeTiming', { ...hidden(value), enumerable: true }); },
  },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'Performance' },
});
for (const name of [
  'clearMarks', 'clearMeasures', 'clearResourceTimings', 'getEntries', 'getEntriesByName',
  'getEntriesByType', 'mark', 'measure', 'now', 'setResourceTimingBufferSize', 'timeOrigin',
  'toJSON', 'onresourcetimingbufferfull',
]) {
  Object.defineProperty(Performance.prototype, name, { __proto__: null, enumerable: true });
}

module.exports = {
  Performance,
  eventLoopUtilization,
  performance: new Performance(kCreate),
  timerify,
  utilizationOf,
};
