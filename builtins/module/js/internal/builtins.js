'use strict';

/**
 * Which builtin modules users can reach, and how: `fs`, `node:fs`, or only `node:sqlite`.
 * Node docs: module.builtinModules, module.isBuiltin.
 */

/** Reachable with and without `node:`. */
const plainIds = [
  '_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server', '_tls_common',
  '_tls_wrap', 'assert', 'assert/strict', 'async_hooks', 'buffer', 'child_process', 'cluster', 'console', 'constants',
  'crypto', 'dgram', 'diagnostics_channel', 'dns', 'dns/promises', 'domain', 'events', 'fs', 'fs/promises', 'http', 'http2',
  'https', 'inspector', 'inspector/promises', 'module', 'net', 'os', 'path', 'path/posix', 'path/win32', 'perf_hooks',
  'process', 'punycode', 'querystring', 'readline', 'readline/promises', 'repl', 'stream', 'stream/consumers',
  'stream/promises', 'stream/web', 'string_decoder', 'sys', 'timers', 'timers/promises', 'tls', 'trace_events', 'tty', 'url',
  'util', 'util/types', 'v8', 'vm', 'wasi', 'worker_threads', 'zlib',
];

/** Reachable with `node:` only, as npm packages of the plain name exist. */
const schemeIds = ['ffi', 'sea', 'sqlite', 'test', 'test/reporters'];
if (require('internal/options').getOptionValue('--experimental-sqlite') === false) schemeIds.splice(schemeIds.indexOf('sqlite'), 1);

const plain = new Set(plainIds);
const schemeOnly = new Set(schemeIds);
const builtinModules = Object.freeze([...plainIds, ...schemeIds.map((id) => `node:${id}`)]);

/** `fs` for `fs` and `node:fs`, `test` for `node:test`; undefined for everything else. */
function normalizeRequirable(request) {
  if (request.startsWith('node:')) {
    const id = request.slice(5);
    return plain.has(id) || schemeOnly.has(id) ? id : undefined;
  }
  return plain.has(request) ? request : undefined;
}

/** Whether `id`, written without `node:`, is a builtin. */
function isPlainBuiltin(id) {
  return plain.has(id);
}

/** Node docs: module.isBuiltin. */
function isBuiltin(name) {
  return normalizeRequirable(`${name}`) !== undefined;
}

/** The exports of the builtin `id` (no `node:`). */
function loadBuiltin(id) {
  return require(id);
}

module.exports = { builtinModules, isBuiltin, isPlainBuiltin, loadBuiltin, normalizeRequirable, plainIds };
