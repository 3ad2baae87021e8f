/**
 * Generating keys. Node docs: crypto.generateKey, crypto.generateKeyPair.
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_CURVE, ERR_CRYPTO_INVALID_DIGEST, ERR_CRYPTO_UNKNOWN_DH_GROUP, ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_OPTION,
  },
} = require('internal/errors');
const {
  validateFunction, validateInt32, validateInteger, validateObject, validateOneOf, validateString, validateUint32,
} = require('internal/validators');
const { customPromisifyArgs } = require('internal/util');
const { isArrayBufferView } = require('internal/util/types');
const { Buffer } = require('buffer');
const { curveNames, jobCallback, native, opensslError, toBuffer } = require('internal/crypto/util');
const keys = require('internal/crypto/keys');

/** Kinds that take no parameters. */
const PLAIN_KINDS = new Set([
  'ed25519', 'ed448', 'x25519', 'x448', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'ml-kem-512', 'ml-kem-768', 'ml-kem-1024',
  'slh-dsa-sha2-128f', 'slh-dsa-sha2-128s', 'slh-dsa-sha2-192f', 'slh-dsa-sha2-192s', 'slh-dsa-sha2-256f', 'slh-dsa-sha2-256s',
  'slh-dsa-shake-128f', 'slh-dsa-shake-128s', 'slh-dsa-shake-192f', 'slh-dsa-shake-192s', 'slh-dsa-shake-256f', 'slh-dsa-shake-256s',
]);

/** The smallest moduli, in bits. OpenSSL: RSA_MIN_MODULUS_BITS, DH_MIN_MODULUS_BITS. */
const RSA_BITS_MIN = 512;
const DH_BITS_MIN = 512;
const DSA_BITS_MIN = 512;
/** What the divisor of DSA has if nothing is said, in bits, and the least it may have. */
const DSA_DIVISOR_BITS = 224;
const DSA_DIVISOR_BITS_MIN = 160;

/** Arguments of the native function by name. */
function request(kind, { curve = '', size = 0, second = 0, third = 0, prime, generator, hash = '', mgf = '' } = {}) {
  return [kind, curve, size, second, third, prime, generator, hash, mgf];
}

function checkRsa(kind, options) {
  validateObject(options, 'options');
  const { modulusLength, publicExponent = 0x10001 } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  validateUint32(publicExponent, 'options.publicExponent');
  const pss = kind === 'rsa-pss' ? checkPss(options) : undefined;
  // These are found out where the key is made, so an asynchronous call hears of them in its callback.
  const refusal = modulusLength < RSA_BITS_MIN ? ['1C8000AB', 'Provider routines', 'key size too small', ''] :
    publicExponent < 3 || publicExponent % 2 === 0 ? ['020000B2', 'rsa routines', 'pub exponent out of range', 'RSA_'] : undefined;
  return { args: request(kind, { size: modulusLength, second: publicExponent, ...pss }), refusal };
}

/** Restrictions of a key for PSS: any one of them brings the others with their defaults. RFC 4055 §3.1. */
function checkPss(options) {
  const { hashAlgorithm, mgf1HashAlgorithm, saltLength } = options;
  if (saltLength !== undefined) validateInt32(saltLength, 'options.saltLength', 0);
  if (hashAlgorithm !== undefined) validateString(hashAlgorithm, 'options.hashAlgorithm');
  if (mgf1HashAlgorithm !== undefined) validateString(mgf1HashAlgorithm, 'options.mgf1HashAlgorithm');
  for (const name of ['hash', 'mgf1Hash']) {
    if (options[name] !== undefined) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'is no longer supported');
  }
  if (hashAlgorithm === undefined && mgf1HashAlgorithm === undefined && saltLength === undefined) return undefined;
  const hash = hashAlgorithm ?? 'sha1';
  const mgf = mgf1HashAlgorithm ?? hash;
  const size = native.hmacNew(hash, '') && native.hashOneShot(hash, '', false)?.byteLength;
  if (size === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(hash);
  if (native.hmacNew(mgf, '') === undefined) {
    const error = new ERR_CRYPTO_INVALID_DIGEST(mgf);
    error.message = `Invalid MGF1 digest: ${mgf}`;
    throw error;
  }
  return { hash, mgf, third: saltLength ?? size };
}

function checkDsa(options) {
  validateObject(options, 'options');
  const { modulusLength, divisorLength } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  if (divisorLength !== undefined) validateInt32(divisorLength, 'options.divisorLength', 0);
  const second = divisorLength ?? DSA_DIVISOR_BITS;
  let refusal;
  if (modulusLength < DSA_BITS_MIN || second * 2 > modulusLength || (modulusLength <= DSA_BITS_MIN && second > DSA_DIVISOR_BITS_MIN)) {
    refusal = ['05000072', 'dsa routines', 'bad ffc parameters', 'DSA_'];
  } else if (second < DSA_DIVISOR_BITS_MIN) {
    refusal = ['030000E9', 'digital envelope routines', 'provider keymgmt failure', 'EVP_'];
  }
  return { args: request('dsa', { size: modulusLength, second }), refusal };
}

function checkEc(options) {
  validateObject(options, 'options');
  const { namedCurve, paramEncoding } = options;
  validateString(namedCurve, 'options.namedCurve');
  if (paramEncoding != null && paramEncoding !== 'named' && paramEncoding !== 'explicit') {
    throw new ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
  }
  if (!curveNames().has(namedCurve)) throw new ERR_CRYPTO_INVALID_CURVE();
  return { args: request('ec', { curve: namedCurve, second: paramEncoding === 'explicit' ? 1 : 0 }) };
}

function checkDh(options) {
  validateObject(options, 'options');
  const { group, primeLength, prime, generator } = options;
  if (group != null) {
    for (const [name, value] of [['prime', prime], ['primeLength', primeLength], ['generator', generator]]) {
      if (value != null) throw new ERR_INCOMPATIBLE_OPTION_PAIR('group', name);
    }
    validateString(group, 'options.group');
    const known = require('internal/crypto/dh_groups')[group.toLowerCase()];
    if (known === undefined) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
    return { args: request('dh', { prime: Buffer.from(known, 'hex'), generator: Buffer.from([2]) }) };
  }
  let size = 0;
  if (prime != null) {
    if (primeLength != null) throw new ERR_INCOMPATIBLE_OPTION_PAIR('prime', 'primeLength');
    if (!isArrayBufferView(prime)) throw new ERR_INVALID_ARG_TYPE('options.prime', ['Buffer', 'TypedArray', 'DataView'], prime);
    size = prime.byteLength * 8;
  } else if (primeLength != null) {
    validateInt32(primeLength, 'options.primeLength', 0);
    size = primeLength;
  } else {
    const error = new ERR_MISSING_OPTION('');
    error.message = 'At least one of the group, prime, or primeLength options is required';
    throw error;
  }
  if (generator != null) validateInt32(generator, 'options.generator', 0);
  const refusal = size < DH_BITS_MIN ? ['0280007E', 'Diffie-Hellman routines', 'modulus too small', 'DH_'] : undefined;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(generator ?? 2);
  return { args: request('dh', { size, prime: prime ?? undefined, generator: bytes }), refusal };
}

/** Checks what `type` needs; gives the arguments of the native function, and what OpenSSL would refuse. */
function checkPair(type, options) {
  switch (type) {
    case 'rsa':
    case 'rsa-pss': return checkRsa(type, options);
    case 'dsa': return checkDsa(options);
    case 'ec': return checkEc(options);
    case 'dh': return checkDh(options);
    default:
      if (!PLAIN_KINDS.has(type)) throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
      return { args: request(type) };
  }
}

/** How both halves are to be handed out: encoded, or as KeyObjects. */
function checkEncodings(type, options) {
  const encoding = (name, isPublic) => {
    const value = options?.[name];
    if (value == null) return undefined;
    if (typeof value !== 'object') throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
    return keys.checkEncoding(type, value, `options.${name}`, isPublic);
  };
  return [encoding('publicKeyEncoding', true), encoding('privateKeyEncoding', false)];
}

function pairOf(handle, [publicEncoding, privateEncoding]) {
  const publicKey = keys.makePublic(native.keyPublic(handle));
  const privateKey = keys.makePrivate(handle);
  return {
    publicKey: publicEncoding === undefined ? publicKey : keys.writeKey(publicKey, publicEncoding),
    privateKey: privateEncoding === undefined ? privateKey : keys.writeKey(privateKey, privateEncoding),
  };
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
  const { args, refusal } = checkPair(type, options);
  validateFunction(callback, 'callback');
  if (refusal !== undefined) {
    const error = opensslError(...refusal);
    process.nextTick(callback, error);
    return;
  }
  native.keyGenerate(...args, jobCallback((error, handle) => {
    if (error) {
      callback(error);
      return;
    }
    let pair;
    try {
      pair = pairOf(handle, encodings);
    } catch (failure) {
      callback(failure);
      return;
    }
    callback(null, pair.publicKey, pair.privateKey);
  }, (handle) => handle));
}
Object.defineProperty(generateKeyPair, customPromisifyArgs, { __proto__: null, enumerable: false, value: ['publicKey', 'privateKey'] });

/** Node docs: crypto.generateKeyPairSync. */
function generateKeyPairSync(type, options) {
  validateString(type, 'type');
  if (options !== undefined) validateObject(options, 'options');
  const encodings = checkEncodings(type, options);
  const { args, refusal } = checkPair(type, options);
  if (refusal !== undefined) throw opensslError(...refusal);
  return pairOf(native.keyGenerate(...args), encodings);
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
