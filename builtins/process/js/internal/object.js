/**
 * The `process` object: an EventEmitter that knows its program, its environment and its end.
 * Node docs: process. What is rarely used is loaded when first touched.
 */
'use strict';

const EventEmitter = require('events');
const native = binding('process');
const { defineProperty, setPrototypeOf } = Object;

/** The level of Node's API that anode implements. */
const NODE_VERSION = '26.10.0';

function process() {}
defineProperty(process, 'name', { __proto__: null, value: 'process' });
const prototype = Object.create(EventEmitter.prototype, {
  constructor: { __proto__: null, value: process, writable: true, enumerable: false, configurable: true },
});
process.prototype = prototype;
const self = Object.create(prototype);
defineProperty(self, Symbol.toStringTag, {
  __proto__: null, value: 'process', writable: true, enumerable: false, configurable: false,
});
EventEmitter.call(self);

function lazy(name, load, options) {
  let value;
  let loaded = false;
  defineProperty(self, name, {
    __proto__: null,
    configurable: true,
    enumerable: options?.enumerable ?? true,
    get() {
      if (!loaded) {
        value = load();
        loaded = true;
      }
      return value;
    },
    set: options?.readOnly ? undefined : (replacement) => {
      value = replacement;
      loaded = true;
    },
  });
}

/** Makes properties that can be redefined, but not assigned to. */
function withFixedValues(object) {
  for (const name of Object.keys(object)) defineProperty(object, name, { __proto__: null, writable: false });
  return object;
}

// ---------------------------------------------------------------- identity

for (const [name, value] of [['version', `v${NODE_VERSION}`], ['arch', native.arch], ['platform', native.platform]]) {
  defineProperty(self, name, { __proto__: null, configurable: true, enumerable: true, value, writable: false });
}
lazy('versions', () => withFixedValues({
  node: NODE_VERSION,
  anode: native.anodeVersion,
  v8: '14.6.202.34-node.20',
  spidermonkey: '153.6',
  uv: '1.51.0',
  modules: '147',
  napi: '10',
  sqlite: '3.54.1',
  // The engine's ICU and its data.
  cldr: '48.0',
  icu: '78.3',
  unicode: '17.0',
  // Whose interface and formats these are; packages (got) offer a content coding only if its library is here.
  brotli: '1.2.0',
  openssl: '3.5.4',
  undici: '8.10.2',
  zlib: '1.3.1',
  zstd: '1.5.7',
}), { readOnly: true });
lazy('release', () => ({
  name: 'node',
  sourceUrl: `https://nodejs.org/download/release/v${NODE_VERSION}/node-v${NODE_VERSION}.tar.gz`,
  headersUrl: `https://nodejs.org/download/release/v${NODE_VERSION}/node-v${NODE_VERSION}-headers.tar.gz`,
}), { readOnly: true });
lazy('features', () => ({
  inspector: true,
  debug: false,
  uv: true,
  ipv6: true,
  tls_alpn: true,
  tls_sni: true,
  tls_ocsp: true,
  tls: true,
  openssl_is_boringssl: false,
  get cached_builtins() { return true; },
  get require_module() {
    const { getOptionValue } = require('internal/options');
    return getOptionValue('--require-module') !== false && getOptionValue('--experimental-require-module') !== false;
  },
  get dtls() { return false; },
  get quic() { return false; },
  get typescript() { return require('internal/module/typescript').stripsTypes() ? 'strip' : false; },
}));
lazy('config', () => Object.freeze({
  target_defaults: Object.freeze({
    cflags: [], conditions: [], default_configuration: 'Release', defines: [], include_dirs: [], libraries: [],
    configurations: { Release: {}, Debug: {} },
  }),
  variables: Object.freeze({
    host_arch: native.arch, target_arch: native.arch, napi_build_version: '10', node_shared: false, v8_enable_i18n_support: 1,
    v8_enable_webassembly: 1, node_module_version: 147, node_use_amaro: true,
    node_use_openssl: true, asan: 0, node_builtin_shareable_builtins: [],
  }),
}), { readOnly: true });
lazy('pid', native.pid, { readOnly: true });
defineProperty(self, 'ppid', { __proto__: null, configurable: true, enumerable: true, get: () => native.ppid() });
lazy('execPath', native.execPath);
self.argv = [];
self.execArgv = [];
self.argv0 = '';
lazy('env', () => require('internal/process/env').createEnv());
let debugPort;

/** What the options say, or Node's default. Node docs: --inspect-port. */
function initialDebugPort() {
  const { getOptionValue } = require('internal/options');
  // The last option that names a port counts, whichever it is: workers of a cluster get theirs behind what they inherit.
  let last;
  for (const option of [...(self.env.NODE_OPTIONS ?? '').split(/\s+/), ...self.execArgv]) {
    const port = /^--(?:inspect(?:-brk|-port|-wait)?|debug-port)=(?:.*:)?(\d+)$/.exec(option);
    if (port !== null) last = Number(port[1]);
  }
  if (last !== undefined) return last;
  for (const name of ['--inspect', '--inspect-brk', '--inspect-wait', '--inspect-port']) {
    const port = /(?:^|:)(\d+)$/.exec(getOptionValue(name) ?? '');
    if (port !== null) return Number(port[1]);
  }
  return 9229;
}

defineProperty(self, 'debugPort', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => debugPort ??= initialDebugPort(),
  set(value) {
    const port = value | 0;
    if ((port !== 0 && port < 1024) || port > 65535) throw new RangeError('process.debugPort must be 0 or in range 1024 to 65535');
    debugPort = port;
  },
});

let title;
defineProperty(self, 'title', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => title ??= require('internal/options').getOptionValue('--title') || self.argv0,
  set(value) {
    title = `${value}`;
    native.setTitle(title);
  },
});

// ---------------------------------------------------------------- stdio

for (const [name, getter] of [['stdout', 'getStdout'], ['stdin', 'getStdin'], ['stderr', 'getStderr']]) {
  lazy(name, () => require('internal/process/stdio')[getter](), { readOnly: false });
}
self.openStdin = () => {
  self.stdin.resume();
  return self.stdin;
};
self._rawDebug = (...args) => {
  native.write(2, `${require('internal/util/inspect').format(...args)}\n`);
};

// ---------------------------------------------------------------- the end

let exitCode;
function validateExitCode(value, name) {
  if (value === undefined || value === null) return undefined;
  const { validateInteger } = require('internal/validators');
  if (typeof value === 'string' && value !== '') {
    const number = +value;
    if (Number.isInteger(number)) return number;
  }
  validateInteger(value, name);
  return value;
}

defineProperty(self, 'exitCode', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  get: () => exitCode,
  set(value) {
    validateExitCode(value, 'code');
    exitCode = value ?? undefined;
  },
});
self._exiting = false;

/** Node docs: process.exit([code]). */
self.exit = function exit(code) {
  if (arguments.length > 0 || code !== undefined) {
    if (code !== undefined) self.exitCode = code;
  }
  if (!self._exiting) {
    self._exiting = true;
    self.emit('exit', self.exitCode || 0);
  }
  self.reallyExit(Number(self.exitCode || 0));
};

self.reallyExit = function reallyExit(code) {
  require('internal/process/lifecycle').endThread(Number(code) || 0);
};

/** Node docs: process.abort(). */
self.abort = { abort() { binding('task_queue').abort(); } }.abort;

/** Asks another process to let debuggers connect. Node docs: Debugger, "Signal Events", SIGUSR1. */
self._debugProcess = function _debugProcess(pid) {
  self.kill(pid, 'SIGUSR1');
};

/** No debugger can connect any more. */
self._debugEnd = function _debugEnd() {
  require('internal/loader').cache.get('internal/inspector/server')?.exports.close();
};

// ---------------------------------------------------------------- warnings, exceptions

self.emitWarning = function emitWarning(warning, type, code, ctor) {
  require('internal/process/warning').emitWarning(warning, type, code, ctor ?? emitWarning);
};
const execution = () => require('internal/process/execution');
self.setUncaughtExceptionCaptureCallback = (fn) => execution().setUncaughtExceptionCaptureCallback(fn);
self.addUncaughtExceptionCaptureCallback = (fn) => execution().addUncaughtExceptionCaptureCallback(fn);
self.hasUncaughtExceptionCaptureCallback = () => execution().hasUncaughtExceptionCaptureCallback();
self._fatalException = (error, fromPromise) => execution().triggerUncaughtException(error, fromPromise);
self.domain = null;

// ---------------------------------------------------------------- system

const { chdir, cwd } = require('internal/process/cwd');
self.chdir = chdir;
self.cwd = cwd;
const methods = () => require('internal/process/methods');
for (const name of ['umask', 'kill', 'memoryUsage', 'cpuUsage', 'threadCpuUsage', 'resourceUsage', 'uptime',
  'availableMemory', 'constrainedMemory', 'getActiveResourcesInfo', 'loadEnvFile', 'getBuiltinModule', 'binding', 'dlopen',
  'getuid', 'geteuid', 'getgid', 'getegid', 'getgroups', 'setuid', 'seteuid', 'setgid', 'setegid', 'setgroups', 'initgroups',
  'hrtime', 'ref', 'unref', '_getActiveHandles', '_getActiveRequests', '_kill', '_linkedBinding', 'execve']) {
  defineProperty(self, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = methods()[name];
      defineProperty(self, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
      return value;
    },
    set(value) {
      defineProperty(self, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    },
  });
}
lazy('allowedNodeEnvironmentFlags', () => methods().allowedNodeEnvironmentFlags());
lazy('finalization', () => methods().finalization());
lazy('report', () => methods().report(), { readOnly: true });
lazy('moduleLoadList', () => [...require('internal/loader').cache.keys()].map((id) => `NativeModule ${id}`), { readOnly: true });
self._preload_modules = [];
/** Node docs: process.setSourceMapsEnabled(val). */
self.setSourceMapsEnabled = function setSourceMapsEnabled(value) {
  require('internal/validators').validateBoolean(value, 'val');
  require('internal/module/source_maps').setSourceMapsSupport(value, { nodeModules: value, generatedCode: value });
};
defineProperty(self, 'sourceMapsEnabled', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('internal/loader').cache.get('internal/module/source_maps')?.exports.getSourceMapsSupport().enabled ??
    require('internal/options').getOptionValue('--enable-source-maps') === true,
});
defineProperty(self, 'mainModule', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('module')._mainModule,
  set(value) {
    defineProperty(self, 'mainModule', { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  },
});

// Signals: a listener for SIGxxx starts a signal handle, the last one removed stops it.
self.on('newListener', (name) => {
  if (typeof name === 'string' && name.startsWith('SIG')) require('internal/process/signals').startListening(name);
});
self.on('removeListener', (name) => {
  if (typeof name === 'string' && name.startsWith('SIG')) require('internal/process/signals').stopListening(name);
});

setPrototypeOf(self, prototype);

module.exports = self;
