/**
 * `TextEncoder` and `TextDecoder`. WHATWG Encoding Standard; Node docs: util.TextDecoder, util.TextEncoder.
 *
 * Whole UTF-8 texts take a short way; streams and other encodings keep a decoder in Rust.
 */
'use strict';

const {
  codes: {
    ERR_ENCODING_INVALID_ENCODED_DATA, ERR_ENCODING_NOT_SUPPORTED, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS,
  },
} = require('internal/errors');
const { customInspectSymbol: inspectSymbol, kEmptyObject } = require('internal/util');
const { validateString } = require('internal/validators');
const { isAnyArrayBuffer, isUint8Array } = require('internal/util/types');
const { createDecoder, decode, decodeUtf8, encodeInto, encodeUtf8, encodingName } = binding('util');

const { isView } = ArrayBuffer;

/** Text to UTF-8. */
class TextEncoder {
  #brand;

  get encoding() {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    return 'utf-8';
  }

  /** A Uint8Array of the text's UTF-8. */
  encode(input = '') {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    return encodeUtf8(`${input}`);
  }

  /** Writes what fits into `dest`; tells how many code units were read and bytes written. */
  encodeInto(src, dest) {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    validateString(src, 'src');
    if (!isUint8Array(dest)) throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', dest);
    const counts = encodeInto(src, dest);
    return { read: counts[0], written: counts[1] };
  }

  [inspectSymbol](depth, options) {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    if (typeof depth === 'number' && depth < 0) return this;
    return require('internal/util/inspect').inspect({ encoding: this.encoding }, options);
  }
}

/** Bytes to text, in any encoding of the standard. */
class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  // Made with the first chunk that needs one.
  #decoder;
  #inStream = false;

  constructor(encoding = 'utf-8', options = kEmptyObject) {
    encoding = `${encoding}`;
    if (options === null) options = kEmptyObject;
    else if (typeof options !== 'object' && typeof options !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    const name = encodingName(encoding);
    if (name === undefined) throw new ERR_ENCODING_NOT_SUPPORTED(encoding);
    // The standard's name for encodings that must not be decoded.
    if (name === 'replacement') throw new ERR_ENCODING_NOT_SUPPORTED(name);
    this.#encoding = name;
    this.#fatal = Boolean(options.fatal);
    this.#ignoreBOM = Boolean(options.ignoreBOM);
  }

  get encoding() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#encoding;
  }

  get fatal() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#fatal;
  }

  get ignoreBOM() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#ignoreBOM;
  }

  /** The text of `input`. With `stream`, an incomplete character at the end waits for the next call. */
  decode(input = undefined, options = kEmptyObject) {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    if (input !== undefined && !isView(input) && !isAnyArrayBuffer(input)) {
      throw new ERR_INVALID_ARG_TYPE('list', ['SharedArrayBuffer', 'ArrayBuffer', 'ArrayBufferView'], input);
    }
    let stream = false;
    if (options !== kEmptyObject && options !== null && options !== undefined) {
      if (typeof options !== 'object' && typeof options !== 'function') {
        throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
      }
      stream = Boolean(options.stream);
    }
    let text;
    if (!stream && !this.#inStream && this.#encoding === 'utf-8') {
      if (input === undefined) return '';
      text = decodeUtf8(input, this.#fatal, this.#ignoreBOM);
    } else {
      this.#decoder ??= createDecoder(this.#encoding, this.#fatal, this.#ignoreBOM);
      text = decode(this.#decoder, input, !stream);
      this.#inStream = stream && text !== undefined;
    }
    if (text === undefined) throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding, undefined);
    return text;
  }

  [inspectSymbol](depth, options) {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    if (typeof depth === 'number' && depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const shown = Object.create(TextDecoder.prototype);
    for (const key of ['encoding', 'fatal', 'ignoreBOM']) {
      Object.defineProperty(shown, key, { __proto__: null, enumerable: true, value: this[key] });
    }
    return inspect(shown, { ...options, customInspect: false });
  }
}

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(TextEncoder.prototype, {
  encode: enumerable,
  encodeInto: enumerable,
  encoding: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'TextEncoder' },
});
Object.defineProperties(TextDecoder.prototype, {
  decode: enumerable,
  encoding: enumerable,
  fatal: enumerable,
  ignoreBOM: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'TextDecoder' },
});

module.exports = { TextDecoder, TextEncoder };
