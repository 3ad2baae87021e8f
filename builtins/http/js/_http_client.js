/** `node:_http_client`. */
'use strict';

module.exports = { ClientRequest: require('internal/http/client').ClientRequest };
