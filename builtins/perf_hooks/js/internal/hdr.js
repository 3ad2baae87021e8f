/**
 * A high dynamic range histogram: counts of integers at a fixed number of significant digits.
 *
 * Values below 2 * 10^digits count one by one, each further doubling of the range shares as many
 * slots, so a slot is never wider than its value's precision. Slots are made on first use.
 * Reference: http://hdrhistogram.org (G. Tene); numbers are JavaScript's, so above 2^53 values are
 * as precise as doubles.
 */
'use strict';

/** What threads share of a histogram, in BigInt64 words: these, then a count per slot. */
const TOTAL = 0;
const EXCEEDS = 1;
const MIN = 2;
const MAX = 3;
const HEADER = 4;
const NO_MIN = 2n ** 63n - 1n;

class Hdr {
  constructor(lowest, highest, figures) {
    this.highest = highest;
    this.unit = Math.floor(Math.log2(lowest));
    const wanted = 2 * 10 ** figures;
    this.halfMagnitude = Math.max(Math.ceil(Math.log2(wanted)), 1) - 1;
    this.half = 2 ** this.halfMagnitude;
    /** The counts, once another histogram shares them. */
    this.words = undefined;
    this.reset();
  }

  reset() {
    this.clear();
    if (this.words === undefined) return;
    this.words.fill(0n);
    this.words[MIN] = NO_MIN;
  }

  clear() {
    /** Counts by slot; sparse in theory, short in practice. */
    this.counts = new Map();
    this.sorted = null;
    this.total = 0;
    this.exceeds = 0;
    this.min = Infinity;
    this.max = 0;
  }

  /** What another histogram, in this thread or another, needs to go on with the same counts. */
  share() {
    if (this.words === undefined) {
      const slots = this.#slotOf(this.highest) + 1;
      this.words = new BigInt64Array(new SharedArrayBuffer((HEADER + slots) * BigInt64Array.BYTES_PER_ELEMENT));
      this.words[MIN] = this.min === Infinity ? NO_MIN : BigInt(this.min);
      this.words[MAX] = BigInt(this.max);
      this.words[TOTAL] = BigInt(this.total);
      this.words[EXCEEDS] = BigInt(this.exceeds);
      for (const [slot, count] of this.counts) this.words[HEADER + slot] = BigInt(count);
    }
    const { highest, unit, halfMagnitude, half, words } = this;
    return { highest, unit, halfMagnitude, half, words };
  }

  /** The histogram that shares `shared`. */
  static of(shared) {
    return Object.assign(new Hdr(1, shared.highest, 1), shared).refreshed();
  }

  /** This histogram, after what other threads recorded. */
  refreshed() {
    const { words } = this;
    if (words === undefined) return this;
    this.clear();
    this.total = Number(words[TOTAL]);
    this.exceeds = Number(words[EXCEEDS]);
    this.min = words[MIN] === NO_MIN ? Infinity : Number(words[MIN]);
    this.max = Number(words[MAX]);
    for (let at = HEADER; at < words.length; at++) {
      if (words[at] !== 0n) this.counts.set(at - HEADER, Number(words[at]));
    }
    return this;
  }

  #recordShared(value, count) {
    const { words } = this;
    const add = (at) => Atomics.add(words, at, BigInt(count));
    if (value > this.highest) {
      add(EXCEEDS);
      return false;
    }
    add(HEADER + this.#slotOf(value));
    add(TOTAL);
    const whole = BigInt(Math.floor(value));
    if (value !== 0) this.#replace(MIN, whole, (old) => whole < old);
    this.#replace(MAX, whole, (old) => whole > old);
    return true;
  }

  #replace(at, value, isBetter) {
    for (let old = this.words[at]; isBetter(old);) {
      const found = Atomics.compareExchange(this.words, at, old, value);
      if (found === old) return;
      old = found;
    }
  }

  /** The slot of `value`. */
  #slotOf(value) {
    const scaled = Math.floor(value / 2 ** this.unit);
    if (scaled < this.half * 2) return scaled;
    // Halved until it fits the upper half of a bucket.
    let bucket = Math.floor(Math.log2(scaled)) - this.halfMagnitude;
    let sub = Math.floor(scaled / 2 ** bucket);
    // Doubles round near powers of two.
    if (sub >= this.half * 2) sub = Math.floor(scaled / 2 ** ++bucket);
    else if (sub < this.half) sub = Math.floor(scaled / 2 ** --bucket);
    return bucket * this.half + sub;
  }

  /** The least value of a slot, and how many values share it. */
  #rangeOf(slot) {
    const bucket = slot < this.half * 2 ? 0 : Math.floor(slot / this.half) - 1;
    const sub = slot - bucket * this.half;
    const width = 2 ** (bucket + this.unit);
    return { low: sub * width, width };
  }

  /** Counts `value`; false if it is above the highest one. */
  record(value, count = 1) {
    if (this.words !== undefined) return this.#recordShared(value, count);
    if (value > this.highest) {
      this.exceeds += count;
      return false;
    }
    const slot = this.#slotOf(value);
    const before = this.counts.get(slot);
    if (before === undefined) this.sorted = null;
    this.counts.set(slot, (before ?? 0) + count);
    this.total += count;
    if (value < this.min && value !== 0) this.min = value;
    if (value > this.max) this.max = value;
    return true;
  }

  add(other) {
    for (const [slot, count] of other.counts) this.record(other.#rangeOf(slot).low, count);
    const isMax = other.max > this.max && other.max <= this.highest;
    if (this.words !== undefined) {
      Atomics.add(this.words, EXCEEDS, BigInt(other.exceeds));
      if (isMax) this.#replace(MAX, BigInt(other.max), (old) => BigInt(other.max) > old);
      return;
    }
    this.exceeds += other.exceeds;
    if (isMax) this.max = other.max;
  }

  /** `[slot, count]` by value. */
  #slots() {
    return this.sorted ??= [...this.counts.keys()].sort((a, b) => a - b);
  }

  lowest() {
    if (this.min === Infinity) return 2 ** 63;
    return this.#rangeOf(this.#slotOf(this.min)).low;
  }

  greatest() {
    if (this.max === 0) return 0;
    const { low, width } = this.#rangeOf(this.#slotOf(this.max));
    return low + width - 1;
  }

  #sum(term) {
    let sum = 0;
    for (const [slot, count] of this.counts) {
      const { low, width } = this.#rangeOf(slot);
      sum += term(low + Math.floor(width / 2)) * count;
    }
    return sum;
  }

  mean() {
    return this.#sum((value) => value) / this.total;
  }

  /** The central moment of that order: the mean of (value - mean)^order. */
  #moment(order) {
    const mean = this.mean();
    return this.#sum((value) => (value - mean) ** order) / this.total;
  }

  stddev() {
    return Math.sqrt(this.#moment(2));
  }

  skewness() {
    const variance = this.#moment(2);
    return variance > 0 ? this.#moment(3) / variance ** 1.5 : 0;
  }

  /** Excess kurtosis: 0 for a normal distribution. */
  kurtosis() {
    const variance = this.#moment(2);
    return variance > 0 ? this.#moment(4) / variance ** 2 - 3 : 0;
  }

  /** The value that `percentile` per cent of all values do not exceed. */
  percentile(percentile) {
    const wanted = Math.max(Math.floor(percentile / 100 * this.total + 0.5), 1);
    let seen = 0;
    for (const slot of this.#slots()) {
      seen += this.counts.get(slot);
      if (seen >= wanted) {
        const { low, width } = this.#rangeOf(slot);
        return low + width - 1;
      }
    }
    return 0;
  }

  /** `[percentile, value]` in steps that halve the distance to 100 each time. */
  percentiles() {
    if (this.total === 0) return [[100, 0]];
    const out = [];
    let next = 0;
    let seen = 0;
    let low = 0;
    for (const slot of this.#slots()) {
      seen += this.counts.get(slot);
      low = this.#rangeOf(slot).low;
      while (100 * seen / this.total >= next) {
        out.push([next, low]);
        const halvings = Math.floor(Math.log2(100 / (100 - next))) + 1;
        next += 100 / 2 ** halvings;
        if (seen === this.total) break;
      }
    }
    out.push([100, low]);
    return out;
  }
}

module.exports = { Hdr };
