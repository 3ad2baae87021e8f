/**
 * Names and parameters of algorithms, checked and in one spelling. Web Crypto, "Algorithm normalization".
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_OPTION } } = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { lazyDOMException } = require('internal/util');

/** Which operations an algorithm has. */
const AES = ['generateKey', 'importKey', 'exportKey', 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'get key length'];
const SIGN = ['generateKey', 'importKey', 'exportKey', 'sign', 'verify'];
const AGREE = ['generateKey', 'importKey', 'exportKey', 'deriveBits'];
const DERIVE = ['importKey', 'deriveBits', 'get key length'];

const registry = new Map(Object.entries({
  'AES-CBC': AES,
  'AES-CTR': AES,
  'AES-GCM': AES,
  'AES-KW': ['generateKey', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey', 'get key length'],
  'ChaCha20-Poly1305': AES,
  'ECDH': AGREE,
  'ECDSA': SIGN,
  'Ed25519': SIGN,
  'HKDF': DERIVE,
  'HMAC': [...SIGN, 'get key length'],
  'PBKDF2': DERIVE,
  'RSA-OAEP': ['generateKey', 'importKey', 'exportKey', 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
  'RSA-PSS': SIGN,
  'RSASSA-PKCS1-v1_5': SIGN,
  'SHA-1': ['digest'],
  'SHA-256': ['digest'],
  'SHA-384': ['digest'],
  'SHA-512': ['digest'],
  'SHA3-256': ['digest'],
  'SHA3-384': ['digest'],
  'SHA3-512': ['digest'],
  'X25519': AGREE,
}).map(([name, operations]) => [name.toUpperCase(), { name, operations: new Set(operations) }]));

function notSupported(message = 'Unrecognized algorithm name') {
  return lazyDOMException(message, 'NotSupportedError');
}

/** The dictionary of `algorithm` with its canonical name, if it has the operation. Throws NotSupportedError. */
function normalize(algorithm, operation) {
  if (typeof algorithm === 'string') algorithm = { name: algorithm };
  if (algorithm === null || (typeof algorithm !== 'object' && typeof algorithm !== 'function')) {
    algorithm = { name: `${algorithm}` };
  }
  const { name } = algorithm;
  if (name === undefined) throw new ERR_MISSING_OPTION('algorithm.name');
  const entry = registry.get(`${name}`.toUpperCase());
  if (entry === undefined || !entry.operations.has(operation)) throw notSupported();
  const normal = { ...algorithm, name: entry.name };
  for (const key of ['iv', 'counter', 'additionalData', 'label', 'salt', 'info', 'publicExponent', 'public', 'length', 'namedCurve',
    'iterations', 'modulusLength', 'saltLength', 'tagLength', 'hash']) {
    if (normal[key] === undefined && algorithm[key] !== undefined) normal[key] = algorithm[key];
  }
  if (normal.hash !== undefined) normal.hash = { name: normalize(normal.hash, 'digest').name };
  return normal;
}

function isSupported(algorithm, operation) {
  try {
    normalize(algorithm, operation);
    return true;
  } catch {
    return false;
  }
}

/** A required member of an algorithm. */
function need(algorithm, key) {
  if (algorithm[key] === undefined) throw new ERR_MISSING_OPTION(`algorithm.${key}`);
  return algorithm[key];
}

/** A copy of a buffer source: what the caller does to it afterwards must not matter. */
function bytes(value, name) {
  const { Buffer } = require('buffer');
  if (isArrayBufferView(value)) return Buffer.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  if (isAnyArrayBuffer(value)) return Buffer.from(value.slice(0));
  throw new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
}

function operationError(message = 'The operation failed for an operation-specific reason', cause) {
  const error = lazyDOMException(message, 'OperationError');
  if (cause !== undefined) Object.defineProperty(error, 'cause', { __proto__: null, configurable: true, value: cause, writable: true });
  return error;
}

function dataError(message = 'Invalid keyData') {
  return lazyDOMException(message, 'DataError');
}

/** Bits of a block, which is how long an HMAC key is by default. */
const BLOCK_BITS = {
  'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024, 'SHA3-256': 1088, 'SHA3-384': 832, 'SHA3-512': 576,
};

/** The usages that an algorithm's keys may have: secret, or public and private. */
const USAGES = {
  'AES-CBC': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'AES-CTR': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'AES-GCM': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'AES-KW': { secret: ['wrapKey', 'unwrapKey'] },
  'ChaCha20-Poly1305': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'ECDH': { public: [], private: ['deriveKey', 'deriveBits'] },
  'ECDSA': { public: ['verify'], private: ['sign'] },
  'Ed25519': { public: ['verify'], private: ['sign'] },
  'HKDF': { secret: ['deriveKey', 'deriveBits'] },
  'HMAC': { secret: ['sign', 'verify'] },
  'PBKDF2': { secret: ['deriveKey', 'deriveBits'] },
  'RSA-OAEP': { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] },
  'RSA-PSS': { public: ['verify'], private: ['sign'] },
  'RSASSA-PKCS1-v1_5': { public: ['verify'], private: ['sign'] },
  'X25519': { public: [], private: ['deriveKey', 'deriveBits'] },
};

/** Throws SyntaxError for usages that the algorithm's keys of a type do not have. */
function checkUsages(name, type, usages) {
  const allowed = USAGES[name][type] ?? [];
  if (usages.some((usage) => !allowed.includes(usage))) {
    throw lazyDOMException(`Unsupported key usage for a ${name} key`, 'SyntaxError');
  }
}

const ALL_USAGES = new Set([
  'encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey', 'encapsulateKey',
  'encapsulateBits', 'decapsulateKey', 'decapsulateBits',
]);

/** The list of usages a caller gave. Throws a TypeError for a word that is none. */
function usageList(value, name = 'keyUsages') {
  if (value === null || typeof value !== 'object' || typeof value[Symbol.iterator] !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(name, 'Array', value);
  }
  const list = [...value].map((usage) => `${usage}`);
  for (const usage of list) {
    if (!ALL_USAGES.has(usage)) {
      const error = new TypeError(`'${usage}' is not a valid enum value of type KeyUsage.`);
      error.code = 'ERR_INVALID_ARG_VALUE';
      throw error;
    }
  }
  return list;
}

module.exports = {
  BLOCK_BITS, USAGES, bytes, checkUsages, dataError, isSupported, need, normalize, notSupported, operationError, usageList,
};
