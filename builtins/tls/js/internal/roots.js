/** Which authorities are trusted by default. Node docs: tls.getCACertificates, NODE_EXTRA_CA_CERTS, --use-system-ca. */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateOneOf } = require('internal/validators');
const { isArrayBufferView } = require('internal/util/types');
const { getOptionValue } = require('internal/options');

const native = binding('tls');

let installed = false;
let bundled;
let chosen;
let extra;
let system;

/** Files that systems keep their authorities in. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/ssl/cert.pem',
];

function toPem(der) {
  const lines = require('buffer').Buffer.from(der).toString('base64').match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Why a file could not be read, as OpenSSL has it: its number of system errors has the errno in it. */
function loadError(error) {
  if (error.errno === undefined) return error.message;
  const { getSystemErrorMessage } = require('util');
  const reason = getSystemErrorMessage(error.errno);
  const number = (0x80000000 - error.errno).toString(16).toUpperCase();
  return `error:${number}:system library::${reason[0].toUpperCase()}${reason.slice(1)}`;
}

function readFile(path) {
  const list = native.pemCertificates(require('fs').readFileSync(path));
  return list ?? [];
}

function bundledRoots() {
  return bundled ??= Object.freeze(native.bundledRoots());
}

/** NODE_EXTRA_CA_CERTS; a file that cannot be read is a warning. */
function extraRoots() {
  if (extra === undefined) {
    extra = [];
    const path = process.env.NODE_EXTRA_CA_CERTS;
    if (path) {
      try {
        extra = readFile(path);
      } catch (error) {
        process.emitWarning(`Ignoring extra certs from \`${path}\`, load failed: ${loadError(error)}`);
      }
    }
  }
  return extra;
}

function systemRoots() {
  if (system === undefined) {
    const { SSL_CERT_FILE, SSL_CERT_DIR } = process.env;
    system = [];
    const files = SSL_CERT_FILE ? [SSL_CERT_FILE] : SYSTEM_FILES;
    const fs = require('fs');
    const found = files.find((path) => fs.existsSync(path));
    if (found !== undefined) system.push(...readFile(found));
    if (SSL_CERT_DIR) {
      for (const dir of SSL_CERT_DIR.split(':')) {
        if (!fs.existsSync(dir)) continue;
        for (const name of fs.readdirSync(dir)) {
          const path = require('path').join(dir, name);
          if (fs.statSync(path, { throwIfNoEntry: false })?.isFile()) system.push(...readFile(path));
        }
      }
    }
    // A folder has them under several names.
    const { Buffer } = require('buffer');
    system = [...new Map(system.map((der) => [Buffer.from(der).toString('latin1'), der])).values()];
  }
  return system;
}

const usesBundled = () => !getOptionValue('--use-openssl-ca') || getOptionValue('--use-bundled-ca');
const usesSystem = () => getOptionValue('--use-system-ca') || getOptionValue('--use-openssl-ca') ||
  (process.env.NODE_USE_SYSTEM_CA === '1' && !process.execArgv.includes('--no-use-system-ca'));

/** Tells native code what contexts without `ca` trust. */
function installDefaultStore() {
  if (installed) return;
  installed = true;
  if (chosen !== undefined) native.setDefaultStore(false, chosen);
  else native.setDefaultStore(usesBundled(), [...extraRoots(), ...(usesSystem() ? systemRoots() : [])]);
}

/** Node docs: tls.getCACertificates. */
function getCACertificates(type = 'default') {
  validateOneOf(type, 'type', ['default', 'bundled', 'system', 'extra']);
  switch (type) {
    case 'bundled': return bundledRoots();
    case 'system': return cachedPem('system', systemRoots);
    case 'extra': return cachedPem('extra', extraRoots);
    default: return defaultRoots();
  }
}

const pems = { __proto__: null };

function cachedPem(name, list) {
  return pems[name] ??= Object.freeze(list().map(toPem));
}

function defaultRoots() {
  return pems.default ??= Object.freeze(chosen !== undefined ? chosen.map(toPem) : [
    ...(usesBundled() ? bundledRoots() : []),
    ...(usesSystem() ? systemRoots().map(toPem) : []),
    ...extraRoots().map(toPem),
  ]);
}

/** Node docs: tls.setDefaultCACertificates. */
function setDefaultCACertificates(certs) {
  if (!Array.isArray(certs)) throw new ERR_INVALID_ARG_TYPE('certs', 'Array', certs);
  const { Buffer } = require('buffer');
  const list = [];
  const seen = new Set();
  certs.forEach((cert, index) => {
    if (typeof cert !== 'string' && !isArrayBufferView(cert)) {
      throw new ERR_INVALID_ARG_TYPE(`certs[${index}]`, ['string', 'ArrayBufferView'], cert);
    }
    const found = native.pemCertificates(typeof cert === 'string' ? Buffer.from(cert) : cert);
    if (found === undefined || found.length === 0) throw new ERR_INVALID_ARG_VALUE(`certs[${index}]`, cert, 'No valid certificates found in the provided array');
    for (const der of found) {
      const key = Buffer.from(der).toString('latin1');
      if (seen.has(key)) continue;
      seen.add(key);
      list.push(der);
    }
  });
  chosen = list;
  pems.default = undefined;
  installed = false;
}

module.exports = { bundledRoots, getCACertificates, installDefaultStore, setDefaultCACertificates };
