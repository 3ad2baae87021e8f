/**
 * Primes. Node docs: crypto.checkPrime, crypto.generatePrime.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateBoolean, validateFunction, validateInt32, validateObject } = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { Buffer } = require('buffer');
const { isBytes, jobCallback, native, opensslError, toBuffer } = require('internal/crypto/util');

const TYPES = ['bigint', 'ArrayBuffer', 'TypedArray', 'Buffer', 'DataView'];

/** The widest candidate, in bytes. OpenSSL: BN_BIGNUM_TOO_LONG is for more than INT_MAX / 4 bits. */
const CANDIDATE_BYTES_MAX = 67108856;

/** A number's bytes, big-endian. */
function bytesOf(value, name) {
  if (typeof value === 'bigint') {
    if (value < 0n) throw new ERR_OUT_OF_RANGE(name, '>= 0', value);
    const hex = value.toString(16);
    return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  }
  if (!isBytes(value)) throw new ERR_INVALID_ARG_TYPE(name, TYPES, value);
  return value;
}

function numberOf(bytes) {
  const view = ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes);
  return BigInt(`0x${view.toString('hex') || '0'}`);
}

function invalid(name) {
  const error = new ERR_OUT_OF_RANGE(name, 'valid', 0);
  error.message = `invalid ${name}`;
  return error;
}

function checkGenerate(size, options) {
  validateInt32(size, 'size', 1);
  validateObject(options, 'options');
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  const addBytes = add === undefined ? undefined : bytesOf(add, 'options.add');
  let remBytes = rem === undefined ? undefined : bytesOf(rem, 'options.rem');
  if (addBytes !== undefined) {
    const divisor = numberOf(addBytes);
    if (divisor.toString(2).length > size) throw invalid('options.add');
    if (remBytes !== undefined && divisor <= numberOf(remBytes)) throw invalid('options.rem');
    // OpenSSL: the remainder is 1, or 3 for a safe prime.
    remBytes ??= Buffer.from([safe ? 3 : 1]);
  }
  const convert = (bytes) => (bigint ? numberOf(toBuffer(bytes)) : bytes);
  let refusal;
  if (size < (safe ? 3 : 2)) refusal = ['01800076', 'bignum routines', 'bits too small', 'BN_'];
  else if (addBytes !== undefined && numberOf(addBytes) === 0n) refusal = ['01800067', 'bignum routines', 'div by zero', 'BN_'];
  return { args: [size, safe, addBytes, remBytes], convert, refusal };
}

/** Node docs: crypto.generatePrime. */
function generatePrime(size, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kEmptyObject;
  }
  validateFunction(callback, 'callback');
  const { args, convert, refusal } = checkGenerate(size, options);
  if (refusal !== undefined) process.nextTick(callback, opensslError(...refusal));
  else native.generatePrime(...args, jobCallback(callback, convert));
}

/** Node docs: crypto.generatePrimeSync. */
function generatePrimeSync(size, options = kEmptyObject) {
  const { args, convert, refusal } = checkGenerate(size, options);
  if (refusal !== undefined) throw opensslError(...refusal);
  return convert(native.generatePrime(...args));
}

function checkCandidate(candidate, options) {
  const bytes = bytesOf(candidate, 'candidate');
  if (bytes.byteLength > CANDIDATE_BYTES_MAX) throw opensslError('01800072', 'bignum routines', 'bignum too long', 'BN_');
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  return [bytes, checks];
}

/** Node docs: crypto.checkPrime. */
function checkPrime(candidate, options = kEmptyObject, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kEmptyObject;
  }
  const args = checkCandidate(candidate, options);
  validateFunction(callback, 'callback');
  native.checkPrime(...args, jobCallback(callback, (result) => result));
}

/** Node docs: crypto.checkPrimeSync. */
function checkPrimeSync(candidate, options = kEmptyObject) {
  return native.checkPrime(...checkCandidate(candidate, options));
}

module.exports = { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync };
