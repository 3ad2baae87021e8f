/** Signal events on process. Node docs: process, "Signal events". */
'use strict';

const process = require('internal/process/object');
const asyncContext = require('internal/async_context');
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
  const resource = hooks.resource('SIGNALWRAP');
  const context = asyncContext.get();
  const handle = start(number, () => {
    asyncContext.set(context);
    hooks.callIn(resource, () => process.emit(name, name, number));
  });
  if (typeof handle === 'number') {
    const { errnoException } = require('internal/errors');
    throw errnoException(handle, 'uv_signal_start');
  }
  handles.set(name, { handle, resource });
}

function stopListening(name) {
  if (process.listenerCount(name) > 0) return;
  const started = handles.get(name);
  if (started === undefined) return;
  handles.delete(name);
  binding('signals').stop(started.handle);
  hooks.destroy(started.resource);
}

module.exports = { startListening, stopListening };
