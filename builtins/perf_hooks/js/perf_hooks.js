/**
 * `node:perf_hooks`: measuring.
 * Node docs: perf_hooks.
 */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { defineLazyProperties } = require('internal/util');
const {
  Performance, eventLoopUtilization, performance, timerify,
} = require('internal/perf_hooks/performance');
const {
  PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceResourceTiming,
} = require('internal/perf_hooks/entries');
const { PerformanceObserver, PerformanceObserverEntryList } = require('internal/perf_hooks/timeline');

function createSlidingWindowHistogram(options) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('perf_hooks.createSlidingWindowHistogram()');
}

function importHistogram(data) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('perf_hooks.importHistogram()');
}

module.exports = {
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  PerformanceResourceTiming,
};
defineLazyProperties(
  module.exports, 'internal/perf_hooks/histogram', ['monitorEventLoopDelay', 'createHistogram']);
Object.assign(module.exports, {
  eventLoopUtilization,
  timerify,
  createSlidingWindowHistogram,
  importHistogram,
  performance,
});
Object.defineProperty(module.exports, 'constants', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  value: require('internal/perf_hooks/constants'),
  writable: false,
});
