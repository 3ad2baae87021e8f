/**
 * AbortSignals in messages: the signal stays, and what it is aborted with follows the copy through a message channel.
 * Node docs: util.transferableAbortController, util.transferableAbortSignal.
 */
'use strict';

const { AbortController } = require('internal/abort_controller');
const { kDeserializers, kTransfer, kTransferable, markObject } = require('internal/transferable');

/** Lets `signal` be in transfer lists. Returns it. */
function makeTransferable(signal) {
  markObject(signal, kTransferable);
  Object.defineProperty(signal, kTransfer, { __proto__: null, configurable: true, enumerable: false, value: pack });
  return signal;
}

function pack() {
  const deserializeInfo = 'internal/abort_transfer:AbortSignal';
  if (this.aborted) return { data: { aborted: true, reason: this.reason, port: undefined }, deserializeInfo };
  const { MessageChannel } = require('internal/worker_threads/message_port');
  const { port1, port2 } = new MessageChannel();
  this.addEventListener('abort', () => {
    port1.postMessage(this.reason);
    port1.close();
  }, { once: true });
  return { data: { aborted: false, reason: undefined, port: port2 }, transferList: [port2], deserializeInfo };
}

function unpack({ aborted, reason, port }) {
  const controller = new AbortController();
  if (aborted) {
    controller.abort(reason);
  } else {
    port.once('message', (value) => {
      controller.abort(value);
      port.close();
    });
    // A signal that is only listened to keeps nothing alive.
    port.unref();
  }
  return makeTransferable(controller.signal);
}

module.exports = { makeTransferable, [kDeserializers]: { AbortSignal: unpack } };
