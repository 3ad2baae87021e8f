/** `node:_http_agent`: the public part of internal/http/agent. */
'use strict';

const { Agent, globals } = require('internal/http/agent');

module.exports = { Agent };
Object.defineProperty(module.exports, 'globalAgent', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return globals.agent; },
  set(value) { globals.agent = value; },
});
