/** `node:_tls_wrap`: a name of Node's early years. Node docs: DEP0192. */
'use strict';

const { TLSSocket, Server, createServer, connect } = require('tls');

process.emitWarning('The _tls_wrap module is deprecated. Use `node:tls` instead.', 'DeprecationWarning', 'DEP0192');

module.exports = { TLSSocket, Server, createServer, connect };
