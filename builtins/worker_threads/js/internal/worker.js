/**
 * Worker: a thread as its parent sees it. Node docs: class Worker.
 *
 * Two ports go to the thread: the control port (what to run, standard streams, its error) and the public one, which is
 * `parentPort` there.
 */
'use strict';

const EventEmitter = require('events');
const native = binding('worker_threads');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_ids');
const { subscribedChannel } = require('internal/diagnostics');
const { MessageChannel, kOwner } = require('internal/worker_threads/message_port');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_WORKER_INIT_FAILED,
    ERR_WORKER_INVALID_EXEC_ARGV, ERR_WORKER_NOT_RUNNING, ERR_WORKER_OUT_OF_MEMORY, ERR_WORKER_PATH,
  },
} = require('internal/errors');
const { validateArray, validateNumber, validateObject, validateString } = require('internal/validators');

const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');

/** Node docs: resourceLimits.stackSizeMb, "Default: 4". */
const STACK_MB = 4;
/** The least that a program gets, in MiB. */
const OLD_MB_MIN = 2;

const MIB = 1024 * 1024;

/** Options of the process that a worker cannot have for itself. */
const PROCESS_OPTIONS = /^--(?:title|max-http|v8-|max-old|stack-size|expose|trace-gc|abort|zero|icu|openssl|use-largepages|secure-heap)/;

/** The name of an option, without its value and its negation. */
function nameOf(flag) {
  return flag.replace(/=.*/, '').replace(/^--no-/, '--');
}

function checkExecArgv(list) {
  const known = process.allowedNodeEnvironmentFlags;
  const bad = list.filter((flag) => flag.startsWith('-') &&
    (PROCESS_OPTIONS.test(flag) || !known.has(nameOf(flag))) && !/^--(?:eval|print)$/.test(flag));
  if (bad.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(bad);
}

/** Options of an environment of its own; those of the process are checked already. */
function checkNodeOptions(text) {
  if (text === undefined || text === process.env.NODE_OPTIONS) return;
  const { error, words: given } = binding('options').splitWords(text);
  if (error !== undefined) throw new ERR_WORKER_INVALID_EXEC_ARGV([`${error}\n`], 'invalid NODE_OPTIONS env variable');
  const known = process.allowedNodeEnvironmentFlags;
  const bad = given.filter((word) => word.startsWith('-') && (PROCESS_OPTIONS.test(word) || !known.has(nameOf(word))));
  if (bad.length === 0) return;
  const words = bad.map((word) => `${word.replace(/=.*/, '=')} is not allowed in NODE_OPTIONS`);
  throw new ERR_WORKER_INVALID_EXEC_ARGV(words, 'invalid NODE_OPTIONS env variable');
}

/** What the thread runs: `{ file }`, `{ url }` or `{ code }`. */
function program(filename, options) {
  const path = require('path');
  if (options.eval) {
    if (typeof filename !== 'string') {
      throw new ERR_INVALID_ARG_VALUE('options.eval', options.eval, "must be false when 'filename' is not a string");
    }
    return { code: filename };
  }
  const { fileURLToPath, URL } = require('url');
  const isURL = filename !== null && typeof filename === 'object' && (filename instanceof URL || typeof filename.href === 'string');
  if (isURL) {
    if (filename.protocol === 'data:') return { url: `${filename}` };
    return { file: fileURLToPath(filename) };
  }
  if (typeof filename !== 'string') throw new ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
  if (!path.isAbsolute(filename) && !/^\.\.?[\\/]/.test(filename)) throw new ERR_WORKER_PATH(filename);
  return { file: path.resolve(filename) };
}

/** What the thread's process.env is: `{ env }`, a copy, or `{ shared }`, the number of a store that threads share. */
function environment(env) {
  if (env === SHARE_ENV) return { shared: require('internal/process/env').share() };
  if (env === undefined || env === null || env === process.env) return { env: { ...process.env } };
  if (typeof env !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env);
  }
  const copy = {};
  for (const key of Object.keys(env)) copy[key] = `${env[key]}`;
  return { env: copy };
}

/** Node docs: new Worker, `resourceLimits`; -1 stands for what was not asked for. */
function limitsOf(given) {
  const limits = { maxYoungGenerationSizeMb: -1, maxOldGenerationSizeMb: -1, codeRangeSizeMb: -1, stackSizeMb: STACK_MB };
  if (given === null || typeof given !== 'object') return limits;
  for (const key of Object.keys(limits)) {
    if (typeof given[key] === 'number') limits[key] = given[key];
  }
  if (typeof given.maxOldGenerationSizeMb === 'number') limits.maxOldGenerationSizeMb = Math.max(limits.maxOldGenerationSizeMb, OLD_MB_MIN);
  if (!(limits.stackSizeMb > 0)) limits.stackSizeMb = STACK_MB;
  return limits;
}

/** A class of handles that end a profile of a worker, one class per kind as in Node. */
function profileHandle(name) {
  return { [name]: class {
    #end;
    #text;

    constructor() {
      this.#end = arguments[0];
    }

    /** A promise of the profile as JSON, always the same one. */
    stop() {
      return this.#text ??= this.#end();
    }

    async [Symbol.asyncDispose]() {
      await this.stop();
    }
  } }[name];
}

/** Node docs: Class CPUProfileHandle. */
const CPUProfileHandle = profileHandle('CPUProfileHandle');
/** Node docs: Class HeapProfileHandle. */
const HeapProfileHandle = profileHandle('HeapProfileHandle');

class Worker extends EventEmitter {
  #control;
  #ended = false;
  #handle;
  #id = -1;
  #name;
  #public;
  #lastRequest = 0;
  #limits;
  #requests = new Map();
  #stderr;
  #stdin = null;
  #stdout;
  #waiting = [];

  constructor(filename, options = {}) {
    super();
    const what = program(filename, options);
    if (options.argv != null) validateArray(options.argv, 'options.argv');
    let execArgv;
    if (options.execArgv != null) {
      validateArray(options.execArgv, 'options.execArgv');
      execArgv = options.execArgv.map(String);
      // Options end there.
      if (execArgv.includes('--')) execArgv.length = execArgv.indexOf('--');
      checkExecArgv(execArgv);
    }
    this.#name = 'WorkerThread';
    if (options.name !== undefined) {
      validateString(options.name, 'options.name');
      this.#name = options.name.trim();
    }
    const environ = environment(options.env);
    checkNodeOptions(environ.env?.NODE_OPTIONS);
    this.#limits = limitsOf(options.resourceLimits);
    // The thread may want to inspect this one.
    if (require('internal/worker_threads/self').isMainThread) binding('inspector').begin(0, process.argv[1] ?? process.argv0, '');
    const control = new MessageChannel();
    const open = new MessageChannel();
    const transfer = [open.port2, ...(options.transferList ?? [])];
    this.#control = control.port1;
    this.#public = open.port1;
    try {
      control.port1.postMessage({
        ...what,
        argv: options.argv?.map(String) ?? [],
        ...environ,
        environmentData: require('internal/worker_threads/environment_data').all(),
        execArgv: execArgv ?? process.execArgv,
        ownOptions: options.execArgv != null,
        folderChanges: require('internal/process/cwd').shareChanges(),
        inspects: execArgv?.some((word) => /^--inspect(?:-brk|-wait)?(?:=|$)/.test(word)) === true,
        hasStdin: Boolean(options.stdin),
        limits: this.#limits,
        port: open.port2,
        tracing: require('internal/loader').cache.get('internal/trace_events/agent')?.exports.current(),
        trackUnmanagedFds: options.trackUnmanagedFds !== false,
        workerData: options.workerData,
      }, transfer);
    } catch (error) {
      for (const port of [control.port1, open.port1]) port.close();
      throw error;
    }
    this.#openStreams(options);
    this.#control[kOwner] = (message) => this.#onControl(message);
    native.startPort(this.#control);
    this.#public[kOwner] = (value, failed) => this.emit(failed ? 'messageerror' : 'message', value);
    native.startPort(this.#public);
    require('internal/worker_threads/messaging').openInbox();
    const { stackSizeMb, maxOldGenerationSizeMb, maxYoungGenerationSizeMb } = this.#limits;
    const bytes = [stackSizeMb, Math.max(maxOldGenerationSizeMb, 0), Math.max(maxYoungGenerationSizeMb, 0)].map((mb) => mb * MIB);
    const context = asyncContext.get();
    const resource = hooks.resource('WORKER');
    const made = native.createWorker(control.port2, this.#name, ...bytes, (code, outOfMemory) => {
      asyncContext.set(context);
      hooks.callIn(resource, () => this.#onExit(code, outOfMemory));
      hooks.destroy(resource);
    });
    if (made === undefined) throw new ERR_WORKER_INIT_FAILED('ERR_WORKER_INIT_FAILED');
    this.#handle = made[0];
    this.#id = made[1];
    this.performance = {
      eventLoopUtilization: (first, second) => {
        const { utilizationOf } = require('internal/perf_hooks/performance');
        const [loopStart, idle] = this.#ended ? [0, 0] : native.loopTimes(this.#handle);
        return utilizationOf(loopStart, idle, first, second);
      },
    };
    subscribedChannel('worker_threads')?.publish({ worker: this });
    process.nextTick(() => process.emit('worker', this));
  }

  #openStreams(options) {
    const { createReceiver, createSender } = require('internal/worker_threads/stdio');
    if (options.stdin) {
      this.#stdin = createSender((chunks, ended) => this.#control.postMessage({ type: 'stdin', chunks, ended }));
    }
    const receiver = (fd) => createReceiver(() => {
      if (!this.#ended) this.#control.postMessage({ type: 'more', fd });
    });
    this.#stdout = receiver(1);
    this.#stderr = receiver(2);
    if (!options.stdout) this.#stdout.on('data', (chunk) => process.stdout.write(chunk));
    if (!options.stderr) this.#stderr.on('data', (chunk) => process.stderr.write(chunk));
  }

  #onControl(message) {
    const { type } = message;
    if (type === 'online') {
      this.emit('online');
    } else if (type === 'stdio') {
      const { deliver } = require('internal/worker_threads/stdio');
      deliver(message.fd === 1 ? this.#stdout : this.#stderr, message.chunks, message.ended);
    } else if (type === 'more') {
      require('internal/worker_threads/stdio').sendMore(this.#stdin);
    } else if (type === 'error') {
      this.emit('error', require('internal/worker_threads/errors_across').unpack(message.error));
    } else if (type === 'answer') {
      const { resolve, reject } = this.#requests.get(message.id);
      this.#requests.delete(message.id);
      if (message.error === undefined) resolve(message.value);
      else reject(require('internal/worker_threads/errors_across').unpack(message.error));
    }
  }

  #onExit(code, outOfMemory) {
    native.drainPort(this.#control);
    native.drainPort(this.#public);
    this.#control.close();
    this.#public.close();
    this.#ended = true;
    this.#id = -1;
    for (const stream of [this.#stdout, this.#stderr]) {
      if (!stream.destroyed) stream.push(null);
    }
    this.#stdin?.destroy();
    for (const { reject } of this.#requests.values()) reject(new ERR_WORKER_NOT_RUNNING());
    this.#requests.clear();
    for (const resolve of this.#waiting) resolve(code);
    if (outOfMemory) this.emit('error', new ERR_WORKER_OUT_OF_MEMORY('JS heap out of memory'));
    this.emit('exit', code);
  }

  /** Asks the thread, which answers at its next turn. */
  #request(what, argument) {
    if (this.#ended) return Promise.reject(new ERR_WORKER_NOT_RUNNING());
    const id = this.#lastRequest++;
    const answer = Promise.withResolvers();
    this.#requests.set(id, answer);
    this.#control.postMessage({ type: 'request', id, what, argument });
    return answer.promise;
  }

  postMessage(...args) {
    if (this.#ended) return;
    this.#public.postMessage(...args);
  }

  terminate(callback) {
    if (typeof callback === 'function') {
      process.emitWarning('Passing a callback to worker.terminate() is deprecated. It returns a Promise instead.',
        'DeprecationWarning', 'DEP0132');
      if (this.#ended) return Promise.resolve();
      this.once('exit', (code) => callback(null, code));
    }
    if (this.#ended) return Promise.resolve();
    this.ref();
    native.terminateWorker(this.#handle);
    const { promise, resolve } = Promise.withResolvers();
    this.#waiting.push(resolve);
    return promise;
  }

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  ref() {
    if (!this.#ended) native.refWorker(this.#handle, true);
  }

  unref() {
    if (!this.#ended) native.refWorker(this.#handle, false);
  }

  get threadId() {
    return this.#id;
  }

  get threadName() {
    return this.#ended ? null : this.#name;
  }

  get stdin() {
    return this.#stdin;
  }

  get stdout() {
    return this.#stdout;
  }

  get stderr() {
    return this.#stderr;
  }

  get resourceLimits() {
    return this.#ended ? {} : { ...this.#limits };
  }

  /** Node docs: worker.getHeapSnapshot([options]). */
  async getHeapSnapshot(options = undefined) {
    const { checkSnapshotOptions, snapshotStream } = require('internal/v8/heap_snapshot');
    checkSnapshotOptions(options);
    return snapshotStream(await this.#request('heapSnapshot'));
  }

  /** Node docs: worker.getHeapStatistics(). */
  getHeapStatistics() {
    return this.#request('heapStatistics');
  }

  /** Node docs: worker.cpuUsage([prev]). */
  cpuUsage(prev = undefined) {
    if (prev) {
      validateObject(prev, 'prev');
      for (const key of ['user', 'system']) validateNumber(prev[key], `prev.${key}`, 0, Number.MAX_SAFE_INTEGER);
    }
    return this.#request('cpuUsage').then(({ user, system }) => (
      prev ? { user: user - prev.user, system: system - prev.system } : { user, system }));
  }

  /** Node docs: worker.startCpuProfile([options]). */
  startCpuProfile(options) {
    options = require('internal/v8/profiles').checkCpuOptions(options);
    return this.#request('startProfile', { kind: 'cpu', options })
      .then((number) => new CPUProfileHandle(() => this.#request('stopProfile', number)));
  }

  /** Node docs: worker.startHeapProfile([options]). */
  startHeapProfile(options) {
    options = require('internal/v8/profiles').checkHeapOptions(options);
    return this.#request('startProfile', { kind: 'heap', options })
      .then((number) => new HeapProfileHandle(() => this.#request('stopProfile', number)));
  }
}

module.exports = { SHARE_ENV, Worker };
