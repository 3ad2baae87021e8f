/** `node:util/types`. Node docs: util.types. */
'use strict';

const { predicates } = require('internal/util/types');

module.exports = { ...predicates };

const { cache } = require('internal/loader');

// Keys are classes of `crypto`: a program that never loaded it has none.
for (const [name, className] of [['isKeyObject', 'KeyObject'], ['isCryptoKey', 'CryptoKey']]) {
  const check = {
    [name](value) {
      if (value === null || typeof value !== 'object' || !cache.has('crypto')) return false;
      const crypto = require('crypto');
      const Class = className === 'KeyObject' ? crypto.KeyObject : crypto.webcrypto.CryptoKey ?? globalThis.CryptoKey;
      return typeof Class === 'function' && value instanceof Class;
    },
  }[name];
  Object.defineProperty(module.exports, name, {
    __proto__: null, value: check, enumerable: true, configurable: false, writable: false,
  });
}
