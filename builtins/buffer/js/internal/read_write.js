/**
 * `buf.readInt32LE()` and its seventy relatives. Node docs: Buffer, "buf.readBigInt64BE" and on.
 *
 * The fixed sizes are written out: each is a handful of instructions once compiled, and a table of
 * closures over (size, sign, order) would put all of them behind the same inline caches.
 * Offsets are checked first (an unsigned 32-bit integer within bounds is the fast way through),
 * everything unusual goes to `checkOffset`, which throws Node's error.
 * A number first of all: BigInts and objects know no `>>>`, or do what they like in it.
 * The methods are generic: any object with a length and bytes will do.
 */
'use strict';

const {
  codes: { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('internal/errors');

// Scratch memory for what has no integer arithmetic. The machines we run on are little-endian.
const scratch = new Uint8Array(8);
const float32 = new Float32Array(scratch.buffer, 0, 1);
const float64 = new Float64Array(scratch.buffer, 0, 1);
const int64 = new BigInt64Array(scratch.buffer, 0, 1);
const uint64 = new BigUint64Array(scratch.buffer, 0, 1);

/** Passes an offset that is fine after all (past 4 GiB), or throws. `last`: the largest that fits. */
function checkOffset(offset, last) {
  if (typeof offset !== 'number') throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  if (Math.floor(offset) !== offset) throw new ERR_OUT_OF_RANGE('offset', 'an integer', offset);
  if (last < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  if (!(offset >= 0 && offset <= last)) {
    throw new ERR_OUT_OF_RANGE('offset', `>= 0 and <= ${last}`, offset);
  }
  return offset;
}

/** For the methods whose size is an argument: 1 to 6 bytes. */
function throwBadByteLength(byteLength) {
  if (typeof byteLength !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  }
  if (Math.floor(byteLength) !== byteLength) {
    throw new ERR_OUT_OF_RANGE('byteLength', 'an integer', byteLength);
  }
  throw new ERR_OUT_OF_RANGE('byteLength', '>= 1 and <= 6', byteLength);
}

/** Throws for an integer outside the range of a field of `bits` bits. */
function throwBadValue(value, bits, signed) {
  let range;
  if (bits <= 32) {
    const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
    range = `>= ${min} and <= ${max}`;
  } else {
    const n = bits === 64 ? 'n' : '';
    range = signed ? `>= -(2${n} ** ${bits - 1}${n}) and < 2${n} ** ${bits - 1}${n}` :
      `>= 0${n} and < 2${n} ** ${bits}${n}`;
  }
  throw new ERR_OUT_OF_RANGE('value', range, value);
}

function throwNotBigInt() {
  throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
}

// Reading integers of a fixed size.

function readUInt8(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 1) {
    offset = checkOffset(offset, this.length - 1);
  }
  return this[offset];
}

function readInt8(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 1) {
    offset = checkOffset(offset, this.length - 1);
  }
  return (this[offset] << 24) >> 24;
}

function readUInt16LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  return this[offset] | (this[offset + 1] << 8);
}

function readInt16LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  return ((this[offset] << 16) | (this[offset + 1] << 24)) >> 16;
}

function readUInt32LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  return (this[offset] | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24)) >>> 0;
}

function readInt32LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  return this[offset] | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24);
}

function readUInt16BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  return (this[offset] << 8) | this[offset + 1];
}

function readInt16BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  return ((this[offset] << 24) | (this[offset + 1] << 16)) >> 16;
}

function readUInt32BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  return ((this[offset] << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3]) >>> 0;
}

function readInt32BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  return (this[offset] << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3];
}

// Reading 1 to 6 bytes. Five and six do not fit 32-bit operators: the upper part is scaled.

function readUIntLE(offset, byteLength) {
  if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  const last = checkByteLength(this, byteLength);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  let value = 0;
  let scale = 1;
  for (let i = 0; i < byteLength; i++, scale *= 256) value += this[offset + i] * scale;
  return value;
}

function readIntLE(offset, byteLength) {
  if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  const last = checkByteLength(this, byteLength);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  let value = 0;
  let scale = 1;
  for (let i = 0; i < byteLength; i++, scale *= 256) value += this[offset + i] * scale;
  const limit = 2 ** (8 * byteLength - 1);
  return value < limit ? value : value - 2 * limit;
}

function readUIntBE(offset, byteLength) {
  if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  const last = checkByteLength(this, byteLength);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  let value = 0;
  for (let i = 0; i < byteLength; i++) value = value * 256 + this[offset + i];
  return value;
}

function readIntBE(offset, byteLength) {
  if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  const last = checkByteLength(this, byteLength);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  let value = 0;
  for (let i = 0; i < byteLength; i++) value = value * 256 + this[offset + i];
  const limit = 2 ** (8 * byteLength - 1);
  return value < limit ? value : value - 2 * limit;
}

// Writing integers of a fixed size. Each returns the offset after what it wrote.

function writeUInt8(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number') checkOffset(offset, 0);
  if (value < 0 || value > 255) throwBadValue(value, 8, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 1) {
    offset = checkOffset(offset, this.length - 1);
  }
  this[offset] = value;
  return offset + 1;
}

function writeInt8(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number') checkOffset(offset, 0);
  if (value < -128 || value > 127) throwBadValue(value, 8, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 1) {
    offset = checkOffset(offset, this.length - 1);
  }
  this[offset] = value;
  return offset + 1;
}

function writeUInt16LE(value, offset = 0) {
  value = +value;
  if (value < 0 || value > 65535) throwBadValue(value, 16, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  return offset + 2;
}

function writeInt16LE(value, offset = 0) {
  value = +value;
  if (value < -32768 || value > 32767) throwBadValue(value, 16, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  return offset + 2;
}

function writeUInt32LE(value, offset = 0) {
  value = +value;
  if (value < 0 || value > 4294967295) throwBadValue(value, 32, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  this[offset + 2] = value >>> 16;
  this[offset + 3] = value >>> 24;
  return offset + 4;
}

function writeInt32LE(value, offset = 0) {
  value = +value;
  if (value < -2147483648 || value > 2147483647) throwBadValue(value, 32, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  this[offset + 2] = value >>> 16;
  this[offset + 3] = value >>> 24;
  return offset + 4;
}

function writeUInt16BE(value, offset = 0) {
  value = +value;
  if (value < 0 || value > 65535) throwBadValue(value, 16, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  this[offset + 1] = value;
  this[offset] = value >>> 8;
  return offset + 2;
}

function writeInt16BE(value, offset = 0) {
  value = +value;
  if (value < -32768 || value > 32767) throwBadValue(value, 16, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 2) {
    offset = checkOffset(offset, this.length - 2);
  }
  this[offset + 1] = value;
  this[offset] = value >>> 8;
  return offset + 2;
}

function writeUInt32BE(value, offset = 0) {
  value = +value;
  if (value < 0 || value > 4294967295) throwBadValue(value, 32, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  this[offset + 3] = value;
  this[offset + 2] = value >>> 8;
  this[offset + 1] = value >>> 16;
  this[offset] = value >>> 24;
  return offset + 4;
}

function writeInt32BE(value, offset = 0) {
  value = +value;
  if (value < -2147483648 || value > 2147483647) throwBadValue(value, 32, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  this[offset + 3] = value;
  this[offset + 2] = value >>> 8;
  this[offset + 1] = value >>> 16;
  this[offset] = value >>> 24;
  return offset + 4;
}

// Writing 1 to 6 bytes.

function writeUIntLE(value, offset, byteLength) {
  const last = checkByteLength(this, byteLength);
  value = +value;
  if (value < 0 || value > 2 ** (8 * byteLength) - 1) throwBadValue(value, 8 * byteLength, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  value = Math.trunc(value);
  if (value < 0) value += 2 ** (8 * byteLength);
  for (let i = 0; i < byteLength; i++) {
    this[offset + i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + byteLength;
}

function writeIntLE(value, offset, byteLength) {
  const last = checkByteLength(this, byteLength);
  value = +value;
  const limit = 2 ** (8 * byteLength - 1);
  if (value < -limit || value > limit - 1) throwBadValue(value, 8 * byteLength, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  value = Math.trunc(value);
  if (value < 0) value += 2 ** (8 * byteLength);
  for (let i = 0; i < byteLength; i++) {
    this[offset + i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + byteLength;
}

function writeUIntBE(value, offset, byteLength) {
  const last = checkByteLength(this, byteLength);
  value = +value;
  if (value < 0 || value > 2 ** (8 * byteLength) - 1) throwBadValue(value, 8 * byteLength, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  value = Math.trunc(value);
  if (value < 0) value += 2 ** (8 * byteLength);
  for (let i = byteLength - 1; i >= 0; i--) {
    this[offset + i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + byteLength;
}

function writeIntBE(value, offset, byteLength) {
  const last = checkByteLength(this, byteLength);
  value = +value;
  const limit = 2 ** (8 * byteLength - 1);
  if (value < -limit || value > limit - 1) throwBadValue(value, 8 * byteLength, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > last) offset = checkOffset(offset, last);
  value = Math.trunc(value);
  if (value < 0) value += 2 ** (8 * byteLength);
  for (let i = byteLength - 1; i >= 0; i--) {
    this[offset + i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + byteLength;
}

// Floats and 64-bit integers, through the scratch memory.

function readFloatLE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  scratch[0] = this[offset];
  scratch[1] = this[offset + 1];
  scratch[2] = this[offset + 2];
  scratch[3] = this[offset + 3];
  return float32[0];
}

function writeFloatLE(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  float32[0] = value;
  this[offset] = scratch[0];
  this[offset + 1] = scratch[1];
  this[offset + 2] = scratch[2];
  this[offset + 3] = scratch[3];
  return offset + 4;
}

function readFloatBE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  scratch[3] = this[offset];
  scratch[2] = this[offset + 1];
  scratch[1] = this[offset + 2];
  scratch[0] = this[offset + 3];
  return float32[0];
}

function writeFloatBE(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 4) {
    offset = checkOffset(offset, this.length - 4);
  }
  float32[0] = value;
  this[offset] = scratch[3];
  this[offset + 1] = scratch[2];
  this[offset + 2] = scratch[1];
  this[offset + 3] = scratch[0];
  return offset + 4;
}

function readDoubleLE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[0] = this[offset];
  scratch[1] = this[offset + 1];
  scratch[2] = this[offset + 2];
  scratch[3] = this[offset + 3];
  scratch[4] = this[offset + 4];
  scratch[5] = this[offset + 5];
  scratch[6] = this[offset + 6];
  scratch[7] = this[offset + 7];
  return float64[0];
}

function writeDoubleLE(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  float64[0] = value;
  this[offset] = scratch[0];
  this[offset + 1] = scratch[1];
  this[offset + 2] = scratch[2];
  this[offset + 3] = scratch[3];
  this[offset + 4] = scratch[4];
  this[offset + 5] = scratch[5];
  this[offset + 6] = scratch[6];
  this[offset + 7] = scratch[7];
  return offset + 8;
}

function readDoubleBE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[7] = this[offset];
  scratch[6] = this[offset + 1];
  scratch[5] = this[offset + 2];
  scratch[4] = this[offset + 3];
  scratch[3] = this[offset + 4];
  scratch[2] = this[offset + 5];
  scratch[1] = this[offset + 6];
  scratch[0] = this[offset + 7];
  return float64[0];
}

function writeDoubleBE(value, offset = 0) {
  value = +value;
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  float64[0] = value;
  this[offset] = scratch[7];
  this[offset + 1] = scratch[6];
  this[offset + 2] = scratch[5];
  this[offset + 3] = scratch[4];
  this[offset + 4] = scratch[3];
  this[offset + 5] = scratch[2];
  this[offset + 6] = scratch[1];
  this[offset + 7] = scratch[0];
  return offset + 8;
}

function readBigInt64LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[0] = this[offset];
  scratch[1] = this[offset + 1];
  scratch[2] = this[offset + 2];
  scratch[3] = this[offset + 3];
  scratch[4] = this[offset + 4];
  scratch[5] = this[offset + 5];
  scratch[6] = this[offset + 6];
  scratch[7] = this[offset + 7];
  return int64[0];
}

function writeBigInt64LE(value, offset = 0) {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throwBadValue(value, 64, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  if (typeof value !== 'bigint') throwNotBigInt();
  int64[0] = value;
  this[offset] = scratch[0];
  this[offset + 1] = scratch[1];
  this[offset + 2] = scratch[2];
  this[offset + 3] = scratch[3];
  this[offset + 4] = scratch[4];
  this[offset + 5] = scratch[5];
  this[offset + 6] = scratch[6];
  this[offset + 7] = scratch[7];
  return offset + 8;
}

function readBigInt64BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[7] = this[offset];
  scratch[6] = this[offset + 1];
  scratch[5] = this[offset + 2];
  scratch[4] = this[offset + 3];
  scratch[3] = this[offset + 4];
  scratch[2] = this[offset + 5];
  scratch[1] = this[offset + 6];
  scratch[0] = this[offset + 7];
  return int64[0];
}

function writeBigInt64BE(value, offset = 0) {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throwBadValue(value, 64, true);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  if (typeof value !== 'bigint') throwNotBigInt();
  int64[0] = value;
  this[offset] = scratch[7];
  this[offset + 1] = scratch[6];
  this[offset + 2] = scratch[5];
  this[offset + 3] = scratch[4];
  this[offset + 4] = scratch[3];
  this[offset + 5] = scratch[2];
  this[offset + 6] = scratch[1];
  this[offset + 7] = scratch[0];
  return offset + 8;
}

function readBigUInt64LE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[0] = this[offset];
  scratch[1] = this[offset + 1];
  scratch[2] = this[offset + 2];
  scratch[3] = this[offset + 3];
  scratch[4] = this[offset + 4];
  scratch[5] = this[offset + 5];
  scratch[6] = this[offset + 6];
  scratch[7] = this[offset + 7];
  return uint64[0];
}

function writeBigUInt64LE(value, offset = 0) {
  if (value < 0n || value >= 2n ** 64n) throwBadValue(value, 64, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  if (typeof value !== 'bigint') throwNotBigInt();
  uint64[0] = value;
  this[offset] = scratch[0];
  this[offset + 1] = scratch[1];
  this[offset + 2] = scratch[2];
  this[offset + 3] = scratch[3];
  this[offset + 4] = scratch[4];
  this[offset + 5] = scratch[5];
  this[offset + 6] = scratch[6];
  this[offset + 7] = scratch[7];
  return offset + 8;
}

function readBigUInt64BE(offset = 0) {
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  scratch[7] = this[offset];
  scratch[6] = this[offset + 1];
  scratch[5] = this[offset + 2];
  scratch[4] = this[offset + 3];
  scratch[3] = this[offset + 4];
  scratch[2] = this[offset + 5];
  scratch[1] = this[offset + 6];
  scratch[0] = this[offset + 7];
  return uint64[0];
}

function writeBigUInt64BE(value, offset = 0) {
  if (value < 0n || value >= 2n ** 64n) throwBadValue(value, 64, false);
  if (typeof offset !== 'number' || (offset >>> 0) !== offset || offset > this.length - 8) {
    offset = checkOffset(offset, this.length - 8);
  }
  if (typeof value !== 'bigint') throwNotBigInt();
  uint64[0] = value;
  this[offset] = scratch[7];
  this[offset + 1] = scratch[6];
  this[offset + 2] = scratch[5];
  this[offset + 3] = scratch[4];
  this[offset + 4] = scratch[3];
  this[offset + 5] = scratch[2];
  this[offset + 6] = scratch[1];
  this[offset + 7] = scratch[0];
  return offset + 8;
}

/** Checks the size, and returns the last offset at which so many bytes fit. */
function checkByteLength(bytes, byteLength) {
  if (!(byteLength >= 1 && byteLength <= 6) || (byteLength | 0) !== byteLength) {
    throwBadByteLength(byteLength);
  }
  return bytes.length - byteLength;
}

/** Puts the methods on a prototype; each `UInt` also answers to `Uint`. */
function addReadWrite(proto) {
  const methods = {
    readUInt8,
    readInt8,
    readUInt16LE,
    readInt16LE,
    readUInt32LE,
    readInt32LE,
    readUInt16BE,
    readInt16BE,
    readUInt32BE,
    readInt32BE,
    readUIntLE,
    readIntLE,
    readUIntBE,
    readIntBE,
    writeUInt8,
    writeInt8,
    writeUInt16LE,
    writeInt16LE,
    writeUInt32LE,
    writeInt32LE,
    writeUInt16BE,
    writeInt16BE,
    writeUInt32BE,
    writeInt32BE,
    writeUIntLE,
    writeIntLE,
    writeUIntBE,
    writeIntBE,
    readFloatLE,
    writeFloatLE,
    readFloatBE,
    writeFloatBE,
    readDoubleLE,
    writeDoubleLE,
    readDoubleBE,
    writeDoubleBE,
    readBigInt64LE,
    writeBigInt64LE,
    readBigInt64BE,
    writeBigInt64BE,
    readBigUInt64LE,
    writeBigUInt64LE,
    readBigUInt64BE,
    writeBigUInt64BE,
  };
  for (const name of Object.keys(methods)) {
    proto[name] = methods[name];
    if (name.includes('UInt')) proto[name.replace('UInt', 'Uint')] = methods[name];
  }
}

module.exports = { addReadWrite };
