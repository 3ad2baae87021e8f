/** The events of a tree of tests, as a Readable of { type, data }. Node docs: "Class: TestsStream". */
'use strict';

const { Readable } = require('stream');

class TestsStream extends Readable {
  #waiting = [];
  #canPush = true;

  constructor() {
    super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
  }

  _read() {
    this.#canPush = true;
    while (this.#waiting.length > 0 && this.#canPush) this.#canPush = this.push(this.#waiting.shift());
  }

  /** Sends an event to listeners and readers. */
  post(type, data) {
    this.emit(type, data);
    const event = { __proto__: null, type, data };
    if (this.#waiting.length === 0 && this.#canPush) this.#canPush = this.push(event);
    else this.#waiting.push(event);
  }

  finish() {
    if (this.#waiting.length === 0 && this.#canPush) this.push(null);
    else this.#waiting.push(null);
  }
}

module.exports = { TestsStream };
