'use strict';

/**
 * `vm.Module`, `vm.SourceTextModule` and `vm.SyntheticModule` over the engine's module records.
 *
 * A synthetic module is a generated source text module (internal/module/esm): its exports can be set from its evaluation on;
 * what is set before waits in `#early`. Needs `--experimental-vm-modules`. Node docs: "VM", class vm.Module.
 */

const native = binding('module');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_MODULE_LINK_MISMATCH,
    ERR_SOURCE_PHASE_NOT_DEFINED,
    ERR_VM_MODULE_ALREADY_LINKED,
    ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA,
    ERR_VM_MODULE_CACHED_DATA_REJECTED,
    ERR_VM_MODULE_DIFFERENT_CONTEXT,
    ERR_VM_MODULE_LINK_FAILURE,
    ERR_VM_MODULE_NOT_MODULE,
    ERR_VM_MODULE_STATUS,
  },
} = require('internal/errors');
const {
  validateBoolean, validateFunction, validateInt32, validateObject, validateString, validateUint32,
} = require('internal/validators');
const { customInspectSymbol } = require('internal/util');

const { then } = Promise.prototype;
const { reword } = require('internal/module/v8_syntax');

const kLink = Symbol('link');
const kRecord = Symbol('record');
const kRequests = Symbol('requests');
let hasAsyncGraph;
let instantiate;
let setJobs;

/** Names of modules without identifier are counted per context. */
const counters = new WeakMap();

const statusNames = {
  '__proto__': null,
  'errored': 'errored',
  'evaluated': 'evaluated',
  'evaluating': 'evaluating',
  'evaluating-async': 'evaluating',
  'linked': 'linked',
  'linking': 'linking',
  'unlinked': 'unlinked',
};

function nextIdentifier(context) {
  const key = context ?? globalThis;
  const count = counters.get(key) ?? 0;
  counters.set(key, count + 1);
  return `vm:module(${count})`;
}

/** What all modules have: a record, a status, a namespace. */
class Module {
  #context;
  #identifier;
  /** 'linking' while link() waits for linkers, 'errored' with #linkError after one failed. */
  #phase;
  #linkError;
  #jobs;

  constructor(context, identifier) {
    if (new.target === Module) throw new TypeError('Module is not a constructor');
    this.#context = context;
    this.#identifier = identifier;
  }

  /** Throws ERR_INVALID_THIS for what is no module. */
  static check(value) {
    if (value === null || typeof value !== 'object' || !(#identifier in value)) throw new ERR_INVALID_THIS('Module');
  }

  static isModule(value) {
    return value !== null && typeof value === 'object' && #identifier in value;
  }

  get identifier() {
    Module.check(this);
    return this.#identifier;
  }

  get context() {
    Module.check(this);
    return this.#context;
  }

  get status() {
    Module.check(this);
    if (this.#phase !== undefined) return this.#phase;
    return statusNames[native.moduleStatus(this[kRecord])];
  }

  get namespace() {
    Module.check(this);
    const { status } = this;
    if (status === 'unlinked' || status === 'linking') throw new ERR_VM_MODULE_STATUS('must not be unlinked or linking');
    return native.moduleNamespace(this[kRecord]);
  }

  get error() {
    Module.check(this);
    if (this.status !== 'errored') throw new ERR_VM_MODULE_STATUS('must be errored');
    return this.#phase === 'errored' ? this.#linkError : native.moduleError(this[kRecord]);
  }

  /** Links with `linker(specifier, module, { attributes })`, for this module and those it leads to. */
  async link(linker) {
    Module.check(this);
    validateFunction(linker, 'linker');
    const { status } = this;
    if (status === 'linked') throw new ERR_VM_MODULE_ALREADY_LINKED();
    if (status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    await this[kLink](linker);
    this.#instantiate();
  }

  async [kLink](linker) {
    if (this.#phase !== undefined || this.#jobs !== undefined) return;
    this.#phase = 'linking';
    try {
      const requests = this[kRequests];
      const modules = await Promise.all(requests.map(async ({ specifier, attributes }) => {
        const module = await linker(specifier, this, { attributes, assert: attributes });
        if (!Module.isModule(module)) throw new ERR_VM_MODULE_NOT_MODULE();
        if (module.context !== this.#context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
        if (module.status === 'errored') {
          throw new ERR_VM_MODULE_LINK_FAILURE(`request for '${specifier}' resolved to an errored module`, module.error);
        }
        return module;
      }));
      this.#jobs = modules;
      native.moduleSetLinked(this[kRecord], modules.map((module) => module[kRecord]));
      await Promise.all(modules.map((module) => (module.status === 'unlinked' ? module[kLink](linker) : undefined)));
      this.#phase = undefined;
    } catch (error) {
      this.#phase = 'errored';
      this.#linkError = error;
      throw error;
    }
  }

  #instantiate() {
    if (this.status !== 'unlinked') return;
    this.#checkLinked(new Set());
    try {
      native.moduleLink(this[kRecord]);
    } catch (error) {
      const match = /requested module '([\s\S]*)' does(?:n't| not) provide an export named:? '([\s\S]*)'/.exec(error.message);
      if (match) {
        const index = this.#jobs.findIndex((job) => job.identifier === match[1]);
        const specifier = index === -1 ? match[1] : this[kRequests][index].specifier;
        error.message = `The requested module '${specifier}' does not provide an export named '${match[2]}'`;
      }
      this.#phase = 'errored';
      this.#linkError = error;
      throw error;
    }
  }

  #checkLinked(seen) {
    if (seen.has(this)) return;
    seen.add(this);
    if (this.#jobs === undefined) {
      // A dependency that asks for nothing needs no list.
      if (seen.size > 1 && this[kRequests].length === 0) return;
      const [first] = this[kRequests];
      throw new ERR_VM_MODULE_LINK_FAILURE(
        `request for '${first?.specifier ?? ''}' can not be resolved on module '${this.#identifier}' that is not linked`);
    }
    this.#jobs.forEach((job, index) => {
      // No vm.Module has a source.
      if (this[kRequests][index].phase === 'source') throw new ERR_SOURCE_PHASE_NOT_DEFINED(job.identifier);
      job.#checkLinked(seen);
    });
  }

  #hasAwait(seen) {
    if (seen.has(this)) return false;
    seen.add(this);
    return native.moduleHasTopLevelAwait(this[kRecord]) || (this.#jobs ?? []).some((job) => job.#hasAwait(seen));
  }

  static {
    // What the subclasses reach, but not users.
    instantiate = (module) => module.#instantiate();
    hasAsyncGraph = (module) => module.#hasAwait(new Set());
    setJobs = (module, jobs) => { module.#jobs = jobs; };
  }

  /** Runs a linked module. Options: `timeout` in milliseconds, `breakOnSigint`. */
  evaluate(options = {}) {
    // Not an async function: a module without top-level await gives a promise that is settled already.
    try {
      Module.check(this);
      this.#checkEvaluate(options);
      return run(this, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #checkEvaluate(options) {
    validateObject(options, 'options');
    const { timeout, breakOnSigint = false } = options;
    if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
    validateBoolean(breakOnSigint, 'options.breakOnSigint');
    const { status } = this;
    if (status !== 'linked' && status !== 'evaluated' && status !== 'errored') {
      throw new ERR_VM_MODULE_STATUS('must be one of linked, evaluated, or errored');
    }
    if (this.#phase === 'errored') throw this.#linkError;
  }

  [customInspectSymbol](depth, options) {
    Module.check(this);
    if (typeof depth === 'number' && depth < 0) return `[${this.constructor.name}]`;
    const shown = Object.create(Object.getPrototypeOf(this));
    for (const [key, value] of [['status', this.status], ['identifier', this.#identifier], ['context', this.#context]]) {
      Object.defineProperty(shown, key, { __proto__: null, value, enumerable: true });
    }
    return require('internal/util/inspect').inspect(shown, { ...options, customInspect: false });
  }
}

function run(module, { timeout, breakOnSigint = false }) {
  const { context } = module;
  const settings = context === undefined ? undefined : require('internal/vm/contexts').contexts.get(context);
  const hasOwnQueue = settings?.microtaskMode === 'afterEvaluate';
  if (timeout === undefined && !breakOnSigint && !hasOwnQueue) return native.moduleEvaluate(module[kRecord]);
  const { callLimited } = binding('vm');
  let promise;
  try {
    // An evaluation that is interrupted returns all the same, and only the end of the call tells: the jobs have one of their own.
    callLimited(() => {
      promise = native.moduleEvaluate(module[kRecord]);
    }, timeout, breakOnSigint);
    if (hasOwnQueue) callLimited(() => binding('task_queue').runMicrotasksOf(settings.global), timeout, breakOnSigint);
  } catch (error) {
    // The engine's own promise of an interrupted evaluation is nobody's.
    if (promise !== undefined) Reflect.apply(then, promise, [undefined, () => {}]);
    throw error;
  }
  // A promise of the context would take its jobs to the context's queue, which nobody runs now.
  return hasOwnQueue ? new Promise((resolve, reject) => { Reflect.apply(then, promise, [() => resolve(), reject]); }) : promise;
}

/** An ES module from source text. */
class SourceTextModule extends Module {
  #requests;
  #script;
  #specifiers;

  constructor(source, options = {}) {
    validateString(source, 'source');
    validateObject(options, 'options');
    const {
      cachedData, context, columnOffset = 0, identifier, importModuleDynamically, initializeImportMeta, lineOffset = 0,
    } = options;
    const global = globalOf(context);
    if (identifier !== undefined) validateString(identifier, 'options.identifier');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (initializeImportMeta !== undefined) validateFunction(initializeImportMeta, 'options.initializeImportMeta');
    if (importModuleDynamically !== undefined && typeof importModuleDynamically !== 'symbol') {
      validateFunction(importModuleDynamically, 'options.importModuleDynamically');
    }
    if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
      throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    const name = identifier ?? nextIdentifier(context);
    super(context, name);
    const host = {
      __proto__: null,
      importModuleDynamically: importModuleDynamically === undefined ? undefined : async (specifier, attributes, phase) => {
        if (typeof importModuleDynamically === 'symbol') {
          const { importModule, importSource } = require('internal/module/esm');
          const parent = `${require('url').pathToFileURL(`${process.cwd()}/`)}`;
          return phase === 'source' ? importSource(specifier, parent) : importModule(specifier, parent, attributes);
        }
        const result = await importModuleDynamically(specifier, this, attributes, phase);
        if (Module.isModule(result)) {
          if (phase === 'source') throw new ERR_SOURCE_PHASE_NOT_DEFINED(result.identifier);
          return namespaceOf(result);
        }
        if (!require('internal/util/types').isModuleNamespaceObject(result)) throw new ERR_VM_MODULE_NOT_MODULE();
        return result;
      },
      initializeImportMeta: initializeImportMeta === undefined ? undefined : (meta) => initializeImportMeta(meta, this),
    };
    let compiled;
    try {
      compiled = binding('vm').compileModule(source, name, host, global, cachedData);
    } catch (error) {
      if (error instanceof SyntaxError || error?.name === 'SyntaxError') reword(error, source);
      throw error;
    }
    if (cachedData !== undefined && !compiled[2]) throw new ERR_VM_MODULE_CACHED_DATA_REJECTED();
    this[kRecord] = compiled[0];
    this.#script = compiled[1];
    this.#requests = native.moduleRequests(this[kRecord]).map(({ specifier, type, sourcePhase }) => Object.freeze({
      __proto__: null,
      specifier,
      attributes: Object.freeze(type === '' ? { __proto__: null } : { __proto__: null, type }),
      phase: sourcePhase ? 'source' : 'evaluation',
    }));
  }

  get [kRequests]() {
    return this.#requests;
  }

  get moduleRequests() {
    Module.check(this);
    return Object.freeze(this.#requests.slice());
  }

  get dependencySpecifiers() {
    Module.check(this);
    this.#specifiers ??= Object.freeze(this.#requests.map(({ specifier }) => specifier));
    return this.#specifiers;
  }

  /** Says which modules the requests lead to, in the order of `moduleRequests`. */
  linkRequests(modules) {
    Module.check(this);
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    if (!Array.isArray(modules)) throw new ERR_INVALID_ARG_TYPE('modules', 'Array', modules);
    for (const module of modules) {
      if (!Module.isModule(module)) throw new ERR_VM_MODULE_NOT_MODULE();
      if (module.context !== this.context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
    }
    if (modules.length !== this.#requests.length) {
      throw new ERR_MODULE_LINK_MISMATCH(`Expected ${this.#requests.length} modules, got ${modules.length}`);
    }
    setJobs(this, modules.slice());
    native.moduleSetLinked(this[kRecord], modules.map((module) => module[kRecord]));
  }

  /** Links the graph that linkRequests() described. */
  instantiate() {
    Module.check(this);
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    instantiate(this);
  }

  hasAsyncGraph() {
    Module.check(this);
    const { status } = this;
    if (status === 'unlinked' || status === 'linking') throw new ERR_VM_MODULE_STATUS('must be instantiated');
    return hasAsyncGraph(this);
  }

  hasTopLevelAwait() {
    Module.check(this);
    return native.moduleHasTopLevelAwait(this[kRecord]);
  }

  createCachedData() {
    Module.check(this);
    const { status } = this;
    if (status === 'evaluating' || status === 'evaluated' || status === 'errored') {
      throw new ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA();
    }
    const bytes = binding('vm').encode(this.#script);
    return bytes === undefined ? Buffer.alloc(0) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

function namespaceOf(module) {
  const { status } = module;
  if (status === 'errored') throw module.error;
  return module.namespace;
}

/** The global object of a contextified object; undefined for the main context. Throws for what is neither. */
function globalOf(context) {
  if (context === undefined) return undefined;
  if (context === null || (typeof context !== 'object' && typeof context !== 'function')) {
    throw new ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
  }
  const found = require('vm').isContext(context) ? require('internal/vm/contexts').contexts.get(context) : undefined;
  if (found === undefined) throw new ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
  return found.global;
}

/** A module whose exports are set by code. */
class SyntheticModule extends Module {
  #early = new Map();
  #names;
  #set;

  constructor(exportNames, evaluateCallback, options = {}) {
    if (!Array.isArray(exportNames) || exportNames.some((name) => typeof name !== 'string')) {
      throw new ERR_INVALID_ARG_TYPE('exportNames', 'Array of unique strings', exportNames);
    }
    exportNames.forEach((name, index) => {
      if (exportNames.indexOf(name) !== index) {
        throw new ERR_INVALID_ARG_VALUE(`exportNames.${name}`, name, 'is duplicated');
      }
    });
    validateFunction(evaluateCallback, 'evaluateCallback');
    validateObject(options, 'options');
    const { context, identifier } = options;
    const global = globalOf(context);
    if (identifier !== undefined) validateString(identifier, 'options.identifier');
    const name = identifier ?? nextIdentifier(context);
    super(context, name);
    this.#names = exportNames.slice();
    const { Job, compileSynthetic } = require('internal/module/esm');
    const job = new Job(name, '');
    compileSynthetic(job, this.#names, (set) => {
      this.#set = set;
      for (const [index, value] of this.#early) set(index, value);
      this.#early.clear();
      Reflect.apply(evaluateCallback, this, []);
    }, global);
    this[kRecord] = job.record;
    setJobs(this, []);
    native.moduleSetLinked(job.record, []);
    instantiate(this);
  }

  get [kRequests]() {
    return [];
  }

  async link(linker) {
    Module.check(this);
    validateFunction(linker, 'linker');
  }

  setExport(name, value) {
    if (value === undefined && arguments.length === 0) validateString(name, 'name');
    if (this === null || typeof this !== 'object' || !(#names in this)) throw new ERR_INVALID_THIS('SyntheticModule');
    validateString(name, 'name');
    const index = this.#names.indexOf(name);
    if (index === -1) throw new ReferenceError(`Export '${name}' is not defined in module`);
    if (this.#set === undefined) this.#early.set(index, value);
    else this.#set(index, value);
  }
}

module.exports = { Module, SourceTextModule, SyntheticModule };
