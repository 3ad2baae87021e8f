/** `EventSource`: server-sent events over fetch. HTML Standard §9.2. */
'use strict';

const { Event, EventTarget, defineEventHandler } = require('internal/event_target');
const { lazyDOMException } = require('internal/util');

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** Milliseconds until the next try, unless the server says otherwise. */
const RECONNECTION_MS = 3000;

/** Lines of an event stream to events. */
class EventStreamParser {
  #rest = '';
  #first = true;
  #data = [];
  #type = '';
  #skipLf = false;
  lastEventId = '';
  #onEvent;
  #onRetry;

  constructor(onEvent, onRetry) {
    this.#onEvent = onEvent;
    this.#onRetry = onRetry;
  }

  push(text) {
    if (this.#first && text !== '') {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    if (this.#skipLf && text !== '') {
      this.#skipLf = false;
      if (text[0] === '\n') text = text.slice(1);
    }
    text = this.#rest + text;
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (c !== '\n' && c !== '\r') continue;
      this.#line(text.slice(start, i));
      if (c === '\r') {
        if (i + 1 === text.length) this.#skipLf = true;
        else if (text[i + 1] === '\n') i++;
      }
      start = i + 1;
    }
    this.#rest = text.slice(start);
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length > 0) this.#onEvent(this.#type || 'message', this.#data.join('\n'), this.lastEventId);
      this.#data = [];
      this.#type = '';
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? '' : line.slice(colon + 1);
    if (value[0] === ' ') value = value.slice(1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.lastEventId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#onRetry(Number(value));
  }
}

class EventSource extends EventTarget {
  #url;
  #withCredentials;
  #readyState = CONNECTING;
  #controller = null;
  #reconnectionMs = RECONNECTION_MS;
  #lastEventId = '';
  #timer = undefined;

  constructor(url, init = {}) {
    super();
    if (arguments.length === 0) throw new TypeError('EventSource constructor: 1 argument required, but only 0 present.');
    try {
      this.#url = new (require('url').URL)(String(url));
    } catch (error) {
      throw lazyDOMException(error.message, 'SyntaxError');
    }
    this.#withCredentials = Boolean(init?.withCredentials);
    this.#connect();
  }

  async #connect() {
    const { AbortController } = require('internal/abort_controller');
    const { fetch } = require('internal/fetch/fetch');
    this.#controller = new AbortController();
    const headers = { 'accept': 'text/event-stream', 'cache-control': 'no-store' };
    if (this.#lastEventId !== '') headers['last-event-id'] = this.#lastEventId;
    let response;
    try {
      response = await fetch(this.#url, { headers, signal: this.#controller.signal });
    } catch {
      this.#reconnect();
      return;
    }
    if (this.#readyState === CLOSED) return;
    const type = (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
    if (response.status !== 200 || type !== 'text/event-stream') {
      this.close();
      this.dispatchEvent(new Event('error'));
      return;
    }
    this.#readyState = OPEN;
    this.dispatchEvent(new Event('open'));
    await this.#read(response);
    this.#reconnect();
  }

  async #read(response) {
    const { MessageEvent } = globalThis;
    const { TextDecoder } = require('internal/util/encoding');
    const decoder = new TextDecoder();
    const { origin } = new (require('url').URL)(response.url);
    const parser = new EventStreamParser((type, data, lastEventId) => {
      this.#lastEventId = lastEventId;
      if (this.#readyState === OPEN) this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin }));
    }, (milliseconds) => { this.#reconnectionMs = milliseconds; });
    parser.lastEventId = this.#lastEventId;
    try {
      for await (const chunk of response.body) parser.push(decoder.decode(chunk, { stream: true }));
    } catch {
      // The connection broke: that is what reconnecting is for.
    }
  }

  #reconnect() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CONNECTING;
    this.dispatchEvent(new Event('error'));
    if (this.#readyState === CLOSED) return;
    this.#timer = setTimeout(() => {
      if (this.#readyState === CONNECTING) this.#connect();
    }, this.#reconnectionMs);
  }

  close() {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CLOSED;
    clearTimeout(this.#timer);
    this.#controller?.abort();
  }

  get url() { return this.#url.href; }
  get readyState() { return this.#readyState; }
  get withCredentials() { return this.#withCredentials; }
}

for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSED })) {
  const descriptor = { __proto__: null, configurable: false, enumerable: true, value, writable: false };
  Object.defineProperty(EventSource, name, descriptor);
  Object.defineProperty(EventSource.prototype, name, descriptor);
}
for (const name of ['close', 'readyState', 'url', 'withCredentials']) {
  Object.defineProperty(EventSource.prototype, name, { __proto__: null, enumerable: true });
}
for (const name of ['open', 'message', 'error']) defineEventHandler(EventSource.prototype, name);
Object.defineProperty(EventSource.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: 'EventSource' });

module.exports = { EventSource };
