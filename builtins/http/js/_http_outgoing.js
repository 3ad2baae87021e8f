/** `node:_http_outgoing`. */
'use strict';

const outgoing = require('internal/http/outgoing');

module.exports = {
  kHighWaterMark: outgoing.kHighWaterMark,
  kUniqueHeaders: outgoing.kUniqueHeaders,
  parseUniqueHeadersOption: outgoing.parseUniqueHeadersOption,
  validateHeaderName: outgoing.validateHeaderName,
  validateHeaderValue: outgoing.validateHeaderValue,
  OutgoingMessage: outgoing.OutgoingMessage,
};
