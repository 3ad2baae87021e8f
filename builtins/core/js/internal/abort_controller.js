'use strict';

/**
 * AbortController and AbortSignal.
 *
 * A signal of `AbortSignal.any` holds its sources; they hold it weakly unless it has listeners, so that forgotten signals
 * can be collected. A timer holds its signal weakly, too; one that somebody listens to is kept in `listenedTo`.
 * DOM standard, "Aborting ongoing activities"; Node docs: globals, class AbortController.
 */

const { kMaxEventTargetListeners } = require('events');
const {
  Event,
  EventTarget,
  defineEventHandler,
  kNewListener,
  kRemoveListener,
  kTrustEvent,
  kWeakHandler,
} = require('internal/event_target');
const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } } = require('internal/errors');
const { customInspectSymbol, lazyDOMException } = require('internal/util');
const {
  kValidateObjectAllowObjects,
  validateAbortSignal,
  validateObject,
  validateUint32,
} = require('internal/validators');

const kAborted = Symbol('kAborted');
const kReason = Symbol('kReason');

/** Proof that the constructor is called from here. */
const kOurs = Symbol('kOurs');

/** A Set of WeakRefs to the signals that follow this one. */
const kDependantSignals = Symbol('kDependantSignals');

/** Timed signals that have listeners: nobody else may hold them. */
const listenedTo = new Set();

function abortError() {
  return lazyDOMException('This operation was aborted', 'AbortError');
}

function show(self, fields, depth, options) {
  if (depth < 0) return self;
  const { inspect } = require('util');
  return `${self.constructor.name} ${inspect(fields, {
    ...options, depth: options.depth == null ? null : options.depth - 1,
  })}`;
}

function invalidSequence(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

/** Functions of this file that need AbortSignal's private parts. */
var parts;

class AbortSignal extends EventTarget {
  // Symbols, not private names: a Proxy of a signal is a signal, too.
  [kAborted] = false;
  [kReason] = undefined;
  #timed = false;
  #composite = false;
  /** A Set of what this one follows. */
  #sources = null;
  /** The followers that have listeners: they live as long as this one. */
  #listened = null;

  constructor(token = undefined) {
    if (token !== kOurs) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    // A signal is meant to be shared by any number of operations.
    this[kMaxEventTargetListeners] = 0;
  }

  static #check(signal) {
    if (typeof signal !== 'object' || signal === null || !(kAborted in signal)) throw new ERR_INVALID_THIS('AbortSignal');
  }

  static {
    parts = {
      isSignal: (value) => typeof value === 'object' && value !== null && kAborted in value,
      /** Aborts the signal and those that depend on it; all have their state before the first listener runs. */
      abort(signal, reason) {
        if (signal[kAborted]) return;
        signal[kAborted] = true;
        signal[kReason] = reason;
        const followers = [];
        for (const reference of signal[kDependantSignals] ?? []) {
          const dependent = reference.deref();
          if (dependent === undefined || dependent[kAborted]) continue;
          dependent[kAborted] = true;
          dependent[kReason] = reason;
          followers.push(dependent);
        }
        signal[kDependantSignals]?.clear();
        runAbort(signal);
        for (const follower of followers) runAbort(follower);
      },
      letGo(signal) {
        signal.#letGo();
      },
      dropDependent(source, reference) {
        source[kDependantSignals]?.delete(reference);
      },
    };
  }

  get aborted() {
    AbortSignal.#check(this);
    return this[kAborted];
  }

  get reason() {
    AbortSignal.#check(this);
    return this[kReason];
  }

  throwIfAborted() {
    AbortSignal.#check(this);
    if (this[kAborted]) throw this[kReason];
  }

  [customInspectSymbol](depth, options) {
    return show(this, { aborted: this.aborted }, depth, options);
  }

  static abort(reason = abortError()) {
    const signal = new AbortSignal(kOurs);
    signal[kAborted] = true;
    signal[kReason] = reason;
    return signal;
  }

  /** A signal that aborts in `delay` milliseconds; its timer does not keep the process alive. */
  static timeout(delay) {
    validateUint32(delay, 'delay', false);
    const signal = new AbortSignal(kOurs);
    signal.#timed = true;
    const reference = new WeakRef(signal);
    const { setTimeout } = require('timers');
    const timer = setTimeout(() => {
      const living = reference.deref();
      if (living === undefined) return;
      parts.abort(living, lazyDOMException('The operation was aborted due to timeout', 'TimeoutError'));
    }, delay);
    timer.unref();
    return signal;
  }

  /** A signal that aborts with the first of `signals`. */
  static any(signals) {
    if (signals === null || typeof signals !== 'object' || typeof signals[Symbol.iterator] !== 'function') {
      throw invalidSequence('signals cannot be converted to sequence.');
    }
    const sources = [...signals];
    sources.forEach((signal, index) => {
      if (!parts.isSignal(signal)) throw invalidSequence(`signals[${index}] is not of type AbortSignal.`);
    });
    const result = new AbortSignal(kOurs);
    const aborted = sources.find((signal) => signal[kAborted]);
    if (aborted !== undefined) {
      result[kAborted] = true;
      result[kReason] = aborted[kReason];
      return result;
    }
    result.#composite = true;
    result.#sources = new Set();
    const reference = new WeakRef(result);
    for (const source of sources) {
      for (const each of source.#composite ? source.#sources : [source]) {
        result.#sources.add(each);
        (each[kDependantSignals] ??= new Set()).add(reference);
        collected.register(result, { source: new WeakRef(each), reference });
      }
    }
    return result;
  }

  [kNewListener](size, type, listener, once, capture, passive, weak) {
    super[kNewListener](size, type, listener, once, capture, passive, weak);
    if (type !== 'abort' || this[kAborted] || weak !== undefined) return;
    if (this.#timed) listenedTo.add(this);
    for (const source of this.#sources ?? []) (source.#listened ??= new Set()).add(this);
  }

  [kRemoveListener](size, type, listener, capture) {
    super[kRemoveListener](size, type, listener, capture);
    if (type === 'abort' && size === 0) this.#letGo();
  }

  /** Nobody listens any more, or nothing will happen any more. */
  #letGo() {
    if (this.#timed) listenedTo.delete(this);
    for (const source of this.#sources ?? []) source.#listened?.delete(this);
  }
}

/** Takes a collected signal off the lists of those it followed, so that a long-lived source does not grow. */
const collected = new FinalizationRegistry(({ source, reference }) => {
  const living = source.deref();
  if (living !== undefined) parts.dropDependent(living, reference);
});

function runAbort(signal) {
  parts.letGo(signal);
  signal.dispatchEvent(new Event('abort', { [kTrustEvent]: true }));
}

for (const key of ['aborted']) Object.defineProperty(AbortSignal.prototype, key, { __proto__: null, enumerable: true });
defineEventHandler(AbortSignal.prototype, 'abort');
Object.defineProperty(AbortSignal.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'AbortSignal', writable: false,
});

class AbortController {
  #signal;

  get signal() {
    return this.#signal ??= new AbortSignal(kOurs);
  }

  abort(reason = abortError()) {
    parts.abort(this.#signal ??= new AbortSignal(kOurs), reason);
  }

  [customInspectSymbol](depth, options) {
    return show(this, { signal: this.signal }, depth, options);
  }
}

for (const key of ['signal', 'abort']) {
  Object.defineProperty(AbortController.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(AbortController.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'AbortController', writable: false,
});

/**
 * A promise that resolves when `signal` aborts and is forgotten when `resource` is collected. Node docs: util.aborted.
 */
async function aborted(signal, resource) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', kValidateObjectAllowObjects);
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers();
  signal.addEventListener('abort', (event) => {
    if (!(event instanceof Event) || !event.isTrusted) return;
    resolve();
  }, { __proto__: null, once: true, [kWeakHandler]: resource });
  return promise;
}

module.exports = { AbortController, AbortSignal, aborted };
