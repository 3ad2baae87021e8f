/**
 * What the files of `node:crypto` share: bytes out of arguments, Buffers out of results, callbacks in their context.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const asyncContext = require('internal/async_context');
const { watchTable } = require('internal/async_ids');
const { Buffer } = require('buffer');

const kHandle = Symbol('kHandle');
const kKeyObject = Symbol('kKeyObject');
const kKeyHandle = Symbol('kKeyHandle');

const bufferTypes = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];
const stringOrBufferTypes = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

function isBytes(value) {
  return isArrayBufferView(value) || isAnyArrayBuffer(value);
}

/** A string's bytes, or the buffer as it is. Throws ERR_INVALID_ARG_TYPE for anything else. */
function toBytes(value, name, encoding) {
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding);
  if (!isBytes(value)) throw new ERR_INVALID_ARG_TYPE(name, stringOrBufferTypes, value);
  return value;
}

/** A copy of what toBytes gives, as a Buffer: of a view its bytes, not its elements. */
function copyBytes(value, name, encoding) {
  const bytes = toBytes(value, name, encoding);
  if (isAnyArrayBuffer(bytes)) return Buffer.from(bytes.slice(0));
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** An Error with a code whose head does not show it, as Node's native code makes them. */
function codedError(message, code) {
  const error = new Error(message);
  error.code = code;
  return error;
}

/** An error in the shape of OpenSSL's: its hexadecimal number, library and reason. */
function opensslError(number, library, reason, prefix) {
  const error = new Error(`error:${number}:${library}::${reason}`);
  error.library = library;
  error.reason = reason;
  error.code = `ERR_OSSL_${prefix}${reason.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  return error;
}

/** Names of curves that NIST and SEC gave beside OpenSSL's. */
const CURVE_ALIASES = { prime192v1: ['P-192', 'secp192r1'], secp224r1: ['P-224'], prime256v1: ['P-256', 'secp256r1'], secp384r1: ['P-384'], secp521r1: ['P-521'] };

let curves;

/** OpenSSL's name of each curve by all of its names. */
function curveNames() {
  if (curves === undefined) {
    curves = new Map();
    for (const name of module.exports.native.curves()) {
      for (const alias of [name, ...(CURVE_ALIASES[name] ?? [])]) curves.set(alias, name);
    }
  }
  return curves;
}

/** The Buffer of a native result. */
function toBuffer(arrayBuffer) {
  return new FastBuffer(arrayBuffer);
}

/** A Buffer, or its text in an encoding. */
function encode(arrayBuffer, encoding) {
  const buffer = new FastBuffer(arrayBuffer);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

/** A native callback that hands `convert(result)` to `callback` in the context of now. */
function jobCallback(callback, convert = toBuffer) {
  const context = asyncContext.get();
  return (error, result) => {
    asyncContext.runIn(context, callback, undefined, error ? [error] : [null, convert(result)]);
  };
}

/** A promise of a native job: `start(callback)`. */
function jobPromise(start) {
  return new Promise((resolve, reject) => {
    start((error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** What hooks call the jobs of native functions. Node docs: async_hooks, "type". */
const requestTypes = {
  __proto__: null,
  agree: 'DERIVEBITSREQUEST',
  argon2: 'ARGON2REQUEST',
  checkPrime: 'CHECKPRIMEREQUEST',
  cipher: 'CIPHERREQUEST',
  generatePrime: 'RANDOMPRIMEREQUEST',
  hashOneShot: 'HASHREQUEST',
  hkdf: 'DERIVEBITSREQUEST',
  hmac: 'SIGNREQUEST',
  keyGenerate: 'KEYPAIRGENREQUEST',
  pbkdf2: 'PBKDF2REQUEST',
  randomBytes: 'KEYGENREQUEST',
  randomFill: 'RANDOMBYTESREQUEST',
  rsaCrypt: 'CIPHERREQUEST',
  scrypt: 'SCRYPTREQUEST',
  sign: 'SIGNREQUEST',
  verify: 'SIGNREQUEST',
};
const native = binding('crypto');
watchTable(native, (name) => requestTypes[name]);

module.exports = {
  bufferTypes,
  codedError,
  copyBytes,
  curveNames,
  encode,
  isBytes,
  jobCallback,
  jobPromise,
  kHandle,
  kKeyHandle,
  kKeyObject,
  native,
  opensslError,
  stringOrBufferTypes,
  toBuffer,
  toBytes,
};
