/**
 * Keys derived from passwords and keys: pbkdf2, scrypt, hkdf, argon2. Node docs: crypto.
 */
'use strict';

const {
  codes: {
    ERR_INCOMPATIBLE_OPTION_PAIR, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const {
  validateFunction, validateInt32, validateInteger, validateObject, validateOneOf, validateString, validateUint32,
} = require('internal/validators');
const { isBytes, jobCallback, native, toBuffer, toBytes } = require('internal/crypto/util');

const INT32_MAX = 2 ** 31 - 1;

function checkPbkdf2(password, salt, iterations, keylen, digest) {
  validateString(digest, 'digest');
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  return [digest, password, salt, iterations, keylen];
}

/** Node docs: crypto.pbkdf2. */
function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const args = checkPbkdf2(password, salt, iterations, keylen, digest);
  validateFunction(callback, 'callback');
  native.pbkdf2(...args, jobCallback(callback));
}

/** Node docs: crypto.pbkdf2Sync. */
function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  return toBuffer(native.pbkdf2(...checkPbkdf2(password, salt, iterations, keylen, digest)));
}

const scryptDefaults = { N: 16384, r: 8, p: 1, maxmem: 32 * 1024 * 1024 };

/** An option under its short or its long name. */
function scryptOption(options, short, long, value) {
  const has = options[short] !== undefined;
  if (has) {
    validateUint32(options[short], short);
    value = options[short];
  }
  if (options[long] !== undefined) {
    if (has) throw new ERR_INCOMPATIBLE_OPTION_PAIR(short, long);
    validateUint32(options[long], long);
    value = options[long];
  }
  return value || scryptDefaults[short];
}

function checkScrypt(password, salt, keylen, options) {
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  let { N, r, p, maxmem } = scryptDefaults;
  if (options && options !== scryptDefaults) {
    N = scryptOption(options, 'N', 'cost', N);
    r = scryptOption(options, 'r', 'blockSize', r);
    p = scryptOption(options, 'p', 'parallelization', p);
    if (options.maxmem !== undefined) {
      maxmem = options.maxmem;
      validateInteger(maxmem, 'maxmem', 0);
    }
    maxmem ||= scryptDefaults.maxmem;
  }
  return [password, salt, keylen, N, r, p, maxmem];
}

/** Node docs: crypto.scrypt. */
function scrypt(password, salt, keylen, options, callback = undefined) {
  if (callback === undefined) {
    callback = options;
    options = undefined;
  }
  const args = checkScrypt(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  native.scrypt(...args, jobCallback(callback));
}

/** Node docs: crypto.scryptSync. */
function scryptSync(password, salt, keylen, options) {
  return toBuffer(native.scrypt(...checkScrypt(password, salt, keylen, options)));
}

const HKDF_TYPES = ['string', 'ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'];

function hkdfBytes(value, name) {
  if (typeof value !== 'string' && !isBytes(value)) throw new ERR_INVALID_ARG_TYPE(name, HKDF_TYPES, value);
  return value;
}

function hkdfKey(key) {
  const { isKeyObject, isCryptoKey, secretBytes } = require('internal/crypto/keys');
  if (isKeyObject(key) || isCryptoKey(key)) return secretBytes(key, 'ikm');
  if (typeof key !== 'string' && !isBytes(key)) {
    throw new ERR_INVALID_ARG_TYPE('ikm', ['string', 'SecretKeyObject', 'ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'], key);
  }
  return key;
}

function checkHkdf(digest, ikm, salt, info, keylen) {
  validateString(digest, 'digest');
  const key = hkdfKey(ikm);
  salt = hkdfBytes(salt, 'salt');
  info = hkdfBytes(info, 'info');
  validateInteger(keylen, 'length', 0, Number.MAX_SAFE_INTEGER);
  const infoLength = typeof info === 'string' ? info.length : info.byteLength;
  if (infoLength > 1024) {
    throw new ERR_OUT_OF_RANGE('info', 'must not contain more than 1024 bytes', infoLength);
  }
  validateInteger(keylen, 'length', 0, INT32_MAX);
  return [digest, key, salt, info, keylen];
}

/** Node docs: crypto.hkdf. The callback gets an ArrayBuffer. */
function hkdf(digest, ikm, salt, info, keylen, callback) {
  const args = checkHkdf(digest, ikm, salt, info, keylen);
  validateFunction(callback, 'callback');
  native.hkdf(...args, jobCallback(callback, (result) => result));
}

/** Node docs: crypto.hkdfSync. */
function hkdfSync(digest, ikm, salt, info, keylen) {
  return native.hkdf(...checkHkdf(digest, ikm, salt, info, keylen));
}

const UINT32_MAX = 2 ** 32 - 1;

function checkArgon2(algorithm, parameters) {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', ['argon2d', 'argon2i', 'argon2id']);
  validateObject(parameters, 'parameters');
  const { parallelism, tagLength, memory, passes } = parameters;
  const bytes = (name) => {
    const value = toBytes(parameters[name], `parameters.${name}`);
    return value;
  };
  const optional = (name) => (parameters[name] === undefined ? undefined : bytes(name));
  const message = bytes('message');
  const nonce = bytes('nonce');
  validateInteger(nonce.byteLength, 'parameters.nonce.byteLength', 8, UINT32_MAX);
  validateInteger(parallelism, 'parameters.parallelism', 1, 2 ** 24 - 1);
  validateInteger(tagLength, 'parameters.tagLength', 4, UINT32_MAX);
  validateInteger(memory, 'parameters.memory', 8 * parallelism, UINT32_MAX);
  validateInteger(passes, 'parameters.passes', 1, UINT32_MAX);
  return [
    algorithm, message, nonce, parallelism, tagLength, memory, passes, optional('secret'), optional('associatedData'),
  ];
}

/** Node docs: crypto.argon2. */
function argon2(algorithm, parameters, callback) {
  const args = checkArgon2(algorithm, parameters);
  validateFunction(callback, 'callback');
  native.argon2(...args, jobCallback(callback));
}

/** Node docs: crypto.argon2Sync. */
function argon2Sync(algorithm, parameters) {
  return toBuffer(native.argon2(...checkArgon2(algorithm, parameters)));
}

module.exports = { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
