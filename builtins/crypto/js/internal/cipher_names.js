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
  if (nid !== undefined) byId.set(nid, cipher);
}

/** By cipher and mode: OpenSSL's numbers; what has none has no number in getCipherInfo() either. */
const ids = {
  'aes-128': { cbc: 419, ccm: 896, cfb: 421, cfb1: 650, cfb8: 653, ctr: 904, ecb: 418, gcm: 895, ocb: 958, ofb: 420, wrap: 788, 'wrap-pad': 897, xts: 913 },
  'aes-192': { cbc: 423, ccm: 899, cfb: 425, cfb1: 651, cfb8: 654, ctr: 905, ecb: 422, gcm: 898, ocb: 959, ofb: 424, wrap: 789, 'wrap-pad': 900 },
  'aes-256': { cbc: 427, ccm: 902, cfb: 429, cfb1: 652, cfb8: 655, ctr: 906, ecb: 426, gcm: 901, ocb: 960, ofb: 428, wrap: 790, 'wrap-pad': 903, xts: 914 },
  'aria-128': { cbc: 1066, ccm: 1120, cfb: 1067, cfb1: 1080, cfb8: 1083, ctr: 1069, ecb: 1065, gcm: 1123, ofb: 1068 },
  'aria-192': { cbc: 1071, ccm: 1121, cfb: 1072, cfb1: 1081, cfb8: 1084, ctr: 1074, ecb: 1070, gcm: 1124, ofb: 1073 },
  'aria-256': { cbc: 1076, ccm: 1122, cfb: 1077, cfb1: 1082, cfb8: 1085, ctr: 1079, ecb: 1075, gcm: 1125, ofb: 1078 },
  'camellia-128': { cbc: 751, cfb: 757, cfb1: 760, cfb8: 763, ctr: 963, ecb: 754, ofb: 766 },
  'camellia-192': { cbc: 752, cfb: 758, cfb1: 761, cfb8: 764, ctr: 967, ecb: 755, ofb: 767 },
  'camellia-256': { cbc: 753, cfb: 759, cfb1: 762, cfb8: 765, ctr: 971, ecb: 756, ofb: 768 },
  'des-ede': { cbc: 43, cfb: 60, ecb: 32, ofb: 62 },
  'des-ede3': { cbc: 44, cfb: 61, cfb1: 658, cfb8: 659, ecb: 33, ofb: 63 },
  'sm4': { cbc: 1134, ccm: undefined, cfb: 1137, ctr: 1139, ecb: 1133, gcm: undefined, ofb: 1135 },
};

/** By mode: bytes of a block and of the IV for ciphers of 16 bytes, and OpenSSL's name of the mode. */
const modes = {
  'cbc': [16, 16, 'cbc'], 'ccm': [1, 12, 'ccm'], 'cfb': [1, 16, 'cfb'], 'cfb1': [1, 16, 'cfb'], 'cfb8': [1, 16, 'cfb'],
  'ctr': [1, 16, 'ctr'], 'ecb': [16, 0, 'ecb'], 'gcm': [1, 12, 'gcm'], 'gcm-siv': [1, 12, 'gcm-siv'], 'ocb': [16, 12, 'ocb'],
  'ofb': [1, 16, 'ofb'], 'siv': [1, 0, 'siv'], 'wrap': [8, 8, 'wrap'], 'wrap-inv': [8, 8, 'wrap'], 'wrap-pad': [8, 4, 'wrap'],
  'wrap-pad-inv': [8, 4, 'wrap'], 'xts': [1, 16, 'xts'],
};

const keyLengths = { 'des-ede': 16, 'des-ede3': 24, 'sm4': 16 };

/** All names of a cipher in a mode, and the one that getCipherInfo() shows. */
function namesOf(cipher, mode) {
  const name = `${cipher}-${mode}`;
  const bits = cipher.slice(-3);
  const aes = cipher.startsWith('aes');
  switch (true) {
    case aes && (mode === 'ccm' || mode === 'gcm'): return [[name, `id-aes${bits}-${mode}`], `id-aes${bits}-${mode}`];
    case aes && (mode === 'wrap' || mode === 'wrap-pad'): return [[name, `aes${bits}-${mode}`, `id-aes${bits}-${mode}`], `id-aes${bits}-${mode}`];
    case aes && mode.startsWith('wrap'): return [[name, `aes${bits}-${mode}`], name];
    case mode === 'cbc' && cipher === 'des-ede3': return [[name, 'des3'], name];
    case mode === 'cbc' && cipher === 'sm4': return [[name, 'sm4'], name];
    case mode === 'cbc' && cipher !== 'des-ede': return [[name, cipher.replace('-', '')], name];
    case mode === 'ecb' && cipher.startsWith('des'): return [[name, cipher], cipher];
    case cipher === 'sm4' && (mode === 'cfb' || mode === 'ofb'): return [[name, `${name}128`], name];
    default: return [[name], name];
  }
}

for (const [cipher, numbers] of Object.entries(ids)) {
  const extra = cipher.startsWith('aes') ? ['siv', 'wrap-inv', 'wrap-pad-inv', ...(cipher === 'aes-192' ? [] : ['gcm-siv'])] : [];
  for (const mode of [...Object.keys(numbers), ...extra]) {
    const [names, shown] = namesOf(cipher, mode);
    let [blockSize, ivLength, modeName] = modes[mode];
    if (cipher.startsWith('des')) {
      blockSize = Math.min(blockSize, 8);
      ivLength /= 2;
    }
    const keyLength = keyLengths[cipher] ?? Number(cipher.slice(-3)) / 8;
    add(names, shown, numbers[mode], mode === 'siv' || mode === 'xts' ? keyLength * 2 : keyLength, blockSize, ivLength, modeName, `${cipher}-${mode}`);
  }
}
add(['chacha20'], 'chacha20', 1019, 32, 0, 16, 'stream', 'chacha20');
add(['chacha20-poly1305'], 'chacha20-poly1305', 1018, 32, 0, 12, 'stream', 'chacha20-poly1305');

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
  if (cipher.mode === 'ocb') return length >= 1 && length <= 15;
  if (cipher.nativeName === 'chacha20-poly1305') return length >= 1 && length <= 12;
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
  const info = { __proto__: null, mode: cipher.mode, name: cipher.name };
  if (cipher.nid !== undefined) info.nid = cipher.nid;
  info.keyLength = cipher.keyLength;
  if (cipher.blockSize !== 0) info.blockSize = cipher.blockSize;
  if (cipher.ivLength !== 0) info.ivLength = ivLength ?? cipher.ivLength;
  return info;
}

module.exports = { findCipher, getCipherInfo, getCiphers, takesIv };
