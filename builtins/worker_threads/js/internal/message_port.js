/**
 * MessagePort, MessageChannel and BroadcastChannel. Node docs: worker_threads; HTML standard, "Channel messaging".
 *
 * A port is a native object: the engine asks the binding what to do with one in a transfer list. It listens, and keeps the
 * loop alive, while it has listeners of 'message'.
 */
'use strict';

const native = binding('worker_threads');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_ids');
const {
  EventTarget, NodeEventTarget, defineEventHandler, initEventTarget, initNodeEventTarget, kCreateEvent, kEvents, kHybridDispatch,
  kNewListener, kRemoveListener,
} = require('internal/event_target');
const { customInspectSymbol } = require('internal/util');
const { prepareTransfer, translate } = require('internal/structured_clone');

function codes() {
  return require('internal/errors').codes;
}

/** Gets what arrives instead of listeners: of BroadcastChannels, workers and ports in other contexts. Null once closed. */
const kOwner = Symbol('kOwner');
/** The async context in which the port came about: what it tells is told there. */
const kContext = Symbol('context');
const kResource = Symbol('resource');

let MessagePortCloseEvent;

/** What listeners of 'close' get. */
function closeEvent() {
  MessagePortCloseEvent ??= class MessagePortCloseEvent extends require('internal/event_target').Event {};
  return new MessagePortCloseEvent('close');
}

/** The ports of the message that is being delivered. */
let arrivedPorts = [];

function MessagePort() {
  throw new (codes().ERR_CONSTRUCT_CALL_INVALID)();
}
Object.setPrototypeOf(MessagePort, NodeEventTarget);
Object.setPrototypeOf(MessagePort.prototype, NodeEventTarget.prototype);

function method(name, length, value) {
  Object.defineProperty(value, 'name', { __proto__: null, value: name, configurable: true });
  Object.defineProperty(MessagePort.prototype, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

function send(port, value, options) {
  const transfer = prepareTransfer(options, value);
  if (transfer?.includes(port)) throw new DOMException('Transfer list contains source port', 'DataCloneError');
  let sent;
  try {
    sent = native.postMessage(port, value, transfer);
  } catch (error) {
    throw translate(error, value, transfer, port);
  }
  if (sent === null) {
    process.emitWarning('The target port was posted to itself, and the communication channel was lost');
  }
  // Nothing is said of a port that is closed.
  return sent === true || undefined;
}

method('postMessage', 1, function(value, options) {
  if (arguments.length === 0) {
    const error = new (codes().ERR_MISSING_ARGS)('message');
    error.message = 'Not enough arguments to MessagePort.postMessage';
    throw error;
  }
  return send(this, value, options);
});
method('start', 0, function() {
  if (native.isPort(this)) native.startPort(this);
});
method('close', 0, function(callback) {
  if (typeof callback === 'function') this.once('close', callback);
  if (native.isPort(this)) native.closePort(this);
});
method('drain', 0, function() {
  native.drainPort(this);
});
method('ref', 0, function() {
  native.refPort(this, true);
});
method('unref', 0, function() {
  native.refPort(this, false);
});
method('hasRef', 0, function() {
  return native.refPort(this);
});

Object.defineProperty(MessagePort.prototype, kCreateEvent, {
  __proto__: null,
  value(data, type) {
    if (type !== 'message' && type !== 'messageerror') {
      const { Event } = require('internal/event_target');
      return new Event(type);
    }
    const { MessageEvent } = require('internal/worker_threads/message_event');
    return new MessageEvent(type, { data, ports: arrivedPorts });
  },
});


Object.defineProperty(MessagePort.prototype, kNewListener, {
  __proto__: null,
  value(size, type, ...rest) {
    if (type === 'message' && size === 1) {
      this.ref();
      this.start();
    }
    return NodeEventTarget.prototype[kNewListener].call(this, size, type, ...rest);
  },
});
Object.defineProperty(MessagePort.prototype, kRemoveListener, {
  __proto__: null,
  value(size, type, ...rest) {
    if (type === 'message' && size === 0) {
      this.unref();
      native.stopPort(this);
    }
    return NodeEventTarget.prototype[kRemoveListener].call(this, size, type, ...rest);
  },
});
Object.defineProperty(MessagePort.prototype, customInspectSymbol, {
  __proto__: null,
  value(depth, options) {
    if (!native.isPort(this)) return 'MessagePort {}';
    const { inspect } = require('util');
    return `MessagePort [EventTarget] ${inspect({ active: this[kOwner] !== null, refed: this.hasRef() }, options)}`;
  },
});
Object.defineProperty(MessagePort.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'MessagePort', writable: false,
});
defineEventHandler(MessagePort.prototype, 'message');
defineEventHandler(MessagePort.prototype, 'messageerror');
defineEventHandler(MessagePort.prototype, 'close');

native.setPortHooks(
  (port, prototype) => {
    if (prototype !== undefined) {
      const { deliverTo } = require('internal/worker_threads/moved_port');
      Object.defineProperty(port, kOwner, { __proto__: null, value: deliverTo(port, prototype), writable: true });
      return;
    }
    Object.setPrototypeOf(port, MessagePort.prototype);
    initNodeEventTarget(port);
    for (const symbol of Object.getOwnPropertySymbols(port)) Object.defineProperty(port, symbol, { __proto__: null, enumerable: false });
    Object.defineProperty(port, kOwner, { __proto__: null, value: undefined, writable: true });
    Object.defineProperty(port, kContext, { __proto__: null, value: asyncContext.get() });
    if (hooks.active) Object.defineProperty(port, kResource, { __proto__: null, value: { asyncId: 0, triggerAsyncId: 0 } });
    if (hooks.active) hooks.init(port[kResource], 'MESSAGEPORT', port);
  },
  (port, value, failed, ports = []) => {
    asyncContext.set(port[kContext]);
    if (port[kResource] === undefined) receive(port, value, failed, ports);
    else hooks.callIn(port[kResource], receive, port, value, failed, ports);
  },
  (port) => {
    asyncContext.set(port[kContext]);
    port[kOwner] = null;
    if (port[kEvents]?.get('close') !== undefined) {
      const event = closeEvent();
      port[kHybridDispatch](event, 'close', event);
    }
    if (port[kResource] !== undefined) hooks.destroy(port[kResource]);
  },
);

function receive(port, value, failed, ports) {
  const owner = port[kOwner];
  if (typeof owner === 'function') {
    owner(value, failed, ports);
    return;
  }
  arrivedPorts = ports;
  port[kHybridDispatch](value, failed ? 'messageerror' : 'message', undefined);
  arrivedPorts = [];
}

function isMessagePort(value) {
  return native.isPort(value);
}

/** Node docs: class MessageChannel. */
function MessageChannel() {
  if (new.target === undefined) {
    const error = new (codes().ERR_CONSTRUCT_CALL_REQUIRED)('MessageChannel');
    error.message = 'Cannot call constructor without `new`';
    throw error;
  }
  const { 0: port1, 1: port2 } = native.createChannel();
  this.port1 = port1;
  this.port2 = port2;
}

/** Node docs: worker.receiveMessageOnPort(port). */
function receiveMessageOnPort(port) {
  if (port instanceof BroadcastChannel) port = port._port();
  if (!native.isPort(port)) {
    const error = new (codes().ERR_INVALID_ARG_TYPE)('port', 'MessagePort', port);
    error.message = 'The "port" argument must be a MessagePort instance';
    throw error;
  }
  const got = native.receiveMessage(port);
  return got === undefined ? undefined : { message: got[0] };
}

/** Node docs: class BroadcastChannel. */
class BroadcastChannel extends EventTarget {
  #closed = false;
  #name;
  #port;

  constructor(name) {
    if (arguments.length === 0) throw new (codes().ERR_MISSING_ARGS)('name');
    super();
    this.#name = `${name}`;
    this.#port = native.joinGroup(this.#name);
    this.#port[kOwner] = (data, failed) => {
      if (this.#closed) return;
      const { MessageEvent } = require('internal/worker_threads/message_event');
      this.dispatchEvent(new MessageEvent(failed ? 'messageerror' : 'message', { data }));
    };
    native.refPort(this.#port, true);
    native.startPort(this.#port);
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#port in value)) throw new (codes().ERR_INVALID_THIS)('BroadcastChannel');
  }

  _port() {
    return this.#port;
  }

  [customInspectSymbol](depth, options) {
    BroadcastChannel.#check(this);
    if (depth < 0) return 'BroadcastChannel';
    const { inspect } = require('util');
    return `BroadcastChannel ${inspect({ name: this.#name, active: !this.#closed }, options)}`;
  }

  get name() {
    BroadcastChannel.#check(this);
    return this.#name;
  }

  close() {
    BroadcastChannel.#check(this);
    if (this.#closed) return;
    this.#closed = true;
    native.closePort(this.#port);
  }

  postMessage(message) {
    BroadcastChannel.#check(this);
    if (arguments.length === 0) throw new (codes().ERR_MISSING_ARGS)('message');
    if (this.#closed) throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    send(this.#port, message, undefined);
  }

  ref() {
    BroadcastChannel.#check(this);
    if (!this.#closed) native.refPort(this.#port, true);
    return this;
  }

  unref() {
    BroadcastChannel.#check(this);
    if (!this.#closed) native.refPort(this.#port, false);
    return this;
  }
}
for (const name of ['close', 'name', 'postMessage']) {
  Object.defineProperty(BroadcastChannel.prototype, name, { __proto__: null, enumerable: true });
}
defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');

module.exports = { BroadcastChannel, MessageChannel, MessagePort, isMessagePort, kOwner, receiveMessageOnPort };
