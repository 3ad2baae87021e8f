/** The socket, as users of a session see it: what would break the session's reading and writing is refused. Node docs: http2session.socket. */
'use strict';

const { codes: { ERR_HTTP2_NO_SOCKET_MANIPULATION, ERR_HTTP2_SOCKET_UNBOUND } } = require('internal/errors');
const { emit, kSocket } = require('internal/http2/session_state');

const FORBIDDEN = new Set(['destroy', 'emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);

const proxyHandler = {
  get(session, name) {
    switch (name) {
      case 'setTimeout': case 'ref': case 'unref':
        return session[name].bind(session);
      case 'destroy': case 'emit': case 'end': case 'pause': case 'read': case 'resume': case 'write':
      case 'setEncoding': case 'setKeepAlive': case 'setNoDelay':
        throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
      default: {
        const socket = session[kSocket];
        if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
        const value = socket[name];
        return typeof value === 'function' ? value.bind(socket) : value;
      }
    }
  },
  getPrototypeOf(session) {
    const socket = session[kSocket];
    if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
    return Reflect.getPrototypeOf(socket);
  },
  has(session, name) {
    const socket = session[kSocket];
    if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
    return name in socket;
  },
  set(session, name, value) {
    switch (name) {
      case 'setTimeout': case 'ref': case 'unref':
        session[name] = value;
        return true;
      default: {
        if (FORBIDDEN.has(name)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
        const socket = session[kSocket];
        if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
        socket[name] = value;
        return true;
      }
    }
  },
};

module.exports = { proxyHandler };
