/** `Response`. Fetch Standard §5.5. */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { brandCheck, describe, requireArguments, toByteString, toUSVString } = require('internal/fetch/webidl');
const { Headers, appendRaw, fill, getValue, setGuard } = require('internal/fetch/headers');
const { extractBody, kBody, mixin } = require('internal/fetch/body');

const NULL_BODY = [101, 103, 204, 205, 304];
const REDIRECT = [301, 302, 303, 307, 308];

const kInternal = Symbol('internal');

class Response {
  constructor(body = null, init = {}) {
    if (body === kInternal) {
      this[kBody] = init;
      return;
    }
    const state = this[kBody] = {
      body: null, headers: setGuard(new Headers(), 'response'), redirected: false, status: 200, statusText: '', type: 'default', url: '',
    };
    let extracted = null;
    if (body !== null && body !== undefined) extracted = extractBody(body);
    initialize(state, init, extracted);
  }

  static error() {
    return make({ headers: setGuard(new Headers(), 'immutable'), status: 0, type: 'error' });
  }

  static json(data, init = {}) {
    requireArguments(arguments, 1, 'Response.json');
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Value is not JSON serializable');
    const response = make({ headers: setGuard(new Headers(), 'response') });
    initialize(response[kBody], init, [extractBody(text)[0], 'application/json']);
    return response;
  }

  static redirect(url, status = 302) {
    requireArguments(arguments, 1, 'Response.redirect');
    let parsed;
    try {
      parsed = new (require('url').URL)(toUSVString(url));
    } catch (cause) {
      throw new TypeError(`Failed to parse URL from ${url}`, { cause });
    }
    status = Number(status) & 0xffff;
    if (!REDIRECT.includes(status)) throw new RangeError(`Invalid status code ${status}`);
    const response = make({ headers: new Headers(), status });
    appendRaw(response[kBody].headers, 'location', parsed.href);
    setGuard(response[kBody].headers, 'immutable');
    return response;
  }

  get type() {
    brandCheck(this, Response);
    return this[kBody].type;
  }

  get url() {
    brandCheck(this, Response);
    return this[kBody].url;
  }

  get redirected() {
    brandCheck(this, Response);
    return this[kBody].redirected;
  }

  get status() {
    brandCheck(this, Response);
    return this[kBody].status;
  }

  get ok() {
    brandCheck(this, Response);
    return this[kBody].status >= 200 && this[kBody].status <= 299;
  }

  get statusText() {
    brandCheck(this, Response);
    return this[kBody].statusText;
  }

  get headers() {
    brandCheck(this, Response);
    return this[kBody].headers;
  }

  clone() {
    brandCheck(this, Response);
    const state = this[kBody];
    if (state.body?.unusable) throw new TypeError('Response.clone: Body has already been consumed.');
    const headers = new Headers(state.headers);
    return make({ ...state, headers, body: state.body === null ? null : state.body.clone() });
  }

  [customInspectSymbol](depth, options, inspect) {
    const { status, statusText, headers, body, bodyUsed, ok, redirected, type, url } = this;
    if (options.depth === null) options.depth = 2;
    options.colors ??= true;
    return `Response ${(inspect ?? require('util').inspect)(
      { status, statusText, headers, body, bodyUsed, ok, redirected, type, url }, options)}`;
  }
}
describe(Response, ['type', 'url', 'redirected', 'status', 'ok', 'statusText', 'headers', 'clone']);
mixin(Response, (response) => getValue(response[kBody].headers, 'content-type'));
for (const name of ['error', 'json', 'redirect']) Object.defineProperty(Response, name, { __proto__: null, enumerable: true });

function make(state) {
  return new Response(kInternal, {
    body: null, headers: null, redirected: false, status: 200, statusText: '', type: 'default', url: '', ...state,
  });
}

function initialize(state, init, extracted) {
  if (init === null || init === undefined) init = {};
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new TypeError('Response constructor: Expected init ("init") to be one of: Null, Undefined, Object.');
  }
  const { status = 200, statusText = '', headers } = init;
  const number = Number(status) & 0xffff;
  if (number < 200 || number > 599) {
    throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
  }
  const text = toByteString(statusText);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw new TypeError('Invalid statusText');
  state.status = number;
  state.statusText = text;
  if (headers !== undefined && headers !== null) fill(state.headers, headers, 'Headers constructor');
  if (extracted === null) return;
  if (NULL_BODY.includes(number)) throw new TypeError(`Response constructor: Invalid response status code ${number}`);
  [state.body] = extracted;
  if (extracted[1] !== null && getValue(state.headers, 'content-type') === null) {
    appendRaw(state.headers, 'content-type', extracted[1]);
  }
}

markTransferMode(Response.prototype, kUncloneable);

module.exports = { NULL_BODY, REDIRECT, Response, makeResponse: make };

// Who has responses may compile them.
require('internal/module/wasm_api').extend();
