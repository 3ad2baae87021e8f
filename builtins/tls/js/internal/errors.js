/** Errors of TLS as OpenSSL and Node word them. */
'use strict';

const { Error: PlainError } = globalThis;

/** An error of OpenSSL's: `error:0A0000B9:SSL routines::no cipher match`. */
function opensslError(library, number, reason, prefix, detail) {
  const packed = LIBRARIES[library] * 0x800000 + number;
  const hex = packed.toString(16).toUpperCase().padStart(8, '0');
  const error = new PlainError(`error:${hex}:${library}::${reason}${detail ?? ''}`);
  error.library = library;
  error.reason = reason;
  error.code = `${prefix}${reason.toUpperCase().replaceAll(' ', '_')}`;
  return error;
}

/** Numbers of OpenSSL's libraries. */
const LIBRARIES = { 'PEM routines': 9, 'x509 certificate routines': 11, 'SSL routines': 20 };

/** The first of the numbers that reasons of received alerts have. */
const ALERTS = 1000;

/** What failed in a connection. */
function sslError(reason, number) {
  const detail = number >= ALERTS ? `:SSL alert number ${number - ALERTS}` : undefined;
  return opensslError('SSL routines', number, reason, 'ERR_SSL_', detail);
}

const VERDICTS = {
  __proto__: null,
  CERT_CHAIN_TOO_LONG: 'certificate chain too long',
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_REJECTED: 'certificate rejected',
  CERT_REVOKED: 'certificate revoked',
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  CERT_UNTRUSTED: 'certificate not trusted',
  CRL_HAS_EXPIRED: 'CRL has expired',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  CRL_SIGNATURE_FAILURE: 'CRL signature failure',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  EXCLUDED_SUBTREE_VIOLATION: 'excluded subtree violation',
  HOSTNAME_MISMATCH: 'hostname mismatch',
  INVALID_CA: 'invalid CA certificate',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  KEYUSAGE_NO_CRL_SIGN: 'key usage does not include CRL signing',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  PERMITTED_SUBTREE_VIOLATION: 'permitted subtree violation',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_CRL: 'unable to get certificate CRL',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
  UNHANDLED_CRITICAL_EXTENSION: 'unhandled critical extension',
};

/** Verdicts that another set of roots may change. */
const ABOUT_ROOTS = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'];

/** The error of a verdict on a certificate. Node docs: tls, "X509 certificate error codes". */
function verifyError(code) {
  let message = VERDICTS[code] ?? 'unspecified certificate verification error';
  if (ABOUT_ROOTS.includes(code) && !require('internal/options').getOptionValue('--use-system-ca')) {
    message += '; if the root CA is installed locally, try running Node.js with --use-system-ca';
  }
  const error = new PlainError(message);
  error.code = code;
  return error;
}

module.exports = { opensslError, sslError, verifyError };
