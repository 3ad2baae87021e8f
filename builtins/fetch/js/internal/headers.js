/** `Headers`. Fetch Standard §5.1: a sorted view of a list of names and values, with a guard against changes. */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { brandCheck, describe, requireArguments, toByteString, trimHttp } = require('internal/fetch/webidl');

const kMap = Symbol('headers map');
const kGuard = Symbol('guard');
const kSorted = Symbol('sorted');

const tokenExpression = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const invalidValue = /[\0\r\n]/;

function checkName(name, what) {
  if (!tokenExpression.test(name)) throw new TypeError(`${what}: "${name}" is an invalid header name.`);
}

function checkValue(value, what) {
  if (invalidValue.test(value)) throw new TypeError(`${what}: "${value}" is an invalid header value.`);
}

class Headers {
  constructor(init = undefined) {
    this[kGuard] = 'none';
    /** Lower-case name to { name, value }; set-cookie to a list of values. */
    this[kMap] = new Map();
    this[kSorted] = undefined;
    if (init !== undefined) fill(this, init, 'Headers constructor');
  }

  append(name, value) {
    brandCheck(this, Headers);
    requireArguments(arguments, 2, 'Headers.append');
    append(this, toByteString(name), toByteString(value), 'Headers.append');
  }

  delete(name) {
    brandCheck(this, Headers);
    requireArguments(arguments, 1, 'Headers.delete');
    name = toByteString(name);
    checkName(name, 'Headers.delete');
    checkGuard(this);
    this[kMap].delete(name.toLowerCase());
    this[kSorted] = undefined;
  }

  get(name) {
    brandCheck(this, Headers);
    requireArguments(arguments, 1, 'Headers.get');
    name = toByteString(name);
    checkName(name, 'Headers.get');
    return getValue(this, name.toLowerCase());
  }

  has(name) {
    brandCheck(this, Headers);
    requireArguments(arguments, 1, 'Headers.has');
    name = toByteString(name);
    checkName(name, 'Headers.has');
    return this[kMap].has(name.toLowerCase());
  }

  set(name, value) {
    brandCheck(this, Headers);
    requireArguments(arguments, 2, 'Headers.set');
    name = toByteString(name);
    value = trimHttp(toByteString(value));
    checkName(name, 'Headers.set');
    checkValue(value, 'Headers.set');
    checkGuard(this);
    const lower = name.toLowerCase();
    this[kMap].set(lower, { name, value: lower === 'set-cookie' ? [value] : value });
    this[kSorted] = undefined;
  }

  getSetCookie() {
    brandCheck(this, Headers);
    return [...(this[kMap].get('set-cookie')?.value ?? [])];
  }

  forEach(callback, thisArg = undefined) {
    brandCheck(this, Headers);
    requireArguments(arguments, 1, 'Headers.forEach');
    if (typeof callback !== 'function') {
      throw new TypeError("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.");
    }
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  keys() {
    brandCheck(this, Headers);
    return new HeadersIterator(this, 'key');
  }

  values() {
    brandCheck(this, Headers);
    return new HeadersIterator(this, 'value');
  }

  entries() {
    brandCheck(this, Headers);
    return new HeadersIterator(this, 'both');
  }

  [customInspectSymbol](depth, options, inspect) {
    if (depth !== null && depth < 0) return '[Headers]';
    const entries = {};
    for (const { name, value } of this[kMap].values()) entries[name] = Array.isArray(value) ? value.join(', ') : value;
    return `Headers ${(inspect ?? require('util').inspect)(entries, options)}`;
  }
}
Object.defineProperty(Headers.prototype, Symbol.iterator, {
  __proto__: null, configurable: true, enumerable: false, value: Headers.prototype.entries, writable: true,
});
describe(Headers, ['append', 'delete', 'get', 'has', 'set', 'getSetCookie', 'forEach', 'keys', 'values', 'entries']);

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class HeadersIterator {
  #headers;
  #kind;
  #index = 0;

  constructor(headers, kind) {
    this.#headers = headers;
    this.#kind = kind;
  }

  next() {
    // Live: what is added behind the current place still shows.
    const list = sorted(this.#headers);
    if (this.#index >= list.length) return { value: undefined, done: true };
    const [name, value] = list[this.#index++];
    return { value: this.#kind === 'key' ? name : this.#kind === 'value' ? value : [name, value], done: false };
  }
}
Object.setPrototypeOf(HeadersIterator.prototype, IteratorPrototype);
describe(HeadersIterator, ['next'], 'Headers Iterator');

function checkGuard(headers) {
  if (headers[kGuard] === 'immutable') throw new TypeError('immutable');
}

function getValue(headers, lower) {
  const entry = headers[kMap].get(lower);
  if (entry === undefined) return null;
  return Array.isArray(entry.value) ? entry.value.join(', ') : entry.value;
}

function append(headers, name, value, what) {
  value = trimHttp(value);
  checkName(name, what);
  checkValue(value, what);
  checkGuard(headers);
  appendRaw(headers, name, value);
}

/** Adds without checks. */
function appendRaw(headers, name, value) {
  const lower = name.toLowerCase();
  const known = headers[kMap].get(lower);
  headers[kSorted] = undefined;
  if (lower === 'set-cookie') {
    if (known === undefined) headers[kMap].set(lower, { name, value: [value] });
    else known.value.push(value);
  } else if (known === undefined) {
    headers[kMap].set(lower, { name, value });
  } else {
    known.value += `${lower === 'cookie' ? '; ' : ', '}${value}`;
  }
}

function sorted(headers) {
  if (headers[kSorted] !== undefined) return headers[kSorted];
  const list = [];
  for (const lower of [...headers[kMap].keys()].sort()) {
    const { value } = headers[kMap].get(lower);
    if (Array.isArray(value)) for (const item of value) list.push([lower, item]);
    else list.push([lower, value]);
  }
  return headers[kSorted] = list;
}

/** Fetch Standard: fill a Headers object, from a list of pairs or a record. */
function fill(headers, init, what) {
  if (typeof init !== 'object' && typeof init !== 'function' || init === null) {
    throw new TypeError(`${what}: Argument 1 could not be converted to one of: ` +
      'sequence<sequence<ByteString>>, record<ByteString, ByteString>.');
  }
  if (init instanceof Headers && init[Symbol.iterator] === Headers.prototype.entries) {
    for (const [name, value] of rawEntries(init)) append(headers, name, value, what);
    return;
  }
  const method = init[Symbol.iterator];
  if (method !== undefined && method !== null) {
    if (typeof method !== 'function') throw new TypeError(`${what}: init is not iterable.`);
    for (const pair of init) {
      if (typeof pair !== 'object' && typeof pair !== 'function' || pair === null || typeof pair[Symbol.iterator] !== 'function') {
        throw new TypeError(`${what}: init[0] (${require('util').inspect(pair)}) is not iterable.`.replaceAll("'", '"'));
      }
      const items = [...pair];
      if (items.length !== 2) throw new TypeError(`${what}: expected name/value pair to be length 2, found ${items.length}.`);
      append(headers, toByteString(items[0]), toByteString(items[1]), what);
    }
    return;
  }
  for (const key of Reflect.ownKeys(init)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
    if (!descriptor?.enumerable) continue;
    append(headers, toByteString(key), toByteString(init[key]), what);
  }
}

/** Names as given, and values, for the wire. */
function* rawEntries(headers) {
  for (const { name, value } of headers[kMap].values()) {
    if (Array.isArray(value)) for (const item of value) yield [name, item];
    else yield [name, value];
  }
}

function setGuard(headers, guard) {
  headers[kGuard] = guard;
  return headers;
}

markTransferMode(Headers.prototype, kUncloneable);

module.exports = { Headers, appendRaw, fill, getValue, rawEntries, setGuard };
