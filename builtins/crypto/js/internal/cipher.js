/**
 * Cipheriv and Decipheriv. Node docs: crypto, "Class: Cipheriv", "Class: Decipheriv".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_AUTH_TAG, ERR_CRYPTO_INVALID_IV, ERR_CRYPTO_INVALID_KEYLEN, ERR_CRYPTO_INVALID_MESSAGELEN,
    ERR_CRYPTO_INVALID_STATE, ERR_CRYPTO_UNKNOWN_CIPHER, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { validateEncoding, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { getDeprecationWarningEmitter, normalizeEncoding } = require('internal/util');
const { Buffer } = require('buffer');
const { StringDecoder } = require('string_decoder');
const { kHandle, native, stringOrBufferTypes, toBuffer, toBytes } = require('internal/crypto/util');
const { secretBytes } = require('internal/crypto/keys');
const { findCipher, takesIv } = require('internal/crypto/cipher_names');
const { LazyTransform } = require('internal/crypto/lazy_transform');

const kCipher = Symbol('kCipher');
const kState = Symbol('kState');

const warnOfShortTag = getDeprecationWarningEmitter(
  'DEP0182', 'Using AES-GCM authentication tags of less than 128 bits without specifying the authTagLength option when ' +
  'initializing decryption is deprecated.', undefined, false);

const TAGGED_MODES = new Set(['ccm', 'gcm', 'gcm-siv', 'ocb', 'siv']);

/** Modes whose tag's length must be known from the start. */
const NEED_TAG_LENGTH = new Set(['ccm', 'ocb']);

/** The lengths of a tag that a mode has, in bytes. */
function takesTag(mode, length) {
  if (mode === 'gcm') return length === 4 || length === 8 || (length >= 12 && length <= 16);
  if (mode === 'ccm') return length >= 4 && length <= 16 && length % 2 === 0;
  if (mode === 'siv' || mode === 'gcm-siv') return length === 16;
  return length >= 1 && length <= 16;
}

function isAuthenticated(cipher) {
  return TAGGED_MODES.has(cipher.mode) || cipher.nativeName === 'chacha20-poly1305';
}

function tagLengthOf(options) {
  const value = options?.authTagLength;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || value >>> 0 !== value) {
    throw new ERR_INVALID_ARG_VALUE('options.authTagLength', value);
  }
  return value;
}

function badTag(length) {
  return new ERR_CRYPTO_INVALID_AUTH_TAG(length);
}

function open(self, encrypt, name, key, options, iv) {
  validateString(name, 'cipher');
  const encoding = options?.encoding;
  const keyBytes = secretBytes(key, 'key', encoding);
  const ivBytes = iv === null ? null : ivOf(iv);
  const tagLength = tagLengthOf(options);
  const cipher = findCipher(name);
  if (cipher === undefined) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
  if (keyBytes.byteLength !== cipher.keyLength) throw new ERR_CRYPTO_INVALID_KEYLEN();
  checkIv(cipher, ivBytes);
  const authenticated = isAuthenticated(cipher);
  if (authenticated) checkTagLength(cipher, name, tagLength);
  self[kCipher] = cipher;
  self[kState] = { authenticated, begun: false, encrypt, final: false, tagLength: authenticated ? tagLength : undefined, tagSet: false };
  self[kHandle] = native.cipherNew(cipher.nativeName, encrypt, keyBytes, ivBytes ?? undefined, authenticated ? tagLength ?? 16 : 0);
}

function ivOf(iv) {
  if (typeof iv !== 'string' && !isArrayBufferView(iv) && !(iv instanceof ArrayBuffer)) {
    throw new ERR_INVALID_ARG_TYPE('iv', stringOrBufferTypes, iv);
  }
  return toBytes(iv, 'iv');
}

function checkIv(cipher, bytes) {
  const length = bytes === null ? -1 : bytes.byteLength;
  if (cipher.ivLength === 0) {
    if (length > 0) throw new ERR_CRYPTO_INVALID_IV();
  } else if (!takesIv(cipher, length)) {
    throw new ERR_CRYPTO_INVALID_IV();
  }
}

function checkTagLength(cipher, name, length) {
  if (length === undefined) {
    if (NEED_TAG_LENGTH.has(cipher.mode)) {
      const error = new ERR_CRYPTO_INVALID_AUTH_TAG('');
      error.message = `authTagLength required for ${name}`;
      throw error;
    }
    return;
  }
  if (!takesTag(cipher.mode, length)) throw badTag(length);
}

/** Decodes output piecewise; the encoding of a cipher's output stays the same. */
function decoderFor(self, encoding) {
  const normal = normalizeEncoding(encoding);
  if (self._decoder === null) {
    if (normal === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    self._decoder = new StringDecoder(normal);
  } else if (self._decoder.encoding !== normal) {
    if (normal === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding, `cannot be changed from '${self._decoder.encoding}'`);
  }
  return self._decoder;
}

function addMethods(Class) {
  Object.setPrototypeOf(Class.prototype, LazyTransform.prototype);
  Object.setPrototypeOf(Class, LazyTransform);
  for (const [name, method] of Object.entries(methods)) {
    Object.defineProperty(Class.prototype, name, { __proto__: null, configurable: true, enumerable: true, value: method, writable: true });
  }
}

function inputOf(data, encoding) {
  if (typeof data !== 'string') {
    if (!isArrayBufferView(data)) throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    return data;
  }
  if (encoding === undefined || encoding === 'utf8' || encoding === 'buffer') return data;
  validateEncoding(data, encoding);
  return Buffer.from(data, encoding);
}

const methods = {
  _transform(chunk, encoding, callback) {
    this.push(transform(this, inputOf(chunk, encoding)));
    callback();
  },

  _flush(callback) {
    let last;
    try {
      last = finish(this);
    } catch (error) {
      callback(error);
      return;
    }
    this.push(last);
    callback();
  },

  /** Node docs: cipher.update. */
  update(data, inputEncoding, outputEncoding) {
    const output = transform(this, inputOf(data, inputEncoding));
    if (outputEncoding && outputEncoding !== 'buffer') return decoderFor(this, outputEncoding).write(output);
    return output;
  },

  /** Node docs: cipher.final. */
  final(outputEncoding) {
    const output = finish(this);
    if (outputEncoding && outputEncoding !== 'buffer') return decoderFor(this, outputEncoding).end(output);
    return output;
  },

  /** Node docs: cipher.setAutoPadding. */
  setAutoPadding(autoPadding) {
    if (this[kState].final) throw new ERR_CRYPTO_INVALID_STATE('setAutoPadding');
    native.cipherPadding(this[kHandle], autoPadding === undefined || !!autoPadding);
    return this;
  },

  /** Node docs: cipher.setAAD. `plaintextLength` in bytes. */
  setAAD(buffer, options) {
    const encoding = options?.encoding;
    const bytes = toBytes(buffer, 'aadbuf', encoding);
    const state = this[kState];
    if (state.final || state.begun || !state.authenticated) throw new ERR_CRYPTO_INVALID_STATE('setAAD');
    if (this[kCipher].mode === 'ccm') {
      const length = options?.plaintextLength;
      if (length === undefined) {
        const error = new ERR_MISSING_ARGS('options.plaintextLength');
        error.message = 'options.plaintextLength required for CCM mode with AAD';
        throw error;
      }
      if (typeof length !== 'number' || length >>> 0 !== length) {
        throw new ERR_INVALID_ARG_VALUE('options.plaintextLength', length);
      }
      checkMessageLength(this, length);
    }
    native.cipherAAD(this[kHandle], bytes);
    return this;
  },
};

/** CCM: what the nonce leaves for the length. NIST SP 800-38C. */
function checkMessageLength(self, length) {
  if (length >= 2 ** (8 * (15 - self[kState].ivLength))) throw new ERR_CRYPTO_INVALID_MESSAGELEN();
}

function transform(self, data) {
  const state = self[kState];
  if (state.final || (self[kCipher].mode === 'ccm' && state.begun)) throw new Error('Trying to add data in unsupported state');
  if (self[kCipher].mode === 'ccm') checkMessageLength(self, typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength);
  state.begun = true;
  return toBuffer(native.cipherUpdate(self[kHandle], data));
}

function finish(self) {
  const state = self[kState];
  if (state.final) {
    const error = new ERR_CRYPTO_INVALID_STATE('final');
    error.message = 'Invalid state';
    throw error;
  }
  state.final = true;
  return toBuffer(native.cipherFinal(self[kHandle]));
}

/** Node docs: crypto.createCipheriv. */
function Cipheriv(cipher, key, iv, options) {
  if (!new.target) return new Cipheriv(cipher, key, iv, options);
  open(this, true, cipher, key, options, iv);
  this[kState].ivLength = iv === null ? 0 : ivOf(iv).byteLength;
  this._decoder = null;
  LazyTransform.call(this, options);
}
addMethods(Cipheriv);

/** Node docs: cipher.getAuthTag. */
Cipheriv.prototype.getAuthTag = function getAuthTag() {
  if (!this[kState].final || !this[kState].authenticated) throw new ERR_CRYPTO_INVALID_STATE('getAuthTag');
  return toBuffer(native.cipherTag(this[kHandle]));
};

/** Node docs: crypto.createDecipheriv. */
function Decipheriv(cipher, key, iv, options) {
  if (!new.target) return new Decipheriv(cipher, key, iv, options);
  open(this, false, cipher, key, options, iv);
  this[kState].ivLength = iv === null ? 0 : ivOf(iv).byteLength;
  this._decoder = null;
  LazyTransform.call(this, options);
}
addMethods(Decipheriv);

/** Node docs: decipher.setAuthTag. */
Decipheriv.prototype.setAuthTag = function setAuthTag(tag, encoding) {
  const bytes = toBytes(tag, 'buffer', encoding);
  const state = this[kState];
  if (!state.authenticated || state.final || state.tagSet) throw new ERR_CRYPTO_INVALID_STATE('setAuthTag');
  const length = bytes.byteLength;
  const fits = state.tagLength === undefined ? takesTag(this[kCipher].mode, length) : length === state.tagLength;
  if (!fits) throw badTag(length);
  if (this[kCipher].mode === 'gcm' && state.tagLength === undefined && length !== 16) warnOfShortTag();
  native.cipherSetTag(this[kHandle], bytes);
  state.tagSet = true;
  return this;
};

function createCipheriv(cipher, key, iv, options) {
  return new Cipheriv(cipher, key, iv, options);
}

function createDecipheriv(cipher, key, iv, options) {
  return new Decipheriv(cipher, key, iv, options);
}

module.exports = { Cipheriv, Decipheriv, createCipheriv, createDecipheriv };
