/** `readlinePromises.Readline`: collects escape codes and writes them at once on `commit()`. */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean, validateInteger } = require('internal/validators');
const { isWritable } = require('internal/stream/utils');
const {
  CSI, clearLineCode, cursorToCode, moveCursorCode,
} = require('internal/readline/utils');

/** Node docs: Class: readlinePromises.Readline. */
class Readline {
  #autoCommit = false;
  #stream;
  #pending = [];

  constructor(stream, options = undefined) {
    if (!isWritable(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    this.#stream = stream;
    if (options?.autoCommit !== undefined && options?.autoCommit !== null) {
      validateBoolean(options.autoCommit, 'options.autoCommit');
      this.#autoCommit = options.autoCommit;
    }
  }

  #add(code) {
    if (this.#autoCommit) process.nextTick(() => this.#stream.write(code));
    else this.#pending.push(code);
    return this;
  }

  /** Node docs: rl.cursorTo. */
  cursorTo(x, y = undefined) {
    validateInteger(x, 'x');
    if (y !== undefined && y !== null) validateInteger(y, 'y');
    return this.#add(cursorToCode(x, y));
  }

  /** Node docs: rl.moveCursor. */
  moveCursor(dx, dy) {
    if (dx || dy) {
      validateInteger(dx, 'dx');
      validateInteger(dy, 'dy');
      this.#add(moveCursorCode(dx, dy));
    }
    return this;
  }

  /** Node docs: rl.clearLine. */
  clearLine(dir) {
    validateInteger(dir, 'dir', -1, 1);
    return this.#add(clearLineCode(dir));
  }

  /** Node docs: rl.clearScreenDown. */
  clearScreenDown() {
    return this.#add(CSI.clearScreenDown);
  }

  /** Node docs: rl.commit. */
  commit() {
    return new Promise((resolve) => {
      this.#stream.write(this.#pending.join(''), resolve);
      this.#pending = [];
    });
  }

  /** Node docs: rl.rollback. */
  rollback() {
    this.#pending = [];
    return this;
  }
}

module.exports = { Readline };
