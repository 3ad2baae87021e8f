/** Signal events on process. Node docs: process, "Signal events". */
'use strict';

const process = require('internal/process/object');
const hooks = require('internal/async_ids');

/** name -> native signal handle. */
const handles = new Map();

function numberOf(name) {
  const { signals } = require('os').constants;
  return signals[name];
}

function startListening(name) {
  // Signals go to the main thread. Node docs: class Worker, "notable differences". Workers report what nobody caught.
  if (require('internal/process/lifecycle').getReport() !== undefined) return;
  const number = numberOf(name);
  if (number === undefined || handles.has(name)) return;
  const { start } = binding('signals');
  const resource = { asyncId: 0, triggerAsyncId: 0 };
  if (hooks.active) hooks.init(resource, 'SIGNALWRAP');
  const handle = start(number, () => {
    if (!hooks.active) {
      process.emit(name, name, number);
      return;
    }
    hooks.before(resource);
    process.emit(name, name, number);
    hooks.after(resource);
  });
  if (typeof handle === 'number') {
    const { uvException } = require('internal/errors');
    throw uvException({ errno: handle, syscall: 'uv_signal_start' });
  }
  handles.set(name, { handle, resource });
}

function stopListening(name) {
  if (process.listenerCount(name) > 0) return;
  const started = handles.get(name);
  if (started === undefined) return;
  handles.delete(name);
  binding('signals').stop(started.handle);
  if (started.resource.asyncId !== 0) hooks.destroy(started.resource);
}

module.exports = { startListening, stopListening };
