/**
 * Collections of garbage: who listens is told of each, from the loop. The engine notes them only while somebody does.
 *
 * A listener gets `{ major, forced, startTime, duration, before, after }`: times in milliseconds since the time origin, and
 * `before` and `after` hold `used`, `total` and `malloced` in bytes.
 */
'use strict';

const { setGcListener, takeGcEvents } = binding('task_queue');
const { now } = require('internal/perf_hooks/time');

/** Numbers per collection in the engine's list. */
const FIELDS = 10;

const listeners = new Set();

/** Tells of what has been collected so far. */
function deliver() {
  const flat = takeGcEvents();
  const time = now();
  for (let i = 0; i < flat.length; i += FIELDS) {
    const event = {
      major: flat[i] === 1,
      forced: flat[i + 1] === 1,
      startTime: time - flat[i + 2],
      duration: flat[i + 3],
      before: { used: flat[i + 4], total: flat[i + 5], malloced: flat[i + 6] },
      after: { used: flat[i + 7], total: flat[i + 8], malloced: flat[i + 9] },
    };
    for (const listener of listeners) listener(event);
  }
}

function listen(listener) {
  if (listeners.size === 0) setGcListener(deliver);
  else deliver();
  listeners.add(listener);
}

function forget(listener) {
  if (listeners.delete(listener) && listeners.size === 0) {
    setGcListener(undefined);
    takeGcEvents();
  }
}

module.exports = { deliver, forget, listen };
