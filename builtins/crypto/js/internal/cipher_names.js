/**
 * The ciphers there are. Node docs: crypto.getCiphers, crypto.getCipherInfo.
 */
'use strict';

const { validateInt32, validateObject, validateString, validateUint32 } = require('internal/validators');
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');

/** By name: OpenSSL's name, numeric id, bytes of the key, bytes of a block, bytes of the IV (0: none), mode, name in native code. */
const ciphers = new Map();
const byId = new Map();

function add(names, name, nid, keyLength, blockSize, ivLength, mode, nativeName) {
  const cipher = { name, nid, keyLength, blockSize, ivLength, mode, nativeName };
  for (const each of names) ciphers.set(each, cipher);
  byId.set(nid, cipher);
}

const aesIds = {
  // By key size: cbc, ccm, cfb, cfb8, ctr, ecb, gcm, ofb, wrap, wrap-pad.
  128: [419, 896, 421, 653, 904, 418, 895, 420, 788, 897],
  192: [423, 899, 425, 654, 905, 422, 898, 424, 789, 900],
  256: [427, 902, 429, 655, 906, 426, 901, 428, 790, 903],
};
for (const bits of [128, 192, 256]) {
  const [cbc, ccm, cfb, cfb8, ctr, ecb, gcm, ofb, wrap, wrapPad] = aesIds[bits];
  const aes = `aes-${bits}`;
  const key = bits / 8;
  add([`${aes}-cbc`, `aes${bits}`], `${aes}-cbc`, cbc, key, 16, 16, 'cbc', `${aes}-cbc`);
  add([`${aes}-ccm`, `id-aes${bits}-ccm`], `id-aes${bits}-ccm`, ccm, key, 1, 12, 'ccm', `${aes}-ccm`);
  add([`${aes}-cfb`], `${aes}-cfb`, cfb, key, 1, 16, 'cfb', `${aes}-cfb`);
  add([`${aes}-cfb8`], `${aes}-cfb8`, cfb8, key, 1, 16, 'cfb', `${aes}-cfb8`);
  add([`${aes}-ctr`], `${aes}-ctr`, ctr, key, 1, 16, 'ctr', `${aes}-ctr`);
  add([`${aes}-ecb`], `${aes}-ecb`, ecb, key, 16, 0, 'ecb', `${aes}-ecb`);
  add([`${aes}-gcm`, `id-aes${bits}-gcm`], `id-aes${bits}-gcm`, gcm, key, 1, 12, 'gcm', `${aes}-gcm`);
  add([`${aes}-ofb`], `${aes}-ofb`, ofb, key, 1, 16, 'ofb', `${aes}-ofb`);
  add([`${aes}-wrap`, `aes${bits}-wrap`, `id-aes${bits}-wrap`], `id-aes${bits}-wrap`, wrap, key, 8, 8, 'wrap', `${aes}-wrap`);
  add([`${aes}-wrap-pad`, `aes${bits}-wrap-pad`, `id-aes${bits}-wrap-pad`], `id-aes${bits}-wrap-pad`, wrapPad, key, 8, 4,
      'wrap', `${aes}-wrap-pad`);
}
add(['chacha20'], 'chacha20', 1019, 32, 0, 16, 'stream', 'chacha20');
add(['chacha20-poly1305'], 'chacha20-poly1305', 1018, 32, 0, 12, 'stream', 'chacha20-poly1305');
add(['des-ede3', 'des-ede3-ecb'], 'des-ede3', 33, 24, 8, 0, 'ecb', 'des-ede3-ecb');
add(['des-ede3-cbc', 'des3'], 'des-ede3-cbc', 44, 24, 8, 8, 'cbc', 'des-ede3-cbc');
add(['des-ede3-cfb'], 'des-ede3-cfb', 61, 24, 1, 8, 'cfb', 'des-ede3-cfb');
add(['des-ede3-cfb8'], 'des-ede3-cfb8', 659, 24, 1, 8, 'cfb', 'des-ede3-cfb8');
add(['des-ede3-ofb'], 'des-ede3-ofb', 63, 24, 1, 8, 'ofb', 'des-ede3-ofb');

/** What is known of a cipher; undefined if there is none of the name. */
function findCipher(name) {
  return ciphers.get(name) ?? ciphers.get(name.toLowerCase());
}

function getCiphers() {
  return [...ciphers.keys()].sort();
}

/** Whether a cipher takes an IV of so many bytes. */
function takesIv(cipher, length) {
  if (cipher.mode === 'gcm') return length > 0;
  if (cipher.mode === 'ccm') return length >= 7 && length <= 13;
  return length === cipher.ivLength;
}

/** Node docs: crypto.getCipherInfo. */
function getCipherInfo(nameOrNid, options) {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('nameOrNid', ['string', 'number'], nameOrNid);
  }
  if (typeof nameOrNid === 'number') validateInt32(nameOrNid, 'nameOrNid');
  else validateString(nameOrNid, 'nameOrNid');
  let keyLength;
  let ivLength;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ keyLength, ivLength } = options);
    if (keyLength !== undefined) validateUint32(keyLength, 'options.keyLength');
    if (ivLength !== undefined) validateUint32(ivLength, 'options.ivLength');
  }
  const cipher = typeof nameOrNid === 'number' ? byId.get(nameOrNid) : findCipher(nameOrNid);
  if (cipher === undefined) return undefined;
  if (keyLength !== undefined && keyLength !== cipher.keyLength) return undefined;
  if (ivLength !== undefined && !takesIv(cipher, ivLength)) return undefined;
  const info = { __proto__: null, mode: cipher.mode, name: cipher.name, nid: cipher.nid, keyLength: cipher.keyLength };
  if (cipher.blockSize !== 0) info.blockSize = cipher.blockSize;
  if (cipher.ivLength !== 0) info.ivLength = ivLength ?? cipher.ivLength;
  return info;
}

module.exports = { findCipher, getCipherInfo, getCiphers, takesIv };
