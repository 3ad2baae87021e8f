/**
 * Generating keys. Node docs: crypto.generateKey, crypto.generateKeyPair.
 */
'use strict';

const {
  codes: { ERR_CRYPTO_INVALID_CURVE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED },
} = require('internal/errors');
const {
  validateFunction, validateInteger, validateObject, validateOneOf, validateString, validateUint32,
} = require('internal/validators');
const { customPromisifyArgs } = require('internal/util');
const { jobCallback, native, toBuffer } = require('internal/crypto/util');
const keys = require('internal/crypto/keys');

const CURVES = new Set(['P-256', 'prime256v1', 'secp256r1', 'P-384', 'secp384r1', 'P-521', 'secp521r1', 'secp256k1']);

/** Kinds that Node generates and we do not. */
const notThere = new Set([
  'rsa-pss', 'dsa', 'dh', 'ed448', 'x448', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'ml-kem-512', 'ml-kem-768', 'ml-kem-1024',
  'slh-dsa-sha2-128f', 'slh-dsa-sha2-128s', 'slh-dsa-sha2-192f', 'slh-dsa-sha2-192s', 'slh-dsa-sha2-256f', 'slh-dsa-sha2-256s',
  'slh-dsa-shake-128f', 'slh-dsa-shake-128s', 'slh-dsa-shake-192f', 'slh-dsa-shake-192s', 'slh-dsa-shake-256f', 'slh-dsa-shake-256s',
]);

/** Checks what `type` needs; gives the arguments of the native function. */
function checkPair(type, options) {
  switch (type) {
    case 'rsa': {
      validateObject(options, 'options');
      const { modulusLength, publicExponent = 0x10001 } = options;
      validateUint32(modulusLength, 'options.modulusLength');
      validateUint32(publicExponent, 'options.publicExponent');
      return ['rsa', '', modulusLength, publicExponent];
    }
    case 'ec': {
      validateObject(options, 'options');
      const { namedCurve, paramEncoding } = options;
      validateString(namedCurve, 'options.namedCurve');
      if (paramEncoding != null && paramEncoding !== 'named' && paramEncoding !== 'explicit') {
        throw new ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
      }
      if (paramEncoding === 'explicit') throw new ERR_METHOD_NOT_IMPLEMENTED('explicit curve parameters in generateKeyPair()');
      if (!CURVES.has(namedCurve)) throw new ERR_CRYPTO_INVALID_CURVE();
      return ['ec', namedCurve, 0, 0];
    }
    case 'ed25519':
    case 'x25519':
      return [type, '', 0, 0];
    default:
      if (notThere.has(type)) throw new ERR_METHOD_NOT_IMPLEMENTED(`crypto.generateKeyPair('${type}')`);
      throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
}

/** How both halves are to be handed out: encoded, or as KeyObjects. */
function checkEncodings(type, options) {
  const encoding = (name, isPublic) => {
    const value = options?.[name];
    if (value == null) return undefined;
    if (typeof value !== 'object') throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
    if (value.format === 'jwk') return value;
    return keys.checkEncoding(type, value, `options.${name}`, isPublic);
  };
  return [encoding('publicKeyEncoding', true), encoding('privateKeyEncoding', false)];
}

function encoded(key, encoding) {
  if (encoding === undefined) return key;
  return encoding.format === 'jwk' ? key.export(encoding) : keys.writeKey(key, encoding);
}

function pairOf(handle, [publicEncoding, privateEncoding]) {
  const publicKey = keys.makePublic(native.keyPublic(handle));
  const privateKey = keys.makePrivate(handle);
  return { publicKey: encoded(publicKey, publicEncoding), privateKey: encoded(privateKey, privateEncoding) };
}

/** Node docs: crypto.generateKeyPair. */
function generateKeyPair(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateString(type, 'type');
  if (options !== undefined) validateObject(options, 'options');
  const encodings = checkEncodings(type, options);
  const args = checkPair(type, options);
  validateFunction(callback, 'callback');
  native.keyGenerate(...args, jobCallback((error, pair) => {
    if (error) callback(error);
    else callback(null, pair.publicKey, pair.privateKey);
  }, (handle) => pairOf(handle, encodings)));
}
Object.defineProperty(generateKeyPair, customPromisifyArgs, { __proto__: null, enumerable: false, value: ['publicKey', 'privateKey'] });

/** Node docs: crypto.generateKeyPairSync. */
function generateKeyPairSync(type, options) {
  validateString(type, 'type');
  if (options !== undefined) validateObject(options, 'options');
  const encodings = checkEncodings(type, options);
  return pairOf(native.keyGenerate(...checkPair(type, options)), encodings);
}

/** Bytes of a secret key. */
function checkSecret(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') {
    validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
  } else if (type === 'aes') {
    validateOneOf(length, 'options.length', [128, 192, 256]);
  } else {
    throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
  return Math.floor(length / 8);
}

/** Node docs: crypto.generateKey. */
function generateKey(type, options, callback) {
  const size = checkSecret(type, options);
  validateFunction(callback, 'callback');
  native.randomBytes(size, jobCallback(callback, (bytes) => keys.makeSecret(toBuffer(bytes))));
}

/** Node docs: crypto.generateKeySync. */
function generateKeySync(type, options) {
  return keys.makeSecret(toBuffer(native.randomBytes(checkSecret(type, options))));
}

module.exports = { generateKey, generateKeyPair, generateKeyPairSync, generateKeySync };
