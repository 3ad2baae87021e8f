/**
 * Signatures: sign, verify, and the classes Sign and Verify. Node docs: crypto, "Class: Sign", "Class: Verify".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_STATE, ERR_CRYPTO_SIGN_KEY_REQUIRED, ERR_CRYPTO_UNSUPPORTED_OPERATION, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateEncoding, validateFunction, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { Writable } = require('stream');
const { Buffer } = require('buffer');
const { copyBytes, encode, isBytes, jobCallback, kHandle, native, toBuffer, toBytes } = require('internal/crypto/util');
const { privateHandle, publicHandle } = require('internal/crypto/keys');

const kAlgorithm = Symbol('kAlgorithm');
const kKept = Symbol('kKept');

/** A whole number among a key's options. */
function numberOption(options, name) {
  const value = options?.[name];
  if (value === undefined) return undefined;
  if (value === value >> 0) return value;
  throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
}

/** The longest context of a signature, in bytes. RFC 8032 §8.3. */
const CONTEXT_MAX = 255;

function contextOf(context) {
  if (context === undefined) return undefined;
  if (!isBytes(context)) throw new ERR_INVALID_ARG_TYPE('options.context', DATA_TYPES, context);
  if (context.byteLength > CONTEXT_MAX) {
    const error = new ERR_OUT_OF_RANGE('context', '', context.byteLength);
    error.message = 'context string must be at most 255 bytes';
    throw error;
  }
  return context;
}

/** What `sign` of the binding takes after the digest. */
function schemeOf(options) {
  if (typeof options !== 'object' || isBytes(options)) return [undefined, undefined, false, undefined];
  const padding = numberOption(options, 'padding');
  const saltLength = numberOption(options, 'saltLength');
  const { dsaEncoding } = options;
  if (dsaEncoding !== undefined && dsaEncoding !== 'der' && dsaEncoding !== 'ieee-p1363') {
    throw new ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
  }
  return [padding, saltLength, dsaEncoding === 'ieee-p1363', contextOf(options.context)];
}

function Sign(algorithm, options) {
  if (!new.target) return new Sign(algorithm, options);
  begin(this, algorithm, options);
}
Object.setPrototypeOf(Sign.prototype, Writable.prototype);
Object.setPrototypeOf(Sign, Writable);

/** How much of a message is kept as it is, in bytes: keys sign a message faster than its digest. */
const KEPT_BYTES = 64 * 1024;

function begin(self, algorithm, options) {
  validateString(algorithm, 'algorithm');
  // An old name of OpenSSL's that Node keeps here.
  if (algorithm === 'dss1' || algorithm === 'DSS1') algorithm = 'sha1';
  self[kHandle] = native.hashNew(algorithm);
  if (self[kHandle] === undefined) {
    const error = new TypeError('Invalid digest');
    error.code = 'ERR_CRYPTO_INVALID_DIGEST';
    throw error;
  }
  self[kAlgorithm] = algorithm;
  self[kKept] = { chunks: [], size: 0 };
  Reflect.apply(Writable, self, [options]);
}

/** A message is signed once; after that there is none. */
function checkState(self) {
  if (self[kHandle] !== undefined) return;
  const error = new ERR_CRYPTO_INVALID_STATE('');
  error.message = 'Not initialised';
  throw error;
}

/** Takes in a part of the message: into the kept chunks, or into the hash once they are too many. */
function feed(self, data) {
  checkState(self);
  const kept = self[kKept];
  if (kept !== undefined) {
    // A copy: the caller may write to its buffer afterwards.
    const chunk = typeof data === 'string' ? Buffer.from(data) : copyBytes(data, 'data');
    kept.chunks.push(chunk);
    kept.size += chunk.length;
    if (kept.size <= KEPT_BYTES) return;
    self[kKept] = undefined;
    for (const each of kept.chunks) native.hashUpdate(self[kHandle], each);
    return;
  }
  native.hashUpdate(self[kHandle], data);
}

/** What `sign` of the binding takes: the message or its digest, and whether it is a digest. */
function take(self) {
  checkState(self);
  const [kept, hash] = [self[kKept], self[kHandle]];
  self[kKept] = undefined;
  self[kHandle] = undefined;
  if (kept === undefined) return [native.hashDigest(hash, false), self[kAlgorithm], true];
  return [kept.chunks.length === 1 ? kept.chunks[0] : Buffer.concat(kept.chunks), self[kAlgorithm], false];
}

Sign.prototype._write = function _write(chunk, encoding, callback) {
  this.update(chunk, encoding);
  callback();
};

/** Node docs: sign.update. */
Sign.prototype.update = function update(data, encoding) {
  if (typeof data === 'string') {
    validateEncoding(data, encoding);
    data = encoding === undefined || encoding === 'buffer' ? data : Buffer.from(data, encoding);
  } else if (!isArrayBufferView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  feed(this, data);
  return this;
};

/** Keys that sign the message itself cannot do so from its digest. */
function refuseMessageKeys(handle) {
  if (native.keyInfo(handle).signsMessages) throw new ERR_CRYPTO_UNSUPPORTED_OPERATION();
}

/** Node docs: sign.sign. */
Sign.prototype.sign = function sign(options, encoding) {
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const key = privateHandle(options);
  const scheme = schemeOf(options);
  refuseMessageKeys(key);
  return encode(native.sign(key, ...take(this), ...scheme), encoding);
};

function Verify(algorithm, options) {
  if (!new.target) return new Verify(algorithm, options);
  begin(this, algorithm, options);
}
Object.setPrototypeOf(Verify.prototype, Writable.prototype);
Object.setPrototypeOf(Verify, Writable);

Verify.prototype._write = Sign.prototype._write;
Verify.prototype.update = Sign.prototype.update;

/** Node docs: verify.verify. */
Verify.prototype.verify = function verify(options, signature, encoding) {
  const key = publicHandle(options);
  const scheme = schemeOf(options);
  const bytes = toBytes(signature, 'signature', encoding);
  refuseMessageKeys(key);
  return native.verify(key, ...take(this), ...scheme, bytes);
};

const DATA_TYPES = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

function checkData(data, name) {
  if (!isBytes(data)) throw new ERR_INVALID_ARG_TYPE(name, DATA_TYPES, data);
}

/** A signature at once. Node docs: crypto.sign. */
function sign(algorithm, data, key, callback) {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (typeof data === 'string') data = Buffer.from(data);
  checkData(data, 'data');
  if (!key) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const scheme = schemeOf(key);
  const handle = privateHandle(key);
  if (callback === undefined) return toBuffer(native.sign(handle, data, algorithm ?? undefined, false, ...scheme));
  native.sign(handle, data, algorithm ?? undefined, false, ...scheme, jobCallback(callback));
}

/** Whether a signature is right. Node docs: crypto.verify. */
function verify(algorithm, data, key, signature, callback) {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (typeof data === 'string') data = Buffer.from(data);
  checkData(data, 'data');
  const scheme = schemeOf(key);
  checkData(signature, 'signature');
  const handle = publicHandle(key);
  const args = [handle, data, algorithm ?? undefined, false, ...scheme, signature];
  if (callback === undefined) return native.verify(...args);
  native.verify(...args, jobCallback(callback, (result) => result));
}

function createSign(algorithm, options) {
  return new Sign(algorithm, options);
}

function createVerify(algorithm, options) {
  return new Verify(algorithm, options);
}

module.exports = { Sign, Verify, createSign, createVerify, sign, verify };
