/**
 * The first script of every thread: the builtin loader, intrinsics, `process`, the task queues and the globals.
 *
 * What only some programs touch is a getter on the global object that loads its builtin at the first touch: an empty
 * program must load as little as possible (the list is pinned by a test).
 */
'use strict';

const native = binding('builtins');
const { compile, has } = native;

// ---------------------------------------------------------------- intrinsics

const { bind, call, apply } = Function.prototype;
const uncurryThis = bind.bind(call);
const applyBind = bind.bind(apply);
const intrinsics = { uncurryThis, applyBind };

// ---------------------------------------------------------------- builtin loader

/** A Map with methods of its own: the loader works on when a program has patched the prototype. */
function makeTable() {
  const table = new Map();
  for (const name of ['delete', 'get', 'has', 'set']) table[name] = table[name];
  return table;
}

const cache = makeTable();
const bindings = makeTable();

function loadBinding(name) {
  let table = bindings.get(name);
  if (table === undefined) {
    table = native.binding(name);
    if (table === undefined) throw new Error(`No such binding: ${name}`);
    bindings.set(name, table);
  }
  return table;
}

function requireBuiltin(id) {
  const known = cache.get(id);
  if (known !== undefined) return known.exports;
  if (id.startsWith('node:')) return requireBuiltin(id.slice(5));
  const wrapper = compile(id);
  const builtin = { exports: {}, id, loaded: false };
  cache.set(id, builtin);
  let done = false;
  try {
    wrapper(builtin.exports, requireBuiltin, builtin, loadBinding, intrinsics);
    done = true;
  } finally {
    if (!done) cache.delete(id);
  }
  builtin.loaded = true;
  return builtin.exports;
}

cache.set('internal/loader', {
  exports: { requireBuiltin, loadBinding, has, ids: native.ids, source: native.source, cache },
  id: 'internal/loader',
  loaded: true,
});

// ---------------------------------------------------------------- errors, process, queues

require = requireBuiltin;
require('internal/error_stacks').install();
const process = require('internal/process/object');
const { setupTaskQueues } = require('internal/process/task_queues');
setupTaskQueues(process);

// ---------------------------------------------------------------- globals

const { defineProperty } = Object;

// V8 has it under its standard name only.
delete Atomics.wake;

function defineGlobal(name, value) {
  defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
}

function defineEnumerable(name, value) {
  defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

/** What is not built yet is not there: programs test for globals with typeof. */
function defineLazyFrom(id, names, enumerable) {
  if (!has(id)) return;
  for (const name of names) defineLazy(name, () => requireBuiltin(id)[name], enumerable);
}

/** A global whose builtin is loaded when it is first read; assigning to it just replaces it. */
function defineLazy(name, load, enumerable = false) {
  // Methods of a literal have their name, and no prototype to make: there are 70 of these at every start.
  const { [name]: get } = {
    [name]() {
      const value = load();
      defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable, configurable: true });
      return value;
    },
  };
  const { [name]: set } = {
    [name](value) {
      defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable, configurable: true });
    },
  };
  defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable, get, set });
}

function setName(fn, name) {
  return defineProperty(fn, 'name', { __proto__: null, value: name, configurable: true });
}

defineProperty(globalThis, Symbol.toStringTag, { __proto__: null, value: 'global', writable: false, enumerable: false, configurable: true });
defineEnumerable('global', globalThis);

for (const [name, id] of [['process', null], ['Buffer', 'buffer']]) {
  // As in Node: accessors, so that packages can replace them but enumeration does not show them.
  let replaced;
  let has = false;
  defineProperty(globalThis, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: setName(function() {
      if (!has) {
        replaced = id === null ? process : requireBuiltin(id)[name];
        has = true;
      }
      return replaced;
    }, 'get'),
    set: setName(function(value) {
      replaced = value;
      has = true;
    }, 'set'),
  });
}

const lazy = (id, ...names) => defineLazyFrom(id, names, false);
for (const name of ['clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval', 'setTimeout']) {
  defineLazy(name, () => requireBuiltin('timers')[name], true);
}
defineEnumerable('queueMicrotask', require('internal/process/task_queues').queueMicrotask);
defineLazyFrom('internal/structured_clone', ['structuredClone'], true);
for (const name of ['atob', 'btoa']) defineLazy(name, () => requireBuiltin('buffer')[name], true);
defineLazyFrom('perf_hooks', ['performance'], true);
defineLazy('fetch', () => requireBuiltin('internal/fetch/fetch').fetch, true);
for (const [name, load] of [['navigator', () => requireBuiltin('internal/navigator').navigator],
  ['crypto', () => requireBuiltin('crypto').webcrypto]]) {
  // As in Node: nothing can be assigned to them.
  defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, get: setName(load, `get ${name}`) });
}
// There may be none: it says so each time.
defineProperty(globalThis, 'localStorage', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get: setName(() => requireBuiltin('internal/webstorage/storage').localStorage(), 'get'),
  set: setName(function(value) { defineEnumerable('localStorage', value); }, 'set'),
});
defineLazy('sessionStorage', () => requireBuiltin('internal/webstorage/storage').sessionStorage(), true);

defineLazy('console', () => requireBuiltin('internal/console/global'));

lazy('internal/abort_controller', 'AbortController');
lazy('internal/abort_controller', 'AbortSignal');
lazy('internal/event_target', 'Event', 'EventTarget');
lazy('internal/event_target', 'CustomEvent');
lazy('internal/dom_exception', 'DOMException', 'QuotaExceededError');
lazy('internal/util/encoding', 'TextDecoder', 'TextEncoder');
lazy('url', 'URL', 'URLSearchParams', 'URLPattern');
lazy('buffer', 'Blob', 'File');
lazy('worker_threads', 'BroadcastChannel', 'MessageChannel', 'MessagePort');
lazy('internal/worker_threads/message_event', 'MessageEvent');
lazy('internal/fetch/fetch', 'Headers', 'Request', 'Response', 'FormData');
lazy('internal/webstorage/storage', 'Storage');
lazy('internal/websocket/websocket', 'WebSocket', 'CloseEvent', 'ErrorEvent');
lazy('stream/web', 'ByteLengthQueuingStrategy', 'CompressionStream', 'CountQueuingStrategy', 'DecompressionStream',
  'ReadableByteStreamController', 'ReadableStream', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
  'ReadableStreamDefaultController', 'ReadableStreamDefaultReader', 'TextDecoderStream', 'TextEncoderStream', 'TransformStream',
  'TransformStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController', 'WritableStreamDefaultWriter');
lazy('perf_hooks', 'Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver',
  'PerformanceObserverEntryList', 'PerformanceResourceTiming');
lazy('internal/navigator', 'Navigator');
lazy('internal/crypto/web', 'Crypto', 'CryptoKey', 'SubtleCrypto');

// Here from the start: in `WebAssembly.compileStreaming(fetch(url))` they are looked up before fetch is loaded.
if (globalThis.WebAssembly !== undefined) {
  const wasm = () => requireBuiltin('internal/module/wasm_api').streaming();
  const methods = {
    compileStreaming(source) { return wasm().compileStreaming(source, arguments[1]); },
    instantiateStreaming(source) { return wasm().instantiateStreaming(source, arguments[1], arguments[2]); },
  };
  for (const name of ['compileStreaming', 'instantiateStreaming']) {
    defineProperty(WebAssembly, name, { __proto__: null, configurable: true, enumerable: true, value: methods[name], writable: true });
  }
}

// ---------------------------------------------------------------- V8's words

/** JSON.parse says what V8 says. Bound, so that it shows as native code, as programs that check for that expect. */
{
  const { parse } = JSON;
  const parseWithWords = function(text, reviver) {
    try {
      return parse(text, reviver);
    } catch (error) {
      if (error instanceof SyntaxError) requireBuiltin('internal/module/v8_syntax').rewordJson(error, `${text}`);
      throw error;
    }
  };
  const bound = parseWithWords.bind(JSON);
  defineProperty(bound, 'name', { __proto__: null, value: 'parse', configurable: true });
  defineProperty(bound, 'length', { __proto__: null, value: 2, configurable: true });
  defineProperty(JSON, 'parse', { __proto__: null, value: bound, writable: true, enumerable: false, configurable: true });
}

module.exports = { requireBuiltin, process };
