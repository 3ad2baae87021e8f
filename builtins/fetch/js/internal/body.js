/**
 * Bodies of requests and responses. Fetch Standard §5.2 and §5.3.
 *
 * A body made of something complete (text, bytes, a Blob) becomes a stream only when somebody looks at `body`; the
 * consuming methods take the bytes directly.
 */
'use strict';

const { isBlob } = require('internal/buffer/blob');
const { brandCheck, toUSVString } = require('internal/fetch/webidl');

const kBody = Symbol('body');

function streams() {
  return require('stream/web');
}

function isReadableStream(value) {
  return typeof value === 'object' && value !== null && value instanceof streams().ReadableStream;
}

class Body {
  /** Bytes, a list of parts (bytes and Blobs), or null. */
  source;
  /** Bytes in all, or null if nobody knows. */
  length;
  stream = null;
  used = false;

  constructor(source, length, stream = null) {
    this.source = source;
    this.length = length;
    this.stream = stream;
  }

  /** The stream, made on first use. */
  open() {
    if (this.stream === null) {
      const { source } = this;
      this.stream = this.used ? closedStream() : streamOf(source);
    }
    return this.stream;
  }

  get unusable() {
    return this.used || (this.stream !== null && (this.stream.locked || isDisturbed(this.stream)));
  }

  clone() {
    if (this.stream === null) return new Body(this.source, this.length);
    const [mine, other] = this.stream.tee();
    this.stream = mine;
    return new Body(this.source, this.length, other);
  }
}

function isDisturbed(stream) {
  return require('internal/stream/utils').isDisturbed(stream);
}

function closedStream() {
  return new (streams().ReadableStream)({ type: 'bytes', start(controller) { controller.close(); } });
}

function streamOf(source) {
  const { ReadableStream } = streams();
  let parts;
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      parts ??= readParts(source);
      const { done, value } = await parts.next();
      if (done) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else if (value.byteLength > 0) {
        controller.enqueue(new Uint8Array(value));
      }
    },
    async cancel() {
      await parts?.return?.();
    },
  });
}

/** The bytes of a source, in pieces; each its own memory. */
async function* readParts(source) {
  for (const part of Array.isArray(source) ? source : [source]) {
    if (isBlob(part)) yield* part.stream();
    else yield part;
  }
}

/** Fetch Standard: extract a body. [Body, type or null]. */
function extractBody(object, keepalive = false) {
  const { Buffer } = require('buffer');
  if (isReadableStream(object)) {
    if (keepalive) throw new TypeError('keepalive');
    if (object.locked || isDisturbed(object)) throw new TypeError('Response body object should not be disturbed or locked');
    return [new Body(null, null, object), null];
  }
  if (typeof object === 'string') {
    const bytes = Buffer.from(object.toWellFormed());
    return [new Body(bytes, bytes.length), 'text/plain;charset=UTF-8'];
  }
  if (object instanceof require('url').URLSearchParams) {
    const bytes = Buffer.from(object.toString());
    return [new Body(bytes, bytes.length), 'application/x-www-form-urlencoded;charset=UTF-8'];
  }
  if (ArrayBuffer.isView(object)) {
    const bytes = Buffer.from(new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
    return [new Body(bytes, bytes.length), null];
  }
  if (object instanceof ArrayBuffer || object instanceof SharedArrayBuffer) {
    const bytes = Buffer.from(new Uint8Array(object));
    return [new Body(bytes, bytes.length), null];
  }
  if (isBlob(object)) return [new Body([object], object.size), object.type || null];
  const { FormData, encodeMultipart } = require('internal/fetch/form_data');
  if (object instanceof FormData) {
    const { boundary, parts, length } = encodeMultipart(object);
    return [new Body(parts, length), `multipart/form-data; boundary=${boundary}`];
  }
  if (typeof object === 'object' && object !== null && typeof object[Symbol.asyncIterator] === 'function') {
    return [new Body(null, null, streams().ReadableStream.from(object)), null];
  }
  return extractBody(toUSVString(object));
}

/** All bytes of a body. */
async function readAll(body) {
  const { Buffer } = require('buffer');
  if (body.stream === null) {
    body.used = true;
    const { source } = body;
    if (source === null) return new Uint8Array(0);
    if (!Array.isArray(source)) return source;
    const parts = [];
    for (const part of source) parts.push(isBlob(part) ? new Uint8Array(await part.arrayBuffer()) : part);
    return Buffer.concat(parts);
  }
  body.used = true;
  const reader = body.stream.getReader();
  const parts = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!(value instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
    parts.push(value);
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

async function consume(object, Class, convert) {
  brandCheck(object, Class);
  const state = object[kBody];
  if (state.body?.unusable) throw new TypeError('Body is unusable: Body has already been read');
  object.signal?.throwIfAborted?.();
  return convert(state.body === null ? new Uint8Array(0) : await readAll(state.body));
}

/** `bytes` as UTF-8; `ignoreBOM`: a mark at the start is part of the text. */
function decode(bytes, ignoreBOM = false) {
  const { TextDecoder } = require('internal/util/encoding');
  return new TextDecoder('utf-8', { ignoreBOM }).decode(bytes);
}

function copyOf(bytes) {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** Adds the members of the Body mixin. `typeOf(object)` is the content type, or null. */
function mixin(Class, typeOf) {
  const members = {
    arrayBuffer() {
      return consume(this, Class, (bytes) => copyOf(bytes).buffer);
    },
    blob() {
      return consume(this, Class, (bytes) => new (require('buffer').Blob)([bytes], { type: typeOf(this) ?? '' }));
    },
    bytes() {
      return consume(this, Class, copyOf);
    },
    formData() {
      return consume(this, Class, (bytes) => {
        const { parseMultipart, parseUrlencoded } = require('internal/fetch/form_data');
        const type = typeOf(this) ?? '';
        if (/^multipart\/form-data(?:;|$)/i.test(type)) {
          const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
          if (boundary === null) throw new TypeError('Failed to parse body as FormData.');
          return parseMultipart(bytes, boundary[1] ?? boundary[2]);
        }
        if (/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) return parseUrlencoded(decode(bytes, true));
        throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
      });
    },
    json() {
      return consume(this, Class, (bytes) => JSON.parse(decode(bytes)));
    },
    text() {
      return consume(this, Class, (bytes) => decode(bytes));
    },
    textStream() {
      brandCheck(this, Class);
      const { body } = this[kBody];
      const { ReadableStream, TextDecoderStream } = streams();
      if (body === null) return new ReadableStream({ start(controller) { controller.close(); } });
      if (body.unusable) throw new TypeError('Body is unusable: Body has already been read');
      const stream = body.open();
      body.used = true;
      return stream.pipeThrough(new TextDecoderStream());
    },
  };
  for (const name of Object.keys(members)) {
    Object.defineProperty(Class.prototype, name, {
      __proto__: null, configurable: true, enumerable: true, value: members[name], writable: true,
    });
  }
  Object.defineProperty(Class.prototype, 'body', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      brandCheck(this, Class);
      return this[kBody].body === null ? null : this[kBody].body.open();
    },
  });
  Object.defineProperty(Class.prototype, 'bodyUsed', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      brandCheck(this, Class);
      const { body } = this[kBody];
      return body !== null && (body.used || (body.stream !== null && isDisturbed(body.stream)));
    },
  });
}

module.exports = { Body, extractBody, isReadableStream, kBody, mixin, readParts };
