/** The program of a worker thread: takes what to run from its control port. Node docs: worker_threads. */
'use strict';

const process = require('internal/process/object');
const lifecycle = require('internal/process/lifecycle');
const native = binding('worker_threads');
const self = require('internal/worker_threads/self');

/** Not for one thread to change, as they belong to the process. Node docs: class Worker. */
const UNSUPPORTED = ['abort', 'chdir', 'initgroups', 'setegid', 'seteuid', 'setgid', 'setgroups', 'setuid', 'send', 'disconnect'];

function prepareProcess(start) {
  const { codes: { ERR_WORKER_UNSUPPORTED_OPERATION } } = require('internal/errors');
  process.argv = [process.execPath, ...(start.code !== undefined ? ['[worker eval]'] : [start.file ?? start.url]), ...start.argv];
  process.execArgv = start.execArgv;
  process.argv0 = process.execPath;
  process.env = require('internal/process/env').wrap(Object.assign({ __proto__: Object.prototype }, start.env));
  for (const name of UNSUPPORTED) {
    if ((name === 'send' || name === 'disconnect') && process[name] === undefined) continue;
    const refuse = () => {
      throw new ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}()`);
    };
    refuse.disabled = true;
    Object.defineProperty(process, name, { __proto__: null, value: refuse, writable: true, enumerable: true, configurable: true });
  }
  prepareStreams(start);
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--permission') || getOptionValue('--permission-audit')) {
    require('internal/process/permission').install(process, false);
  }
  if (process.env.NODE_NO_WARNINGS !== '1' && !start.execArgv.includes('--no-warnings')) {
    process.on('warning', (warning) => require('internal/process/warning').onWarning(warning));
  }
}

function prepareStreams(start) {
  const streams = {};
  for (const [name, fd] of [['stdout', 1], ['stderr', 2]]) {
    Object.defineProperty(process, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      get: () => streams[name] ??= output(fd),
    });
  }
  const input = () => {
    const { Readable } = require('stream');
    const stream = new Readable({ read() {} });
    stream.fd = 0;
    if (!start.hasStdin) stream.push(null);
    return stream;
  };
  Object.defineProperty(process, 'stdin', {
    __proto__: null, configurable: true, enumerable: true, get: () => streams.stdin ??= input(),
  });
}

function output(fd) {
  const { Writable } = require('stream');
  const stream = new Writable({
    decodeStrings: true,
    write(chunk, encoding, callback) {
      self.control.postMessage({ type: 'stdio', fd, chunk: new Uint8Array(chunk) });
      callback();
    },
  });
  stream.fd = fd;
  stream._isStdio = true;
  return stream;
}

/** An exception that nobody caught is the parent's 'error'. */
function onUncaught(error) {
  self.control.postMessage({ type: 'error', error: require('internal/worker_threads/errors_across').pack(error) });
}

function run() {
  const { message: start } = self.takeStart();
  lifecycle.setEnd(native.endThread);
  lifecycle.setReport(onUncaught);
  require('internal/worker_threads/environment_data').replace(start.environmentData);
  prepareProcess(start);
  const { kOwner } = require('internal/worker_threads/message_port');
  self.control[kOwner] = (message) => {
    if (message.type === 'stdin') process.stdin.push(message.chunk === null ? null : require('buffer').Buffer.from(message.chunk));
  };
  native.startPort(self.control);
  self.control.postMessage({ type: 'online' });
  const runner = require('internal/module/run_main');
  if (start.code !== undefined) {
    runner.evalCode(start.code, false, '[worker eval]');
  } else if (start.url !== undefined) {
    require('internal/module/esm').runMain(start.url);
  } else {
    runner.runMain(start.file);
  }
}

function beforeExit() {
  lifecycle.emitBeforeExit(process);
}

function exit() {
  const unsettled = require('internal/loader').cache.get('internal/module/run_main')?.exports.hasUnsettledMain?.();
  return lifecycle.emitExit(process, unsettled && process.exitCode === undefined ? 13 : 0);
}

module.exports = { beforeExit, exit, run };
