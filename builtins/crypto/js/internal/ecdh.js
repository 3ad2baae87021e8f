/**
 * ECDH with keys as plain bytes. Node docs: crypto, "Class: ECDH".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_ECDH_INVALID_FORMAT, ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY, ERR_CRYPTO_INVALID_CURVE, ERR_CRYPTO_INVALID_KEYPAIR,
    ERR_CRYPTO_INVALID_KEYTYPE,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { Buffer } = require('buffer');
const { codedError, curveNames, encode, native, toBuffer, toBytes } = require('internal/crypto/util');

const FORMS = { compressed: 2, uncompressed: 4, hybrid: 6 };
const none = Buffer.alloc(0);

const operationFailed = (message) => codedError(message, 'ERR_CRYPTO_OPERATION_FAILED');

const kCurve = Symbol('kCurve');
const kPrivate = Symbol('kPrivate');
const kPublic = Symbol('kPublic');

function formOf(format) {
  if (format === undefined || format === null) return 4;
  if (typeof format === 'number' && [2, 4, 6].includes(format)) return format;
  const form = FORMS[format];
  if (form === undefined) throw new ERR_CRYPTO_ECDH_INVALID_FORMAT(format);
  return form;
}

function ECDH(curve) {
  if (!new.target) return new ECDH(curve);
  validateString(curve, 'curve');
  if (!curveNames().has(curve)) throw new ERR_CRYPTO_INVALID_CURVE();
  this[kCurve] = curve;
}

function publicBytes(handle) {
  const { x, y } = native.keyParts(handle);
  return Buffer.concat([Buffer.from([4]), toBuffer(x), toBuffer(y)]);
}

/** Node docs: ecdh.generateKeys. */
ECDH.prototype.generateKeys = function generateKeys(encoding, format) {
  this[kPrivate] = native.keyGenerate('ec', this[kCurve], 0, 0);
  this[kPublic] = publicBytes(this[kPrivate]);
  return this.getPublicKey(encoding, format);
};

/** Node docs: ecdh.computeSecret. */
ECDH.prototype.computeSecret = function computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
  const bytes = toBytes(otherPublicKey, 'otherPublicKey', inputEncoding);
  const other = native.keyFromParts('ec', this[kCurve], bytes, none, none, none, none);
  if (other === undefined) throw new ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
  if (this[kPrivate] === undefined) throw operationFailed('Failed to compute ECDH key');
  // setPublicKey() may have broken the pair.
  if (!this[kPublic].equals(publicBytes(this[kPrivate]))) throw new ERR_CRYPTO_INVALID_KEYPAIR();
  return encode(native.agree(this[kPrivate], other), outputEncoding);
};

/** Node docs: ecdh.getPublicKey. */
ECDH.prototype.getPublicKey = function getPublicKey(encoding, format) {
  const form = formOf(format);
  if (this[kPublic] === undefined) throw operationFailed('Failed to get ECDH public key');
  return encode(native.ecPoint(this[kCurve], this[kPublic], form), encoding);
};

/** Node docs: ecdh.getPrivateKey. */
ECDH.prototype.getPrivateKey = function getPrivateKey(encoding) {
  if (this[kPrivate] === undefined) throw operationFailed('Failed to get ECDH private key');
  return encode(native.keyParts(this[kPrivate]).d, encoding);
};

/** Node docs: ecdh.setPrivateKey. */
ECDH.prototype.setPrivateKey = function setPrivateKey(key, encoding) {
  const bytes = toBytes(key, 'key', encoding);
  const handle = bytes.byteLength === 0 ? undefined : native.keyFromParts('ec', this[kCurve], none, none, bytes, none, none);
  if (handle === undefined) {
    const error = new ERR_CRYPTO_INVALID_KEYTYPE();
    error.message = 'Private key is not valid for specified curve.';
    throw error;
  }
  this[kPrivate] = handle;
  this[kPublic] = publicBytes(handle);
  return this;
};

/** Deprecated. Node docs: ecdh.setPublicKey. */
ECDH.prototype.setPublicKey = require('internal/util').deprecate(function setPublicKey(key, encoding) {
  const point = native.ecPoint(this[kCurve], toBytes(key, 'key', encoding), 4);
  if (point === undefined) throw operationFailed('Failed to convert Buffer to EC_POINT');
  this[kPublic] = toBuffer(point);
  return this;
}, 'ecdh.setPublicKey() is deprecated.', 'DEP0031');

/** Node docs: ECDH.convertKey. */
ECDH.convertKey = function convertKey(key, curve, inputEncoding, outputEncoding, format) {
  validateString(curve, 'curve');
  const bytes = toBytes(key, 'key', inputEncoding);
  const form = formOf(format);
  if (!curveNames().has(curve)) throw new ERR_CRYPTO_INVALID_CURVE();
  const point = native.ecPoint(curve, bytes, form);
  if (point === undefined) throw operationFailed('Failed to convert Buffer to EC_POINT');
  return encode(point, outputEncoding);
};

function createECDH(curve) {
  return new ECDH(curve);
}

module.exports = { ECDH, createECDH };
