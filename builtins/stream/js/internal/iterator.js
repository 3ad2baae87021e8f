/**
 * Async iteration over a Readable: `for await (const chunk of readable)`.
 *
 * Calls of `next`, `return` and `throw` are answered in their order, each as soon as the stream can:
 * a chunk that is there already costs one settled promise and no turn.
 */
'use strict';

const { combineErrors, destroyer } = require('internal/stream/destroy');

const NEXT = 0;
const RETURN = 1;
const THROW = 2;

/** The `outcome` of a stream that is still going; null: ended well; else why it failed. */
const GOING = undefined;

class Iteration {
  constructor(stream, options) {
    this.stream = stream;
    this.options = options;
    this.started = false;
    this.finished = false;
    this.outcome = GOING;
    /** Calls that wait: { kind, value, resolve, reject }, oldest first. */
    this.calls = [];
    this.onReadable = () => this.wake();
    this.isWaking = false;
    this.stopWatching = null;
  }

  start() {
    this.started = true;
    this.stopWatching = require('internal/stream/end_of_stream').eos(
      this.stream, { writable: false }, (err) => {
        this.outcome = err ? combineErrors(this.outcome, err) : null;
        this.wake();
      });
    this.stream.on('readable', this.onReadable);
  }

  call(kind, value) {
    if (kind === NEXT && this.started && !this.finished && this.calls.length === 0) {
      // The usual case first, without a queue.
      const { stream } = this;
      let chunk;
      try {
        chunk = stream.destroyed ? null : stream.read();
      } catch (err) {
        return new Promise((resolve, reject) => this.fail(err, reject));
      }
      if (chunk !== null) return Promise.resolve({ done: false, value: chunk });
    }
    return new Promise((resolve, reject) => {
      this.calls.push({ kind, value, resolve, reject });
      // With calls before us that wait, the stream has nothing for us either.
      if (this.calls.length === 1) this.serve();
    });
  }

  /** Something has happened: serves in a microtask, after all listeners of the event. */
  wake() {
    if (this.isWaking || this.calls.length === 0) return;
    this.isWaking = true;
    queueMicrotask(() => {
      this.isWaking = false;
      this.serve();
    });
  }

  /** Answers calls for as long as there is an answer. */
  serve() {
    while (this.calls.length > 0 && this.answer(this.calls[0])) this.calls.shift();
  }

  /** False: not yet. */
  answer({ kind, value, resolve, reject }) {
    if (this.finished || (kind !== NEXT && !this.started)) {
      this.finished = true;
      if (kind === THROW) reject(value);
      else resolve({ done: true, value: kind === RETURN ? value : undefined });
      return true;
    }
    if (kind === RETURN) {
      this.finish();
      resolve({ done: true, value });
      return true;
    }
    if (kind === THROW) {
      this.fail(value, reject);
      return true;
    }

    if (!this.started) this.start();
    const { stream } = this;
    let chunk;
    try {
      chunk = stream.destroyed ? null : stream.read();
    } catch (err) {
      this.fail(err, reject);
      return true;
    }
    if (chunk !== null) {
      resolve({ done: false, value: chunk });
      return true;
    }
    if (this.outcome === GOING) return false;
    if (this.outcome === null) {
      this.finish();
      resolve({ done: true, value: undefined });
    } else {
      this.fail(undefined, reject);
    }
    return true;
  }

  fail(err, reject) {
    this.outcome = err === undefined ? this.outcome : combineErrors(this.outcome, err);
    this.finish();
    reject(this.outcome);
  }

  /** Destroys the stream, or leaves it alone where that was asked for. */
  finish() {
    const { stream, outcome } = this;
    this.finished = true;
    if ((outcome || this.options?.destroyOnReturn !== false) &&
        (outcome === GOING || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', this.onReadable);
      this.stopWatching();
    }
  }
}

const iteratorPrototype = {
  [Symbol.asyncIterator]() {
    return this;
  },
  async [Symbol.asyncDispose]() {
    await this.return();
  },
};

/**
 * An async iterator of the stream's chunks, which also has the stream as `stream`. Leaving the loop
 * early destroys the stream unless `options.destroyOnReturn` is false.
 */
function iterate(stream, options) {
  if (typeof stream.read !== 'function') {
    stream = require('internal/stream/readable').Readable.wrap(stream, { objectMode: true });
  }
  const iteration = new Iteration(stream, options);
  return Object.assign(Object.create(iteratorPrototype), {
    next: () => iteration.call(NEXT, undefined),
    return: (value) => iteration.call(RETURN, value),
    throw: (err) => iteration.call(THROW, err),
    stream,
  });
}

module.exports = { iterate };
