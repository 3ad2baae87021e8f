'use strict';

/**
 * The ES module loader: resolves and loads graphs, links them, runs them; `import()`, `import.meta` and `require()` of
 * ES modules.
 *
 * A graph loads in one go and synchronously: a worklist turns each request into a job, then the engine links the root.
 * Only hooks of `module.register()` make it asynchronous (`internal/module/async_hooks`). What is no ES module becomes a
 * synthetic one: a generated module whose exports are set when it is evaluated.
 *
 * **Invariant:** the map of jobs holds no job whose graph could not be loaded; a failed load leaves it as it was.
 * Node docs: "Modules: ECMAScript modules".
 */

const native = binding('module');
const {
  codes: {
    ERR_IMPORT_ATTRIBUTE_UNSUPPORTED,
    ERR_REQUIRE_ASYNC_MODULE,
    ERR_REQUIRE_CYCLE_MODULE,
    ERR_SOURCE_PHASE_NOT_DEFINED,
    ERR_UNKNOWN_BUILTIN_MODULE,
    ERR_UNKNOWN_MODULE_FORMAT,
    ERR_UNSUPPORTED_RESOLVE_REQUEST,
    ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING,
  },
} = require('internal/errors');
const { isPlainBuiltin, loadBuiltin, normalizeRequirable } = require('internal/module/builtins');
const cjs = require('internal/module/cjs');
const formats = require('internal/module/formats');
const resolver = require('internal/module/resolve');
const { getOptionValue } = require('internal/options');
const { fileURLToPath, pathToFileURL, URL } = require('url');

const { setOwnProperty } = require('internal/util');

const { Module, compileCache, hookState, sourceMapState } = cjs;
const lazyHooks = () => require('internal/module/hooks');
const lazyWasm = () => require('internal/module/wasm');
const lazySyntaxErrors = () => require('internal/module/syntax_errors');

/** One module: what it is, what it asks for, and its record in the engine. */
class Job {
  // Fields, not assignments: a program may have put setters of these names on Object.prototype.
  url;
  type;
  format;
  record;
  source;
  requests = [];
  jobs = [];
  isMain = false;
  linked = false;
  /** For synthetic modules: runs at evaluation with the function that sets an export by index. */
  run;
  names;
  set;
  /** For builtins: what `require` gives. */
  exports;
  /** For WebAssembly: its module, and what its instance exports. */
  compiled;
  instanceExports;
  /** The namespace that `require()` gives instead of the module's own; see exportsForRequire. */
  wrapper;

  constructor(url, type) {
    this.url = url;
    this.type = type;
  }
}

/** `${url}\0${type}` -> Job. */
const jobs = new Map();
const keyOf = (url, type) => (type === '' ? url : `${url}\0${type}`);

/** Of the job behind `import source`; no URL contains a NUL. */
const sourceKeyOf = (url) => `${url}\0\0source`;

/** Set by internal/module/async_hooks while `module.register()` hooks exist. */
const asyncState = { active: false, isHooksThread: false, loader: undefined };

// ---------------------------------------------------------------- resolution

/** The base of relative specifiers of a parent URL, as a path for the resolver; undefined if it is no file. */
function basePath(parentURL) {
  return parentURL.startsWith('file:') ? fileURLToPath(parentURL) : undefined;
}

function isRelativeSpecifier(specifier) {
  return specifier[0] === '/' || specifier.startsWith('./') || specifier.startsWith('../') || specifier === '.' ||
    specifier === '..';
}

function tryUrl(text, base) {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** The file that a `file:` URL means, links followed; the URL keeps query and hash. */
function finalize(url, base, isMain) {
  const { pathname } = url;
  if (/%2f|%5c/i.test(pathname)) {
    const { ERR_INVALID_MODULE_SPECIFIER } = require('internal/errors').codes;
    throw new ERR_INVALID_MODULE_SPECIFIER(pathname, 'must not include encoded "/" or "\\" characters', base);
  }
  let path;
  try {
    path = fileURLToPath(url);
  } catch (error) {
    setOwnProperty(error, 'input', `${url}`);
    if (base !== undefined) setOwnProperty(error, 'module', base.startsWith('/') ? pathToFileURL(base).href : base);
    throw error;
  }
  const preserve = isMain ? resolver.preserveSymlinksMain : resolver.preserveSymlinks;
  const found = native.finalize(path, '', base, preserve);
  if (found === false) {
    const error = resolver.toError(native.takeError(), 'import');
    if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED_DIR_IMPORT') {
      setOwnProperty(error, 'url', url.href);
      if (base === undefined) error.message = error.message.replace(' imported from undefined', '');
    }
    throw error;
  }
  if (found === path && !url.pathname.includes('%')) return url;
  const real = pathToFileURL(found);
  real.search = url.search;
  real.hash = url.hash;
  return real;
}

/** A bare or `#` specifier. */
function resolveBare(specifier, parentURL, conditions) {
  const base = basePath(parentURL);
  if (base === undefined) {
    if (isPlainBuiltin(specifier)) return new URL(`node:${specifier}`);
    // Other schemes have folders, where packages could be, but none that can be read.
    if (!parentURL.startsWith('data:')) {
      const { codes } = require('internal/errors');
      throw new codes.ERR_INVALID_URL(parentURL);
    }
    throw new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parentURL);
  }
  const found = native.resolvePackage(specifier, base, conditions);
  if (found === false) {
    const detail = native.takeError();
    const error = resolver.toError(detail, 'import');
    addHint(error, specifier, parentURL);
    throw error;
  }
  if (typeof found === 'string') return new URL(found);
  const { 0: path, 1: encoded, 2: suffix } = found;
  const url = pathToFileURL(path);
  if (suffix !== '') {
    const parsed = new URL(suffix, url);
    url.search = parsed.search;
    url.hash = parsed.hash;
  }
  if (/%2f|%5c/i.test(encoded)) {
    const { ERR_INVALID_MODULE_SPECIFIER } = require('internal/errors').codes;
    throw new ERR_INVALID_MODULE_SPECIFIER(encoded, 'must not include encoded "/" or "\\" characters', base);
  }
  try {
    return finalize(url, base, false);
  } catch (error) {
    addHint(error, specifier, parentURL);
    throw error;
  }
}

/** Marks what `require` would have found, for the hint "Did you mean to import ...?". */

/** Node's "Did you mean to import ...?" for a specifier that `require` would have found; undefined otherwise. */
function commonJSHint(specifier, base, error) {
  if (!base) return undefined;
  let found;
  try {
    const folder = base.slice(0, base.lastIndexOf('/')) || '/';
    if (specifier.startsWith('file:')) specifier = fileURLToPath(specifier);
    const paths = isRelativeSpecifier(specifier) ? [folder] : Module._nodeModulePaths(folder);
    found = Module._findPath(specifier, paths, false);
  } catch {
    return undefined;
  }
  if (!found) return undefined;
  if (specifier[0] === '/') return found;
  const encode = (path) => encodeURI(path).replace(/[#?]/g, encodeURIComponent);
  if (isRelativeSpecifier(specifier)) {
    let shown = require('path').relative(base.slice(0, base.lastIndexOf('/')) || '/', found);
    if (!shown.startsWith('.')) shown = `./${shown}`;
    return encode(shown);
  }
  const match = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier);
  const marker = `/node_modules/${match[1]}/`;
  const at = found.lastIndexOf(marker);
  // A file right in node_modules is no package: only its path can be imported.
  return at === -1 ? pathToFileURL(found).href : match[1] + encode(found.slice(at + marker.length - 1));
}

function addHint(error, specifier, parentURL) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' && error?.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') return;
  if (typeof parentURL !== 'string' || !parentURL.startsWith('file:')) return;
  const hint = commonJSHint(specifier, fileURLToPath(parentURL), error);
  if (hint === undefined || hint === specifier) return;
  error.message += `\nDid you mean to import ${JSON.stringify(hint)}?`;
}

/**
 * What `specifier` means in `parentURL`, by Node's rules: `{ url, format }`.
 * Throws the ERR_* codes of resolution.
 */
function defaultResolve(specifier, { parentURL, conditions, importAttributes } = {}) {
  let url;
  if (isRelativeSpecifier(specifier)) {
    if (parentURL === undefined) {
      url = tryUrl(specifier);
    } else if (!parentURL.startsWith('file:')) {
      url = parentURL.startsWith('data:') ? undefined : tryUrl(specifier, parentURL);
    } else {
      url = new URL(specifier, parentURL);
    }
    if (url === undefined) throw new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, `${parentURL}`);
  } else if (specifier[0] !== '#') {
    url = tryUrl(specifier);
  }
  const isMain = parentURL === undefined;
  if (url === undefined) {
    url = resolveBare(specifier, parentURL ?? `${pathToFileURL(process.cwd())}/`, conditions);
  } else if (url.protocol === 'file:') {
    try {
      url = finalize(url, parentURL === undefined ? undefined : basePath(parentURL) ?? parentURL, isMain);
    } catch (error) {
      addHint(error, specifier, parentURL);
      throw error;
    }
  } else if (url.protocol === 'node:') {
    if (normalizeRequirable(url.href) === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(url.href);
  } else if (parentURL !== undefined && /^https?:/.test(parentURL) && url.protocol !== 'data:' && !/^https?:/.test(url.protocol)) {
    throw new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parentURL);
  }
  const { href } = url;
  return { __proto__: null, url: href, format: formats.formatHint(url) };
}

const resolutions = new Map();

/** As defaultResolve, through the hooks. */
function resolve(specifier, parentURL, attributes) {
  if (asyncState.active) return asyncState.loader.resolveSync(specifier, parentURL, attributes);
  if (hookState.resolve) return lazyHooks().resolveForImport(specifier, parentURL, attributes);
  const key = `${parentURL}\0${specifier}`;
  const known = resolutions.get(key);
  if (known !== undefined) return known;
  const found = defaultResolve(specifier, { parentURL });
  resolutions.set(key, found);
  return found;
}

// ---------------------------------------------------------------- loading

/** A TypeScript text without its types; undefined if it has syntax that is more than types: a hook may be able to do with it. */
function detectableText(text, filename) {
  try {
    return require('internal/module/typescript').stripModule(text, filename);
  } catch (error) {
    if (error?.code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') throw error;
    return undefined;
  }
}

/**
 * Reads a module: `{ format, source }`. `asText` spares a copy when no hook looks at the source.
 */
function defaultLoad(url, context, asText = false) {
  const parsed = new URL(url);
  formats.throwIfUnsupportedScheme(parsed);
  let { format } = context;
  if (format === undefined || format === null) format = formats.defaultFormat(parsed, false);
  const attributes = context.importAttributes ?? {};
  if (format !== undefined) formats.validateAttributes(url, format, attributes);
  if (parsed.protocol === 'node:') return { __proto__: null, format: 'builtin', source: null };
  if (format === 'addon') return { __proto__: null, format, source: null };
  const source = formats.readSource(parsed, asText && format !== 'wasm');
  if (format === undefined || format === 'typescript') {
    let text = formats.sourceText(source, url);
    const filename = parsed.protocol === 'file:' ? fileURLToPath(parsed) : url;
    const typescript = format === 'typescript';
    if (typescript) text = detectableText(text, filename);
    format = text !== undefined && formats.detectsModule(text, filename) ? 'module' : 'commonjs';
    if (format === 'module' && !typescript) warnTypeless(filename);
    formats.validateAttributes(url, format, attributes);
    if (typescript) format += '-typescript';
  }
  return { __proto__: null, format, source };
}

const warnedTypeless = new Set();

/** The advice to write `"type": "module"` into package.json, once for each of them. */
function warnTypeless(filename) {
  const scope = resolver.packageScope(filename);
  if (scope === undefined || warnedTypeless.has(scope.path) || filename.includes('/node_modules/')) return;
  warnedTypeless.add(scope.path);
  process.emitWarning(
    `Module type of ${pathToFileURL(filename).href} is not specified and it doesn't parse as CommonJS.\n` +
    'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
    `To eliminate this warning, add "type": "module" to ${scope.path}.`,
    { code: 'MODULE_TYPELESS_PACKAGE_JSON' });
}

function load(url, format, attributes) {
  if (asyncState.active) return asyncState.loader.loadSync(url, format, attributes);
  if (hookState.load) return lazyHooks().loadForImport(url, format, attributes);
  return defaultLoad(url, { format, importAttributes: attributes }, true);
}

/** Compiles a source text module into the job's record. */
function compileSource(job, text) {
  job.source = text;
  sourceMapState.remember?.(job.url, text);
  try {
    job.record = (compileCache.cache ?? native).compileModule(text, job.url, job);
  } catch (error) {
    if (error instanceof SyntaxError) lazySyntaxErrors().addSourceLine(error, text, job.url);
    throw error;
  }
  const requests = native.moduleRequests(job.record);
  for (let index = 0; index < requests.length; index++) {
    if (requests[index].unsupportedKey !== undefined) throw unsupportedAttribute(job, requests[index]);
  }
  job.requests = requests;
}

/** The error for an attribute other than `type`; its value is only in the source text. */
function unsupportedAttribute(job, request) {
  const statement = job.source.split('\n').slice(request.line - 1).join('\n');
  const key = request.unsupportedKey;
  const pattern = new RegExp(`\\bwith\\s*\\{[^}]*?["']?${key.replace(/[^\w]/g, '\\$&')}["']?\\s*:\\s*(["'])(.*?)\\1`);
  const match = pattern.exec(statement);
  let { url } = job;
  try {
    ({ url } = resolve(request.specifier, job.url, {}));
  } catch {
    // The importer's URL is still better than none.
  }
  return new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(key, match ? match[2] : '', url);
}

/**
 * Makes the job's record a synthetic module that exports `names`. At evaluation `run(setExport)` is called, where
 * `setExport(index, value)` sets the export `names[index]`.
 */
function compileSynthetic(job, names, run, global = undefined) {
  // The comment is known to internal/v8/coverage.
  job.names = names;
  job.run = (set) => {
    job.set = set;
    run(set);
  };
  const variables = names.map((name, index) => `$${index}`);
  const cases = names.map((name, index) => `case ${index}:$${index}=v;break;`).join('');
  const code = `/* synthetic module */${names.length > 0 ? `var ${variables.join(',')};` : ''}` +
    `export{${names.map((name, index) => `$${index} as ${JSON.stringify(name)}`).join(',')}};` +
    `import.meta.run(function(i,v){switch(i){${cases}}});`;
  job.record = native.compileModule(code, job.url, job, global);
}

/** Names that `export` can have: well-formed strings, each once, `default` always. */
function exportNames(...lists) {
  const names = new Set();
  const add = (name) => {
    if (typeof name === 'string' && name.isWellFormed()) names.add(name);
  };
  // forEach, as a program may have deleted the iterator of arrays.
  lists.forEach((list) => list.forEach(add));
  return Array.from(names);
}

function compileBuiltin(job, id) {
  const exports = loadBuiltin(id);
  const own = exports !== null && (typeof exports === 'object' || typeof exports === 'function') ? Object.keys(exports) : [];
  const names = exportNames(['default'], own);
  compileSynthetic(job, names, (set) => setBuiltinExports(names, exports, set));
  job.exports = exports;
}

function setBuiltinExports(names, exports, set) {
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    if (name === 'default') {
      set(index, exports);
      continue;
    }
    let value;
    try {
      value = exports[name];
    } catch {
      // A getter that throws leaves its export undefined, as for Node.
    }
    set(index, value);
  }
}

/** Makes the named exports of builtins what `require` gives now. Node docs: module.syncBuiltinESMExports. */
function syncBuiltinExports() {
  for (const job of jobs.values()) {
    if (job.format === 'builtin' && job.set !== undefined) setBuiltinExports(job.names, job.exports, job.set);
  }
}

const lexed = new Map();

/** The names that a CommonJS file exports, with those of the files it reexports. */
function commonJSNames(filename, source, seen = new Set()) {
  const known = lexed.get(filename);
  if (known !== undefined) return known;
  seen.add(filename);
  const { 0: names, 1: reexports } = native.lexExports(source);
  const all = new Set();
  names.forEach((name) => all.add(name));
  if (reexports.length > 0) {
    const module = new Module(filename);
    module.filename = filename;
    module.paths = Module._nodeModulePaths(module.path);
    for (const request of reexports) {
      let target;
      let text;
      try {
        target = Module._resolveFilename(request, module);
        if (!target.startsWith('/') || seen.has(target)) continue;
        const extension = cjs.extensionOf(target);
        if (extension !== '.js' && extension !== '.cjs') continue;
        text = require('fs').readFileSync(target, 'utf8');
      } catch {
        // What cannot be read has no names; `require` will say so when it gets there.
        continue;
      }
      for (const name of commonJSNames(target, text, seen)) all.add(name);
    }
  }
  lexed.set(filename, all);
  return all;
}

/** A CommonJS file as a module with `default`, `module.exports` and the names found in its text. */
function compileCommonJS(job, source, hooked) {
  const filename = job.url.startsWith('file:') ? fileURLToPath(job.url) : job.url;
  const text = source === null || source === undefined ? undefined : formats.sourceText(source, job.url);
  const names = exportNames(['default'], text === undefined ? readNames(filename) : commonJSNames(filename, text), ['module.exports']);
  if (hooked && text !== undefined && Module._cache[filename] === undefined) {
    const module = new Module(filename);
    module.filename = filename;
    module.paths = Module._nodeModulePaths(module.path);
    module[cjs.kSource] = text;
    module[cjs.kFormat] = 'commonjs';
    module[cjs.kUrl] = job.url;
    module[cjs.kNotStarted] = true;
    Module._cache[filename] = module;
  }
  compileSynthetic(job, names, (set) => {
    // The name has been through the resolve hooks: it must not go through them again.
    if (hookState.resolve) cjs.skipResolveHooks(filename);
    const exports = Module._load(filename, undefined, job.isMain);
    const module = Module._cache[filename];
    // What a module exported when it had just run: later changes to `module.exports` are not seen.
    setCommonJSExports(names, module !== undefined && cjs.kExports in module ? module[cjs.kExports] : exports, set);
  });
}

function readNames(filename) {
  return commonJSNames(filename, require('fs').readFileSync(filename, 'utf8'));
}

function setCommonJSExports(names, exports, set) {
  const hasProperties = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    if (name === 'default' || name === 'module.exports') {
      set(index, exports);
    } else if (hasProperties && Object.hasOwn(exports, name)) {
      let value;
      try {
        value = exports[name];
      } catch {
        // As above: the export stays undefined.
      }
      set(index, value);
    }
  }
}

function compileJson(job, source) {
  const text = cjs.stripBom(formats.sourceText(source, job.url));
  // A file without query is one value for require and import.
  const filename = job.url.startsWith('file:') && !/[?#]/.test(job.url) ? fileURLToPath(job.url) : undefined;
  let module = filename === undefined ? undefined : Module._cache[filename];
  let value;
  if (module?.loaded) {
    value = module.exports;
  } else {
    value = cjs.parseJson(filename ?? job.url, text);
    if (filename !== undefined && module === undefined) {
      module = new Module(filename);
      module.filename = filename;
      module.exports = value;
      module.loaded = true;
      Module._cache[filename] = module;
    }
  }
  compileSynthetic(job, ['default'], (set) => set(0, value));
}

/** A WebAssembly module, evaluated. Node docs: "Wasm modules". */
function compileWasm(job, source) {
  job.compiled = sourcePhaseJob(job.url, source).compiled;
  lazyWasm().compileEvaluationPhase(job);
}

/** The job of a module's source, which `import source` leads to; `source` are its bytes. */
function sourcePhaseJob(url, source) {
  const key = sourceKeyOf(url);
  let job = jobs.get(key);
  if (job === undefined) {
    job = new Job(url, '');
    job.format = 'wasm';
    lazyWasm().compileSourcePhase(job, source);
    jobs.set(key, job);
  }
  return job;
}

/** The job of the source of what `load` gave for `url`. Throws ERR_SOURCE_PHASE_NOT_DEFINED for all but WebAssembly. */
function openSource(url, { format, source }) {
  if (format !== 'wasm') throw new ERR_SOURCE_PHASE_NOT_DEFINED(url);
  return sourcePhaseJob(url, source);
}

function compileAddon(job) {
  const filename = fileURLToPath(job.url);
  compileSynthetic(job, ['default', 'module.exports'], (set) => {
    const exports = Module._load(filename, undefined, false);
    set(0, exports);
    set(1, exports);
  });
}

/** The JavaScript of a TypeScript source. */
function stripTypes(source, url) {
  const filename = url.startsWith('file:') ? fileURLToPath(url) : url;
  return require('internal/module/typescript').stripModule(formats.sourceText(source, url), filename);
}

/** Turns what `load` gave into the job's record. */
function translate(job, { format, source }, parent) {
  job.format = format;
  if (cjs.watchState.report !== undefined && job.url.startsWith('file:')) cjs.watchState.report(job.url);
  switch (format) {
    case 'module':
      compileSource(job, formats.sourceText(source, job.url));
      break;
    case 'module-typescript':
      job.format = 'module';
      compileSource(job, stripTypes(source, job.url));
      break;
    case 'commonjs-typescript':
      compileCommonJS(job, stripTypes(source, job.url), true);
      break;
    case 'commonjs':
      compileCommonJS(job, source, hookState.load || asyncState.active);
      break;
    case 'builtin': {
      const id = normalizeRequirable(job.url);
      if (id === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(job.url);
      compileBuiltin(job, id);
      break;
    }
    case 'json':
      compileJson(job, source);
      break;
    case 'wasm':
      compileWasm(job, source);
      break;
    case 'addon':
      compileAddon(job);
      break;
    default:
      throw new ERR_UNKNOWN_MODULE_FORMAT(`${format}`, job.url);
  }
}

/** Import attributes of a static request as an object. */
const attributesOf = (type) => (type === '' ? { __proto__: null } : { __proto__: null, type });
const kNoAttributes = Object.freeze({ __proto__: null });

/**
 * Loads the module `url` and everything it imports statically. `context` is shared by one graph:
 * `{ required: bool }` for `require()`, which refuses CommonJS modules that are still running.
 */
function loadGraph(url, type, format, context) {
  const key = keyOf(url, type);
  const known = jobs.get(key);
  if (known !== undefined) return known;
  const added = [];
  const open = (target, targetType, targetFormat, parent, request) => {
    const targetKey = keyOf(target, targetType);
    const existing = jobs.get(targetKey);
    if (existing !== undefined) return existing;
    const job = new Job(target, targetType);
    if (context.required) refuseRunningCommonJS(target, targetFormat, parent, request);
    const loaded = context.root !== undefined && target === url ? context.root : load(target, targetFormat, attributesOf(targetType));
    if (parent === undefined) job.isMain = context.isMain === true;
    translate(job, loaded, parent);
    jobs.set(targetKey, job);
    added.push(targetKey);
    worklist.push(job);
    return job;
  };
  const worklist = [];
  let done = false;
  try {
    const root = open(url, type, format, undefined, undefined);
    for (let at = 0; at < worklist.length; at++) linkRequests(worklist[at], open);
    done = true;
    return root;
  } finally {
    if (!done) added.forEach((addedKey) => jobs.delete(addedKey));
  }
}

/** Resolves and opens the requests of one job and tells the engine. */
function linkRequests(job, open) {
  const { requests } = job;
  const records = new Array(requests.length);
  for (let index = 0; index < requests.length; index++) {
    const { specifier, type, sourcePhase } = requests[index];
    const attributes = attributesOf(type);
    const { url, format } = resolve(specifier, job.url, attributes);
    if (sourcePhase) {
      const source = jobs.get(sourceKeyOf(url)) ?? openSource(url, load(url, format, attributes));
      job.jobs.push(source);
      records[index] = source.record;
      continue;
    }
    const target = open(url, type, format, job, requests[index]);
    job.jobs.push(target);
    records[index] = target.record;
  }
  native.moduleSetLinked(job.record, records);
}

function refuseRunningCommonJS(url, format, parent, request) {
  if (parent === undefined || !url.startsWith('file:')) return;
  const cached = Module._cache[fileURLToPath(url)];
  if (cached === undefined || !cached[cjs.kIsExecuting] || cached.loaded) return;
  throw new ERR_REQUIRE_CYCLE_MODULE(
    `Cannot import CommonJS Module ${request.specifier} in a cycle. (from ${fileURLToPath(parent.url)})`);
}

// ---------------------------------------------------------------- linking and running

/** Links a loaded graph; errors of missing exports get Node's words. */
function link(job) {
  if (job.linked) return;
  try {
    native.moduleLink(job.record);
  } catch (error) {
    throw explainLinkError(job, error);
  }
  job.linked = true;
}

function* graphOf(root) {
  const seen = new Set().add(root);
  for (const job of seen) {
    yield job;
    for (let index = 0; index < job.jobs.length; index++) seen.add(job.jobs[index]);
  }
}

/** The V8 and Node wording for an export that is not there. */
function explainLinkError(root, error) {
  if (!(error instanceof SyntaxError)) return error;
  const match = /requested module '([\s\S]*)' does(?:n't| not) provide an export named:? '([\s\S]*)'/.exec(error.message) ??
    /requested module "([\s\S]*)" .*export named:? "?([^"]*)"?/.exec(error.message);
  if (match === null) {
    const ambiguous = /requested module '([\s\S]*)' contains ambiguous star export:? '([\s\S]*?)'/.exec(error.message);
    if (ambiguous) error.message = `The requested module '${ambiguous[1]}' contains conflicting star exports for name '${ambiguous[2]}'`;
    decorateLinkError(root, error);
    return error;
  }
  const [, target] = match;
  let name = match[2];
  const { movePlace, placeOf } = require('internal/error_place');
  const place = placeOf(error);
  let importer;
  for (const job of graphOf(root)) if (job.url === place?.file) importer = job;
  // The engine names the module by its URL; people know it by the specifier.
  const index = importer === undefined ? -1 :
    importer.requests.findIndex((request, at) => request.specifier === target || importer.jobs[at].url === target);
  const child = index === -1 ? undefined : importer.jobs[index];
  const specifier = index === -1 ? target : importer.requests[index].specifier;
  if (child?.names !== undefined && importer.source !== undefined) {
    // The engine begins with the last name of a statement, V8 with the first.
    const first = lazySyntaxErrors().firstMissing(importer.source, place.line, name, child.names);
    if (first !== undefined) {
      ({ name } = first);
      movePlace(error, first.line, first.column);
    }
  }
  if (child?.format === 'commonjs') {
    error.message = commonJSExportMessage(importer, placeOf(error)?.line, specifier, name);
  } else {
    error.message = `The requested module '${specifier}' does not provide an export named '${name}'`;
  }
  decorateLinkError(root, error, importer);
  return error;
}

function decorateLinkError(root, error, importer) {
  const file = require('internal/error_place').placeOf(error)?.file;
  for (const job of importer === undefined ? graphOf(root) : [importer]) {
    if (job.url === file && job.source !== undefined) {
      lazySyntaxErrors().addSourceLine(error, job.source, job.url);
      return;
    }
  }
}

function commonJSExportMessage(importer, line, specifier, name) {
  const text = importer.source === undefined ? '' : lazySyntaxErrors().lineOf(importer.source, line);
  const named = /^\s*import\s*(?:[\w$]+\s*,\s*)?(\{[^{}]*\})\s*from\s*['"]/.exec(text);
  let destructured = '';
  if (named) destructured = `const ${named[1].replace(/([\w$]+|"[^"]*"|'[^']*')\s+as\s+/g, '$1: ')} = pkg;\n`;
  return `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support ` +
    'all module.exports as named exports.\nCommonJS modules can always be imported via the default export, for example ' +
    `using:\n\nimport pkg from '${specifier}';\n${destructured}`;
}

/** Links and evaluates; resolves with the namespace once the module and its dependencies are done. */
async function runJob(job) {
  link(job);
  // Evaluation further up the stack, when hooks had to be waited for in the middle of it.
  while (native.moduleStatus(job.record) === 'evaluating') await new Promise((resolve) => { setImmediate(resolve); });
  try {
    await native.moduleEvaluate(job.record);
  } catch (error) {
    explainReference(error, job);
    throw error;
  }
  return native.moduleNamespace(job.record);
}

const commonJSGlobals = ['require', 'module', 'exports', '__filename', '__dirname'];
/** What ES modules have in place of the names of the CommonJS wrapper. */
const instead = {
  __dirname: 'use import.meta.dirname instead',
  __filename: 'use import.meta.filename instead',
  exports: 'use export instead of module.exports/exports',
  module: 'use export instead of module.exports/exports',
  require: 'replace require() with import',
};

/** Names of the CommonJS wrapper do not exist in ES modules: says so, and what to do. */
function explainReference(error, job) {
  if (error === null || typeof error !== 'object' || error.name !== 'ReferenceError') return;
  const name = commonJSGlobals.find((global) => error.message === `${global} is not defined`);
  if (name === undefined) return;
  if (job.record !== undefined && native.moduleHasTopLevelAwait(job.record)) {
    error.message = `Cannot determine intended module format because both '${name}' and top-level await are present. If the ` +
      'code is intended to be CommonJS, wrap await in an async function. If the code is intended to be an ES module, ' +
      `${instead[name]}.`;
    return;
  }
  error.message += ' in ES module scope';
  if (name === 'require') error.message += ', you can use import instead';
  if (!job.url.startsWith('file:')) return;
  const filename = fileURLToPath(job.url);
  const scope = resolver.packageScope(filename);
  if (scope?.type === 'module' && filename.endsWith('.js')) {
    error.message += '\nThis file is being treated as an ES module because it has a \'.js\' file extension and ' +
      `'${scope.path}' contains "type": "module". To treat it as a CommonJS script, rename it to use the '.cjs' file ` +
      'extension.';
  }
}

/**
 * Imports `specifier` for code at `parentURL`: a promise of the namespace. Loading happens before this returns, evaluation
 * never does.
 */
async function importModule(specifier, parentURL, attributes = kNoAttributes, isMain = false) {
  if (asyncState.active) {
    const job = await asyncState.loader.loadGraph(specifier, parentURL, attributes, isMain);
    return runJob(job);
  }
  const { url, format } = resolve(specifier, parentURL, attributes);
  const job = loadGraph(url, attributes.type ?? '', format, { isMain });
  await undefined;
  return runJob(job);
}

/** `import.source(specifier)`: a promise of the module's source. */
async function importSource(specifier, parentURL) {
  if (asyncState.active) return asyncState.loader.loadSource(specifier, parentURL);
  const { url, format } = resolve(specifier, parentURL, kNoAttributes);
  const job = jobs.get(sourceKeyOf(url)) ?? openSource(url, load(url, format, kNoAttributes));
  return job.compiled;
}

// ---------------------------------------------------------------- require() of ES modules

function throwCycle(filename, parentFilename, viaImport) {
  let message = `Cannot require() ES Module ${filename} in a cycle.`;
  if (parentFilename) message += ` (from ${parentFilename})`;
  if (viaImport) {
    message += ' A cycle involving require(esm) is not allowed to maintain invariants mandated by the ECMAScript ' +
      'specification. Try making at least part of the dependency in the graph lazily loaded.';
  }
  throw new ERR_REQUIRE_CYCLE_MODULE(message);
}

/** What `require()` makes of a namespace: `module.exports` if exported, `__esModule` for interop if there is a default. */
function exportsForRequire(job) {
  const namespace = native.moduleNamespace(job.record);
  if (Object.hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!Object.hasOwn(namespace, 'default') || Object.hasOwn(namespace, '__esModule')) return namespace;
  if (job.wrapper === undefined) {
    const wrapper = new Job('node:internal/require_module_default_facade', '');
    wrapper.record = native.compileModule(
      "export * from 'original';export { default } from 'original';export const __esModule = true;", wrapper.url, wrapper);
    native.moduleSetLinked(wrapper.record, [job.record]);
    native.moduleLink(wrapper.record);
    native.markPromiseHandled(native.moduleEvaluate(wrapper.record));
    job.wrapper = native.moduleNamespace(wrapper.record);
  }
  return job.wrapper;
}

/**
 * Makes the ES module in `filename` the exports of a CommonJS module: links and runs it now.
 * Throws ERR_REQUIRE_ASYNC_MODULE if its graph awaits at the top level, ERR_REQUIRE_CYCLE_MODULE if it is running already.
 */
function requireEsm(module, filename, content) {
  const url = module[cjs.kUrl] ?? pathToFileURL(filename).href;
  const parent = module[cjs.kParent];
  const job = loadGraph(url, '', 'module', {
    isMain: false,
    required: true,
    root: { format: 'module', source: content },
  });
  module[cjs.kRequired] = job;
  runSync(job, filename, parent);
  module.exports = exportsForRequire(job);
}

function throwAsync(filename, parent) {
  throw new ERR_REQUIRE_ASYNC_MODULE(filename, cjs.requireStackOf(parent));
}

/** Evaluates a graph that must not await. */
function runSync(job, filename, parent) {
  const status = native.moduleStatus(job.record);
  if (status === 'evaluating') throwCycle(filename, parent?.filename, true);
  if (status === 'evaluating-async') throwAsync(filename, parent);
  if (status === 'errored') native.throwAgain(native.moduleError(job.record));
  link(job);
  for (const each of graphOf(job)) {
    if (native.moduleStatus(each.record) === 'evaluating') throwCycle(filename, parent?.filename, true);
    // Refused even after an import() has waited for it: whether require() works must not depend on timing.
    if (native.moduleHasTopLevelAwait(each.record)) throwAsync(filename, parent);
  }
  const promise = native.moduleEvaluate(job.record);
  const { 0: state, 1: result } = native.promiseState(promise);
  if (state === 2) {
    native.markPromiseHandled(promise);
    explainReference(result, job);
    lazySyntaxErrors().keepLocation(result);
    native.throwAgain(result);
  }
  if (state === 0) throwAsync(filename, parent);
}

/** Loads and runs an ES module at once, for `module.register()` and `--import`-like uses: its namespace. */
function importSync(specifier, parentURL) {
  const { url, format } = resolve(specifier, parentURL, kNoAttributes);
  const job = loadGraph(url, '', format, { isMain: false });
  runSync(job, url, undefined);
  return native.moduleNamespace(job.record);
}

// ---------------------------------------------------------------- engine hooks

/** `import()`: the URL of the code that asks, from what it was compiled with. */
function parentOf(host) {
  if (host instanceof Job) return host.url;
  if (typeof host === 'string') return host.startsWith('/') ? pathToFileURL(host).href : host;
  return undefined;
}

const { cache: loadedBuiltins } = require('internal/loader');

function importDynamically(specifier, type, host, sourcePhase) {
  // Of code without a script of its own, the realm is known.
  host = host === globalThis ? undefined : loadedBuiltins.get('internal/vm/contexts')?.exports.realms.get(host)?.referrer ?? host;
  if (host !== null && typeof host === 'object' && !(host instanceof Job) && typeof host.importModuleDynamically === 'function') {
    return host.importModuleDynamically(specifier, attributesOf(type), sourcePhase ? 'source' : 'evaluation');
  }
  const parentURL = parentOf(host);
  if (parentURL === undefined) throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING();
  if (sourcePhase) return importSource(specifier, parentURL);
  if (loadedBuiltins.has('diagnostics_channel')) return tracedImport(specifier, parentURL, attributesOf(type));
  return importModule(specifier, parentURL, attributesOf(type));
}

let importChannel;

/** Tells the diagnostics channel `module.import`, which exists once somebody in the program has loaded channels. */
function tracedImport(specifier, parentURL, attributes) {
  importChannel ??= require('diagnostics_channel').tracingChannel('module.import');
  if (!importChannel.hasSubscribers) return importModule(specifier, parentURL, attributes);
  const context = { __proto__: null, parentURL, url: specifier };
  return importChannel.tracePromise(importModule, context, undefined, specifier, parentURL, attributes);
}

/** `import.meta.resolve`: a URL as text; it need not exist. */
function metaResolve(specifier, parentURL) {
  try {
    return resolve(`${specifier}`, parentURL, kNoAttributes).url;
  } catch (error) {
    if (error?.code === 'ERR_UNSUPPORTED_DIR_IMPORT' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      if (error.url !== undefined) return error.url;
    }
    throw error;
  }
}

function initializeImportMeta(meta, host) {
  if (!(host instanceof Job)) {
    if (host !== null && typeof host === 'object') host.initializeImportMeta?.(meta);
    return;
  }
  if (host.run !== undefined) {
    meta.run = host.run;
    return;
  }
  const { url } = host;
  if (url.startsWith('file:')) {
    const filename = fileURLToPath(url);
    meta.dirname = require('path').dirname(filename);
    meta.filename = filename;
  }
  meta.main = host.isMain;
  if (asyncState.isHooksThread) {
    meta.url = url;
    return;
  }
  const allowParent = getOptionValue('--experimental-import-meta-resolve');
  meta.resolve = function resolve(specifier, parentURL) {
    if (allowParent && parentURL !== undefined) {
      if (typeof parentURL !== 'string' && !(parentURL instanceof URL)) {
        throw new (require('internal/errors').codes.ERR_INVALID_ARG_TYPE)('parentURL', ['string', 'URL'], parentURL);
      }
      return metaResolve(specifier, `${parentURL}`);
    }
    return metaResolve(specifier, url);
  };
  meta.url = url;
}

// ---------------------------------------------------------------- entry points

/** Runs the module at `url` as the program. */
function runMain(url) {
  return importModule(url, undefined, kNoAttributes, true);
}

/** Runs `source` as the program, a module of the name `url`. */
async function evaluateSource(source, url) {
  if (asyncState.active) return runJob(await asyncState.loader.loadText(url, source));
  const job = loadGraph(url, '', 'module', { isMain: true, root: { format: 'module', source } });
  await undefined;
  return runJob(job);
}

/** The job that has not settled when the loop is empty: the module and, as far as its text tells, the line. */
function unsettledAwait() {
  for (const job of jobs.values()) {
    if (job.source === undefined || job.record === undefined) continue;
    if (native.moduleStatus(job.record) !== 'evaluating-async' || !native.moduleHasTopLevelAwait(job.record)) continue;
    const lines = job.source.split('\n');
    const line = lines.findIndex((text) => /(?:^|[^\w$.'"`])await\b/.test(text.replace(/\/\/.*$/, '')));
    return { url: job.url, line: line + 1, text: lines[line] ?? '', column: Math.max(0, (lines[line] ?? '').search(/\bawait\b/)) };
  }
  return undefined;
}

/** URLs of all modules that were loaded. */
function loadedUrls() {
  return [...new Set([...jobs.values()].map(({ url }) => url))].filter((url) => typeof url === 'string');
}

module.exports = {
  loadedUrls,
  Job,
  asyncState,
  attributesOf,
  compileSynthetic,
  defaultLoad,
  defaultResolve,
  evaluateSource,
  importDynamically,
  importModule,
  importSource,
  importSync,
  openSource,
  sourceKeyOf,
  initializeImportMeta,
  jobs,
  keyOf,
  kNoAttributes,
  requireEsm,
  resolutions,
  resolve,
  runJob,
  runMain,
  syncBuiltinExports,
  throwCycle,
  translate,
  unsettledAwait,
  warnTypeless,
};
