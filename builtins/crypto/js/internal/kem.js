/**
 * Key encapsulation. Node docs: crypto.encapsulate, crypto.decapsulate.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { bufferTypes, isBytes, jobCallback, native, toBuffer } = require('internal/crypto/util');
const { privateHandle, publicHandle } = require('internal/crypto/keys');

function encapsulated([sharedKey, ciphertext]) {
  return { sharedKey: toBuffer(sharedKey), ciphertext: toBuffer(ciphertext) };
}

/** A shared key, and what its owner needs to find it too. Node docs: crypto.encapsulate. */
function encapsulate(key, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = publicHandle(key);
  if (callback === undefined) return encapsulated(native.encapsulate(handle));
  native.encapsulate(handle, jobCallback(callback, encapsulated));
}

/** The shared key of a ciphertext. Node docs: crypto.decapsulate. */
function decapsulate(key, ciphertext, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = privateHandle(key);
  if (!isBytes(ciphertext)) throw new ERR_INVALID_ARG_TYPE('ciphertext', bufferTypes, ciphertext);
  if (callback === undefined) return toBuffer(native.decapsulate(handle, ciphertext));
  native.decapsulate(handle, ciphertext, jobCallback(callback));
}

module.exports = { decapsulate, encapsulate };
