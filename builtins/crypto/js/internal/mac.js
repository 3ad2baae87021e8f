/**
 * Message authentication codes: createMac, getMacs. Node docs: crypto.createMac, "Class: Mac".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_MAC, ERR_CRYPTO_MAC_FINALIZED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateEncoding, validateObject, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { kEmptyObject } = require('internal/util');
const { Buffer } = require('buffer');
const { bufferTypes, encode, isBytes, kHandle, native, opensslError } = require('internal/crypto/util');
const { LazyTransform } = require('internal/crypto/lazy_transform');

const kState = Symbol('kState');

/** By name: the code, and the options it takes. */
const MACS = {
  'blake2bmac': ['blake2bmac', ['customization', 'outputLength', 'salt']],
  'blake2smac': ['blake2smac', ['customization', 'outputLength', 'salt']],
  'cmac': ['cmac', ['cipher']],
  'gmac': ['gmac', ['cipher', 'iv']],
  'hmac': ['hmac', ['digest']],
  'kmac-128': ['kmac128', ['customization', 'outputLength']],
  'kmac-256': ['kmac256', ['customization', 'outputLength']],
  'kmac128': ['kmac128', ['customization', 'outputLength']],
  'kmac256': ['kmac256', ['customization', 'outputLength']],
  'poly1305': ['poly1305', []],
  'siphash': ['siphash', ['outputLength']],
};

/** Options that are names, and those that are bytes. */
const TEXTS = ['cipher', 'digest'];
const BUFFERS = ['customization', 'iv', 'salt'];

function macKey(key) {
  if (isBytes(key)) return key;
  const { isKeyObject, isCryptoKey, secretBytes } = require('internal/crypto/keys');
  if (isKeyObject(key) || isCryptoKey(key)) return secretBytes(key, 'key');
  throw new ERR_INVALID_ARG_TYPE('key', [...bufferTypes, 'KeyObject'], key);
}

/** Checks the options of a code: `{ cipher, customization, digest, iv, outputLength, salt }`. */
function checkOptions(name, allowed, options) {
  const found = {};
  for (const key of [...TEXTS, ...BUFFERS, 'outputLength']) {
    const value = options[key];
    if (value === undefined) continue;
    if (TEXTS.includes(key)) {
      validateString(value, `options.${key}`);
    } else if (key === 'outputLength') {
      if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE('options.outputLength', 'number', value);
      if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE('options.outputLength', 'an integer', value);
      if (value < 0 || value > 2 ** 32 - 1) throw new ERR_OUT_OF_RANGE('options.outputLength', `>= 0 && <= ${2 ** 32 - 1}`, value);
    } else if (!isBytes(value)) {
      throw new ERR_INVALID_ARG_TYPE(`options.${key}`, bufferTypes, value);
    }
    if (!allowed.includes(key)) throw unsupportedOption(key, name);
    found[key] = value;
  }
  for (const key of TEXTS) {
    if (allowed.includes(key) && found[key] === undefined) throw optionError(key, `is required for ${name.toUpperCase()}`);
  }
  if (name === 'gmac' && !(found.iv?.byteLength > 0)) throw optionError('iv', 'must be non-empty for GMAC');
  return found;
}

function optionError(key, text) {
  const error = new ERR_INVALID_ARG_VALUE(`options.${key}`, undefined);
  error.message = `The property 'options.${key}' ${text}`;
  return error;
}

function unsupportedOption(key, name) {
  return optionError(key, `is not supported by MAC ${name}`);
}

/** OpenSSL's name of a block cipher for CMAC (in CBC) or GMAC. */
function cipherOf(name, found) {
  if (found.cipher === undefined) return undefined;
  const cipher = require('internal/crypto/cipher_names').findCipher(found.cipher);
  if (cipher === undefined) throw opensslError('0308010C', 'digital envelope routines', 'unsupported', 'EVP_');
  if (cipher.mode !== (name === 'cmac' ? 'cbc' : 'gcm')) throw opensslError('1C80007D', 'Provider routines', 'invalid mode', '');
  return cipher.nativeName;
}

class Mac extends LazyTransform {
  constructor(algorithm, key, options) {
    super(options);
    const [name, allowed] = MACS[algorithm.toLowerCase()];
    const found = checkOptions(name, allowed, options);
    this[kHandle] = native.macNew(name, macKey(key), cipherOf(name, found) ?? found.digest ?? '', found.iv, found.customization,
                                  found.salt, found.outputLength);
    this[kState] = { finalized: false };
  }

  _transform(chunk, encoding, callback) {
    native.hashUpdate(this[kHandle], typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    callback();
  }

  _flush(callback) {
    this.push(this.final());
    callback();
  }

  /** Node docs: mac.update. */
  update(data, inputEncoding) {
    if (this[kState].finalized) throw new ERR_CRYPTO_MAC_FINALIZED();
    if (typeof data === 'string') {
      validateEncoding(data, inputEncoding);
      data = Buffer.from(data, inputEncoding === 'buffer' ? undefined : inputEncoding);
    } else if (!isArrayBufferView(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    native.hashUpdate(this[kHandle], data);
    return this;
  }

  /** Node docs: mac.final. */
  final(outputEncoding) {
    if (this[kState].finalized) throw new ERR_CRYPTO_MAC_FINALIZED();
    this[kState].finalized = true;
    return encode(native.hashDigest(this[kHandle], false), outputEncoding);
  }
}

/** Node docs: crypto.createMac. */
function createMac(algorithm, key, options = kEmptyObject) {
  validateString(algorithm, 'algorithm');
  macKey(key);
  validateObject(options, 'options');
  if (!Object.hasOwn(MACS, algorithm.toLowerCase())) throw new ERR_CRYPTO_INVALID_MAC(algorithm);
  return new Mac(algorithm, key, options);
}
Object.defineProperty(createMac, 'length', { __proto__: null, configurable: true, value: 3 });

/** Node docs: crypto.getMacs. */
function getMacs() {
  return Object.keys(MACS);
}

module.exports = { createMac, getMacs };
