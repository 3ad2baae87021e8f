/**
 * The clock of `performance`: milliseconds since this thread's time origin.
 * Standard: High Resolution Time; Node docs: performance.timeOrigin.
 */
'use strict';

const { hrtime, isMainThread, milestones, wallTime } = binding('perf_hooks');

/** The time origin on the monotonic clock: when the process, or the worker's runtime, started. */
const origin = isMainThread() ? hrtime() - process.uptime() * 1000 : milestones()[1];

/** The time origin on the wall clock, as read when somebody first asked. */
const timeOrigin = wallTime() - (hrtime() - origin);

function now() {
  return hrtime() - origin;
}

module.exports = { now, origin, timeOrigin };
