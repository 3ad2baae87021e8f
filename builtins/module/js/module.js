'use strict';

/**
 * `node:module`: the class `Module` with its statics, as packages know and patch it.
 * The loader itself is internal/module/cjs. Node docs: "Modules: node:module API".
 */

const { builtinModules, isBuiltin } = require('internal/module/builtins');
const { Module } = require('internal/module/cjs');
const { constants } = require('internal/module/constants');

/** Node docs: module.registerHooks. */
function registerHooks(hooks) {
  return require('internal/module/hooks').registerHooks(hooks);
}

let warnOfRegister;

/** Node docs: module.register. Deprecated: DEP0205. */
function register(specifier, parentURL = undefined, options = undefined) {
  warnOfRegister ??= require('internal/util').getDeprecationWarningEmitter(
    'DEP0205', '`module.register()` is deprecated. Use `module.registerHooks()` instead.', register);
  warnOfRegister();
  return require('internal/module/async_hooks').register(specifier, parentURL, options);
}

/** Makes the named exports of builtins follow their `default`. */
function syncBuiltinESMExports() {
  require('internal/module/esm').syncBuiltinExports();
}

/** The path of the package.json that `specifier` belongs to; undefined if there is none. */
function findPackageJSON(specifier, base = 'data:') {
  return require('internal/module/find_package').findPackageJSON(specifier, base, arguments.length);
}

/** Node docs: module.enableCompileCache. */
function enableCompileCache(options = undefined) {
  return require('internal/module/compile_cache').enable(options);
}

/** Node docs: module.getCompileCacheDir: undefined while no cache is enabled. */
function getCompileCacheDir() {
  return require('internal/module/compile_cache').directory();
}

/** Node docs: module.flushCompileCache. */
function flushCompileCache() {
  require('internal/module/compile_cache').flush();
}

/** Node docs: module.stripTypeScriptTypes. */
function stripTypeScriptTypes(code, options = undefined) {
  return require('internal/module/typescript').stripTypeScriptTypes(code, options);
}

Module.isBuiltin = isBuiltin;
Module.builtinModules = builtinModules;
Module.constants = constants;
Module.enableCompileCache = enableCompileCache;
Module.findPackageJSON = findPackageJSON;
Module.flushCompileCache = flushCompileCache;
Module.getCompileCacheDir = getCompileCacheDir;
Module.register = register;
Module.registerHooks = registerHooks;
Module.stripTypeScriptTypes = stripTypeScriptTypes;
Module.syncBuiltinESMExports = syncBuiltinESMExports;
Module.runMain = require('internal/module/run_main').runMain;

for (const name of ['SourceMap', 'findSourceMap', 'getSourceMapsSupport', 'setSourceMapsSupport']) {
  Object.defineProperty(Module, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = require('internal/module/source_maps')[name];
      Object.defineProperty(Module, name, { __proto__: null, value, configurable: true, enumerable: true, writable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(Module, name, { __proto__: null, value, configurable: true, enumerable: true, writable: true });
    },
  });
}

module.exports = Module;
