/**
 * RSA encryption and stateless Diffie-Hellman. Node docs: crypto.publicEncrypt, crypto.privateDecrypt, crypto.diffieHellman.
 */
'use strict';

const {
  codes: { ERR_CRYPTO_INCOMPATIBLE_KEY, ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateFunction, validateObject, validateString, validateInt32 } = require('internal/validators');
const { codedError, jobCallback, native, toBuffer, toBytes } = require('internal/crypto/util');
const { handleOf, isKeyObject, privateHandle, publicHandle } = require('internal/crypto/keys');

const RSA_PKCS1_PADDING = 1;
const RSA_PKCS1_OAEP_PADDING = 4;

/** A key's handle, or why OpenSSL refuses it: Node parses after it has checked the other arguments. */
function parsed(handleOfKey, options) {
  try {
    return { handle: handleOfKey(options), refusal: undefined };
  } catch (error) {
    if (!`${error.code}`.startsWith('ERR_OSSL_')) throw error;
    return { handle: undefined, refusal: error };
  }
}

function crypt(operation, handleOfKey, defaultPadding) {
  const holder = {
    [operation](options, buffer) {
      const { padding = defaultPadding, oaepHash = 'sha1', oaepLabel, encoding } = typeof options === 'object' && options ? options : {};
      const key = parsed(handleOfKey, options);
      validateInt32(padding, 'options.padding');
      const data = toBytes(buffer, 'buffer', encoding);
      if (oaepHash !== undefined) validateString(oaepHash, 'key.oaepHash');
      const label = oaepLabel === undefined ? undefined : toBytes(oaepLabel, 'key.oaepLabel', encoding);
      if (key.refusal !== undefined) {
        const isDigest = native.hmacNew(oaepHash, '') !== undefined;
        throw isDigest ? key.refusal : codedError('Invalid digest used', 'ERR_OSSL_EVP_INVALID_DIGEST');
      }
      return toBuffer(native.rsaCrypt(operation, key.handle, data, padding, oaepHash, label));
    },
  };
  return holder[operation];
}

function needKey(key, name, type) {
  if (!isKeyObject(key)) throw new ERR_INVALID_ARG_VALUE(name, key);
  if (key.type === 'secret' || (type === 'private' && key.type !== 'private')) {
    throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, type === 'private' ? 'private' : 'private or public');
  }
}

/** The secret that two keys share. Node docs: crypto.diffieHellman. */
function diffieHellman(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { privateKey, publicKey } = options;
  needKey(privateKey, 'options.privateKey', 'private');
  needKey(publicKey, 'options.publicKey', 'public');
  const [own, other] = [privateKey.asymmetricKeyType, publicKey.asymmetricKeyType];
  if (own !== other || !['dh', 'ec', 'x448', 'x25519'].includes(own)) {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY('key types for Diffie-Hellman', `${own} and ${other}`);
  }
  const handles = [handleOf(privateKey), handleOf(publicKey)];
  if (callback === undefined) return toBuffer(native.agree(...handles));
  native.agree(...handles, jobCallback(callback));
}

module.exports = {
  diffieHellman,
  privateDecrypt: crypt('privateDecrypt', privateHandle, RSA_PKCS1_OAEP_PADDING),
  privateEncrypt: crypt('privateEncrypt', privateHandle, RSA_PKCS1_PADDING),
  publicDecrypt: crypt('publicDecrypt', publicHandle, RSA_PKCS1_PADDING),
  publicEncrypt: crypt('publicEncrypt', publicHandle, RSA_PKCS1_OAEP_PADDING),
};
