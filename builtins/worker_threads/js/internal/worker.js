/**
 * Worker: a thread as its parent sees it. Node docs: class Worker.
 *
 * Two ports go to the thread: the control port (what to run, standard streams, its error) and the public one, which is
 * `parentPort` there.
 */
'use strict';

const EventEmitter = require('events');
const native = binding('worker_threads');
const { MessageChannel, kOwner } = require('internal/worker_threads/message_port');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED, ERR_WORKER_INIT_FAILED,
    ERR_WORKER_INVALID_EXEC_ARGV, ERR_WORKER_NOT_RUNNING, ERR_WORKER_PATH,
  },
} = require('internal/errors');
const { validateArray, validateObject, validateString } = require('internal/validators');

const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');

/** Node docs: resourceLimits.stackSizeMb, "Default: 4". */
const STACK_MB = 4;
const LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 2096, codeRangeSizeMb: 0, stackSizeMb: STACK_MB };

/** Options of the process that a worker cannot have for itself. */
const PROCESS_OPTIONS = /^--(?:title|max-http|v8-|max-old|stack-size|expose|trace-gc|abort|zero|icu|openssl|use-largepages|secure-heap)/;

function checkExecArgv(list) {
  const known = process.allowedNodeEnvironmentFlags;
  const bad = list.filter((flag) => flag.startsWith('-') &&
    (PROCESS_OPTIONS.test(flag) || !known.has(flag.replace(/=.*/, ''))) && !/^--(?:eval|print)$/.test(flag));
  if (bad.length > 0) throw new ERR_WORKER_INVALID_EXEC_ARGV(bad);
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

function environment(env) {
  if (env === undefined || env === null || env === process.env) return { ...process.env };
  // Both threads would have to see each other's changes.
  if (env === SHARE_ENV) throw new ERR_METHOD_NOT_IMPLEMENTED('worker_threads.SHARE_ENV');
  if (typeof env !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options.env', ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'], env);
  }
  const copy = {};
  for (const key of Object.keys(env)) copy[key] = `${env[key]}`;
  return copy;
}

class Worker extends EventEmitter {
  #control;
  #ended = false;
  #handle;
  #id = -1;
  #name;
  #public;
  #limits;
  #stderr;
  #stdin = null;
  #stdout;
  #waiting = [];

  constructor(filename, options = {}) {
    super();
    validateObject(options, 'options');
    const what = program(filename, options);
    if (options.argv != null) validateArray(options.argv, 'options.argv');
    if (options.execArgv != null) {
      validateArray(options.execArgv, 'options.execArgv');
      checkExecArgv(options.execArgv.map(String));
    }
    this.#name = 'WorkerThread';
    if (options.name !== undefined) {
      validateString(options.name, 'options.name');
      this.#name = options.name.trim();
    }
    const env = environment(options.env);
    this.#limits = { ...LIMITS };
    for (const key of Object.keys(LIMITS)) {
      const limit = options.resourceLimits?.[key];
      if (typeof limit === 'number' && limit > 0) this.#limits[key] = limit;
    }
    const control = new MessageChannel();
    const open = new MessageChannel();
    const transfer = [open.port2, ...(options.transferList ?? [])];
    this.#control = control.port1;
    this.#public = open.port1;
    try {
      control.port1.postMessage({
        ...what,
        argv: options.argv?.map(String) ?? [],
        env,
        environmentData: require('internal/worker_threads/environment_data').all(),
        execArgv: options.execArgv?.map(String) ?? process.execArgv,
        hasStdin: Boolean(options.stdin),
        limits: this.#limits,
        port: open.port2,
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
    const made = native.createWorker(control.port2, this.#name, this.#limits.stackSizeMb * 1024 * 1024, (code) => this.#onExit(code));
    if (made === undefined) throw new ERR_WORKER_INIT_FAILED('ERR_WORKER_INIT_FAILED');
    this.#handle = made[0];
    this.#id = made[1];
    const worker = this;
    this.performance = {
      eventLoopUtilization() {
        // The loop of another thread is out of reach.
        if (worker.#ended) return { idle: 0, active: 0, utilization: 0 };
        throw new ERR_METHOD_NOT_IMPLEMENTED('worker.performance.eventLoopUtilization()');
      },
    };
    process.nextTick(() => process.emit('worker', this));
  }

  #openStreams(options) {
    const { Readable, Writable } = require('stream');
    if (options.stdin) {
      const control = this.#control;
      this.#stdin = new Writable({
        decodeStrings: true,
        write(chunk, encoding, callback) {
          control.postMessage({ type: 'stdin', chunk });
          callback();
        },
        final(callback) {
          control.postMessage({ type: 'stdin', chunk: null });
          callback();
        },
      });
    }
    this.#stdout = new Readable({ read() {} });
    this.#stderr = new Readable({ read() {} });
    if (!options.stdout) this.#stdout.on('data', (chunk) => process.stdout.write(chunk));
    if (!options.stderr) this.#stderr.on('data', (chunk) => process.stderr.write(chunk));
  }

  #onControl(message) {
    switch (message.type) {
      case 'online':
        this.emit('online');
        break;
      case 'stdio':
        (message.fd === 1 ? this.#stdout : this.#stderr).push(require('buffer').Buffer.from(message.chunk));
        break;
      case 'error':
        this.emit('error', require('internal/worker_threads/errors_across').unpack(message.error));
        break;
    }
  }

  #onExit(code) {
    native.drainPort(this.#control);
    native.drainPort(this.#public);
    this.#control.close();
    this.#public.close();
    this.#ended = true;
    this.#id = -1;
    for (const stream of [this.#stdout, this.#stderr]) {
      if (!stream.destroyed) stream.push(null);
    }
    for (const resolve of this.#waiting) resolve(code);
    this.emit('exit', code);
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

  getHeapSnapshot() {
    return this.#missing('getHeapSnapshot');
  }

  getHeapStatistics() {
    return this.#missing('getHeapStatistics');
  }

  cpuUsage() {
    return this.#missing('cpuUsage');
  }

  startCpuProfile() {
    return this.#missing('startCpuProfile');
  }

  startHeapProfile() {
    return this.#missing('startHeapProfile');
  }

  #missing(name) {
    if (this.#ended) return Promise.reject(new ERR_WORKER_NOT_RUNNING());
    return Promise.reject(new ERR_METHOD_NOT_IMPLEMENTED(`worker.${name}()`));
  }
}

module.exports = { SHARE_ENV, Worker };
