/** `node:worker_threads`. Node docs: Worker threads. What is missing stands in the README. */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');

function missing(name) {
  return class {
    constructor() {
      throw new ERR_METHOD_NOT_IMPLEMENTED(`worker_threads.${name}`);
    }
  };
}

function missingFunction(name) {
  return () => {
    throw new ERR_METHOD_NOT_IMPLEMENTED(`worker_threads.${name}()`);
  };
}

module.exports = {
  isInternalThread: false,
  isMainThread: true,
  MessagePort: missing('MessagePort'),
  MessageChannel: missing('MessageChannel'),
  markAsUncloneable: missingFunction('markAsUncloneable'),
  markAsUntransferable: missingFunction('markAsUntransferable'),
  isMarkedAsUntransferable: missingFunction('isMarkedAsUntransferable'),
  moveMessagePortToContext: missingFunction('moveMessagePortToContext'),
  receiveMessageOnPort: missingFunction('receiveMessageOnPort'),
  resourceLimits: {},
  postMessageToThread: missingFunction('postMessageToThread'),
  threadId: 0,
  threadName: '',
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  Worker: missing('Worker'),
  parentPort: null,
  workerData: null,
  BroadcastChannel: missing('BroadcastChannel'),
  setEnvironmentData: missingFunction('setEnvironmentData'),
  getEnvironmentData: missingFunction('getEnvironmentData'),
};
