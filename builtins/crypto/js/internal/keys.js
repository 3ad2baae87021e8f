/**
 * KeyObject and its classes: made of PEM, DER, JWK or bytes, and exported again. Node docs: crypto, "Class: KeyObject".
 */
'use strict';

const {
  codes: {
    ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS, ERR_CRYPTO_INVALID_CURVE, ERR_CRYPTO_INVALID_JWK, ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE,
    ERR_CRYPTO_JWK_UNSUPPORTED_CURVE, ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE, ERR_CRYPTO_UNKNOWN_CIPHER, ERR_ILLEGAL_CONSTRUCTOR,
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateObject, validateOneOf, validateString } = require('internal/validators');
const { Buffer } = require('buffer');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');
const { bufferTypes, curveNames, isBytes, native, stringOrBufferTypes, toBuffer, toBytes } = require('internal/crypto/util');

/** Marks construction by us. */
const kMake = Symbol('kMake');

let handleOf;
let isKeyObject;

class KeyObject {
  #handle;
  #type;

  constructor(type, handle) {
    if (type !== 'secret' && type !== 'public' && type !== 'private') throw new ERR_INVALID_ARG_VALUE('type', type);
    if (typeof handle !== 'object' || handle === null) throw new ERR_INVALID_ARG_TYPE('handle', 'object', handle);
    this.#type = type;
    this.#handle = handle;
  }

  static {
    handleOf = (key) => key.#handle;
    isKeyObject = (value) => value !== null && typeof value === 'object' && #handle in value;
  }

  /** The KeyObject of a CryptoKey. Node docs: KeyObject.from. */
  static from(key) {
    if (!isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    return require('internal/webcrypto/key').slotsOf(key).keyObject;
  }

  get type() {
    return this.#type;
  }

  /** Node docs: keyObject.equals. */
  equals(otherKeyObject) {
    if (!isKeyObject(otherKeyObject)) throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', otherKeyObject);
    if (otherKeyObject.#type !== this.#type) return false;
    if (this.#type !== 'secret') return native.keyEquals(this.#handle, otherKeyObject.#handle);
    const [a, b] = [this.#handle.bytes, otherKeyObject.#handle.bytes];
    return a.length === b.length && native.timingSafeEqual(a, b);
  }

  /** Other threads make a key of the same bytes. */
  [kClone]() {
    const bytes = this.#type === 'secret' ? this.#handle.bytes :
      writeKey(this, { format: 'der', type: this.#type === 'public' ? 'spki' : 'pkcs8' });
    return { data: { type: this.#type, bytes }, deserializeInfo: 'internal/crypto/keys:KeyObject' };
  }

  /** The CryptoKey of this key. Node docs: keyObject.toCryptoKey. */
  toCryptoKey(algorithm, extractable, usages) {
    return require('internal/webcrypto/import_export').fromKeyObject(this, algorithm, extractable, usages);
  }
}
Object.defineProperty(KeyObject.prototype, 'type', { __proto__: null, enumerable: true });
markTransferMode(KeyObject.prototype, kCloneable);
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'KeyObject' });

class SecretKeyObject extends KeyObject {
  constructor(token, bytes) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super('secret', { bytes });
  }

  get symmetricKeySize() {
    return handleOf(this).bytes.length;
  }

  /** Node docs: keyObject.export. */
  export(options) {
    if (options !== undefined) {
      validateObject(options, 'options');
      validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return { kty: 'oct', k: handleOf(this).bytes.toString('base64url') };
    }
    return Buffer.from(handleOf(this).bytes);
  }
}

class AsymmetricKeyObject extends KeyObject {
  #info;

  get asymmetricKeyType() {
    this.#info ??= native.keyInfo(handleOf(this));
    return this.#info.kind;
  }

  get asymmetricKeyDetails() {
    this.#info ??= native.keyInfo(handleOf(this));
    const { details } = this.#info;
    if (details.publicExponent instanceof ArrayBuffer) {
      details.publicExponent = BigInt(`0x${toBuffer(details.publicExponent).toString('hex') || '0'}`);
    }
    return { ...details };
  }
}

class PublicKeyObject extends AsymmetricKeyObject {
  constructor(token, handle) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super('public', handle);
  }

  /** Node docs: keyObject.export. */
  export(options) {
    validateObject(options, 'options');
    return writeKey(this, checkEncoding(this.asymmetricKeyType, options, 'options', true));
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(token, handle) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super('private', handle);
  }

  /** Node docs: keyObject.export. */
  export(options) {
    validateObject(options, 'options');
    const { cipher, format, passphrase } = options;
    if (!CONTAINERS.has(format) && PRIVATE_FORMATS.has(format) && (passphrase !== undefined || cipher !== undefined)) {
      throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(format, 'does not support encryption');
    }
    return writeKey(this, checkEncoding(this.asymmetricKeyType, options, 'options', false));
  }
}

function isCryptoKey(value) {
  // A program that never loaded Web Crypto has no CryptoKey.
  if (value === null || typeof value !== 'object' || isBytes(value) || isKeyObject(value)) return false;
  return require('internal/webcrypto/key').isCryptoKey(value);
}

// --- Exporting -------------------------------------------------------------------------------------------------------

const CONTAINERS = new Set(['pem', 'der']);
const PUBLIC_FORMATS = new Set(['pem', 'der', 'jwk', 'raw-public']);
const PRIVATE_FORMATS = new Set(['pem', 'der', 'jwk', 'raw-private', 'raw-seed']);

/** Checks format, type, cipher and passphrase of an encoding; `name` is what messages call it. */
function checkEncoding(keyType, options, name, isPublic) {
  const { format, type, cipher, passphrase } = options;
  const path = (key) => `${name}.${key}`;
  if (!(isPublic ? PUBLIC_FORMATS : PRIVATE_FORMATS).has(format)) throw new ERR_INVALID_ARG_VALUE(path('format'), format);
  if (!CONTAINERS.has(format)) {
    if (format === 'raw-public' && keyType === 'ec' && type !== undefined) validateOneOf(type, path('type'), ['compressed', 'uncompressed']);
    return { format, type };
  }
  const types = isPublic ? ['pkcs1', 'spki'] : ['pkcs1', 'pkcs8', 'sec1'];
  if (!types.includes(type)) throw new ERR_INVALID_ARG_VALUE(path('type'), type);
  if (type === 'pkcs1' && keyType !== 'rsa') {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'can only be used for RSA keys');
  }
  if (type === 'sec1' && keyType !== 'ec') {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'can only be used for EC keys');
  }
  if (isPublic) return { format, type };
  if (cipher != null) {
    if (typeof cipher !== 'string') throw new ERR_INVALID_ARG_VALUE(path('cipher'), cipher);
    if (format === 'der' && (type === 'pkcs1' || type === 'sec1')) {
      throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'does not support encryption');
    }
  } else if (passphrase !== undefined) {
    throw new ERR_INVALID_ARG_VALUE(path('cipher'), cipher, 'is required when a passphrase is specified');
  }
  if ((cipher != null && typeof passphrase !== 'string' && !isBytes(passphrase))) {
    throw new ERR_INVALID_ARG_VALUE(path('passphrase'), passphrase);
  }
  return { cipher: cipher ?? undefined, format, passphrase, type };
}

/** A raw format and a kind of key that do not go together. */
function incompatibleKind() {
  const error = new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('', '');
  error.message = 'The selected key encoding is incompatible with the key type';
  return error;
}

/** A key in an encoding that checkEncoding() let pass: text, a Buffer, or the object of a JWK. */
function writeKey(key, { format, type, cipher, passphrase }) {
  if (format === 'jwk') return exportJwk(key);
  if (!CONTAINERS.has(format)) {
    const bytes = native.keyRaw(handleOf(key), format, type === 'compressed');
    if (bytes === undefined) throw incompatibleKind();
    return toBuffer(bytes);
  }
  const found = cipher === undefined ? undefined : require('internal/crypto/cipher_names').findCipher(cipher);
  if (cipher !== undefined && found === undefined) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
  const name = found === undefined ? '' : found.nativeName;
  const result = native.keyWrite(handleOf(key), format, type, name, passphrase);
  return typeof result === 'string' ? result : toBuffer(result);
}

const JWK_CURVES = { prime256v1: 'P-256', secp256k1: 'secp256k1', secp384r1: 'P-384', secp521r1: 'P-521' };
const OKP_CURVES = { ed25519: 'Ed25519', ed448: 'Ed448', x25519: 'X25519', x448: 'X448' };

/** The `alg` of JWKs by kind of key. RFC 9964 and its drafts for ML-KEM and SLH-DSA. */
function akpAlgorithm(kind) {
  return kind.toUpperCase().replace(/[FS]$/, (size) => size.toLowerCase());
}

function exportJwk(key) {
  const { kind, details } = native.keyInfo(handleOf(key));
  const names = { 'rsa': ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'], 'ec': ['x', 'y'] }[kind];
  if (kind === 'dh' || kind === 'dsa' || kind === 'rsa-pss') throw new ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE();
  if (kind === 'ec' && JWK_CURVES[details.namedCurve] === undefined) throw new ERR_CRYPTO_JWK_UNSUPPORTED_CURVE(details.namedCurve);
  const parts = native.keyParts(handleOf(key));
  const jwk = {};
  const text = (name) => {
    if (parts[name] !== undefined) jwk[name] = toBuffer(parts[name]).toString('base64url');
  };
  if (kind === 'rsa') {
    jwk.kty = 'RSA';
    for (const name of names) text(name);
  } else if (kind === 'ec') {
    jwk.kty = 'EC';
    for (const name of names) text(name);
    jwk.crv = JWK_CURVES[details.namedCurve];
    text('d');
  } else if (OKP_CURVES[kind] !== undefined) {
    jwk.kty = 'OKP';
    jwk.crv = OKP_CURVES[kind];
    text('x');
    text('d');
  } else {
    jwk.kty = 'AKP';
    jwk.alg = akpAlgorithm(kind);
    text('pub');
    text('priv');
  }
  return jwk;
}

// --- Importing -------------------------------------------------------------------------------------------------------

function jwkBytes(jwk, name, kind) {
  if (typeof jwk[name] !== 'string') throw badJwk(`Invalid JWK ${kind} key`);
  return Buffer.from(jwk[name], 'base64url');
}

function badJwk(message) {
  const error = new ERR_CRYPTO_INVALID_JWK();
  error.message = message;
  return error;
}

const none = Buffer.alloc(0);

function readRsaJwk(jwk, isPublic) {
  const part = (name) => jwkBytes(jwk, name, 'RSA');
  // Without its private numbers it can only be a public key.
  if (isPublic || jwk.d === undefined) {
    if (!isPublic) throw badJwk('Invalid JWK RSA key');
    return native.keyFromParts('rsa', '', part('n'), part('e'), none, none, none);
  }
  return native.keyFromParts('rsa', '', ...['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map(part));
}

function readOkpJwk(jwk, isPublic) {
  validateOneOf(jwk.crv, 'key.crv', ['Ed25519', 'Ed448', 'X25519', 'X448']);
  validateString(jwk.x, 'key.x');
  if (!isPublic) validateString(jwk.d, 'key.d');
  const bytes = Buffer.from(isPublic ? jwk.x : jwk.d, 'base64url');
  if (bytes.length === 0) return undefined;
  const args = isPublic ? [bytes, none, none] : [none, none, bytes];
  return native.keyFromParts(jwk.crv.toLowerCase(), '', ...args, none, none);
}

const AKP_ALGORITHMS = [
  'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024',
  ...['SHA2', 'SHAKE'].flatMap((hash) => ['128', '192', '256'].flatMap((bits) => ['s', 'f'].map((speed) => `SLH-DSA-${hash}-${bits}${speed}`))),
];

function readAkpJwk(jwk, isPublic) {
  validateOneOf(jwk.alg, 'key.alg', AKP_ALGORITHMS);
  validateString(jwk.pub, 'key.pub');
  if (!isPublic) validateString(jwk.priv, 'key.priv');
  const pub = Buffer.from(jwk.pub, 'base64url');
  const priv = isPublic ? none : Buffer.from(jwk.priv, 'base64url');
  if (!isPublic && priv.length === 0) return undefined;
  return native.keyFromParts(jwk.alg.toLowerCase(), '', pub, none, priv, none, none);
}

function readEcJwk(jwk, isPublic) {
  validateOneOf(jwk.crv, 'key.crv', ['P-256', 'secp256k1', 'P-384', 'P-521']);
  const part = (name) => jwkBytes(jwk, name, 'EC');
  return native.keyFromParts('ec', jwk.crv, part('x'), part('y'), isPublic ? none : part('d'), none, none);
}

/** The native key of a JWK. `isPublic`: leave the private half out. RFC 7517, RFC 7518, RFC 8037. */
function readJwk(jwk, isPublic) {
  validateObject(jwk, 'key.key');
  const { kty } = jwk;
  validateOneOf(kty, 'key.kty', ['RSA', 'EC', 'OKP', 'AKP']);
  const read = { AKP: readAkpJwk, EC: readEcJwk, OKP: readOkpJwk, RSA: readRsaJwk }[kty];
  const handle = read(jwk, isPublic);
  if (handle === undefined) throw badJwk(`Invalid JWK ${kty} key`);
  return handle;
}

const RAW_FORMATS = new Set(['raw-public', 'raw-private', 'raw-seed']);

/** Kinds that have a raw form. */
const RAW_KINDS = /^(?:ec|ed25519|ed448|x25519|x448|ml-dsa-(?:44|65|87)|ml-kem-(?:512|768|1024)|slh-dsa-(?:sha2|shake)-(?:128|192|256)[fs])$/;
const OTHER_KINDS = new Set(['rsa', 'rsa-pss', 'dsa', 'dh']);

function invalidKeyData() {
  const error = new ERR_INVALID_ARG_VALUE('key', undefined);
  error.message = 'Invalid key data';
  return error;
}

/** The native key of raw bytes: `{ key, format, asymmetricKeyType, namedCurve }`. */
function readRaw(options) {
  const { key: data, format, asymmetricKeyType: kind, namedCurve } = options;
  if (!isBytes(data)) throw new ERR_INVALID_ARG_TYPE('key.key', bufferTypes, data);
  validateString(kind, 'key.asymmetricKeyType');
  if (OTHER_KINDS.has(kind)) throw incompatibleKind();
  if (!RAW_KINDS.test(kind)) {
    const error = new ERR_INVALID_ARG_VALUE('asymmetricKeyType', kind);
    error.message = `Invalid asymmetricKeyType: ${kind}`;
    throw error;
  }
  const seeded = kind.startsWith('ml-');
  if (format !== 'raw-public' && (format === 'raw-seed') !== seeded) throw incompatibleKind();
  if (kind === 'ec') {
    validateString(namedCurve, 'key.namedCurve');
    if (!curveNames().has(namedCurve)) throw new ERR_CRYPTO_INVALID_CURVE();
  }
  const bytes = copyOf(data);
  if (bytes.byteLength === 0) throw invalidKeyData();
  const halves = format === 'raw-public' ? [bytes, none, none] : [none, none, bytes];
  const handle = native.keyFromParts(kind, namedCurve ?? '', ...halves, none, none);
  if (handle === undefined) throw invalidKeyData();
  // A private number of a curve is as long as its coordinates.
  if (kind === 'ec' && format === 'raw-private' && native.keyParts(handle).d.byteLength !== bytes.byteLength) throw invalidKeyData();
  return handle;
}

/** The native key of what a user gives: PEM, DER with options, raw bytes or a JWK. */
function readKey(key, isPublic) {
  if (typeof key === 'string' || isBytes(key)) return native.keyRead(key, 'pem', '', isPublic);
  if (typeof key !== 'object' || key === null) throw wrongKey(key, 'key', isPublic);
  const { key: data, encoding, format = 'pem', type, passphrase } = key;
  if (format === 'jwk') return readJwk(data, isPublic);
  if (RAW_FORMATS.has(format) && (isPublic || format !== 'raw-public')) {
    const handle = readRaw(key);
    return isPublic && format !== 'raw-public' ? native.keyPublic(handle) : handle;
  }
  if (format !== 'pem' && format !== 'der') throw new ERR_INVALID_ARG_VALUE('key.format', format);
  if (typeof data !== 'string' && !isBytes(data)) {
    throw new ERR_INVALID_ARG_TYPE('key.key', stringOrBufferTypes, data);
  }
  const types = isPublic ? ['pkcs1', 'spki', 'pkcs8', 'sec1'] : ['pkcs1', 'pkcs8', 'sec1'];
  if ((format === 'der' || type !== undefined) && !types.includes(type)) throw new ERR_INVALID_ARG_VALUE('key.type', type);
  if (passphrase != null && typeof passphrase !== 'string' && !isBytes(passphrase)) {
    throw new ERR_INVALID_ARG_VALUE('key.passphrase', passphrase);
  }
  const secret = passphrase == null ? undefined : toBytes(passphrase, 'key.passphrase', encoding);
  return native.keyRead(toBytes(data, 'key.key', encoding), format, type, isPublic, secret);
}

function wrongKey(value, name, isPublic) {
  return new ERR_INVALID_ARG_TYPE(name, isPublic === undefined ? bufferTypes : [...stringOrBufferTypes.slice(0, 4), 'DataView', 'Object'], value);
}

function needType(key, type) {
  if (key.type !== type) throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, type);
}

/** Node docs: crypto.createPrivateKey. */
function createPrivateKey(key) {
  if (isKeyObject(key)) needType(key, 'private');
  if (isKeyObject(key) || isCryptoKey(key)) {
    throw new ERR_INVALID_ARG_TYPE('key', [...stringOrBufferTypes, 'URL'], key);
  }
  const handle = readKey(key, false);
  return new PrivateKeyObject(kMake, handle);
}

/** Node docs: crypto.createPublicKey. A private key gives its public half. */
function createPublicKey(key) {
  const given = isKeyObject(key?.key) && key.format === undefined ? key.key : key;
  if (isKeyObject(given)) {
    needType(given, 'private');
    return new PublicKeyObject(kMake, native.keyPublic(handleOf(given)));
  }
  if (isCryptoKey(given)) return createPublicKey(KeyObject.from(given));
  return new PublicKeyObject(kMake, readKey(key, true));
}

/** Node docs: crypto.createSecretKey. */
function createSecretKey(key, encoding) {
  if (typeof key !== 'string' && !isBytes(key)) throw new ERR_INVALID_ARG_TYPE('key', bufferTypes, key);
  return new SecretKeyObject(kMake, Buffer.from(copyOf(toBytes(key, 'key', encoding))));
}

function copyOf(bytes) {
  return ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes.slice(0));
}

const SECRET_TYPES = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView', 'KeyObject', 'CryptoKey'];

/** The bytes of a secret key in any shape. */
function secretBytes(key, name, encoding) {
  if (typeof key === 'string' || isBytes(key)) return toBytes(key, name, encoding);
  if (isCryptoKey(key)) key = KeyObject.from(key);
  if (!isKeyObject(key)) throw new ERR_INVALID_ARG_TYPE(name, SECRET_TYPES, key);
  needType(key, 'secret');
  return handleOf(key).bytes;
}

/** The native private key of an argument of sign(), privateDecrypt() and so on. */
function privateHandle(key) {
  const given = unwrapKey(key);
  if (given !== undefined) {
    needType(given, 'private');
    return handleOf(given);
  }
  return readKey(key, false);
}

/** The native key of an argument of verify(), publicEncrypt() and so on: a private key will do. */
function publicHandle(key) {
  const given = unwrapKey(key);
  if (given === undefined) return readKey(key, true);
  if (given.type === 'secret') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(given.type, 'private or public');
  return handleOf(given);
}

function unwrapKey(key) {
  for (const value of [key, key?.key]) {
    if (isKeyObject(value)) return value;
    if (isCryptoKey(value)) return KeyObject.from(value);
  }
  return undefined;
}

const makePrivate = (handle) => new PrivateKeyObject(kMake, handle);
const makePublic = (handle) => new PublicKeyObject(kMake, handle);
const makeSecret = (bytes) => new SecretKeyObject(kMake, bytes);

/** The key that another thread sent. */
function receiveKey({ type, bytes }) {
  if (type === 'secret') return new SecretKeyObject(kMake, Buffer.from(bytes));
  const isPublic = type === 'public';
  const handle = native.keyRead(bytes, 'der', isPublic ? 'spki' : 'pkcs8', isPublic);
  return isPublic ? new PublicKeyObject(kMake, handle) : new PrivateKeyObject(kMake, handle);
}

module.exports = {
  [kDeserializers]: { KeyObject: receiveKey },
  KeyObject,
  checkEncoding,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  handleOf,
  isCryptoKey,
  isKeyObject,
  makePrivate,
  makePublic,
  makeSecret,
  privateHandle,
  publicHandle,
  readJwk,
  secretBytes,
  writeKey,
};
