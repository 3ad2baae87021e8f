/** `node:_tls_common`: a name of Node's early years. Node docs: DEP0192. */
'use strict';

const { SecureContext, createSecureContext } = require('tls');

process.emitWarning('The _tls_common module is deprecated. Use `node:tls` instead.', 'DeprecationWarning', 'DEP0192');

module.exports = { SecureContext, createSecureContext };
