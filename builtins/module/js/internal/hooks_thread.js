'use strict';

/**
 * The thread on which hooks of `module.register()` run: answers the requests of internal/module/async_hooks.
 *
 * The port of the requests does not keep the loop alive. When the loop is empty, whatever has not been answered never will be,
 * and says so; then the thread waits for the next request ([`waitForRequest`], at 'beforeExit').
 */

const workers = binding('worker_threads');
const {
  codes: { ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED, ERR_INVALID_RETURN_PROPERTY_VALUE, ERR_LOADER_CHAIN_INCOMPLETE },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const esm = require('internal/module/esm');
const hooks = require('internal/module/hooks');
const resolver = require('internal/module/resolve');
const { makeLoader } = require('internal/module/async_graph');
const { kToHooks, kToMain } = require('internal/module/async_hooks');

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
  if (initialize !== undefined) {
    validateFunction(initialize, 'initialize');
    await initialize(data);
  } else if (typeof globalPreload === 'function' && !warnedOfPreload) {
    warnedOfPreload = true;
    process.emitWarning('`globalPreload` has been removed; use `initialize` instead.', 'UnsupportedWarning');
  }
  if (typeof resolve === 'function') resolveHooks.push(resolve);
  if (typeof load === 'function') loadHooks.push(load);
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

function runResolve(specifier, { conditions, importAttributes, parentURL }) {
  const last = (given, context) => esm.defaultResolve(given, {
    conditions: context.conditions === resolver.importConditions ? undefined : context.conditions,
    parentURL: context.parentURL,
  });
  const context = { conditions: conditions ?? resolver.importConditions, importAttributes, parentURL };
  return runChain(resolveHooks, 'resolve', specifier, context, last, (result) => hooks.checkResolved(result));
}

function runLoad(url, context) {
  return runChain(loadHooks, 'load', url, context, esm.defaultLoad, hooks.checkLoaded);
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

async function answer({ args, id, method }) {
  pending.add(id);
  let message;
  try {
    message = { id, result: await methods[method](...args) };
  } catch (error) {
    message = { error: pack(error), id };
  }
  pending.delete(id);
  post(message);
}

/** While the loop is empty: nobody will settle what is pending. Stops until there is a request, and begins to answer it. */
function waitForRequest() {
  const { receiveMessageOnPort } = require('internal/worker_threads/message_port');
  for (const id of pending) post({ id, unsettled: true });
  pending.clear();
  for (;;) {
    const seen = Atomics.load(counters, kToHooks);
    const got = receiveMessageOnPort(port);
    if (got !== undefined) {
      // The loop has to turn once more, whatever becomes of the request.
      setImmediate(() => {});
      answer(got.message);
      return;
    }
    Atomics.wait(counters, kToHooks, seen);
  }
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
  workers.refPort(port, false);
  process.on('beforeExit', waitForRequest);
}

module.exports = { run };
