/**
 * Histograms: `createHistogram`, and the delay of the event loop.
 * Node docs: class Histogram, class RecordableHistogram, perf_hooks.monitorEventLoopDelay.
 */
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const { validateInteger, validateNumber, validateObject } = require('internal/validators');
const { Hdr } = require('internal/perf_hooks/hdr');
const { kCreate } = require('internal/perf_hooks/entries');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');

const { hrtime } = binding('perf_hooks');

/** Node docs: monitorEventLoopDelay, one hour in nanoseconds. */
const DELAY_MAX_NS = 3.6e12;

const toBigInt = (value) => BigInt(Math.min(value, Number.MAX_VALUE));

/** Checks the receiver. */
let hdrOf;
/** Whether `value` can be written to. */
let isRecordable;

class Histogram {
  #hdr;

  constructor(token = undefined, hdr = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#hdr = hdr;
  }

  static {
    hdrOf = (value) => {
      if (typeof value !== 'object' || value === null || !(#hdr in value)) {
        throw new ERR_INVALID_THIS('Histogram');
      }
      return value.#hdr.refreshed();
    };
  }

  get count() { return hdrOf(this).total; }

  get countBigInt() { return toBigInt(hdrOf(this).total); }

  get min() { return hdrOf(this).lowest(); }

  get minBigInt() {
    const hdr = hdrOf(this);
    return hdr.total === 0 ? 2n ** 63n - 1n : toBigInt(hdr.lowest());
  }

  get max() { return hdrOf(this).greatest(); }

  get maxBigInt() { return toBigInt(hdrOf(this).greatest()); }

  get mean() { return hdrOf(this).mean(); }

  get exceeds() { return hdrOf(this).exceeds; }

  get exceedsBigInt() { return toBigInt(hdrOf(this).exceeds); }

  get stddev() { return hdrOf(this).stddev(); }

  get skewness() { return hdrOf(this).skewness(); }

  get kurtosis() { return hdrOf(this).kurtosis(); }

  percentile(percentile) {
    const hdr = hdrOf(this);
    validatePercentile(percentile);
    return hdr.percentile(percentile);
  }

  percentileBigInt(percentile) {
    const hdr = hdrOf(this);
    validatePercentile(percentile);
    return toBigInt(hdr.percentile(percentile));
  }

  get percentiles() { return new Map(hdrOf(this).percentiles()); }

  get percentilesBigInt() {
    return new Map(hdrOf(this).percentiles().map(([key, value]) => [key, toBigInt(value)]));
  }

  reset() {
    hdrOf(this).reset();
  }

  toJSON() {
    return {
      count: this.count,
      min: this.min,
      max: this.max,
      mean: this.mean,
      exceeds: this.exceeds,
      stddev: this.stddev,
      skewness: this.skewness,
      kurtosis: this.kurtosis,
      percentiles: Object.fromEntries(this.percentiles),
    };
  }

  [kClone]() {
    const Class = isRecordable(this) ? 'RecordableHistogram' : 'Histogram';
    return { data: hdrOf(this).share(), deserializeInfo: `internal/perf_hooks/histogram:${Class}` };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return `[${isRecordable(this) ? 'RecordableHistogram' : 'Histogram'}]`;
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const inspect = arguments[2] ?? require('util').inspect;
    return `Histogram ${inspect({
      min: this.min,
      max: this.max,
      mean: this.mean,
      exceeds: this.exceeds,
      stddev: this.stddev,
      skewness: this.skewness,
      kurtosis: this.kurtosis,
      count: this.count,
      percentiles: this.percentiles,
    }, nested)}`;
  }
}

function validatePercentile(percentile) {
  validateNumber(percentile, 'percentile');
  if (!(percentile > 0 && percentile <= 100)) {
    throw new ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', percentile);
  }
}

/** Statistics Node offers and this builtin does not yet. */
for (const name of [
  'burnRate', 'ccdf', 'cdf', 'cliffsD', 'cohensD', 'countAt', 'export', 'ksTest', 'linearBuckets',
  'logBuckets', 'mannWhitneyTest', 'meanCI', 'percentileCI', 'percentilesAt', 'qrde', 'welchTest',
]) {
  Object.defineProperty(Histogram.prototype, name, {
    __proto__: null,
    configurable: true,
    writable: true,
    value: { [name]() { throw new ERR_METHOD_NOT_IMPLEMENTED(`histogram.${name}()`); } }[name],
  });
}

class RecordableHistogram extends Histogram {
  #lastDelta = undefined;

  static {
    isRecordable = (value) => typeof value === 'object' && value !== null && #lastDelta in value;
  }

  record(val) {
    const hdr = checkedHdr(this);
    if (typeof val === 'bigint') {
      if (val < 1n || val > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new ERR_OUT_OF_RANGE('val', `>= 1 && <= ${Number.MAX_SAFE_INTEGER}`, val);
      }
      val = Number(val);
    } else {
      validateInteger(val, 'val', 1);
    }
    hdr.record(val);
  }

  /** Records the nanoseconds since the last call; the first call only starts the clock. */
  recordDelta() {
    const hdr = checkedHdr(this);
    const now = hrtime();
    if (this.#lastDelta !== undefined) {
      hdr.record(Math.max(1, Math.round((now - this.#lastDelta) * 1e6)));
    }
    this.#lastDelta = now;
  }

  add(other) {
    const hdr = checkedHdr(this);
    checkRecordable(other, 'other');
    hdr.add(hdrOf(other));
  }

  recordCorrected() {
    throw new ERR_METHOD_NOT_IMPLEMENTED('histogram.recordCorrected()');
  }

  subtract() {
    throw new ERR_METHOD_NOT_IMPLEMENTED('histogram.subtract()');
  }
}

function checkedHdr(value) {
  if (!isRecordable(value)) throw new ERR_INVALID_THIS('RecordableHistogram');
  return hdrOf(value);
}

/** Throws unless `value` is a histogram that can be written to. */
function checkRecordable(value, name) {
  if (!isRecordable(value)) throw new ERR_INVALID_ARG_TYPE(name, 'RecordableHistogram', value);
}

function validateBound(value, name, minimum) {
  if (typeof value === 'bigint') return Number(value);
  validateInteger(value, name, minimum);
  return value;
}

/** Node docs: perf_hooks.createHistogram. */
function createHistogram(options = kEmptyObject) {
  validateObject(options, 'options');
  const { lowest = 1, highest = Number.MAX_SAFE_INTEGER, figures = 3 } = options;
  const low = validateBound(lowest, 'options.lowest', 1);
  const high = typeof highest === 'bigint' ? Number(highest) : highest;
  if (typeof highest !== 'bigint') {
    validateNumber(highest, 'options.highest');
    if (!Number.isInteger(highest)) throw new ERR_OUT_OF_RANGE('options.highest', 'an integer', highest);
  }
  if (high < 2 * low) {
    throw new ERR_OUT_OF_RANGE('options.highest', `>= 2 * options.lowest (${2n * BigInt(low)}n)`, highest);
  }
  validateInteger(figures, 'options.figures', 1, 5);
  return new RecordableHistogram(kCreate, new Hdr(low, high, figures));
}

/** How long the loop takes to come back to a timer. */
class ELDHistogram extends Histogram {
  #interval = undefined;
  #resolution;

  constructor(token = undefined, hdr = undefined, resolution = undefined) {
    super(token, hdr);
    this.#resolution = resolution;
  }

  /** Starts measuring; false if it has been. */
  enable() {
    if (this.#interval !== undefined) return false;
    const hdr = hdrOf(this);
    let last = hrtime();
    this.#interval = require('timers').setInterval(() => {
      const now = hrtime();
      hdr.record(Math.max(1, Math.round((now - last) * 1e6)));
      last = now;
    }, this.#resolution);
    this.#interval.unref();
    return true;
  }

  /** Stops measuring; false if it was not. */
  disable() {
    if (this.#interval === undefined) return false;
    require('timers').clearInterval(this.#interval);
    this.#interval = undefined;
    return true;
  }

  [Symbol.dispose]() {
    this.disable();
  }
}

/** Node docs: perf_hooks.monitorEventLoopDelay. */
function monitorEventLoopDelay(options = kEmptyObject) {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new ELDHistogram(kCreate, new Hdr(1, DELAY_MAX_NS, 3), resolution);
}

markTransferMode(Histogram.prototype, kCloneable);

module.exports = {
  checkRecordable,
  createHistogram,
  monitorEventLoopDelay,
  [kDeserializers]: {
    Histogram: (state) => new Histogram(kCreate, Hdr.of(state)),
    RecordableHistogram: (state) => new RecordableHistogram(kCreate, Hdr.of(state)),
  },
};
