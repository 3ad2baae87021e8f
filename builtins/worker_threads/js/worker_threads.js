/** `node:worker_threads`. Node docs: Worker threads. What is missing stands in the README. */
'use strict';

const { isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable } = require('internal/structured_clone');
const { getEnvironmentData, setEnvironmentData } = require('internal/worker_threads/environment_data');
const { BroadcastChannel, MessageChannel, MessagePort, receiveMessageOnPort } = require('internal/worker_threads/message_port');
const self = require('internal/worker_threads/self');
const { SHARE_ENV, Worker } = require('internal/worker_threads/worker');

/** Node docs: worker.moveMessagePortToContext(port, contextifiedSandbox). */
function moveMessagePortToContext(port, contextifiedSandbox) {
  return require('internal/worker_threads/moved_port').moveMessagePortToContext(port, contextifiedSandbox);
}

/** Node docs: worker.postMessageToThread(threadId, value[, transferList][, timeout]). */
function postMessageToThread(threadId, value, transferList, timeout) {
  return require('internal/worker_threads/messaging').postMessageToThread(threadId, value, transferList, timeout);
}

module.exports = {
  isInternalThread: false,
  isMainThread: self.isMainThread,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext,
  receiveMessageOnPort,
  resourceLimits: self.limits,
  postMessageToThread,
  threadId: self.threadId,
  threadName: self.threadName,
  SHARE_ENV,
  Worker,
  parentPort: self.parentPort,
  workerData: self.workerData,
  BroadcastChannel,
  setEnvironmentData,
  getEnvironmentData,
};
require('internal/util').defineLazyProperties(module.exports, 'internal/worker_threads/locks', ['locks']);
