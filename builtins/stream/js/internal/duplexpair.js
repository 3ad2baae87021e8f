/** `stream.duplexPair`: two Duplex streams, each reading what the other one is written. */
'use strict';

const { Duplex } = require('internal/stream/duplex');

class DuplexSide extends Duplex {
  #other = null;
  /** The write callback that waits for the other side to read. */
  #held = null;

  connect(other) {
    this.#other = other;
  }

  _read() {
    const callback = this.#held;
    if (callback) {
      this.#held = null;
      callback();
    }
  }

  _write(chunk, encoding, callback) {
    const other = this.#other;
    if (chunk.length === 0) {
      // An empty chunk wakes no reader, so nobody would call back.
      process.nextTick(callback);
    } else {
      other.push(chunk);
      other.#held = callback;
    }
  }

  _final(callback) {
    this.#other.on('end', callback);
    this.#other.push(null);
  }
}

/** Node docs: stream.duplexPair. */
function duplexPair(options) {
  const sides = [new DuplexSide(options), new DuplexSide(options)];
  sides[0].connect(sides[1]);
  sides[1].connect(sides[0]);
  return sides;
}

module.exports = { duplexPair };
