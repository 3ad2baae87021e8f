/** `node:vm`. Node docs: "VM (executing JavaScript)". */
'use strict';

const native = binding('vm');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  validateArray, validateBoolean, validateFunction, validateInt32, validateObject, validateOneOf, validateString,
  validateStringArray, validateUint32,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');

const constants = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
  DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
});

/** sandbox (or vanilla global) -> { global, sandbox, name, origin, microtaskMode, referrer } */
const { add: addContext, contexts, count: countContexts } = require('internal/vm/contexts');
const kScript = Symbol('script');
const kReferrer = Symbol('referrer');

function validateContext(contextifiedObject) {
  if (!isContext(contextifiedObject)) {
    throw new ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', contextifiedObject);
  }
}

/** Node docs: vm.isContext(object). */
function isContext(object) {
  validateObject(object, 'object', kAllowAll);
  return contexts.has(object);
}

/** Functions and arrays may be contexts, too. */
const kAllowAll = require('internal/validators').kValidateObjectAllowObjects ?? 0b1110;

/** What `import()` in a script gets as its referrer. */
function makeReferrer(importModuleDynamically, filename, target) {
  if (importModuleDynamically === undefined) return Object.freeze({ __proto__: null });
  if (importModuleDynamically === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) {
    if (filename.startsWith('/') || filename.startsWith('file:')) return filename;
    try {
      return `${process.cwd()}/`;
    } catch {
      // The working folder is gone: imports from there will not be found.
      return '/';
    }
  }
  return {
    __proto__: null,
    async importModuleDynamically(specifier, attributes, phase) {
      if (!require('internal/options').getOptionValue('--experimental-vm-modules')) {
        throw new (require('internal/errors').codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG)();
      }
      const result = await importModuleDynamically(specifier, target(), attributes, phase);
      if (result !== null && typeof result === 'object' && result.namespace !== undefined && result.status !== undefined) {
        return result.namespace;
      }
      return result;
    },
  };
}

function validateImport(importModuleDynamically, name) {
  if (importModuleDynamically === undefined || typeof importModuleDynamically === 'symbol') return;
  validateFunction(importModuleDynamically, name);
}

/** Node docs: Class vm.Script. */
class Script {
  constructor(code, options = kEmptyObject) {
    code = `${code}`;
    if (typeof options === 'string') options = { filename: options };
    else validateObject(options, 'options');
    const {
      filename = 'evalmachine.<anonymous>',
      lineOffset = 0,
      columnOffset = 0,
      cachedData,
      produceCachedData = false,
      importModuleDynamically,
    } = options;
    validateString(filename, 'options.filename');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
      throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    validateBoolean(produceCachedData, 'options.produceCachedData');
    validateImport(importModuleDynamically, 'options.importModuleDynamically');
    require('internal/process/source_lines').rememberSource(filename, code, lineOffset, columnOffset);
    let compiled;
    try {
      compiled = compile(code, filename, lineOffset, columnOffset, cachedData);
    } catch (error) {
      fail(error, true);
    }
    if (cachedData !== undefined) {
      this.cachedDataRejected = !compiled[1];
      compiled = compiled[0];
    }
    Object.defineProperty(this, kScript, { __proto__: null, value: compiled });
    Object.defineProperty(this, kReferrer, {
      __proto__: null, value: makeReferrer(importModuleDynamically, filename, () => this),
    });
    if (produceCachedData) {
      const data = encode(compiled);
      this.cachedDataProduced = data !== undefined;
      if (data !== undefined) this.cachedData = data;
    }
    const map = /\/\/[#@] sourceMappingURL=([^\s'"]+)\s*$/.exec(code);
    this.sourceMapURL = map === null ? undefined : map[1];
  }

  /** The bytecode as far as functions have been compiled; a later Script of the same source accepts it. */
  createCachedData() {
    return encode(this[kScript]) ?? Buffer.alloc(0);
  }

  runInThisContext(options) {
    const { sigint, timeout, args } = runOptions(options);
    try {
      return native.run(this[kScript], this[kReferrer], timeout, sigint);
    } catch (error) {
      fail(error, args);
    }
  }

  runInContext(contextifiedObject, options) {
    validateContext(contextifiedObject);
    const { sigint, timeout, args } = runOptions(options);
    try {
      return runIn(this, contextifiedObject, timeout, sigint);
    } catch (error) {
      fail(error, args);
    }
  }

  runInNewContext(contextObject, options) {
    const context = createContext(contextObject, newContextOptions(options));
    return this.runInContext(context, options);
  }
}

/** A compiled script; SyntaxErrors have V8's words. */
function compile(code, filename, lineOffset, columnOffset, cachedData) {
  try {
    return native.compile(code, filename, lineOffset + 1, columnOffset, cachedData);
  } catch (error) {
    if (lineOffset === 0 && columnOffset === 0) require('internal/module/v8_syntax').reword(error, code);
    throw error;
  }
}

/** The bytecode of a script as a Buffer; undefined if the engine cannot encode it. */
function encode(compiled) {
  const bytes = native.encode(compiled);
  return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function runIn(script, contextifiedObject, timeout, sigint) {
  const context = contexts.get(contextifiedObject);
  const enter = (limit, interruptible) => {
    const value = native.runInContext(script[kScript], context.global, context.sandbox, script[kReferrer], limit, interruptible,
      context.self);
    if (context.sandbox !== undefined) moveImplicitGlobals(context);
    return value;
  };
  const result = context.microtaskMode === 'afterEvaluate' ? native.callLimited(() => {
    const value = enter(undefined, false);
    // The promise jobs of the script are part of its time.
    binding('task_queue').runMicrotasksOf(context.global);
    return value;
  }, timeout, sigint) : enter(timeout, sigint);
  // Names lead to the sandbox itself, which is the global object for the context's code.
  return result === context.sandbox && result !== undefined ? context.self : result;
}

/** Assignments to undeclared names land on the realm's global object; they belong to the sandbox. */
function moveImplicitGlobals({ global, sandbox }) {
  for (const key of Object.keys(global)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(global, key);
    if (descriptor === undefined || !descriptor.configurable || !('value' in descriptor)) continue;
    delete global[key];
    Reflect.set(sandbox, key, descriptor.value);
  }
}

function fail(error, displayErrors) {
  if (displayErrors) require('internal/vm/decorate').decorate(error);
  // Where the script threw it stays what a report shows.
  binding('module').throwAgain(error);
}

function runOptions(options = kEmptyObject) {
  validateObject(options, 'options');
  const { breakOnSigint, displayErrors = true, timeout } = options;
  if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
  validateBoolean(displayErrors, 'options.displayErrors');
  if (breakOnSigint !== undefined) validateBoolean(breakOnSigint, 'options.breakOnSigint');
  return { sigint: breakOnSigint === true, timeout, args: displayErrors };
}

function newContextOptions(options) {
  if (options === undefined || typeof options === 'string') return {};
  validateObject(options, 'options');
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } = options;
  if (contextName !== undefined) validateString(contextName, 'options.contextName');
  if (contextOrigin !== undefined) validateString(contextOrigin, 'options.contextOrigin');
  if (contextCodeGeneration !== undefined) {
    validateObject(contextCodeGeneration, 'options.contextCodeGeneration');
    const { strings, wasm } = contextCodeGeneration;
    if (strings !== undefined) validateBoolean(strings, 'options.contextCodeGeneration.strings');
    if (wasm !== undefined) validateBoolean(wasm, 'options.contextCodeGeneration.wasm');
  }
  return { name: contextName, origin: contextOrigin, codeGeneration: contextCodeGeneration, microtaskMode };
}

/** A fresh global object; with `--expose-gc`, or after v8.setFlagsFromString('--expose_gc'), it has `gc`. */
function newRealm({ codeGeneration, microtaskMode }) {
  const global = native.createRealm(microtaskMode === 'afterEvaluate');
  const options = require('internal/options');
  const strings = codeGeneration?.strings ?? !options.getOptionValue('--disallow-code-generation-from-strings');
  if (!strings || codeGeneration?.wasm === false) {
    native.restrictCodeGeneration(global, strings, codeGeneration?.wasm !== false);
  }
  defineConsole(global);
  const protoMode = options.getOptionValue('--disable-proto');
  if (protoMode !== undefined) require('internal/process/restrictions').disableProto(Object.getPrototypeOf(global), protoMode);
  const flags = require('internal/loader').cache.get('internal/v8/flags')?.exports;
  if (options.getOptionValue('--expose-gc') || flags?.has('expose-gc')) require('internal/process/expose_gc').exposeGc(global);
  return global;
}

/** Methods of V8's own `console`, which talks to debuggers only. */
const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group', 'groupCollapsed',
  'groupEnd', 'clear', 'count', 'countReset', 'assert', 'profile', 'profileEnd', 'time', 'timeLog', 'timeEnd', 'timeStamp'];

/** A context's `console` is the engine's: without a debugger its messages go nowhere, as in Node. */
function defineConsole(global) {
  const define = (value) => {
    Object.defineProperty(global, 'console', { __proto__: null, configurable: true, enumerable: false, value, writable: true });
  };
  Object.defineProperty(global, 'console', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      const console = {};
      for (const name of CONSOLE_METHODS) Object.defineProperty(console, name, { ...kMethod, value: { [name]() {} }[name] });
      define(console);
      return console;
    },
    set: define,
  });
}

const kMethod = { __proto__: null, configurable: true, enumerable: true, writable: true };

let contextCount = 0;

/** Node docs: vm.createContext([contextObject[, options]]). */
function createContext(contextObject = {}, options = kEmptyObject) {
  if (contextObject === constants.DONT_CONTEXTIFY) return createVanilla(options);
  if (isContext(contextObject)) return contextObject;
  const settings = contextSettings(options);
  const global = newRealm(settings);
  const inner = Object.getPrototypeOf(global);
  const self = new Proxy(contextObject, globalHandler(contextObject, global, inner, () => self));
  // Before anything asks for `globalThis`.
  native.setGlobalThis(global, self);
  Object.setPrototypeOf(global, new Proxy({ __proto__: inner }, sandboxHandler(contextObject, inner, self)));
  const referrer = makeReferrer(settings.importModuleDynamically, '', () => contextObject);
  addContext(contextObject, { global, sandbox: contextObject, self, referrer, ...settings });
  return contextObject;
}

function createVanilla(options) {
  const settings = contextSettings(options);
  const global = newRealm(settings);
  const referrer = makeReferrer(settings.importModuleDynamically, '', () => global);
  addContext(global, { global, sandbox: undefined, referrer, ...settings });
  return global;
}

function contextSettings(options) {
  validateObject(options, 'options');
  const { name = `VM Context ${++contextCount}`, origin, codeGeneration, microtaskMode, importModuleDynamically } = options;
  validateString(name, 'options.name');
  if (origin !== undefined) validateString(origin, 'options.origin');
  if (codeGeneration !== undefined) {
    validateObject(codeGeneration, 'options.codeGeneration');
    const { strings = true, wasm = true } = codeGeneration;
    validateBoolean(strings, 'options.codeGeneration.strings');
    validateBoolean(wasm, 'options.codeGeneration.wasm');
  }
  validateOneOf(microtaskMode, 'options.microtaskMode', ['afterEvaluate', undefined]);
  validateImport(importModuleDynamically, 'options.importModuleDynamically');
  return { codeGeneration, importModuleDynamically, name, origin, microtaskMode };
}

/**
 * The prototype of a context's global object: what the sandbox has, code finds that is not run with the sandbox in its scope
 * (`new Function`, modules). `inner` is the Object.prototype of the context.
 */
function sandboxHandler(sandbox, inner, self) {
  return {
    __proto__: null,
    has: (_target, key) => Reflect.has(sandbox, key) || Reflect.has(inner, key),
    get: (_target, key) => {
      const value = Reflect.get(sandbox, key);
      if (value === undefined && !Reflect.has(sandbox, key)) return Reflect.get(inner, key, self);
      return value === sandbox ? self : value;
    },
    set: (_target, key, value) => Reflect.set(sandbox, key, value),
    deleteProperty: (_target, key) => Reflect.deleteProperty(sandbox, key),
    getOwnPropertyDescriptor: (_target, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(sandbox, key);
      // A proxy may not report what its target lacks as fixed.
      if (descriptor !== undefined) descriptor.configurable = true;
      return descriptor;
    },
    ownKeys: () => Reflect.ownKeys(sandbox),
  };
}

/**
 * What `this` and `globalThis` are in a context: the sandbox's own properties first, then the language's. `self()` is the
 * proxy. Its target is the sandbox, so that properties of the sandbox may be fixed.
 */
function globalHandler(sandbox, global, inner, self) {
  return {
    __proto__: null,
    defineProperty(_target, key, descriptor) {
      if (Reflect.defineProperty(sandbox, key, descriptor)) return true;
      // What the engine says of traps that refuse is another message.
      if (Object.hasOwn(sandbox, key)) throw new TypeError(`Cannot redefine property: ${String(key)}`);
      return false;
    },
    deleteProperty: (_target, key) => (
      Object.hasOwn(sandbox, key) ? Reflect.deleteProperty(sandbox, key) : Reflect.deleteProperty(global, key)),
    get(_target, key) {
      const value = Reflect.get(sandbox, key);
      if (value === undefined && !Reflect.has(sandbox, key)) {
        return Object.hasOwn(global, key) ? global[key] : Reflect.get(inner, key, self());
      }
      if (value !== sandbox) return value;
      const descriptor = Reflect.getOwnPropertyDescriptor(sandbox, key);
      return descriptor?.configurable === false && descriptor.writable === false ? value : self();
    },
    getOwnPropertyDescriptor(_target, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(sandbox, key);
      if (descriptor !== undefined) return descriptor;
      const language = Reflect.getOwnPropertyDescriptor(global, key);
      // As above.
      if (language !== undefined) language.configurable = true;
      return language;
    },
    getPrototypeOf: () => (Reflect.isExtensible(sandbox) ? inner : Reflect.getPrototypeOf(sandbox)),
    has: (_target, key) => Object.hasOwn(sandbox, key) || Object.hasOwn(global, key) || Reflect.has(inner, key),
    ownKeys() {
      const keys = Reflect.ownKeys(sandbox);
      if (!Reflect.isExtensible(sandbox)) return keys;
      const known = new Set(keys);
      return Reflect.ownKeys(global).filter((key) => !known.has(key)).concat(keys);
    },
    set(_target, key, value) {
      const own = Reflect.getOwnPropertyDescriptor(sandbox, key);
      if (own !== undefined && own.writable === false) throw new TypeError(`Cannot redefine property: ${String(key)}`);
      return Reflect.set(sandbox, key, value);
    },
    setPrototypeOf: (_target, prototype) => Reflect.setPrototypeOf(sandbox, prototype),
  };
}

/** Node docs: vm.runInContext(code, contextifiedObject[, options]). */
function runInContext(code, contextifiedObject, options) {
  validateContext(contextifiedObject);
  if (typeof options === 'string') options = { filename: options };
  return new Script(code, options).runInContext(contextifiedObject, options);
}

/** Node docs: vm.runInNewContext(code[, contextObject[, options]]). */
function runInNewContext(code, contextObject, options) {
  if (typeof options === 'string') options = { filename: options };
  const context = createContext(contextObject, newContextOptions(options));
  return new Script(code, options).runInContext(context, options);
}

/** Node docs: vm.runInThisContext(code[, options]). */
function runInThisContext(code, options) {
  if (typeof options === 'string') options = { filename: options };
  return new Script(code, options).runInThisContext(options);
}

function createScript(code, options) {
  return new Script(code, options);
}

/** A script that makes the function of these parameters. */
function functionSource(code, params = []) {
  return `(function (${params.join(',')}) {\n${code}\n})`;
}

/** Node docs: vm.compileFunction(code[, params[, options]]). */
function compileFunction(code, params, options = kEmptyObject) {
  validateString(code, 'code');
  validateObject(options, 'options');
  if (params !== undefined) validateStringArray(params, 'params');
  const {
    filename = '',
    columnOffset = 0,
    lineOffset = 0,
    cachedData,
    produceCachedData = false,
    parsingContext,
    contextExtensions = [],
    importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(columnOffset, 'options.columnOffset');
  validateInt32(lineOffset, 'options.lineOffset');
  if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
    throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
  }
  validateBoolean(produceCachedData, 'options.produceCachedData');
  if (parsingContext !== undefined && (typeof parsingContext !== 'object' || parsingContext === null || !isContext(parsingContext))) {
    throw new ERR_INVALID_ARG_TYPE('options.parsingContext', 'Context', parsingContext);
  }
  validateArray(contextExtensions, 'options.contextExtensions');
  contextExtensions.forEach((extension, index) => {
    validateObject(extension, `options.contextExtensions[${index}]`, kAllowAll);
  });
  validateImport(importModuleDynamically, 'options.importModuleDynamically');
  const context = parsingContext === undefined ? undefined : contexts.get(parsingContext);
  const objects = context?.sandbox === undefined ? contextExtensions : [context.sandbox, ...contextExtensions];
  let fn;
  const referrer = makeReferrer(importModuleDynamically, filename, () => fn);
  fn = native.compileFunction(code, filename, lineOffset + 1, columnOffset, params ?? [], context?.global, objects, referrer,
    context?.self);
  if (cachedData !== undefined) fn.cachedDataRejected = !native.isCacheOf(cachedData, functionSource(code, params));
  if (produceCachedData) {
    // The engine has no bytecode of a function with a scope of its own: what is kept is the script that makes it.
    const data = encode(compile(functionSource(code, params), filename, lineOffset, columnOffset));
    fn.cachedDataProduced = data !== undefined;
    if (data !== undefined) fn.cachedData = data;
  }
  const map = /\/\/[#@] sourceMappingURL=([^\s'"]+)\s*$/.exec(code);
  fn.sourceMapURL = map === null ? undefined : map[1];
  return fn;
}

/**
 * Node docs: vm.measureMemory([options]). All contexts of a thread share one heap here, so that of a single context only the
 * bounds are known; its estimate is an equal share.
 */
function measureMemory(options = kEmptyObject) {
  require('internal/util').emitExperimentalWarning('vm.measureMemory');
  validateObject(options, 'options');
  const { mode = 'summary', execution = 'default' } = options;
  validateOneOf(mode, 'options.mode', ['summary', 'detailed']);
  validateOneOf(execution, 'options.execution', ['default', 'eager']);
  return new Promise((resolve) => {
    setImmediate(() => {
      if (execution === 'eager') binding('process').collectGarbage();
      const bytes = require('v8').getHeapStatistics().used_heap_size;
      const result = { total: { jsMemoryEstimate: bytes, jsMemoryRange: [bytes, bytes] } };
      if (mode === 'detailed') {
        const others = countContexts();
        const share = () => ({ jsMemoryEstimate: Math.floor(bytes / (others + 1)), jsMemoryRange: [0, bytes] });
        result.current = share();
        result.other = Array.from({ length: others }, share);
      }
      resolve(result);
    });
  });
}

module.exports = {
  ...(require('internal/options').getOptionValue('--experimental-vm-modules') ? require('internal/vm/module') : undefined),
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory,
  constants,
};
