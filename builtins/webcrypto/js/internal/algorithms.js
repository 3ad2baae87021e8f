/**
 * Names and parameters of algorithms, checked and in one spelling. Web Crypto, "Algorithm normalization".
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_OPTION } } = require('internal/errors');
const { isArrayBuffer, isArrayBufferView, isSharedArrayBuffer } = require('internal/util/types');
const { emitExperimentalWarning, lazyDOMException } = require('internal/util');

/** Which operations an algorithm has. */
const AES = ['generateKey', 'importKey', 'exportKey', 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'get key length'];
const SIGN = ['generateKey', 'importKey', 'exportKey', 'sign', 'verify'];
const AGREE = ['generateKey', 'importKey', 'exportKey', 'deriveBits'];
const DERIVE = ['importKey', 'deriveBits', 'get key length'];
const ENCAPSULATE = ['encapsulateBits', 'encapsulateKey', 'decapsulateBits', 'decapsulateKey'];
const KEM = ['generateKey', 'importKey', 'exportKey', ...ENCAPSULATE];
const MAC = [...SIGN, 'get key length'];

const registry = new Map(Object.entries({
  'AES-CBC': AES,
  'AES-CTR': AES,
  'AES-GCM': AES,
  'AES-OCB': AES,
  'Argon2d': DERIVE,
  'Argon2i': DERIVE,
  'Argon2id': DERIVE,
  'AES-KW': ['generateKey', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey', 'get key length'],
  'ChaCha20-Poly1305': AES,
  'ECDH': AGREE,
  'ECDSA': SIGN,
  'Ed25519': SIGN,
  'Ed448': SIGN,
  'HKDF': DERIVE,
  'HMAC': MAC,
  'KMAC128': MAC,
  'KMAC256': MAC,
  'KT128': ['digest'],
  'KT256': ['digest'],
  'ML-DSA-44': SIGN,
  'ML-DSA-65': SIGN,
  'ML-DSA-87': SIGN,
  'ML-KEM-1024': KEM,
  'ML-KEM-512': KEM,
  'ML-KEM-768': KEM,
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
  'TurboSHAKE128': ['digest'],
  'TurboSHAKE256': ['digest'],
  'X25519': AGREE,
  'X448': AGREE,
  'cSHAKE128': ['digest'],
  'cSHAKE256': ['digest'],
}).map(([name, operations]) => [name.toUpperCase(), { name, operations: new Set(operations) }]));

/** Algorithms that Node warns of. */
const EXPERIMENTAL = /^(?:AES-OCB|Argon2|ChaCha20|Ed448|KMAC|KT|ML-|SHA3|TurboSHAKE|X448|cSHAKE)/;

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
  if (EXPERIMENTAL.test(entry.name)) emitExperimentalWarning(`The ${entry.name} Web Crypto API algorithm`);
  const normal = { ...algorithm, name: entry.name };
  for (const key of ['iv', 'counter', 'additionalData', 'label', 'salt', 'info', 'publicExponent', 'public', 'length', 'namedCurve',
    'iterations', 'modulusLength', 'saltLength', 'tagLength', 'hash', 'nonce', 'parallelism', 'memory', 'passes', 'version',
    'secretValue', 'associatedData', 'outputLength', 'customization', 'functionName', 'domainSeparation', 'context']) {
    if (normal[key] === undefined && algorithm[key] !== undefined) normal[key] = algorithm[key];
  }
  if (normal.hash !== undefined) normal.hash = { name: normalize(normal.hash, 'digest').name };
  return normal;
}

/** A required member of an algorithm. */
function need(algorithm, key) {
  if (algorithm[key] === undefined) throw new ERR_MISSING_OPTION(`algorithm.${key}`);
  return algorithm[key];
}

/** What Web IDL calls an argument. */
function argument(method, position) {
  return `Failed to execute '${method}' on 'SubtleCrypto': ${position} argument`;
}

/** A copy of a buffer source: what the caller does to it afterwards must not matter. Shared memory is not one. */
function bytes(value, name) {
  const { Buffer } = require('buffer');
  const isView = isArrayBufferView(value);
  if (isView ? !isSharedArrayBuffer(value.buffer) : isArrayBuffer(value)) {
    return Buffer.from(isView ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value));
  }
  const what = name.startsWith('algorithm.') ? `Failed to normalize algorithm: ${name.slice(10)} in passed algorithm` : name;
  const why = isView ? 'is a view on a SharedArrayBuffer, which is not allowed.' :
    'is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.';
  const error = new TypeError(`${what} ${why}`);
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
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
  'AES-OCB': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'Argon2d': { secret: ['deriveKey', 'deriveBits'] },
  'Argon2i': { secret: ['deriveKey', 'deriveBits'] },
  'Argon2id': { secret: ['deriveKey', 'deriveBits'] },
  'ChaCha20-Poly1305': { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
  'ECDH': { public: [], private: ['deriveKey', 'deriveBits'] },
  'ECDSA': { public: ['verify'], private: ['sign'] },
  'Ed25519': { public: ['verify'], private: ['sign'] },
  'Ed448': { public: ['verify'], private: ['sign'] },
  'HKDF': { secret: ['deriveKey', 'deriveBits'] },
  'HMAC': { secret: ['sign', 'verify'] },
  'KMAC128': { secret: ['sign', 'verify'] },
  'KMAC256': { secret: ['sign', 'verify'] },
  'ML-DSA-44': { public: ['verify'], private: ['sign'] },
  'ML-DSA-65': { public: ['verify'], private: ['sign'] },
  'ML-DSA-87': { public: ['verify'], private: ['sign'] },
  'ML-KEM-1024': { public: ['encapsulateKey', 'encapsulateBits'], private: ['decapsulateKey', 'decapsulateBits'] },
  'ML-KEM-512': { public: ['encapsulateKey', 'encapsulateBits'], private: ['decapsulateKey', 'decapsulateBits'] },
  'ML-KEM-768': { public: ['encapsulateKey', 'encapsulateBits'], private: ['decapsulateKey', 'decapsulateBits'] },
  'PBKDF2': { secret: ['deriveKey', 'deriveBits'] },
  'RSA-OAEP': { public: ['encrypt', 'wrapKey'], private: ['decrypt', 'unwrapKey'] },
  'RSA-PSS': { public: ['verify'], private: ['sign'] },
  'RSASSA-PKCS1-v1_5': { public: ['verify'], private: ['sign'] },
  'X25519': { public: [], private: ['deriveKey', 'deriveBits'] },
  'X448': { public: [], private: ['deriveKey', 'deriveBits'] },
};

/** Throws SyntaxError for usages that the algorithm's keys of a type do not have. */
function checkUsages(name, type, usages) {
  const allowed = USAGES[name][type] ?? [];
  if (usages.some((usage) => !allowed.includes(usage))) {
    throw lazyDOMException(`Unsupported key usage for ${name} key`, 'SyntaxError');
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
  BLOCK_BITS, USAGES, argument, bytes, checkUsages, dataError, need, normalize, notSupported, operationError, usageList,
};
