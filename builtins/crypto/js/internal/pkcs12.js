/**
 * Reading `.pfx` files. Node docs: crypto.parsePKCS12.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateObject } = require('internal/validators');
const { Buffer } = require('buffer');
const { isBytes, native, stringOrBufferTypes, toBuffer, toBytes } = require('internal/crypto/util');

/** Node docs: crypto.parsePKCS12. */
function parsePKCS12(bundle, options = {}) {
  if (!isBytes(bundle)) throw new ERR_INVALID_ARG_TYPE('bundle', ['ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'], bundle);
  validateObject(options, 'options');
  const { passphrase = '' } = options;
  if (typeof passphrase !== 'string' && !isBytes(passphrase)) {
    throw new ERR_INVALID_ARG_TYPE('options.passphrase', stringOrBufferTypes, passphrase);
  }
  const text = typeof passphrase === 'string' ? passphrase : Buffer.from(toBytes(passphrase, 'options.passphrase')).toString();
  const { key, certificate, others } = native.pkcs12(bundle, text, false);
  const { makePrivate } = require('internal/crypto/keys');
  const { X509Certificate } = require('internal/crypto/x509');
  const read = (der) => new X509Certificate(toBuffer(der));
  return {
    __proto__: null,
    privateKey: key === undefined ? null : makePrivate(native.keyRead(toBuffer(key), 'der', 'pkcs8', false)),
    certificate: certificate === undefined ? null : read(certificate),
    additionalCertificates: others.map(read),
  };
}

/** The key (a KeyObject) and certificates (Buffers of DER) of a `.pfx` file, with the errors of tls.createSecureContext(). */
function readPfx(data, passphrase = '') {
  const { key, certificate, others } = native.pkcs12(data, `${passphrase}`, true);
  const { makePrivate } = require('internal/crypto/keys');
  return {
    key: makePrivate(native.keyRead(toBuffer(key), 'der', 'pkcs8', false)),
    certificate: certificate && toBuffer(certificate),
    others: others.map(toBuffer),
  };
}

module.exports = { parsePKCS12, readPfx };
