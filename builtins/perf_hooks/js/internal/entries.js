/**
 * Entries of the performance timeline.
 * Standards: Performance Timeline, User Timing, Resource Timing; Node docs: class PerformanceEntry.
 */
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS,
    ERR_PERFORMANCE_INVALID_TIMESTAMP,
  },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const { validateNumber, validateObject } = require('internal/validators');
const { now } = require('internal/perf_hooks/time');

/** Lets builtins call constructors that are closed to users. */
const kCreate = Symbol('kCreate');

/** Names of `performance.nodeTiming` that `measure` knows; no mark may be called so. */
const NODE_TIMING_NAMES = [
  'nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit', 'bootstrapComplete',
];

function inspectAs(name, instance, depth, options, inspect) {
  if (depth < 0) return instance;
  const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${name} ${(inspect ?? require('util').inspect)(instance.toJSON(), nested)}`;
}

class PerformanceEntry {
  #name;
  #entryType;
  #startTime;
  #duration;

  constructor(token = undefined, name = undefined, entryType = undefined, startTime = undefined,
              duration = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#name = name;
    this.#entryType = entryType;
    this.#startTime = startTime;
    this.#duration = duration;
  }

  get name() {
    if (!(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return this.#name;
  }

  get entryType() {
    if (!(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return this.#entryType;
  }

  get startTime() {
    if (!(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return this.#startTime;
  }

  get duration() {
    if (!(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return this.#duration;
  }

  toJSON() {
    if (!(#name in this)) throw new ERR_INVALID_THIS('PerformanceEntry');
    return {
      name: this.#name,
      entryType: this.#entryType,
      startTime: this.#startTime,
      duration: this.#duration,
    };
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this.constructor.name, this, depth, options, arguments[2]);
  }
}

/** An entry with `detail`, of a type that only Node has ('function', 'gc', 'http' ...). */
class PerformanceNodeEntry extends PerformanceEntry {
  #detail;

  constructor(token, name, entryType, startTime, duration, detail) {
    super(token, name, entryType, startTime, duration);
    this.#detail = detail;
  }

  get detail() {
    if (!(#detail in this)) throw new ERR_INVALID_THIS('PerformanceNodeEntry');
    return this.#detail;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.#detail };
  }
}

function createEntry(name, entryType, startTime, duration, detail) {
  return new PerformanceNodeEntry(kCreate, name, entryType, startTime, duration, detail);
}

function cloneDetail(detail) {
  return detail === undefined || detail === null ? null : structuredClone(detail);
}

class PerformanceMark extends PerformanceEntry {
  #detail;

  constructor(name, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    name = `${name}`;
    if (NODE_TIMING_NAMES.includes(name)) throw new ERR_INVALID_ARG_VALUE('name', name);
    options ??= kEmptyObject;
    validateObject(options, 'options');
    const startTime = options.startTime ?? now();
    validateNumber(startTime, 'startTime');
    if (startTime < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(startTime);
    const detail = cloneDetail(options.detail);
    super(kCreate, name, 'mark', startTime, 0);
    this.#detail = detail;
  }

  get detail() {
    if (!(#detail in this)) throw new ERR_INVALID_THIS('PerformanceMark');
    return this.#detail;
  }

  toJSON() {
    return {
      name: this.name,
      entryType: this.entryType,
      startTime: this.startTime,
      duration: this.duration,
      detail: this.#detail,
    };
  }
}

class PerformanceMeasure extends PerformanceEntry {
  #detail;

  constructor(token = undefined, name = undefined, startTime = undefined, duration = undefined,
              detail = undefined) {
    super(token, name, 'measure', startTime, duration);
    this.#detail = cloneDetail(detail);
  }

  get detail() {
    if (!(#detail in this)) throw new ERR_INVALID_THIS('PerformanceMeasure');
    return this.#detail;
  }

  toJSON() {
    return {
      name: this.name,
      entryType: this.entryType,
      startTime: this.startTime,
      duration: this.duration,
      detail: this.#detail,
    };
  }
}

/** What a resource entry shows, in Node's order, and where it comes from. */
const RESOURCE_FIELDS = {
  '__proto__': null,
  'initiatorType': (data) => data.initiatorType,
  'workerStart': (data) => data.timing.finalServiceWorkerStartTime,
  'redirectStart': (data) => data.timing.redirectStartTime,
  'redirectEnd': (data) => data.timing.redirectEndTime,
  'fetchStart': (data) => data.timing.postRedirectStartTime,
  'domainLookupStart': (data) => data.timing.finalConnectionTimingInfo?.domainLookupStartTime,
  'domainLookupEnd': (data) => data.timing.finalConnectionTimingInfo?.domainLookupEndTime,
  'connectStart': (data) => data.timing.finalConnectionTimingInfo?.connectionStartTime,
  'connectEnd': (data) => data.timing.finalConnectionTimingInfo?.connectionEndTime,
  'secureConnectionStart': (data) => data.timing.finalConnectionTimingInfo?.secureConnectionStartTime,
  'nextHopProtocol': (data) => data.timing.finalConnectionTimingInfo?.ALPNNegotiatedProtocol,
  'requestStart': (data) => data.timing.finalNetworkRequestStartTime,
  'finalResponseHeadersStart': (data) => data.timing.finalNetworkResponseStartTime,
  'firstInterimResponseStart': (data) => data.timing.firstInterimNetworkResponseStartTime,
  'responseStart': (data) => data.timing.finalNetworkResponseStartTime,
  'responseEnd': (data) => data.timing.endTime,
  'encodedBodySize': (data) => data.timing.encodedBodySize,
  'decodedBodySize': (data) => data.timing.decodedBodySize,
  // Resource Timing: a cached response took nothing, any other its body and 300 bytes of headers.
  'transferSize': (data) => {
    if (data.cacheMode === 'local') return 0;
    if (data.cacheMode === 'validated') return 300;
    return data.timing.encodedBodySize + 300;
  },
  'deliveryType': (data) => data.deliveryType,
  'responseStatus': (data) => data.responseStatus,
  'renderBlockingStatus': (data) => data.timing.renderBlocking === true ? 'blocking' : 'non-blocking',
  'contentType': (data) => data.bodyInfo?.contentType ?? '',
  'contentEncoding': (data) => data.bodyInfo?.contentEncoding ?? '',
};

/** Checks the receiver. */
let dataOf;

class PerformanceResourceTiming extends PerformanceEntry {
  #data;

  static {
    dataOf = (entry) => {
      if (typeof entry !== 'object' || entry === null || !(#data in entry)) {
        throw new ERR_INVALID_THIS('PerformanceResourceTiming');
      }
      return entry.#data;
    };
  }

  constructor(token = undefined, name = undefined, data = undefined) {
    const start = data?.timing.startTime;
    super(token, name, 'resource', start, data?.timing.endTime - start);
    this.#data = data;
  }

  get name() {
    dataOf(this);
    return super.name;
  }

  get startTime() {
    dataOf(this);
    return super.startTime;
  }

  get duration() {
    dataOf(this);
    return super.duration;
  }

  toJSON() {
    const data = dataOf(this);
    const out = super.toJSON();
    for (const name of Object.keys(RESOURCE_FIELDS)) out[name] = RESOURCE_FIELDS[name](data);
    return out;
  }
}

for (const name of Object.keys(RESOURCE_FIELDS)) {
  const read = RESOURCE_FIELDS[name];
  const { get } = Object.getOwnPropertyDescriptor(
    { get [name]() { return read(dataOf(this)); } }, name);
  Object.defineProperty(PerformanceResourceTiming.prototype, name, {
    __proto__: null, configurable: true, enumerable: true, get,
  });
}

for (const name of ['name', 'entryType', 'startTime', 'duration', 'toJSON']) {
  Object.defineProperty(PerformanceEntry.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(PerformanceResourceTiming.prototype, 'toJSON', {
  __proto__: null, enumerable: true,
});
for (const Class of [PerformanceMark, PerformanceMeasure, PerformanceResourceTiming]) {
  if (Class !== PerformanceResourceTiming) {
    Object.defineProperty(Class.prototype, 'detail', { __proto__: null, enumerable: true });
  }
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null, configurable: true, value: Class.name,
  });
}

module.exports = {
  NODE_TIMING_NAMES,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceResourceTiming,
  createEntry,
  inspectAs,
  kCreate,
};
