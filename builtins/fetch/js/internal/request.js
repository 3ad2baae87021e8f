/** `Request`. Fetch Standard §5.4. */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { brandCheck, describe, requireArguments, toByteString, toUSVString } = require('internal/fetch/webidl');
const { Headers, appendRaw, fill, getValue, setGuard } = require('internal/fetch/headers');
const { extractBody, kBody, mixin } = require('internal/fetch/body');

const tokenExpression = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH']);

const ENUMS = {
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  credentials: ['omit', 'same-origin', 'include'],
  mode: ['navigate', 'same-origin', 'no-cors', 'cors'],
  redirect: ['follow', 'error', 'manual'],
  referrerPolicy: ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
    'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
};

function checkEnum(init, name) {
  const value = init[name];
  if (value === undefined) return undefined;
  const text = String(value);
  if (!ENUMS[name].includes(text)) {
    throw new TypeError(`Request constructor: ${text} is not an accepted type. Expected one of ${ENUMS[name].join(', ')}.`);
  }
  return text;
}

function parseURL(input) {
  const text = toUSVString(input);
  let url;
  try {
    url = new (require('url').URL)(text);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${text}`, { cause });
  }
  if (url.username || url.password) {
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${text}`);
  }
  return url;
}

function normalizeMethod(method) {
  method = toByteString(method);
  if (!tokenExpression.test(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
  const upper = method.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') throw new TypeError(`'${method}' HTTP method is unsupported.`);
  // "patch" in lower case stays as it is, by the standard; servers differ.
  return NORMALIZED.has(upper) && upper !== 'PATCH' ? upper : method;
}

class Request {
  constructor(input, init = undefined) {
    requireArguments(arguments, 1, 'Request constructor');
    if (init === null || init === undefined) init = {};
    if (typeof init !== 'object' && typeof init !== 'function') {
      throw new TypeError('Request constructor: Expected init ("init") to be one of: Null, Undefined, Object.');
    }
    const from = input instanceof Request ? input[kBody] : undefined;
    const state = this[kBody] = from === undefined ? {
      body: null, cache: 'default', credentials: 'same-origin', dispatcher: undefined, duplex: 'half', headers: null, integrity: '',
      keepalive: false, method: 'GET', mode: 'cors', redirect: 'follow', referrer: 'about:client', referrerPolicy: '',
      signal: undefined, url: parseURL(input),
    } : { ...from, headers: null, signal: undefined };
    applyInit(state, init);
    const signal = init.signal !== undefined ? init.signal : from === undefined ? undefined : input.signal;
    setSignal(state, signal);
    state.headers = setGuard(new Headers(), 'request');
    if (init.headers !== undefined && init.headers !== null) fill(state.headers, init.headers, 'Headers constructor');
    else if (from !== undefined) fill(state.headers, from.headers, 'Headers constructor');
    setBody(state, init, from);
  }

  get method() {
    brandCheck(this, Request);
    return this[kBody].method;
  }

  get url() {
    brandCheck(this, Request);
    return this[kBody].url.href;
  }

  get headers() {
    brandCheck(this, Request);
    return this[kBody].headers;
  }

  get destination() {
    brandCheck(this, Request);
    return '';
  }

  get referrer() {
    brandCheck(this, Request);
    return this[kBody].referrer;
  }

  get referrerPolicy() {
    brandCheck(this, Request);
    return this[kBody].referrerPolicy;
  }

  get mode() {
    brandCheck(this, Request);
    return this[kBody].mode;
  }

  get credentials() {
    brandCheck(this, Request);
    return this[kBody].credentials;
  }

  get cache() {
    brandCheck(this, Request);
    return this[kBody].cache;
  }

  get redirect() {
    brandCheck(this, Request);
    return this[kBody].redirect;
  }

  get integrity() {
    brandCheck(this, Request);
    return this[kBody].integrity;
  }

  get keepalive() {
    brandCheck(this, Request);
    return this[kBody].keepalive;
  }

  get isReloadNavigation() {
    brandCheck(this, Request);
    return false;
  }

  get isHistoryNavigation() {
    brandCheck(this, Request);
    return false;
  }

  get signal() {
    brandCheck(this, Request);
    return this[kBody].signal ??= new (require('internal/abort_controller').AbortController)().signal;
  }

  get duplex() {
    brandCheck(this, Request);
    return 'half';
  }

  clone() {
    brandCheck(this, Request);
    const state = this[kBody];
    if (state.body?.unusable) throw new TypeError('unusable');
    const copy = Object.create(Request.prototype);
    copy[kBody] = {
      ...state, headers: setGuard(new Headers(state.headers), 'request'), body: state.body === null ? null : state.body.clone(),
    };
    copy[kBody].signal = undefined;
    setSignal(copy[kBody], this.signal);
    return copy;
  }

  [customInspectSymbol](depth, options, inspect) {
    if (options.depth === null) options.depth = 2;
    options.colors ??= true;
    const properties = {};
    for (const name of ['method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache',
      'redirect', 'integrity', 'keepalive', 'isReloadNavigation', 'isHistoryNavigation', 'signal']) properties[name] = this[name];
    return `Request ${(inspect ?? require('util').inspect)(properties, options)}`;
  }
}
describe(Request, ['method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect',
  'integrity', 'keepalive', 'isReloadNavigation', 'isHistoryNavigation', 'signal', 'duplex', 'clone']);
mixin(Request, (request) => getValue(request[kBody].headers, 'content-type'));

function applyInit(state, init) {
  if (init.window !== undefined && init.window !== null) throw new TypeError(`'window' option '${init.window}' must be null`);
  const mode = checkEnum(init, 'mode');
  if (mode === 'navigate') throw new TypeError('Request constructor: invalid request mode navigate.');
  if (mode !== undefined) state.mode = mode;
  for (const name of ['cache', 'credentials', 'redirect', 'referrerPolicy']) {
    const value = checkEnum(init, name);
    if (value !== undefined) state[name] = value;
  }
  if (state.cache === 'only-if-cached' && state.mode !== 'same-origin') {
    throw new TypeError("'only-if-cached' can be set only with 'same-origin' mode");
  }
  if (init.referrer !== undefined) {
    const referrer = toUSVString(init.referrer);
    state.referrer = referrer === '' ? '' : referrerOf(referrer);
  }
  if (init.integrity !== undefined && init.integrity !== null) state.integrity = String(init.integrity);
  if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive);
  if (init.method !== undefined) state.method = normalizeMethod(init.method);
  if (init.dispatcher !== undefined) state.dispatcher = init.dispatcher;
}

function referrerOf(text) {
  try {
    return new (require('url').URL)(text).href;
  } catch (cause) {
    throw new TypeError(`Referrer "${text}" is not a valid URL.`, { cause });
  }
}

function setSignal(state, signal) {
  if (signal === undefined || signal === null) return;
  if (typeof signal !== 'object' || typeof signal.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') {
    throw new TypeError(`RequestInit: Expected signal ("${String(signal)}") to be an instance of AbortSignal.`);
  }
  const { AbortSignal } = require('internal/abort_controller');
  state.signal = AbortSignal.any([signal]);
}

function setBody(state, init, from) {
  const given = init.body !== undefined && init.body !== null;
  if ((given || (from !== undefined && from.body !== null)) && (state.method === 'GET' || state.method === 'HEAD')) {
    throw new TypeError('Request with GET/HEAD method cannot have body.');
  }
  if (given) {
    const [body, type] = extractBody(init.body, state.keepalive);
    state.body = body;
    if (type !== null && getValue(state.headers, 'content-type') === null) appendRaw(state.headers, 'content-type', type);
    if (body.source === null && init.duplex === undefined) {
      throw new TypeError('RequestInit: duplex option is required when sending a body.');
    }
  } else if (from !== undefined && from.body !== null) {
    if (from.body.unusable) throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
    // The body moves to the new request.
    state.body = from.body;
    const moved = Object.create(Object.getPrototypeOf(from.body));
    Object.assign(moved, from.body, { used: true });
    from.body = moved;
  }
}

markTransferMode(Request.prototype, kUncloneable);

module.exports = { Request };
