/**
 * `Blob`, and the store behind `URL.createObjectURL`. Node docs: Class: Blob; File API.
 *
 * The content of a blob is a list of parts, `{ size, bytes }` in memory or `{ size, read, origin }` for what
 * is fetched when needed (a file): `read(start, length)` promises a Uint8Array and rejects with a
 * NotReadableError if the source is not what it was; another thread makes its own part of `origin`. Parts are never changed, so
 * slices share them.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { encodeString, utf8 } = require('internal/buffer/encodings');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');

const customInspect = Symbol.for('nodejs.util.inspect.custom');

const isAnyArrayBuffer = (value) => value instanceof ArrayBuffer ||
  /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** The options of a constructor: any object or function, or nothing. */
function checkDictionary(options) {
  if (options === undefined || options === null || typeof options === 'object' || typeof options === 'function') {
    return options ?? {};
  }
  const error = new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  error.message = error.message.replace('must be of type object', 'must be a dictionary');
  throw error;
}

/** Copies what the caller can still change: bytes as a part, and anything else as text. */
function takeSource(source) {
  if (isAnyArrayBuffer(source)) {
    return memoryPart(new Uint8Array(source).slice());
  }
  if (ArrayBuffer.isView(source)) {
    return memoryPart(new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice());
  }
  return `${source}`;
}

function textPart(text, endings) {
  if (endings === 'native') text = text.replace(/\r\n|\r|\n/g, process.platform === 'win32' ? '\r\n' : '\n');
  return memoryPart(encodeString(text, utf8));
}

function memoryPart(bytes) {
  return { size: bytes.length, bytes };
}

/** A MIME type as given, in lower case; empty if it has characters a header could not carry. */
function normalizeType(type) {
  type = `${type}`;
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

/** WebIDL `[Clamp] long long`. */
function clampInteger(value) {
  value = +value;
  if (Number.isNaN(value)) return 0;
  value = Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));
  const floor = Math.floor(value);
  // To the nearest, and to the even one of two.
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The parts that make up the bytes from `start` to `end`. */
function sliceParts(parts, start, end) {
  const result = [];
  let position = 0;
  for (const part of parts) {
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, part.size);
    position += part.size;
    if (from >= to) continue;
    if (from === 0 && to === part.size) {
      result.push(part);
    } else if (part.bytes !== undefined) {
      result.push(memoryPart(part.bytes.subarray(from, to)));
    } else {
      result.push({
        size: to - from,
        read: (at, length) => part.read(from + at, length),
        origin: { ...part.origin, start: part.origin.start + from },
      });
    }
  }
  return result;
}

class Blob {
  #parts;
  #size;
  #type;

  /** Throws ERR_INVALID_ARG_TYPE for sources that cannot be iterated. Node docs: new buffer.Blob. */
  constructor(sources = [], options = undefined) {
    if (sources instanceof Internal) {
      this.#parts = sources.parts;
      this.#type = sources.type;
    } else {
      const isObject = sources !== null && (typeof sources === 'object' || typeof sources === 'function');
      const iterate = isObject ? sources[Symbol.iterator] : undefined;
      if (typeof iterate !== 'function') {
        const error = new TypeError('Value cannot be converted to sequence.');
        error.code = 'ERR_INVALID_ARG_TYPE';
        throw error;
      }
      // Whatever can throw does so in the order of the arguments.
      const taken = [];
      for (const source of { [Symbol.iterator]: () => Reflect.apply(iterate, sources, []) }) {
        taken.push(isBlob(source) ? source : takeSource(source));
      }
      let { endings = 'transparent', type = '' } = checkDictionary(options);
      endings = `${endings}`;
      if (endings !== 'transparent' && endings !== 'native') {
        throw new ERR_INVALID_ARG_VALUE('options.endings', endings);
      }
      this.#parts = [];
      for (const source of taken) {
        if (isBlob(source)) this.#parts.push(...source.#parts);
        else this.#parts.push(typeof source === 'string' ? textPart(source, endings) : source);
      }
      this.#type = normalizeType(type);
    }
    this.#size = this.#parts.reduce((sum, part) => sum + part.size, 0);
  }

  static #check(value) {
    if (!isBlob(value)) throw new ERR_INVALID_THIS('Blob');
  }

  static isBlob(value) {
    return typeof value === 'object' && value !== null && #parts in value;
  }

  [customInspect](depth, options) {
    if (depth < 0) return options.stylize('[Blob]', 'special');
    const { inspect } = require('util');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `Blob ${inspect({ size: this.size, type: this.type }, inner)}`;
  }

  get type() {
    Blob.#check(this);
    return this.#type;
  }

  get size() {
    Blob.#check(this);
    return this.#size;
  }

  /** Part of this blob, without a copy. Negative indices count from the end. */
  slice(start = 0, end = this.size, contentType = '') {
    Blob.#check(this);
    const relative = (index) => {
      index = clampInteger(index);
      return index < 0 ? Math.max(this.#size + index, 0) : Math.min(index, this.#size);
    };
    const from = relative(start);
    const to = Math.max(relative(end), from);
    return new Blob(new Internal(sliceParts(this.#parts, from, to), normalizeType(contentType)));
  }

  /** Promises the content as an ArrayBuffer. */
  arrayBuffer() {
    if (!isBlob(this)) return Promise.reject(new ERR_INVALID_THIS('Blob'));
    return this.#read().then((bytes) => bytes.buffer);
  }

  /** Promises the content decoded as UTF-8. */
  text() {
    if (!isBlob(this)) return Promise.reject(new ERR_INVALID_THIS('Blob'));
    return this.#read().then((bytes) => {
      const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
      return utf8.slice(bytes, start, bytes.length);
    });
  }

  /** Promises the content as a Uint8Array. */
  bytes() {
    if (!isBlob(this)) return Promise.reject(new ERR_INVALID_THIS('Blob'));
    return this.#read();
  }

  async #read() {
    const whole = new Uint8Array(this.#size);
    let position = 0;
    for (const part of this.#parts) {
      whole.set(part.bytes ?? await part.read(0, part.size), position);
      position += part.size;
    }
    return whole;
  }

  /** The content as a byte stream, a chunk per part. */
  stream() {
    Blob.#check(this);
    const { ReadableStream } = require('stream/web');
    const chunks = chunksOf(this.#parts);
    return new ReadableStream({
      type: 'bytes',
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        controller.close();
        controller.byobRequest?.respond(0);
      },
    }, { highWaterMark: 0 });
  }

  /** The content as a stream of strings, decoded as UTF-8. */
  textStream() {
    Blob.#check(this);
    const { TextDecoderStream } = require('stream/web');
    return this.stream().pipeThrough(new TextDecoderStream());
  }

  [kClone]() {
    const parts = this.#parts.map(({ size, bytes, origin }) => ({ size, bytes, origin }));
    const isFile = Object.prototype.toString.call(this) === '[object File]';
    return {
      data: { parts, type: this.#type, file: isFile ? { name: this.name, lastModified: this.lastModified } : undefined },
      deserializeInfo: 'internal/buffer/blob:Blob',
    };
  }

  static internals(blob) {
    return { parts: blob.#parts, type: blob.#type };
  }
}

/** What our own code makes a blob of. */
class Internal {
  constructor(parts, type) {
    this.parts = parts;
    this.type = type;
  }
}

/** How much of a file is read at a time, in bytes. */
const FILE_CHUNK_BYTES = 64 * 1024;

async function* chunksOf(parts) {
  for (const part of parts) {
    if (part.bytes !== undefined) {
      // A copy: the receiver of a byte stream owns, and may transfer, what it gets.
      if (part.size > 0) yield part.bytes.slice();
      continue;
    }
    for (let at = 0; at < part.size; at += FILE_CHUNK_BYTES) {
      yield await part.read(at, Math.min(FILE_CHUNK_BYTES, part.size - at));
    }
  }
}

const { internals, isBlob } = Blob;
delete Blob.internals;
delete Blob.isBlob;

for (const name of ['type', 'size', 'slice', 'arrayBuffer', 'text', 'bytes', 'stream', 'textStream']) {
  Object.defineProperty(Blob.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(Blob.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, value: 'Blob',
});

/**
 * A blob whose content is fetched when it is read: `read(start, length)` promises a Uint8Array. `origin` is what
 * `internal/fs/blob` makes the same part of in another thread. For `fs.openAsBlob`.
 */
function createLazyBlob(size, read, origin, type = '') {
  return new Blob(new Internal(size > 0 ? [{ size, read, origin }] : [], normalizeType(type)));
}

/** A blob or file with the same content: the parts are immutable, so both can share them. */
function clone(blob) {
  const { parts, type } = internals(blob);
  const isFile = Object.prototype.toString.call(blob) === '[object File]';
  return make(new Internal(parts, type), isFile ? blob : undefined);
}

function make(content, file) {
  if (file === undefined) return new Blob(content);
  const { File } = require('internal/buffer/file');
  return new File(content, file.name, { lastModified: file.lastModified });
}

/** The blob or file that another thread sent. */
function receive({ parts, type, file }) {
  const own = parts.map(({ size, bytes, origin }) => {
    return origin === undefined ? { size, bytes } : require('internal/fs/blob').partOf(size, origin);
  });
  return make(new Internal(own, type), file);
}

markTransferMode(Blob.prototype, kCloneable);

// Object URLs: `blob:nodedata:<uuid>`.

const objects = new Map();

/** Keeps `blob` until `revokeObjectURL` and returns its URL. */
function createObjectURL(blob) {
  if (!isBlob(blob)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', blob);
  const id = require('crypto').randomUUID();
  objects.set(id, blob);
  return `blob:nodedata:${id}`;
}

/** The id in an object URL; undefined for other URLs. */
function objectId(url) {
  // As a URL parser sees it: surrounding blanks, query and fragment are no part of the path.
  return /^blob:nodedata:([^?#]*)/i.exec(`${url}`.trim())?.[1];
}

/** Forgets the blob behind `url`; any other string is left alone. */
function revokeObjectURL(url) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
  objects.delete(objectId(url));
}

/** The blob behind an object URL, or undefined. */
function resolveObjectURL(url) {
  const blob = objects.get(objectId(url));
  if (blob === undefined) return undefined;
  const { parts, type } = internals(blob);
  return new Blob(new Internal(parts, type));
}

module.exports = {
  Blob,
  checkDictionary,
  clone,
  createLazyBlob,
  createObjectURL,
  isBlob,
  resolveObjectURL,
  revokeObjectURL,
  [kDeserializers]: { Blob: receive },
};
