/** What holds for contexts that do not say otherwise; the public properties of `tls` write here. */
'use strict';

const { getOptionValue } = require('internal/options');

let ciphersSet;
let curve = 'auto';
let max;
let min;

function ciphers() {
  return ciphersSet ??= require('crypto').constants.defaultCipherList;
}

/** Node docs: --tls-max-v1.2, --tls-max-v1.3. The highest one given wins. */
function maxVersion() {
  max ??= getOptionValue('--tls-max-v1.3') ? 'TLSv1.3' : getOptionValue('--tls-max-v1.2') ? 'TLSv1.2' : 'TLSv1.3';
  return max;
}

/** Node docs: --tls-min-v1.0 and the like. The lowest one given wins. */
function minVersion() {
  min ??= getOptionValue('--tls-min-v1.0') ? 'TLSv1' : getOptionValue('--tls-min-v1.1') ? 'TLSv1.1' :
    getOptionValue('--tls-min-v1.2') ? 'TLSv1.2' : getOptionValue('--tls-min-v1.3') ? 'TLSv1.3' : 'TLSv1.2';
  return min;
}

module.exports = {
  ciphers, maxVersion, minVersion,
  ecdhCurve: () => curve,
  setCiphers(value) { ciphersSet = value; },
  setEcdhCurve(value) { curve = value; },
  setMaxVersion(value) { max = value; },
  setMinVersion(value) { min = value; },
};
