/**
 * SubtleCrypto. Web Crypto, "SubtleCrypto interface": every method is asynchronous, and errors reject.
 */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS, ERR_MISSING_ARGS } } = require('internal/errors');
const { emitExperimentalWarning, lazyDOMException } = require('internal/util');
const { Buffer } = require('buffer');
const { argument, bytes, normalize, usageList } = require('internal/webcrypto/algorithms');
const operations = require('internal/webcrypto/operations');
const formats = require('internal/webcrypto/import_export');

const kMake = Symbol('kMake');
let instance;

function checkCall(self, args, count, method) {
  if (self !== instance) throw new ERR_INVALID_THIS('SubtleCrypto');
  if (args.length < count) throw missingArguments(count, args.length, method);
}

function missingArguments(count, given, method) {
  const error = new ERR_MISSING_ARGS('arguments');
  error.message = `Failed to execute '${method}' on 'SubtleCrypto': ${count} argument${count === 1 ? '' : 's'} required, but only ${given} present.`;
  return error;
}

class SubtleCrypto {
  constructor(token = undefined) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** Whether an operation is there for an algorithm. Node docs: SubtleCrypto.supports. */
  static supports(operation, algorithm, lengthOrAdditionalAlgorithm = null) {
    experimental('supports');
    if (this !== SubtleCrypto) throw new ERR_INVALID_THIS('SubtleCrypto constructor');
    if (arguments.length < 2) throw missingArguments(2, arguments.length, 'supports');
    return require('internal/webcrypto/supports').supports(`${operation}`, algorithm, lengthOrAdditionalAlgorithm);
  }

  async digest(algorithm, data) {
    checkCall(this, arguments, 2, 'digest');
    return operations.digest(algorithm, data);
  }

  async generateKey(algorithm, extractable, keyUsages) {
    checkCall(this, arguments, 3, 'generateKey');
    const usages = usageList(keyUsages);
    return operations.generateKey(normalize(algorithm, 'generateKey'), !!extractable, usages);
  }

  async importKey(format, keyData, algorithm, extractable, keyUsages) {
    checkCall(this, arguments, 5, 'importKey');
    return formats.importKey(format, keyData, algorithm, extractable, keyUsages, 'importKey');
  }

  async exportKey(format, key) {
    checkCall(this, arguments, 2, 'exportKey');
    return formats.exportKey(format, key);
  }

  async encrypt(algorithm, key, data) {
    checkCall(this, arguments, 3, 'encrypt');
    const normal = normalize(algorithm, 'encrypt');
    const copy = bytes(data, argument('encrypt', '3rd'));
    operations.checkKey(key, normal, 'encrypt');
    return operations.crypt(true, normal, key, copy);
  }

  async decrypt(algorithm, key, data) {
    checkCall(this, arguments, 3, 'decrypt');
    const normal = normalize(algorithm, 'decrypt');
    const copy = bytes(data, argument('decrypt', '3rd'));
    operations.checkKey(key, normal, 'decrypt');
    return operations.crypt(false, normal, key, copy);
  }

  async sign(algorithm, key, data) {
    checkCall(this, arguments, 3, 'sign');
    const normal = normalize(algorithm, 'sign');
    const copy = bytes(data, argument('sign', '3rd'));
    operations.checkKey(key, normal, 'sign');
    return operations.sign(normal, key, copy);
  }

  async verify(algorithm, key, signature, data) {
    checkCall(this, arguments, 4, 'verify');
    const normal = normalize(algorithm, 'verify');
    const [signatureCopy, dataCopy] = [bytes(signature, argument('verify', '3rd')), bytes(data, argument('verify', '4th'))];
    operations.checkKey(key, normal, 'verify');
    return operations.verify(normal, key, signatureCopy, dataCopy);
  }

  async deriveBits(algorithm, baseKey, length = null) {
    checkCall(this, arguments, 2, 'deriveBits');
    const normal = normalize(algorithm, 'deriveBits');
    operations.checkKey(baseKey, normal, 'deriveBits');
    return operations.deriveBits(normal, baseKey, length);
  }

  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
    checkCall(this, arguments, 5, 'deriveKey');
    const usages = usageList(keyUsages);
    const normal = normalize(algorithm, 'deriveBits');
    const derived = normalize(derivedKeyType, 'importKey');
    const length = operations.keyLength(normalize(derivedKeyType, 'get key length'));
    operations.checkKey(baseKey, normal, 'deriveKey');
    const bits = await operations.deriveBits(normal, baseKey, length);
    return formats.importKey('raw-secret', bits, derived, extractable, usages);
  }

  async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
    checkCall(this, arguments, 4, 'wrapKey');
    const normal = normalize(wrapAlgorithm, 'wrapKey');
    operations.checkKey(wrappingKey, normal, 'wrapKey');
    const exported = formats.exportKey(format, key, 'wrapKey');
    const data = format === 'jwk' ? Buffer.from(JSON.stringify(exported)) : Buffer.from(exported);
    return operations.crypt(true, normal, wrappingKey, padForWrap(normal, format, data));
  }

  async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
    checkCall(this, arguments, 7, 'unwrapKey');
    const copy = bytes(wrappedKey, argument('unwrapKey', '2nd'));
    const normal = normalize(unwrapAlgorithm, 'unwrapKey');
    operations.checkKey(unwrappingKey, normal, 'unwrapKey');
    let data = await operations.crypt(false, normal, unwrappingKey, copy);
    if (format === 'jwk') {
      try {
        data = JSON.parse(Buffer.from(data).toString());
      } catch {
        throw lazyDOMException('Invalid wrapped JWK key', 'DataError');
      }
    }
    return formats.importKey(format, data, unwrappedKeyAlgorithm, extractable, keyUsages);
  }

  async getPublicKey(key, keyUsages) {
    experimental('getPublicKey');
    checkCall(this, arguments, 2, 'getPublicKey');
    const { isCryptoKey, slotsOf } = require('internal/webcrypto/key');
    if (!isCryptoKey(key) || key.type !== 'private') throw lazyDOMException('key must be a private key', 'InvalidAccessError');
    const { createPublicKey } = require('internal/crypto/keys');
    return formats.fromKeyObject(createPublicKey(slotsOf(key).keyObject), slotsOf(key).algorithm, true, keyUsages);
  }

  async encapsulateBits(encapsulationAlgorithm, encapsulationKey) {
    experimental('encapsulateBits');
    checkCall(this, arguments, 2, 'encapsulateBits');
    const normal = normalize(encapsulationAlgorithm, 'encapsulateBits');
    operations.checkKemKey(encapsulationKey, normal, 'encapsulateBits');
    return operations.encapsulate(encapsulationKey);
  }

  async encapsulateKey(encapsulationAlgorithm, encapsulationKey, sharedKeyAlgorithm, extractable, keyUsages) {
    experimental('encapsulateKey');
    checkCall(this, arguments, 5, 'encapsulateKey');
    const usages = usageList(keyUsages);
    const normal = normalize(encapsulationAlgorithm, 'encapsulateKey');
    const shared = normalize(sharedKeyAlgorithm, 'importKey');
    operations.checkKemKey(encapsulationKey, normal, 'encapsulateKey');
    const { sharedKey, ciphertext } = await operations.encapsulate(encapsulationKey);
    return { ciphertext, sharedKey: formats.importKey('raw-secret', sharedKey, shared, extractable, usages) };
  }

  async decapsulateBits(decapsulationAlgorithm, decapsulationKey, ciphertext) {
    experimental('decapsulateBits');
    checkCall(this, arguments, 3, 'decapsulateBits');
    const normal = normalize(decapsulationAlgorithm, 'decapsulateBits');
    const copy = bytes(ciphertext, argument('decapsulateBits', '3rd'));
    operations.checkKemKey(decapsulationKey, normal, 'decapsulateBits');
    return operations.decapsulate(decapsulationKey, copy);
  }

  async decapsulateKey(decapsulationAlgorithm, decapsulationKey, ciphertext, sharedKeyAlgorithm, extractable, keyUsages) {
    experimental('decapsulateKey');
    checkCall(this, arguments, 6, 'decapsulateKey');
    const usages = usageList(keyUsages);
    const normal = normalize(decapsulationAlgorithm, 'decapsulateKey');
    const shared = normalize(sharedKeyAlgorithm, 'importKey');
    const copy = bytes(ciphertext, argument('decapsulateKey', '3rd'));
    operations.checkKemKey(decapsulationKey, normal, 'decapsulateKey');
    return formats.importKey('raw-secret', await operations.decapsulate(decapsulationKey, copy), shared, extractable, usages);
  }
}

function experimental(method) {
  emitExperimentalWarning(`The ${method} Web Crypto API method`);
}

/** AES-KW works on blocks of 8 bytes; JSON may be followed by spaces. */
function padForWrap(algorithm, format, data) {
  if (algorithm.name !== 'AES-KW' || format !== 'jwk' || data.length % 8 === 0) return data;
  return Buffer.concat([data, Buffer.alloc(8 - data.length % 8, ' ')]);
}

for (const key of Object.getOwnPropertyNames(SubtleCrypto.prototype)) {
  if (key !== 'constructor') Object.defineProperty(SubtleCrypto.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(SubtleCrypto, 'supports', { __proto__: null, enumerable: true });
Object.defineProperty(SubtleCrypto.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'SubtleCrypto' });
instance = new SubtleCrypto(kMake);

module.exports = { SubtleCrypto, subtle: instance };
