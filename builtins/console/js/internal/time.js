/** Timers of `console.time` and how their times look. */
'use strict';

/** Starts the timer `label`; warns if it runs. */
function start(times, label) {
  if (times.has(label)) {
    process.emitWarning(`Label '${label}' already exists for console.time()`);
    return;
  }
  times.set(label, process.hrtime.bigint());
}

/** The time of timer `label` as text; undefined, with a warning, if it does not run. `ends` it. */
function lap(times, method, label, ends) {
  const started = times.get(label);
  if (started === undefined) {
    process.emitWarning(`No such label '${label}' for console.${method}()`);
    return undefined;
  }
  if (ends) times.delete(label);
  // Nanoseconds to milliseconds; the difference of two bigints fits a number.
  return formatTime(Number(process.hrtime.bigint() - started) / 1e6);
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Milliseconds as `1.5ms`, `1.500s`, `1:00.300 (m:ss.mmm)` or `1:06:40.457 (h:mm:ss.mmm)`. */
function formatTime(ms) {
  if (ms < second) return `${Number(ms.toFixed(3))}ms`;
  if (ms < minute) return `${(ms / second).toFixed(3)}s`;
  const hours = Math.floor(ms / hour);
  const minutes = Math.floor((ms - hours * hour) / minute);
  const seconds = ((ms % minute) / second).toFixed(3).padStart(6, '0');
  if (hours === 0) return `${minutes}:${seconds} (m:ss.mmm)`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds} (h:mm:ss.mmm)`;
}

module.exports = { formatTime, lap, start };
