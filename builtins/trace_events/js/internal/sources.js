/**
 * Where trace events come from: hooks of async_hooks, channels, observers of performance, and wrapped functions of bindings. Each source is
 * installed once, when one of its categories is enabled for the first time, and stays silent while none is.
 */
'use strict';

const { emit, isEnabled, now } = require('internal/trace_events/agent');
const process = require('internal/process/object');

const ASYNC_HOOKS = ['node', 'node.async_hooks'];
const BOOTSTRAP = ['node', 'node.bootstrap'];
const CONSOLE = ['node', 'node.console'];
const DNS = ['node', 'node.dns', 'node.dns.native'];
const ENVIRONMENT = ['node', 'node.environment'];
const FS_ASYNC = ['node', 'node.fs', 'node.fs.async'];
const FS_DIR_ASYNC = ['node', 'node.fs_dir', 'node.fs_dir.async'];
const FS_DIR_SYNC = ['node', 'node.fs_dir', 'node.fs_dir.sync'];
const FS_SYNC = ['node', 'node.fs', 'node.fs.sync'];
const HTTP = ['node', 'node.http'];
const NET = ['node', 'node.net', 'node.net.native'];
const POOL_ASYNC = ['node', 'node.threadpoolwork', 'node.threadpoolwork.async'];
const POOL_SYNC = ['node', 'node.threadpoolwork', 'node.threadpoolwork.sync'];
const REJECTIONS = ['node', 'node.promises', 'node.promises.rejections'];
const TIMERIFY = ['node', 'node.perf', 'node.perf.timerify'];
const USER_TIMING = ['node', 'node.perf', 'node.perf.usertiming'];
const V8 = ['v8'];
const VM = ['node', 'node.vm', 'node.vm.script'];

let lastId = 0;
/** What ends with the process. */
const endings = [];

/** Types of async_hooks that are requests to the system, and what their events are called. */
const REQUESTS = {
  __proto__: null,
  TCPCONNECTWRAP: [NET, 'connect'],
  PIPECONNECTWRAP: [NET, 'connect'],
  GETADDRINFOREQWRAP: [DNS, 'lookup'],
  GETNAMEINFOREQWRAP: [DNS, 'lookupService'],
  QUERYWRAP: [DNS, 'query'],
};

/** Types whose work is done in the pool. */
const POOL = [
  [/^ZLIB$/, 'zlib'],
  [/^(?:PBKDF2|SCRYPT|HKDF|HASH|SIGN|KEYPAIRGEN|KEYGEN|RANDOMBYTES|RANDOMPRIME|CIPHER|DERIVEBITS|CHECKPRIME|KEYEXPORT|ARGON2)REQUEST$/, 'crypto'],
];

function poolName(type) {
  return POOL.find(([pattern]) => pattern.test(type))?.[1];
}

function watchAsyncHooks() {
  const types = new Map();
  require('async_hooks').createHook({
    init(id, type, triggerAsyncId) {
      const executionAsyncId = require('async_hooks').executionAsyncId();
      types.set(id, type);
      if (isEnabled(ASYNC_HOOKS)) emit(ASYNC_HOOKS, type, 'b', { id, args: { data: { executionAsyncId, triggerAsyncId } } });
      const request = REQUESTS[type];
      if (request !== undefined && isEnabled(request[0])) emit(request[0], request[1], 'b', { id });
      const pool = poolName(type);
      if (pool !== undefined && isEnabled(POOL_ASYNC)) emit(POOL_ASYNC, pool, 'b', { id });
    },
    before(id) {
      const type = types.get(id);
      if (type === undefined) return;
      const request = REQUESTS[type];
      if (request !== undefined && isEnabled(request[0])) emit(request[0], request[1], 'e', { id });
      const pool = poolName(type);
      if (pool !== undefined && isEnabled(POOL_ASYNC)) emit(POOL_ASYNC, pool, 'e', { id });
      if (isEnabled(ASYNC_HOOKS)) emit(ASYNC_HOOKS, `${type}_CALLBACK`, 'B', { id });
    },
    after(id) {
      const type = types.get(id);
      if (type !== undefined && isEnabled(ASYNC_HOOKS)) emit(ASYNC_HOOKS, `${type}_CALLBACK`, 'E', { id });
    },
    destroy(id) {
      const type = types.get(id);
      if (type === undefined) return;
      types.delete(id);
      if (isEnabled(ASYNC_HOOKS)) emit(ASYNC_HOOKS, type, 'e', { id });
    },
  }).enable();
}

function watchBootstrap() {
  const { nodeTiming } = performance;
  // The clock of events counts from another moment than that of performance.
  const base = now() - performance.now() * 1000;
  const told = new Set();
  const tell = () => {
    for (const name of ['nodeStart', 'v8Start', 'environment', 'bootstrapComplete', 'loopStart', 'loopExit']) {
      const at = nodeTiming[name];
      if (at < 0 || told.has(name) || !isEnabled(BOOTSTRAP)) continue;
      told.add(name);
      emit(BOOTSTRAP, name, 'I', { at: Math.round(base + at * 1000) });
    }
  };
  tell();
  endings.push(tell);
}

function watchConsole() {
  const console = require('internal/console/global');
  const counts = new Map();
  const labelOf = (args) => args.length === 0 || args[0] === undefined ? 'default' : `${args[0]}`;
  const running = new Set();
  const tell = {
    count(args) {
      const label = labelOf(args);
      counts.set(label, (counts.get(label) ?? 0) + 1);
      emit(CONSOLE, `count::${label}`, 'C', { id: 0, args: { data: counts.get(label) } });
    },
    countReset(args) {
      counts.delete(labelOf(args));
      emit(CONSOLE, `count::${labelOf(args)}`, 'C', { id: 0, args: { data: 0 } });
    },
    time(args) {
      const label = labelOf(args);
      if (running.has(label)) return;
      running.add(label);
      emit(CONSOLE, `time::${label}`, 'b', { id: 0 });
    },
    timeEnd(args) {
      if (running.delete(labelOf(args))) emit(CONSOLE, `time::${labelOf(args)}`, 'e', { id: 0 });
    },
    timeLog(args) {
      if (running.has(labelOf(args))) emit(CONSOLE, `time::${labelOf(args)}`, 'n', { id: 0 });
    },
  };
  for (const name of Object.keys(tell)) {
    wrap(console, name, (original) => function(...args) {
      if (isEnabled(CONSOLE)) tell[name](args);
      return Reflect.apply(original, this, args);
    });
  }
}

/** Puts `make(original)` in place of a function, under its name. */
function wrap(object, name, make) {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  const { value: original } = descriptor;
  const wrapped = make(original);
  Object.defineProperty(wrapped, 'name', { __proto__: null, configurable: true, value: original.name });
  Object.defineProperty(wrapped, 'length', { __proto__: null, configurable: true, value: original.length });
  Object.defineProperty(object, name, { __proto__: null, ...descriptor, value: wrapped });
}

function watchEnvironment() {
  const id = ++lastId;
  if (isEnabled(ENVIRONMENT)) {
    emit(ENVIRONMENT, 'Environment', 'b', { id, args: { args: { args: [...process.argv], exec_args: [...process.execArgv] } } });
  }
  process.prependListener('beforeExit', () => {
    if (isEnabled(ENVIRONMENT)) emit(ENVIRONMENT, 'BeforeExit', 'X');
  });
  endings.push(() => {
    if (!isEnabled(ENVIRONMENT)) return;
    emit(ENVIRONMENT, 'AtExit', 'X');
    emit(ENVIRONMENT, 'Environment', 'e', { id });
  });
}

/** Operations on folders have categories of their own. */
const DIRECTORY = /^(?:opendir|readdir|closedir|readDir|closeDir)/i;

function watchFs() {
  const table = binding('fs');
  for (const name of Object.keys(table)) {
    if (typeof table[name] !== 'function') continue;
    const isSync = name.endsWith('Sync');
    const short = (isSync ? name.slice(0, -'Sync'.length) : name).toLowerCase();
    const isDirectory = DIRECTORY.test(name);
    if (isSync) {
      const categories = isDirectory ? FS_DIR_SYNC : FS_SYNC;
      const label = `${isDirectory ? 'fs_dir' : 'fs'}.sync.${short}`;
      wrap(table, name, (original) => function(...args) {
        if (!isEnabled(categories)) return Reflect.apply(original, this, args);
        emit(categories, label, 'B');
        try {
          return Reflect.apply(original, this, args);
        } finally {
          emit(categories, label, 'E');
        }
      });
      continue;
    }
    const categories = isDirectory ? FS_DIR_ASYNC : FS_ASYNC;
    wrap(table, name, (original) => function(...args) {
      const done = args.at(-1);
      if (typeof done !== 'function' || !isEnabled(categories)) return Reflect.apply(original, this, args);
      const id = ++lastId;
      emit(categories, short, 'b', { id });
      args[args.length - 1] = function(...results) {
        emit(categories, short, 'e', { id });
        return Reflect.apply(done, this, results);
      };
      return Reflect.apply(original, this, args);
    });
  }
}

function watchHttp() {
  const { subscribe } = require('diagnostics_channel');
  const ids = new WeakMap();
  const begin = (name) => ({ request }) => {
    if (!isEnabled(HTTP)) return;
    const id = ++lastId;
    ids.set(request, id);
    emit(HTTP, name, 'b', { id });
  };
  const end = (name, data) => (message) => {
    const id = ids.get(message.request);
    if (id !== undefined && isEnabled(HTTP)) emit(HTTP, name, 'e', { id, args: { data: data(message) } });
  };
  subscribe('http.client.request.start', begin('http.client.request'));
  subscribe('http.client.response.finish', end('http.client.request', ({ request, response }) => ({ path: request.path, statusCode: response.statusCode })));
  subscribe('http.server.request.start', begin('http.server.request'));
  subscribe('http.server.response.finish', end('http.server.request', ({ request, response }) => ({ url: request.url, statusCode: response.statusCode })));
}

function watchPerformance() {
  const { PerformanceObserver } = require('perf_hooks');
  const base = now() - performance.now() * 1000;
  const at = (time) => Math.round(base + time * 1000);
  const observer = new PerformanceObserver((list) => {
    for (const { entryType, name, startTime, duration } of list.getEntries()) {
      switch (entryType) {
        case 'mark':
          if (isEnabled(USER_TIMING)) emit(USER_TIMING, name, 'R', { at: at(startTime) });
          break;
        case 'measure': {
          if (!isEnabled(USER_TIMING)) break;
          const id = ++lastId;
          emit(USER_TIMING, name, 'b', { id, at: at(startTime) });
          emit(USER_TIMING, name, 'e', { id, at: at(startTime + duration) });
          break;
        }
        case 'function': {
          if (!isEnabled(TIMERIFY)) break;
          const id = ++lastId;
          emit(TIMERIFY, name, 'b', { id, at: at(startTime) });
          emit(TIMERIFY, name, 'e', { id, at: at(startTime + duration) });
          break;
        }
        case 'gc':
          if (isEnabled(V8)) emit(V8, 'V8.GCScavenger', 'X', { at: at(startTime), duration: Math.round(duration * 1000) });
      }
    }
  });
  observer.observe({ entryTypes: ['mark', 'measure', 'function', 'gc'] });
}

function watchRejections() {
  let unhandled = 0;
  let handledAfter = 0;
  require('internal/process/promises').watch((isLate) => {
    if (isLate) handledAfter++;
    else unhandled++;
    if (isEnabled(REJECTIONS)) emit(REJECTIONS, 'rejections', 'C', { args: { unhandled, handledAfter } });
  });
}

function watchVm() {
  const { Script } = require('vm');
  const timed = (name) => (original) => function(...args) {
    if (!isEnabled(VM)) return Reflect.apply(original, this, args);
    const at = now();
    try {
      return Reflect.apply(original, this, args);
    } finally {
      emit(VM, name, 'X', { at, duration: now() - at });
    }
  };
  wrap(Script.prototype, 'runInContext', timed('RunInContext'));
  wrap(Script.prototype, 'runInThisContext', timed('RunInContext'));
  const table = binding('vm');
  wrap(table, 'compile', (original) => function(...args) {
    if (!isEnabled(VM)) return Reflect.apply(original, this, args);
    emit(VM, 'ContextifyScript::New', 'B', { args: { filename: `${args[1]}` } });
    try {
      return Reflect.apply(original, this, args);
    } finally {
      emit(VM, 'ContextifyScript::New', 'E');
    }
  });
}

/** V8 calls it so whenever it goes from the host's code into JavaScript. Here: from the start of the program to its first return. */
function watchExecution() {
  const at = now();
  let told = false;
  const tell = () => {
    if (told || !isEnabled(V8)) return;
    told = true;
    emit(V8, 'V8.Execute', 'X', { at, duration: now() - at });
  };
  process.nextTick(tell);
  endings.push(tell);
}

const SOURCES = [
  [[...new Set([...ASYNC_HOOKS, ...NET, ...DNS, ...POOL_ASYNC, ...POOL_SYNC])], watchAsyncHooks],
  [BOOTSTRAP, watchBootstrap],
  [CONSOLE, watchConsole],
  [ENVIRONMENT, watchEnvironment],
  [[...new Set([...FS_ASYNC, ...FS_DIR_ASYNC, ...FS_SYNC, ...FS_DIR_SYNC])], watchFs],
  [HTTP, watchHttp],
  [[...new Set([...TIMERIFY, ...USER_TIMING, ...V8])], watchPerformance],
  [REJECTIONS, watchRejections],
  [V8, watchExecution],
  [VM, watchVm],
];
const installed = new Set();

/** Installs the sources of what is enabled. */
function watch() {
  for (const { 0: categories, 1: install } of SOURCES) {
    if (installed.has(install) || !isEnabled(categories)) continue;
    installed.add(install);
    install();
  }
}

/** The thread ends: last events. */
function finish() {
  for (const ending of endings) ending();
}

module.exports = { finish, watch };
