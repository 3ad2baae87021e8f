/**
 * X509Certificate, and the legacy object that `tls` hands out for a peer's certificate. Node docs: crypto, "Class:
 * X509Certificate"; tls, "Certificate object".
 *
 * A certificate keeps its DER. What its properties show is read by native code in one go, on first use.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS } } = require('internal/errors');
const { validateBoolean, validateObject, validateString } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { Buffer } = require('buffer');
const { native, toBuffer } = require('internal/crypto/util');

let isX509Certificate;
let rawOf;
let setIssuer;

class X509Certificate {
  #raw;
  #info;
  #cache = { __proto__: null };
  #issuerCertificate;

  constructor(buffer) {
    if (typeof buffer === 'string') buffer = Buffer.from(buffer);
    if (!isArrayBufferView(buffer)) throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
    this.#raw = toBuffer(native.x509Read(buffer));
  }

  static {
    isX509Certificate = (value) => value !== null && typeof value === 'object' && #raw in value;
    rawOf = (certificate) => certificate.#raw;
    setIssuer = (certificate, issuer) => { certificate.#issuerCertificate = issuer; };
  }

  static #of(self) {
    if (!isX509Certificate(self)) throw new ERR_INVALID_THIS('X509Certificate');
    self.#info ??= native.x509Info(self.#raw);
    return self.#info;
  }

  /** What `make` gives, made once. */
  static #once(self, name, make) {
    const info = X509Certificate.#of(self);
    return self.#cache[name] ??= make(info, self.#raw);
  }

  [kClone]() {
    return { data: rawOf(this), deserializeInfo: 'internal/crypto/x509:X509Certificate' };
  }

  get subject() { return X509Certificate.#of(this).subject; }
  get subjectAltName() { return X509Certificate.#of(this).subjectAltName; }
  get issuer() { return X509Certificate.#of(this).issuer; }

  /** Known only of certificates that came with their chain. */
  get issuerCertificate() {
    X509Certificate.#of(this);
    return this.#issuerCertificate;
  }

  get infoAccess() { return X509Certificate.#of(this).infoAccess; }
  get validFrom() { return X509Certificate.#of(this).validFrom; }
  get validTo() { return X509Certificate.#of(this).validTo; }

  get validFromDate() {
    return X509Certificate.#once(this, 'validFromDate', (info) => new Date(info.validFromSeconds * 1000));
  }

  get validToDate() {
    return X509Certificate.#once(this, 'validToDate', (info) => new Date(info.validToSeconds * 1000));
  }

  get fingerprint() { return X509Certificate.#once(this, 'sha1', (info, raw) => fingerprint('sha1', raw)); }
  get fingerprint256() { return X509Certificate.#once(this, 'sha256', (info, raw) => fingerprint('sha256', raw)); }
  get fingerprint512() { return X509Certificate.#once(this, 'sha512', (info, raw) => fingerprint('sha512', raw)); }
  get keyUsage() { return X509Certificate.#of(this).keyUsage; }
  get serialNumber() { return X509Certificate.#of(this).serialNumber; }
  get signatureAlgorithm() { return X509Certificate.#of(this).signatureAlgorithm; }
  get signatureAlgorithmOid() { return X509Certificate.#of(this).signatureAlgorithmOid; }

  get raw() {
    X509Certificate.#of(this);
    return this.#raw;
  }

  get publicKey() {
    return X509Certificate.#once(this, 'publicKey', (info, raw) => {
      return require('internal/crypto/keys').makePublic(native.x509Key(raw));
    });
  }

  /** PEM. */
  toString() {
    return X509Certificate.#once(this, 'pem', (info, raw) => {
      const lines = raw.toString('base64').match(/.{1,64}/g);
      return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    });
  }

  toJSON() { return this.toString(); }

  get ca() { return X509Certificate.#of(this).ca; }

  /** The name of the certificate that is `name`. Node docs: x509.checkHost. */
  checkHost(name, options) {
    X509Certificate.#of(this);
    validateString(name, 'name');
    const rules = hostRules(options);
    refuseNul(name);
    return native.x509CheckHost(this.#raw, name, ...rules);
  }

  /** Node docs: x509.checkEmail. */
  checkEmail(email, options) {
    X509Certificate.#of(this);
    validateString(email, 'email');
    const [subject] = hostRules(options);
    refuseNul(email);
    return native.x509CheckEmail(this.#raw, email, subject) ? email : undefined;
  }

  /** Node docs: x509.checkIP. */
  checkIP(ip, options) {
    X509Certificate.#of(this);
    validateString(ip, 'ip');
    hostRules(options);
    const found = native.x509CheckIP(this.#raw, ip);
    if (found === undefined) throw invalidName();
    return found ? ip : undefined;
  }

  /** Whether the other certificate can be the issuer; signatures are not looked at. Node docs: x509.checkIssued. */
  checkIssued(otherCert) {
    X509Certificate.#of(this);
    if (!isX509Certificate(otherCert)) throw new ERR_INVALID_ARG_TYPE('otherCert', 'X509Certificate', otherCert);
    return native.x509CheckIssued(this.#raw, otherCert.#raw);
  }

  /** Node docs: x509.checkPrivateKey. */
  checkPrivateKey(pkey) {
    X509Certificate.#of(this);
    const { handleOf, isKeyObject } = require('internal/crypto/keys');
    if (!isKeyObject(pkey)) throw new ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', pkey);
    if (pkey.type !== 'private') throw new ERR_INVALID_ARG_VALUE('pkey', pkey);
    return native.keyEquals(native.keyPublic(handleOf(pkey)), handleOf(this.publicKey));
  }

  /** Whether this key made the signature. Node docs: x509.verify. */
  verify(pkey) {
    X509Certificate.#of(this);
    const { handleOf, isKeyObject } = require('internal/crypto/keys');
    if (!isKeyObject(pkey)) throw new ERR_INVALID_ARG_TYPE('pkey', 'KeyObject', pkey);
    if (pkey.type !== 'public') throw new ERR_INVALID_ARG_VALUE('pkey', pkey);
    return native.x509Verify(this.#raw, handleOf(pkey));
  }

  /** Node docs: x509.toLegacyObject. */
  toLegacyObject() {
    return X509Certificate.#once(this, 'legacy', (info, raw) => legacyOf(info, raw, this));
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0 || !isX509Certificate(this)) return this;
    const shown = {};
    for (const name of SHOWN) shown[name] = this[name];
    return `X509Certificate ${require('internal/util/inspect').inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

/** What inspection shows, in this order. */
const SHOWN = [
  'subject', 'subjectAltName', 'issuer', 'infoAccess', 'validFrom', 'validTo', 'validFromDate', 'validToDate', 'fingerprint',
  'fingerprint256', 'fingerprint512', 'keyUsage', 'serialNumber', 'signatureAlgorithm', 'signatureAlgorithmOid',
];

function fingerprint(algorithm, raw) {
  return native.hashOneShot(algorithm, raw, true).toUpperCase().match(/../g).join(':');
}

function invalidName() {
  const error = new ERR_INVALID_ARG_VALUE('name', undefined);
  error.message = 'Invalid name';
  return error;
}

function refuseNul(name) {
  if (name.includes('\0')) throw invalidName();
}

const SUBJECT_RULES = { default: 0, always: 1, never: 2 };

/** What the binding takes after the name. */
function hostRules(options = {}) {
  validateObject(options, 'options');
  const {
    subject = 'default', wildcards = true, partialWildcards = true, multiLabelWildcards = false, singleLabelSubdomains = false,
  } = options;
  validateString(subject, 'options.subject');
  validateBoolean(wildcards, 'options.wildcards');
  validateBoolean(partialWildcards, 'options.partialWildcards');
  validateBoolean(multiLabelWildcards, 'options.multiLabelWildcards');
  validateBoolean(singleLabelSubdomains, 'options.singleLabelSubdomains');
  if (!Object.hasOwn(SUBJECT_RULES, subject)) throw new ERR_INVALID_ARG_VALUE('options.subject', subject);
  return [SUBJECT_RULES[subject], wildcards, partialWildcards, multiLabelWildcards, singleLabelSubdomains];
}

/** Adds a value to an object of names; from the second on, a list. */
function addTo(object, name, value) {
  const known = object[name];
  if (known === undefined) object[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else object[name] = [known, value];
}

function nameObject(parts) {
  const object = { __proto__: null };
  for (let at = 0; at < parts.length; at += 2) addTo(object, parts[at], parts[at + 1]);
  return object;
}

/** `OCSP - URI:http://...` lines by what is before the colon; quoted values are JSON strings. */
function infoAccessObject(text) {
  if (text === undefined) return undefined;
  const object = { __proto__: null };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    let value = line.slice(colon + 1);
    if (value.startsWith('"')) value = JSON.parse(value);
    (object[name] ??= []).push(value);
  }
  return object;
}

/** The object that tlsSocket.getPeerCertificate() gives, without the issuer. Node docs: tls, "Certificate object". */
function legacyOf(info, raw, certificate) {
  const { key } = info;
  return {
    subject: nameObject(info.subjectParts),
    issuer: nameObject(info.issuerParts),
    subjectaltname: info.subjectAltName,
    infoAccess: infoAccessObject(info.infoAccess),
    ca: info.ca,
    modulus: key.modulus,
    exponent: key.exponent,
    pubkey: key.pubkey && toBuffer(key.pubkey),
    bits: key.bits,
    valid_from: info.validFrom,
    valid_to: info.validTo,
    fingerprint: certificate.fingerprint,
    fingerprint256: certificate.fingerprint256,
    fingerprint512: certificate.fingerprint512,
    ext_key_usage: info.keyUsage,
    serialNumber: info.serialNumber,
    raw,
    asn1Curve: key.asn1Curve,
    nistCurve: key.nistCurve,
  };
}

/**
 * The legacy object of a chain of certificates (Buffers of DER, the peer's own first), each with its `issuerCertificate`; a
 * certificate that issued itself is its own issuer. For `tls`.
 */
function legacyChain(chain) {
  let below;
  let first;
  for (const der of chain) {
    const certificate = new X509Certificate(der);
    const object = { ...certificate.toLegacyObject() };
    if (below !== undefined) below.issuerCertificate = object;
    first ??= object;
    below = object;
    if (certificate.checkIssued(certificate)) {
      object.issuerCertificate = object;
      break;
    }
  }
  return first;
}

/** The X509Certificate of a chain of certificates (Buffers of DER), each with its `issuerCertificate`. For `tls`. */
function certificateChain(chain) {
  const certificates = chain.map((der) => new X509Certificate(der));
  for (let at = 0; at + 1 < certificates.length; at++) setIssuer(certificates[at], certificates[at + 1]);
  return certificates[0];
}

markTransferMode(X509Certificate.prototype, kCloneable);

module.exports = {
  [kDeserializers]: { X509Certificate: (raw) => new X509Certificate(raw) },
  X509Certificate,
  certificateChain,
  isX509Certificate,
  legacyChain,
  rawOf,
};
