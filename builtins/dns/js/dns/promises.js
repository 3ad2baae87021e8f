/** `node:dns/promises`. */
'use strict';

const {
  getDefaultResultOrder, lookupPromise, lookupServicePromise, setDefaultResultOrder,
} = require('internal/dns/lookup');
const codes = require('internal/dns/codes');
const { defineLazyProperties } = require('internal/util');

const METHODS = ['getServers', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx',
  'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTlsa', 'resolveTxt', 'reverse'];

const resolver = () => require('internal/dns/resolver');

module.exports = {
  lookup: Object.defineProperty(lookupPromise, 'name', { __proto__: null, value: 'lookup' }),
  lookupService: Object.defineProperty(lookupServicePromise, 'name', { __proto__: null, value: 'lookupService' }),
  getDefaultResultOrder,
  setDefaultResultOrder,
  setServers(servers) {
    return resolver().setDefaultServers(servers);
  },
  ...codes,
};
Object.defineProperty(module.exports, 'Resolver', {
  __proto__: null, configurable: true, enumerable: true, get: () => resolver().PromisesResolver,
});
for (const name of METHODS) {
  module.exports[name] = Object.defineProperty(function(...args) {
    return resolver().defaultPromisesResolver()[name](...args);
  }, 'name', { __proto__: null, value: name, configurable: true });
}
