/** `node:tls`. Node docs: TLS (SSL). */
'use strict';

const defaults = require('internal/tls/defaults');
const { bundledRoots, getCACertificates, setDefaultCACertificates } = require('internal/tls/roots');
const { checkServerIdentity } = require('internal/tls/identity');
const { SecureContext, createSecureContext, getCertificateCompressionAlgorithms } = require('internal/tls/secure_context');
const { TLSSocket, connect, convertALPNProtocols } = require('internal/tls/socket');
const { Server, createServer } = require('internal/tls/server');

let ciphers;

/** Node docs: tls.getCiphers: names in lower case. */
function getCiphers() {
  return [...(ciphers ??= binding('tls').cipherNames().map((name) => name.toLowerCase()).sort())];
}

module.exports = {
  // A renegotiation attack is not possible here; programs read the numbers.
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
};

for (const [name, get, set] of [
  ['DEFAULT_CIPHERS', defaults.ciphers, defaults.setCiphers],
  ['DEFAULT_ECDH_CURVE', defaults.ecdhCurve, defaults.setEcdhCurve],
  ['DEFAULT_MIN_VERSION', defaults.minVersion, defaults.setMinVersion],
  ['DEFAULT_MAX_VERSION', defaults.maxVersion, defaults.setMaxVersion],
]) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, get, set });
}

Object.assign(module.exports, { getCiphers, getCertificateCompressionAlgorithms });
Object.defineProperty(module.exports, 'rootCertificates', {
  __proto__: null, configurable: false, enumerable: true, get: bundledRoots,
});
Object.assign(module.exports, {
  getCACertificates, setDefaultCACertificates, convertALPNProtocols, checkServerIdentity, createSecureContext, SecureContext, TLSSocket,
  Server, createServer, connect,
});
