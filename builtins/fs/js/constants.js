/**
 * `node:constants`: the constants of os, fs and crypto in one frozen object. Deprecated, but packages of long standing
 * (graceful-fs) begin with it, so crypto is not loaded before one of its constants is looked at.
 * Node docs: DEP0008.
 */
'use strict';

const { dlopen, errno, priority, signals } = require('os').constants;

/** The names of `crypto.constants`, in order. */
const CRYPTO = [
  'OPENSSL_VERSION_NUMBER', 'SSL_OP_ALL', 'SSL_OP_ALLOW_NO_DHE_KEX', 'SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION',
  'SSL_OP_CIPHER_SERVER_PREFERENCE', 'SSL_OP_CISCO_ANYCONNECT', 'SSL_OP_COOKIE_EXCHANGE',
  'SSL_OP_CRYPTOPRO_TLSEXT_BUG', 'SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS', 'SSL_OP_LEGACY_SERVER_CONNECT',
  'SSL_OP_NO_COMPRESSION', 'SSL_OP_NO_ENCRYPT_THEN_MAC', 'SSL_OP_NO_QUERY_MTU', 'SSL_OP_NO_RENEGOTIATION',
  'SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION', 'SSL_OP_NO_SSLv2', 'SSL_OP_NO_SSLv3', 'SSL_OP_NO_TICKET',
  'SSL_OP_NO_TLSv1', 'SSL_OP_NO_TLSv1_1', 'SSL_OP_NO_TLSv1_2', 'SSL_OP_NO_TLSv1_3', 'SSL_OP_PRIORITIZE_CHACHA',
  'SSL_OP_TLS_ROLLBACK_BUG', 'ENGINE_METHOD_RSA', 'ENGINE_METHOD_DSA', 'ENGINE_METHOD_DH', 'ENGINE_METHOD_RAND',
  'ENGINE_METHOD_EC', 'ENGINE_METHOD_CIPHERS', 'ENGINE_METHOD_DIGESTS', 'ENGINE_METHOD_PKEY_METHS',
  'ENGINE_METHOD_PKEY_ASN1_METHS', 'ENGINE_METHOD_ALL', 'ENGINE_METHOD_NONE', 'DH_CHECK_P_NOT_SAFE_PRIME',
  'DH_CHECK_P_NOT_PRIME', 'DH_UNABLE_TO_CHECK_GENERATOR', 'DH_NOT_SUITABLE_GENERATOR', 'RSA_PKCS1_PADDING',
  'RSA_SSLV23_PADDING', 'RSA_NO_PADDING', 'RSA_PKCS1_OAEP_PADDING', 'RSA_X931_PADDING', 'RSA_PKCS1_PSS_PADDING',
  'RSA_PSS_SALTLEN_DIGEST', 'RSA_PSS_SALTLEN_MAX_SIGN', 'RSA_PSS_SALTLEN_AUTO', 'defaultCoreCipherList',
  'TLS1_VERSION', 'TLS1_1_VERSION', 'TLS1_2_VERSION', 'TLS1_3_VERSION', 'POINT_CONVERSION_COMPRESSED',
  'POINT_CONVERSION_UNCOMPRESSED', 'POINT_CONVERSION_HYBRID',
];

const constants = { ...dlopen, ...errno, ...priority, ...signals, ...require('internal/fs/constants') };
for (const name of CRYPTO) {
  Object.defineProperty(constants, name, {
    __proto__: null,
    enumerable: true,
    get() { return require('crypto').constants[name]; },
  });
}

module.exports = Object.freeze(constants);
