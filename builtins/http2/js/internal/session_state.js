/** What the parts of a session share: the names of its fields, which session a socket has, the errors of its codec. */
'use strict';

const native = binding('http2');
const { setAsyncContext } = binding('task_queue');

const SERVER = 0;
const CLIENT = 1;

const kState = Symbol('state');
const kNative = Symbol('native');
const kSocket = Symbol('socket');
const kType = Symbol('type');
const kOptions = Symbol('options');
const kServer = Symbol('server');
const kMaybeDestroy = Symbol('maybe-destroy');
const kUpdateTimer = Symbol('update-timer');
const kSession = Symbol('session');
const kProxySocket = Symbol('proxy-socket');
const kTimeout = Symbol('timeout');
const kStreamHooks = Symbol('stream-hooks');

/** What the codec found, by the number that the library interface documents. Node docs: ERR_HTTP2_ERROR. */
class NghttpError extends Error {
  constructor(number, code) {
    super(code === 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES' ? 'Too many invalid HTTP/2 frames' : native.errorString(number));
    this.code = code ?? 'ERR_HTTP2_ERROR';
    this.errno = number;
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

/** The session that a socket belongs to. */
const sessions = new WeakMap();

/** A stream, and its async context, in which it is told. */
function streamOf(state, id) {
  const stream = state.streams.get(id);
  if (stream !== undefined) setAsyncContext(stream[kStreamHooks].context);
  return stream;
}

function emit(self, ...args) {
  self.emit(...args);
}

module.exports = {
  CLIENT, NghttpError, SERVER, emit, kMaybeDestroy, kNative, kOptions, kProxySocket, kServer, kSession, kSocket, kState, kStreamHooks,
  kTimeout, kType, kUpdateTimer, sessions, streamOf,
};
