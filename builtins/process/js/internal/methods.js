/** The functions of process that most programs never call. Node docs: process. */
'use strict';

const native = binding('process');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_METHOD_NOT_IMPLEMENTED,
    ERR_OUT_OF_RANGE,
    ERR_UNKNOWN_CREDENTIAL,
    ERR_UNKNOWN_SIGNAL,
    ERR_FEATURE_UNAVAILABLE_ON_PLATFORM,
  },
  errnoException,
  uvException,
} = require('internal/errors');
const {
  validateArray, validateFunction, validateInteger, validateNumber, validateObject, validateString, validateUint32,
} = require('internal/validators');
const process = require('internal/process/object');

function umask(mask) {
  if (mask === undefined) return native.umask();
  if (typeof mask === 'string') {
    if (!/^[0-7]+$/.test(mask)) {
      throw new ERR_INVALID_ARG_VALUE('mask', mask, 'must be a 32-bit unsigned integer or an octal string');
    }
    mask = Number.parseInt(mask, 8);
  }
  validateUint32(mask, 'mask');
  return native.umask(mask);
}

/** Node docs: process.kill(pid[, signal]). */
function kill(pid, signal) {
  // eslint-disable-next-line eqeqeq
  if (pid != (pid | 0)) throw new ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  let errno;
  if (typeof signal === 'number' && Number.isInteger(signal)) {
    errno = process._kill(pid, signal);
  } else {
    const { signals } = require('os').constants;
    signal = signal || 'SIGTERM';
    const number = signals[signal];
    if (number === undefined && signal !== 0 && signal !== '0') throw new ERR_UNKNOWN_SIGNAL(signal);
    errno = process._kill(pid, number ?? 0);
  }
  if (errno) throw errnoException(errno, 'kill');
  return true;
}

function _kill(pid, signal) {
  return native.kill(pid, signal);
}

const figures = new Float64Array(5);

function memoryUsage() {
  native.memoryUsage(figures);
  return { rss: figures[0], heapTotal: figures[1], heapUsed: figures[2], external: figures[3], arrayBuffers: figures[4] };
}
memoryUsage.rss = () => native.rss();

function checkPrevious(value, name) {
  validateObject(value, 'prevValue');
  validateNumber(value[name], `prevValue.${name}`);
  if (!(value[name] >= 0 && value[name] <= Number.MAX_SAFE_INTEGER)) {
    const { codes } = require('internal/errors');
    throw new codes.ERR_INVALID_ARG_VALUE.RangeError(`prevValue.${name}`, value[name]);
  }
}

function usage(read) {
  return function(previous) {
    if (previous) {
      checkPrevious(previous, 'user');
      checkPrevious(previous, 'system');
    }
    const { 0: user, 1: system } = read();
    return previous ? { user: user - previous.user, system: system - previous.system } : { user, system };
  };
}

const cpuUsage = usage(native.cpuUsage);
Object.defineProperty(cpuUsage, 'name', { __proto__: null, value: 'cpuUsage' });
const threadCpuUsage = usage(native.threadCpuUsage);
Object.defineProperty(threadCpuUsage, 'name', { __proto__: null, value: 'threadCpuUsage' });

const USAGE_FIELDS = ['userCPUTime', 'systemCPUTime', 'maxRSS', 'sharedMemorySize', 'unsharedDataSize', 'unsharedStackSize',
  'minorPageFault', 'majorPageFault', 'swappedOut', 'fsRead', 'fsWrite', 'ipcSent', 'ipcReceived', 'signalsCount',
  'voluntaryContextSwitches', 'involuntaryContextSwitches'];

function resourceUsage() {
  const row = native.resourceUsage();
  const result = {};
  USAGE_FIELDS.forEach((name, index) => {
    result[name] = row[index];
  });
  return result;
}

const words = new Uint32Array(3);

/** Node docs: process.hrtime([time]). */
function hrtime(time) {
  native.hrtime(words);
  const seconds = words[0] * 0x100000000 + words[1];
  if (time === undefined) return [seconds, words[2]];
  validateArray(time, 'time');
  if (time.length !== 2) throw new ERR_OUT_OF_RANGE('time', 2, time.length);
  let difference = seconds - time[0];
  let nanoseconds = words[2] - time[1];
  if (nanoseconds < 0) {
    difference--;
    nanoseconds += 1e9;
  }
  return [difference, nanoseconds];
}
hrtime.bigint = function bigint() {
  return native.hrtimeBigInt();
};

function checkId(id, name) {
  if (typeof id === 'number') validateUint32(id, name);
  else if (typeof id !== 'string') throw new ERR_INVALID_ARG_TYPE(name, ['number', 'string'], id);
}

function setter(kind, label) {
  const fn = function(id) {
    checkId(id, 'id');
    if (native.setId(kind, id) === 1) throw new ERR_UNKNOWN_CREDENTIAL(label, id);
  };
  Object.defineProperty(fn, 'name', { __proto__: null, value: `set${kind}` });
  return fn;
}

/** Node docs: process.setgroups(groups). */
function setgroups(groups) {
  validateArray(groups, 'groups');
  for (let i = 0; i < groups.length; i++) checkId(groups[i], `groups[${i}]`);
  const unknown = native.setGroups(groups);
  if (unknown > 0) throw new ERR_UNKNOWN_CREDENTIAL('Group', groups[unknown - 1]);
}

/** Node docs: process.initgroups(user, extraGroup). */
function initgroups(user, extraGroup) {
  checkId(user, 'user');
  checkId(extraGroup, 'extraGroup');
  const unknown = native.initgroups(user, extraGroup);
  if (unknown === 1) throw new ERR_UNKNOWN_CREDENTIAL('User', user);
  if (unknown === 2) throw new ERR_UNKNOWN_CREDENTIAL('Group', extraGroup);
}

/** Node docs: process.execve(file[, args[, env]]). */
function execve(execPath, args = [], env = process.env) {
  require('internal/util').emitExperimentalWarning('process.execve');
  validateString(execPath, 'execPath');
  validateArray(args, 'args');
  for (let i = 0; i < args.length; i++) {
    if (typeof args[i] !== 'string' || args[i].includes('\0')) {
      throw new ERR_INVALID_ARG_VALUE(`args[${i}]`, args[i], 'must be a string without null bytes');
    }
  }
  validateObject(env, 'env');
  const pairs = [];
  for (const { 0: name, 1: value } of Object.entries(env)) {
    if (typeof value !== 'string' || name.includes('\0') || value.includes('\0')) {
      throw new ERR_INVALID_ARG_VALUE('env', env, 'must be an object with string keys and values without null bytes');
    }
    pairs.push(`${name}=${value}`);
  }
  require('internal/diagnostics').subscribedChannel('process.execve')?.publish({ execPath, args, env: pairs });
  const errno = native.execve(execPath, args, pairs);
  const { code, message } = uvException({ errno, syscall: 'execve' });
  const text = /: (.*), execve/.exec(message)?.[1] ?? '';
  throw Object.assign(new Error(`${code}, ${text.charAt(0).toUpperCase()}${text.slice(1)} '${execPath}'`), {
    errno: -errno, code, path: execPath, syscall: 'execve',
  });
}

/** Node's names for what the loop counts. */
const RESOURCE_NAMES = {
  __proto__: null, Child: 'ProcessWrap', Fifo: 'PipeWrap', Listener: 'TCPServerWrap', ListenerUnix: 'PipeServerWrap',
  Signal: 'SignalWrap', Tcp: 'TCPSocketWrap', Tty: 'TTYWrap', Udp: 'UDPWrap', Unix: 'PipeWrap', Waker: 'MessagePort',
  Watch: 'FSEventWrap', Work: 'FSReqCallback',
};

/** Requests that run in the pool. */
function _getActiveRequests() {
  return native.getActiveResources().filter((name) => name === 'Work').map(() => ({ type: RESOURCE_NAMES.Work }));
}

function _getActiveHandles() {
  return require('internal/loader').cache.get('internal/net/handles')?.exports.activeOwners?.() ?? [];
}

function getActiveResourcesInfo() {
  const timers = require('internal/timers/timers');
  const names = native.getActiveResources()
    .filter((name) => name !== 'Timer')
    .map((name) => RESOURCE_NAMES[name] ?? name);
  return [...names, ...(timers.activeTimerNames?.() ?? [])];
}

function getBuiltinModule(id) {
  validateString(id, 'id');
  const { isBuiltin } = require('module');
  return isBuiltin(id) ? require(id) : undefined;
}

/** Node docs: process.loadEnvFile(path): values that are set already stay. */
function loadEnvFile(path) {
  let file = '.env';
  if (path !== undefined) {
    const { toPath } = require('internal/fs/utils');
    file = toPath(path);
  }
  const text = require('fs').readFileSync(file, 'utf8');
  const parsed = require('util').parseEnv(text);
  for (const name of Object.keys(parsed)) {
    if (!Object.hasOwn(process.env, name)) process.env[name] = parsed[name];
  }
}

let warnOfBinding;

/** process.binding(name), process._linkedBinding(name). Bindings would get around the permission model. */
function processBinding(name) {
  warnOfBinding ??= require('internal/util').getDeprecationWarningEmitter(
    'DEP0111', 'process.binding() is deprecated. Please use public APIs instead.', processBinding, true);
  warnOfBinding();
  if (process.permission !== undefined) {
    const { codes: { ERR_ACCESS_DENIED } } = require('internal/errors');
    throw new ERR_ACCESS_DENIED('process.binding');
  }
  return require('internal/process/bindings').processBinding(name);
}
const linkedBinding = (name) => {
  if (process.permission !== undefined) binding('permission').require('addon', `${name}`);
  return require('internal/process/bindings').linkedBinding(name);
};

function dlopen(...args) {
  return require('internal/napi/dlopen').dlopen(...args);
}

function ref(value) {
  const fn = value?.[Symbol.for('nodejs.ref')] ?? value?.[Symbol.for('node:ref')] ?? value?.ref;
  if (typeof fn === 'function') fn.call(value);
}

function unref(value) {
  const fn = value?.[Symbol.for('nodejs.unref')] ?? value?.[Symbol.for('node:unref')] ?? value?.unref;
  if (typeof fn === 'function') fn.call(value);
}

/** Node docs: process.finalization. */
function finalization() {
  const entries = new Map();
  const registry = new FinalizationRegistry((token) => entries.delete(token));
  let listening = false;
  const add = (event) => function(object, callback) {
    validateObject(object, 'obj', undefined);
    validateFunction(callback, 'callback');
    if (!listening) {
      listening = true;
      const run = (event) => (code) => {
        for (const entry of [...entries.values()]) {
          const target = entry.ref.deref();
          if (target !== undefined && entry.event === event) entry.callback(target, event);
        }
      };
      process.on('exit', run('exit'));
      process.on('beforeExit', run('beforeExit'));
    }
    const token = {};
    entries.set(token, { ref: new WeakRef(object), callback, event });
    registry.register(object, token, object);
  };
  return {
    register: add('exit'),
    registerBeforeExit: add('beforeExit'),
    unregister(object) {
      for (const { 0: token, 1: entry } of entries) {
        if (entry.ref.deref() === object) entries.delete(token);
      }
      registry.unregister(object);
    },
  };
}

function allowedNodeEnvironmentFlags() {
  const names = binding('options').environmentFlags();
  const normalize = (flag) => {
    const text = String(flag).replace(/_/g, '-');
    return text.startsWith('-') ? text : `--${text}`;
  };
  const known = new Set(names);
  class NodeEnvironmentFlagsSet extends Set {
    add() { return this; }
    delete() { return false; }
    clear() {}
    has(flag) {
      if (typeof flag !== 'string') return false;
      const name = flag.startsWith('-') ? normalize(flag).replace(/=.*$/, '') : normalize(flag);
      return known.has(name);
    }
  }
  const set = new NodeEnvironmentFlagsSet();
  for (const name of names) Set.prototype.add.call(set, name);
  return Object.freeze(set);
}

module.exports = {
  _getActiveHandles,
  _getActiveRequests,
  _kill,
  _linkedBinding: linkedBinding,
  allowedNodeEnvironmentFlags,
  availableMemory: () => native.availableMemory(),
  binding: processBinding,
  constrainedMemory: () => native.constrainedMemory(),
  cpuUsage,
  dlopen,
  execve,
  finalization,
  getActiveResourcesInfo,
  getBuiltinModule,
  getegid: () => native.ids()[3],
  geteuid: () => native.ids()[1],
  getgid: () => native.ids()[2],
  getgroups: () => native.getgroups(),
  getuid: () => native.ids()[0],
  hrtime,
  initgroups,
  kill,
  loadEnvFile,
  memoryUsage,
  ref,
  report: () => require('internal/process/report').createReport(),
  resourceUsage,
  setegid: setter('egid', 'Group'),
  seteuid: setter('euid', 'User'),
  setgid: setter('gid', 'Group'),
  setgroups,
  setuid: setter('uid', 'User'),
  threadCpuUsage,
  umask,
  unref,
  uptime: () => native.uptime(),
};
