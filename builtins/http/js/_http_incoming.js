/** `node:_http_incoming`. */
'use strict';

const { IncomingMessage, kDetachAbortSignal, readStart, readStop } = require('internal/http/incoming');

module.exports = { IncomingMessage, kDetachAbortSignal, readStart, readStop };
