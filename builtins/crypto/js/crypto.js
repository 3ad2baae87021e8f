/**
 * `node:crypto`. Many packages load it for one function at their start, so all but randomness is loaded on first use.
 * Node docs: Crypto.
 */
'use strict';

const { codes: { ERR_CRYPTO_ENGINE_UNKNOWN, ERR_CRYPTO_FIPS_UNAVAILABLE } } = require('internal/errors');
const { validateString, validateNumber } = require('internal/validators');
const { defineLazyProperties, deprecate, pendingDeprecate } = require('internal/util');
const random = require('internal/crypto/random');

/** Adds functions that load `id` when one is first called; `names` with their numbers of parameters. */
function defineFunctions(id, names) {
  let loaded;
  for (const name of Object.keys(names)) {
    // Plain functions: `new crypto.createCipheriv()` is in use.
    const holder = {
      [name]: function(...args) {
        loaded ??= require(id);
        return loaded[name](...args);
      },
    };
    module.exports[name] = Object.defineProperty(holder[name], 'length', { __proto__: null, value: names[name], configurable: true });
  }
}

let hashes;

function createHash(algorithm, options) {
  hashes ??= require('internal/crypto/hash');
  return hashes.createHash(algorithm, options);
}

function createHmac(hmac, key, options) {
  hashes ??= require('internal/crypto/hash');
  return hashes.createHmac(hmac, key, options);
}

function hash(algorithm, input, options) {
  hashes ??= require('internal/crypto/hash');
  return hashes.hash(algorithm, input, options);
}

/** There is no FIPS provider here. Node docs: crypto.getFips. */
function getFips() {
  return 0;
}

function setFips(value) {
  if (value) throw new ERR_CRYPTO_FIPS_UNAVAILABLE();
}

/** There are no engines here. Node docs: crypto.setEngine. */
function setEngine(id, flags) {
  validateString(id, 'id');
  if (flags) validateNumber(flags, 'flags');
  throw new ERR_CRYPTO_ENGINE_UNKNOWN(id);
}

/** There is no secure heap here. Node docs: crypto.secureHeapUsed. */
function secureHeapUsed() {
  return { __proto__: null, total: 0, used: 0, utilization: 0, min: 0 };
}

module.exports = {
  createHash,
  createHmac,
  getFips,
  getRandomValues: random.getRandomValues,
  hash,
  randomBytes: random.randomBytes,
  randomFill: random.randomFill,
  randomFillSync: random.randomFillSync,
  randomInt: random.randomInt,
  randomUUID: random.randomUUID,
  randomUUIDv7: random.randomUUIDv7,
  secureHeapUsed,
  setEngine,
  setFips,
  timingSafeEqual: random.timingSafeEqual,
};

defineFunctions('internal/crypto/mac', { createMac: 3, getMacs: 0 });
defineFunctions('internal/crypto/kdf', {
  argon2: 3, argon2Sync: 2, hkdf: 6, hkdfSync: 5, pbkdf2: 6, pbkdf2Sync: 5, scrypt: 4, scryptSync: 3,
});
defineFunctions('internal/crypto/dh', { createDiffieHellman: 4, createDiffieHellmanGroup: 1, getDiffieHellman: 1 });
defineFunctions('internal/crypto/primes', { checkPrime: 1, checkPrimeSync: 1, generatePrime: 3, generatePrimeSync: 1 });
defineLazyProperties(module.exports, 'internal/crypto/dh', ['DiffieHellman', 'DiffieHellmanGroup']);
defineFunctions('internal/crypto/ecdh', { createECDH: 1 });
defineFunctions('internal/crypto/kem', { decapsulate: 3, encapsulate: 2 });
defineFunctions('internal/crypto/keygen', { generateKey: 3, generateKeyPairSync: 2, generateKeySync: 2 });
defineFunctions('internal/crypto/keys', { createPrivateKey: 1, createPublicKey: 1, createSecretKey: 2 });
defineFunctions('internal/crypto/pkcs12', { parsePKCS12: 1 });
defineFunctions('internal/crypto/names', { getCurves: 0, getHashes: 0 });
defineFunctions('internal/crypto/cipher', { createCipheriv: 4, createDecipheriv: 4 });
defineFunctions('internal/crypto/cipher_names', { getCipherInfo: 1, getCiphers: 0 });
defineFunctions('internal/crypto/public_key', {
  diffieHellman: 2, privateDecrypt: 2, privateEncrypt: 2, publicDecrypt: 2, publicEncrypt: 2,
});
defineFunctions('internal/crypto/sign', { createSign: 2, createVerify: 2, sign: 4, verify: 5 });
// Has properties of its own, for util.promisify.
defineLazyProperties(module.exports, 'internal/crypto/keygen', ['generateKeyPair']);
defineLazyProperties(module.exports, 'internal/crypto/certificate', ['Certificate']);
defineLazyProperties(module.exports, 'internal/crypto/ecdh', ['ECDH']);
defineLazyProperties(module.exports, 'internal/crypto/keys', ['KeyObject']);
defineLazyProperties(module.exports, 'internal/crypto/x509', ['X509Certificate']);
defineLazyProperties(module.exports, 'internal/crypto/sign', ['Sign', 'Verify']);
defineLazyProperties(module.exports, 'internal/crypto/cipher', ['Cipheriv', 'Decipheriv']);
defineLazyProperties(module.exports, 'internal/crypto/hash', ['Hash', 'Hmac']);

// Old names of randomBytes, hidden. They warn only with --pending-deprecation (DEP0115), which first use asks for.
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  const define = (value, enumerable) => Object.defineProperty(module.exports, name, {
    __proto__: null, configurable: true, enumerable, value, writable: true,
  });
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      const fn = pendingDeprecate(random.randomBytes, `crypto.${name} is deprecated.`, 'DEP0115');
      define(fn, false);
      return fn;
    },
    set(value) { define(value, true); },
  });
}

Object.defineProperties(module.exports, {
  constants: {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get() { return require('internal/crypto/constants'); },
  },
  subtle: {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get() { return require('internal/webcrypto/subtle').subtle; },
  },
  fips: {
    __proto__: null,
    configurable: false,
    enumerable: false,
    get: deprecate(getFips, 'The crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
    set: deprecate(setFips, 'The crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
  },
  webcrypto: {
    __proto__: null,
    configurable: false,
    enumerable: true,
    get() { return require('internal/crypto/web').crypto; },
  },
});
