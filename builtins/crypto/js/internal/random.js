/**
 * Random bytes, integers and UUIDs. Node docs: crypto.randomBytes and its neighbours.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateNumber, validateObject } = require('internal/validators');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { kEmptyObject, lazyDOMException } = require('internal/util');
const { kMaxLength } = require('buffer');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { bufferTypes, isBytes, jobCallback, native } = require('internal/crypto/util');

/** Sizes are 32 bit at the widest. */
const SIZE_MAX = Math.min(kMaxLength, 2 ** 31 - 1);

/** The widest range of randomInt: what six bytes can say. */
const RANGE_MAX = 2 ** 48 - 1;

/** UUIDs are made this many at a time. */
const UUID_BATCH = 128;

function checkSize(size, unit, offset, length) {
  validateNumber(size, 'size');
  const bytes = size * unit;
  if (Number.isNaN(bytes) || bytes > SIZE_MAX || bytes < 0) {
    throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${SIZE_MAX}`, bytes);
  }
  if (bytes + offset > length) throw new ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, bytes + offset);
  return Math.floor(bytes);
}

function checkOffset(offset, unit, length) {
  validateNumber(offset, 'offset');
  const bytes = offset * unit;
  const max = Math.min(length, SIZE_MAX);
  if (Number.isNaN(bytes) || bytes > max || bytes < 0) throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${max}`, bytes);
  return Math.floor(bytes);
}

/** Random bytes in a new Buffer. Node docs: crypto.randomBytes. */
function randomBytes(size, callback) {
  size = checkSize(size, 1, 0, Infinity);
  if (callback !== undefined) validateFunction(callback, 'callback');
  const buffer = new FastBuffer(size);
  if (callback === undefined) {
    native.randomFillSync(buffer, 0, size);
    return buffer;
  }
  native.randomFill(buffer, 0, size, jobCallback(callback, () => buffer));
}

/** Node docs: crypto.randomFillSync. `offset` and `size` count elements. */
function randomFillSync(buffer, offset = 0, size) {
  if (!isBytes(buffer)) throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
  const unit = buffer.BYTES_PER_ELEMENT || 1;
  offset = checkOffset(offset, unit, buffer.byteLength);
  size = size === undefined ? buffer.byteLength - offset : checkSize(size, unit, offset, buffer.byteLength);
  if (size !== 0) native.randomFillSync(viewOf(buffer), offset, size);
  return buffer;
}

/** Shared memory is reached through a view. */
function viewOf(buffer) {
  return isAnyArrayBuffer(buffer) ? new Uint8Array(buffer) : buffer;
}

/** Node docs: crypto.randomFill. */
function randomFill(buffer, offset, size, callback) {
  if (!isBytes(buffer)) throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
  const unit = buffer.BYTES_PER_ELEMENT || 1;
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = buffer.length;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  } else {
    validateFunction(callback, 'callback');
  }
  offset = checkOffset(offset, unit, buffer.byteLength);
  size = size === undefined ? buffer.byteLength - offset : checkSize(size, unit, offset, buffer.byteLength);
  if (size === 0) {
    process.nextTick(callback, null, buffer);
    return;
  }
  native.randomFill(viewOf(buffer), offset, size, jobCallback(callback, () => buffer));
}

// Six random bytes per number, drawn many at a time.
const intCache = new FastBuffer(6 * 1024);
let intAt = intCache.length;

function randomUint48() {
  if (intAt === intCache.length) {
    native.randomFillSync(intCache, 0, intCache.length);
    intAt = 0;
  }
  const value = intCache.readUIntBE(intAt, 6);
  intCache.fill(0, intAt, intAt + 6);
  intAt += 6;
  return value;
}

/** A whole number in [min, max), without modulo bias. Node docs: crypto.randomInt. */
function randomInt(min, max, callback) {
  const minMissing = max === undefined || typeof max === 'function';
  if (minMissing) {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) throw new ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw new ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min) throw new ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (!(range <= RANGE_MAX)) throw new ERR_OUT_OF_RANGE(minMissing ? 'max' : 'max - min', `<= ${RANGE_MAX}`, range);
  // Values past the last whole multiple of the range would favour small results: draw again.
  const limit = RANGE_MAX - (RANGE_MAX % range);
  let value;
  do {
    value = randomUint48();
  } while (value >= limit);
  const result = value % range + min;
  if (callback === undefined) return result;
  process.nextTick(callback, undefined, result);
}

let uuids = '';
let uuidAt = 0;

function checkUuidOptions(options) {
  if (options !== undefined) validateObject(options, 'options');
  const { disableEntropyCache = false } = options ?? kEmptyObject;
  validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
  return disableEntropyCache;
}

/** A UUID of version 4. Node docs: crypto.randomUUID. */
function randomUUID(options) {
  if (options !== undefined && checkUuidOptions(options)) return native.randomUUIDs(1);
  if (uuidAt === uuids.length) {
    uuids = native.randomUUIDs(UUID_BATCH);
    uuidAt = 0;
  }
  return uuids.slice(uuidAt, uuidAt += 36);
}

/** A UUID of version 7: milliseconds since the epoch, then randomness. RFC 9562 §5.7. Node docs: crypto.randomUUIDv7. */
function randomUUIDv7(options) {
  checkUuidOptions(options);
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${native.randomUUIDs(1).slice(15)}`;
}

const integerViews = new Set([
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'BigInt64Array',
  'BigUint64Array',
]);
const typedArrayTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array).prototype, Symbol.toStringTag).get;

/** Fills an integer view of up to 65536 bytes. Web Crypto, Crypto.getRandomValues. */
function getRandomValues(data) {
  if (!isArrayBufferView(data) || !integerViews.has(Reflect.apply(typedArrayTag, data, []))) {
    throw lazyDOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (data.byteLength > 65536) {
    const { QuotaExceededError } = require('internal/dom_exception');
    throw new QuotaExceededError('The requested length exceeds 65,536 bytes');
  }
  native.randomFillSync(data, 0, data.byteLength);
  return data;
}

/** Node docs: crypto.timingSafeEqual. */
function timingSafeEqual(buf1, buf2) {
  if (!isBytes(buf1)) throw new ERR_INVALID_ARG_TYPE('buf1', bufferTypes, buf1);
  if (!isBytes(buf2)) throw new ERR_INVALID_ARG_TYPE('buf2', bufferTypes, buf2);
  if (buf1.byteLength !== buf2.byteLength) throw new ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return native.timingSafeEqual(viewOf(buf1), viewOf(buf2));
}

module.exports = {
  getRandomValues,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
};
