/** TextEncoderStream and TextDecoderStream. Encoding Standard §7.5 and §7.6. */
'use strict';

const {
  customInspectSymbol, finishInterface, inspectAs, invalidThis, missingMember,
} = require('internal/webstreams/util');
const { TransformStream } = require('internal/webstreams/transform_stream');

const REPLACEMENT = new Uint8Array([0xEF, 0xBF, 0xBD]);

let isEncoderStream;

/** Node docs: Class: TextEncoderStream. Strings in, UTF-8 out. */
class TextEncoderStream {
  #transform;
  /** The first half of a surrogate pair that the last chunk ended with. */
  #highSurrogate = '';

  static {
    isEncoderStream = (value) => typeof value === 'object' && value !== null && #transform in value;
  }

  constructor() {
    const encoder = new TextEncoder();
    this.#transform = new TransformStream({
      transform: (chunk, controller) => {
        let text = this.#highSurrogate + String(chunk);
        this.#highSurrogate = '';
        const last = text.charCodeAt(text.length - 1);
        if (last >= 0xD800 && last <= 0xDBFF) {
          this.#highSurrogate = text[text.length - 1];
          text = text.slice(0, -1);
        }
        if (text.length > 0) controller.enqueue(encoder.encode(text));
      },
      flush: (controller) => {
        if (this.#highSurrogate !== '') controller.enqueue(REPLACEMENT.slice());
      },
    });
  }

  get encoding() {
    if (!isEncoderStream(this)) throw missingMember('#handle');
    return 'utf-8';
  }

  get readable() {
    if (!isEncoderStream(this)) throw missingMember('#transform');
    return this.#transform.readable;
  }

  get writable() {
    if (!isEncoderStream(this)) throw missingMember('#transform');
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isEncoderStream(this)) throw invalidThis('TextEncoderStream');
    return inspectAs(this, depth, options, 'TextEncoderStream', {
      encoding: this.encoding, readable: this.readable, writable: this.writable,
    });
  }
}
finishInterface(TextEncoderStream, 'TextEncoderStream', ['encoding', 'readable', 'writable']);

let isDecoderStream;

/** Node docs: Class: TextDecoderStream. Bytes in, strings out. */
class TextDecoderStream {
  #decoder;
  #transform;

  static {
    isDecoderStream = (value) => typeof value === 'object' && value !== null && #decoder in value;
  }

  constructor(encoding = 'utf-8', options = {}) {
    const decoder = this.#decoder = new TextDecoder(encoding, options);
    this.#transform = new TransformStream({
      transform(chunk, controller) {
        if (chunk === undefined) throw new TypeError('Value is not a BufferSource');
        const text = decoder.decode(chunk, { stream: true });
        if (text !== '') controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text !== '') controller.enqueue(text);
      },
    });
  }

  get encoding() {
    if (!isDecoderStream(this)) throw missingMember('#handle');
    return this.#decoder.encoding;
  }

  get fatal() {
    if (!isDecoderStream(this)) throw missingMember('#handle');
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    if (!isDecoderStream(this)) throw missingMember('#handle');
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    if (!isDecoderStream(this)) throw missingMember('#transform');
    return this.#transform.readable;
  }

  get writable() {
    if (!isDecoderStream(this)) throw missingMember('#transform');
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isDecoderStream(this)) throw invalidThis('TextDecoderStream');
    return inspectAs(this, depth, options, 'TextDecoderStream', {
      encoding: this.encoding,
      fatal: this.fatal,
      ignoreBOM: this.ignoreBOM,
      readable: this.readable,
      writable: this.writable,
    });
  }
}
finishInterface(TextDecoderStream, 'TextDecoderStream',
  ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable']);

module.exports = { TextDecoderStream, TextEncoderStream };
