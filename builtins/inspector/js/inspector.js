/**
 * `node:inspector`: sessions, and the server. Node docs: Inspector.
 *
 * Nothing of it is loaded before it is used: a session makes the agent (internal/inspector/host), `open()` the server.
 */
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INSPECTOR_ALREADY_ACTIVATED, ERR_INSPECTOR_ALREADY_CONNECTED, ERR_INSPECTOR_CLOSED, ERR_INSPECTOR_COMMAND,
    ERR_INSPECTOR_NOT_ACTIVE, ERR_INSPECTOR_NOT_CONNECTED, ERR_INSPECTOR_NOT_WORKER,
  },
} = require('internal/errors');
const { defineLazyProperties } = require('internal/util');
const { isUint32, validateFunction, validateInt32, validateObject, validateString } = require('internal/validators');

const lazyHost = () => require('internal/inspector/host');
const lazyServer = () => require('internal/inspector/server');

/** Node docs: class inspector.Session. */
class Session extends EventEmitter {
  #connection;
  #callbacks = new Map();
  #last = 1;

  connect() {
    if (this.#connection !== undefined) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    checkPermission('Connect');
    this.#connection = lazyHost().connectLocal((text) => this.#onMessage(text));
  }

  connectToMainThread() {
    if (require('worker_threads').isMainThread) throw new ERR_INSPECTOR_NOT_WORKER();
    if (this.#connection !== undefined) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    checkPermission('Connect');
    this.#connection = lazyHost().connectRemote(0, (text) => {
      if (text !== undefined) this.#onMessage(text);
    });
  }

  /** What a listener throws is a warning: the protocol goes on. */
  #onMessage(text) {
    const message = JSON.parse(text);
    try {
      if (message.id !== undefined) {
        const callback = this.#callbacks.get(message.id);
        this.#callbacks.delete(message.id);
        if (callback === undefined) return;
        if (message.error) callback(new ERR_INSPECTOR_COMMAND(message.error.code, message.error.message));
        else callback(null, message.result);
        return;
      }
      this.emit(message.method, message);
      this.emit('inspectorNotification', message);
    } catch (error) {
      process.emitWarning(error);
    }
  }

  post(method, params, callback) {
    validateString(method, 'method');
    if (!callback && typeof params === 'function') {
      callback = params;
      params = null;
    }
    if (params) validateObject(params, 'params');
    if (callback) validateFunction(callback, 'callback');
    if (this.#connection === undefined) throw new ERR_INSPECTOR_NOT_CONNECTED();
    const id = this.#last++;
    const message = { id, method };
    if (params) message.params = params;
    if (callback) this.#callbacks.set(id, callback);
    this.#connection.post(JSON.stringify(message));
  }

  disconnect() {
    if (this.#connection === undefined) return;
    const connection = this.#connection;
    this.#connection = undefined;
    connection.disconnect();
    const waiting = [...this.#callbacks.values()];
    this.#callbacks.clear();
    for (const callback of waiting) process.nextTick(callback, new ERR_INSPECTOR_CLOSED());
  }
}

function checkPermission(resource) {
  require('internal/inspector/permission').check(resource);
}

/** Node docs: inspector.open([port[, host[, wait]]]). */
function open(port, host, wait) {
  if (lazyServer().isOpen()) throw new ERR_INSPECTOR_ALREADY_ACTIVATED();
  if (port !== undefined) validateInt32(port, 'port', 0, 65535);
  checkPermission('StartIoThread');
  if (host && !isLoopback(host)) {
    process.emitWarning(
      'Binding the inspector to a public IP with an open port is insecure, as it allows external hosts to connect to the inspector ' +
      'and perform a remote code execution attack. Documentation can be found at https://nodejs.org/api/cli.html#--inspecthostport',
      'SecurityWarning');
  }
  lazyServer().open(isUint32(port) ? port : undefined, host || undefined);
  if (wait) waitForDebugger();
  return { __proto__: null, [Symbol.dispose]: () => close() };
}

function isLoopback(host) {
  const name = host.toLowerCase();
  return name === 'localhost' || name.startsWith('127.') || name.startsWith('[::1]') || name.startsWith('[0:0:0:0:0:0:0:1]') ||
    name === '::1';
}

/** Node docs: inspector.close(). */
function close() {
  require('internal/loader').cache.get('internal/inspector/server')?.exports.close();
}

/** Node docs: inspector.url(). */
function url() {
  return require('internal/loader').cache.get('internal/inspector/server')?.exports.url();
}

/** Node docs: inspector.waitForDebugger(). */
function waitForDebugger() {
  if (url() === undefined) throw new ERR_INSPECTOR_NOT_ACTIVE();
  lazyHost().waitForClient();
}

const exported = {
  open,
  close,
  url,
  waitForDebugger,
  console: undefined,
  Session,
  Network: undefined,
  NetworkResources: undefined,
  DOMStorage: undefined,
};
defineLazyProperties(exported, 'internal/inspector/console', ['console']);
defineLazyProperties(exported, 'internal/inspector/events', ['Network', 'NetworkResources', 'DOMStorage']);
module.exports = exported;
