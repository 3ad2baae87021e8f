/**
 * The Web Crypto global: `crypto` and its classes. Web Crypto, "Crypto interface". What `subtle` does is in the builtin webcrypto.
 */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS } } = require('internal/errors');
const random = require('internal/crypto/random');

const kMake = Symbol('kMake');
let cryptoInstance;

function checkThis(value) {
  if (value === null || typeof value !== 'object' || value !== cryptoInstance) throw new ERR_INVALID_THIS('Crypto');
}

class Crypto {
  constructor(token = undefined) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get subtle() {
    checkThis(this);
    return require('internal/webcrypto/subtle').subtle;
  }

  getRandomValues(array) {
    checkThis(this);
    return random.getRandomValues(array);
  }

  randomUUID(options) {
    checkThis(this);
    return random.randomUUID(options);
  }
}

for (const key of ['subtle', 'getRandomValues', 'randomUUID']) {
  Object.defineProperty(Crypto.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(Crypto.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'Crypto' });
cryptoInstance = new Crypto(kMake);

module.exports = {
  Crypto,
  get CryptoKey() { return require('internal/webcrypto/key').CryptoKey; },
  get SubtleCrypto() { return require('internal/webcrypto/subtle').SubtleCrypto; },
  crypto: cryptoInstance,
};
