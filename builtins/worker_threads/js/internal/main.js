/** The program of a worker thread: takes what to run from its control port. Node docs: worker_threads. */
'use strict';

const process = require('internal/process/object');
const lifecycle = require('internal/process/lifecycle');
const native = binding('worker_threads');
const self = require('internal/worker_threads/self');

/** Not for one thread to change, as they belong to the process. Node docs: class Worker. */
const UNSUPPORTED = ['abort', 'chdir', 'initgroups', 'setegid', 'seteuid', 'setgid', 'setgroups', 'setuid'];
/** Those that only exist where there is a channel to a parent process. */
const UNSUPPORTED_CHANNEL = ['disconnect', 'send'];

function refused(what) {
  const { codes: { ERR_WORKER_UNSUPPORTED_OPERATION } } = require('internal/errors');
  return new ERR_WORKER_UNSUPPORTED_OPERATION(what);
}

/** What would change the process for all threads throws, or holds for this thread only. */
function refuseOthers(changes) {
  const refusing = (name) => ({
    [name]() {
      throw refused(`process.${name}()`);
    },
  })[name];
  const define = (name, value) => {
    Object.defineProperty(process, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  };
  const hasChannel = process.env.NODE_CHANNEL_FD !== undefined;
  for (const name of [...UNSUPPORTED, ...(hasChannel ? UNSUPPORTED_CHANNEL : [])]) {
    define(name, Object.assign(refusing(name), { disabled: true }));
  }
  define('execve', refusing('execve'));
  // Debuggers are told by the main thread.
  for (const name of ['_debugEnd', '_debugPause', '_debugProcess']) delete process[name];
  for (const name of hasChannel ? ['channel', 'connected'] : []) {
    Object.defineProperty(process, name, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get() {
        throw refused(`process.${name}`);
      },
    });
  }
  const mask = binding('process').umask;
  define('umask', function umask(value) {
    if (value !== undefined) throw refused('Setting process.umask()');
    return mask();
  });
  define('cwd', require('internal/process/cwd').workerCwd(changes));
  let { title } = process;
  Object.defineProperty(process, 'title', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => title,
    set(value) {
      title = `${value}`;
    },
  });
}

function prepareProcess(start) {
  const name = start.code === undefined ? start.file ?? start.url : '[worker eval]';
  process.argv = [process.execPath, ...(name === undefined ? [] : [name]), ...start.argv];
  process.execArgv = start.execArgv;
  process.argv0 = process.execPath;
  const environment = require('internal/process/env');
  process.env = start.shared === undefined ?
    environment.wrap(Object.assign({ __proto__: Object.prototype }, start.env)) :
    environment.openShared(start.shared);
  refuseOthers(start.folderChanges);
  prepareStreams(start);
  if (start.trackUnmanagedFds) require('internal/fs/io').trackDescriptors();
  const { getOptionValue } = require('internal/options');
  if (getOptionValue('--disable-proto') !== undefined || getOptionValue('--disallow-code-generation-from-strings')) {
    require('internal/process/restrictions').apply();
  }
  if (getOptionValue('--enable-source-maps')) process.setSourceMapsEnabled(true);
  require('internal/optional_globals').arrange();
  if (getOptionValue('--permission') || getOptionValue('--permission-audit')) {
    require('internal/process/permission').install(process, false);
  }
  if (process.env.NODE_NO_WARNINGS !== '1' && !start.execArgv.includes('--no-warnings')) {
    process.on('warning', (warning) => require('internal/process/warning').onWarning(warning));
  }
}

/** The streams that were used so far. */
const streams = {};

function prepareStreams(start) {
  const define = (name, make) => {
    Object.defineProperty(process, name, {
      __proto__: null, configurable: true, enumerable: true, get: () => streams[name] ??= make(),
    });
  };
  define('stdin', () => input(start.hasStdin));
  const open = start.hooks === undefined ? output : direct;
  define('stdout', () => open(1));
  define('stderr', () => open(2));
}

/** Streams for which the thread stays alive. */
const awaited = new Set();

function keepAlive(stream, waits) {
  if (waits) awaited.add(stream);
  else awaited.delete(stream);
  native.refPort(self.control, awaited.size > 0);
}

function input(hasStdin) {
  const { createReceiver } = require('internal/worker_threads/stdio');
  const stream = createReceiver(() => {
    if (!hasStdin) return;
    // Who reads waits for input, as for any stream.
    keepAlive('stdin', true);
    self.control.postMessage({ type: 'more' });
  });
  const letGo = () => keepAlive('stdin', false);
  stream.on('end', letGo).on('close', letGo).on('pause', letGo);
  stream.fd = 0;
  if (!hasStdin) stream.push(null);
  return stream;
}

/** A stream right to the descriptor, for a thread whose parent may be waiting for it. */
function direct(fd) {
  const { Writable } = require('stream');
  const stream = new Writable({
    decodeStrings: true,
    write(chunk, encoding, callback) {
      require('fs').writeSync(fd, chunk);
      callback();
    },
  });
  stream.fd = fd;
  stream._isStdio = true;
  return stream;
}

function output(fd) {
  const { createSender } = require('internal/worker_threads/stdio');
  const stream = createSender(
    (chunks, ended) => self.control.postMessage({ type: 'stdio', fd, chunks, ended }), () => process._exiting === true,
    (waits) => keepAlive(fd, waits));
  stream.fd = fd;
  stream._isStdio = true;
  return stream;
}

/** What was written but not sent yet goes now: nobody will ask for more. */
function flushStreams() {
  const { sendMore } = require('internal/worker_threads/stdio');
  for (const name of ['stdout', 'stderr']) {
    const stream = streams[name];
    while (stream !== undefined && stream.writableLength > 0 && !stream.destroyed) {
      const before = stream.writableLength;
      sendMore(stream);
      if (stream.writableLength >= before) break;
    }
  }
}

/** What the parent asks for. */
const ANSWERS = {
  cpuUsage: () => process.threadCpuUsage(),
  heapSnapshot: () => binding('v8').heapSnapshot(),
  heapStatistics() {
    const statistics = require('v8').getHeapStatistics();
    // A number there, and a boolean here, as in Node.
    return { ...statistics, does_zap_garbage: Boolean(statistics.does_zap_garbage) };
  },
  startProfile: (argument) => require('internal/v8/profiles').startFor(argument),
  stopProfile: (argument) => require('internal/v8/profiles').stopFor(argument),
};

function answer({ id, what, argument }) {
  let value;
  try {
    value = ANSWERS[what](argument);
  } catch (error) {
    self.control.postMessage({ type: 'answer', id, error: require('internal/worker_threads/errors_across').pack(error) });
    return;
  }
  self.control.postMessage({ type: 'answer', id, value });
}

function onControl(message) {
  const { type } = message;
  if (type === 'stdin') {
    require('internal/worker_threads/stdio').deliver(process.stdin, message.chunks, message.ended);
  } else if (type === 'more') {
    const stream = streams[message.fd === 1 ? 'stdout' : 'stderr'];
    if (stream !== undefined) require('internal/worker_threads/stdio').sendMore(stream);
  } else if (type === 'request') {
    answer(message);
  }
}

/** An exception that nobody caught is the parent's 'error'. */
function onUncaught(error) {
  self.control.postMessage({ type: 'error', error: require('internal/worker_threads/errors_across').pack(error) });
}

function run() {
  const { message: start } = self.takeStart();
  lifecycle.setEnd((code) => {
    flushStreams();
    native.endThread(code);
  });
  if (start.ownOptions || start.env?.NODE_OPTIONS !== undefined) {
    require('internal/options').setThreadOptions(start.env?.NODE_OPTIONS, start.execArgv);
  }
  if (start.env?.NODE_PRESERVE_SYMLINKS === '1') {
    require('internal/options').setThreadOption('--preserve-symlinks', true);
  }
  lifecycle.setReport(onUncaught);
  require('internal/worker_threads/environment_data').replace(start.environmentData);
  prepareProcess(start);
  const { kOwner } = require('internal/worker_threads/message_port');
  self.control[kOwner] = onControl;
  require('internal/worker_threads/messaging').openInbox();
  native.startPort(self.control);
  if (start.hooks !== undefined) {
    require('internal/module/hooks_thread').run(start.hooks);
    return;
  }
  self.control.postMessage({ type: 'online' });
  startInspection(start);
  if (process.env.NODE_V8_COVERAGE) require('internal/v8/coverage').startFiles(process.env.NODE_V8_COVERAGE);
  if (require('internal/options').getOptionValue('--expose-gc')) require('internal/process/expose_gc').exposeGc(globalThis);
  runProgram(start);
}

/** What options preload, then the thread's own program. */
function runProgram(start) {
  const runner = require('internal/module/run_main');
  const { getOptionValue } = require('internal/options');
  const go = () => {
    if (getOptionValue('--frozen-intrinsics')) require('internal/process/restrictions').freezeIntrinsics();
    if (start.code !== undefined) runner.evalCode(start.code, false, '[worker eval]');
    else if (start.url !== undefined) runner.untilSettled(() => require('internal/module/esm').runMain(start.url));
    else runner.runMain(start.file);
  };
  const requires = getOptionValue('--require') ?? [];
  const imports = getOptionValue('--import') ?? [];
  if (requires.length + imports.length === 0) {
    go();
    return;
  }
  const { 1: name } = process.argv;
  runner.preload(requires, imports, go);
  // It is no file to be resolved.
  if (start.code !== undefined) process.argv[1] = name;
}

/** Others may look into this thread: debuggers, tracers. */
function startInspection(start) {
  const { threadId, threadName } = self;
  const { url } = start;
  const isFile = start.file !== undefined;
  const where = url ?? (isFile ? require('url').pathToFileURL(start.file).href : '[worker eval]');
  const waits = binding('inspector').begin(threadId, `[worker ${threadId}] ${threadName || 'WorkerThread'}`, isFile || url !== undefined ? where : '');
  if (start.tracing !== undefined) require('internal/trace_events/agent').startInWorker(start.tracing, threadId, threadName);
  if (waits) require('internal/inspector/host').waitForTarget(isFile);
  // An option of its own, not the process's.
  if (start.inspects) require('internal/inspector/server').start();
}

function beforeExit() {
  lifecycle.emitBeforeExit(process);
}

function exit() {
  const unsettled = require('internal/loader').cache.get('internal/module/run_main')?.exports.hasUnsettledMain?.();
  const code = lifecycle.emitExit(process, unsettled && process.exitCode === undefined ? 13 : 0);
  flushStreams();
  lifecycle.finish();
  return code;
}

module.exports = { beforeExit, exit, run };
