'use strict';

/**
 * `node:events`: EventEmitter, the object nearly everything in Node inherits from.
 *
 * `_events` maps a type to its listener, or to an array of several in the order they run. `emit` works on the listeners
 * as they were when it began: additions and removals during it count from the next event on.
 * **Invariant:** `_eventsCount` is the number of types with listeners. Node docs: events.
 */

const { codes: { ERR_INVALID_ARG_TYPE, ERR_UNHANDLED_ERROR } } = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateNumber,
} = require('internal/validators');

const { apply } = Reflect;

const kEmptyObject = Object.freeze({ __proto__: null });

const kCapture = Symbol('kCapture');
const kErrorMonitor = Symbol('events.errorMonitor');
const kMaxEventTargetListeners = Symbol('events.maxEventTargetListeners');
const kMaxEventTargetListenersWarned = Symbol('events.maxEventTargetListenersWarned');
const kRejection = Symbol.for('nodejs.rejection');
/** While true, `_events` keeps its keys: a type without listeners stays with the value undefined. */
const kShapeMode = Symbol('shapeMode');
/** On an error that nobody listened for: a function that gives its stack with where it was emitted. */
const kEnhanceStack = Symbol.for('anode.enhanceStack');

let defaultMaxListeners = 10;

/** Creates an emitter. `options.captureRejections` routes rejections of async listeners to 'error'. */
function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;
Object.defineProperty(EventEmitter.prototype, kCapture, {
  __proto__: null, configurable: false, enumerable: false, value: false, writable: true,
});

/** Prepares `this` as an emitter. A property so that `domain` can extend it. */
EventEmitter.init = function(options) {
  const events = this._events;
  if (events === undefined || events === Object.getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
  }
  this._maxListeners = this._maxListeners || undefined;
  this[kShapeMode] ??= false;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, 'options.captureRejections');
    this[kCapture] = Boolean(options.captureRejections);
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};

function checkListener(listener) {
  validateFunction(listener, 'listener');
}

/** How many listeners of one type an emitter takes before it warns of a leak; 0 means any number. */
EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

function maxListenersOf(emitter) {
  return emitter._maxListeners === undefined ? defaultMaxListeners : emitter._maxListeners;
}

EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return maxListenersOf(this);
};

// ---------------------------------------------------------------------------------------------------------------------
// emit

/** Gives a rejected async listener's error to the emitter: `[nodejs.rejection](error, type, ...args)` or 'error'. */
function emitRejection(emitter, error, type, args) {
  if (typeof emitter[kRejection] === 'function') {
    emitter[kRejection](error, type, ...args);
    return;
  }
  // Capturing is off meanwhile: an async 'error' listener that rejects must not come round again for ever.
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false;
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = before;
  }
}

function captureRejection(emitter, promise, type, args) {
  try {
    const { then } = promise;
    if (typeof then === 'function') {
      then.call(promise, undefined, (error) => process.nextTick(emitRejection, emitter, error, type, args));
    }
  } catch (error) {
    emitter.emit('error', error);
  }
}

function rememberWhereEmitted(emitter, error) {
  const where = {};
  Error.captureStackTrace(where, EventEmitter.prototype.emit);
  try {
    Object.defineProperty(error, kEnhanceStack, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: () => {
        const name = emitter.constructor?.name;
        const on = name && name !== 'EventEmitter' ? ` on ${name} instance` : '';
        const { stack } = where;
        return `${error.stack}\nEmitted 'error' event${on} at:\n${stack.slice(stack.indexOf('\n') + 1)}`;
      },
    });
  } catch {
    // A frozen error goes up without it.
  }
}

/** Throws what 'error' was emitted with: nobody listens. Node docs: events, "Error events". */
function throwUnhandled(emitter, error) {
  if (error instanceof Error) {
    rememberWhereEmitted(emitter, error);
    throw error; // Unhandled 'error' event
  }
  let text;
  try {
    text = require('util').inspect(error);
  } catch {
    text = error;
  }
  const unhandled = new ERR_UNHANDLED_ERROR(`${text}`);
  unhandled.context = error;
  throw unhandled;
}

function beforeError(emitter, args) {
  const events = emitter._events;
  if (events !== undefined && events[kErrorMonitor] !== undefined) emitter.emit(kErrorMonitor, ...args);
  if (events === undefined || events.error === undefined) throwUnhandled(emitter, args[0]);
}

const functionCall = Function.prototype.call;

/** Calls a listener with the first `count - 1` of the arguments. */
function callListener(listener, emitter, count, a, b, c) {
  // A listener with a `call` of its own, or none at all, is still a function.
  if (listener.call !== functionCall) return apply(listener, emitter, [a, b, c].slice(0, count - 1));
  switch (count) {
    case 1: return listener.call(emitter);
    case 2: return listener.call(emitter, a);
    case 3: return listener.call(emitter, a, b);
    default: return listener.call(emitter, a, b, c);
  }
}

function copyList(list) {
  switch (list.length) {
    case 2: return [list[0], list[1]];
    case 3: return [list[0], list[1], list[2]];
    case 4: return [list[0], list[1], list[2], list[3]];
    default: return list.slice();
  }
}

/** `emit` with more than three arguments. */
function emitMany(type, ...args) {
  if (type === 'error') beforeError(this, args);
  const handler = this._events?.[type];
  if (handler === undefined) return false;
  const listeners = typeof handler === 'function' ? [handler] : copyList(handler);
  for (let index = 0; index < listeners.length; index++) {
    const result = apply(listeners[index], this, args);
    if (result !== undefined && result !== null && this[kCapture]) captureRejection(this, result, type, args);
  }
  return true;
}

/**
 * Calls the listeners of `type` in order with `this` and `args`; returns whether there were any.
 *
 * The commonest call of all: arguments are passed on by name, as lists of them cost more than the call.
 */
EventEmitter.prototype.emit = function emit(type, a, b, c) {
  const count = arguments.length;
  if (count > 4) return emitMany.apply(this, arguments);
  if (type === 'error') beforeError(this, [a, b, c].slice(0, count - 1));
  const events = this._events;
  if (events === undefined) return false;
  const handler = events[type];
  if (handler === undefined) return false;

  if (typeof handler === 'function') {
    const result = callListener(handler, this, count, a, b, c);
    if (result !== undefined && result !== null && this[kCapture]) {
      captureRejection(this, result, type, [a, b, c].slice(0, count - 1));
    }
    return true;
  }
  const listeners = copyList(handler);
  for (let index = 0; index < listeners.length; index++) {
    const result = callListener(listeners[index], this, count, a, b, c);
    if (result !== undefined && result !== null && this[kCapture]) {
      captureRejection(this, result, type, [a, b, c].slice(0, count - 1));
    }
  }
  return true;
};
Object.defineProperty(EventEmitter.prototype.emit, 'length', { __proto__: null, configurable: true, value: 1 });

// ---------------------------------------------------------------------------------------------------------------------
// Adding and removing

function warnOfLeak(target, type, existing, max) {
  existing.warned = true;
  const { inspect } = require('util');
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${existing.length} ${String(type)} listeners added to ` +
    `${inspect(target, { depth: -1 })}. MaxListeners is ${max}. Use emitter.setMaxListeners() to increase limit`);
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = target;
  warning.type = type;
  warning.count = existing.length;
  process.emitWarning(warning);
}

function add(target, type, listener, prepend) {
  checkListener(listener);
  let events = target._events;
  let existing;
  if (events === undefined) {
    events = target._events = { __proto__: null };
    target._eventsCount = 0;
  } else {
    if (events.newListener !== undefined) {
      target.emit('newListener', type, listener.listener ?? listener);
      // A listener of 'newListener' may have replaced the table.
      events = target._events;
    }
    existing = events[type];
  }

  if (existing === undefined) {
    events[type] = listener;
    ++target._eventsCount;
    return target;
  }
  if (typeof existing === 'function') {
    existing = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else if (prepend) {
    existing.unshift(listener);
  } else {
    existing.push(listener);
  }
  const max = maxListenersOf(target);
  if (max > 0 && existing.length > max && !existing.warned) warnOfLeak(target, type, existing, max);
  return target;
}

EventEmitter.prototype.addListener = function addListener(type, listener) {
  return add(this, type, listener, false);
};

EventEmitter.prototype.on = EventEmitter.prototype.addListener;

EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return add(this, type, listener, true);
};

/** A listener that removes itself before its first run. */
function onceWrapper(target, type, listener) {
  let fired = false;
  function wrapper(...args) {
    if (fired) return undefined;
    target.removeListener(type, wrapper);
    fired = true;
    return apply(listener, target, args);
  }
  wrapper.listener = listener;
  return wrapper;
}

EventEmitter.prototype.once = function once(type, listener) {
  checkListener(listener);
  this.on(type, onceWrapper(this, type, listener));
  return this;
};

EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  checkListener(listener);
  this.prependListener(type, onceWrapper(this, type, listener));
  return this;
};

/**
 * Types whose key stays with a stream, without a listener. An object that loses a key becomes a table for the engine, which takes
 * more memory than all of a small emitter; these come and go with every request.
 */
const LASTING = new Set(['aborted', 'close', 'connect', 'data', 'drain', 'end', 'error', 'finish', 'readable', 'timeout']);

function removeType(emitter, events, type) {
  emitter._eventsCount -= 1;
  if (emitter[kShapeMode]) events[type] = undefined;
  else if (emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else forget(emitter, events, type);
}

function forget(emitter, events, type) {
  const isStream = emitter._readableState !== undefined || emitter._writableState !== undefined;
  if (isStream && LASTING.has(type)) events[type] = undefined;
  else delete events[type];
}

/** Removes the listener that was added last among equal ones. */
EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  checkListener(listener);
  const events = this._events;
  if (events === undefined) return this;
  const list = events[type];
  if (list === undefined) return this;

  if (list === listener || list.listener === listener) {
    removeType(this, events, type);
    if (events.removeListener !== undefined) this.emit('removeListener', type, list.listener || listener);
    return this;
  }
  if (typeof list === 'function') return this;

  let position = list.length - 1;
  while (position >= 0 && list[position] !== listener && list[position].listener !== listener) position--;
  if (position < 0) return this;
  if (position === 0) list.shift();
  else if (position === list.length - 1) list.pop();
  else list.splice(position, 1);
  if (list.length === 1) events[type] = list[0];
  if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
  return this;
};

EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

function removeAllTypes(emitter, events) {
  for (const key of Reflect.ownKeys(events)) {
    if (key !== 'removeListener') emitter.removeAllListeners(key);
  }
  emitter.removeAllListeners('removeListener');
  emitter._events = { __proto__: null };
  emitter._eventsCount = 0;
}

/** Removes all listeners, or those of one type. */
EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;

  // Nobody wants to hear of each removal: drop them at once.
  if (events.removeListener === undefined) {
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      if (--this._eventsCount === 0) this._events = { __proto__: null };
      else forget(this, events, type);
    }
    this[kShapeMode] = false;
    return this;
  }

  if (arguments.length === 0) {
    removeAllTypes(this, events);
    this[kShapeMode] = false;
    return this;
  }
  const listeners = events[type];
  if (typeof listeners === 'function') {
    this.removeListener(type, listeners);
  } else if (listeners !== undefined) {
    for (let index = listeners.length - 1; index >= 0; index--) this.removeListener(type, listeners[index]);
  }
  return this;
};

// ---------------------------------------------------------------------------------------------------------------------
// Looking

function unwrap(listener) {
  return listener.listener || listener;
}

function listenersOf(emitter, type, unwrapped) {
  const found = emitter._events?.[type];
  if (found === undefined) return [];
  if (typeof found === 'function') return [unwrapped ? unwrap(found) : found];
  return unwrapped ? found.map(unwrap) : found.slice();
}

EventEmitter.prototype.listeners = function listeners(type) {
  return listenersOf(this, type, true);
};

/** As listeners, with the wrappers that `once` made. */
EventEmitter.prototype.rawListeners = function rawListeners(type) {
  return listenersOf(this, type, false);
};

/** How many listeners `type` has, or how often `listener` is among them. */
function listenerCount(type, listener) {
  const found = this._events?.[type];
  if (found === undefined) return 0;
  if (typeof found === 'function') {
    return listener == null || listener === found || listener === found.listener ? 1 : 0;
  }
  if (listener == null) return found.length;
  let count = 0;
  for (const each of found) {
    if (each === listener || each.listener === listener) count++;
  }
  return count;
}

EventEmitter.prototype.listenerCount = listenerCount;

EventEmitter.prototype.eventNames = function eventNames() {
  if (!(this._eventsCount > 0)) return [];
  const events = this._events;
  return Reflect.ownKeys(events).filter((type) => events[type] !== undefined);
};

// ---------------------------------------------------------------------------------------------------------------------
// Functions of the module, which know EventTargets too

function isEventTarget(value) {
  const key = require('internal/event_target').kIsEventTarget;
  return value?.constructor?.[key] === true;
}

function neither(name, value) {
  return new ERR_INVALID_ARG_TYPE(name, ['EventEmitter', 'EventTarget'], value);
}

/** The listeners of an EventEmitter or EventTarget. */
function getEventListeners(emitterOrTarget, type) {
  if (typeof emitterOrTarget?.listeners === 'function') return emitterOrTarget.listeners(type);
  if (isEventTarget(emitterOrTarget)) {
    return require('internal/event_target').listenersOf(emitterOrTarget, type);
  }
  throw neither('emitter', emitterOrTarget);
}

function getMaxListeners(emitterOrTarget) {
  if (typeof emitterOrTarget?.getMaxListeners === 'function') return maxListenersOf(emitterOrTarget);
  if (isEventTarget(emitterOrTarget)) return emitterOrTarget[kMaxEventTargetListeners];
  throw neither('emitter', emitterOrTarget);
}

/** Sets the limit of the given emitters and targets, or the default if none is given. */
function setMaxListeners(...args) {
  const [n = defaultMaxListeners, ...eventTargets] = args;
  validateNumber(n, 'setMaxListeners', 0);
  if (eventTargets.length === 0) {
    defaultMaxListeners = n;
    return;
  }
  for (const target of eventTargets) {
    if (isEventTarget(target)) {
      target[kMaxEventTargetListeners] = n;
      target[kMaxEventTargetListenersWarned] = false;
    } else if (typeof target?.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else {
      throw neither('eventTargets', target);
    }
  }
}

function staticListenerCount(emitterOrTarget, type) {
  if (typeof emitterOrTarget?.listenerCount === 'function') return emitterOrTarget.listenerCount(type);
  if (isEventTarget(emitterOrTarget)) return getEventListeners(emitterOrTarget, type).length;
  throw neither('emitter', emitterOrTarget);
}
Object.defineProperty(staticListenerCount, 'name', { __proto__: null, configurable: true, value: 'listenerCount' });

/**
 * Calls `listener` once when `signal` aborts, even if another listener stops the event's propagation. Returns a
 * Disposable that takes the listener away. Node docs: events.addAbortListener.
 */
function addAbortListener(signal, listener) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove;
  if (signal.aborted) {
    queueMicrotask(() => listener());
  } else {
    const { kResistStopPropagation } = require('internal/event_target');
    signal.addEventListener('abort', listener, { __proto__: null, once: true, [kResistStopPropagation]: true });
    remove = () => {
      signal.removeEventListener('abort', listener);
    };
  }
  return {
    __proto__: null,
    [Symbol.dispose]() {
      remove?.();
    },
  };
}

/** A promise of the next event of a type, as the array of its arguments. Node docs: events.once. */
async function once(emitter, name, options = kEmptyObject) {
  return require('internal/events/async').once(emitter, name, options);
}

/** An async iterator of the events of a type, as arrays of their arguments. Node docs: events.on. */
function on(emitter, event, options = kEmptyObject) {
  return require('internal/events/async').on(emitter, event, options);
}

module.exports = EventEmitter;
Object.assign(EventEmitter, {
  addAbortListener,
  once,
  on,
  getEventListeners,
  getMaxListeners,
  listenerCount: staticListenerCount,
  EventEmitter,
  usingDomains: false,
  captureRejectionSymbol: kRejection,
});

Object.defineProperties(EventEmitter, {
  captureRejections: {
    __proto__: null,
    enumerable: true,
    get() {
      return EventEmitter.prototype[kCapture];
    },
    set(value) {
      validateBoolean(value, 'EventEmitter.captureRejections');
      EventEmitter.prototype[kCapture] = value;
    },
  },
  EventEmitterAsyncResource: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return require('internal/events/async_resource').EventEmitterAsyncResource;
    },
    set: undefined,
  },
  errorMonitor: {
    __proto__: null, configurable: true, enumerable: true, value: kErrorMonitor, writable: true,
  },
  defaultMaxListeners: {
    __proto__: null,
    enumerable: true,
    get() {
      return defaultMaxListeners;
    },
    set(n) {
      validateNumber(n, 'defaultMaxListeners', 0);
      defaultMaxListeners = n;
    },
  },
  kMaxEventTargetListeners: {
    __proto__: null, configurable: false, enumerable: false, value: kMaxEventTargetListeners, writable: false,
  },
  kMaxEventTargetListenersWarned: {
    __proto__: null, configurable: false, enumerable: false, value: kMaxEventTargetListenersWarned, writable: false,
  },
});
EventEmitter.setMaxListeners = setMaxListeners;
// `init` was set first; Node lists it last.
const { init } = EventEmitter;
delete EventEmitter.init;
EventEmitter.init = init;
