/** Requests and answers between primary and workers: internal messages with a number. */
'use strict';

/** Waiting for an answer, by the request's number: `{ target, callback }`. */
const callbacks = new Map();
let sequence = 0;

/** Sends `message`; `callback(reply, handle)` gets its answer. False if the channel is gone. */
function sendHelper(target, message, handle, callback) {
  if (!target.connected) return false;
  message = { cmd: 'NODE_CLUSTER', ...message, seq: sequence };
  if (typeof callback === 'function') callbacks.set(sequence, { target, callback });
  sequence++;
  // A worker that was killed this moment cannot be written to. That is no error of the primary's: its end is about to be told.
  return handle && typeof callback === 'function' ? target.send(message, handle, undefined, noop) : target.send(message, handle);
}

function noop() {}

/** `target` will not answer any more. */
function forget(target) {
  for (const [number, waiting] of callbacks) {
    if (waiting.target === target) callbacks.delete(number);
  }
}

/** A listener of 'internalMessage' that gives answers to their callbacks and the rest to `fn`, with `worker` as `this`. */
function internal(worker, fn) {
  return function onInternalMessage(message, handle) {
    if (message.cmd !== 'NODE_CLUSTER') return;
    let receiver = fn;
    if (message.ack !== undefined) {
      const waiting = callbacks.get(message.ack);
      if (waiting !== undefined) {
        receiver = waiting.callback;
        callbacks.delete(message.ack);
      }
    }
    receiver.call(worker, message, handle);
  };
}

module.exports = { forget, internal, sendHelper };
