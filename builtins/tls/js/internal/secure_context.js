/**
 * `tls.createSecureContext()`: keys, trust and rules of connections, checked once.
 * Node docs: tls.createSecureContext.
 */
'use strict';

const { isArrayBufferView } = require('internal/util/types');
const {
  codes: {
    ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED, ERR_CRYPTO_OPERATION_FAILED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
    ERR_TLS_INVALID_PROTOCOL_METHOD, ERR_TLS_INVALID_PROTOCOL_VERSION, ERR_TLS_PROTOCOL_VERSION_CONFLICT,
  },
} = require('internal/errors');
const { validateBuffer, validateInt32, validateInteger, validateString } = require('internal/validators');
const { Buffer } = require('buffer');
const { opensslError } = require('internal/tls/errors');
const { installDefaultStore } = require('internal/tls/roots');
const defaults = require('internal/tls/defaults');

const native = binding('tls');

const VERSIONS = { __proto__: null, 'TLSv1': 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** OpenSSL's method names, and the versions they stand for (0: any). */
const METHODS = {
  __proto__: null,
  SSLv23: [0, 0x0304], TLS: [0, 0x0304], TLSv1: [0x0301, 0x0301], TLSv1_1: [0x0302, 0x0302], TLSv1_2: [0x0303, 0x0303],
};

/** Bits of `secureOptions`. OpenSSL docs: SSL_CTX_set_options. */
const SSL_OP_NO_TICKET = 0x4000;
const SSL_OP_CIPHER_SERVER_PREFERENCE = 0x400000;
const SSL_OP_NO_TLSV1_2 = 0x8000000;
const SSL_OP_NO_TLSV1_3 = 0x20000000;

const GROUPS = {
  __proto__: null,
  'P-256': 23, 'P-384': 24, 'P-521': 25, 'X25519': 29, 'X448': 30, 'prime256v1': 23, 'secp384r1': 24, 'secp521r1': 25, 'x25519': 29,
  'X25519MLKEM768': 4588, 'SecP256r1MLKEM768': 4587, 'MLKEM768': 513, 'MLKEM1024': 514,
};

/** RFC 8446 §4.2.3, and OpenSSL's names for the same. */
const SCHEMES = {
  __proto__: null,
  'ECDSA+SHA1': [0x0203], 'ECDSA+SHA256': [0x0403], 'ECDSA+SHA384': [0x0503], 'ECDSA+SHA512': [0x0603], 'RSA+SHA1': [0x0201],
  'RSA+SHA256': [0x0401], 'RSA+SHA384': [0x0501], 'RSA+SHA512': [0x0601], 'RSA-PSS+SHA256': [0x0804], 'RSA-PSS+SHA384': [0x0805],
  'RSA-PSS+SHA512': [0x0806], 'ecdsa_secp256r1_sha256': [0x0403], 'ecdsa_secp384r1_sha384': [0x0503],
  'ecdsa_secp521r1_sha512': [0x0603], 'ed25519': [0x0807], 'ed448': [0x0808], 'mldsa44': [0x0904], 'mldsa65': [0x0905], 'mldsa87': [0x0906], 'rsa_pkcs1_sha256': [0x0401],
  'rsa_pkcs1_sha384': [0x0501], 'rsa_pkcs1_sha512': [0x0601], 'rsa_pss_rsae_sha256': [0x0804], 'rsa_pss_rsae_sha384': [0x0805],
  'rsa_pss_rsae_sha512': [0x0806],
};

/** As OpenSSL prints a scheme: the key's kind and the hash. Node docs: tlsSocket.getSharedSigalgs. */
function schemeName(number) {
  for (const name of Object.keys(SCHEMES)) if (name.includes('+') && SCHEMES[name].includes(number)) return name;
  if (number >= 0x0904 && number <= 0x0906) return `id-ml-dsa-${[44, 65, 87][number - 0x0904]}+UNDEF`;
  if (number === 0x0807) return 'Ed25519+UNDEF';
  if (number === 0x0808) return 'Ed448+UNDEF';
  return 'UNDEF+UNDEF';
}

function toVersion(name, fallback, which) {
  const version = VERSIONS[name ?? fallback];
  if (version === undefined) throw new ERR_TLS_INVALID_PROTOCOL_VERSION(name, which);
  return version;
}

function methodVersions(method, minVersion, maxVersion) {
  validateString(method, 'options.secureProtocol');
  if (minVersion != null) throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(minVersion, method);
  if (maxVersion != null) throw new ERR_TLS_PROTOCOL_VERSION_CONFLICT(maxVersion, method);
  const match = /^(\w+?)_(?:client_|server_)?method$/.exec(method);
  if (match?.[1] === 'SSLv2') throw new ERR_TLS_INVALID_PROTOCOL_METHOD('SSLv2 methods disabled');
  if (match?.[1] === 'SSLv3') throw new ERR_TLS_INVALID_PROTOCOL_METHOD('SSLv3 methods disabled');
  const versions = match && METHODS[match[1]];
  if (!versions) throw new ERR_TLS_INVALID_PROTOCOL_METHOD(`Unknown method: ${method}`);
  return versions;
}

class SecureContext {
  constructor(secureProtocol, secureOptions, minVersion, maxVersion) {
    if (secureProtocol) {
      [this.minVersion, this.maxVersion] = methodVersions(secureProtocol, minVersion, maxVersion);
    } else {
      this.minVersion = toVersion(minVersion, defaults.minVersion(), 'minimum');
      this.maxVersion = toVersion(maxVersion, defaults.maxVersion(), 'maximum');
    }
    if (secureOptions) validateInteger(secureOptions, 'secureOptions');
    let { minVersion: min, maxVersion: max } = this;
    if (secureOptions & SSL_OP_NO_TLSV1_3) max = Math.min(max, 0x0303);
    if (secureOptions & SSL_OP_NO_TLSV1_2) min = Math.max(min, 0x0304);
    Object.defineProperty(this, 'versions', { __proto__: null, configurable: true, enumerable: false, value: [min, max], writable: true });
    this.context = native.createContext(native.contextPrototype);
    delete this.minVersion;
    delete this.maxVersion;
  }
}

const BYTES = ['string', 'Buffer', 'TypedArray', 'DataView'];

function toBytes(value, name) {
  if (typeof value === 'string') return Buffer.from(value);
  if (isArrayBufferView(value)) return value;
  throw new ERR_INVALID_ARG_TYPE(name, BYTES, value);
}

function checkKeyOrCert(value, name) {
  if (typeof value !== 'string' && !isArrayBufferView(value)) throw new ERR_INVALID_ARG_TYPE(name, BYTES, value);
}

/** A private key as PKCS #8 in DER. */
function readKey(key, passphrase, name) {
  checkKeyOrCert(key, name);
  if (passphrase !== undefined && passphrase !== null) validateString(passphrase, 'options.passphrase');
  const { createPrivateKey } = require('internal/crypto/keys');
  const read = (phrase) => createPrivateKey({ key, passphrase: phrase, format: 'pem' }).export({ type: 'pkcs8', format: 'der' });
  try {
    return read(passphrase ?? undefined);
  } catch (error) {
    // Without a passphrase an empty one is tried, and what is said is that it does not fit.
    if (error.reason === 'interrupted or cancelled') return read('');
    throw error;
  }
}

function readKeys(key, passphrase) {
  const list = [];
  if (!Array.isArray(key)) return [readKey(key, passphrase, 'options.key')];
  for (const item of key) {
    // In a list, keys may come with passphrases of their own: `{ pem, passphrase }`.
    const pem = item?.pem !== undefined ? item.pem : item;
    const phrase = item?.passphrase !== undefined ? item.passphrase : passphrase;
    list.push(readKey(pem, phrase, 'options.key'));
  }
  return list;
}

function readCerts(cert) {
  const list = [];
  for (const item of Array.isArray(cert) ? cert : [cert]) {
    checkKeyOrCert(item, 'options.cert');
    const chain = native.pemCertificates(toBytes(item, 'options.cert'));
    if (chain === undefined || chain.length === 0) throw opensslError('PEM routines', 108, 'no start line', 'ERR_OSSL_PEM_');
    list.push(chain);
  }
  return list;
}

const MISMATCH = 1;

/** Joins each chain with its key. */
function addPairs(context, keys, chains) {
  for (const chain of chains) {
    let answer = MISMATCH;
    for (const key of keys) {
      answer = context.addKeyCert(key, chain);
      if (answer !== MISMATCH) break;
    }
    if (answer === MISMATCH) {
      throw opensslError('x509 certificate routines', 116, 'key values mismatch', 'ERR_OSSL_X509_');
    }
    if (answer !== 0) throw opensslError('SSL routines', 247, 'unknown certificate type', 'ERR_SSL_');
  }
}

function addPfx(context, pfx, passphrase) {
  for (const item of Array.isArray(pfx) ? pfx : [pfx]) {
    const raw = item?.buf ?? item;
    const phrase = item?.passphrase ?? passphrase;
    const bytes = toBytes(raw, 'pfx');
    if (phrase !== undefined && phrase !== null) validateString(phrase, 'options.passphrase');
    const { key, certificate, others } = require('internal/crypto/pkcs12').readPfx(bytes, phrase ?? '');
    const der = key.export({ type: 'pkcs8', format: 'der' });
    addPairs(context, [der], [[certificate, ...others]]);
    for (const other of others) context.addCACert(Buffer.from(pemOf(other)));
  }
}

function pemOf(der) {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Node docs: `ciphers`: names of TLS 1.3 suites among the words of an OpenSSL list. */
function setCiphers(secure, ciphers) {
  // Security levels bound what OpenSSL takes; what is provided here is above all of them.
  const words = ciphers.replaceAll(/@SECLEVEL=\d/g, '').split(':').filter((word) => word !== '');
  const suites = words.filter((word) => word.startsWith('TLS_'));
  const list = words.filter((word) => !word.startsWith('TLS_') && !word.startsWith('!TLS_')).join(':');
  if (suites.length === 0 && list === '') throw new ERR_INVALID_ARG_VALUE('options.ciphers', ciphers);
  const { context, versions } = secure;
  if (!context.setCiphers(list === '' ? undefined : list, suites.length === 0 ? undefined : suites)) {
    throw opensslError('SSL routines', 185, 'no cipher match', 'ERR_SSL_');
  }
  // Suites of TLS 1.3 alone mean that version; a list without any leaves its suites as they are.
  if (list === '' && versions[0] < 0x0304 && versions[1] > 0x0303) versions[0] = 0x0304;
}

function setGroups(context, curve) {
  validateString(curve, 'options.ecdhCurve');
  if (curve === 'auto') return;
  const numbers = curve.split(':').map((name) => GROUPS[name]);
  if (numbers.includes(undefined)) throw new ERR_CRYPTO_OPERATION_FAILED('Failed to set ECDH curve');
  context.setGroups(numbers);
}

function setSchemes(context, sigalgs) {
  validateString(sigalgs, 'options.sigalgs');
  if (sigalgs === '') throw new ERR_INVALID_ARG_VALUE('options.sigalgs', sigalgs);
  const numbers = sigalgs.split(':').map((name) => SCHEMES[name]);
  if (numbers.includes(undefined)) throw new ERR_CRYPTO_OPERATION_FAILED('Failed to set signature algorithms');
  context.setSchemes(numbers.flat());
}

/** What this TLS implementation does not have is refused, not ignored. */
function refuseEngines({ clientCertEngine, privateKeyEngine, privateKeyIdentifier }) {
  if (typeof clientCertEngine === 'string') throw new ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
  if (clientCertEngine != null) throw new ERR_INVALID_ARG_TYPE('options.clientCertEngine', ['string', 'null', 'undefined'], clientCertEngine);
  for (const [name, value] of [['privateKeyEngine', privateKeyEngine], ['privateKeyIdentifier', privateKeyIdentifier]]) {
    if (value == null) continue;
    if (typeof value === 'string') throw new ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED();
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'null', 'undefined'], value);
  }
}

/** Node docs: tls.getCertificateCompressionAlgorithms. */
const COMPRESSIONS = ['zlib', 'brotli', 'zstd'];

function getCertificateCompressionAlgorithms() {
  return [...COMPRESSIONS];
}

function setCompression(context, list) {
  if (!Array.isArray(list)) throw new ERR_INVALID_ARG_TYPE('options.certificateCompression', 'Array', list);
  list.forEach((name, index) => {
    if (COMPRESSIONS.includes(name)) return;
    throw new ERR_INVALID_ARG_VALUE(`options.certificateCompression[${index}]`, name, "must be 'zlib', 'brotli', or 'zstd'");
  });
  if (new Set(list).size !== list.length) throw new ERR_CRYPTO_OPERATION_FAILED('Failed to set certificate compression preference');
  context.setCompression(list);
}

function setTrust(context, ca) {
  if (ca) {
    for (const item of Array.isArray(ca) ? ca : [ca]) {
      checkKeyOrCert(item, 'options.ca');
      context.addCACert(toBytes(item, 'options.ca'));
    }
  } else {
    installDefaultStore();
    context.addRootCerts();
  }
}

/** Node docs: tls.createSecureContext. */
function createSecureContext(options) {
  options ||= {};
  const {
    honorCipherOrder, minVersion, maxVersion, secureProtocol, ca, cert, ciphers, crl, dhparam, ecdhCurve, key, passphrase, pfx,
    sessionIdContext, sessionTimeout, sigalgs, ticketKeys, allowPartialTrustChain, certificateCompression,
  } = options;
  let { secureOptions } = options;
  refuseEngines(options);
  if (honorCipherOrder) secureOptions |= SSL_OP_CIPHER_SERVER_PREFERENCE;
  const secure = new SecureContext(secureProtocol, secureOptions, minVersion, maxVersion);
  const { context } = secure;
  setTrust(context, ca);
  const chains = cert ? readCerts(cert) : [];
  const keys = key ? readKeys(key, passphrase) : [];
  if (keys.length > 0) addPairs(context, keys, chains);
  if (ciphers != null) validateString(ciphers, 'options.ciphers');
  setCiphers(secure, ciphers || defaults.ciphers());
  if (ecdhCurve !== undefined) setGroups(context, ecdhCurve);
  else if (defaults.ecdhCurve() !== 'auto') setGroups(context, defaults.ecdhCurve());
  if (sigalgs !== undefined) setSchemes(context, sigalgs);
  if (certificateCompression !== undefined && certificateCompression !== null) setCompression(context, certificateCompression);
  if (dhparam !== undefined && dhparam !== null && dhparam !== 'auto') checkKeyOrCert(dhparam, 'options.dhparam');
  if (crl !== undefined && crl !== null) {
    for (const item of Array.isArray(crl) ? crl : [crl]) {
      checkKeyOrCert(item, 'options.crl');
      if (!context.addCRL(toBytes(item, 'options.crl'))) throw new ERR_CRYPTO_OPERATION_FAILED('Failed to parse CRL');
    }
  }
  if (sessionIdContext !== undefined && sessionIdContext !== null) validateString(sessionIdContext, 'options.sessionIdContext');
  if (pfx !== undefined && pfx !== null) addPfx(context, pfx, passphrase);
  if (sessionTimeout !== undefined && sessionTimeout !== null) validateInt32(sessionTimeout, 'options.sessionTimeout', 0);
  if (ticketKeys !== undefined && ticketKeys !== null) {
    validateBuffer(ticketKeys, 'options.ticketKeys');
    if (ticketKeys.byteLength !== 48) {
      throw new ERR_INVALID_ARG_VALUE('options.ticketKeys', ticketKeys.byteLength, 'must be exactly 48 bytes');
    }
    context.setTicketKeys(ticketKeys);
  }
  context.setFlags(!(secureOptions & SSL_OP_CIPHER_SERVER_PREFERENCE), !(secureOptions & SSL_OP_NO_TICKET), sessionTimeout ?? 0,
                   Boolean(allowPartialTrustChain));
  context.setVersions(Math.max(secure.versions[0], 0x0303), secure.versions[1]);
  return secure;
}

module.exports = { SecureContext, createSecureContext, getCertificateCompressionAlgorithms, pemOf, schemeName };
