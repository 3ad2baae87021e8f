/** node:wasi: WebAssembly programs with files, arguments and clocks. Node docs: "WebAssembly System Interface (WASI)". */
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_WASI_ALREADY_STARTED, ERR_WASI_NOT_STARTED } } = require('internal/errors');
const { emitExperimentalWarning } = require('internal/util');
const { validateArray, validateBoolean, validateFunction, validateInt32, validateObject, validateString, validateUndefined } = require('internal/validators');
const { errors } = require('internal/wasi/abi');
const { Exit, Preview1, makeImports } = require('internal/wasi/preview1');

emitExperimentalWarning('WASI');

const kInstance = Symbol('kInstance');

/** Names under which programs import the interface. */
const MODULES = { __proto__: null, preview1: 'wasi_snapshot_preview1', unstable: 'wasi_unstable' };

class WASI {
  #system;
  #started = false;
  #bound = false;
  #module;

  constructor(options = {}) {
    validateObject(options, 'options');
    validateString(options.version, 'options.version');
    if (MODULES[options.version] === undefined) {
      throw new ERR_INVALID_ARG_VALUE('options.version', options.version, 'unsupported WASI version');
    }
    if (options.args !== undefined) validateArray(options.args, 'options.args');
    if (options.env !== undefined) validateObject(options.env, 'options.env');
    if (options.preopens !== undefined) validateObject(options.preopens, 'options.preopens');
    const { returnOnExit = true, stdin = 0, stdout = 1, stderr = 2 } = options;
    validateBoolean(returnOnExit, 'options.returnOnExit');
    validateInt32(stdin, 'options.stdin', 0);
    validateInt32(stdout, 'options.stdout', 0);
    validateInt32(stderr, 'options.stderr', 0);
    binding('wasi').admit();
    this.#module = MODULES[options.version];
    const env = [];
    for (const { 0: name, 1: value } of Object.entries(options.env ?? {})) {
      if (value !== undefined) env.push(`${name}=${value}`);
    }
    this.#system = prepare({
      args: (options.args ?? []).map(String),
      env,
      preopens: Object.entries(options.preopens ?? {}).map(({ 0: guest, 1: host }) => [String(guest), String(host)]),
      stdio: [stdin, stdout, stderr],
      exit(code) {
        if (returnOnExit) throw new Exit(code);
        process.reallyExit(code);
      },
    });
    this.wasiImport = makeImports(this.#system, () => {
      if (!this.#bound) throw new ERR_WASI_NOT_STARTED();
    });
  }

  finalizeBindings(instance, { memory = instance?.exports?.memory } = {}) {
    if (this.#started) throw new ERR_WASI_ALREADY_STARTED();
    validateObject(instance, 'instance');
    validateObject(instance.exports, 'instance.exports');
    if (!isMemory(memory)) {
      const error = new TypeError('"instance.exports.memory" property must be a WebAssembly.Memory object');
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    this.#system.memory = memory;
    this.#bound = true;
    this.#started = true;
    this[kInstance] = instance;
  }

  /** Runs a program; its exit code, if it may return. */
  start(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = instance.exports;
    validateFunction(_start, 'instance.exports._start');
    validateUndefined(_initialize, 'instance.exports._initialize');
    try {
      _start();
    } catch (error) {
      if (error instanceof Exit) return error.code;
      throw error;
    }
    return 0;
  }

  /** Prepares a library. */
  initialize(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = instance.exports;
    validateUndefined(_start, 'instance.exports._start');
    if (_initialize !== undefined) {
      validateFunction(_initialize, 'instance.exports._initialize');
      _initialize();
    }
  }

  getImportObject() {
    return { [this.#module]: this.wasiImport };
  }
}

/** The system behind an instance; what cannot be opened has the name that Node gives it. */
function prepare(settings) {
  try {
    return new Preview1(settings);
  } catch (error) {
    if (errors[error?.code] === undefined) throw error;
    const failure = new Error(`UVWASI_${error.code}, uvwasi_init`);
    failure.errno = errors[error.code];
    failure.code = `UVWASI_${error.code}`;
    failure.syscall = 'uvwasi_init';
    throw failure;
  }
}

/** Memories of other contexts count too. */
function isMemory(value) {
  if (value instanceof WebAssembly.Memory) return true;
  if (value === null || typeof value !== 'object') return false;
  try {
    Reflect.apply(Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'buffer').get, value, []);
    return true;
  } catch {
    // Its brand says it is none.
    return false;
  }
}

module.exports = { WASI };
