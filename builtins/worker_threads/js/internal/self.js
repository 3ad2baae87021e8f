/** What a thread knows about itself. */
'use strict';

const native = binding('worker_threads');
const info = native.threadInfo();

const state = {
  control: info?.[2],
  isMainThread: info === undefined,
  limits: {},
  parentPort: null,
  threadId: info?.[0] ?? 0,
  threadName: info?.[1] ?? '',
  workerData: null,
  takeStart() {
    const got = require('internal/worker_threads/message_port').receiveMessageOnPort(state.control);
    state.parentPort = got.message.port;
    state.workerData = got.message.workerData;
    state.limits = got.message.limits;
    return got;
  },
};

module.exports = state;
