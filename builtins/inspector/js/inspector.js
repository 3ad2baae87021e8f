/**
 * `node:inspector`: what can be said without an inspector. Node docs: Inspector.
 *
 * The engine's Debugger is not behind the protocol yet: there is no session and no server. Programs that only ask whether they are inspected
 * get the truth; what would start something says that it is missing.
 */
'use strict';

const EventEmitter = require('events');
const { codes: { ERR_INSPECTOR_NOT_ACTIVE, ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');

/** Node docs: class inspector.Session. */
class Session extends EventEmitter {
  connect() { throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.Session.connect()'); }
  connectToMainThread() { throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.Session.connectToMainThread()'); }
  /** Nothing was connected. */
  disconnect() {}
  post() { throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.Session.post()'); }
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
