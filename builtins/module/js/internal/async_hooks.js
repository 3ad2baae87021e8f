'use strict';

/**
 * `module.register()`: asynchronous hooks `resolve` and `load` for `import`.
 *
 * Node runs them on a thread of their own; here they run on the importing thread, in a chain of promises. From the first
 * registration on, graphs load asynchronously through this file.
 * Node docs: "Modules: node:module API", asynchronous customization hooks.
 */

const native = binding('module');
const {
  codes: { ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED, ERR_INVALID_RETURN_PROPERTY_VALUE, ERR_LOADER_CHAIN_INCOMPLETE },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const esm = require('internal/module/esm');
const hooks = require('internal/module/hooks');
const { hookState } = require('internal/module/cjs');
const resolver = require('internal/module/resolve');
const { pathToFileURL } = require('url');

const resolveHooks = [];
const loadHooks = [];
/** Initialisations that `import` must wait for. */
let pending = Promise.resolve();

/** Adds the hooks that the module `specifier` exports. Its `initialize(data)` runs first. */
function register(specifier, parentURL = undefined, options = undefined) {
  if (parentURL !== null && typeof parentURL === 'object' && !(parentURL instanceof URL)) {
    options = parentURL;
    parentURL = options.parentURL;
  }
  const base = parentURL === undefined ? 'data:' : `${parentURL}`;
  const from = base === 'data:' ? `${pathToFileURL(`${process.cwd()}/`)}` : base;
  const namespace = esm.importSync(`${specifier}`, from);
  const { initialize, resolve, load } = namespace;
  if (typeof namespace.globalPreload === 'function' && !warnedOfPreload) {
    warnedOfPreload = true;
    process.emitWarning('`globalPreload` has been removed; use `initialize` instead.', 'UnsupportedWarning');
  }
  if (initialize !== undefined) validateFunction(initialize, 'initialize');
  if (initialize !== undefined) {
    const result = initialize(options?.data);
    if (result !== null && typeof result?.then === 'function') pending = pending.then(() => result);
  }
  if (typeof resolve === 'function') resolveHooks.push(resolve);
  if (typeof load === 'function') loadHooks.push(load);
  if (resolveHooks.length > 0 || loadHooks.length > 0) {
    esm.asyncState.active = true;
    esm.asyncState.loader = { loadGraph, loadSource, loadSync, loadText, resolveSync };
    esm.resolutions.clear();
  }
  return undefined;
}

let warnedOfAssertions = false;
let warnedOfPreload = false;

/** The old name of `importAttributes`: still there, with a warning. */
function withAssertions(context) {
  return Object.defineProperty(context, 'importAssertions', {
    __proto__: null,
    configurable: true,
    get() {
      if (!warnedOfAssertions) {
        warnedOfAssertions = true;
        process.emitWarning('Use `importAttributes` instead of `importAssertions`', 'ExperimentalWarning');
      }
      return this.importAttributes;
    },
    set(value) {
      this.importAttributes = value;
    },
  });
}

/** Runs one chain; as hooks.runChain, with promises. */
async function runChain(list, name, subject, context, last, check) {
  const chain = list.slice();
  const step = async (index, given, givenContext) => {
    if (index < 0) return last(given, givenContext);
    let nextCalled = false;
    const next = async (nextSubject = given, nextContext = undefined) => {
      nextCalled = true;
      const merged = nextContext === undefined || nextContext === null ? givenContext : { ...givenContext, ...nextContext };
      if (typeof nextSubject !== 'string') {
        const { ERR_INVALID_ARG_TYPE } = require('internal/errors').codes;
        throw new ERR_INVALID_ARG_TYPE(`'${name}' hook's ${name === 'load' ? 'nextLoad() url' : 'nextResolve() specifier'}`, 'string', nextSubject);
      }
      return step(index - 1, nextSubject, merged);
    };
    const result = await chain[index](given, withAssertions(givenContext), next);
    if (result === null || typeof result !== 'object') {
      throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', name, 'the result', result);
    }
    if (!nextCalled && !result.shortCircuit) throw new ERR_LOADER_CHAIN_INCOMPLETE(name);
    check(result);
    return result;
  };
  return step(chain.length - 1, subject, context);
}

/**
 * Waits for a promise of the hooks without giving up the stack: promise jobs run, the event loop does not. For
 * `import.meta.resolve()` and for synchronous hooks, whose `next` must answer at once.
 */
function settle(promise) {
  native.markPromiseHandled(promise);
  binding('task_queue').runMicrotasks();
  const { 0: state, 1: result } = native.promiseState(promise);
  if (state === 0) throw new ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED();
  if (state === 2) throw result;
  return result;
}

function runResolve(specifier, context) {
  const last = (given, givenContext) => esm.defaultResolve(given, {
    parentURL: givenContext.parentURL,
    conditions: givenContext.conditions === resolver.importConditions ? undefined : givenContext.conditions,
  });
  return runChain(resolveHooks, 'resolve', specifier, context, last, (result) => hooks.checkResolved(result));
}

function runLoad(url, context) {
  return runChain(loadHooks, 'load', url, context, esm.defaultLoad, hooks.checkLoaded);
}

/** Synchronous hooks come first; theirs is the choice whether the asynchronous ones run. */
async function resolve(specifier, parentURL, attributes) {
  const importAttributes = { ...attributes };
  if (hookState.resolve) {
    return hooks.resolveForImport(specifier, parentURL, importAttributes, (given, context) => settle(runResolve(given, context)));
  }
  return runResolve(specifier, { conditions: resolver.importConditions, importAttributes, parentURL });
}

function resolveSync(specifier, parentURL, attributes) {
  return settle(resolve(specifier, parentURL, attributes));
}

function loadSync(url, format, attributes) {
  return settle(load(url, format, attributes));
}

async function load(url, format, attributes) {
  const importAttributes = { ...attributes };
  if (hookState.load) {
    return hooks.loadForImport(url, format, importAttributes, (given, context) => settle(runLoad(given, context)));
  }
  return runLoad(url, { format, importAttributes });
}

/** Promises of jobs that are being loaded, so that two importers share one. */
const loading = new Map();

async function open(url, format, attributes, isMain) {
  const type = attributes.type ?? '';
  const key = esm.keyOf(url, type);
  const known = esm.jobs.get(key);
  if (known !== undefined) return known;
  let promise = loading.get(key);
  if (promise === undefined) {
    promise = (async () => {
      const job = new esm.Job(url, type);
      job.isMain = isMain;
      const loaded = await load(url, format, attributes);
      esm.translate(job, loaded);
      return job;
    })();
    loading.set(key, promise);
  }
  return promise;
}

async function openSource({ url, format }) {
  return esm.jobs.get(esm.sourceKeyOf(url)) ?? esm.openSource(url, await load(url, format, esm.kNoAttributes));
}

/** The source of a module, for `import.source()`. */
async function loadSource(specifier, parentURL) {
  await pending;
  return (await openSource(await resolve(specifier, parentURL, esm.kNoAttributes))).compiled;
}

/** Loads the graph that a specifier means, breadth first, the requests of a module in parallel. */
async function loadGraph(specifier, parentURL, attributes, isMain) {
  await pending;
  const { url, format, importAttributes } = await resolve(specifier, parentURL, attributes);
  const root = await open(url, format, importAttributes ?? attributes, isMain);
  return loadRequests(root);
}

/** The graph of a module whose text is there already. */
async function loadText(url, source) {
  await pending;
  const job = new esm.Job(url, '');
  job.isMain = true;
  esm.translate(job, { format: 'module', source });
  return loadRequests(job);
}

async function loadRequests(root) {
  const seen = new Set([root]);
  try {
    for (const job of seen) {
      if (job.compiled !== undefined && job.run === undefined) continue;
      if (esm.jobs.get(esm.keyOf(job.url, job.type)) === job) continue;
      const children = await Promise.all(job.requests.map(async ({ specifier: wanted, sourcePhase, type }) => {
        const asked = esm.attributesOf(type);
        const found = await resolve(wanted, job.url, asked);
        if (sourcePhase) return openSource(found);
        return open(found.url, found.format, found.importAttributes ?? asked, false);
      }));
      job.jobs = children;
      native.moduleSetLinked(job.record, children.map((child) => child.record));
      for (const child of children) seen.add(child);
    }
  } catch (error) {
    for (const job of seen) loading.delete(esm.keyOf(job.url, job.type));
    throw error;
  }
  for (const job of seen) {
    // The source of a module has its place already.
    if (job.compiled !== undefined && job.run === undefined) continue;
    const key = esm.keyOf(job.url, job.type);
    esm.jobs.set(key, job);
    loading.delete(key);
  }
  return root;
}

module.exports = { register };
