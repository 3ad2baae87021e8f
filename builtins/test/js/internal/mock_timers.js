/**
 * Timers and Date that stand still until a test moves them. Node docs: "Class: MockTimers".
 *
 * Due times are in mocked milliseconds; timers of the same time fire in the order they were made.
 */
'use strict';

const {
  AbortError, codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const {
  validateAbortSignal, validateArray, validateNumber, validateObject, validateStringArray, validateUint32,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { TIMEOUT_MAX } = require('internal/test/time');

const RealDate = Date;
const supported = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'scheduler.wait', 'AbortSignal.timeout'];

/** What a mocked setTimeout hands out. */
class MockedTimer {
  #clock;

  constructor(clock, fields) {
    this.#clock = clock;
    Object.assign(this, fields);
  }

  hasRef() { return true; }
  ref() { return this; }
  unref() { return this; }

  refresh() {
    this.#clock.refresh(this);
    return this;
  }

  close() {
    this.#clock.remove(this);
    return this;
  }

  [Symbol.dispose]() {
    this.#clock.remove(this);
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }
}

function delayOf(delay) {
  delay = Number(delay);
  return delay >= 1 && delay <= TIMEOUT_MAX ? Math.trunc(delay) : 1;
}

class MockTimers {
  #enabled = false;
  #now = 0;
  #nextId = 1;
  #timers = new Set();
  #undo = [];
  #clock = {
    remove: (timer) => { this.#timers.delete(timer); },
    refresh: (timer) => {
      timer.runAt = this.#now + timer.delay;
      this.#timers.delete(timer);
      this.#timers.add(timer);
    },
  };

  enable(options = { __proto__: null, apis: supported, now: 0 }) {
    const settings = { __proto__: null, apis: supported, now: 0, ...options };
    validateObject(options, 'options');
    if (this.#enabled) throw new ERR_INVALID_STATE('MockTimers is already enabled!');
    let { now } = settings;
    if (now instanceof RealDate) now = now.getTime();
    validateNumber(now, 'initialTime');
    if (!(now >= 0)) throw new ERR_INVALID_ARG_VALUE('initialTime', now, 'must be a positive integer');
    const apis = settings.apis ?? supported;
    validateArray(apis, 'options.apis');
    validateStringArray(apis, 'options.apis');
    for (const api of apis) {
      if (!supported.includes(api)) {
        throw new ERR_INVALID_ARG_VALUE('options.apis', api, `option ${api} is not supported`);
      }
      if (api === 'Date' && globalThis.Date.isMock) throw new ERR_INVALID_STATE('Date is already being mocked!');
    }
    this.#now = now;
    this.#enabled = true;
    for (const api of apis) this.#mock(api);
  }

  tick(time = 1) {
    this.#assertEnabled();
    validateTime(time, 'time');
    const end = this.#now + time;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) this.#fire(timer);
    this.#now = end;
  }

  setTime(time = 0) {
    this.#assertEnabled();
    validateUint32(time, 'time');
    this.#now = time;
  }

  runAll() {
    this.#assertEnabled();
    let last;
    for (const timer of this.#timers) if (last === undefined || timer.runAt > last) last = timer.runAt;
    if (last !== undefined) this.tick(Math.max(last - this.#now, 0));
  }

  reset() {
    if (!this.#enabled) return;
    this.#enabled = false;
    while (this.#undo.length > 0) this.#undo.pop()();
    this.#timers.clear();
    this.#now = 0;
  }

  [Symbol.dispose]() {
    this.reset();
  }

  #assertEnabled() {
    if (!this.#enabled) {
      throw new ERR_INVALID_STATE('You should enable MockTimers first by calling the .enable function');
    }
  }

  /** The earliest timer that is due by `end`. */
  #next(end) {
    let best;
    for (const timer of this.#timers) {
      if (timer.runAt <= end && (best === undefined || timer.runAt < best.runAt)) best = timer;
    }
    return best;
  }

  #fire(timer) {
    if (timer.runAt > this.#now) this.#now = timer.runAt;
    this.#timers.delete(timer);
    if (timer.interval !== undefined) {
      // In place before the callback, so that the callback can clear it.
      timer.runAt += timer.interval;
      this.#timers.add(timer);
    }
    Reflect.apply(timer.callback, timer, timer.args);
  }

  #start(callback, delay, args, interval) {
    const { validateFunction } = require('internal/validators');
    validateFunction(callback, 'callback');
    const timer = new MockedTimer(this.#clock, {
      id: this.#nextId++, callback, delay, runAt: this.#now + delay, interval, args,
    });
    this.#timers.add(timer);
    return timer;
  }

  #clear(timer) {
    if (timer === null || timer === undefined) return;
    if (typeof timer === 'object') {
      this.#timers.delete(timer);
      return;
    }
    for (const known of this.#timers) if (known.id === Number(timer)) this.#timers.delete(known);
  }

  #replace(object, name, value) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, {
      __proto__: null, configurable: true, enumerable: descriptor?.enumerable ?? true, value, writable: true,
    });
    this.#undo.push(() => {
      if (descriptor === undefined) delete object[name];
      else Object.defineProperty(object, name, { __proto__: null, ...descriptor });
    });
  }

  #mock(api) {
    switch (api) {
      case 'setTimeout': {
        const setTimeout = (callback, delay, ...args) => this.#start(callback, delayOf(delay), args);
        this.#everywhere('setTimeout', setTimeout, 'clearTimeout');
        this.#replace(require('timers/promises'), 'setTimeout', (delay, value, options) => this.#promise(delay, value, options));
        break;
      }
      case 'setInterval': {
        const setInterval = (callback, delay, ...args) => this.#start(callback, delayOf(delay), args, delayOf(delay));
        this.#everywhere('setInterval', setInterval, 'clearInterval');
        this.#replace(require('timers/promises'), 'setInterval', (delay, value, options) => this.#iterate(delay, value, options));
        break;
      }
      case 'setImmediate': {
        const setImmediate = (callback, ...args) => this.#start(callback, 0, args);
        this.#everywhere('setImmediate', setImmediate, 'clearImmediate');
        this.#replace(require('timers/promises'), 'setImmediate', (value, options) => this.#promise(0, value, options, true));
        break;
      }
      case 'scheduler.wait':
        this.#replace(require('timers/promises').scheduler, 'wait',
                      (delay, options) => this.#promise(delay, undefined, options));
        break;
      case 'AbortSignal.timeout':
        this.#replace(AbortSignal, 'timeout', (delay) => this.#signal(delay));
        break;
      case 'Date':
        this.#replace(globalThis, 'Date', this.#date());
        break;
      default:
    }
  }

  /** A timer function and the one that clears it, on the global object and in node:timers. */
  #everywhere(name, value, clearName) {
    const clear = (timer) => this.#clear(timer);
    for (const object of [globalThis, require('timers')]) {
      this.#replace(object, name, value);
      this.#replace(object, clearName, clear);
    }
  }

  #signal(delay) {
    validateUint32(delay, 'delay', false);
    const controller = new AbortController();
    this.#start(() => {
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    }, delayOf(delay), []);
    return controller.signal;
  }

  #promise(delay, value, options = kEmptyObject, immediate = false) {
    const { promise, resolve, reject } = Promise.withResolvers();
    try {
      validateObject(options, 'options');
      if (options?.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    } catch (error) {
      return Promise.reject(error);
    }
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
    const onAbort = () => {
      this.#timers.delete(timer);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    const timer = this.#start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    }, immediate ? 0 : delayOf(delay), []);
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  /** timers/promises.setInterval: ticks wait in a queue until they are asked for. */
  #iterate(delay, value, options = kEmptyObject) {
    validateObject(options, 'options');
    const { signal } = options;
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    const ticks = [];
    const readers = [];
    let failure;
    let ended = false;
    let timer;
    const stop = () => {
      ended = true;
      this.#timers.delete(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      failure = new AbortError(undefined, { cause: signal.reason });
      stop();
      for (const { reject } of readers.splice(0)) reject(failure);
    };
    if (signal?.aborted) failure = new AbortError(undefined, { cause: signal.reason });
    else {
      timer = this.#start(() => {
        if (readers.length > 0) readers.shift().resolve({ done: false, value });
        else ticks.push(value);
      }, delayOf(delay), [], delayOf(delay));
      signal?.addEventListener('abort', onAbort, { once: true });
    }
    return {
      next() {
        if (failure !== undefined) return Promise.reject(failure);
        if (ended) return Promise.resolve({ done: true, value: undefined });
        if (ticks.length > 0) return Promise.resolve({ done: false, value: ticks.shift() });
        const reader = Promise.withResolvers();
        readers.push(reader);
        return reader.promise;
      },
      return() {
        stop();
        for (const { resolve } of readers.splice(0)) resolve({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #date() {
    const now = () => this.#now;
    function MockDate(...args) {
      if (new.target === undefined) return new RealDate(now()).toString();
      return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target === MockDate ? RealDate : new.target);
    }
    const define = (name, value) => {
      Object.defineProperty(MockDate, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
    };
    Object.defineProperties(MockDate, Object.getOwnPropertyDescriptors(RealDate));
    define('now', function now() { return dateNow(); });
    const dateNow = now;
    define('isMock', true);
    define('toString', function toString() { return 'function Date() { [native code] }'; });
    return MockDate;
  }
}

function validateTime(time, name) {
  validateNumber(time, name);
  if (time < 0) throw new ERR_INVALID_ARG_VALUE(name, 'positive integer', time);
}

module.exports = { MockTimers };
