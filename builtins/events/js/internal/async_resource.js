'use strict';

/**
 * EventEmitterAsyncResource: an emitter whose listeners run in the async context the emitter was made in.
 * Apart, so that `events` does not load `async_hooks`. Node docs: events, class EventEmitterAsyncResource.
 */

const EventEmitter = require('events');
const { AsyncResource } = require('async_hooks');
const { kEmptyObject } = require('internal/util');
const { codes: { ERR_INVALID_THIS } } = require('internal/errors');
const { validateString } = require('internal/validators');

class EventEmitterReferencingAsyncResource extends AsyncResource {
  #eventEmitter;

  constructor(emitter, type, options) {
    super(type, options);
    this.#eventEmitter = emitter;
  }

  get eventEmitter() {
    if (!(#eventEmitter in this)) throw new ERR_INVALID_THIS('EventEmitterReferencingAsyncResource');
    return this.#eventEmitter;
  }
}

class EventEmitterAsyncResource extends EventEmitter {
  #asyncResource;

  /** `options` is that of EventEmitter and of AsyncResource, or the resource's name. */
  constructor(options = undefined) {
    let name;
    if (typeof options === 'string') {
      name = options;
      options = undefined;
    } else {
      if (new.target === EventEmitterAsyncResource) validateString(options?.name, 'options.name');
      name = options?.name || new.target.name;
    }
    super(options);
    this.#asyncResource = new EventEmitterReferencingAsyncResource(this, name, options ?? kEmptyObject);
  }

  emit(event, ...args) {
    const resource = EventEmitterAsyncResource.#of(this);
    return resource.runInAsyncScope(super.emit, this, event, ...args);
  }

  emitDestroy() {
    EventEmitterAsyncResource.#of(this).emitDestroy();
  }

  get asyncId() {
    return EventEmitterAsyncResource.#of(this).asyncId();
  }

  get triggerAsyncId() {
    return EventEmitterAsyncResource.#of(this).triggerAsyncId();
  }

  get asyncResource() {
    return EventEmitterAsyncResource.#of(this);
  }

  static #of(self) {
    if (typeof self !== 'object' || self === null || !(#asyncResource in self)) {
      // What V8 says, and Node with it.
      throw new TypeError('Cannot read private member #asyncResource from an object whose class did not declare it');
    }
    return self.#asyncResource;
  }
}

module.exports = { EventEmitterAsyncResource };
