/** Frames of WebSocket. RFC 6455 §5. */
'use strict';

const { Buffer } = require('buffer');

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** The largest message, in bytes: what a string of JavaScript can hold. */
const MESSAGE_BYTES_MAX = 0x1fffffff;

/** A masked frame, as clients send them. `mask` is four fresh random bytes. */
function encodeFrame(opcode, payload, mask) {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + 4 + length);
  frame[0] = 0x80 | opcode;
  if (head === 2) {
    frame[1] = 0x80 | length;
  } else if (head === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  frame.set(mask, head);
  for (let i = 0; i < length; i++) frame[head + 4 + i] = payload[i] ^ mask[i & 3];
  return frame;
}

class FrameError extends Error {
  /** `status`: the status of the close frame that tells the server. RFC 6455 §7.4.1. */
  constructor(message, status = 1002) {
    super(message);
    this.status = status;
  }
}

/** Turns bytes into messages and control frames. */
class FrameReader {
  #chunks = [];
  #size = 0;
  #message = [];
  #messageSize = 0;
  #opcode = 0;
  #compressed = false;
  #allowCompressed;
  #receive;

  /** `receive(opcode, payload, compressed)` for each whole message and each control frame. */
  constructor(receive, allowCompressed = false) {
    this.#receive = receive;
    this.#allowCompressed = allowCompressed;
  }

  push(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#next());
  }

  #peek(count) {
    if (this.#size < count) return undefined;
    if (this.#chunks[0].length < count) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }

  #take(count) {
    if (count === 0) return Buffer.alloc(0);
    const first = this.#peek(count);
    this.#size -= count;
    if (first.length === count) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  #next() {
    let head = this.#peek(2);
    if (head === undefined) return false;
    const final = (head[0] & 0x80) !== 0;
    const rsv = head[0] & 0x70;
    const opcode = head[0] & 0x0f;
    if ((head[1] & 0x80) !== 0) throw new FrameError('Frame cannot be masked');
    let length = head[1] & 0x7f;
    const control = opcode >= CLOSE;
    if (opcode > PONG || (opcode > BINARY && !control)) throw new FrameError('Invalid opcode received');
    if (control && !final) throw new FrameError('Invalid frame type was fragmented.');
    if (control && length > 125) throw new FrameError('Control frame either too large or fragmented');
    if (rsv !== 0 && !(rsv === 0x40 && this.#allowCompressed && !control && opcode !== CONTINUATION)) {
      throw new FrameError('Expected RSV1 to be clear.');
    }
    let headSize = 2;
    if (length === 126) {
      headSize = 4;
      head = this.#peek(4);
      if (head === undefined) return false;
      length = head.readUInt16BE(2);
    } else if (length === 127) {
      headSize = 10;
      head = this.#peek(10);
      if (head === undefined) return false;
      length = head.readUInt32BE(2) * 2 ** 32 + head.readUInt32BE(6);
    }
    if (length + this.#messageSize > MESSAGE_BYTES_MAX) throw new FrameError('Message is too large', 1009);
    if (this.#size < headSize + length) return false;
    this.#take(headSize);
    const payload = this.#take(length);
    if (control) this.#receive(opcode, payload, false);
    else this.#data(opcode, payload, final, rsv !== 0);
    return true;
  }

  #data(opcode, payload, final, compressed) {
    if (opcode === CONTINUATION && this.#opcode === 0) throw new FrameError('Unexpected continuation frame');
    if (opcode !== CONTINUATION && this.#opcode !== 0) throw new FrameError('Expected continuation frame');
    if (opcode !== CONTINUATION) {
      this.#opcode = opcode;
      this.#compressed = compressed;
    }
    this.#message.push(payload);
    this.#messageSize += payload.length;
    if (!final) return;
    const whole = this.#message.length === 1 ? this.#message[0] : Buffer.concat(this.#message);
    const kind = this.#opcode;
    this.#opcode = 0;
    this.#message = [];
    this.#messageSize = 0;
    this.#receive(kind, whole, this.#compressed);
  }
}

module.exports = { BINARY, CLOSE, FrameError, FrameReader, MESSAGE_BYTES_MAX, PING, PONG, TEXT, encodeFrame };
