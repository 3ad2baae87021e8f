'use strict';

/**
 * `events.once` and `events.on`: events as a promise and as an async iterator, from EventEmitters and EventTargets.
 * Node docs: events.once, events.on.
 */

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kResistStopPropagation } = require('internal/event_target');
const {
  validateAbortSignal,
  validateInteger,
  validateObject,
} = require('internal/validators');

const kFirstEventParam = Symbol.for('nodejs.kFirstEventParam');
const kWatermarkData = Symbol.for('nodejs.watermarkData');

function listen(emitter, name, listener, flags) {
  if (typeof emitter.on === 'function') {
    if (flags?.once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === 'function') {
    emitter.addEventListener(name, listener, flags);
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function unlisten(emitter, name, listener, flags) {
  if (typeof emitter.removeListener === 'function') {
    emitter.removeListener(name, listener);
  } else if (typeof emitter.removeEventListener === 'function') {
    emitter.removeEventListener(name, listener, flags);
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function signalOf(options) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return signal;
}

const ONCE = { __proto__: null, once: true };
const ABORT_FLAGS = { __proto__: null, once: true, [kResistStopPropagation]: true };

function once(emitter, name, options) {
  const signal = signalOf(options);
  return new Promise((resolve, reject) => {
    const watchesError = name !== 'error' && typeof emitter?.once === 'function';
    const stop = () => {
      // What has only `once` keeps the listener, as in Node.
      if (watchesError && typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      signal?.removeEventListener('abort', onAbort);
    };
    const onEvent = (...args) => {
      stop();
      resolve(args);
    };
    const onError = (error) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener(name, onEvent);
      signal?.removeEventListener('abort', onAbort);
      reject(error);
    };
    const onAbort = () => {
      unlisten(emitter, name, onEvent);
      if (watchesError && typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      reject(new AbortError(undefined, { cause: signal?.reason }));
    };
    // An EventTarget has no 'error' that ends things: its errors are events like others.
    const opts = typeof emitter?.on === 'function' || typeof emitter?.addEventListener === 'function' ? ONCE : undefined;
    if (opts === undefined) throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
    listen(emitter, name, onEvent, opts);
    if (watchesError) emitter.once('error', onError);
    signal?.addEventListener('abort', onAbort, ABORT_FLAGS);
  });
}

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function*() {}).prototype);

/** First in, first out, in amortised constant time. */
class Queue {
  #items = [];
  #head = 0;

  get length() {
    return this.#items.length - this.#head;
  }

  push(item) {
    this.#items.push(item);
  }

  shift() {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

function on(emitter, event, options) {
  const signal = signalOf(options);
  const highWaterMark = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
  validateInteger(highWaterMark, 'options.highWaterMark', 1);
  const lowWaterMark = options.lowWaterMark ?? options.lowWatermark ?? 1;
  validateInteger(lowWaterMark, 'options.lowWaterMark', 1);

  const events = new Queue();
  const waiting = new Queue();
  const registered = [];
  let paused = false;
  let failure = null;
  let finished = false;

  const register = (target, name, listener, flags) => {
    listen(target, name, listener, flags);
    registered.push([target, name, listener, flags]);
  };

  const close = () => {
    for (const [target, name, listener, flags] of registered.splice(0)) unlisten(target, name, listener, flags);
    finished = true;
    const done = { value: undefined, done: true };
    while (waiting.length > 0) waiting.shift().resolve(done);
    return Promise.resolve(done);
  };

  const fail = (error) => {
    if (waiting.length > 0) waiting.shift().reject(error);
    else failure = error;
    close();
  };

  const receive = (value) => {
    if (waiting.length > 0) {
      waiting.shift().resolve({ value, done: false });
      return;
    }
    events.push(value);
    if (!paused && events.length > highWaterMark) {
      paused = true;
      // An EventTarget cannot be paused.
      emitter.pause?.();
    }
  };

  const iterator = Object.setPrototypeOf({
    next() {
      if (events.length > 0) {
        const value = events.shift();
        if (paused && events.length < lowWaterMark) {
          paused = false;
          emitter.resume?.();
        }
        return Promise.resolve({ value, done: false });
      }
      // One failure is reported once; then the iterator has ended.
      if (failure) {
        const rejected = Promise.reject(failure);
        failure = null;
        return rejected;
      }
      if (finished) return close();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },

    return() {
      return close();
    },

    throw(error) {
      if (!error || !(error instanceof Error)) {
        throw new ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
      }
      fail(error);
    },

    [Symbol.asyncIterator]() {
      return this;
    },

    /** For tests and for those who build on this: how full the buffer is. */
    [kWatermarkData]: {
      get size() {
        return events.length;
      },
      get low() {
        return lowWaterMark;
      },
      get high() {
        return highWaterMark;
      },
      get isPaused() {
        return paused;
      },
    },
  }, AsyncIteratorPrototype);

  register(emitter, event, options[kFirstEventParam] ? receive : (...args) => receive(args));
  if (event !== 'error' && typeof emitter.on === 'function') register(emitter, 'error', fail);
  if (options.close?.length) {
    for (const name of options.close) register(emitter, name, close);
  }
  if (signal) {
    register(signal, 'abort', () => fail(new AbortError(undefined, { cause: signal.reason })), ABORT_FLAGS);
  }
  return iterator;
}

module.exports = { kFirstEventParam, on, once };
