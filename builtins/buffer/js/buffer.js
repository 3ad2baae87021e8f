/**
 * `node:buffer`. Node docs: Buffer.
 *
 * A Buffer is a `FastBuffer`, a subclass of Uint8Array; `Buffer` is a function that shares its
 * prototype. Small buffers whose content does not have to be zero are cut from a shared slab (the
 * pool), in steps of 8 bytes so that views of wider elements fit over them.
 * Codecs, searches and comparisons are in the binding; arguments are checked here.
 */
'use strict';

const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_BUFFER_SIZE,
    ERR_OUT_OF_RANGE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { addReadWrite } = require('internal/buffer/read_write');
const { addSliceWrite, checkString, checkView } = require('internal/buffer/slice_write');
const encodings = require('internal/buffer/encodings');
const native = binding('buffer');

const { encodingOps, encodeString, utf8 } = encodings;
const { utf8Slice, utf8Write } = native;
const { uncurryThis } = primordials;
const { apply } = Reflect;

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
// Spelled out where it is hot: the engine sees through these, not through bound functions.
const { set: setOfTypedArray } = TypedArrayPrototype;
const { get: lengthOfTypedArray } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'length');
const { get: tagOfTypedArray } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag);
function typedArraySet(target, source, at = 0) {
  // The engine compiles the plain call best; it is the captured one unless somebody has patched it.
  if (target.set === setOfTypedArray) target.set(source, at);
  else apply(setOfTypedArray, target, [source, at]);
}
const typedArrayFill = uncurryThis(TypedArrayPrototype.fill);
const NOTHING = [];
const typedArrayLength = (array) => apply(lengthOfTypedArray, array, NOTHING);
const typedArrayTag = (value) => apply(tagOfTypedArray, value, NOTHING);
const byteLengthGetter = (constructor) =>
  uncurryThis(Object.getOwnPropertyDescriptor(constructor.prototype, 'byteLength').get);
const arrayBufferByteLength = byteLengthGetter(ArrayBuffer);
const sharedByteLength = byteLengthGetter(SharedArrayBuffer);
const { isArray } = Array;
const { isView } = ArrayBuffer;

const customInspect = Symbol.for('nodejs.util.inspect.custom');

/** The largest size that is accepted, in bytes. What the engine can really allocate is less. */
const kMaxLength = Number.MAX_SAFE_INTEGER;
/** The longest string the engine makes, in UTF-16 units: 2^30 - 2. */
const kStringMaxLength = 1073741822;

function isUint8Array(value) {
  return isView(value) && (value instanceof FastBuffer || typedArrayTag(value) === 'Uint8Array');
}

/** Asks for the internal slot: neither the prototype nor the tag of an object prove anything. */
function isAnyArrayBuffer(value) {
  if (typeof value !== 'object' || value === null) return false;
  const tag = value[Symbol.toStringTag];
  if (tag !== 'ArrayBuffer' && tag !== 'SharedArrayBuffer') return false;
  try {
    (tag === 'ArrayBuffer' ? arrayBufferByteLength : sharedByteLength)(value);
    return true;
  } catch {
    return false;
  }
}

// Checks whose messages are those of internal/validators; here so that the good case is inlined.

function checkSize(size) {
  if (typeof size !== 'number') throw new ERR_INVALID_ARG_TYPE('size', 'number', size);
  if (!(size >= 0 && size <= kMaxLength)) {
    throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${kMaxLength}`, size);
  }
}

function checkOffset(value, name, max = kMaxLength) {
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE(name, 'an integer', value);
  if (value < 0 || value > max) throw new ERR_OUT_OF_RANGE(name, `>= 0 && <= ${max}`, value);
}

/** Allocates zeroed memory. */
function allocate(size) {
  try {
    return new FastBuffer(size);
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError('Array buffer allocation failed');
    throw error;
  }
}

// The pool.

let pool;
let poolBuffer;
let poolSize = 0;
let poolOffset = 0;

function createPool() {
  poolSize = Buffer.poolSize;
  // A little more than asked for: the last piece is aligned as well.
  poolBuffer = native.unset(poolSize + 64);
  // Whoever transferred the pool would take many other buffers with it.
  native.pin(poolBuffer);
  pool = new Uint8Array(poolBuffer);
  poolOffset = 0;
}

/** Above this, fresh memory is zero anyway, and only touched when it is used. */
const UNSET_MAX_BYTES = 1024 * 1024;

/** Memory from the pool if it is small, else its own. */
function allocateUnsafe(size) {
  if (size <= 0) return new FastBuffer();
  if (size >= Buffer.poolSize >>> 1) return size > UNSET_MAX_BYTES ? allocate(size) : new FastBuffer(native.unset(size));
  if (size > poolSize - poolOffset) createPool();
  const bytes = new FastBuffer(poolBuffer, poolOffset, size);
  poolOffset = (poolOffset + size + 7) & -8;
  return bytes;
}

/** Encodes a string; the result is from the pool if it may be. */
function fromString(string, encoding) {
  let ops = utf8;
  if (typeof encoding === 'string' && encoding.length !== 0) {
    ops = encodingOps(encoding);
    if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  }
  if (string.length === 0) return new FastBuffer();
  const max = ops.maxBytes(string);
  if (max < Buffer.poolSize >>> 1) {
    // One pass: write first, cut to size afterwards.
    if (max > poolSize - poolOffset) createPool();
    const written = ops.write(pool, string, poolOffset, max);
    if (written === 0) return new FastBuffer();
    const bytes = new FastBuffer(poolBuffer, poolOffset, written);
    poolOffset = (poolOffset + written + 7) & -8;
    return bytes;
  }
  const size = ops.byteLength(string);
  const bytes = allocateUnsafe(size);
  const written = ops.write(bytes, string, 0, size);
  return written === size ? bytes : new FastBuffer(bytes.buffer, bytes.byteOffset, written);
}

function fromArrayBuffer(buffer, byteOffset, length) {
  byteOffset = Math.trunc(byteOffset) || 0;
  const max = buffer.byteLength - byteOffset;
  if (max < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (byteOffset < 0) throw new RangeError(`Start offset ${byteOffset} is outside the bounds of the buffer`);
  // Without a length the view follows a resizable buffer.
  if (length === undefined) return new FastBuffer(buffer, byteOffset);
  length = +length;
  if (!(length > 0)) return new FastBuffer(buffer, byteOffset, 0);
  if (length > max) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new FastBuffer(buffer, byteOffset, length);
}

/** Up to this length a loop beats the call of a built-in method. */
const LOOP_MAX = 64;

function fromArrayLike(list) {
  const { length } = list;
  if (!(length > 0)) return new FastBuffer();
  const bytes = allocateUnsafe(Math.trunc(length));
  if (isView(list) || (isArray(list) && list.length > LOOP_MAX)) {
    typedArraySet(bytes, list);
  } else {
    for (let i = 0; i < bytes.length; i++) bytes[i] = list[i];
  }
  return bytes;
}

/** From `{ length }`, `{ buffer }` or what `buf.toJSON()` made; undefined for any other object. */
function fromObject(object) {
  if (object.length !== undefined || isAnyArrayBuffer(object.buffer)) {
    return typeof object.length === 'number' ? fromArrayLike(object) : new FastBuffer();
  }
  if (object.type === 'Buffer' && isArray(object.data)) return fromArrayLike(object.data);
  return undefined;
}

// Buffer and its static methods.

/**
 * `Buffer(size)`, `Buffer(string, encoding)`, `Buffer(value, ...)`: deprecated (DEP0005), so code
 * outside of node_modules is warned, once.
 */
function Buffer(arg, encodingOrOffset, length) {
  warnAboutConstructor();
  if (typeof arg === 'number') {
    if (typeof encodingOrOffset === 'string') {
      throw new ERR_INVALID_ARG_TYPE('string', 'string', arg);
    }
    return Buffer.alloc(arg);
  }
  return Buffer.from(arg, encodingOrOffset, length);
}

// Finding out who calls takes a stack trace: an application that makes this many buffers the old
// way in its packages is not going to be told.
const CALLER_CHECKS_MAX = 10000;
let callerChecks = 0;
let constructorWarned = false;

function warnAboutConstructor() {
  if (constructorWarned || ++callerChecks > CALLER_CHECKS_MAX) return;
  const { getOptionValue } = require('internal/options');
  if (!getOptionValue('--pending-deprecation') && calledFromPackage()) return;
  constructorWarned = true;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
    'Buffer.allocUnsafe(), or Buffer.from() methods instead.', 'DeprecationWarning', 'DEP0005');
}

/** Whether the nearest caller that is not built in lives below a node_modules directory. */
function calledFromPackage() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  // What the user puts in place of stack traces must not run: it may make buffers itself.
  Error.prepareStackTrace = undefined;
  Error.stackTraceLimit = Infinity;
  const stack = `${new Error().stack}`;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of stack.split('\n')) {
    const isFrame = /^\s+at /.test(line);
    if (isFrame && !/[( ]node:/.test(line)) return /[\\/]node_modules[\\/]/.test(line);
  }
  return false;
}

Object.defineProperty(Buffer, Symbol.species, {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get() { return FastBuffer; },
});

/** How large the pool is, in bytes; what takes half of it or more gets memory of its own. */
Buffer.poolSize = 64 * 1024;

/**
 * Makes a Buffer of a string, an ArrayBuffer (shared memory, no copy), an array of bytes, another
 * buffer (a copy), or an object that converts to one of these.
 * Throws ERR_INVALID_ARG_TYPE for anything else. Node docs: Buffer.from.
 */
Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromString(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    if (isView(value) && value.length !== undefined) return fromArrayLike(value);
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const primitive = value.valueOf && value.valueOf();
    if (primitive != null && primitive !== value &&
        (typeof primitive === 'string' || typeof primitive === 'object')) {
      return from(primitive, encodingOrOffset, length);
    }
    const bytes = fromObject(value);
    if (bytes !== undefined) return bytes;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const text = value[Symbol.toPrimitive]('string');
      if (typeof text === 'string') return fromString(text, encodingOrOffset);
    }
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
};

/** Copies the memory behind a TypedArray; `offset` and `length` count its elements. */
Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (!isView(view) || typedArrayTag(view) === undefined) {
    throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
  }
  const count = typedArrayLength(view);
  if (count === 0) return new FastBuffer();
  if (offset === undefined) offset = 0;
  else checkOffset(offset, 'offset');
  if (offset >= count) return new FastBuffer();
  let end = count;
  if (length !== undefined) {
    checkOffset(length, 'length');
    end = Math.min(offset + length, count);
  }
  const size = view.BYTES_PER_ELEMENT;
  return fromArrayLike(new Uint8Array(view.buffer, view.byteOffset + offset * size, (end - offset) * size));
};

/** Makes a Buffer of its arguments, a byte each. */
Buffer.of = function of(...items) {
  const bytes = allocate(items.length);
  for (let i = 0; i < items.length; i++) bytes[i] = items[i];
  return bytes;
};

Object.setPrototypeOf(Buffer, Uint8Array);

/** A new Buffer of `size` bytes: zeros, or `fill` repeated. Node docs: Buffer.alloc. */
Buffer.alloc = function alloc(size, fill, encoding) {
  checkSize(size);
  const bytes = allocate(size);
  if (fill !== undefined && fill !== 0 && size > 0) fillBytes(bytes, fill, undefined, undefined, encoding);
  return bytes;
};

/** A new Buffer of `size` bytes with any content, from the pool if it is small. */
Buffer.allocUnsafe = function allocUnsafe(size, encoding) {
  checkSize(size);
  return allocateUnsafe(Math.trunc(size));
};

/** A new Buffer of `size` bytes with any content and memory of its own. */
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size, encoding) {
  checkSize(size);
  return allocate(size);
};

Buffer.isBuffer = function isBuffer(value) {
  return value instanceof Buffer;
};

/** Sorts two buffers or Uint8Arrays: -1, 0 or 1. */
Buffer.compare = function compare(buf1, buf2) {
  if (!isUint8Array(buf1)) throw new ERR_INVALID_ARG_TYPE('buf1', ['Buffer', 'Uint8Array'], buf1);
  if (!isUint8Array(buf2)) throw new ERR_INVALID_ARG_TYPE('buf2', ['Buffer', 'Uint8Array'], buf2);
  if (buf1 === buf2) return 0;
  return native.compare(buf1, buf2);
};

Buffer.isEncoding = function isEncoding(encoding) {
  return typeof encoding === 'string' && encoding.length !== 0 && encodingOps(encoding) !== undefined;
};

/** The length of a Uint8Array, -1 for everything else. */
function sizeOf(value) {
  if (!(value instanceof FastBuffer) && !isUint8Array(value)) return -1;
  try {
    return typedArrayLength(value);
  } catch {
    // Its prototype is ours, and nothing else.
    return -1;
  }
}

/** Joins buffers; with `length`, what is longer is cut and what is shorter filled with zeros. */
Buffer.concat = function concat(list, length) {
  if (!isArray(list)) throw new ERR_INVALID_ARG_TYPE('list', 'Array', list);
  if (list.length === 0) return new FastBuffer();
  if (length !== undefined) checkOffset(length, 'length');
  let total = 0;
  for (let i = 0; i < list.length; i++) {
    const size = sizeOf(list[i]);
    if (size === -1) throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], list[i]);
    total += size;
  }
  if (length === undefined) length = total;
  const bytes = allocateUnsafe(length);
  let position = 0;
  for (let i = 0; i < list.length && position < length; i++) {
    let part = list[i];
    const size = typedArrayLength(part);
    if (size > length - position) part = new Uint8Array(part.buffer, part.byteOffset, length - position);
    typedArraySet(bytes, part, position);
    position += size;
  }
  if (position < length) typedArrayFill(bytes, 0, position, length);
  return bytes;
};

/** How many bytes a string takes in an encoding (an unknown one counts as utf8), or memory has. */
Buffer.byteLength = function byteLength(string, encoding) {
  if (typeof string !== 'string') {
    if (isView(string) || isAnyArrayBuffer(string)) return string.byteLength;
    throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], string);
  }
  if (string.length === 0) return 0;
  const ops = encoding ? encodingOps(encoding) : utf8;
  return (ops ?? utf8).byteLength(string);
};

// Methods.

Buffer.prototype = FastBuffer.prototype;
const proto = Buffer.prototype;

// As if `constructor` had been there from the start: not enumerable.
Object.defineProperty(proto, 'constructor', {
  __proto__: null, configurable: true, enumerable: false, value: Buffer, writable: true,
});

addReadWrite(proto);
addSliceWrite(proto);

// Remains of the time when a slice knew the buffer it was cut from.
Object.defineProperty(proto, 'parent', {
  __proto__: null,
  enumerable: true,
  get() { return this instanceof Buffer ? this.buffer : undefined; },
});
Object.defineProperty(proto, 'offset', {
  __proto__: null,
  enumerable: true,
  get() { return this instanceof Buffer ? this.byteOffset : undefined; },
});

/** An integer out of anything; NaN counts as `fallback`. */
function toInteger(value, fallback) {
  value = +value;
  if (Number.isNaN(value)) return fallback;
  return Math.trunc(value);
}

/** Copies bytes to `target` (memory may overlap) and returns their number. Node docs: buf.copy. */
proto.copy = function copy(target, targetStart, sourceStart, sourceEnd) {
  if (!isView(this)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], this);
  if (!isView(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  const length = this.byteLength;
  targetStart = targetStart === undefined ? 0 : toInteger(targetStart, 0);
  if (targetStart < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
  sourceStart = sourceStart === undefined ? 0 : toInteger(sourceStart, 0);
  if (sourceStart < 0 || sourceStart > length) {
    throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${length}`, sourceStart);
  }
  sourceEnd = sourceEnd === undefined ? length : toInteger(sourceEnd, 0);
  if (sourceEnd < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
  if (sourceEnd > length) sourceEnd = length;

  const room = target.byteLength - targetStart;
  if (room <= 0 || sourceStart >= sourceEnd) return 0;
  const count = Math.min(sourceEnd - sourceStart, room);
  if (count === length && target.set === setOfTypedArray && target instanceof Uint8Array && this instanceof FastBuffer) {
    target.set(this, targetStart);
    return count;
  }
  native.copy(this, sourceStart, target, targetStart, count);
  return count;
};

/** The text of these bytes; `encoding` defaults to utf8. Node docs: buf.toString. */
proto.toString = function toString(encoding, start, end) {
  if (arguments.length === 0) return utf8Slice(this, 0, this.length);
  checkView(this);
  const length = this.byteLength;
  start = start === undefined || !(start > 0) ? 0 : Math.trunc(+start);
  if (start >= length) start = length;
  end = end === undefined ? length : Math.trunc(+end) || 0;
  if (end > length) end = length;
  if (end <= start) return '';
  let ops = utf8;
  if (encoding !== undefined) {
    ops = encodingOps(encoding);
    if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  }
  return ops.slice(this, start, end);
};
proto.toLocaleString = proto.toString;

proto.equals = function equals(otherBuffer) {
  if (!isUint8Array(otherBuffer)) {
    throw new ERR_INVALID_ARG_TYPE('otherBuffer', ['Buffer', 'Uint8Array'], otherBuffer);
  }
  if (this === otherBuffer) return true;
  if (this.length !== otherBuffer.length) return false;
  return native.compare(this, otherBuffer) === 0;
};

let inspectMaxBytes = 50;

proto.inspect = function inspect(recurseTimes, context) {
  checkView(this);
  return require('internal/buffer/inspect').inspectBytes(this, inspectMaxBytes, context);
};
proto[customInspect] = proto.inspect;

/** Sorts parts of two buffers: -1, 0 or 1. Node docs: buf.compare. */
proto.compare = function compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
  if (!isUint8Array(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  if (arguments.length === 1) return native.compare(this, target);

  if (targetStart === undefined) targetStart = 0;
  else checkOffset(targetStart, 'targetStart');
  if (targetEnd === undefined) targetEnd = target.length;
  else checkOffset(targetEnd, 'targetEnd', target.length);
  if (sourceStart === undefined) sourceStart = 0;
  else checkOffset(sourceStart, 'sourceStart');
  if (sourceEnd === undefined) sourceEnd = this.length;
  else checkOffset(sourceEnd, 'sourceEnd', this.length);

  if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return native.compare(this, target, sourceStart, sourceEnd, targetStart, targetEnd);
};

/** The first (or last) place of `value`, in bytes, or -1. Node docs: buf.indexOf. */
function search(bytes, value, byteOffset, end, encoding, forward) {
  if (!isView(bytes)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], bytes);
  }
  if (typeof byteOffset === 'string') {
    encoding = byteOffset;
    byteOffset = undefined;
  } else if (typeof end === 'string') {
    encoding = end;
    end = undefined;
  }
  byteOffset = +byteOffset;
  // Without a usable offset the whole buffer is searched; the others are 32-bit integers.
  if (Number.isNaN(byteOffset)) byteOffset = forward ? 0 : bytes.byteLength;
  byteOffset = Math.trunc(Math.max(-0x80000000, Math.min(0x7fffffff, byteOffset)));
  if (end !== undefined) {
    const length = bytes.byteLength;
    end = Math.max(0, Math.min(Math.trunc(+end) || 0, length));
    if (byteOffset < 0) byteOffset = Math.max(0, byteOffset + length);
    if (end < length) bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, end);
  }

  if (typeof value === 'number') return native.indexOfByte(bytes, (value >>> 0) & 0xff, byteOffset, forward);
  const ops = encoding === undefined ? utf8 : encodingOps(encoding);
  const step = ops === encodings.ucs2 ? 2 : 1;
  if (typeof value === 'string') {
    if (ops === utf8) return native.indexOfText(bytes, value, byteOffset, forward);
    if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    return native.indexOfBytes(bytes, encodeString(value, ops), byteOffset, forward, step);
  }
  if (isUint8Array(value)) return native.indexOfBytes(bytes, value, byteOffset, forward, step);
  throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

proto.indexOf = function indexOf(value, byteOffset, end, encoding) {
  return search(this, value, byteOffset, end, encoding, true);
};

proto.lastIndexOf = function lastIndexOf(value, byteOffset, end, encoding) {
  return search(this, value, byteOffset, end, encoding, false);
};

proto.includes = function includes(value, byteOffset, end, encoding) {
  return search(this, value, byteOffset, end, encoding, true) !== -1;
};

/** Fills with a byte, or with a string or other bytes repeated. Node docs: buf.fill. */
proto.fill = function fill(value, offset, end, encoding) {
  return fillBytes(this, value, offset, end, encoding);
};

function fillBytes(bytes, value, offset, end, encoding) {
  const length = typedArrayLength(bytes);
  if (encoding != null && typeof encoding !== 'string' && !isView(value)) {
    throw new ERR_INVALID_ARG_TYPE('encoding', 'string', encoding);
  }
  let pattern;
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset ?? encoding;
      offset = undefined;
      end = undefined;
    } else if (typeof end === 'string') {
      encoding = end;
      end = undefined;
    }
    const ops = encoding ? checkEncoding(encoding) : utf8;
    if (value.length === 0) {
      value = 0;
    } else if (value.length === 1 && ops === utf8 && value.charCodeAt(0) < 0x80) {
      value = value.charCodeAt(0);
    } else {
      pattern = encodeString(value, ops);
    }
  } else if (isView(value)) {
    pattern = isUint8Array(value) ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }

  if (offset === undefined) {
    offset = 0;
    end = length;
  } else {
    checkOffset(offset, 'offset');
    if (end === undefined) end = length;
    else checkOffset(end, 'end', length);
  }
  if (offset >= end) return bytes;

  if (pattern === undefined) {
    // Conversion as for an assignment to a byte, but it has to happen once.
    typedArrayFill(bytes, +value & 0xff, offset, end);
    return bytes;
  }
  if (pattern.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
  repeat(bytes, pattern, offset, end);
  return bytes;
}

function checkEncoding(encoding) {
  if (typeof encoding !== 'string') throw new ERR_INVALID_ARG_TYPE('encoding', 'string', encoding);
  const ops = encodingOps(encoding);
  if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return ops;
}

/** Writes `pattern` over and over: each round doubles what is there. */
function repeat(bytes, pattern, offset, end) {
  const total = end - offset;
  if (pattern.length > total) pattern = new Uint8Array(pattern.buffer, pattern.byteOffset, total);
  typedArraySet(bytes, pattern, offset);
  let done = pattern.length;
  while (done < total) {
    const count = Math.min(done, total - done);
    bytes.copyWithin(offset + done, offset, offset + count);
    done += count;
  }
}

/**
 * Writes a string, at most `length` bytes at `offset`, and returns how many bytes that were.
 * `write(string[, offset[, length]][, encoding])`. Node docs: buf.write.
 */
proto.write = function write(string, offset, length, encoding) {
  if (offset === undefined) {
    checkString(string);
    return utf8Write(this, string, 0, this.length);
  }
  if (length === undefined && typeof offset === 'string') {
    encoding = offset;
    length = this.length;
    offset = 0;
  } else {
    checkOffset(offset, 'offset', this.length);
    const room = this.length - offset;
    if (length === undefined) {
      length = room;
    } else if (typeof length === 'string') {
      encoding = length;
      length = room;
    } else {
      checkOffset(length, 'length', this.length);
      if (length > room) length = room;
    }
  }
  const ops = encoding ? encodingOps(encoding) : utf8;
  if (ops === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  checkString(string);
  return ops.write(this, string, offset, length);
};

proto.toJSON = function toJSON() {
  const data = new Array(this.length);
  for (let i = 0; i < data.length; i++) data[i] = this[i];
  return { type: 'Buffer', data };
};

/** A relative index as in Array.prototype.slice. */
function clampIndex(index, length) {
  index = Math.trunc(+index) || 0;
  if (index < 0) return Math.max(0, index + length);
  return Math.min(index, length);
}

/** A view of a part of the same memory. Node docs: buf.subarray. */
proto.subarray = function subarray(start, end) {
  const { length } = this;
  start = start === undefined ? 0 : clampIndex(start, length);
  end = end === undefined ? length : clampIndex(end, length);
  return new FastBuffer(this.buffer, this.byteOffset + start, end > start ? end - start : 0);
};

/** As `subarray`, and so unlike the `slice` of other typed arrays (DEP0158). */
proto.slice = function slice(start, end) {
  return this.subarray(start, end);
};

function swap(bytes, size) {
  const length = typedArrayLength(bytes);
  if (length % size !== 0) throw new ERR_INVALID_BUFFER_SIZE(`${size * 8}-bits`);
  native.swap(bytes, size);
  return bytes;
}

proto.swap16 = function swap16() { return swap(this, 2); };
proto.swap32 = function swap32() { return swap(this, 4); };
proto.swap64 = function swap64() { return swap(this, 8); };

// What else the module has.

/** Node docs: buffer.transcode. */
function transcode(source, fromEncoding, toEncoding) {
  if (!isUint8Array(source)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  if (source.length === 0) return Buffer.alloc(0);
  const ops = (name) => (name === undefined || name === null ? utf8 : encodingOps(name));
  const bytes = require('internal/buffer/transcode')
    .transcodeBytes(source, ops(fromEncoding), ops(toEncoding));
  return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkBytes(input) {
  if (isAnyArrayBuffer(input) || (isView(input) && typedArrayTag(input) !== undefined)) return;
  throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

/** Whether the bytes are well-formed UTF-8. Throws ERR_INVALID_STATE for detached memory. */
function isUtf8(input) {
  checkBytes(input);
  checkAttached(input);
  return native.isUtf8(input);
}

function isAscii(input) {
  checkBytes(input);
  checkAttached(input);
  return native.isAscii(input);
}

function checkAttached(input) {
  const memory = isView(input) ? input.buffer : input;
  if (memory.detached) {
    const { codes: { ERR_INVALID_STATE } } = require('internal/errors');
    throw new ERR_INVALID_STATE('Cannot validate on a detached buffer');
  }
}

function resolveObjectURL(url) {
  return require('internal/buffer/blob').resolveObjectURL(url);
}

module.exports = {
  Buffer,
  transcode,
  isUtf8,
  isAscii,
  kMaxLength,
  kStringMaxLength,
};

/** Loads `names` from an internal module when one of them is first asked for. */
function defineLazy(id, names) {
  for (const name of names) {
    const define = (value) => Object.defineProperty(module.exports, name, {
      __proto__: null, configurable: true, enumerable: true, value, writable: true,
    });
    Object.defineProperty(module.exports, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      get() {
        const value = require(id)[name];
        define(value);
        return value;
      },
      set: define,
    });
  }
}

defineLazy('internal/buffer/base64', ['btoa', 'atob']);
Object.defineProperties(module.exports, {
  constants: {
    __proto__: null,
    configurable: false,
    enumerable: true,
    value: Object.freeze({ __proto__: Object.prototype, MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength }),
  },
  INSPECT_MAX_BYTES: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() { return inspectMaxBytes; },
    set(value) {
      if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE('INSPECT_MAX_BYTES', 'number', value);
      if (!(value >= 0)) throw new ERR_OUT_OF_RANGE('INSPECT_MAX_BYTES', '>= 0', value);
      inspectMaxBytes = value;
    },
  },
});
defineLazy('internal/buffer/blob', ['Blob']);
module.exports.resolveObjectURL = resolveObjectURL;
defineLazy('internal/buffer/file', ['File']);
