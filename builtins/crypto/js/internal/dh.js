/**
 * Finite-field Diffie-Hellman. Node docs: crypto, "Class: DiffieHellman", "Class: DiffieHellmanGroup".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_STATE, ERR_CRYPTO_OPERATION_FAILED, ERR_CRYPTO_UNKNOWN_DH_GROUP, ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { validateInt32, validateString } = require('internal/validators');
const { Buffer } = require('buffer');
const { copyBytes, encode, isBytes, native, toBytes } = require('internal/crypto/util');

// Node docs: Crypto constants, DH_CHECK_*.
const P_NOT_PRIME = 1;
const P_NOT_SAFE_PRIME = 2;
const NOT_SUITABLE_GENERATOR = 8;

/** Bits of the smallest modulus. OpenSSL: DH_MIN_MODULUS_BITS. */
const MODULUS_BITS_MIN = 512;

const kState = Symbol('kState');

function opensslError(number, reason) {
  const error = new Error(`error:${number}:Diffie-Hellman routines::${reason}`);
  error.library = 'Diffie-Hellman routines';
  error.reason = reason;
  error.code = `ERR_OSSL_DH_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return error;
}

function checkEncoding(encoding) {
  if (typeof encoding === 'string' && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
}

function invalidParameters() {
  const error = new ERR_INVALID_ARG_VALUE('generator', undefined);
  error.message = 'Invalid DH parameters';
  return error;
}

function generatorOf(generator, encoding) {
  if (generator === undefined || generator === null) return Buffer.from([2]);
  if (typeof generator === 'number') {
    validateInt32(generator, 'generator');
    if (generator <= 1) throw opensslError('02800065', 'bad generator');
    const hex = generator.toString(16);
    return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  }
  if (typeof generator !== 'string' && !isBytes(generator)) {
    throw new ERR_INVALID_ARG_TYPE('generator', ['number', 'string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], generator);
  }
  checkEncoding(encoding);
  const bytes = copyBytes(generator, 'generator', encoding);
  if (bytes.length === 0 || (bytes.at(-1) <= 1 && bytes.every((byte, at) => byte === 0 || at === bytes.length - 1))) {
    throw opensslError('02800065', 'bad generator');
  }
  return bytes;
}

/** Without the zeros in front, which the exported numbers have not. */
function trimmed(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  return bytes.subarray(start);
}

function primeOf(sizeOrKey, encoding) {
  if (typeof sizeOrKey === 'number') {
    validateInt32(sizeOrKey, 'sizeOrKey');
    if (sizeOrKey < MODULUS_BITS_MIN) throw opensslError('0280007E', 'modulus too small');
    return Buffer.from(native.generatePrime(sizeOrKey, true));
  }
  checkEncoding(encoding);
  return trimmed(copyBytes(sizeOrKey, 'sizeOrKey', encoding));
}

/** Node docs: crypto.createDiffieHellman. */
function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!new.target) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== 'number' && typeof sizeOrKey !== 'string' && !isBytes(sizeOrKey)) {
    throw new ERR_INVALID_ARG_TYPE('sizeOrKey', ['number', 'string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], sizeOrKey);
  }
  // Without an encoding, the second argument is the generator.
  if (keyEncoding && keyEncoding !== 'buffer' && (typeof keyEncoding !== 'string' || !Buffer.isEncoding(keyEncoding))) {
    genEncoding = generator;
    generator = keyEncoding;
    keyEncoding = undefined;
  }
  if (keyEncoding === undefined && typeof generator === 'number' && generator === 0) throw invalidParameters();
  const generatorBytes = generatorOf(generator, genEncoding);
  this[kState] = { generator: generatorBytes, known: false, prime: primeOf(sizeOrKey, keyEncoding), private: undefined, public: undefined };
}

/** Node docs: crypto.getDiffieHellman. */
function DiffieHellmanGroup(name) {
  if (!new.target) return new DiffieHellmanGroup(name);
  validateString(name, 'name');
  const prime = require('internal/crypto/dh_groups')[name.toLowerCase()];
  if (prime === undefined) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
  this[kState] = { generator: Buffer.from([2]), known: true, prime: Buffer.from(prime, 'hex'), private: undefined, public: undefined };
}

const methods = {
  /** Makes what of the pair is missing. Node docs: diffieHellman.generateKeys. */
  generateKeys(encoding) {
    const state = this[kState];
    const [own, shared] = native.dhPublic(state.prime, state.generator, state.private);
    state.private = Buffer.from(own);
    state.public = Buffer.from(shared);
    return encode(shared, encoding);
  },

  /** Node docs: diffieHellman.computeSecret. */
  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const state = this[kState];
    const other = toBytes(otherPublicKey, 'otherPublicKey', inputEncoding);
    if (state.private === undefined) throw new ERR_CRYPTO_OPERATION_FAILED('Failed to compute shared secret');
    return encode(native.dhSecret(state.prime, state.private, other), outputEncoding);
  },

  getPrime(encoding) {
    return encode(Uint8Array.from(this[kState].prime).buffer, encoding);
  },

  getGenerator(encoding) {
    return encode(Uint8Array.from(this[kState].generator).buffer, encoding);
  },

  getPublicKey(encoding) {
    return exported(this[kState].public, 'public', encoding);
  },

  getPrivateKey(encoding) {
    return exported(this[kState].private, 'private', encoding);
  },
};

function exported(bytes, name, encoding) {
  if (bytes === undefined) {
    const error = new ERR_CRYPTO_INVALID_STATE('');
    error.message = `No ${name} key - did you forget to generate one?`;
    throw error;
  }
  return encode(Uint8Array.from(bytes).buffer, encoding);
}

/** Flags of what is wrong with the parameters. OpenSSL: DH_check. */
function verifyError() {
  const { generator, known, prime } = this[kState];
  if (known || Object.values(require('internal/crypto/dh_groups')).includes(prime.toString('hex'))) return 0;
  const p = BigInt(`0x${prime.toString('hex')}`);
  const g = BigInt(`0x${generator.toString('hex')}`);
  let flags = g <= 1n || g >= p - 1n ? NOT_SUITABLE_GENERATOR : 0;
  if (!native.checkPrime(prime, 0)) return flags | P_NOT_PRIME;
  const half = ((p - 1n) / 2n).toString(16);
  if (!native.checkPrime(Buffer.from(half.length % 2 ? `0${half}` : half, 'hex'), 0)) flags |= P_NOT_SAFE_PRIME;
  return flags;
}

for (const Class of [DiffieHellman, DiffieHellmanGroup]) {
  Object.assign(Class.prototype, methods);
  Object.defineProperty(Class.prototype, 'verifyError', { __proto__: null, configurable: true, enumerable: true, get: verifyError });
}

/** Node docs: diffieHellman.setPublicKey. */
DiffieHellman.prototype.setPublicKey = function setPublicKey(key, encoding) {
  this[kState].public = trimmed(copyBytes(key, 'key', encoding));
  return this;
};

/** Node docs: diffieHellman.setPrivateKey. */
DiffieHellman.prototype.setPrivateKey = function setPrivateKey(key, encoding) {
  this[kState].private = trimmed(copyBytes(key, 'key', encoding));
  return this;
};

function createDiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
}

function createDiffieHellmanGroup(name) {
  return new DiffieHellmanGroup(name);
}

module.exports = {
  DiffieHellman, DiffieHellmanGroup, createDiffieHellman, createDiffieHellmanGroup, getDiffieHellman: createDiffieHellmanGroup,
};
