/** MessageEvent: what a port delivers. HTML standard, "The MessageEvent interface". */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { Event } = require('internal/event_target');

function invalid(text) {
  return new TypeError(`MessageEvent constructor: ${text}`);
}

function checkPort(value, name) {
  const { isMessagePort } = require('internal/worker_threads/message_port');
  const { inspect } = require('internal/util/inspect');
  if (!isMessagePort(value)) throw invalid(`Expected eventInitDict.${name} ("${inspect(value)}") to be an instance of MessagePort.`);
}

class MessageEvent extends Event {
  #data;
  #lastEventId;
  #origin;
  #ports;
  #source;

  constructor(type, init = undefined) {
    if (arguments.length === 0) throw invalid('1 argument required, but 0 found.');
    super(type, init ?? undefined);
    this.#data = init?.data === undefined ? null : init.data;
    this.#origin = init?.origin === undefined ? '' : `${init.origin}`;
    this.#lastEventId = init?.lastEventId === undefined ? '' : `${init.lastEventId}`;
    const source = init?.source ?? null;
    if (source !== null) checkPort(source, 'source');
    this.#source = source;
    const ports = init?.ports ?? [];
    if (typeof ports[Symbol.iterator] !== 'function') throw invalid(`eventInitDict.ports (${ports}) is not iterable.`);
    this.#ports = Object.freeze([...ports]);
    this.#ports.forEach((port, index) => checkPort(port, `ports[${index}]`));
  }

  /** Old; `bubbles` and `cancelable` are Event's affair. */
  initMessageEvent(type, bubbles = false, cancelable = false, data = null, origin = '', lastEventId = '', source = null, ports = []) {
    if (arguments.length === 0) throw new TypeError('MessageEvent.initMessageEvent: 1 argument required, but 0 found.');
    return new MessageEvent(type, { bubbles, cancelable, data, origin, lastEventId, source, ports });
  }

  get data() {
    return this.#data;
  }

  get origin() {
    return this.#origin;
  }

  get lastEventId() {
    return this.#lastEventId;
  }

  get source() {
    return this.#source;
  }

  get ports() {
    return this.#ports;
  }
}
for (const key of ['data', 'origin', 'lastEventId', 'source', 'ports']) {
  Object.defineProperty(MessageEvent.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(MessageEvent.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'MessageEvent', writable: false,
});

markTransferMode(MessageEvent.prototype, kUncloneable);

module.exports = { MessageEvent };
