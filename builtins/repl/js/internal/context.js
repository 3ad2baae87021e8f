/** The context of a REPL's commands: a realm of its own, or the program's global object. */
'use strict';

const { codes: { ERR_CANNOT_WATCH_SIGINT } } = require('internal/errors');

let ownNames;

/** Names that every fresh realm has. */
function realmNames() {
  ownNames ??= new Set(Object.getOwnPropertyNames(require('vm').runInNewContext('globalThis', undefined)));
  for (const name of Object.getOwnPropertyNames(binding('vm').createRealm())) ownNames.add(name);
  return ownNames;
}

/** A `require` and a `module` for commands. */
function createModule() {
  const { Module } = require('module');
  const module = new Module('<repl>');
  try {
    module.paths = Module._nodeModulePaths(process.cwd());
  } catch {
    // The working folder is gone: only builtins can be found.
    module.paths = [];
  }
  return module;
}

function define(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

/** `fs`, `os` and all the others load on first use. */
function addBuiltins(context) {
  const { loadBuiltin, plainIds } = require('internal/module/builtins');
  for (const id of plainIds) {
    if (id[0] === '_' || id.includes('/') || Object.hasOwn(context, id)) continue;
    Object.defineProperty(context, id, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get() {
        const value = loadBuiltin(id);
        delete context[id];
        define(context, id, value);
        return value;
      },
      set(value) {
        delete context[id];
        Object.defineProperty(context, id, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
      },
    });
  }
}

function create(server) {
  let context;
  if (server.useGlobal) {
    context = globalThis;
  } else {
    context = require('vm').createContext();
    const skip = realmNames();
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (skip.has(name)) continue;
      Object.defineProperty(context, name, { __proto__: null, ...Object.getOwnPropertyDescriptor(globalThis, name) });
    }
    context.global = context;
    const { Console } = require('console');
    const console = new Console(server.output);
    Object.defineProperty(context, 'console', { __proto__: null, configurable: true, writable: true, value: console });
  }
  defineModule(server, context);
  if (server._isStandalone) {
    Object.defineProperty(context, 'exports', { __proto__: null, configurable: true, writable: true, value: server.module.exports });
  }
  addBuiltins(context);
  return context;
}

/** `module` and `require` of the REPL. */
function defineModule(server, context) {
  const { module } = server;
  const { makeRequire } = require('internal/module/cjs');
  Object.defineProperty(context, 'module', { __proto__: null, configurable: true, writable: true, value: module });
  Object.defineProperty(context, 'require', { __proto__: null, configurable: true, writable: true, value: makeRequire(module) });
}

/** `_` and `_error`, until a command assigns to them. */
function defineLast(server) {
  const { context } = server;
  for (const [name, key, flag] of [['_', 'last', 'underscoreAssigned'], ['_error', 'lastError', 'underscoreErrAssigned']]) {
    Object.defineProperty(context, name, {
      __proto__: null,
      configurable: true,
      get: () => server[key],
      set(value) {
        server[key] = value;
        if (server[flag]) return;
        server[flag] = true;
        server.output.write(`Expression assignment to ${name} now disabled.\n`);
      },
    });
  }
}

module.exports = { ERR_CANNOT_WATCH_SIGINT, create, createModule, defineLast, defineModule };
