/**
 * Hash, Hmac and the one-shot hash. Node docs: crypto, "Class: Hash", "Class: Hmac", crypto.hash.
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_HASH_FINALIZED, ERR_CRYPTO_INVALID_DIGEST, ERR_CRYPTO_OPERATION_FAILED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateEncoding, validateString, validateUint32 } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { deprecate, getDeprecationWarningEmitter, normalizeEncoding } = require('internal/util');
const { Buffer } = require('buffer');
const { encode, kHandle, native, toBuffer } = require('internal/crypto/util');
const { LazyTransform } = require('internal/crypto/lazy_transform');

const kFinalized = Symbol('kFinalized');

const DATA_TYPES = ['string', 'Buffer', 'TypedArray', 'DataView'];

const warnOfShake = getDeprecationWarningEmitter(
  'DEP0198', 'Creating SHAKE128/256 digests without an explicit options.outputLength is deprecated.', undefined, false);

const shakeNames = new Set(['shake128', 'shake256', 'shake-128', 'shake-256']);

/** What native code takes: bytes, or a string that it encodes as UTF-8. */
function inputOf(data, encoding) {
  if (typeof data === 'string') {
    if (encoding === undefined || encoding === 'utf8' || encoding === 'buffer') return data;
    validateEncoding(data, encoding);
    return normalizeEncoding(encoding) === 'utf8' ? data : Buffer.from(data, normalizeEncoding(encoding) ?? 'utf8');
  }
  if (!isArrayBufferView(data)) throw new ERR_INVALID_ARG_TYPE('data', DATA_TYPES, data);
  return data;
}

/** The digest in an encoding; an encoding nobody knows gives a Buffer. */
function digestOf(handle, outputEncoding) {
  const encoding = outputEncoding === undefined || outputEncoding === 'buffer' ? undefined : normalizeEncoding(`${outputEncoding}`);
  if (encoding === 'hex') return native.hashDigest(handle, true);
  return encode(native.hashDigest(handle, false), encoding);
}

function Hash(algorithm, options) {
  if (!new.target) return new Hash(algorithm, options);
  const from = algorithm instanceof Hash ? algorithm : undefined;
  if (!from) validateString(algorithm, 'algorithm');
  const length = typeof options === 'object' && options !== null ? options.outputLength : undefined;
  if (length !== undefined) validateUint32(length, 'options.outputLength');
  if (from) {
    this[kHandle] = native.hashCopy(from[kHandle], length);
  } else {
    this[kHandle] = native.hashNew(algorithm, length);
    if (this[kHandle] === undefined) throw new Error('Digest method not supported');
    if (length === undefined && shakeNames.has(algorithm.toLowerCase())) warnOfShake();
  }
  this[kFinalized] = false;
  LazyTransform.call(this, options);
}
Object.setPrototypeOf(Hash.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hash, LazyTransform);

/** A hash that goes on from here. Node docs: hash.copy. */
Hash.prototype.copy = function copy(options) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  return new Hash(this, options);
};

Hash.prototype._transform = function _transform(chunk, encoding, callback) {
  native.hashUpdate(this[kHandle], inputOf(chunk, encoding));
  callback();
};

Hash.prototype._flush = function _flush(callback) {
  // Kept: whoever piped into the hash may still ask it for the digest.
  this.push(toBuffer(native.hashDigest(this[kHandle], false, true)));
  callback();
};

/** Node docs: hash.update. */
Hash.prototype.update = function update(data, inputEncoding) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  native.hashUpdate(this[kHandle], inputOf(data, inputEncoding));
  return this;
};

/** Node docs: hash.digest. */
Hash.prototype.digest = function digest(outputEncoding) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  const result = digestOf(this[kHandle], outputEncoding);
  this[kFinalized] = true;
  return result;
};

function Hmac(hmac, key, options) {
  if (!new.target) return new Hmac(hmac, key, options);
  validateString(hmac, 'hmac');
  const { secretBytes } = require('internal/crypto/keys');
  const bytes = secretBytes(key, 'key', options?.encoding);
  this[kHandle] = native.hmacNew(hmac, bytes);
  if (this[kHandle] === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(hmac);
  this[kFinalized] = false;
  LazyTransform.call(this, options);
}
Object.setPrototypeOf(Hmac.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hmac, LazyTransform);

Hmac.prototype.update = Hash.prototype.update;

/** Node docs: hmac.digest. A second digest is empty. */
Hmac.prototype.digest = function digest(outputEncoding) {
  if (this[kFinalized]) return outputEncoding && outputEncoding !== 'buffer' ? '' : Buffer.alloc(0);
  const result = digestOf(this[kHandle], outputEncoding);
  this[kFinalized] = true;
  return result;
};

Hmac.prototype._flush = Hash.prototype._flush;
Hmac.prototype._transform = Hash.prototype._transform;

function checkOneShotLength(algorithm, length) {
  validateUint32(length, 'options.outputLength');
  if (shakeNames.has(algorithm.toLowerCase())) return;
  const size = native.hashOneShot(algorithm, '', false)?.byteLength;
  if (size !== undefined && size !== length) {
    throw new ERR_CRYPTO_OPERATION_FAILED(`Output length ${length} is invalid for ${algorithm}, which does not support XOF`);
  }
}

/** The digest of `input` at once. Node docs: crypto.hash. */
function hash(algorithm, input, options) {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !isArrayBufferView(input)) {
    throw new ERR_INVALID_ARG_TYPE('input', DATA_TYPES, input);
  }
  let outputEncoding = options;
  let length;
  if (typeof options === 'object' && options !== null) {
    ({ outputEncoding, outputLength: length } = options);
  }
  outputEncoding = outputEncoding === undefined ? 'hex' : outputEncoding;
  validateString(outputEncoding, 'outputEncoding');
  if (length !== undefined) checkOneShotLength(algorithm, length);
  let encoding = outputEncoding;
  if (encoding !== 'hex' && encoding !== 'buffer') {
    encoding = normalizeEncoding(outputEncoding);
    if (encoding === undefined && outputEncoding.toLowerCase() === 'buffer') encoding = 'buffer';
    if (encoding === undefined) throw new ERR_INVALID_ARG_VALUE('outputEncoding', outputEncoding);
  }
  const result = native.hashOneShot(algorithm, input, encoding === 'hex', length);
  if (result === undefined) throw new Error(`Digest method ${algorithm} is not supported`);
  if (length === undefined && shakeNames.has(algorithm.toLowerCase())) warnOfShake();
  return encoding === 'hex' ? result : encode(result, encoding);
}

function createHash(algorithm, options) {
  return new Hash(algorithm, options);
}

function createHmac(hmac, key, options) {
  return new Hmac(hmac, key, options);
}

module.exports = {
  Hash: deprecate(Hash, 'crypto.Hash constructor is deprecated.', 'DEP0179'),
  Hmac: deprecate(Hmac, 'crypto.Hmac constructor is deprecated.', 'DEP0181'),
  createHash,
  createHmac,
  hash,
};
