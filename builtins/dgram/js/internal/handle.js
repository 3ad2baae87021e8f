/**
 * Handles of UDP sockets. `send(bytes, ip, port)` returns bytes sent plus one, 0 when queued (then `afterSend(callback)`), or a
 * negative errno; `handle.onmessage(nread, arrayBuffer, rinfo)` gets what arrives.
 */
'use strict';

const native = binding('dgram');
const { getAsyncContext, setAsyncContext } = binding('task_queue');
const hooks = require('internal/async_ids');
const { owner } = require('internal/net/handles');

const kContext = Symbol('async_context');
const kSends = Symbol('sends');
const kClose = Symbol('close');

/** Flags of bind. libuv docs: uv_udp_flags. */
const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const UV_UDP_REUSEPORT = 8;

function run(handle, fn, a, b, c) {
  if (handle[kContext] !== undefined) setAsyncContext(handle[kContext]);
  if (hooks.active) hooks.before(handle);
  fn.call(handle, a, b, c);
  if (hooks.active) hooks.after(handle);
}

function onmessage(nread, arrayBuffer, rinfo) {
  if (typeof this.onmessage === 'function') run(this, this.onmessage, nread, arrayBuffer, rinfo);
}

function onsent(status, sent) {
  const callback = this[kSends]?.shift();
  if (callback !== undefined) run(this, callback, status, sent);
}

function onclose() {
  const callback = this[kClose];
  this[kClose] = undefined;
  if (callback !== undefined) run(this, callback);
  if (hooks.active || this.asyncId !== 0) hooks.destroy(this);
}

function UDP() {
  const handle = native.create(UDP.prototype, onmessage, onsent, onclose);
  handle[owner] = null;
  handle[kContext] = getAsyncContext();
  handle.onmessage = undefined;
  handle.asyncId = 0;
  handle.triggerAsyncId = 0;
  if (hooks.active) hooks.init(handle, 'UDPWRAP');
  return handle;
}

function method(name, value) {
  Object.defineProperty(UDP.prototype, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

for (const name of Object.keys(native.methods)) method(name, native.methods[name]);
method('send', native.methods.sendBytes);
method('afterSend', function(callback) {
  this[kSends] ??= [];
  this[kSends].push(callback);
});
method('close', function(callback) {
  if (this.closeHandle() && typeof callback === 'function') this[kClose] = callback;
});
method('getAsyncId', function() {
  return this.asyncId;
});
Object.defineProperty(UDP.prototype, 'fd', {
  __proto__: null, configurable: true, enumerable: false, get: native.methods.fileno,
});

module.exports = { UDP, UV_UDP_IPV6ONLY, UV_UDP_REUSEADDR, UV_UDP_REUSEPORT };
