/** Performance entries of connections and name lookups: made only while somebody observes their type. */
'use strict';

const { cache } = require('internal/loader');

/** The start of something; `undefined` unless there is an observer of `type` ('net', 'dns'). */
function start(type, name, detail) {
  if (!cache.has('internal/perf_hooks/timeline')) return undefined;
  if (!require('internal/perf_hooks/timeline').hasObserver(type)) return undefined;
  return { type, name, detail, startTime: require('perf_hooks').performance.now() };
}

/** Its end: the observers get an entry with the details of start and end. */
function stop(begun, detail) {
  if (begun === undefined) return;
  const { createEntry } = require('internal/perf_hooks/entries');
  const duration = require('perf_hooks').performance.now() - begun.startTime;
  require('internal/perf_hooks/timeline').enqueue(
    createEntry(begun.name, begun.type, begun.startTime, duration, { ...begun.detail, ...detail }));
}

module.exports = { start, stop };
