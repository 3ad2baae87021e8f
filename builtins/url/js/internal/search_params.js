/**
 * Class URLSearchParams: a list of names and values, and application/x-www-form-urlencoded.
 *
 * The list is flat (name, value, name, value ...). One that belongs to a URL tells it of changes.
 * Standard: https://url.spec.whatwg.org, section 5 and 6.2; Node docs: url, class URLSearchParams.
 */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const {
  codes: {
    ERR_ARG_NOT_ITERABLE, ERR_INVALID_THIS, ERR_INVALID_TUPLE, ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const { validateFunction } = require('internal/validators');

/** What stays as it is. Standard: application/x-www-form-urlencoded percent-encode set. */
const NEEDS_ENCODING = /[^A-Za-z0-9*\-._]/;
/** What `encodeURIComponent` leaves alone but must go; a space becomes '+'. */
const LEFT_ALONE = /[!'()~]|%20/g;
const REPLACEMENTS = {
  '__proto__': null, '!': '%21', '\'': '%27', '(': '%28', ')': '%29', '~': '%7E', '%20': '+',
};

/** WebIDL USVString: lone surrogates become U+FFFD. */
function toUSVString(value) {
  return `${value}`.toWellFormed();
}

function encode(text) {
  if (!NEEDS_ENCODING.test(text)) return text;
  return encodeURIComponent(text).replace(LEFT_ALONE, (match) => REPLACEMENTS[match]);
}

function decode(text) {
  if (text.includes('+')) text = text.replaceAll('+', ' ');
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Escapes that are none, or no UTF-8: byte by byte, and U+FFFD for what is wrong.
    return require('querystring').unescapeBuffer(Buffer.from(text).latin1Slice()).toString();
  }
}

/** Standard: application/x-www-form-urlencoded parser. A leading '?' has been removed. */
function parseParams(query) {
  const list = [];
  if (query === '') return list;
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    if (equals === -1) list.push(decode(piece), '');
    else list.push(decode(piece.slice(0, equals)), decode(piece.slice(equals + 1)));
  }
  return list;
}

function serializeParams(list) {
  let out = '';
  for (let i = 0; i < list.length; i += 2) {
    if (i !== 0) out += '&';
    out += `${encode(list[i])}=${encode(list[i + 1])}`;
  }
  return out;
}

/** Whether `value` is a URLSearchParams of this builtin. */
let isParams;
let listOf;
/** Makes the params of a URL; after a change `owner.stale` is true. */
let attach;
/** Gives params of a URL a new query, with its '?'. */
let reload;

class URLSearchParams {
  #list = [];
  /** The record of the URL this belongs to; its `stale` tells the URL. */
  #owner = null;

  static {
    isParams = (value) => typeof value === 'object' && value !== null && #list in value;
    listOf = (params) => params.#list;
    attach = (owner, search) => {
      const params = new URLSearchParams(search);
      params.#owner = owner;
      return params;
    };
    reload = (params, search) => {
      params.#list = parseParams(search.slice(1));
    };
  }

  constructor(init = undefined) {
    if (init === undefined) return;
    if (typeof init === 'string') {
      init = init.toWellFormed();
      this.#list = parseParams(init[0] === '?' ? init.slice(1) : init);
    } else if (typeof init === 'object' && init !== null || typeof init === 'function') {
      this.#list = listFrom(init);
    } else {
      init = toUSVString(init);
      this.#list = parseParams(init[0] === '?' ? init.slice(1) : init);
    }
  }

  #changed() {
    if (this.#owner !== null) this.#owner.stale = true;
  }

  get size() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    return this.#list.length / 2;
  }

  append(name, value) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    this.#list.push(toUSVString(name), toUSVString(value));
    this.#changed();
  }

  delete(name, value = undefined) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = toUSVString(name);
    if (value !== undefined) value = toUSVString(value);
    const list = this.#list;
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) continue;
      list[kept++] = list[i];
      list[kept++] = list[i + 1];
    }
    list.length = kept;
    this.#changed();
  }

  get(name) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    name = toUSVString(name);
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1];
    return null;
  }

  getAll(name) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    const values = [];
    name = toUSVString(name);
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) values.push(list[i + 1]);
    return values;
  }

  has(name, value = undefined) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    const list = this.#list;
    name = toUSVString(name);
    if (value !== undefined) value = toUSVString(value);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) return true;
    }
    return false;
  }

  /** Replaces the first value of that name and drops the others. */
  set(name, value) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    const list = this.#list;
    name = toUSVString(name);
    value = toUSVString(value);
    let found = false;
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && found) continue;
      const first = list[i] === name;
      found ||= first;
      list[kept++] = list[i];
      list[kept++] = first ? value : list[i + 1];
    }
    list.length = kept;
    if (!found) list.push(name, value);
    this.#changed();
  }

  /** By name, in UTF-16 code units; pairs of one name keep their order. */
  sort() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    const list = this.#list;
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
    pairs.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
    this.#list = pairs.flat();
    this.#changed();
  }

  entries() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    return new URLSearchParamsIterator(this, 'entries');
  }

  forEach(callback, thisArg = undefined) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i += 2) {
      callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
    }
  }

  keys() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    return new URLSearchParamsIterator(this, 'keys');
  }

  values() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    return new URLSearchParamsIterator(this, 'values');
  }

  toString() {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    return serializeParams(this.#list);
  }

  [customInspectSymbol](depth, options) {
    if (!isParams(this)) throw new ERR_INVALID_THIS('URLSearchParams');
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const inspect = arguments[2] ?? require('util').inspect;
    const nested = { ...options };
    if (options.depth !== null) nested.depth = depth - 1;
    const list = this.#list;
    const items = [];
    for (let i = 0; i < list.length; i += 2) {
      items.push(`${inspect(list[i], nested)} => ${inspect(list[i + 1], nested)}`);
    }
    return layOut('URLSearchParams', items, options);
  }
}

/** On one line if it fits. */
function layOut(name, items, options) {
  if (items.length === 0) return name === 'URLSearchParams' ? `${name} {}` : `${name} {  }`;
  const length = items.reduce((sum, item) => sum + removeColors(item, options).length + 2, -2);
  if (length <= options.breakLength) return `${name} { ${items.join(', ')} }`;
  return `${name} {\n  ${items.join(',\n  ')} }`;
}

function removeColors(text, options) {
  return options.colors ? require('internal/util').removeColors(text) : text;
}

/** The list an object stands for: a sequence of pairs, or a record. WebIDL union resolution. */
function listFrom(init) {
  const method = init[Symbol.iterator];
  // A program that has not patched the iteration gets a copy of the list.
  if (isParams(init) && method === URLSearchParams.prototype.entries) return listOf(init).slice();
  if (method !== undefined && method !== null) {
    if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
    return pairsToList(init);
  }
  const list = [];
  const seen = new Map();
  for (const key of Reflect.ownKeys(init)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
    if (descriptor === undefined || !descriptor.enumerable) continue;
    const name = toUSVString(key);
    const value = toUSVString(init[key]);
    // Two keys may be one once they are well-formed; a record has each key once.
    const before = seen.get(name);
    if (before !== undefined) {
      list[before] = value;
    } else {
      seen.set(name, list.push(name, value) - 1);
    }
  }
  return list;
}

function pairsToList(pairs) {
  const list = [];
  for (const pair of pairs) {
    const iterable = (typeof pair === 'object' || typeof pair === 'function') && pair !== null &&
      typeof pair[Symbol.iterator] === 'function';
    if (!iterable) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    const both = Array.from(pair);
    if (both.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    list.push(both[0], both[1]);
  }
  for (let i = 0; i < list.length; i++) list[i] = toUSVString(list[i]);
  return list;
}

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/** Live: shows what is in the params when `next` is called. */
class URLSearchParamsIterator {
  #params;
  #kind;
  #index = 0;

  constructor(params, kind) {
    this.#params = params;
    this.#kind = kind;
  }

  next() {
    if (typeof this !== 'object' || this === null || !(#params in this)) {
      throw new ERR_INVALID_THIS('URLSearchParamsIterator');
    }
    const list = listOf(this.#params);
    const index = this.#index;
    if (index >= list.length) return { value: undefined, done: true };
    this.#index += 2;
    return { value: this.#valueAt(list, index), done: false };
  }

  #valueAt(list, index) {
    if (this.#kind === 'keys') return list[index];
    return this.#kind === 'values' ? list[index + 1] : [list[index], list[index + 1]];
  }

  [customInspectSymbol](depth, options) {
    if (this === null || typeof this !== 'object' || !(#params in this)) {
      throw new ERR_INVALID_THIS('URLSearchParamsIterator');
    }
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const inspect = arguments[2] ?? require('util').inspect;
    const nested = { ...options };
    if (options.depth !== null) nested.depth = depth - 1;
    const list = listOf(this.#params);
    const items = [];
    for (let i = this.#index; i < list.length; i += 2) {
      items.push(inspect(this.#valueAt(list, i), nested));
    }
    return layOut('URLSearchParams Iterator', items, options);
  }
}

delete URLSearchParamsIterator.prototype.constructor;
Object.setPrototypeOf(URLSearchParamsIterator.prototype, IteratorPrototype);
Object.defineProperty(URLSearchParamsIterator.prototype, 'next', {
  __proto__: null, enumerable: true,
});
Object.defineProperty(URLSearchParamsIterator.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, value: 'URLSearchParams Iterator',
});

for (const name of [
  'size', 'append', 'delete', 'get', 'getAll', 'has', 'set', 'sort', 'entries', 'forEach', 'keys',
  'values', 'toString',
]) {
  Object.defineProperty(URLSearchParams.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, value: 'URLSearchParams',
});
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  __proto__: null, configurable: true, writable: true, value: URLSearchParams.prototype.entries,
});

markTransferMode(URLSearchParams.prototype, kUncloneable);

module.exports = {
  URLSearchParams,
  attach: (owner, search) => attach(owner, search),
  reload: (params, search) => reload(params, search),
};
