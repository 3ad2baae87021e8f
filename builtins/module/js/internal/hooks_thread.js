'use strict';

/**
 * The thread on which hooks of `module.register()` run: answers the requests of internal/module/async_hooks.
 *
 * The port of the requests keeps the loop alive unless there are requests without answer: when the loop is empty then, they never
 * will have one, and the thread says so ('beforeExit').
 */

const workers = binding('worker_threads');
const {
  codes: {
    ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_PROPERTY_VALUE,
    ERR_INVALID_RETURN_VALUE,
    ERR_LOADER_CHAIN_INCOMPLETE,
  },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');
const esm = require('internal/module/esm');
const resolver = require('internal/module/resolve');
const { makeLoader } = require('internal/module/async_graph');
const { kToMain } = require('internal/module/async_hooks');

/** Lists of { hook, url }: the function, and the module that exports it. */
const resolveHooks = [];
const loadHooks = [];
let counters;
let port;
/** Numbers of the requests that wait for an answer. */
const pending = new Set();

function post(message, transfer = undefined) {
  port.postMessage(message, transfer);
  Atomics.add(counters, kToMain, 1);
  Atomics.notify(counters, kToMain);
}

const pack = (error) => require('internal/worker_threads/errors_across').pack(error);

let warnedOfAssertions = false;
let warnedOfPreload = false;

/** Adds the hooks that the module `specifier` exports. Its `initialize(data)` runs first. */
async function register(specifier, parentURL, data) {
  const { initialize, load, resolve, globalPreload } = await esm.importModule(specifier, parentURL);
  const url = esm.asyncState.active ? specifier : esm.resolve(specifier, parentURL, esm.kNoAttributes).url;
  if (initialize !== undefined) {
    validateFunction(initialize, 'initialize');
    await initialize(data);
  } else if (typeof globalPreload === 'function' && !warnedOfPreload) {
    warnedOfPreload = true;
    process.emitWarning('`globalPreload` has been removed; use `initialize` instead.', 'UnsupportedWarning');
  }
  if (typeof resolve === 'function') resolveHooks.push({ hook: resolve, url });
  if (typeof load === 'function') loadHooks.push({ hook: load, url });
  if (!esm.asyncState.active) {
    esm.asyncState.active = true;
    esm.asyncState.loader = makeLoader({
      load: (url, format, attributes) => runLoad(url, { format, importAttributes: { ...attributes } }),
      loadSync: () => { throw new ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED(); },
      ready: () => undefined,
      resolve: (wanted, parent, attributes) => runResolve(wanted, { importAttributes: { ...attributes }, parentURL: parent }),
      resolveSync: () => { throw new ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED(); },
    });
    esm.resolutions.clear();
  }
}

function warnOfAssertions() {
  if (warnedOfAssertions) return;
  warnedOfAssertions = true;
  process.emitWarning('Use `importAttributes` instead of `importAssertions`', 'ExperimentalWarning');
}

/** The old name of `importAttributes`: still there, with a warning. */
function withAssertions(context) {
  return Object.defineProperty(context, 'importAssertions', {
    __proto__: null,
    configurable: true,
    get() {
      warnOfAssertions();
      return this.importAttributes;
    },
    set(value) {
      warnOfAssertions();
      this.importAttributes = value;
    },
  });
}

/** Properties that a hook gave, the old name of one of them replaced. */
function modern(given) {
  if (!Object.hasOwn(given, 'importAssertions') ||
      Object.getOwnPropertyDescriptor(given, 'importAssertions').get !== undefined) return { ...given };
  warnOfAssertions();
  const { importAssertions, ...rest } = given;
  return { ...rest, importAttributes: rest.importAttributes ?? importAssertions };
}

/** What is called when all hooks have called `next`, as errors name it. */
const kDefaults = { __proto__: null, load: 'node:internal/modules/esm/load', resolve: 'node:internal/modules/esm/resolve' };

/** Checks what `next` was called with; `name` is 'load' or 'resolve', `url` the module of the hook that is called. */
function checkNext(name, url, subject, context) {
  const of = `${url} '${name}' hook's ${name === 'load' ? 'nextLoad()' : 'nextResolve()'}`;
  if (name === 'load') {
    if (typeof subject !== 'string') throw new ERR_INVALID_ARG_TYPE(`${of} url`, 'a URL string', subject);
    if (!URL.canParse(subject)) throw new ERR_INVALID_ARG_VALUE(`${of} url`, subject, 'should be a URL string');
  } else if (typeof subject !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(`${of} specifier`, 'string', subject);
  }
  if (context !== undefined) validateObject(context, `${of} context`);
}

/** Runs one chain: the hook that was registered last comes first; `last(subject, context)` is Node's own step. */
async function runChain(list, name, subject, context, last) {
  const chain = list.slice();
  const step = async (index, given, givenContext) => {
    if (index < 0) return last(given, givenContext);
    const { hook, url } = chain[index];
    let nextCalled = false;
    const proceed = (nextSubject, nextContext) => {
      nextCalled = true;
      checkNext(name, chain[index - 1]?.url ?? kDefaults[name], nextSubject, nextContext);
      return step(index - 1, nextSubject, nextContext === undefined ? givenContext : { ...givenContext, ...modern(nextContext) });
    };
    const next = name === 'load' ?
      async function nextLoad(nextUrl = given, nextContext = undefined) { return proceed(nextUrl, nextContext); } :
      async function nextResolve(specifier = given, nextContext = undefined) { return proceed(specifier, nextContext); };
    const result = await hook(given, withAssertions(givenContext), next);
    if (result === null || typeof result !== 'object') {
      throw new ERR_INVALID_RETURN_VALUE('an object', `${url} '${name}' hook's ${name === 'load' ? 'nextLoad()' : 'nextResolve()'}`, result);
    }
    if (!nextCalled && !result.shortCircuit) throw new ERR_LOADER_CHAIN_INCOMPLETE(`${url} '${name}'`);
    return result;
  };
  return modern(await step(chain.length - 1, subject, context));
}

/** The last hook of a chain, as errors name it. */
const lastOf = (list, name) => `${list.at(-1)?.url ?? kDefaults[name]} '${name}'`;

async function runResolve(specifier, { conditions, importAttributes, parentURL }) {
  const last = (given, context) => esm.defaultResolve(given, {
    conditions: context.conditions === resolver.importConditions ? undefined : context.conditions,
    parentURL: context.parentURL,
  });
  const context = { conditions: conditions ?? resolver.importConditions, importAttributes, parentURL };
  const result = await runChain(resolveHooks, 'resolve', specifier, context, last);
  const { format, url } = result;
  const by = () => lastOf(resolveHooks, 'resolve');
  if (typeof url !== 'string' || !URL.canParse(url)) throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', by(), 'url', url);
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', by(), 'format', format);
  }
  const attributes = result.importAttributes;
  if (attributes !== undefined && attributes !== null && typeof attributes !== 'object') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', by(), 'importAttributes', attributes);
  }
  return result;
}

async function runLoad(url, context) {
  const result = await runChain(loadHooks, 'load', url, context, esm.defaultLoad);
  const { format, source } = result;
  const by = () => lastOf(loadHooks, 'load');
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', by(), 'format', format);
  }
  const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
  const isAbsent = source === undefined || source === null;
  if (!(isAbsent && (format === 'builtin' || format === 'addon' || format === 'commonjs')) && typeof source !== 'string' &&
      !isAnyArrayBuffer(source) && !isArrayBufferView(source)) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', by(), 'source', source);
  }
  return result;
}

const methods = {
  __proto__: null,
  async load(url, context) {
    const { format, source } = await runLoad(url, context);
    return { format, source: source ?? null };
  },
  register,
  async resolve(specifier, context) {
    const { format, importAttributes, url } = await runResolve(specifier, context);
    return { format: format ?? undefined, importAttributes: importAttributes && { ...importAttributes }, url };
  },
};

function keepAlive() {
  workers.refPort(port, pending.size === 0);
}

async function answer({ args, id, method }) {
  pending.add(id);
  keepAlive();
  let message;
  try {
    message = { id, result: await methods[method](...args) };
  } catch (error) {
    message = { error: pack(error), id };
  }
  if (!pending.delete(id)) return;
  keepAlive();
  post(message);
}

/** The loop is empty: nobody will settle what is pending. */
function giveUp() {
  for (const id of pending) post({ id, unsettled: true });
  pending.clear();
  keepAlive();
}

/** The program of the thread. */
function run(shared) {
  ({ counters, port } = shared);
  // A synchronous answer could need what this very thread has to do first.
  esm.asyncState.isHooksThread = true;
  const { kOwner } = require('internal/worker_threads/message_port');
  const lifecycle = require('internal/process/lifecycle');
  lifecycle.setEnd((code) => {
    post({ exit: code });
    workers.endThread(code);
  });
  lifecycle.setReport((error) => post({ fatal: pack(error) }));
  port[kOwner] = answer;
  workers.startPort(port);
  keepAlive();
  process.on('beforeExit', giveUp);
  require('internal/module/cjs').Module._preloadModules(require('internal/options').getOptionValue('--require'));
}

module.exports = { run };
