/** Requests and answers between primary and workers: internal messages with a number. */
'use strict';

/** Waiting for an answer, by the request's number. */
const callbacks = new Map();
let sequence = 0;

/** Sends `message`; `callback(reply, handle)` gets its answer. False if the channel is gone. */
function sendHelper(target, message, handle, callback) {
  if (!target.connected) return false;
  message = { cmd: 'NODE_CLUSTER', ...message, seq: sequence };
  if (typeof callback === 'function') callbacks.set(sequence, callback);
  sequence++;
  return target.send(message, handle);
}

/** A listener of 'internalMessage' that gives answers to their callbacks and the rest to `fn`, with `worker` as `this`. */
function internal(worker, fn) {
  return function onInternalMessage(message, handle) {
    if (message.cmd !== 'NODE_CLUSTER') return;
    let receiver = fn;
    if (message.ack !== undefined) {
      const callback = callbacks.get(message.ack);
      if (callback !== undefined) {
        receiver = callback;
        callbacks.delete(message.ack);
      }
    }
    receiver.call(worker, message, handle);
  };
}

module.exports = { internal, sendHelper };
