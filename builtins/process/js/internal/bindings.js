/**
 * `process.binding`: the names that Node still answers, for packages of its early years. Node docs: DEP0111.
 *
 * Functions and constants come from the public modules. Handles (TCP, Pipe, Process ...) are classes of an interface inside of Node that
 * has no other half here: their names are there for `typeof`, making one throws.
 */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');

/** A class whose objects cannot be made. */
function handle(binding, name) {
  return {
    [name]: class {
      constructor() { throw new ERR_METHOD_NOT_IMPLEMENTED(`process.binding('${binding}').${name}`); }
    },
  }[name];
}

function handles(binding, names, more) {
  const table = {};
  for (const name of names) table[name] = handle(binding, name);
  return Object.assign(table, more);
}

function natives() {
  const { ids, source } = require('internal/loader');
  const table = {};
  for (const id of ids()) {
    Object.defineProperty(table, id, { __proto__: null, enumerable: true, configurable: true, get: () => source(id) });
  }
  return table;
}

function uvConstants(pattern) {
  const table = {};
  for (const { 0: name, 1: value } of Object.entries(require('os').constants)) {
    if (pattern.test(name)) table[name] = value;
  }
  return table;
}

const makers = {
  __proto__: null,
  async_wrap: () => ({ Providers: { ...require('internal/async_hooks/providers') } }),
  buffer: () => require('buffer'),
  cares_wrap() {
    const dns = require('dns');
    return handles('cares_wrap', ['GetAddrInfoReqWrap', 'GetNameInfoReqWrap', 'QueryReqWrap', 'ChannelWrap'], {
      AF_INET: 2, AF_INET6: 10, AF_UNSPEC: 0, AI_ADDRCONFIG: dns.ADDRCONFIG, AI_ALL: dns.ALL, AI_V4MAPPED: dns.V4MAPPED,
      isIP: require('net').isIP,
    });
  },
  config: () => ({
    isDebugBuild: false, openSSLIsBoringSSL: false, hasOpenSSL: true, fipsMode: false, hasIntl: typeof Intl === 'object', hasTracing: true,
    hasNodeOptions: true, hasInspector: true, noBrowserGlobals: false, bits: 64,
    getDefaultLocale: () => new Intl.DateTimeFormat().resolvedOptions().locale,
  }),
  constants() {
    const os = require('os').constants;
    return {
      os, fs: require('fs').constants, crypto: require('crypto').constants, zlib: require('zlib').constants, trace: {}, internal: {},
    };
  },
  contextify: () => ({ ContextifyScript: require('vm').Script }),
  fs: () => require('fs'),
  fs_event_wrap: () => handles('fs_event_wrap', ['FSEvent']),
  icu: () => ({ transcode: require('buffer').transcode }),
  js_stream: () => handles('js_stream', ['JSStream']),
  natives,
  os: () => require('os'),
  pipe_wrap: () => handles('pipe_wrap', ['Pipe', 'PipeConnectWrap'], { constants: { SOCKET: 0, SERVER: 1, IPC: 2, UV_READABLE: 1, UV_WRITABLE: 2 } }),
  process_wrap: () => handles('process_wrap', ['Process'], { constants: {} }),
  spawn_sync: () => ({ spawn() { throw new ERR_METHOD_NOT_IMPLEMENTED("process.binding('spawn_sync').spawn()"); } }),
  stream_wrap: () => handles('stream_wrap', ['ShutdownWrap', 'WriteWrap', 'LibuvStreamWrap']),
  tcp_wrap: () => handles('tcp_wrap', ['TCP', 'TCPConnectWrap'], { constants: { SOCKET: 0, SERVER: 1, UV_TCP_IPV6ONLY: 1, UV_TCP_REUSEPORT: 2 } }),
  tls_wrap: () => handles('tls_wrap', ['TLSWrap'], { HAVE_SSL_TRACE: false }),
  tty_wrap: () => handles('tty_wrap', ['TTY'], { isTTY: require('tty').isatty }),
  udp_wrap: () => handles('udp_wrap', ['UDP', 'SendWrap'], {
    constants: { UV_UDP_IPV6ONLY: 1, UV_UDP_REUSEADDR: 4, UV_UDP_REUSEPORT: 64, ...uvConstants(/^UV_UDP/) },
  }),
  util: () => ({ ...require('util/types') }),
  uv: () => require('internal/uv'),
  zlib: () => require('zlib'),
};

const made = new Map();

/** process.binding(name) */
function processBinding(name) {
  const id = String(name);
  if (!made.has(id)) {
    if (makers[id] === undefined) throw new Error(`No such module: ${id}`);
    made.set(id, makers[id]());
  }
  return made.get(id);
}

/** process._linkedBinding(name): no binary of ours has any. */
function linkedBinding(name) {
  const error = new Error(`No such binding was linked: ${name}`);
  error.code = 'ERR_INVALID_MODULE';
  throw error;
}

module.exports = { linkedBinding, processBinding };
