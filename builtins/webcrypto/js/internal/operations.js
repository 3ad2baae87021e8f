/**
 * What keys of Web Crypto do: generate, encrypt, sign, derive. Web Crypto, the operations of each algorithm.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { lazyDOMException } = require('internal/util');
const { Buffer } = require('buffer');
const { jobPromise, native } = require('internal/crypto/util');
const keys = require('internal/crypto/keys');
const { isCryptoKey, makeCryptoKey, slotsOf } = require('internal/webcrypto/key');
const { BLOCK_BITS, argument, bytes, checkUsages, need, normalize, notSupported, operationError, USAGES } = require('internal/webcrypto/algorithms');
const { CURVE_OF, isAes, isRsa } = require('internal/webcrypto/import_export');

/** Constants of RSA. Node docs: Crypto constants. */
const PKCS1 = 1;
const OAEP = 4;
const PSS = 6;

/** The smallest modulus, in bits. OpenSSL: RSA_MIN_MODULUS_BITS. */
const RSA_BITS_MIN = 512;

function job(start) {
  return jobPromise(start).catch((error) => {
    throw operationError(undefined, error);
  });
}

const nativeHash = (hash) => hash.name.toLowerCase().replace('sha-', 'sha');
const handleOf = (key) => keys.handleOf(slotsOf(key).keyObject);
const secretOf = (key) => handleOf(key).bytes;

/** The key must be of the algorithm and allow the usage. */
function checkKey(key, algorithm, usage) {
  if (!isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
  if (slotsOf(key).algorithm.name !== algorithm.name) {
    const crypts = usage === 'encrypt' || usage === 'decrypt';
    const message = crypts ? 'The requested operation is not valid for the provided key' : 'Key algorithm mismatch';
    throw lazyDOMException(message, 'InvalidAccessError');
  }
  if (slotsOf(key).usages.includes(usage)) return;
  const derives = usage === 'deriveBits' || usage === 'deriveKey';
  const signs = usage === 'sign' || usage === 'verify';
  let message = 'The requested operation is not valid for the provided key';
  if (derives) message = `baseKey does not have ${usage} usage`;
  if (signs) message = `Unable to use this key to ${usage}`;
  throw lazyDOMException(message, 'InvalidAccessError');
}

/** Digests that take more than data: the binding's names are theirs in lower case. */
const CUSTOMIZED = /^(?:cSHAKE|TurboSHAKE|KT)/;

/** TurboSHAKE's separation byte where none is given. RFC 9861 §2.2. */
const DOMAIN = 0x1f;

function customizedDigest(algorithm, data) {
  const { name, customization, domainSeparation = DOMAIN, functionName } = algorithm;
  const length = need(algorithm, 'outputLength');
  if (domainSeparation < 1 || domainSeparation > 0x7f) throw operationError('TurboShakeParams.domainSeparation must be in range 0x01-0x7f');
  const optional = (value, key) => (value === undefined ? undefined : bytes(value, `algorithm.${key}`));
  const args = [optional(functionName, 'functionName'), optional(customization, 'customization'), domainSeparation];
  const output = job((callback) => native.customizedDigest(name.toLowerCase(), data, Math.ceil(length / 8), ...args, callback));
  return output.then((bits) => cutTo(bits, length));
}

function digest(algorithm, data) {
  const normal = normalize(algorithm, 'digest');
  const copy = bytes(data, argument('digest', '2nd'));
  if (CUSTOMIZED.test(normal.name)) return customizedDigest(normal, copy);
  return job((callback) => native.hashOneShot(nativeHash(normal), copy, false, undefined, callback));
}

// --- Generating ------------------------------------------------------------------------------------------------------

async function generateSecret(algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(name, 'secret', usages);
  if (usages.length === 0) throw lazyDOMException('Usages cannot be empty when creating a key.', 'SyntaxError');
  let described = { name };
  let bits = 256;
  if (isAes(name)) {
    bits = need(algorithm, 'length');
    if (![128, 192, 256].includes(bits)) throw operationError('AES key length must be 128, 192, or 256 bits');
    described = { name, length: bits };
  } else if (name === 'HMAC') {
    const hash = need(algorithm, 'hash');
    bits = algorithm.length ?? BLOCK_BITS[hash.name];
    if (bits === 0) throw operationError('Zero-length key is not supported');
    described = { name, length: bits, hash };
  } else if (name.startsWith('KMAC')) {
    bits = algorithm.length ?? Number(name.slice(4));
    if (bits === 0) throw operationError('Zero-length key is not supported');
    described = { name, length: bits };
  }
  const data = await job((callback) => native.randomBytes(Math.ceil(bits / 8), callback));
  return makeCryptoKey(keys.makeSecret(Buffer.from(data)), described, extractable, usages);
}

async function generatePair(algorithm, extractable, usages) {
  const { name } = algorithm;
  const allowed = USAGES[name];
  checkUsages(name, 'both', usages.filter((usage) => !allowed.public.includes(usage) && !allowed.private.includes(usage)));
  let described = { name };
  let args = [name.toLowerCase(), '', 0, 0];
  const rest = [0, undefined, undefined, '', ''];
  if (isRsa(name)) {
    const modulusLength = need(algorithm, 'modulusLength');
    const publicExponent = need(algorithm, 'publicExponent');
    const hash = need(algorithm, 'hash');
    const exponent = Number.parseInt(Buffer.from(publicExponent).toString('hex') || '0', 16);
    if (modulusLength < RSA_BITS_MIN) throw operationError(`algorithm.modulusLength must be at least ${RSA_BITS_MIN}`);
    if (exponent < 3 || exponent % 2 === 0) throw operationError();
    described = { name, modulusLength, publicExponent: new Uint8Array(publicExponent), hash };
    args = ['rsa', '', modulusLength, exponent];
  } else if (name.startsWith('EC')) {
    const namedCurve = need(algorithm, 'namedCurve');
    if (CURVE_OF[namedCurve] === undefined) throw notSupported('Unrecognized namedCurve');
    described = { name, namedCurve };
    args = ['ec', namedCurve, 0, 0];
  }
  const privateUsages = usages.filter((usage) => allowed.private.includes(usage));
  if (privateUsages.length === 0) throw lazyDOMException('Usages cannot be empty when creating a key.', 'SyntaxError');
  const handle = await job((callback) => native.keyGenerate(...args, ...rest, callback));
  const publicUsages = usages.filter((usage) => allowed.public.includes(usage));
  return {
    publicKey: makeCryptoKey(keys.makePublic(native.keyPublic(handle)), { ...described }, true, publicUsages),
    privateKey: makeCryptoKey(keys.makePrivate(handle), described, extractable, privateUsages),
  };
}

function generateKey(normal, extractable, usages) {
  const generate = USAGES[normal.name].secret === undefined ? generatePair : generateSecret;
  return generate(normal, extractable, usages);
}

// --- Encryption ------------------------------------------------------------------------------------------------------

/** Arguments for the cipher of the binding: name, IV, additional data, tag length. */
function cipherOf(algorithm, key) {
  const { name } = algorithm;
  const bits = secretOf(key).length * 8;
  if (name === 'AES-CBC') {
    const iv = bytes(need(algorithm, 'iv'), 'algorithm.iv');
    if (iv.length !== 16) throw operationError('algorithm.iv must contain exactly 16 bytes');
    return [`aes-${bits}-cbc`, iv, undefined, 0];
  }
  if (name === 'AES-CTR') {
    const counter = bytes(need(algorithm, 'counter'), 'algorithm.counter');
    const length = need(algorithm, 'length');
    if (counter.length !== 16) throw operationError('algorithm.counter must contain exactly 16 bytes');
    if (!(length >= 1 && length <= 128)) throw operationError('AES-CTR algorithm.length must be between 1 and 128');
    return [`aes-${bits}-ctr`, counter, undefined, 0, length];
  }
  const iv = bytes(need(algorithm, 'iv'), 'algorithm.iv');
  const { tagLength = 128, additionalData } = algorithm;
  const aad = additionalData === undefined ? undefined : bytes(additionalData, 'algorithm.additionalData');
  if (name === 'ChaCha20-Poly1305') {
    if (iv.length !== 12) throw operationError('algorithm.iv must contain exactly 12 bytes');
    if (tagLength !== 128) throw operationError(`${tagLength} is not a valid ChaCha20-Poly1305 tag length`);
    return ['chacha20-poly1305', iv, aad, 16];
  }
  if (name === 'AES-OCB') {
    if (iv.length > 15) throw operationError('AES-OCB algorithm.iv must be no more than 15 bytes');
    if (![64, 96, 128].includes(tagLength)) throw operationError(`${tagLength} is not a valid AES-OCB tag length`);
    return [`aes-${bits}-ocb`, iv, aad, tagLength / 8];
  }
  if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) {
    throw operationError(`${tagLength} is not a valid AES-GCM tag length`);
  }
  return [`aes-${bits}-gcm`, iv, aad, tagLength / 8];
}

/** How many blocks come before a counter of `length` bits wraps; Infinity if it does not within 2^53 blocks. */
function blocksToWrap(counter, length) {
  const value = BigInt(`0x${counter.toString('hex')}`) & ((1n << BigInt(length)) - 1n);
  const left = (1n << BigInt(length)) - value;
  return left > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(left);
}

/** AES-CTR whose counter is only the last `length` bits: where those wrap, the rest must stay. */
async function counterMode(args, length, encrypt, key, data) {
  const [name, counter] = args;
  const blocks = Math.ceil(data.length / 16);
  const wrap = blocksToWrap(counter, length);
  if (length < 53 && blocks > 2 ** length) throw operationError('The counter would repeat');
  const run = (iv, part) => job((callback) => native.cipher(name, encrypt, secretOf(key), iv, part, undefined, 0, callback));
  if (blocks <= wrap) return run(counter, data);
  const mask = (1n << BigInt(length)) - 1n;
  const start = (BigInt(`0x${counter.toString('hex')}`) & ~mask).toString(16).padStart(32, '0');
  const first = await run(counter, data.subarray(0, wrap * 16));
  const second = await run(Buffer.from(start, 'hex'), data.subarray(wrap * 16));
  const whole = Buffer.concat([Buffer.from(first), Buffer.from(second)]);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength);
}

async function crypt(encrypt, algorithm, key, data) {
  const { name } = algorithm;
  if (name === 'RSA-OAEP') {
    const label = algorithm.label === undefined ? undefined : bytes(algorithm.label, 'algorithm.label');
    const type = encrypt ? 'public' : 'private';
    if (key.type !== type) throw lazyDOMException(`The requested operation is not valid for the provided key`, 'InvalidAccessError');
    const operation = encrypt ? 'publicEncrypt' : 'privateDecrypt';
    return job((callback) => native.rsaCrypt(operation, handleOf(key), data, OAEP, nativeHash(slotsOf(key).algorithm.hash), label, callback));
  }
  if (name === 'AES-KW') {
    const cipher = `aes-${secretOf(key).length * 8}-wrap`;
    return job((callback) => native.cipher(cipher, encrypt, secretOf(key), Buffer.alloc(8, 0xa6), data, undefined, 0, callback));
  }
  const args = cipherOf(algorithm, key);
  if (name === 'AES-CTR') return counterMode(args, args[4], encrypt, key, data);
  const [cipher, iv, aad, tagLength] = args;
  return job((callback) => native.cipher(cipher, encrypt, secretOf(key), iv, data, aad, tagLength, callback));
}

// --- Signatures ------------------------------------------------------------------------------------------------------

/** What the binding takes after the data: digest, hashed, padding, salt length, r and s side by side. */
function schemeOf(algorithm, key) {
  switch (algorithm.name) {
    case 'ECDSA': return [nativeHash(need(algorithm, 'hash')), false, undefined, undefined, true, undefined];
    case 'Ed25519':
    case 'Ed448':
    case 'ML-DSA-44':
    case 'ML-DSA-65':
    case 'ML-DSA-87': {
      const context = algorithm.context === undefined ? undefined : bytes(algorithm.context, 'algorithm.context');
      if (context?.length > 255) throw operationError('ContextParams.context must be at most 255 bytes');
      return [undefined, false, undefined, undefined, true, context?.length ? context : undefined];
    }
    case 'RSA-PSS': return [nativeHash(slotsOf(key).algorithm.hash), false, PSS, need(algorithm, 'saltLength'), false, undefined];
    default: return [nativeHash(slotsOf(key).algorithm.hash), false, PKCS1, undefined, false, undefined];
  }
}

function kmac(algorithm, key, data) {
  const length = need(algorithm, 'outputLength');
  if (length % 8) throw operationError('Unsupported outputLength');
  const { customization, name } = algorithm;
  const custom = customization === undefined ? undefined : bytes(customization, 'algorithm.customization');
  return job((callback) => native.kmac(name === 'KMAC256', secretOf(key), data, length / 8, custom, callback));
}

function sign(algorithm, key, data) {
  if (algorithm.name.startsWith('KMAC')) return kmac(algorithm, key, data);
  if (algorithm.name === 'HMAC') {
    return job((callback) => native.hmac(nativeHash(slotsOf(key).algorithm.hash), secretOf(key), data, callback));
  }
  if (key.type !== 'private') throw lazyDOMException('Unable to use this key to sign', 'InvalidAccessError');
  const scheme = schemeOf(algorithm, key);
  return job((callback) => native.sign(handleOf(key), data, ...scheme, callback));
}

async function verify(algorithm, key, signature, data) {
  if (algorithm.name === 'HMAC' || algorithm.name.startsWith('KMAC')) {
    const expected = Buffer.from(await sign(algorithm, key, data));
    return expected.length === signature.length && native.timingSafeEqual(expected, signature);
  }
  if (key.type !== 'public') throw lazyDOMException('Unable to use this key to verify', 'InvalidAccessError');
  const scheme = schemeOf(algorithm, key);
  return job((callback) => native.verify(handleOf(key), data, ...scheme, signature, callback));
}

// --- Derivation ------------------------------------------------------------------------------------------------------

function cutTo(bits, length) {
  if (length === null || length === undefined) return bits;
  if (length > bits.byteLength * 8) throw operationError('derived bit length is too small');
  const cut = bits.slice(0, Math.ceil(length / 8));
  // Bits past the length are zero.
  if (length % 8) new Uint8Array(cut)[cut.byteLength - 1] &= 0xff << (8 - length % 8);
  return cut;
}

async function agree(algorithm, key, length) {
  const other = need(algorithm, 'public');
  if (!isCryptoKey(other)) throw new ERR_INVALID_ARG_TYPE('algorithm.public', 'CryptoKey', other);
  if (other.type !== 'public') throw lazyDOMException('algorithm.public must be a public key', 'InvalidAccessError');
  if (key.type !== 'private') throw lazyDOMException('baseKey must be a private key', 'InvalidAccessError');
  if (slotsOf(other).algorithm.name !== algorithm.name) throw lazyDOMException(`key algorithm mismatch`, 'InvalidAccessError');
  if (slotsOf(other).algorithm.namedCurve !== slotsOf(key).algorithm.namedCurve) throw lazyDOMException('Named curve mismatch', 'InvalidAccessError');
  return cutTo(await job((callback) => native.agree(handleOf(key), handleOf(other), callback)), length);
}

/** Limits are those of RFC 9106 §3.1. */
function argon2(algorithm, key, length) {
  const { name, version = 0x13 } = algorithm;
  const optional = (option) => (algorithm[option] === undefined ? undefined : bytes(algorithm[option], `algorithm.${option}`));
  const nonce = bytes(need(algorithm, 'nonce'), 'algorithm.nonce');
  const [parallelism, memory, passes] = ['parallelism', 'memory', 'passes'].map((option) => need(algorithm, option));
  const [secret, data] = [optional('secretValue'), optional('associatedData')];
  if (parallelism === 0 || parallelism > 2 ** 24 - 1) throw operationError('parallelism must be > 0 and <= 16777215');
  if (memory < 8 * parallelism) throw operationError('memory must be at least 8 times the degree of parallelism');
  if (passes === 0) throw operationError('passes must be > 0');
  if (version !== 0x13) throw operationError(`${version} is not a valid Argon2 version`);
  if (nonce.length < 8) throw operationError('nonce must be at least 8 bytes');
  if (length === null || length === undefined) throw operationError('length cannot be null');
  if (length % 8) throw operationError('length must be a multiple of 8');
  if (length < 32) throw operationError('length must be >= 32');
  return job((callback) => native.argon2(name.toLowerCase(), secretOf(key), nonce, parallelism, length / 8, memory, passes, secret, data, callback));
}

// --- Encapsulation ---------------------------------------------------------------------------------------------------

/** What a key must be for encapsulateBits() and its like. */
function checkKemKey(key, algorithm, usage) {
  const name = usage.startsWith('en') ? 'encapsulationKey' : 'decapsulationKey';
  if (!isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE(name, 'CryptoKey', key);
  if (slotsOf(key).algorithm.name !== algorithm.name) throw lazyDOMException('key algorithm mismatch', 'InvalidAccessError');
  if (!slotsOf(key).usages.includes(usage)) throw lazyDOMException(`${name} does not have ${usage} usage`, 'InvalidAccessError');
}

async function encapsulate(key) {
  const [sharedKey, ciphertext] = await job((callback) => native.encapsulate(handleOf(key), callback));
  return { sharedKey, ciphertext };
}

function decapsulate(key, ciphertext) {
  return job((callback) => native.decapsulate(handleOf(key), ciphertext, callback));
}

async function deriveBits(algorithm, key, length) {
  const { name } = algorithm;
  if (name === 'ECDH' || name === 'X25519' || name === 'X448') return agree(algorithm, key, length);
  if (name.startsWith('Argon2')) return argon2(algorithm, key, length);
  const hash = nativeHash(need(algorithm, 'hash'));
  // Web IDL reads a dictionary's members in the order of their names.
  const info = name === 'HKDF' ? bytes(need(algorithm, 'info'), 'algorithm.info') : undefined;
  const salt = bytes(need(algorithm, 'salt'), 'algorithm.salt');
  const iterations = name === 'PBKDF2' ? need(algorithm, 'iterations') : 0;
  if (length === null || length === undefined) throw operationError('length cannot be null');
  if (length % 8) throw operationError('length must be a multiple of 8');
  if (name === 'PBKDF2' && iterations === 0) throw operationError('iterations cannot be zero');
  if (length === 0) return new ArrayBuffer(0);
  if (name === 'HKDF') {
    return job((callback) => {
      try {
        native.hkdf(hash, secretOf(key), salt, info, length / 8, callback);
      } catch (error) {
        callback(error);
      }
    });
  }
  return job((callback) => native.pbkdf2(hash, secretOf(key), salt, iterations, length / 8, callback));
}

/** The length in bits of a key to derive; null for those that take all there is. */
function keyLength(algorithm) {
  const { name } = algorithm;
  if (isAes(name)) {
    const length = need(algorithm, 'length');
    if (![128, 192, 256].includes(length)) throw operationError('Invalid key length');
    return length;
  }
  if (name === 'HMAC') {
    if (algorithm.length === 0) throw operationError('Zero-length key is not supported');
    return algorithm.length ?? BLOCK_BITS[need(algorithm, 'hash').name];
  }
  if (name.startsWith('KMAC')) {
    if (algorithm.length === 0) throw operationError('Zero-length key is not supported');
    return algorithm.length ?? Number(name.slice(4));
  }
  return name === 'ChaCha20-Poly1305' ? 256 : null;
}

module.exports = {
  checkKemKey, checkKey, crypt, decapsulate, deriveBits, digest, encapsulate, generateKey, keyLength, sign, verify,
};
