'use strict';

/**
 * The CommonJS loader: `Module`, `require` and the functions that packages patch.
 *
 * Everything is looked up on `Module` at the moment of use (`Module._load`, `Module._resolveFilename`, `_extensions`,
 * `prototype._compile` ...), because packages replace them. The disk is asked by Rust (`internal/module/resolve`); ES modules
 * are left to `internal/module/esm`, which is loaded only when one turns up.
 *
 * **Invariant:** a module is in `Module._cache` before its code runs and leaves it if the code throws.
 * Node docs: "Modules: CommonJS modules", "Modules: node:module API".
 */

const native = binding('module');
const { codes: { ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_BUILTIN_MODULE } } = require('internal/errors');
const { validateString } = require('internal/validators');
const { isPlainBuiltin, loadBuiltin, normalizeRequirable } = require('internal/module/builtins');
const resolver = require('internal/module/resolve');
const { getOptionValue } = require('internal/options');
const path = require('path');
const { cache: loadedBuiltins } = require('internal/loader');

const { readFile } = binding('fs');
const O_RDONLY = 0;

const { defineProperty, getPrototypeOf, setPrototypeOf } = Object;
const ObjectPrototype = Object.prototype;

/** The module that required this one first; `module.parent` is its deprecated public face. */
const kParent = Symbol('kModuleParent');
/** Source that a loader hook gave, instead of the file's. */
const kSource = Symbol('kModuleSource');
/** 'commonjs', 'module', 'json' ... as decided when the file was looked at; undefined until then. */
const kFormat = Symbol('kFormat');
/** Exports that an ES module importing this one sees; set while the ES loader runs it. */
const kUrl = Symbol('kURL');
const kIsExecuting = Symbol('kIsExecuting');
/** The exports at the moment the module had run: what ES modules see. */
const kExports = Symbol('kModuleExport');

const lazyEsm = () => require('internal/module/esm');
const lazyHooks = () => require('internal/module/hooks');
/** Set by internal/module/hooks while `module.registerHooks()` hooks exist; kept here so that no hook costs nothing. */
const hookState = { resolve: false, load: false };

/** Set by internal/process/watch: hears of each file that is loaded. */
const watchState = { report: undefined };

/** Set by internal/module/source_maps while maps are to be kept. */
const sourceMapState = { remember: undefined };

/** `${folder of the parent}\0${request}` -> file name. */
let relativeCache = { __proto__: null };
let modulePaths = [];
let wrapperPatched = false;
let isPreloading = false;

// ---------------------------------------------------------------- Module

function updateChildren(parent, child, scan) {
  const children = parent?.children;
  if (children && !(scan && children.includes(child))) children.push(child);
}

function Module(id = '', parent) {
  this.id = id;
  this.path = path.dirname(id);
  defineProperty(this, 'exports', { __proto__: null, value: {}, configurable: true, enumerable: true, writable: true });
  defineProperty(this, kParent, { __proto__: null, value: parent, configurable: true, writable: true });
  updateChildren(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
}

Module._cache = { __proto__: null };
Module._pathCache = { __proto__: null };
Module._extensions = { __proto__: null };
Module.globalPaths = [];
Module.Module = Module;

defineProperty(Module.prototype, 'constructor', {
  __proto__: null,
  configurable: false,
  get() { return Module; },
});
defineProperty(Module.prototype, 'isPreloading', {
  __proto__: null,
  configurable: false,
  get() { return isPreloading; },
});

function deprecatedParent(access) {
  if (!getOptionValue('--pending-deprecation')) return access;
  return require('internal/util').deprecate(
    access,
    'module.parent is deprecated due to accuracy issues. Please use require.main to find program entry point instead.',
    'DEP0144');
}

defineProperty(Module.prototype, 'parent', {
  __proto__: null,
  configurable: false,
  get: deprecatedParent(function() { return this[kParent]; }),
  set: deprecatedParent(function(value) { this[kParent] = value; }),
});

const wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];

let wrap = function(script) {
  return Module.wrapper[0] + script + Module.wrapper[1];
};

const wrapperProxy = new Proxy(wrapper, {
  __proto__: null,
  set(target, property, value, receiver) {
    wrapperPatched = true;
    return Reflect.set(target, property, value, receiver);
  },
  defineProperty(target, property, descriptor) {
    wrapperPatched = true;
    return defineProperty(target, property, descriptor);
  },
});
let currentWrapper = wrapperProxy;

defineProperty(Module, 'wrap', {
  __proto__: null,
  get() { return wrap; },
  set(value) {
    wrapperPatched = true;
    wrap = value;
  },
});
defineProperty(Module, 'wrapper', {
  __proto__: null,
  get() { return currentWrapper; },
  set(value) {
    wrapperPatched = true;
    currentWrapper = value;
  },
});

// ---------------------------------------------------------------- resolution

/** 0 for a file, 1 for a folder, negative otherwise. Virtual file systems replace it. */
let statFunction = function stat(filename) {
  filename = path.toNamespacedPath(filename);
  return native.stat(filename);
};
const nativeStat = statFunction;

defineProperty(Module, '_stat', {
  __proto__: null,
  get() { return statFunction; },
  set(value) {
    statFunction = value;
    return true;
  },
  configurable: true,
});

/** The package.json in a folder, as far as the loader reads it. */
Module._readPackage = function _readPackage(folder) {
  const found = native.readPackage(folder);
  if (found === false) throw resolver.toError(native.takeError(), 'require');
  if (found === undefined) return { exists: false, pjsonPath: path.resolve(folder, 'package.json'), type: 'none' };
  const { path: pjsonPath, ...fields } = found;
  return { ...fields, exists: true, pjsonPath };
};


function extensionKeys() {
  // Not worth a cache of its own: three keys in nearly every program.
  return Object.keys(Module._extensions);
}

function failure(style) {
  const detail = native.takeError();
  if (style === 'require' && detail[0] === 'ModuleNotFound') {
    return resolver.notFoundForRequire(detail[1], detail[2] ?? packageJsonAbove(detail[1]));
  }
  return resolver.toError(detail, style);
}

function packageJsonAbove(file) {
  const found = native.packageScope(file);
  return found ? found.path : undefined;
}

/**
 * The file that `request` names in one of `paths`, or false. Packages override it; the default asks Rust once.
 */
Module._findPath = function(request, paths, isMain) {
  const absolute = path.isAbsolute(request);
  if (absolute) {
    paths = [''];
  } else if (!paths || paths.length === 0) {
    return false;
  }
  const cacheKey = `${request}\x00${paths.length === 1 ? paths[0] : paths.join('\x00')}`;
  const entry = Module._pathCache[cacheKey];
  if (entry) return entry;
  if (statFunction !== nativeStat) return findPathPatched(request, paths, isMain, cacheKey);
  const preserve = isMain ? resolver.preserveSymlinksMain : resolver.preserveSymlinks;
  const found = native.find(request, paths, extensionKeys(), preserve, paths.every((folder) => folder === '' || folder[0] === '/') ? '/' : process.cwd());
  if (found === undefined) return false;
  if (found === false) throw failure('require');
  Module._pathCache[cacheKey] = found;
  return found;
};

/** The same search with a `Module._stat` that a package replaced: files may be on no disk, so links are not followed. */
function findPathPatched(request, paths, isMain, cacheKey) {
  const stat = (file) => Module._stat(file);
  const keys = extensionKeys();
  const withExtension = (base) => keys.map((key) => base + key).find((file) => stat(file) === 0);
  const asFolder = (base) => {
    const file = path.resolve(base, 'package.json');
    let main;
    if (stat(file) === 0) {
      const text = readText(file);
      main = JSON.parse(text).main;
    }
    const index = path.resolve(base, 'index');
    if (!main) return withExtension(index);
    const target = path.resolve(base, main);
    if (stat(target) === 0) return target;
    return withExtension(target) ?? withExtension(path.resolve(target, 'index')) ?? withExtension(index);
  };
  const trailingSlash = /(?:^|\/)\.{0,2}$/.test(request) && request !== '';
  const relative = /^\.{1,2}(?:\/|$)/.test(request);
  for (const folder of paths) {
    if (folder && stat(folder) < 1) continue;
    if (!path.isAbsolute(request) && !relative) {
      const preserve = isMain ? resolver.preserveSymlinksMain : resolver.preserveSymlinks;
      const exported = native.find(request, [folder], keys, preserve, process.cwd());
      if (exported === false) throw failure('require');
      if (exported) return exported;
    }
    const base = path.resolve(folder, request);
    const kind = stat(base);
    let found;
    if (!trailingSlash) {
      if (kind === 0) found = base;
      found ??= withExtension(base);
    }
    if (!found && kind === 1) found = asFolder(base);
    if (found) {
      Module._pathCache[cacheKey] = found;
      return found;
    }
  }
  return false;
}

/** The node_modules folders that a file in `from` sees, nearest first. */
Module._nodeModulePaths = function(from) {
  from = path.resolve(from);
  if (from === '/') return ['/node_modules'];
  const paths = [];
  for (let end = from.length; end > 0; end = from.lastIndexOf('/', end - 1)) {
    const folder = from.slice(0, end);
    if (!folder.endsWith('/node_modules')) paths.push(`${folder}/node_modules`);
  }
  paths.push('/node_modules');
  return paths;
};

function isRelative(request) {
  if (request.charCodeAt(0) !== 46 /* . */) return false;
  return request.length === 1 || request[1] === '/' || (request[1] === '.' && (request.length === 2 || request[2] === '/'));
}

/** Where `request` is to be looked for from `parent`; null for builtins. */
Module._resolveLookupPaths = function(request, parent) {
  if (normalizeRequirable(request) !== undefined) return null;
  // `.x` is no relative path but has always been looked up like a package; `..x` too.
  if (request[0] !== '.' || (request.length > 1 && request[1] !== '.' && request[1] !== '/')) {
    let paths;
    if (parent?.paths?.length) {
      paths = parent.paths.concat(modulePaths);
    } else {
      paths = modulePaths;
    }
    return paths.length > 0 ? paths : null;
  }
  // In the REPL and `-e`: relative to the working folder, then the places for packages.
  if (!parent?.id || !parent.filename) return ['.', ...Module._nodeModulePaths('.'), ...modulePaths].slice(0, 1);
  return [path.dirname(parent.filename)];
};

/** `#name`, for the package that `parent` belongs to. */
function resolveImports(request, parent, conditions) {
  const parentPath = parent?.filename ?? (parent?.id === '<repl>' ? process.cwd() + path.sep : undefined);
  if (!parentPath) return undefined;
  const found = native.findImport(request, parentPath, resolver.preserveSymlinks, conditions);
  if (found !== false) return found;
  const detail = native.takeError();
  if (detail[0] === 'ModuleNotFound') throw resolver.notFoundForRequire(detail[1], packageJsonAbove(detail[1]));
  if (detail[0] === 'PackageNotFound') throw resolver.notFoundForRequire(request);
  throw resolver.toError(detail, 'require');
}

/** The package's own name, looked up in its own `exports`. */
function resolveSelf(request, parent, conditions) {
  if (!parent || isRelative(request) || path.isAbsolute(request)) return undefined;
  let parentPath = parent.filename;
  if (!parentPath && (parent.id === '<repl>' || parent.id === 'internal/preload')) parentPath = `${process.cwd()}/`;
  if (!parentPath) return undefined;
  const found = native.findSelf(request, parentPath, resolver.preserveSymlinks, conditions);
  if (found === false) throw failure('require');
  return found;
}

/** File names of the modules that led here, nearest first. */
function requireStackOf(parent) {
  const stack = [];
  for (let cursor = parent; cursor; cursor = cursor[kParent]) stack.push(cursor.filename || cursor.id);
  return stack;
}

function lookupPathsOf(request, options) {
  if (!Array.isArray(options.paths)) throw new ERR_INVALID_ARG_VALUE('options.paths', options.paths);
  if (isRelative(request)) {
    for (const folder of options.paths) validateString(folder, 'paths');
    return options.paths;
  }
  const fakeParent = new Module('', null);
  const paths = [];
  for (const folder of options.paths) {
    fakeParent.paths = Module._nodeModulePaths(folder);
    for (const candidate of Module._resolveLookupPaths(request, fakeParent) ?? []) {
      if (!paths.includes(candidate)) paths.push(candidate);
    }
  }
  return paths;
}

/** The absolute name of the file that `request` means in `parent`; builtins keep their name. */
Module._resolveFilename = function(request, parent, isMain, options) {
  if (normalizeRequirable(request) !== undefined) return request;
  const conditions = options?.[kConditions];
  const paths = typeof options === 'object' && options !== null && options.paths !== undefined ?
    lookupPathsOf(request, options) : Module._resolveLookupPaths(request, parent);
  if (request[0] === '#' && (parent?.filename || parent?.id === '<repl>')) {
    const found = resolveImports(request, parent, conditions);
    if (found !== undefined) return found;
  }
  const self = resolveSelf(request, parent, conditions);
  if (self !== undefined) {
    Module._pathCache[`${request}\x00${paths.length === 1 ? paths[0] : paths.join('\x00')}`] = self;
    return self;
  }
  const found = conditions === undefined ? Module._findPath(request, paths, isMain) :
    findWithConditions(request, paths, isMain, conditions);
  if (found) return found;
  const requireStack = requireStackOf(parent);
  let message = `Cannot find module '${request}'`;
  if (requireStack.length > 0) message += `\nRequire stack:\n- ${requireStack.join('\n- ')}`;
  const error = new Error(message);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = requireStack;
  throw error;
};

/** Conditions that a resolve hook passed on; they bypass the cache of paths. */
const kConditions = Symbol('conditions');

function findWithConditions(request, paths, isMain, conditions) {
  if (path.isAbsolute(request)) paths = [''];
  else if (!paths || paths.length === 0) return false;
  const preserve = isMain ? resolver.preserveSymlinksMain : resolver.preserveSymlinks;
  const found = native.find(request, paths, extensionKeys(), preserve, process.cwd(), conditions);
  if (found === false) throw failure('require');
  return found ?? false;
}

// ---------------------------------------------------------------- cycles

function emitCircularRequireWarning(property) {
  process.emitWarning(
    `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`);
}

/** Prototype of unfinished exports: warns of what is not there yet. */
const proxyForCycles = new Proxy({}, {
  get(target, property) {
    // `__esModule` is asked by every transpiler's interop.
    if (property in target || property === '__esModule') return target[property];
    emitCircularRequireWarning(property);
    return undefined;
  },
  getOwnPropertyDescriptor(target, property) {
    if (Object.hasOwn(target, property) || property === '__esModule') {
      return Object.getOwnPropertyDescriptor(target, property);
    }
    emitCircularRequireWarning(property);
    return undefined;
  },
});

/** Whether any exports have had that prototype; few programs have cycles. */
let cyclesSeen = false;

const isProxy = (value) => require('internal/util/types').isProxy(value);

function exportsInCycle(module) {
  const { exports } = module;
  const requiredEsm = module[kRequired];
  if (requiredEsm === undefined && exports && (typeof exports === 'object' || typeof exports === 'function') &&
      !isProxy(exports) && getPrototypeOf(exports) === ObjectPrototype && !exports.__esModule) {
    setPrototypeOf(exports, proxyForCycles);
    cyclesSeen = true;
  }
  return exports;
}

/** The ES module record job behind a module whose file turned out to be one. */
const kRequired = Symbol('kRequired');

function checkEsmCycle(module) {
  const job = module[kRequired];
  if (job !== undefined && !module.loaded) lazyEsm().throwCycle(module.filename, module[kParent]?.filename, false);
}

// ---------------------------------------------------------------- loading

/**
 * Loads what `request` means in `parent`, or gives it from the cache. The heart of `require`.
 */
Module._load = function(request, parent, isMain) {
  let relativeKey;
  if (parent) {
    relativeKey = `${parent.path}\x00${request}`;
    const filename = relativeCache[relativeKey];
    if (filename !== undefined) {
      const cached = Module._cache[filename];
      if (cached !== undefined) {
        updateChildren(parent, cached, true);
        if (cached.loaded) return cached.exports;
        checkEsmCycle(cached);
        return exportsInCycle(cached);
      }
      delete relativeCache[relativeKey];
    }
  }
  let hooked;
  let filename;
  if (hookState.resolve && request !== skipped) {
    hooked = lazyHooks().resolveForRequire(request, parent, isMain);
    filename = hooked.filename;
  } else if (request.startsWith('node:')) {
    filename = request;
  } else {
    skipped = undefined;
    filename = Module._resolveFilename(request, parent, isMain);
  }
  if (filename.startsWith('node:')) return loadNodeScheme(filename, hooked);

  const cached = Module._cache[filename];
  if (cached !== undefined) {
    updateChildren(parent, cached, true);
    if (cached.loaded) return cached.exports;
    // A module that the ES loader put here and nobody has run yet.
    if (cached[kNotStarted]) {
      cached[kNotStarted] = false;
      return runLoad(cached, filename, parent, relativeKey);
    }
    checkEsmCycle(cached);
    return exportsInCycle(cached);
  }
  if (isPlainBuiltin(filename)) return loadBuiltinFor(filename, `node:${filename}`, hooked);

  const module = new Module(filename, parent);
  if (isMain) {
    defineProperty(process, 'mainModule', { __proto__: null, value: module, configurable: true, enumerable: true, writable: true });
    module.id = '.';
  }
  if (hooked !== undefined) {
    module[kUrl] = hooked.url;
    module[kFormat] = hooked.format;
  }
  Module._cache[filename] = module;
  if (relativeKey !== undefined) relativeCache[relativeKey] = filename;
  return runLoad(module, filename, parent, relativeKey);
};

/** A file name that the next Module._load() takes as it is, past the resolve hooks. */
let skipped;

function skipResolveHooks(filename) {
  skipped = filename;
}

/** A module that the ES loader put into the cache and nobody has run yet. */
const kNotStarted = Symbol('kNotStarted');

function runLoad(module, filename, parent, relativeKey) {
  let threw = true;
  try {
    module.load(filename);
    threw = false;
  } finally {
    if (threw) {
      delete Module._cache[filename];
      if (relativeKey !== undefined) delete relativeCache[relativeKey];
      const children = parent?.children;
      const index = Array.isArray(children) ? children.indexOf(module) : -1;
      if (index !== -1) children.splice(index, 1);
    } else {
      const { exports } = module;
      // Reading the prototype of a user's proxy would call its trap.
      if (exports !== null && typeof exports === 'object' && circular(exports)) setPrototypeOf(exports, ObjectPrototype);
    }
  }
  return module.exports;
}

function circular(exports) {
  return cyclesSeen && !isProxy(exports) && getPrototypeOf(exports) === proxyForCycles;
}

function loadNodeScheme(request, hooked) {
  const id = normalizeRequirable(request);
  if (id === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
  return loadBuiltinFor(id, request, hooked);
}

function loadBuiltinFor(id, url, hooked) {
  if (hookState.load) return lazyHooks().loadBuiltinForRequire(id, url, hooked);
  return loadBuiltin(id);
}

/** The key of `_extensions` for a file: the longest one that matches, so that `.test.js` can be registered. */
function extensionOf(filename) {
  const name = path.basename(filename);
  let start = 0;
  let index;
  while ((index = name.indexOf('.', start)) !== -1) {
    start = index + 1;
    if (index === 0) continue;
    const extension = name.slice(index);
    if (Module._extensions[extension]) return extension;
  }
  return '.js';
}

Module.prototype.load = function load(filename) {
  if (this.loaded) throw new (require('internal/errors').codes.ERR_INTERNAL_ASSERTION)('module has been loaded');
  watchState.report?.(filename);
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(path.dirname(filename));
  Module._extensions[extensionOf(filename)](this, filename);
  this.loaded = true;
  this[kExports] = this.exports;
};

let requireDepth = 0;

Module.prototype.require = function require(id) {
  validateString(id, 'id');
  if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  requireDepth++;
  try {
    return loadedBuiltins.has('diagnostics_channel') ? traced(id, this) : Module._load(id, this, false);
  } finally {
    requireDepth--;
  }
};

let channel;

/** Tells the diagnostics channel `module.require`, which exists once somebody in the program has loaded channels. */
function traced(id, module) {
  channel ??= require('diagnostics_channel').tracingChannel('module.require');
  if (!channel.hasSubscribers) return Module._load(id, module, false);
  const context = { __proto__: null, parentFilename: module.filename, id };
  return channel.traceSync(Module._load, context, Module, id, module, false);
}

/** The `require` of one module. */
function makeRequire(module) {
  const require = function require(path) {
    return module.require(path);
  };
  require.resolve = function resolve(request, options) {
    validateString(request, 'request');
    if (hookState.resolve) return lazyHooks().resolveForRequire(request, module, false, options).filename;
    return Module._resolveFilename(request, module, false, options);
  };
  require.resolve.paths = function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, module);
  };
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

// ---------------------------------------------------------------- compiling

/** Takes the byte order mark off. */
function stripBom(content) {
  return content.charCodeAt(0) === 0xFEFF ? content.slice(1) : content;
}

/** Compiles a module function; the compile cache replaces it. */
let compileFunction = native.compileFunctionForCJS;
/** internal/module/compile_cache once the cache is on. */
const compileCache = { cache: undefined };

function setCompileFunction(fn, cache) {
  compileFunction = fn;
  compileCache.cache = cache;
}

/** `#!` lines are no JavaScript inside of a function. Keeps all positions. */
function withoutHashbang(content) {
  return content.charCodeAt(0) === 35 /* # */ && content.charCodeAt(1) === 33 /* ! */ ? `//${content.slice(2)}` : content;
}

/**
 * Compiles `content` as a module function.
 * Throws SyntaxError, its stack headed by file, line and caret.
 */
function wrapSafe(filename, content, module, format) {
  content = withoutHashbang(content);
  try {
    return wrapperPatched ? native.runScript(Module.wrap(content), filename, filename) : compileFunction(content, filename);
  } catch (error) {
    require('internal/module/syntax_errors').decorate(error, content, filename, format, process.mainModule === module);
    throw error;
  }
}

/**
 * Runs `content` as the code of this module. `format` is what the file was decided to be; without it, text that only parses
 * as an ES module is one.
 */
Module.prototype._compile = function _compile(content, filename, format) {
  if (format === 'commonjs-typescript' || format === 'module-typescript' || format === 'typescript') {
    if (format === 'module-typescript' && !requiresEsm() && process.mainModule !== this) {
      loadEsm(this, filename, content);
      return undefined;
    }
    content = require('internal/module/typescript').stripModule(content, this[kUrl] ?? filename);
    format = format === 'typescript' ? undefined : format.slice(0, -'-typescript'.length);
  }
  let compiled;
  if (format !== 'module') {
    if (format === 'commonjs' || wrapperPatched) {
      compiled = wrapSafe(filename, content, this, format);
    } else {
      try {
        compiled = compileFunction(withoutHashbang(content), filename);
      } catch (error) {
        if (requiresEsm() && getOptionValue('--experimental-detect-module') !== false && native.parsesAsModule(content)) {
          format = 'module';
          if (this[kWarnTypeless]) lazyEsm().warnTypeless(filename);
        } else {
          require('internal/module/syntax_errors').decorate(error, content, filename, format, process.mainModule === this);
          throw error;
        }
      }
    }
  }
  if (format === 'module') {
    loadEsm(this, filename, content);
    return undefined;
  }
  sourceMapState.remember?.(filename, content);
  const dirname = path.dirname(filename);
  const require_ = makeRequire(this);
  const { exports } = this;
  this[kIsExecuting] = true;
  try {
    return Reflect.apply(compiled, exports, [exports, require_, this, filename, dirname]);
  } finally {
    this[kIsExecuting] = false;
  }
};

const kWarnTypeless = Symbol('warnTypeless');

/** Whether `require()` of ES modules is on. The program itself may always be one. */
function requiresEsm() {
  return getOptionValue('--require-module') !== false && getOptionValue('--experimental-require-module') !== false;
}

/** The file is an ES module: links and runs it now, and makes its namespace the exports. */
function loadEsm(module, filename, content) {
  if (process.mainModule === module && module[kParent] === null) {
    // The program itself may await; ES modules have no main module.
    defineProperty(process, 'mainModule', { __proto__: null, value: undefined, configurable: true, enumerable: true, writable: true });
    require('internal/module/run_main').runModuleText(content, module[kUrl] ?? require('url').pathToFileURL(filename).href);
    return;
  }
  if (!requiresEsm()) {
    const { ERR_REQUIRE_ESM } = require('internal/errors').codes;
    const scope = filename.endsWith('.mjs') ? undefined : resolver.packageScope(filename);
    throw new ERR_REQUIRE_ESM(filename, false, module[kParent]?.filename, scope?.path);
  }
  traceRequire(module, filename);
  lazyEsm().requireEsm(module, filename, content);
}

/** `--trace-require-module`: tells of each ES module that is required, with the stack that `--trace-warnings` shows. */
function traceRequire(module, filename) {
  const mode = getOptionValue('--trace-require-module');
  if (mode === undefined) return;
  const parent = module[kParent]?.filename;
  if (mode === 'no-node-modules' && parent && /\/node_modules\//.test(parent)) return;
  process.emitWarning(`${parent ? `CommonJS module ${parent} is loading ES Module ${filename} using require().` :
    `ES Module ${filename} is loaded using require().`}\nSupport for loading ES Module in require() is an experimental feature and ` +
    'might change at any time', 'ExperimentalWarning', undefined, makeRequire);
}

/**
 * The text of a file. Through `fs` once somebody has it, as packages replace its functions; before that there is no reason
 * to load it.
 */
function readText(filename) {
  const fs = loadedBuiltins.get('fs');
  return fs === undefined ? readFile(filename, O_RDONLY, true, undefined) : fs.exports.readFileSync(filename, 'utf8');
}

/** The source of a file, from the hooks if there are any. Also decides the format, where hooks may change it. */
function loadSource(module, filename, format) {
  if (module[kSource] !== undefined) {
    const source = module[kSource];
    module[kSource] = undefined;
    return { source, format: module[kFormat] ?? format };
  }
  if (hookState.load) {
    const loaded = lazyHooks().loadForRequire(module, filename, module[kFormat] ?? format);
    return { source: loaded.source, format: loaded.format };
  }
  return { source: readText(filename), format };
}

/** What a `.js`-like file is: by extension, then by the nearest package.json; undefined when its text decides. */
function formatOf(module, filename) {
  if (module[kFormat] !== undefined && module[kFormat] !== null) return module[kFormat];
  if (filename.endsWith('.cjs')) return 'commonjs';
  if (filename.endsWith('.mjs')) return 'module';
  if (filename.endsWith('.js')) {
    const type = resolver.packageType(filename);
    return type === 'none' ? undefined : type;
  }
  if (filename.endsWith('.ts') || filename.endsWith('.cts') || filename.endsWith('.mts')) {
    return require('internal/module/formats').typescriptFormat(filename);
  }
  return undefined;
}

Module._extensions['.js'] = function(module, filename) {
  const format = formatOf(module, filename);
  const loaded = loadSource(module, filename, format);
  let content = loaded.source;
  if (typeof content !== 'string') content = require('internal/module/formats').sourceText(content, filename);
  if (loaded.format === 'json') {
    module.exports = parseJson(filename, content);
    return;
  }
  if (loaded.format === undefined && filename.endsWith('.js')) module[kWarnTypeless] = true;
  module[kFormat] = loaded.format;
  module._compile(content, filename, loaded.format === null ? undefined : loaded.format);
};

function parseJson(filename, content) {
  content = stripBom(content);
  try {
    return JSON.parse(content);
  } catch (error) {
    require('internal/module/v8_syntax').rewordJson(error, content);
    error.message = `${filename}: ${error.message}`;
    throw error;
  }
}

Module._extensions['.json'] = function(module, filename) {
  let { source } = loadSource(module, filename, 'json');
  if (typeof source !== 'string') source = require('internal/module/formats').sourceText(source, filename);
  module.exports = parseJson(filename, source);
};

Module._extensions['.node'] = function(module, filename) {
  return process.dlopen(module, path.toNamespacedPath(filename));
};

// ---------------------------------------------------------------- createRequire, start-up

/** A `require` for code that has none: relative to a file name, or a folder when it ends in a slash. */
function createRequireFromPath(filename, url) {
  const proxyPath = filename.endsWith('/') ? path.join(filename, 'noop.js') : filename;
  const module = new Module(proxyPath);
  if (url !== undefined) module[kUrl] = url;
  module.filename = proxyPath;
  module.paths = Module._nodeModulePaths(module.path);
  return makeRequire(module);
}

Module.createRequire = function createRequire(filenameOrURL) {
  const expected = 'must be a file URL object, file URL string, or absolute path string';
  let filename;
  let url;
  if (typeof filenameOrURL === 'string' ? !path.isAbsolute(filenameOrURL) : filenameOrURL instanceof URL) {
    try {
      filename = require('url').fileURLToPath(filenameOrURL);
      url = `${filenameOrURL}`;
    } catch {
      throw new ERR_INVALID_ARG_VALUE('filename', filenameOrURL, expected);
    }
  } else if (typeof filenameOrURL !== 'string') {
    throw new ERR_INVALID_ARG_VALUE('filename', filenameOrURL, expected);
  } else {
    filename = filenameOrURL;
  }
  return createRequireFromPath(filename, url);
};

/** Reads NODE_PATH and HOME again; some test runners call it after changing them. */
Module._initPaths = function() {
  const home = process.env.HOME;
  const paths = [path.resolve(process.execPath, '..', '..', 'lib', 'node')];
  if (home) paths.unshift(path.resolve(home, '.node_modules'), path.resolve(home, '.node_libraries'));
  const nodePath = process.env.NODE_PATH;
  if (nodePath) paths.unshift(...nodePath.split(path.delimiter).filter(Boolean));
  modulePaths = paths;
  Module.globalPaths = modulePaths.slice();
};

/** Loads the modules of `--require` before the program. */
Module._preloadModules = function(requests) {
  if (!Array.isArray(requests)) return;
  isPreloading = true;
  const parent = new Module('internal/preload', null);
  try {
    parent.paths = Module._nodeModulePaths(process.cwd());
  } catch (error) {
    // The working folder may be gone; absolute names still work.
    if (error.code !== 'ENOENT') {
      isPreloading = false;
      throw error;
    }
  }
  for (const request of requests) parent.require(request);
  isPreloading = false;
};

/** Starts or stops the diagnostics channel `module.require`. */
function setTracing(fn) {
  traced = fn;
}

/** Forgets relative names: hooks that come or go may change what they mean. */
function clearRelativeCache() {
  relativeCache = { __proto__: null };
}

Module._initPaths();
if (process.env.NODE_COMPILE_CACHE !== undefined && process.env.NODE_COMPILE_CACHE !== '') {
  require('internal/module/compile_cache').enableFromEnvironment(setCompileFunction);
}

// `import()` works in CommonJS too; its loader comes with the first one.
native.setModuleHooks(
  (specifier, type, host, sourcePhase) => lazyEsm().importDynamically(specifier, type, host, sourcePhase),
  (meta, host) => lazyEsm().initializeImportMeta(meta, host));

module.exports = {
  Module,
  clearRelativeCache,
  compileCache,
  createRequireFromPath,
  extensionOf,
  formatOf,
  hookState,
  kConditions,
  kExports,
  kFormat,
  kIsExecuting,
  kNotStarted,
  kParent,
  kRequired,
  kSource,
  kUrl,
  makeRequire,
  parseJson,
  requireStackOf,
  setCompileFunction,
  setTracing,
  skipResolveHooks,
  sourceMapState,
  stripBom,
  watchState,
  wrapSafe,
};
