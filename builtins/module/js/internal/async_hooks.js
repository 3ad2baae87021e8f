'use strict';

/**
 * `module.register()`: asynchronous hooks `resolve` and `load` for `import`, as the importing thread sees them.
 *
 * The hooks run on a thread of their own (internal/module/hooks_thread), which starts with the first registration. A request is a
 * message with a number; `import` waits for its answer as for any event, `require()` and `import.meta.resolve()` stop this thread
 * until it is there. A counter in shared memory says that there is a message: what the stopped thread waits on.
 * Node docs: "Modules: node:module API", asynchronous customization hooks.
 */

const {
  codes: { ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED, ERR_INTERNAL_ASSERTION },
} = require('internal/errors');
const esm = require('internal/module/esm');
const hooks = require('internal/module/hooks');
const { hookState } = require('internal/module/cjs');
const resolver = require('internal/module/resolve');
const { pathToFileURL } = require('url');

/** Index of the counter of messages to the main thread. */
const kToMain = 0;
/** How often this thread looks whether the other one still lives, while it waits for an answer, in milliseconds. */
const ALIVE_MS = 200;
/** Stack that the hooks may use, in bytes. Node docs: resourceLimits.stackSizeMb. */
const STACK_BYTES = 4 * 1024 * 1024;

/** { counters, port } once the thread has been started. */
let thread;
/** The thread is over: nobody answers any more. */
let isOver = false;
let lastId = 0;
/** Number of a request -> { resolve, reject }. */
const waiting = new Map();

function start() {
  const { MessageChannel, kOwner } = require('internal/worker_threads/message_port');
  const workers = binding('worker_threads');
  const control = new MessageChannel();
  const requests = new MessageChannel();
  const counters = new Int32Array(new SharedArrayBuffer(4));
  control.port1.postMessage({
    argv: process.argv.slice(2),
    env: { ...process.env },
    environmentData: new Map(),
    execArgv: process.execArgv,
    folderChanges: require('internal/process/cwd').shareChanges(),
    hasStdin: false,
    hooks: { counters, port: requests.port2 },
    limits: {},
    port: null,
    workerData: null,
  }, [requests.port2]);
  // Whatever the thread has to say goes through the other port.
  const made = workers.createWorker(control.port2, 'HooksThread', STACK_BYTES, 0, 0, ended);
  if (made === undefined) throw new ERR_INTERNAL_ASSERTION('the thread for module hooks does not start');
  workers.refWorker(made[0], false);
  const port = requests.port1;
  port[kOwner] = deliver;
  workers.startPort(port);
  workers.refPort(port, false);
  return { control: control.port1, counters, port, worker: made[0] };
}

function post(method, args, transfer) {
  thread ??= start();
  const id = ++lastId;
  thread.port.postMessage({ args, id, method }, transfer);
  return id;
}

/** What an answer says: its result. Throws what the hooks threw. */
function outcome(message) {
  if (message.error !== undefined) throw require('internal/worker_threads/errors_across').unpack(message.error);
  if (message.unsettled) throw new ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED();
  return message.result;
}

function keepAlive() {
  binding('worker_threads').refPort(thread.port, waiting.size > 0);
}

/** Takes a message of the hooks. */
function deliver(message) {
  if (message.exit !== undefined) process.exit(message.exit);
  if (message.fatal !== undefined) throw require('internal/worker_threads/errors_across').unpack(message.fatal);
  const request = waiting.get(message.id);
  if (request === undefined) return;
  waiting.delete(message.id);
  keepAlive();
  // Nothing will ever come: the promise stays as it is, and does not keep the program alive.
  if (message.unsettled) return;
  try {
    request.resolve(outcome(message));
  } catch (error) {
    request.reject(error);
  }
}

function lost() {
  return new ERR_INTERNAL_ASSERTION('the thread for module hooks has ended without an answer');
}

/** The thread has ended, whether it ever began or not. */
function ended() {
  const { receiveMessageOnPort } = require('internal/worker_threads/message_port');
  isOver = true;
  // What it has said before, it may have ended for.
  for (let got; (got = receiveMessageOnPort(thread.port)) !== undefined;) deliver(got.message);
  for (const { reject } of waiting.values()) reject(lost());
  waiting.clear();
  keepAlive();
}

/** Asks the hooks and stops until they have answered. */
function callSync(method, args, transfer = undefined) {
  const { receiveMessageOnPort } = require('internal/worker_threads/message_port');
  const id = post(method, args, transfer);
  for (;;) {
    const seen = Atomics.load(thread.counters, kToMain);
    // Looked at first: what it sent before its end is there then.
    const isLost = isOver || binding('worker_threads').hasEnded(thread.worker);
    const got = receiveMessageOnPort(thread.port);
    if (got === undefined) {
      if (isLost) throw lost();
      Atomics.wait(thread.counters, kToMain, seen, ALIVE_MS);
    } else if (got.message.id === id) {
      return outcome(got.message);
    } else {
      deliver(got.message);
    }
  }
}

function call(method, args) {
  if (isOver) return Promise.reject(lost());
  const { promise, resolve, reject } = Promise.withResolvers();
  waiting.set(post(method, args, undefined), { reject, resolve });
  keepAlive();
  return promise;
}

/** Adds the hooks that the module `specifier` exports. Its `initialize(data)` runs first. */
function register(specifier, parentURL = undefined, options = undefined) {
  if (parentURL !== null && typeof parentURL === 'object' && !(parentURL instanceof URL)) {
    options = parentURL;
    parentURL = options.parentURL;
  }
  const base = parentURL === undefined ? 'data:' : `${parentURL}`;
  const from = base === 'data:' ? `${pathToFileURL(`${process.cwd()}/`)}` : base;
  callSync('register', [`${specifier}`, from, options?.data], options?.transferList);
  if (!esm.asyncState.active) {
    const { makeLoader } = require('internal/module/async_graph');
    esm.asyncState.active = true;
    esm.asyncState.loader = makeLoader({ load, loadSync, ready: () => undefined, resolve, resolveSync });
    esm.resolutions.clear();
  }
  return undefined;
}

/** What of a context can be sent; the frozen list of usual conditions is not worth it. */
function contextOf(context) {
  const { conditions, importAttributes, parentURL } = context;
  return {
    conditions: conditions === resolver.importConditions ? undefined : conditions,
    importAttributes: { ...importAttributes },
    parentURL,
  };
}

/** Synchronous hooks come first; theirs is the choice whether the asynchronous ones run. */
async function resolve(specifier, parentURL, attributes) {
  return hookState.resolve ? resolveSync(specifier, parentURL, attributes) :
    call('resolve', [specifier, contextOf({ importAttributes: attributes, parentURL })]);
}

function resolveSync(specifier, parentURL, attributes) {
  const importAttributes = { ...attributes };
  if (!hookState.resolve) return callSync('resolve', [specifier, contextOf({ importAttributes, parentURL })]);
  return hooks.resolveForImport(specifier, parentURL, importAttributes,
    (given, context) => callSync('resolve', [given, contextOf(context)]));
}

async function load(url, format, attributes) {
  return hookState.load ? loadSync(url, format, attributes) : call('load', [url, { format, importAttributes: { ...attributes } }]);
}

function loadSync(url, format, attributes) {
  const importAttributes = { ...attributes };
  if (!hookState.load) return callSync('load', [url, { format, importAttributes }]);
  return hooks.loadForImport(url, format, importAttributes,
    (given, context) => callSync('load', [given, { format: context.format, importAttributes: { ...context.importAttributes } }]));
}

module.exports = { kToMain, register };
