/** `node:inspector/promises`: see `inspector`. */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const inspector = require('inspector');

class Session extends inspector.Session {
  async post() { throw new ERR_METHOD_NOT_IMPLEMENTED('inspector.Session.post()'); }
}

module.exports = { ...inspector, Session };
