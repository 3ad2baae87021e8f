/**
 * `mock.module()`: modules that stand in for others, for `require` and `import`. Node docs: mock.module(specifier[, options]).
 *
 * Synchronous module hooks send whoever asks for a mocked module to a URL of ours, whose source takes its exports from
 * here. Without `cache` each request gets a URL of its own.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_STATE } } = require('internal/errors');
const { validateBoolean, validateObject } = require('internal/validators');
const { emitExperimentalWarning, kEmptyObject } = require('internal/util');
const { callerLocation } = require('internal/test/location');
const cjs = require('internal/module/cjs');

const SCHEME = 'node-test-mock:';
/** How the sources of mocks reach `exportsOf`. */
const kMocks = Symbol.for('anode.test.mocks');

/** URL of the module -> its mock. */
const mocks = new Map();
/** URL of ours -> mock. */
const served = new Map();
let count = 0;
let hooks;

class MockModuleContext {
  #mock;

  constructor(mock) {
    this.#mock = mock;
  }

  restore() {
    const mock = this.#mock;
    if (mock === undefined) return;
    this.#mock = undefined;
    mocks.delete(mock.url);
    for (const url of mock.urls) {
      served.delete(url);
      delete cjs.Module._cache[url];
    }
    if (mocks.size === 0) {
      hooks.deregister();
      hooks = undefined;
    }
    cjs.clearRelativeCache();
  }
}

function resolveHook(specifier, context, next) {
  const result = next(specifier, context);
  const mock = mocks.get(result.url);
  if (mock === undefined) return result;
  if (mock.format === 'json' && context.conditions?.includes('import') && context.importAttributes?.type !== 'json') return result;
  let url = mock.stableUrl;
  if (url === undefined) {
    count++;
    url = `${SCHEME}${count}`;
    mock.urls.push(url);
    served.set(url, mock);
    if (mock.cache) mock.stableUrl = url;
  }
  const requires = context.conditions?.includes('require') && !context.conditions.includes('import');
  return { __proto__: null, url, format: requires ? 'commonjs' : mock.format === 'json' ? 'json' : 'module', shortCircuit: true };
}

function loadHook(url, context, next) {
  const mock = served.get(url);
  if (mock === undefined) return next(url, context);
  const found = `[Symbol.for('anode.test.mocks')](${JSON.stringify(url)})`;
  if (context.conditions?.includes('require') && !context.conditions.includes('import')) {
    const forget = mock.cache ? '' : '\ndelete require.cache[module.id];';
    return {
      __proto__: null, format: 'commonjs', shortCircuit: true, source: `module.exports = require('node:test')${found}.forRequire();${forget}`,
    };
  }
  if (mock.format === 'json') return { __proto__: null, format: 'json', shortCircuit: true, source: JSON.stringify(mock.defaultExport) };
  const isDefault = mock.format !== 'module' || mock.hasDefault;
  const names = Object.keys(mock.namedExports).filter((name) => name !== 'default');
  let source = `import test from 'node:test';\nconst mock = test${found};\n`;
  if (isDefault) source += 'export default mock.forDefault();\n';
  names.forEach((name, index) => {
    source += `const $${index} = mock.named(${JSON.stringify(name)});\nexport { $${index} as ${JSON.stringify(name)} };\n`;
  });
  return { __proto__: null, format: 'module', shortCircuit: true, source };
}

/** What module.exports is: the default export, with the named ones on it. */
function forRequire(mock) {
  const names = Object.keys(mock.namedExports);
  if (!mock.hasDefault) {
    const result = {};
    for (const name of names) result[name] = mock.namedExports[name];
    return result;
  }
  const { defaultExport } = mock;
  if (names.length === 0) return defaultExport;
  if (defaultExport === null || (typeof defaultExport !== 'object' && typeof defaultExport !== 'function')) {
    throw new Error('Cannot create mock because named exports cannot be applied to the provided default export.');
  }
  for (const name of names) defaultExport[name] = mock.namedExports[name];
  return defaultExport;
}

function exportsOf(url) {
  const mock = served.get(url);
  return {
    __proto__: null,
    forDefault: () => (mock.format === 'module' ? mock.defaultExport : forRequire(mock)),
    forRequire: () => forRequire(mock),
    named: (name) => mock.namedExports[name],
  };
}

/** `{ url, format }` of what the caller means by a specifier. */
function resolve(specifier) {
  const { pathToFileURL } = require('url');
  const { file } = callerLocation() ?? {};
  const parentURL = file === undefined ? pathToFileURL(`${process.cwd()}/`).href : pathToFileURL(file).href;
  const { isBuiltin } = require('internal/module/builtins');
  if (isBuiltin(specifier)) return { url: specifier.startsWith('node:') ? specifier : `node:${specifier}`, format: 'builtin' };
  const { defaultResolve } = require('internal/module/esm');
  const { importConditions } = require('internal/module/resolve');
  const found = defaultResolve(specifier, { parentURL, conditions: importConditions });
  const format = found.format ?? require('internal/module/formats').defaultFormat(new URL(found.url), true);
  return { url: found.url, format };
}

/** Makes a mock. Returns its context, which restores it. */
function mockModule(specifier, options = kEmptyObject) {
  emitExperimentalWarning('Module mocking');
  if (typeof specifier !== 'string') {
    if (!(specifier instanceof URL)) throw new ERR_INVALID_ARG_TYPE('specifier', ['string', 'URL'], specifier);
    specifier = `${specifier}`;
  }
  validateObject(options, 'options');
  const { cache = false, exports, defaultExport, namedExports = kEmptyObject } = options;
  validateBoolean(cache, 'options.cache');
  validateObject(namedExports, 'options.namedExports');
  if (exports !== undefined) validateObject(exports, 'options.exports');
  const { format, url } = resolve(specifier);
  if (mocks.has(url)) throw new ERR_INVALID_STATE(`Cannot mock '${specifier}'. The module is already mocked.`);
  const mock = {
    __proto__: null, cache, format, url, urls: [], stableUrl: undefined,
    defaultExport, hasDefault: 'defaultExport' in options, namedExports: { __proto__: null, ...namedExports },
  };
  if (exports !== undefined) {
    const { default: main, ...named } = exports;
    mock.defaultExport = main;
    mock.hasDefault = 'default' in exports;
    Object.assign(mock.namedExports, named);
  }
  mocks.set(url, mock);
  if (hooks === undefined) {
    const test = require('test');
    if (test[kMocks] === undefined) Object.defineProperty(test, kMocks, { __proto__: null, value: exportsOf });
    hooks = require('internal/module/hooks').registerHooks({ resolve: resolveHook, load: loadHook });
  }
  cjs.clearRelativeCache();
  return new MockModuleContext(mock);
}

module.exports = { mockModule };
