'use strict';

/**
 * Event, CustomEvent, EventTarget, and NodeEventTarget, which is an EventTarget with an emitter's methods.
 *
 * There is no tree here: a target's event reaches that target's listeners only. A list of listeners is replaced when it
 * changes, never edited, so that a dispatch runs through the list it began with; listeners that go meanwhile are marked
 * `removed`. DOM standard, "Events"; Node docs: events, "EventTarget and Event API".
 */

const EventEmitter = require('events');
const { kMaxEventTargetListeners, kMaxEventTargetListenersWarned } = EventEmitter;
const {
  codes: {
    ERR_EVENT_RECURSION,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_THIS,
    ERR_METHOD_NOT_IMPLEMENTED,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const {
  kValidateObjectAllowObjects,
  kValidateObjectAllowObjectsAndNull,
  validateAbortSignal,
  validateObject,
} = require('internal/validators');

const { hrtime, uptime } = process;

const kIsEventTarget = Symbol.for('nodejs.event_target');
const kIsNodeEventTarget = Symbol('kIsNodeEventTarget');
const kIsNodeStyleListener = Symbol('kIsNodeStyleListener');
const kCreateEvent = Symbol('kCreateEvent');
const kEvents = Symbol('kEvents');
const kHandlers = Symbol('kHandlers');
const kHybridDispatch = Symbol.for('nodejs.internal.kHybridDispatch');
const kNewListener = Symbol('kNewListener');
const kRemoveListener = Symbol('kRemoveListener');
/** Option of a listener that still runs after stopImmediatePropagation: for the runtime's own clean-up. */
const kResistStopPropagation = Symbol('kResistStopPropagation');
/** Option of an event that the runtime itself makes: `isTrusted` is true. */
const kTrustEvent = Symbol('kTrustEvent');
/** Option of a listener that lives only as long as the given object. */
const kWeakHandler = Symbol('kWeak');

function show(name, fields, depth, options) {
  if (depth < 0) return name;
  const { inspect } = require('util');
  const inner = Number.isInteger(options.depth) ? options.depth - 1 : options.depth;
  return `${name} ${inspect(fields, { ...options, depth: inner })}`;
}

function enumerable(prototype, keys) {
  for (const key of keys) Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
}

function tag(Class) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null, configurable: true, enumerable: false, value: Class.name, writable: false,
  });
}

/** Milliseconds since the process began, at the moment hrtime() gave `moment`. */
function millisecondsAt(moment) {
  const [seconds, nanoseconds] = hrtime(moment);
  return (uptime() - seconds) * 1e3 - nanoseconds / 1e6;
}

/** The runtime's view of events: what only this file may touch. */
var internals;

class Event {
  #type;
  #bubbles = false;
  #cancelable = false;
  #composed = false;
  #trusted = false;
  #defaultPrevented = false;
  #propagationStopped = false;
  #stopped = false;
  #passive = false;
  #dispatching = false;
  #target = null;
  // When it was made; a number once somebody asked, as few do.
  #time = hrtime();

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    if (options != null) {
      validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
      this.#bubbles = Boolean(options.bubbles);
      this.#cancelable = Boolean(options.cancelable);
      this.#composed = Boolean(options.composed);
      this.#trusted = options[kTrustEvent] === true;
    }
    this.#type = `${type}`;
  }

  static #check(event) {
    if (typeof event !== 'object' || event === null || !(#type in event)) throw new ERR_INVALID_THIS('Event');
  }

  static {
    internals = {
      isEvent: (value) => typeof value === 'object' && value !== null && #type in value,
      isDispatching: (event) => event.#dispatching,
      isStopped: (event) => event.#stopped,
      begin(event, target) {
        event.#target = target;
        event.#dispatching = true;
      },
      end(event) {
        event.#dispatching = false;
      },
      setPassive(event, passive) {
        event.#passive = passive;
      },
    };
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    Event.#check(this);
    if (this.#dispatching) return;
    this.#type = `${type}`;
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
  }

  [customInspectSymbol](depth, options) {
    Event.#check(this);
    return show(this.constructor.name, {
      type: this.#type,
      defaultPrevented: this.#defaultPrevented,
      cancelable: this.#cancelable,
      timeStamp: this.timeStamp,
    }, depth, options);
  }

  stopImmediatePropagation() {
    Event.#check(this);
    // It stops propagation too, as the DOM standard has it.
    this.#propagationStopped = true;
    this.#stopped = true;
  }

  preventDefault() {
    Event.#check(this);
    if (this.#cancelable && !this.#passive) this.#defaultPrevented = true;
  }

  get target() {
    Event.#check(this);
    return this.#target;
  }

  get currentTarget() {
    Event.#check(this);
    return this.#dispatching ? this.#target : null;
  }

  get srcElement() {
    Event.#check(this);
    return this.#target;
  }

  get type() {
    Event.#check(this);
    return this.#type;
  }

  get cancelable() {
    Event.#check(this);
    return this.#cancelable;
  }

  get defaultPrevented() {
    Event.#check(this);
    return this.#cancelable && this.#defaultPrevented;
  }

  get timeStamp() {
    Event.#check(this);
    if (typeof this.#time !== 'number') this.#time = millisecondsAt(this.#time);
    return this.#time;
  }

  composedPath() {
    Event.#check(this);
    return this.#dispatching ? [this.#target] : [];
  }

  get returnValue() {
    Event.#check(this);
    return !this.#cancelable || !this.#defaultPrevented;
  }

  set returnValue(value) {
    Event.#check(this);
    if (!value) this.preventDefault();
  }

  get bubbles() {
    Event.#check(this);
    return this.#bubbles;
  }

  get composed() {
    Event.#check(this);
    return this.#composed;
  }

  get eventPhase() {
    Event.#check(this);
    return this.#dispatching ? Event.AT_TARGET : Event.NONE;
  }

  get cancelBubble() {
    Event.#check(this);
    return this.#propagationStopped;
  }

  set cancelBubble(value) {
    Event.#check(this);
    if (value) this.#propagationStopped = true;
  }

  stopPropagation() {
    Event.#check(this);
    this.#propagationStopped = true;
  }

  get isTrusted() {
    Event.#check(this);
    return this.#trusted;
  }
}

enumerable(Event.prototype, [
  'initEvent', 'stopImmediatePropagation', 'preventDefault', 'target', 'currentTarget', 'srcElement', 'type',
  'cancelable', 'defaultPrevented', 'timeStamp', 'composedPath', 'returnValue', 'bubbles', 'composed', 'eventPhase',
  'cancelBubble', 'stopPropagation',
]);
Object.defineProperty(Event.prototype, 'isTrusted', { __proto__: null, configurable: false, enumerable: true });
tag(Event);
for (const [name, value] of [['NONE', 0], ['CAPTURING_PHASE', 1], ['AT_TARGET', 2], ['BUBBLING_PHASE', 3]]) {
  Object.defineProperty(Event, name, { __proto__: null, enumerable: true, value });
}

class CustomEvent extends Event {
  #detail;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() {
    if (typeof this !== 'object' || this === null || !(#detail in this)) throw new ERR_INVALID_THIS('CustomEvent');
    return this.#detail;
  }
}
enumerable(CustomEvent.prototype, ['detail']);
tag(CustomEvent);

// ---------------------------------------------------------------------------------------------------------------------
// EventTarget

/** Keeps weakly held listeners alive as long as the object they belong to. */
let weakListeners;

class Listener {
  constructor(listener, once, capture, passive, isNodeStyle, weakOwner, resists) {
    if (weakOwner !== undefined) {
      weakListeners ??= new WeakMap();
      const mine = weakListeners.get(weakOwner);
      if (mine === undefined) weakListeners.set(weakOwner, new Set([listener]));
      else mine.add(listener);
      this.weak = new WeakRef(listener);
      this.strong = undefined;
    } else {
      this.weak = undefined;
      this.strong = listener;
    }
    this.once = once;
    this.capture = capture;
    this.passive = passive;
    this.isNodeStyle = isNodeStyle;
    this.resists = resists;
    this.removed = false;
  }

  /** The function or object to call; undefined once a weak one was collected. */
  get listener() {
    return this.weak === undefined ? this.strong : this.weak.deref();
  }

  same(listener, capture) {
    return this.capture === capture && this.listener === listener;
  }
}

function isListener(listener) {
  if (typeof listener === 'function' || typeof listener === 'object') return listener !== null;
  if (listener === undefined) return false;
  throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function listenerOptions(options) {
  if (typeof options === 'boolean') return { __proto__: null, capture: options };
  if (options === null) return kEmptyObject;
  validateObject(options, 'options', kValidateObjectAllowObjects);
  return options;
}

function captureOf(options) {
  return typeof options === 'boolean' ? options : options?.capture === true || Boolean(options?.capture);
}

function isEventTarget(value) {
  return value?.constructor?.[kIsEventTarget] === true;
}

function isNodeEventTarget(value) {
  return value?.constructor?.[kIsNodeEventTarget] === true;
}

function checkThis(target) {
  if (!isEventTarget(target)) throw new ERR_INVALID_THIS('EventTarget');
}

function initEventTarget(target) {
  target[kEvents] = new Map();
  target[kMaxEventTargetListeners] = EventEmitter.defaultMaxListeners;
  target[kMaxEventTargetListenersWarned] = false;
  target[kHandlers] = new Map();
}

/** An error of a listener is nobody's to catch: it becomes an uncaught exception. */
function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

function removeRecord(target, type, record) {
  const list = target[kEvents].get(type);
  const index = list === undefined ? -1 : list.indexOf(record);
  if (index === -1) return;
  record.removed = true;
  if (list.length === 1) target[kEvents].delete(type);
  else target[kEvents].set(type, list.toSpliced(index, 1));
  target[kRemoveListener](list.length - 1, type, record.listener, record.capture);
}

function warnOfNoEffect(target, type, listener) {
  const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
  warning.name = 'AddEventListenerArgumentTypeWarning';
  warning.target = target;
  warning.type = type;
  process.emitWarning(warning);
}

class EventTarget {
  constructor() {
    initEventTarget(this);
  }

  /** Called when a listener was added: `size` is how many `type` has now. */
  [kNewListener](size, type, listener, once, capture, passive, weak) {
    const max = this[kMaxEventTargetListeners];
    if (max > 0 && size > max && !this[kMaxEventTargetListenersWarned]) {
      this[kMaxEventTargetListenersWarned] = true;
      const { inspect } = require('util');
      const warning = new Error(
        `Possible EventTarget memory leak detected. ${size} ${type} listeners added to ` +
        `${inspect(this, { depth: -1 })}. MaxListeners is ${max}. Use events.setMaxListeners() to increase limit`);
      warning.name = 'MaxListenersExceededWarning';
      warning.target = this;
      warning.type = type;
      warning.count = size;
      process.emitWarning(warning);
    }
  }

  [kRemoveListener](size, type, listener, capture) {}

  /** Adds a listener, a function or an object with `handleEvent`. The same one twice counts once. */
  addEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    const flags = listenerOptions(options);
    const once = Boolean(flags.once);
    const capture = Boolean(flags.capture);
    const passive = Boolean(flags.passive);
    const { signal } = flags;
    validateAbortSignal(signal, 'options.signal');
    if (!isListener(listener)) {
      warnOfNoEffect(this, type, listener);
      return;
    }
    type = `${type}`;
    if (signal !== undefined) {
      if (signal.aborted) return;
      signal.addEventListener('abort', () => this.removeEventListener(type, listener, options), {
        __proto__: null, once: true, [kWeakHandler]: this, [kResistStopPropagation]: true,
      });
    }
    const list = this[kEvents].get(type);
    if (list !== undefined) {
      for (const record of list) {
        if (record.same(listener, capture)) return;
      }
    }
    const record = new Listener(listener, once, capture, passive, Boolean(flags[kIsNodeStyleListener]),
                                flags[kWeakHandler], Boolean(flags[kResistStopPropagation]));
    this[kEvents].set(type, list === undefined ? [record] : [...list, record]);
    this[kNewListener](list === undefined ? 1 : list.length + 1, type, listener, once, capture, passive,
                       flags[kWeakHandler]);
  }

  removeEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    if (!isListener(listener)) return;
    type = `${type}`;
    const capture = captureOf(options);
    const list = this[kEvents].get(type);
    if (list === undefined) return;
    for (const record of list) {
      if (record.same(listener, capture)) {
        removeRecord(this, type, record);
        return;
      }
    }
  }

  /** Calls the listeners; false if one of them prevented the default. */
  dispatchEvent(event) {
    checkThis(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('event');
    if (!internals.isEvent(event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (internals.isDispatching(event)) throw new ERR_EVENT_RECURSION(event.type);
    this[kHybridDispatch](event, event.type, event);
    return event.defaultPrevented !== true;
  }

  /**
   * Calls listeners of the Web's kind with an Event, made when the first is met, and those of an emitter's kind with
   * `nodeValue`.
   */
  [kHybridDispatch](nodeValue, type, event) {
    const list = this[kEvents].get(type);
    if (event !== undefined) internals.begin(event, this);
    if (list !== undefined) {
      for (const record of list) {
        // One that an earlier listener removed does not run.
        if (record.removed || (event !== undefined && internals.isStopped(event) && !record.resists)) continue;
        const { listener } = record;
        if (record.once || listener === undefined) removeRecord(this, type, record);
        if (listener === undefined) continue;
        let argument = nodeValue;
        if (!record.isNodeStyle) {
          if (event === undefined) {
            event = this[kCreateEvent](nodeValue, type);
            internals.begin(event, this);
          }
          argument = event;
        }
        callListener(this, record, listener, argument, event);
      }
    }
    if (event !== undefined) internals.end(event);
  }

  [kCreateEvent](nodeValue, type) {
    throw new ERR_METHOD_NOT_IMPLEMENTED('createEvent()');
  }

  [customInspectSymbol](depth, options) {
    return show(this.constructor.name, {}, depth, options);
  }
}

function callListener(target, record, listener, argument, event) {
  if (event !== undefined && record.passive) internals.setPassive(event, true);
  try {
    let result;
    if (typeof listener === 'function') {
      result = Reflect.apply(listener, target, [argument]);
    } else {
      const { handleEvent } = listener;
      if (typeof handleEvent === 'function') result = Reflect.apply(handleEvent, listener, [argument]);
    }
    if (result !== undefined && result !== null) {
      const { then } = result;
      if (typeof then === 'function') then.call(result, undefined, throwLater);
    }
  } catch (error) {
    throwLater(error);
  }
  if (event !== undefined && record.passive) internals.setPassive(event, false);
}

EventTarget[kIsEventTarget] = true;
enumerable(EventTarget.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent']);
tag(EventTarget);

/** The listeners of a type, for events.getEventListeners. */
function listenersOf(target, type) {
  const list = target[kEvents]?.get(type);
  return list === undefined ? [] : list.map((record) => record.listener).filter((listener) => listener !== undefined);
}

// ---------------------------------------------------------------------------------------------------------------------
// NodeEventTarget

function checkNodeThis(target) {
  if (!isNodeEventTarget(target)) throw new ERR_INVALID_THIS('NodeEventTarget');
}

/** An EventTarget with the commonest methods of an EventEmitter. Node docs: class NodeEventTarget. */
class NodeEventTarget extends EventTarget {
  static [kIsNodeEventTarget] = true;
  static defaultMaxListeners = 10;

  setMaxListeners(n) {
    checkNodeThis(this);
    EventEmitter.setMaxListeners(n, this);
  }

  getMaxListeners() {
    checkNodeThis(this);
    return this[kMaxEventTargetListeners];
  }

  eventNames() {
    checkNodeThis(this);
    return [...this[kEvents].keys()];
  }

  listenerCount(type) {
    checkNodeThis(this);
    return this[kEvents].get(String(type))?.length ?? 0;
  }

  off(type, listener, options) {
    checkNodeThis(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  removeListener(type, listener, options) {
    checkNodeThis(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  on(type, listener) {
    checkNodeThis(this);
    this.addEventListener(type, listener, { [kIsNodeStyleListener]: true });
    return this;
  }

  addListener(type, listener) {
    checkNodeThis(this);
    this.addEventListener(type, listener, { [kIsNodeStyleListener]: true });
    return this;
  }

  emit(type, arg) {
    checkNodeThis(this);
    const hadListeners = this.listenerCount(type) > 0;
    this[kHybridDispatch](arg, type);
    return hadListeners;
  }

  once(type, listener) {
    checkNodeThis(this);
    this.addEventListener(type, listener, { once: true, [kIsNodeStyleListener]: true });
    return this;
  }

  removeAllListeners(type) {
    checkNodeThis(this);
    const types = type === undefined ? [...this[kEvents].keys()] : [String(type)];
    for (const each of types) {
      for (const record of this[kEvents].get(each) ?? []) removeRecord(this, each, record);
    }
    return this;
  }
}
enumerable(NodeEventTarget.prototype, [
  'setMaxListeners', 'getMaxListeners', 'eventNames', 'listenerCount', 'off', 'removeListener', 'on', 'addListener',
  'emit', 'once', 'removeAllListeners',
]);

function initNodeEventTarget(target) {
  initEventTarget(target);
}

/**
 * Defines `on<name>` on a prototype: a property that holds one listener of the event. Setting it again keeps its place
 * among the listeners. HTML standard, "event handlers".
 */
function defineEventHandler(prototype, name, event = name) {
  const property = `on${name}`;
  const get = function() {
    checkThis(this);
    return this[kHandlers].get(event)?.handler ?? null;
  };
  const set = function(value) {
    checkThis(this);
    const isHandler = typeof value === 'function' || (typeof value === 'object' && value !== null);
    let entry = this[kHandlers].get(event);
    if (entry !== undefined) {
      if (!isHandler) {
        this[kHandlers].delete(event);
        this.removeEventListener(event, entry.listener);
        return;
      }
      entry.handler = value;
      return;
    }
    if (!isHandler) return;
    entry = { handler: value, listener: undefined };
    entry.listener = function(argument) {
      if (typeof entry.handler !== 'function') return undefined;
      return Reflect.apply(entry.handler, this, [argument]);
    };
    this[kHandlers].set(event, entry);
    this.addEventListener(event, entry.listener);
  };
  Object.defineProperty(get, 'name', { __proto__: null, configurable: true, value: `get ${property}` });
  Object.defineProperty(set, 'name', { __proto__: null, configurable: true, value: `set ${property}` });
  Object.defineProperty(prototype, property, { __proto__: null, configurable: true, enumerable: true, get, set });
}

module.exports = {
  CustomEvent,
  Event,
  EventTarget,
  NodeEventTarget,
  defineEventHandler,
  initEventTarget,
  initNodeEventTarget,
  isEventTarget,
  isNodeEventTarget,
  kCreateEvent,
  kEvents,
  kHybridDispatch,
  kIsEventTarget,
  kIsNodeEventTarget,
  kNewListener,
  kRemoveListener,
  kResistStopPropagation,
  kTrustEvent,
  kWeakHandler,
  listenersOf,
};
