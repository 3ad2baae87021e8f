/**
 * CryptoKey. Web Crypto, "CryptoKey interface": what a key is shows, the key itself stays inside.
 */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS } } = require('internal/errors');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');

const kMake = Symbol('kMake');
let slotsOf;
let isCryptoKey;

class CryptoKey {
  #slots;

  constructor(token = undefined, slots = undefined) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#slots = slots;
  }

  static {
    slotsOf = (key) => key.#slots;
    isCryptoKey = (value) => value !== null && typeof value === 'object' && #slots in value;
  }

  get type() {
    return checked(this).keyObject.type;
  }

  get extractable() {
    return checked(this).extractable;
  }

  get algorithm() {
    const slots = checked(this);
    return slots.shownAlgorithm ??= copyAlgorithm(slots.algorithm);
  }

  get usages() {
    const slots = checked(this);
    return slots.shownUsages ??= slots.usages.slice();
  }

  [kClone]() {
    const { algorithm, extractable, keyObject, usages } = checked(this);
    return { data: { algorithm, extractable, keyObject, usages }, deserializeInfo: 'internal/webcrypto/key:CryptoKey' };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('util');
    const { extractable, algorithm, usages, keyObject: { type } } = checked(this);
    return `CryptoKey ${inspect({ type, extractable, algorithm, usages }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

function checked(value) {
  if (!isCryptoKey(value)) throw new ERR_INVALID_THIS('CryptoKey');
  return slotsOf(value);
}

for (const key of ['type', 'extractable', 'algorithm', 'usages']) {
  Object.defineProperty(CryptoKey.prototype, key, { __proto__: null, enumerable: true });
}
markTransferMode(CryptoKey.prototype, kCloneable);
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'CryptoKey' });

/** What programs get to see is a copy: what they do to it must not change what the key may do. */
function copyAlgorithm(algorithm) {
  const copy = { ...algorithm };
  if (copy.hash !== undefined) copy.hash = { ...copy.hash };
  if (copy.publicExponent !== undefined) copy.publicExponent = new Uint8Array(copy.publicExponent);
  return copy;
}

/** The order in which usages are listed. */
const USAGES = [
  'encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey', 'encapsulateKey',
  'encapsulateBits', 'decapsulateKey', 'decapsulateBits',
];

/** Makes a CryptoKey of a KeyObject. */
function makeCryptoKey(keyObject, algorithm, extractable, usages) {
  const sorted = USAGES.filter((usage) => usages.includes(usage));
  return new CryptoKey(kMake, { algorithm, extractable, keyObject, usages: sorted });
}

module.exports = {
  [kDeserializers]: { CryptoKey: (slots) => new CryptoKey(kMake, slots) },
  CryptoKey,
  isCryptoKey,
  makeCryptoKey,
  slotsOf,
};
