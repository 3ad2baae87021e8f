/**
 * Messages from any thread to any other by its number: `postMessageToThread` and process 'workerMessage'.
 *
 * Each thread has an inbox. What is sent there has a port on which the answer comes: whether somebody listened.
 */
'use strict';

const native = binding('worker_threads');
const {
  codes: {
    ERR_WORKER_MESSAGING_ERRORED, ERR_WORKER_MESSAGING_FAILED, ERR_WORKER_MESSAGING_SAME_THREAD, ERR_WORKER_MESSAGING_TIMEOUT,
  },
} = require('internal/errors');
const { MessageChannel, kOwner } = require('internal/worker_threads/message_port');
const { prepareTransfer, translate } = require('internal/structured_clone');
const self = require('internal/worker_threads/self');

let inbox;

/** Makes this thread reachable. */
function openInbox() {
  if (inbox !== undefined) return;
  inbox = native.openInbox(self.threadId);
  inbox[kOwner] = ({ value, source, answer }, failed) => {
    if (failed) return;
    let outcome = 'none';
    try {
      if (process.listenerCount('workerMessage') > 0) {
        outcome = 'errored';
        process.emit('workerMessage', value, source);
        outcome = 'done';
      }
    } finally {
      answer.postMessage(outcome);
      answer.close();
    }
  };
  native.startPort(inbox);
}

/** Node docs: worker.postMessageToThread(threadId, value[, transferList][, timeout]). */
async function postMessageToThread(threadId, value, transferList, timeout) {
  if (typeof transferList === 'number' && timeout === undefined) {
    timeout = transferList;
    transferList = [];
  }
  const { validateNumber } = require('internal/validators');
  if (timeout !== undefined) validateNumber(timeout, 'timeout', 0);
  if (threadId === self.threadId) throw new ERR_WORKER_MESSAGING_SAME_THREAD();
  const { port1, port2 } = new MessageChannel();
  const transfer = [port2, ...prepareTransfer(transferList, value) ?? []];
  const message = { value, source: self.threadId, answer: port2 };
  let sent;
  try {
    sent = native.postToThread(threadId, message, transfer);
  } catch (error) {
    port1.close();
    throw translate(error, message, transfer, undefined);
  }
  if (!sent) {
    port1.close();
    throw new ERR_WORKER_MESSAGING_FAILED();
  }
  const outcome = await answerOn(port1, timeout);
  if (outcome === 'errored') throw new ERR_WORKER_MESSAGING_ERRORED();
  if (outcome === 'timeout') throw new ERR_WORKER_MESSAGING_TIMEOUT();
  // A thread that ended without an answer closed the port.
  if (outcome !== 'done') throw new ERR_WORKER_MESSAGING_FAILED();
}

function answerOn(port, timeout) {
  return new Promise((resolve) => {
    let timer;
    const settle = (outcome) => {
      require('timers').clearTimeout(timer);
      port.close();
      resolve(outcome);
    };
    port.once('message', settle);
    port.once('close', () => settle('none'));
    if (timeout !== undefined) timer = require('timers').setTimeout(settle, timeout, 'timeout');
  });
}

module.exports = { openInbox, postMessageToThread };
