'use strict';

/**
 * `node:diagnostics_channel`: named channels on which modules report what they do, at next to no cost while nobody
 * listens.
 *
 * A channel lives as long as somebody holds it or it has subscribers or stores. Lists of subscribers are replaced when
 * they change, so a publication runs through the list it began with. Node docs: diagnostics_channel.
 */

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { WeakReference } = require('internal/util');

const { apply } = Reflect;

/** name → WeakReference of its channel; collected channels take their entry along. */
const channels = new Map();
const collected = new FinalizationRegistry((name) => {
  if (channels.get(name)?.get() === undefined) channels.delete(name);
});

function register(channel) {
  channels.set(channel.name, new WeakReference(channel));
  collected.register(channel, channel.name);
}

/** The errors of subscribers are uncaught exceptions: the reporting code has nothing to do with them. */
function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

function storedValue(data, transform) {
  return transform === undefined ? data : transform(data);
}

/** `run` in the store's context; without it if the value cannot be made. */
function runInStore(store, data, transform, run) {
  return () => {
    let value;
    try {
      value = storedValue(data, transform);
    } catch (error) {
      throwLater(error);
      return run();
    }
    return store.run(value, run);
  };
}

class RunStoresScope {
  #entered = [];

  constructor(channel, data) {
    for (const [store, transform] of channel._stores ?? []) {
      let value;
      try {
        value = storedValue(data, transform);
      } catch (error) {
        throwLater(error);
        continue;
      }
      this.#entered.push([store, store.getStore()]);
      store.enterWith(value);
    }
    channel.publish(data);
  }

  [Symbol.dispose]() {
    for (const [store, before] of this.#entered.splice(0).reverse()) store.enterWith(before);
  }
}

class Channel {
  constructor(name) {
    this._subscribers = undefined;
    this._stores = undefined;
    this.name = name;
    register(this);
  }

  #hold() {
    channels.get(this.name)?.incRef();
  }

  #release() {
    channels.get(this.name)?.decRef();
  }

  subscribe(subscription) {
    validateFunction(subscription, 'subscription');
    this._subscribers = this._subscribers === undefined ? [subscription] : [...this._subscribers, subscription];
    this.#hold();
  }

  unsubscribe(subscription) {
    const index = this._subscribers === undefined ? -1 : this._subscribers.indexOf(subscription);
    if (index === -1) return false;
    this._subscribers = this._subscribers.length === 1 ? undefined : this._subscribers.toSpliced(index, 1);
    this.#release();
    return true;
  }

  /** Has `store` run in the context of what is published, or of what `transform` makes of it. */
  bindStore(store, transform = undefined) {
    const isNew = !this._stores?.has(store);
    if (isNew) this.#hold();
    (this._stores ??= new Map()).set(store, transform);
  }

  unbindStore(store) {
    if (!this._stores?.delete(store)) return false;
    if (this._stores.size === 0) this._stores = undefined;
    this.#release();
    return true;
  }

  get hasSubscribers() {
    return this._subscribers !== undefined || this._stores !== undefined;
  }

  publish(data) {
    const subscribers = this._subscribers;
    if (subscribers === undefined) return;
    for (let index = 0; index < subscribers.length; index++) {
      try {
        const subscription = subscribers[index];
        subscription(data, this.name);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  /** Publishes `data` and calls `fn`, both in the context of the bound stores. */
  runStores(data, fn, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    let run = () => {
      this.publish(data);
      return apply(fn, thisArg, args);
    };
    for (const [store, transform] of this._stores ?? []) run = runInStore(store, data, transform, run);
    return run();
  }

  /** As runStores, until the returned scope is disposed of. */
  withStoreScope(data) {
    return this.hasSubscribers ? new RunStoresScope(this, data) : { [Symbol.dispose]() {} };
  }
}

function channel(name) {
  const existing = channels.get(name)?.get();
  if (existing !== undefined) return existing;
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
  }
  return new Channel(name);
}

function subscribe(name, subscription) {
  channel(name).subscribe(subscription);
}

function unsubscribe(name, subscription) {
  return channel(name).unsubscribe(subscription);
}

function hasSubscribers(name) {
  return channels.get(name)?.get()?.hasSubscribers === true;
}

// ---------------------------------------------------------------------------------------------------------------------
// Groups of channels

/** The channel of one event: `tracing:name:event`, or the caller's. */
function channelOf(nameOrChannels, event, className) {
  if (typeof nameOrChannels === 'string') return channel(`tracing:${nameOrChannels}:${event}`);
  if (typeof nameOrChannels === 'object' && nameOrChannels !== null) {
    const given = nameOrChannels[event];
    // Not Node's usual error, but the one it gives here.
    if (given === undefined) throw new TypeError('Cannot convert undefined or null to object');
    if (!(given instanceof Channel)) throw new ERR_INVALID_ARG_TYPE(`nameOrChannels.${event}`, ['Channel'], given);
    return given;
  }
  throw new ERR_INVALID_ARG_TYPE('nameOrChannels', ['string', className, 'Object'], nameOrChannels);
}

function subscribeAll(group, events, handlers) {
  for (const event of events) {
    if (handlers[event]) group[event].subscribe(handlers[event]);
  }
}

function unsubscribeAll(group, events, handlers) {
  let done = true;
  for (const event of events) {
    if (handlers[event] && !group[event].unsubscribe(handlers[event])) done = false;
  }
  return done;
}

const boundedEvents = ['start', 'end'];

class BoundedChannelScope {
  #channel;
  #context;
  #stores;

  constructor(bounded, context) {
    if (!bounded.hasSubscribers) return;
    this.#channel = bounded;
    this.#context = context;
    this.#stores = bounded.start.withStoreScope(context);
  }

  [Symbol.dispose]() {
    if (this.#channel === undefined) return;
    this.#channel.end.publish(this.#context);
    this.#stores[Symbol.dispose]();
    this.#channel = undefined;
  }
}

/** The two ends of something synchronous. Node docs: class BoundedChannel. */
class BoundedChannel {
  constructor(nameOrChannels) {
    for (const event of boundedEvents) {
      Object.defineProperty(this, event, {
        __proto__: null, value: channelOf(nameOrChannels, event, 'BoundedChannel'),
      });
    }
  }

  get hasSubscribers() {
    return this.start.hasSubscribers || this.end.hasSubscribers;
  }

  subscribe(handlers) {
    subscribeAll(this, boundedEvents, handlers);
  }

  unsubscribe(handlers) {
    return unsubscribeAll(this, boundedEvents, handlers);
  }

  withScope(context = {}) {
    return new BoundedChannelScope(this, context);
  }

  run(context, fn, thisArg, ...args) {
    context ??= {};
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        return apply(fn, thisArg, args);
      } finally {
        this.end.publish(context);
      }
    });
  }
}

function boundedChannel(nameOrChannels) {
  return new BoundedChannel(nameOrChannels);
}

const traceEvents = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** The course of something synchronous or not. Node docs: class TracingChannel. */
class TracingChannel {
  constructor(nameOrChannels) {
    for (const event of traceEvents) {
      Object.defineProperty(this, event, {
        __proto__: null, value: channelOf(nameOrChannels, event, 'TracingChannel'),
      });
    }
  }

  get hasSubscribers() {
    return this.start.hasSubscribers || this.end.hasSubscribers || this.asyncStart.hasSubscribers ||
      this.asyncEnd.hasSubscribers || this.error.hasSubscribers;
  }

  subscribe(handlers) {
    subscribeAll(this, traceEvents, handlers);
  }

  unsubscribe(handlers) {
    return unsubscribeAll(this, traceEvents, handlers);
  }

  #fail(context, error) {
    context.error = error;
    this.error.publish(context);
  }

  traceSync(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        const result = apply(fn, thisArg, args);
        context.result = result;
        return result;
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  tracePromise(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const settle = () => {
      this.asyncStart.publish(context);
      // There is no later moment to call the end: the caller's own handlers run when they like.
      this.asyncEnd.publish(context);
    };
    const onResult = (result) => {
      context.result = result;
      settle();
      return result;
    };
    const onError = (error) => {
      this.#fail(context, error);
      settle();
    };
    return this.start.runStores(context, () => {
      try {
        const promise = apply(fn, thisArg, args);
        if (typeof promise?.then !== 'function') {
          process.emitWarning(`tracePromise was called with the function '${fn.name || '<anonymous>'}', which ` +
                              'returned a non-thenable.');
          context.result = promise;
          return promise;
        }
        if (promise instanceof Promise && promise.constructor === Promise) {
          return promise.then(onResult, (error) => {
            onError(error);
            throw error;
          });
        }
        // A thenable of another kind keeps its methods: the caller gets it back as it is.
        promise.then(onResult, onError);
        return promise;
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  /** `position` says which of `args` is the callback; negative numbers count from the end. */
  traceCallback(fn, position = -1, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return apply(fn, thisArg, args);
    const callback = args.at(position);
    validateFunction(callback, 'callback');
    const tracing = this;
    function wrappedCallback(error, result) {
      if (error) tracing.#fail(context, error);
      else context.result = result;
      return tracing.asyncStart.runStores(context, () => {
        try {
          return apply(callback, this, arguments);
        } finally {
          tracing.asyncEnd.publish(context);
        }
      });
    }
    args.splice(position, 1, wrappedCallback);
    return this.start.runStores(context, () => {
      try {
        return apply(fn, thisArg, args);
      } catch (error) {
        this.#fail(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
}

function tracingChannel(nameOrChannels) {
  return new TracingChannel(nameOrChannels);
}

module.exports = {
  channel,
  hasSubscribers,
  subscribe,
  tracingChannel,
  unsubscribe,
  boundedChannel,
  Channel,
  BoundedChannel,
};
