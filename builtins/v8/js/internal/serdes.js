/** Serializer, Deserializer and their defaults. Node docs: v8, "Serialization API". */
'use strict';

const { Buffer } = require('buffer');
const { Reader, VERSION, Writer, tag } = require('internal/v8/wire');
const { codes: { ERR_CONSTRUCT_CALL_REQUIRED } } = require('internal/errors');

const kWriter = Symbol('writer');
const kReader = Symbol('reader');

/** A constructor that says so when it is called. */
function requireNew(target, name) {
  if (target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED(name);
}

function hidden(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** How the Writer sees the public object: its overridable methods. */
class WriterDelegate {
  #serializer;

  constructor(serializer) {
    this.#serializer = serializer;
  }

  cloneError(message) {
    return this.#serializer._getDataCloneError(message);
  }

  writeHostObject(object) {
    const serializer = this.#serializer;
    if (typeof serializer._writeHostObject !== 'function') {
      throw this.cloneError(`#<${object.constructor?.name ?? 'Object'}> could not be cloned.`);
    }
    serializer._writeHostObject(object);
  }

  sharedBufferId(buffer) {
    const serializer = this.#serializer;
    if (typeof serializer._getSharedArrayBufferId !== 'function') {
      throw this.cloneError('#<SharedArrayBuffer> could not be cloned.');
    }
    const id = serializer._getSharedArrayBufferId(buffer);
    return Number(id) >>> 0;
  }
}

function Serializer() {
  requireNew(new.target, 'Serializer');
  hidden(this, kWriter, new Writer(new WriterDelegate(this)));
}

Object.assign(Serializer.prototype, {
  writeHeader() {
    const writer = this[kWriter];
    writer.byte(tag.version);
    writer.varint(VERSION);
  },
  writeValue(value) {
    this[kWriter].value(value);
    return true;
  },
  releaseBuffer() {
    return this[kWriter].release();
  },
  transferArrayBuffer(id, arrayBuffer) {
    this[kWriter].transferred.set(arrayBuffer, Number(id) >>> 0);
  },
  writeUint32(value) {
    this[kWriter].varint(Number(value) >>> 0);
  },
  writeUint64(high, low) {
    this[kWriter].varint64((BigInt(Number(high) >>> 0) << 32n) | BigInt(Number(low) >>> 0));
  },
  writeDouble(value) {
    this[kWriter].double(Number(value));
  },
  writeRawBytes(source) {
    if (!ArrayBuffer.isView(source)) throw invalidType('source must be a TypedArray or a DataView');
    this[kWriter].raw(bytesOf(source));
  },
  _setTreatArrayBufferViewsAsHostObjects(flag) {
    this[kWriter].viewsAreHost = Boolean(flag);
  },
});
hidden(Serializer.prototype, '_getDataCloneError', Error);

function invalidType(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

class ReaderDelegate {
  #deserializer;

  constructor(deserializer) {
    this.#deserializer = deserializer;
  }

  readHostObject() {
    const deserializer = this.#deserializer;
    if (typeof deserializer._readHostObject !== 'function') throw new Error('Unable to deserialize cloned data.');
    const object = deserializer._readHostObject();
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      throw invalidType('readHostObject must return an object');
    }
    return object;
  }

  sharedBuffer(id) {
    const deserializer = this.#deserializer;
    if (typeof deserializer._getSharedArrayBuffer !== 'function') throw new Error('Unable to deserialize cloned data.');
    return deserializer._getSharedArrayBuffer(id);
  }
}

function Deserializer(buffer) {
  requireNew(new.target, 'Deserializer');
  if (!ArrayBuffer.isView(buffer)) throw invalidType('buffer must be a TypedArray or a DataView');
  this.buffer = buffer;
  hidden(this, kReader, new Reader(bytesOf(buffer), new ReaderDelegate(this)));
}

/** Reads, or says which reading failed. */
function guarded(reader, name, read) {
  const before = reader.at;
  try {
    return read();
  } catch {
    reader.at = before;
    throw new Error(`${name}() failed`);
  }
}

Object.assign(Deserializer.prototype, {
  readHeader() {
    this[kReader].header();
    return true;
  },
  readValue() {
    return this[kReader].value();
  },
  getWireFormatVersion() {
    return this[kReader].version;
  },
  transferArrayBuffer(id, arrayBuffer) {
    this[kReader].transferred.set(Number(id) >>> 0, arrayBuffer);
  },
  readUint32() {
    const reader = this[kReader];
    return guarded(reader, 'ReadUint32', () => reader.varint());
  },
  readUint64() {
    const reader = this[kReader];
    const value = guarded(reader, 'ReadUint64', () => reader.varint64());
    return [Number(value >> 32n), Number(value & 0xffffffffn)];
  },
  readDouble() {
    const reader = this[kReader];
    return guarded(reader, 'ReadDouble', () => reader.double());
  },
  _readRawBytes(length) {
    const reader = this[kReader];
    return guarded(reader, 'ReadRawBytes', () => {
      reader.need(length);
      const start = reader.at;
      reader.at += length;
      return start;
    });
  },
});

hidden(Deserializer.prototype, 'readRawBytes', function readRawBytes(length) {
  const offset = this._readRawBytes(length);
  // A view of the input: nothing is copied.
  return Buffer.from(this.buffer.buffer, this.buffer.byteOffset + offset, length);
});

/** Numbers of view types in what DefaultSerializer writes. */
const viewTypes = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
  DataView, Buffer, BigInt64Array, BigUint64Array, Float16Array,
];
const BUFFER_INDEX = viewTypes.indexOf(Buffer);
const indexByName = new Map(viewTypes.map((type, index) => [type.name, index]));

function viewIndex(view) {
  if (Buffer.isBuffer(view)) return BUFFER_INDEX;
  return indexByName.get(Object.prototype.toString.call(view).slice('[object '.length, -1));
}

class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view) {
    const index = ArrayBuffer.isView(view) ? viewIndex(view) : undefined;
    if (index === undefined) {
      const { inspect } = require('util');
      throw this._getDataCloneError(`Unserializable host object: ${inspect(view)}`);
    }
    this.writeUint32(index);
    this.writeUint32(view.byteLength);
    this.writeRawBytes(bytesOf(view));
  }
}

class DefaultDeserializer extends Deserializer {
  _readHostObject() {
    const Type = viewTypes[this.readUint32()];
    const byteLength = this.readUint32();
    const start = this._readRawBytes(byteLength);
    const { buffer } = this;
    const offset = buffer.byteOffset + start;
    if (Type === undefined) throw new Error('Unable to deserialize cloned data.');
    if (Type === Buffer) return Buffer.from(buffer.buffer, offset, byteLength);
    const size = Type.BYTES_PER_ELEMENT ?? 1;
    if (offset % size === 0) return new Type(buffer.buffer, offset, byteLength / size);
    // Not aligned for the type: only a copy is.
    const copy = new Uint8Array(byteLength);
    copy.set(new Uint8Array(buffer.buffer, offset, byteLength));
    return new Type(copy.buffer, 0, byteLength / size);
  }
}

/** Node docs: v8.serialize(value). */
function serialize(value) {
  const serializer = new DefaultSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** Node docs: v8.deserialize(buffer). */
function deserialize(buffer) {
  const deserializer = new DefaultDeserializer(buffer);
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = { DefaultDeserializer, DefaultSerializer, Deserializer, Serializer, deserialize, serialize };
