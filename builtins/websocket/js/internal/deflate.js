/**
 * The extension permessage-deflate, as a client takes it: what the server compressed is inflated, what is sent goes as it is.
 * RFC 7692.
 */
'use strict';

const { Buffer } = require('buffer');
const { FrameError, MESSAGE_BYTES_MAX } = require('internal/websocket/frames');

const OFFER = 'permessage-deflate; client_max_window_bits';
/** What a sender leaves off the end of a message. RFC 7692 §7.2.1. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** How far back a compressed message may refer, in bytes. */
const WINDOW_BYTES = 32 * 1024;

/**
 * What the server agreed to by its `Sec-WebSocket-Extensions`; undefined if that is not what was offered.
 * RFC 7692 §7.1.
 */
function parseAgreement(header) {
  const extensions = header.split(',').map((text) => text.split(';').map((part) => part.trim()));
  if (extensions.length !== 1 || extensions[0][0] !== 'permessage-deflate') return undefined;
  const agreed = { noContext: false };
  const seen = new Set();
  for (const parameter of extensions[0].slice(1)) {
    const [name, value] = parameter.split('=').map((part) => part.trim());
    if (seen.has(name)) return undefined;
    seen.add(name);
    switch (name) {
      case 'server_no_context_takeover':
        if (value !== undefined) return undefined;
        agreed.noContext = true;
        break;
      case 'client_no_context_takeover':
        if (value !== undefined) return undefined;
        break;
      case 'server_max_window_bits':
      case 'client_max_window_bits':
        if (!/^"?(?:[89]|1[0-5])"?$/.test(value ?? '')) return undefined;
        break;
      default:
        return undefined;
    }
  }
  return agreed;
}

/** Inflates messages one after the other. */
class Inflater {
  #noContext;
  /** The end of what was inflated so far: the next message may refer to it. */
  #window = Buffer.alloc(0);

  constructor({ noContext }) {
    this.#noContext = noContext;
  }

  /** Throws a FrameError for what is not a deflated message, or becomes too large. */
  inflate(payload) {
    const { constants, inflateRawSync } = require('zlib');
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MESSAGE_BYTES_MAX };
    if (this.#window.length > 0) options.dictionary = this.#window;
    let message;
    try {
      message = inflateRawSync(Buffer.concat([payload, TAIL]), options);
    } catch (error) {
      if (error.code === 'ERR_BUFFER_TOO_LARGE') throw new FrameError('Message is too large', 1009);
      throw new FrameError('Failed to decompress message', 1007);
    }
    if (!this.#noContext) {
      const seen = message.length >= WINDOW_BYTES ? message : Buffer.concat([this.#window, message]);
      this.#window = Buffer.from(seen.subarray(Math.max(0, seen.length - WINDOW_BYTES)));
    }
    return message;
  }
}

module.exports = { Inflater, OFFER, parseAgreement };
