/**
 * `node:inspector`: sessions in the same thread. Node docs: Inspector.
 *
 * What a session can answer without stopping the program is there (internal/inspector/methods); to anything else it answers, as the protocol
 * has it, that there is no such method. There is no server: nothing is open, and programs that ask whether they are inspected get the truth.
 */
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INSPECTOR_ALREADY_CONNECTED, ERR_INSPECTOR_CLOSED, ERR_INSPECTOR_COMMAND, ERR_INSPECTOR_NOT_ACTIVE, ERR_INSPECTOR_NOT_CONNECTED,
    ERR_INSPECTOR_NOT_WORKER, ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED,
  },
} = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');

/** JSON-RPC: method not found. */
const NOT_FOUND = -32601;

/** Node docs: class inspector.Session. */
class Session extends EventEmitter {
  #connected = false;

  connect() {
    if (this.#connected) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    this.#connected = true;
  }

  connectToMainThread() {
    if (require('worker_threads').isMainThread) throw new ERR_INSPECTOR_NOT_WORKER();
    throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.Session.connectToMainThread()');
  }

  disconnect() {
    this.#connected = false;
  }

  post(method, params, callback) {
    validateString(method, 'method');
    if (!callback && typeof params === 'function') {
      callback = params;
      params = undefined;
    }
    if (params && typeof params !== 'object') throw new ERR_INVALID_ARG_TYPE('params', 'Object', params);
    if (callback) validateFunction(callback, 'callback');
    if (!this.#connected) throw new ERR_INSPECTOR_NOT_CONNECTED();
    const work = require('internal/inspector/methods').methods[method];
    if (work === undefined) {
      callback?.(new ERR_INSPECTOR_COMMAND(NOT_FOUND, `'${method}' wasn't found`));
      return;
    }
    const result = work(params ?? {}, this);
    if (!this.#connected) callback?.(new ERR_INSPECTOR_CLOSED());
    else callback?.(null, result);
  }
}

function open() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.open()');
}

/** Nothing is open. */
function close() {}

/** Node docs: inspector.url: undefined without an inspector. */
function url() {
  return undefined;
}

function waitForDebugger() {
  throw new ERR_INSPECTOR_NOT_ACTIVE();
}

module.exports = { Session, close, console, open, url, waitForDebugger };
