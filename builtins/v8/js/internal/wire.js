/**
 * V8's wire format of structured clones, version 15: what `v8.serialize()` writes and `child_process` with
 * `serialization: 'advanced'` sends. Integers are LEB128, little-endian; doubles are little-endian IEEE 754.
 *
 * **Invariant:** objects are numbered in the order in which they are first seen, on both sides alike; tag `^` refers back.
 */
'use strict';

const { Buffer } = require('buffer');
const kinds = require('internal/util/types');

const { isAnyArrayBuffer, isProxy, isSharedArrayBuffer } = kinds;

const { kindOf } = binding('util');

const VERSION = 15;
/** The oldest version of which all tags are known. */
const VERSION_MIN = 13;

const code = (char) => char.charCodeAt(0);
const tag = {
  __proto__: null,
  version: 0xff, padding: 0,
  undefined: code('_'), null: code('0'), true: code('T'), false: code('F'), hole: code('-'), verifyCount: code('?'),
  int32: code('I'), uint32: code('U'), double: code('N'), bigint: code('Z'),
  utf8: code('S'), oneByte: code('"'), twoByte: code('c'),
  reference: code('^'), object: code('o'), objectEnd: code('{'),
  dense: code('A'), denseEnd: code('$'), sparse: code('a'), sparseEnd: code('@'),
  date: code('D'), trueObject: code('y'), falseObject: code('x'), numberObject: code('n'), bigintObject: code('z'),
  stringObject: code('s'), regexp: code('R'), map: code(';'), mapEnd: code(':'), set: code("'"), setEnd: code(','),
  arrayBuffer: code('B'), resizable: code('~'), transferred: code('t'), shared: code('u'), view: code('V'),
  host: code('\\'), error: code('r'),
};

/** Views by the letter of their type. */
const views = [
  ['b', Int8Array], ['B', Uint8Array], ['C', Uint8ClampedArray], ['w', Int16Array], ['W', Uint16Array], ['d', Int32Array],
  ['D', Uint32Array], ['h', Float16Array], ['f', Float32Array], ['F', Float64Array], ['q', BigInt64Array],
  ['Q', BigUint64Array], ['?', DataView],
];
const viewByLetter = new Map(views.map(({ 0: letter, 1: type }) => [code(letter), type]));
const letterByName = new Map(views.map(({ 0: letter, 1: type }) => [type.name, code(letter)]));
const TRACKS_LENGTH = 1;
const BUFFER_RESIZABLE = 2;

const regexpFlags = { __proto__: null, g: 1, i: 2, m: 4, y: 8, u: 16, s: 32, d: 128, v: 256 };
const errorTags = {
  __proto__: null, EvalError: 'E', RangeError: 'R', ReferenceError: 'F', SyntaxError: 'S', TypeError: 'T', URIError: 'U',
};
const errorTypes = new Map([[code('E'), EvalError], [code('R'), RangeError], [code('F'), ReferenceError],
  [code('S'), SyntaxError], [code('T'), TypeError], [code('U'), URIError]]);
const viewName = primordials.uncurryThis(
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get);

function nameOfView(view) {
  return viewName(view) ?? 'DataView';
}

const INITIAL_BYTES = 64;
/** Up to so many characters a string is written and read here, and not by the runtime. Its length is one byte. */
const SHORT_CHARACTERS = 64;
/** Short strings that were read lately: names of properties come again and again. */
const REMEMBERED = 256;
const remembered = new Array(REMEMBERED).fill('');
const doubles = new Float64Array(1);
const doubleBytes = new Uint8Array(doubles.buffer);

/** Writes values; `delegate` is the public Serializer: it knows host objects and makes errors. */
class Writer {
  constructor(delegate) {
    this.delegate = delegate;
    this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    this.length = 0;
    this.ids = new Map();
    this.transferred = new Map();
    this.viewsAreHost = false;
  }

  reserve(count) {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  byte(value) {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  varint(value) {
    this.reserve(5);
    while (value >= 0x80) {
      this.bytes[this.length++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.length++] = value;
  }

  varint64(value) {
    while (value >= 0x80n) {
      this.byte(Number(value & 0x7fn) | 0x80);
      value >>= 7n;
    }
    this.byte(Number(value));
  }

  double(value) {
    this.reserve(8);
    doubles[0] = value;
    this.bytes.set(doubleBytes, this.length);
    this.length += 8;
  }

  raw(bytes) {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  release() {
    const result = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    this.length = 0;
    return result;
  }

  string(text) {
    if (text.length <= SHORT_CHARACTERS && this.shortString(text)) return;
    if (isLatin1(text)) {
      this.byte(tag.oneByte);
      this.varint(text.length);
      this.reserve(text.length);
      this.bytes.latin1Write(text, this.length);
      this.length += text.length;
      return;
    }
    const size = text.length * 2;
    // The characters start at an even offset.
    if ((this.length + 1 + varintSize(size)) & 1) this.byte(tag.padding);
    this.byte(tag.twoByte);
    this.varint(size);
    this.reserve(size);
    this.bytes.ucs2Write(text, this.length);
    this.length += size;
  }

  /** Names and the like, without a call into the runtime. False if a character needs two bytes. */
  shortString(text) {
    const { length } = text;
    this.reserve(length + 2);
    const { bytes } = this;
    let at = this.length + 2;
    for (let i = 0; i < length; i++) {
      const character = text.charCodeAt(i);
      if (character > 0xff) return false;
      bytes[at++] = character;
    }
    bytes[this.length] = tag.oneByte;
    bytes[this.length + 1] = length;
    this.length = at;
    return true;
  }

  number(value) {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.byte(tag.int32);
      this.varint(((value << 1) ^ (value >> 31)) >>> 0);
    } else {
      this.byte(tag.double);
      this.double(value);
    }
  }

  bigint(value) {
    const negative = value < 0n;
    let rest = negative ? -value : value;
    const digits = [];
    while (rest > 0n) {
      digits.push(rest & 0xffffffffffffffffn);
      rest >>= 64n;
    }
    this.varint(((digits.length * 8) << 1) | (negative ? 1 : 0));
    this.reserve(digits.length * 8);
    for (const digit of digits) {
      this.bytes.writeBigUInt64LE(digit, this.length);
      this.length += 8;
    }
  }

  value(value) {
    switch (typeof value) {
      case 'number': this.number(value); return;
      case 'string': this.string(value); return;
      case 'boolean': this.byte(value ? tag.true : tag.false); return;
      case 'undefined': this.byte(tag.undefined); return;
      case 'bigint':
        this.byte(tag.bigint);
        this.bigint(value);
        return;
      case 'symbol': throw this.cannotClone(value);
      default:
        if (value === null) this.byte(tag.null);
        else this.object(value);
    }
  }

  cannotClone(value) {
    return this.delegate.cloneError(`${describe(value)} could not be cloned.`);
  }

  object(object) {
    const known = this.ids.get(object);
    if (known !== undefined) {
      this.byte(tag.reference);
      this.varint(known);
      return;
    }
    const kind = kindOf(object);
    const isView = kind === kinds.KIND_TYPED_ARRAY || kind === kinds.KIND_DATA_VIEW;
    // A view is written after its buffer.
    if (isView && !this.viewsAreHost && !this.ids.has(object.buffer)) this.object(object.buffer);
    this.ids.set(object, this.ids.size);
    if (isView) this.view(object);
    else if (kind === kinds.KIND_ARRAY) this.array(object);
    else if (kind === kinds.KIND_OTHER) this.plain(object);
    else this.special(object, kind);
  }

  plain(object) {
    if (object instanceof WeakRef) throw this.cannotClone(object);
    this.byte(tag.object);
    const count = this.properties(object, Object.keys(object));
    this.byte(tag.objectEnd);
    this.varint(count);
  }

  special(object, kind) {
    switch (kind) {
      case kinds.KIND_EXTERNAL:
        this.host(object);
        break;
      case kinds.KIND_DATE:
        this.byte(tag.date);
        this.double(+object);
        break;
      case kinds.KIND_MAP: {
        const entries = [...object];
        this.byte(tag.map);
        for (const { 0: key, 1: value } of entries) {
          this.value(key);
          this.value(value);
        }
        this.byte(tag.mapEnd);
        this.varint(entries.length * 2);
        break;
      }
      case kinds.KIND_SET: {
        const items = [...object];
        this.byte(tag.set);
        for (const item of items) this.value(item);
        this.byte(tag.setEnd);
        this.varint(items.length);
        break;
      }
      case kinds.KIND_REGEXP: {
        this.byte(tag.regexp);
        this.string(object.source);
        let bits = 0;
        for (const flag of object.flags) bits |= regexpFlags[flag];
        this.varint(bits);
        break;
      }
      case kinds.KIND_ARRAY_BUFFER:
      case kinds.KIND_SHARED_ARRAY_BUFFER:
        this.buffer(object);
        break;
      case kinds.KIND_ERROR:
        this.error(object);
        break;
      case kinds.KIND_BOOLEAN_OBJECT:
        this.byte(Boolean.prototype.valueOf.call(object) ? tag.trueObject : tag.falseObject);
        break;
      case kinds.KIND_NUMBER_OBJECT:
        this.byte(tag.numberObject);
        this.double(Number.prototype.valueOf.call(object));
        break;
      case kinds.KIND_STRING_OBJECT:
        this.byte(tag.stringObject);
        this.string(String.prototype.valueOf.call(object));
        break;
      case kinds.KIND_BIGINT_OBJECT:
        this.byte(tag.bigintObject);
        this.bigint(BigInt.prototype.valueOf.call(object));
        break;
      case kinds.KIND_ARGUMENTS:
      case kinds.KIND_PROXY:
      case kinds.KIND_FUNCTION:
      case kinds.KIND_SYMBOL_OBJECT:
      case kinds.KIND_PROMISE:
      case kinds.KIND_WEAK_MAP:
      case kinds.KIND_WEAK_SET:
      case kinds.KIND_MAP_ITERATOR:
      case kinds.KIND_SET_ITERATOR:
      case kinds.KIND_GENERATOR:
        throw this.cannotClone(object);
      default:
        this.plain(object);
    }
  }

  /** Writes those of `keys` that are still there. Returns how many. */
  properties(object, keys) {
    let count = 0;
    for (const key of keys) {
      const value = object[key];
      // A getter may have removed it.
      if (value === undefined && !Object.prototype.propertyIsEnumerable.call(object, key)) continue;
      const index = toIndex(key);
      if (index === -1) this.string(key);
      else if (index <= 0x7fffffff) this.number(index);
      else {
        this.byte(tag.double);
        this.double(index);
      }
      this.value(value);
      count++;
    }
    return count;
  }

  array(array) {
    const { length } = array;
    const keys = Object.keys(array);
    const isDense = length === 0 || (keys.length >= length && keys[length - 1] === `${length - 1}`);
    if (!isDense) {
      this.byte(tag.sparse);
      this.varint(length);
      const count = this.properties(array, keys);
      this.byte(tag.sparseEnd);
      this.varint(count);
      this.varint(length);
      return;
    }
    this.byte(tag.dense);
    this.varint(length);
    for (let i = 0; i < length; i++) {
      // An element may have been removed by a getter before it.
      if (i in array) this.value(array[i]);
      else this.byte(tag.hole);
    }
    const count = keys.length === length ? 0 : this.properties(array, keys.slice(length));
    this.byte(tag.denseEnd);
    this.varint(count);
    this.varint(length);
  }

  buffer(buffer) {
    if (isSharedArrayBuffer(buffer)) {
      const id = this.delegate.sharedBufferId(buffer);
      this.byte(tag.shared);
      this.varint(id);
      return;
    }
    const id = this.transferred.get(buffer);
    if (id !== undefined) {
      this.byte(tag.transferred);
      this.varint(id);
      return;
    }
    if (buffer.detached) throw this.delegate.cloneError('An ArrayBuffer is detached and could not be cloned.');
    if (buffer.resizable) {
      this.byte(tag.resizable);
      this.varint(buffer.byteLength);
      this.varint(buffer.maxByteLength);
    } else {
      this.byte(tag.arrayBuffer);
      this.varint(buffer.byteLength);
    }
    this.raw(new Uint8Array(buffer));
  }

  view(view) {
    if (this.viewsAreHost) {
      this.host(view);
      return;
    }
    this.byte(tag.view);
    this.byte(letterByName.get(nameOfView(view)));
    this.varint(view.byteOffset);
    this.varint(view.byteLength);
    this.varint(view.buffer.resizable ? BUFFER_RESIZABLE | (tracksLength(view) ? TRACKS_LENGTH : 0) : 0);
  }

  host(object) {
    this.byte(tag.host);
    this.delegate.writeHostObject(object);
  }

  error(error) {
    this.byte(tag.error);
    const letter = errorTags[error.name];
    if (letter !== undefined) this.byte(code(letter));
    const message = Object.getOwnPropertyDescriptor(error, 'message');
    if (message !== undefined && 'value' in message) {
      this.byte(code('m'));
      this.string(`${message.value}`);
    }
    const { stack } = error;
    if (typeof stack === 'string') {
      this.byte(code('s'));
      this.string(stack);
    }
    if (Object.hasOwn(error, 'cause')) {
      this.byte(code('c'));
      this.value(error.cause);
    }
    this.byte(code('.'));
  }
}

/** Whether a view of a resizable buffer goes to its end, whatever its size. */
function tracksLength(view) {
  const { buffer, byteLength, byteOffset } = view;
  return byteOffset + byteLength === buffer.byteLength;
}

function describe(value) {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  let name = 'Object';
  if (!isProxy(value)) {
    for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
      const made = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof made === 'function' && made.name !== '') {
        name = made.name;
        break;
      }
    }
  }
  return `#<${name}>`;
}

// eslint-disable-next-line no-control-regex
const wideCharacter = /[^\x00-\xff]/;

function isLatin1(text) {
  return !wideCharacter.test(text);
}

function varintSize(value) {
  let size = 1;
  while (value >= 0x80) {
    value >>>= 7;
    size++;
  }
  return size;
}

/** An array index from a key; -1 for other keys. */
function toIndex(key) {
  const first = key.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39) || key.length > 10) return -1;
  const index = Number(key);
  return index < 0xffffffff && `${index}` === key ? index : -1;
}

class Reader {
  constructor(bytes, delegate) {
    this.bytes = bytes;
    this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.end = bytes.byteLength;
    this.delegate = delegate;
    this.version = 0;
    this.objects = [];
    this.transferred = new Map();
    this.source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail() {
    return new Error('Unable to deserialize cloned data.');
  }

  need(count) {
    if (this.end - this.at < count) throw this.fail();
  }

  byte() {
    if (this.at >= this.end) throw this.fail();
    return this.bytes[this.at++];
  }

  varint() {
    let result = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      if (shift < 32) result |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return result >>> 0;
    }
  }

  varint64() {
    let result = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      if (shift < 64n) result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
  }

  double() {
    this.need(8);
    const value = this.data.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  header() {
    if (this.at < this.end && this.bytes[this.at] === tag.version) {
      this.at++;
      this.version = this.varint();
      if (this.version <= VERSION && this.version >= VERSION_MIN) return;
    }
    throw new Error('Unable to deserialize cloned data due to invalid or unsupported version.');
  }

  nextTag() {
    let next = this.byte();
    while (next === tag.padding) next = this.byte();
    return next;
  }

  peekTag() {
    let at = this.at;
    while (at < this.end && this.bytes[at] === tag.padding) at++;
    return at < this.end ? this.bytes[at] : -1;
  }

  text(encoding, size) {
    this.need(size);
    const start = this.at;
    this.at += size;
    return this.source.toString(encoding, start, this.at);
  }

  /** Text of one byte per character. */
  latin1(size) {
    if (size === 0 || size > SHORT_CHARACTERS) return this.text('latin1', size);
    this.need(size);
    const { bytes } = this;
    const start = this.at;
    const slot = (bytes[start] * 31 + bytes[start + size - 1] * 7 + size) % REMEMBERED;
    const known = remembered[slot];
    if (known.length === size) {
      let i = 0;
      while (i < size && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === size) {
        this.at += size;
        return known;
      }
    }
    return remembered[slot] = this.text('latin1', size);
  }

  string(type) {
    switch (type) {
      case tag.oneByte: return this.latin1(this.varint());
      case tag.utf8: return this.text('utf8', this.varint());
      case tag.twoByte: {
        const size = this.varint();
        if (size & 1) throw this.fail();
        return this.text('utf16le', size);
      }
      default: throw this.fail();
    }
  }

  bigint() {
    const bits = this.varint();
    const size = bits >>> 1;
    if (size % 8 !== 0) throw this.fail();
    this.need(size);
    let result = 0n;
    for (let i = size - 8; i >= 0; i -= 8) result = (result << 64n) | this.data.getBigUint64(this.at + i, true);
    this.at += size;
    return bits & 1 ? -result : result;
  }

  /** Keeps a number for an object. */
  place() {
    this.objects.push(undefined);
    return this.objects.length - 1;
  }

  keep(object) {
    this.objects.push(object);
    return object;
  }

  value() {
    const value = this.plainValue();
    // The view comes after its buffer.
    if (this.peekTag() === tag.view && isAnyArrayBuffer(value)) {
      this.nextTag();
      return this.view(value);
    }
    return value;
  }

  plainValue() {
    const type = this.nextTag();
    switch (type) {
      case tag.undefined: return undefined;
      case tag.null: return null;
      case tag.true: return true;
      case tag.false: return false;
      case tag.int32: {
        const raw = this.varint();
        return (raw >>> 1) ^ -(raw & 1);
      }
      case tag.uint32: return this.varint();
      case tag.double: return this.double();
      case tag.bigint: return this.bigint();
      case tag.oneByte: case tag.twoByte: case tag.utf8: return this.string(type);
      case tag.verifyCount:
        this.varint();
        return this.value();
      default: return this.object(type);
    }
  }

  object(type) {
    switch (type) {
      case tag.reference: {
        const id = this.varint();
        if (id >= this.objects.length || this.objects[id] === undefined) throw this.fail();
        const found = this.objects[id];
        if (isAnyArrayBuffer(found) && this.peekTag() === tag.view) {
          this.nextTag();
          return this.view(found);
        }
        return found;
      }
      case tag.object: {
        const object = this.keep({});
        const count = this.properties(object, tag.objectEnd);
        if (count !== this.varint()) throw this.fail();
        return object;
      }
      case tag.dense: return this.dense();
      case tag.sparse: {
        const length = this.varint();
        const array = this.keep([]);
        array.length = length;
        const count = this.properties(array, tag.sparseEnd);
        if (count !== this.varint() || length !== this.varint()) throw this.fail();
        return array;
      }
      case tag.date: return this.keep(new Date(this.double()));
      case tag.trueObject: return this.keep(new Boolean(true));
      case tag.falseObject: return this.keep(new Boolean(false));
      case tag.numberObject: return this.keep(new Number(this.double()));
      case tag.bigintObject: return this.keep(Object(this.bigint()));
      case tag.stringObject: return this.keep(new String(this.string(this.nextTag())));
      case tag.regexp: return this.regexp();
      case tag.map: return this.map();
      case tag.set: return this.set();
      case tag.error: return this.error();
      case tag.arrayBuffer: case tag.resizable: case tag.transferred: case tag.shared: return this.buffer(type);
      case tag.host: {
        const id = this.place();
        return this.objects[id] = this.delegate.readHostObject();
      }
      default: throw this.fail();
    }
  }

  dense() {
    const length = this.varint();
    // Each element takes a byte at least: a length beyond that is junk, and not to be allocated.
    if (length > this.end - this.at) throw this.fail();
    const array = this.keep(new Array(length));
    for (let i = 0; i < length; i++) {
      if (this.peekTag() === tag.hole) {
        this.nextTag();
        continue;
      }
      array[i] = this.value();
    }
    const count = this.properties(array, tag.denseEnd);
    if (count !== this.varint() || length !== this.varint()) throw this.fail();
    return array;
  }

  properties(object, endTag) {
    for (let count = 0; ; count++) {
      if (this.peekTag() === endTag) {
        this.nextTag();
        return count;
      }
      const key = this.value();
      if (typeof key !== 'string' && typeof key !== 'number') throw this.fail();
      const value = this.value();
      if (key === '__proto__') {
        Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
      } else {
        object[key] = value;
      }
    }
  }

  regexp() {
    const id = this.place();
    const source = this.string(this.nextTag());
    const bits = this.varint();
    let flags = '';
    let rest = bits;
    for (const flag of Object.keys(regexpFlags)) {
      if (bits & regexpFlags[flag]) flags += flag;
      rest &= ~regexpFlags[flag];
    }
    if (rest !== 0) throw this.fail();
    return this.objects[id] = new RegExp(source, flags);
  }

  map() {
    const map = this.keep(new Map());
    let count = 0;
    while (this.peekTag() !== tag.mapEnd) {
      const key = this.value();
      map.set(key, this.value());
      count += 2;
    }
    this.nextTag();
    if (this.varint() !== count) throw this.fail();
    return map;
  }

  set() {
    const set = this.keep(new Set());
    let count = 0;
    while (this.peekTag() !== tag.setEnd) {
      set.add(this.value());
      count++;
    }
    this.nextTag();
    if (this.varint() !== count) throw this.fail();
    return set;
  }

  buffer(type) {
    if (type === tag.transferred) {
      const found = this.transferred.get(this.varint());
      if (found === undefined) throw this.fail();
      return this.keep(found);
    }
    if (type === tag.shared) return this.keep(this.delegate.sharedBuffer(this.varint()));
    const id = this.place();
    const size = this.varint();
    const options = type === tag.resizable ? { maxByteLength: this.varint() } : undefined;
    this.need(size);
    if (options !== undefined && size > options.maxByteLength) throw this.fail();
    const buffer = new ArrayBuffer(size, options);
    new Uint8Array(buffer).set(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
    return this.objects[id] = buffer;
  }

  view(buffer) {
    const Type = viewByLetter.get(this.byte());
    const byteOffset = this.varint();
    const byteLength = this.varint();
    const flags = this.version >= 14 ? this.varint() : 0;
    if (Type === undefined || byteOffset > buffer.byteLength || byteLength > buffer.byteLength - byteOffset) throw this.fail();
    const size = Type.BYTES_PER_ELEMENT ?? 1;
    if (byteOffset % size !== 0 || byteLength % size !== 0) throw this.fail();
    return this.keep(flags & TRACKS_LENGTH ? new Type(buffer, byteOffset) : new Type(buffer, byteOffset, byteLength / size));
  }

  error() {
    const id = this.place();
    let Type = Error;
    let message;
    let stack;
    let cause;
    let hasCause = false;
    for (;;) {
      const next = this.byte();
      if (errorTypes.has(next)) Type = errorTypes.get(next);
      else if (next === code('m')) message = this.string(this.nextTag());
      else if (next === code('s')) stack = this.string(this.nextTag());
      else if (next === code('c')) {
        cause = this.value();
        hasCause = true;
      } else if (next === code('.')) break;
      else throw this.fail();
    }
    const error = hasCause ? new Type(message, { cause }) : new Type(message);
    Object.defineProperty(error, 'stack', { __proto__: null, configurable: true, enumerable: false, value: stack, writable: true });
    return this.objects[id] = error;
  }
}

module.exports = { Reader, VERSION, Writer, tag };
