/** `node:dns`. */
'use strict';

const {
  ADDRCONFIG, ALL, V4MAPPED, getDefaultResultOrder, lookup, lookupService, setDefaultResultOrder,
} = require('internal/dns/lookup');
const codes = require('internal/dns/codes');
const { defineLazyProperties } = require('internal/util');

/** Methods of a resolver that are functions here, on the default resolver. */
const METHODS = ['getServers', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx',
  'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTlsa', 'resolveTxt', 'reverse'];

const resolver = () => require('internal/dns/resolver');

module.exports = { lookup, lookupService, getDefaultResultOrder, setDefaultResultOrder, ADDRCONFIG, ALL, V4MAPPED, ...codes };
defineLazyProperties(module.exports, 'internal/dns/resolver', ['Resolver']);
module.exports.setServers = function setServers(servers) {
  return resolver().setDefaultServers(servers);
};
for (const name of METHODS) {
  module.exports[name] = Object.defineProperty(function(...args) {
    return resolver().defaultResolver()[name](...args);
  }, 'name', { __proto__: null, value: name, configurable: true });
}
defineLazyProperties(module.exports, 'internal/dns/load_promises', ['promises']);
