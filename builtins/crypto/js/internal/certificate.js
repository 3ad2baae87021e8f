/**
 * Netscape's signed public keys and challenges, as the element `keygen` once made them. Node docs: crypto, "Class: Certificate".
 */
'use strict';

const { encode, native, toBytes, toBuffer } = require('internal/crypto/util');

function spkacBytes(spkac, encoding) {
  const bytes = toBytes(spkac, 'spkac', encoding);
  if (bytes.byteLength < 2 ** 31) return bytes;
  const error = new RangeError('spkac is too large');
  error.code = 'ERR_OUT_OF_RANGE';
  throw error;
}

/** Node docs: Certificate.verifySpkac. */
function verifySpkac(spkac, encoding) {
  const bytes = spkacBytes(spkac, encoding);
  // Node passes an empty one through.
  return bytes.byteLength === 0 ? '' : native.spkac(bytes, 'verify');
}

/** The public key as PEM. Node docs: Certificate.exportPublicKey. */
function exportPublicKey(spkac, encoding) {
  const key = native.spkac(spkacBytes(spkac, encoding), 'key');
  return key === undefined ? '' : toBuffer(key);
}

/** Node docs: Certificate.exportChallenge. */
function exportChallenge(spkac, encoding) {
  const challenge = native.spkac(spkacBytes(spkac, encoding), 'challenge');
  return challenge === undefined ? '' : encode(challenge);
}

/** Its instances are deprecated: the functions are static. */
function Certificate() {
  if (!new.target) return new Certificate();
}
Certificate.prototype.verifySpkac = verifySpkac;
Certificate.prototype.exportPublicKey = exportPublicKey;
Certificate.prototype.exportChallenge = exportChallenge;
Certificate.exportChallenge = exportChallenge;
Certificate.exportPublicKey = exportPublicKey;
Certificate.verifySpkac = verifySpkac;

module.exports = { Certificate };
