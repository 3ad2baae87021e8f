/**
 * importKey and exportKey: raw, spki, pkcs8 and jwk. Web Crypto, "Import Key" and "Export Key" of each algorithm.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { lazyDOMException } = require('internal/util');
const { Buffer } = require('buffer');
const { native } = require('internal/crypto/util');
const keys = require('internal/crypto/keys');
const { isCryptoKey, makeCryptoKey, slotsOf } = require('internal/webcrypto/key');
const { USAGES, argument, bytes, checkUsages, dataError, need, normalize, notSupported, operationError, usageList } = require('internal/webcrypto/algorithms');

const CURVE_OF = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
const none = Buffer.alloc(0);

const isAes = (name) => name.startsWith('AES-');
const isRsa = (name) => name.startsWith('RSA');
const isMl = (name) => name.startsWith('ML-');
/** Keys that derivation starts from: they are never exported, and have no JWK. */
const isMaterial = (name) => name === 'HKDF' || name === 'PBKDF2' || name.startsWith('Argon2');
const isMac = (name) => name === 'HMAC' || name.startsWith('KMAC');
/** Algorithms that came after the word `raw` was found to be too vague. */
const needsRawSecret = (name) => name === 'AES-OCB' || name === 'ChaCha20-Poly1305' || name.startsWith('KMAC') || name.startsWith('Argon2');

/** `alg` of a JWK. RFC 7518 §3.1, §4.1. */
function jwkAlgorithm(algorithm) {
  const bits = (algorithm.hash?.name ?? '').replace('SHA-', '');
  // There are no names for SHA-3.
  if (bits.startsWith('SHA3')) return undefined;
  switch (algorithm.name) {
    case 'AES-CBC': return `A${algorithm.length}CBC`;
    case 'AES-CTR': return `A${algorithm.length}CTR`;
    case 'AES-GCM': return `A${algorithm.length}GCM`;
    case 'AES-KW': return `A${algorithm.length}KW`;
    case 'AES-OCB': return `A${algorithm.length}OCB`;
    case 'ChaCha20-Poly1305': return 'C20P';
    case 'Ed25519': return 'Ed25519';
    case 'Ed448': return 'Ed448';
    case 'HMAC': return `HS${bits}`;
    case 'KMAC128': return 'K128';
    case 'KMAC256': return 'K256';
    case 'RSA-OAEP': return bits === '1' ? 'RSA-OAEP' : `RSA-OAEP-${bits}`;
    case 'RSA-PSS': return `PS${bits}`;
    case 'RSASSA-PKCS1-v1_5': return `RS${bits}`;
    default: return undefined;
  }
}

/** What a JWK says about its use must allow what the caller wants. RFC 7517 §4. */
function checkJwk(jwk, kty, extractable, usages, use) {
  if (jwk.kty !== kty) throw dataError('Invalid JWK "kty" Parameter');
  if (usages.length > 0 && use !== undefined && jwk.use !== undefined && jwk.use !== use) throw dataError('Invalid JWK "use" Parameter');
  if (jwk.key_ops !== undefined) {
    if (!Array.isArray(jwk.key_ops) || new Set(jwk.key_ops).size !== jwk.key_ops.length) throw dataError('Invalid JWK "key_ops" Parameter');
    if (usages.some((usage) => !jwk.key_ops.includes(usage))) throw dataError('Key operations and usage mismatch');
  }
  if (jwk.ext === false && extractable) throw dataError('JWK "ext" Parameter and extractable mismatch');
}

function checkJwkAlg(jwk, algorithm) {
  const expected = jwkAlgorithm(algorithm);
  if (jwk.alg !== undefined && expected !== undefined && jwk.alg !== expected &&
      !(algorithm.name.startsWith('Ed') && jwk.alg === 'EdDSA')) {
    throw dataError('JWK "alg" does not match the requested algorithm');
  }
}

/** A key that cannot be read is bad data. */
function reading(read) {
  try {
    return read();
  } catch (error) {
    const failure = dataError();
    Object.defineProperty(failure, 'cause', { __proto__: null, configurable: true, value: error, writable: true });
    throw failure;
  }
}

function importSecret(format, keyData, algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(name, 'secret', usages);
  let data;
  if ((format === 'raw' && !needsRawSecret(name)) || format === 'raw-secret') {
    data = keyData;
  } else if (format === 'jwk' && !isMaterial(name)) {
    checkJwk(keyData, 'oct', extractable, usages, isMac(name) ? 'sig' : 'enc');
    if (typeof keyData.k !== 'string') throw dataError('Invalid keyData');
    data = Buffer.from(keyData.k, 'base64url');
  } else {
    throw notSupported(`Unable to import ${name} using ${format} format`);
  }
  const described = describeSecret(algorithm, data, extractable);
  if (format === 'jwk') checkJwkAlg(keyData, described);
  return makeCryptoKey(keys.makeSecret(data), described, extractable, usages);
}

/** The algorithm of a secret key of these bytes. */
function describeSecret(algorithm, data, extractable) {
  const { name } = algorithm;
  const bits = data.length * 8;
  if (isAes(name)) {
    if (![128, 192, 256].includes(bits)) throw dataError('Invalid key length');
    return { name, length: bits };
  }
  if (name === 'ChaCha20-Poly1305') {
    if (bits !== 256) throw dataError('Invalid key length');
    return { name };
  }
  if (name === 'HMAC') {
    if (bits === 0) throw dataError('Zero-length key is not supported');
    if (algorithm.length === 0) throw dataError('HmacImportParams.length cannot be 0');
    const { length = bits } = algorithm;
    if (length > bits || length <= bits - 8 || length === 0) throw dataError('Invalid key length');
    return { name, length, hash: need(algorithm, 'hash') };
  }
  if (name.startsWith('KMAC')) {
    const { length = bits } = algorithm;
    if (bits === 0) throw dataError('Zero-length key is not supported');
    if (length > bits || length <= bits - 8 || length === 0) throw dataError('Invalid key length');
    return { name, length };
  }
  if (extractable) throw lazyDOMException(`${name} keys are not extractable`, 'SyntaxError');
  return { name };
}

/** The KeyObject of an asymmetric key in any format. */
function readAsymmetric(format, keyData, algorithm, extractable, usages) {
  const { name } = algorithm;
  if (format === 'spki') return keys.makePublic(reading(() => native.keyRead(keyData, 'der', 'spki', true)));
  if (format === 'pkcs8') return keys.makePrivate(reading(() => native.keyRead(keyData, 'der', 'pkcs8', false)));
  if (format === 'jwk') {
    const kty = isRsa(name) ? 'RSA' : name.startsWith('EC') ? 'EC' : isMl(name) ? 'AKP' : 'OKP';
    const isPublic = keyData.d === undefined && keyData.priv === undefined;
    checkUsages(name, isPublic ? 'public' : 'private', usages);
    checkJwk(keyData, kty, extractable, usages, USAGES[name].private.includes('sign') ? 'sig' : 'enc');
    if (kty === 'AKP' && keyData.alg !== name) throw dataError('JWK "alg" Parameter and algorithm name mismatch');
    if (isRsa(name)) checkJwkAlg(keyData, { ...algorithm, hash: need(algorithm, 'hash') });
    else if (kty === 'EC' && keyData.crv !== need(algorithm, 'namedCurve')) throw dataError('JWK "crv" does not match the requested algorithm');
    else if (kty === 'OKP' && keyData.crv !== name) throw dataError('JWK "crv" Parameter and algorithm name mismatch');
    if (name.startsWith('Ed')) checkJwkAlg(keyData, algorithm);
    const handle = reading(() => keys.readJwk(keyData, isPublic));
    return isPublic ? keys.makePublic(handle) : keys.makePrivate(handle);
  }
  if (format === 'raw-seed' && isMl(name)) {
    const handle = keyData.length === 0 ? undefined : native.keyFromParts(name.toLowerCase(), '', none, none, keyData, none, none);
    if (handle === undefined) throw dataError();
    return keys.makePrivate(handle);
  }
  if (((format === 'raw' && !isMl(name)) || format === 'raw-public') && !isRsa(name)) {
    const kind = name.startsWith('EC') ? 'ec' : name.toLowerCase();
    const handle = native.keyFromParts(kind, algorithm.namedCurve ?? '', keyData, none, none, none, none);
    if (handle === undefined) throw dataError();
    return keys.makePublic(handle);
  }
  throw notSupported(`Unable to import ${name} using ${format} format`);
}

/** Checks that a key is of the algorithm, and describes it. */
function describeAsymmetric(keyObject, algorithm) {
  const { name } = algorithm;
  const kind = keyObject.asymmetricKeyType;
  const details = keyObject.asymmetricKeyDetails;
  if (isRsa(name)) {
    if (kind !== 'rsa') throw dataError('Invalid key type');
    let exponent = details.publicExponent.toString(16);
    if (exponent.length % 2) exponent = `0${exponent}`;
    return {
      name, modulusLength: details.modulusLength, publicExponent: new Uint8Array(Buffer.from(exponent, 'hex')),
      hash: need(algorithm, 'hash'),
    };
  }
  if (name === 'ECDSA' || name === 'ECDH') {
    if (kind !== 'ec') throw dataError('Invalid key type');
    if (CURVE_OF[algorithm.namedCurve] !== details.namedCurve) throw dataError('Named curve mismatch');
    return { name, namedCurve: algorithm.namedCurve };
  }
  if (kind !== name.toLowerCase()) throw dataError('Invalid key type');
  return { name };
}

function importAsymmetric(format, keyData, algorithm, extractable, usages) {
  const { name } = algorithm;
  if (isRsa(name)) need(algorithm, 'hash');
  if (name.startsWith('EC') && CURVE_OF[need(algorithm, 'namedCurve')] === undefined) throw notSupported('Unrecognized namedCurve');
  if (format === 'spki' || format === 'raw' || format === 'raw-public') checkUsages(name, 'public', usages);
  if (format === 'pkcs8' || format === 'raw-seed') checkUsages(name, 'private', usages);
  const keyObject = readAsymmetric(format, keyData, algorithm, extractable, usages);
  return makeCryptoKey(keyObject, describeAsymmetric(keyObject, algorithm), extractable, usages);
}

function refuseEmptyUsages(key) {
  if ((key.type === 'secret' || key.type === 'private') && slotsOf(key).usages.length === 0) {
    throw lazyDOMException(`Usages cannot be empty when importing a ${key.type} key.`, 'SyntaxError');
  }
  return key;
}

const FORMATS = new Set(['raw', 'raw-public', 'raw-private', 'raw-secret', 'raw-seed', 'spki', 'pkcs8', 'jwk']);

function checkFormat(format, method) {
  format = `${format}`;
  if (!FORMATS.has(format)) {
    const error = new TypeError(`Failed to execute '${method}' on 'SubtleCrypto': 1st argument '${format}' is not a valid enum value of type KeyFormat.`);
    error.code = 'ERR_INVALID_ARG_VALUE';
    throw error;
  }
  return format;
}

/** Web Crypto, SubtleCrypto.importKey. */
function importKey(format, keyData, algorithm, extractable, keyUsages, method = 'unwrapKey') {
  format = checkFormat(format, method);
  if (format === 'jwk') {
    if (keyData === null || typeof keyData !== 'object' || ArrayBuffer.isView(keyData) || keyData instanceof ArrayBuffer) {
      throw new ERR_INVALID_ARG_TYPE('keyData', 'object', keyData);
    }
  } else {
    keyData = bytes(keyData, argument(method, '2nd'));
  }
  const usages = usageList(keyUsages);
  const normal = normalize(algorithm, 'importKey');
  const isSecret = USAGES[normal.name].secret !== undefined;
  const importIt = isSecret ? importSecret : importAsymmetric;
  return refuseEmptyUsages(importIt(format, keyData, normal, !!extractable, usages));
}

/** The CryptoKey of a KeyObject. Node docs: keyObject.toCryptoKey. */
function fromKeyObject(keyObject, algorithm, extractable, keyUsages) {
  const usages = usageList(keyUsages);
  const normal = normalize(algorithm, 'importKey');
  const { name } = normal;
  let key;
  if (keyObject.type === 'secret') {
    if (USAGES[name].secret === undefined) throw dataError('Invalid key type');
    checkUsages(name, 'secret', usages);
    key = makeCryptoKey(keyObject, describeSecret(normal, keyObject.export(), extractable), !!extractable, usages);
  } else {
    if (USAGES[name].secret !== undefined) throw dataError('Invalid key type');
    checkUsages(name, keyObject.type, usages);
    key = makeCryptoKey(keyObject, describeAsymmetric(keyObject, normal), !!extractable, usages);
  }
  return refuseEmptyUsages(key);
}

function exportJwk(key) {
  const { algorithm, keyObject, usages } = slotsOf(key);
  const jwk = { key_ops: usages.slice(), ext: key.extractable };
  const alg = jwkAlgorithm(algorithm);
  if (alg !== undefined) jwk.alg = alg;
  return Object.assign(jwk, keyObject.export({ format: 'jwk' }));
}

/** The bytes of a key in a raw format, or undefined if it has none. */
function exportRaw(format, key) {
  const { algorithm: { name }, keyObject } = slotsOf(key);
  if (key.type === 'secret') {
    return format === 'raw-secret' || (format === 'raw' && !needsRawSecret(name)) ? keyObject.export() : undefined;
  }
  if (isRsa(name)) return undefined;
  if (key.type === 'private') return format === 'raw-seed' && isMl(name) ? keyObject.export({ format }) : undefined;
  return format === 'raw-public' || (format === 'raw' && !isMl(name)) ? keyObject.export({ format: 'raw-public' }) : undefined;
}

/** Web Crypto, SubtleCrypto.exportKey. */
function exportKey(format, key, method = 'exportKey') {
  format = checkFormat(format, method);
  if (!isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
  const { name } = slotsOf(key).algorithm;
  if (isMaterial(name)) throw notSupported(`${name} key export is not supported`);
  if (!key.extractable) throw lazyDOMException('key is not extractable', 'InvalidAccessError');
  if (format === 'jwk') return exportJwk(key);
  const { keyObject } = slotsOf(key);
  let result;
  if (format === 'spki' && key.type === 'public') result = keyObject.export({ format: 'der', type: 'spki' });
  if (format === 'pkcs8' && key.type === 'private') result = keyObject.export({ format: 'der', type: 'pkcs8' });
  if (format.startsWith('raw')) {
    try {
      result = exportRaw(format, key);
    } catch (error) {
      throw operationError(undefined, error);
    }
  }
  if (result === undefined) {
    if ((format === 'spki' || format === 'pkcs8') && key.type !== 'secret') {
      throw lazyDOMException(`Key must be a ${format === 'spki' ? 'public' : 'private'} key`, 'InvalidAccessError');
    }
    throw notSupported(`Unable to export ${name} ${key.type} key using ${format} format`);
  }
  return result.buffer.slice(result.byteOffset, result.byteOffset + result.byteLength);
}

module.exports = { CURVE_OF, exportKey, fromKeyObject, importKey, isAes, isMaterial, isRsa, refuseEmptyUsages };
