'use strict';

/**
 * `module.registerHooks()`: synchronous hooks on this thread, for `require` and `import` alike.
 *
 * A chain runs the hook registered last first; `next` of the first registered is Node's own step. While hooks exist the
 * loaders come here (`hookState` in internal/module/cjs).
 * Node docs: "Modules: node:module API", synchronous customization hooks.
 */

const {
  codes: {
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_PROPERTY_VALUE,
    ERR_UNKNOWN_BUILTIN_MODULE,
  },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');
const { isPlainBuiltin, loadBuiltin, normalizeRequirable } = require('internal/module/builtins');
const cjs = require('internal/module/cjs');
const formats = require('internal/module/formats');
const resolver = require('internal/module/resolve');
const path = require('path');
const fs = require('fs');
const { fileURLToPath, pathToFileURL, URL } = require('url');

const { Module, hookState } = cjs;

const resolveHooks = [];
const loadHooks = [];

function update() {
  hookState.resolve = resolveHooks.length > 0;
  hookState.load = loadHooks.length > 0;
  cjs.clearRelativeCache();
}

/** Adds hooks; the result's `deregister()` takes them away again. */
function registerHooks(hooks) {
  validateObject(hooks, 'hooks');
  const { resolve, load } = hooks;
  if (resolve !== undefined) validateFunction(resolve, 'hooks.resolve');
  if (load !== undefined) validateFunction(load, 'hooks.load');
  const entry = { resolve, load };
  if (resolve !== undefined) resolveHooks.push(entry);
  if (load !== undefined) loadHooks.push(entry);
  update();
  return new ModuleHooks(entry);
}

class ModuleHooks {
  #entry;
  constructor(entry) {
    this.#entry = entry;
    this.resolve = entry.resolve;
    this.load = entry.load;
  }
  deregister() {
    for (const list of [resolveHooks, loadHooks]) {
      const index = list.indexOf(this.#entry);
      if (index !== -1) list.splice(index, 1);
    }
    update();
  }
}

/**
 * Runs a chain. `last(subject, context)` is Node's own step; `check(result)` throws for results that cannot be used.
 */
function runChain(list, name, subject, context, last, check) {
  const chain = list.slice();
  const step = (index, given, givenContext) => {
    if (index < 0) return last(given, givenContext);
    const hook = chain[index][name];
    let nextCalled = false;
    const next = (nextSubject = given, nextContext = undefined) => {
      nextCalled = true;
      const merged = nextContext === undefined || nextContext === null ? givenContext : { ...givenContext, ...nextContext };
      return step(index - 1, nextSubject, merged);
    };
    const result = hook(given, givenContext, next);
    check(result, given);
    if (!nextCalled && result.shortCircuit !== true) {
      throw new ERR_INVALID_RETURN_PROPERTY_VALUE('true', name, 'shortCircuit', result.shortCircuit);
    }
    return result;
  };
  return step(chain.length - 1, subject, context);
}

function checkResolved(result, specifier) {
  if (result === null || typeof result !== 'object') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', 'resolve', 'the result', result);
  }
  const { url } = result;
  if (typeof url !== 'string') throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', 'resolve', 'url', url);
  void specifier;
}

function checkLoaded(result) {
  if (result === null || typeof result !== 'object') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', 'load', 'the result', result);
  }
  const { source, format } = result;
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', 'load', 'format', format);
  }
  if (format === 'builtin' || format === 'addon') return;
  const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
  if (typeof source === 'string' || isAnyArrayBuffer(source) || isArrayBufferView(source)) return;
  if ((source === undefined || source === null) && format === 'commonjs') return;
  throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', 'load', 'source', source);
}

// ---------------------------------------------------------------- resolve

/** A file name or `node:` name as URL. */
function urlOf(filename) {
  if (filename.startsWith('node:')) return filename;
  if (normalizeRequirable(filename) !== undefined) return `node:${filename}`;
  return path.isAbsolute(filename) ? pathToFileURL(filename).href : filename;
}

/** Conditions that a hook passed on, if they are not the usual ones. */
function changedConditions(context, usual) {
  const { conditions } = context;
  if (conditions === usual || conditions === undefined) return undefined;
  if (!Array.isArray(conditions)) throw new ERR_INVALID_ARG_VALUE('conditions', conditions, 'expected an array');
  return conditions;
}

/** The other way; URLs of other schemes stay as they are and serve as their own file names. */
function filenameOf(url) {
  if (url.startsWith('file:')) return fileURLToPath(url);
  return url;
}

/** `require(request)` through the hooks: `{ filename, url, format }`. */
function resolveForRequire(request, parent, isMain, options) {
  const parentURL = parent === undefined || parent === null ? undefined :
    parent[cjs.kUrl] ?? (parent.filename ? urlOf(parent.filename) : undefined);
  const last = (target, context) => {
    const changed = changedConditions(context, resolver.requireConditions);
    const passed = changed === undefined ? options : { ...options, [cjs.kConditions]: changed };
    if (target.startsWith('node:') && normalizeRequirable(target) === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(target);
    const filename = Module._resolveFilename(target, parent, isMain, passed);
    // What a file holds is decided when it is loaded.
    return { __proto__: null, url: urlOf(filename), format: undefined };
  };
  const context = {
    __proto__: null,
    conditions: resolver.requireConditions,
    importAttributes: { __proto__: null },
    parentURL,
  };
  const result = runChain(resolveHooks, 'resolve', request, context, last, checkResolved);
  const { url, format } = result;
  let filename = filenameOf(url);
  if (filename.startsWith('node:') && request !== filename && isPlainBuiltin(filename.slice(5))) filename = filename.slice(5);
  return { __proto__: null, filename, url, format };
}

/** `import` through the hooks: `{ url, format }`. `next` takes the place of Node's own step. */
function resolveForImport(specifier, parentURL, attributes, next = undefined) {
  const { defaultResolve } = require('internal/module/esm');
  const context = {
    __proto__: null,
    conditions: resolver.importConditions,
    importAttributes: attributes,
    parentURL,
  };
  const last = next ?? ((given, givenContext) => defaultResolve(`${given}`, {
    parentURL: givenContext.parentURL,
    conditions: changedConditions(givenContext, resolver.importConditions),
  }));
  const { url, format } = runChain(resolveHooks, 'resolve', specifier, context, last, checkResolved);
  return { __proto__: null, url, format };
}

// ---------------------------------------------------------------- load

/** The source of a file for `require`: `{ format, source }`. */
function loadForRequire(module, filename, format) {
  const url = module[cjs.kUrl] ?? urlOf(filename);
  const last = (given, context) => {
    if (given.startsWith('node:')) return { __proto__: null, format: 'builtin', source: null };
    const file = filenameOf(given);
    const source = fs.readFileSync(file, 'utf8');
    let decided = context.format;
    if (decided === undefined || decided === null) {
      decided = formats.defaultFormat(new URL(urlOf(file)), true);
    }
    return { __proto__: null, format: decided, source };
  };
  const context = {
    __proto__: null,
    conditions: resolver.requireConditions,
    format,
    importAttributes: { __proto__: null },
  };
  const result = runChain(loadHooks, 'load', url, context, last, checkLoaded);
  return { __proto__: null, format: result.format ?? undefined, source: result.source ?? '' };
}

/** The source of a module for `import`; `next` as above. */
function loadForImport(url, format, attributes, next = undefined) {
  const { defaultLoad } = require('internal/module/esm');
  const context = { __proto__: null, conditions: resolver.importConditions, format, importAttributes: attributes };
  const last = next ?? ((given, givenContext) => defaultLoad(`${given}`, givenContext));
  return runChain(loadHooks, 'load', url, context, last, checkLoaded);
}

/** A builtin for `require` while load hooks exist: they may look, or give something else. */
function loadBuiltinForRequire(id, url, hooked) {
  const context = {
    __proto__: null,
    conditions: resolver.requireConditions,
    format: hooked?.format ?? 'builtin',
    importAttributes: { __proto__: null },
  };
  const full = url.startsWith('node:') ? url : `node:${url}`;
  const last = () => ({ __proto__: null, format: 'builtin', source: null });
  const result = runChain(loadHooks, 'load', full, context, last, checkLoaded);
  if (result.format === 'builtin' || result.format === undefined || result.format === null) return loadBuiltin(id);
  const cached = Module._cache[full];
  if (cached !== undefined) return cached.exports;
  const module = new Module(full);
  module.filename = full;
  module.paths = [];
  module[cjs.kUrl] = full;
  Module._cache[full] = module;
  const source = formats.sourceText(result.source, full);
  if (result.format === 'json') {
    module.exports = cjs.parseJson(full, source);
  } else {
    module._compile(source, full, result.format);
  }
  module.loaded = true;
  return module.exports;
}

module.exports = {
  checkLoaded,
  checkResolved,
  loadBuiltinForRequire,
  loadForImport,
  loadForRequire,
  registerHooks,
  resolveForImport,
  resolveForRequire,
};
