/** Signal events on process. Node docs: process, "Signal events". */
'use strict';

const process = require('internal/process/object');

/** name -> native signal handle. */
const handles = new Map();

function numberOf(name) {
  const { signals } = require('os').constants;
  return signals[name];
}

function startListening(name) {
  const number = numberOf(name);
  if (number === undefined || handles.has(name)) return;
  const { start } = binding('signals');
  const handle = start(number, () => process.emit(name, name, number));
  if (typeof handle === 'number') {
    const { uvException } = require('internal/errors');
    throw uvException({ errno: handle, syscall: 'uv_signal_start' });
  }
  handles.set(name, handle);
}

function stopListening(name) {
  if (process.listenerCount(name) > 0) return;
  const handle = handles.get(name);
  if (handle === undefined) return;
  handles.delete(name);
  binding('signals').stop(handle);
}

module.exports = { startListening, stopListening };
