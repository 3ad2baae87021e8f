/**
 * SubtleCrypto.supports: whether an operation would be there for an algorithm with these members. "Modern Algorithms in the Web
 * Cryptography API", SubtleCrypto.supports.
 */
'use strict';

const { isCryptoKey, slotsOf } = require('internal/webcrypto/key');
const { bytes, need, normalize } = require('internal/webcrypto/algorithms');
const { CURVE_OF, isAes, isMaterial, isRsa } = require('internal/webcrypto/import_export');
const operations = require('internal/webcrypto/operations');

function expect(condition) {
  if (!condition) throw new Error('not supported');
}

function sized(algorithm, member, fits) {
  expect(fits(bytes(need(algorithm, member), member).length));
}

/** What ciphers need: members, and their sizes in bytes. */
function checkCipher(algorithm) {
  const { name, additionalData, label, length, tagLength = 128 } = algorithm;
  if (additionalData !== undefined) bytes(additionalData, 'additionalData');
  switch (name) {
    case 'AES-CBC': return sized(algorithm, 'iv', (size) => size === 16);
    case 'AES-CTR':
      expect(length >= 1 && length <= 128);
      return sized(algorithm, 'counter', (size) => size === 16);
    case 'AES-GCM':
      expect([32, 64, 96, 104, 112, 120, 128].includes(tagLength));
      return sized(algorithm, 'iv', () => true);
    case 'AES-OCB':
      expect([64, 96, 128].includes(tagLength));
      return sized(algorithm, 'iv', (size) => size <= 15);
    case 'ChaCha20-Poly1305':
      expect(tagLength === 128);
      return sized(algorithm, 'iv', (size) => size === 12);
    default:
      if (label !== undefined) bytes(label, 'label');
  }
}

function checkCurve({ name, namedCurve }) {
  if (name === 'ECDSA' || name === 'ECDH') expect(Object.hasOwn(CURVE_OF, namedCurve));
}

/** Lengths of keys of MACs are whole bytes here. */
function checkMacLength({ name, length }) {
  if (name === 'HMAC' || name.startsWith('KMAC')) expect(length === undefined || (length > 0 && length % 8 === 0));
}

function needHash(algorithm) {
  if (algorithm.name === 'HMAC' || isRsa(algorithm.name)) need(algorithm, 'hash');
}

const checks = {
  decrypt: checkCipher,
  encrypt: checkCipher,
  digest(algorithm) {
    if (!/^(?:cSHAKE|KT|TurboSHAKE)/.test(algorithm.name)) return;
    need(algorithm, 'outputLength');
    const { domainSeparation = 1 } = algorithm;
    expect(domainSeparation >= 1 && domainSeparation <= 0x7f);
  },
  exportKey({ name }) {
    expect(!isMaterial(name));
  },
  generateKey(algorithm) {
    const { name, length } = algorithm;
    checkCurve(algorithm);
    checkMacLength(algorithm);
    needHash(algorithm);
    if (isAes(name)) expect([128, 192, 256].includes(length));
    if (isRsa(name)) {
      need(algorithm, 'modulusLength');
      need(algorithm, 'publicExponent');
    }
  },
  importKey(algorithm) {
    checkCurve(algorithm);
    checkMacLength(algorithm);
    needHash(algorithm);
  },
  sign(algorithm) {
    if (algorithm.name === 'ECDSA') need(algorithm, 'hash');
    if (algorithm.name === 'RSA-PSS') need(algorithm, 'saltLength');
    if (algorithm.name.startsWith('KMAC')) expect(need(algorithm, 'outputLength') % 8 === 0);
  },
  verify(algorithm) {
    checks.sign(algorithm);
  },
};

/** What derivation needs; `length` in bits, null for all there is. */
function checkDerivation(algorithm, length) {
  const { name } = algorithm;
  if (name === 'ECDH' || name === 'X25519' || name === 'X448') {
    const other = need(algorithm, 'public');
    expect(isCryptoKey(other) && other.type === 'public' && slotsOf(other).algorithm.name === name);
    return;
  }
  expect(length !== null && length !== undefined && length % 8 === 0);
  if (name.startsWith('Argon2')) {
    const { version = 0x13 } = algorithm;
    const [lanes, memory, passes] = ['parallelism', 'memory', 'passes'].map((member) => need(algorithm, member));
    expect(length >= 32 && lanes > 0 && lanes < 2 ** 24 && memory >= 8 * lanes && passes > 0 && version === 0x13);
    return sized(algorithm, 'nonce', (size) => size >= 8);
  }
  need(algorithm, 'hash');
  sized(algorithm, 'salt', () => true);
  if (name === 'HKDF') sized(algorithm, 'info', () => true);
  else expect(need(algorithm, 'iterations') > 0);
}

function normalized(operation, algorithm) {
  const normal = normalize(algorithm, operation);
  checks[operation]?.(normal);
  return normal;
}

/** Keys that a shared secret of 256 bits makes. */
function checkShared(algorithm) {
  const { name, length = 256 } = normalized('importKey', algorithm);
  expect(isAes(name) || isMaterial(name) || name === 'ChaCha20-Poly1305' || ((name === 'HMAC' || name.startsWith('KMAC')) && length === 256));
}

const composite = {
  decapsulateKey(algorithm, shared) {
    normalized('decapsulateKey', algorithm);
    checkShared(shared);
  },
  deriveBits(algorithm, length) {
    checkDerivation(normalized('deriveBits', algorithm), length);
  },
  deriveKey(algorithm, derived) {
    normalized('importKey', derived);
    const length = operations.keyLength(normalize(derived, 'get key length'));
    checkDerivation(normalized('deriveBits', algorithm), length);
  },
  encapsulateKey(algorithm, shared) {
    normalized('encapsulateKey', algorithm);
    checkShared(shared);
  },
  getPublicKey(algorithm) {
    const { name } = normalized('exportKey', algorithm);
    expect(require('internal/webcrypto/algorithms').USAGES[name].private !== undefined);
  },
  unwrapKey(algorithm, unwrapped) {
    checkCipher(normalized('unwrapKey', algorithm));
    normalized('importKey', unwrapped);
  },
  wrapKey(algorithm, wrapped) {
    checkCipher(normalized('wrapKey', algorithm));
    normalized('exportKey', wrapped);
  },
};

const OPERATIONS = new Set([
  'decrypt', 'encrypt', 'digest', 'exportKey', 'generateKey', 'importKey', 'sign', 'verify', 'encapsulateBits', 'decapsulateBits',
  ...Object.keys(composite),
]);

/** `additional`: the length for deriveBits, the other algorithm of operations on two. */
function supports(operation, algorithm, additional) {
  if (!OPERATIONS.has(operation)) return false;
  try {
    if (Object.hasOwn(composite, operation)) composite[operation](algorithm, additional);
    else normalized(operation, algorithm);
    return true;
  } catch {
    return false;
  }
}

module.exports = { supports };
