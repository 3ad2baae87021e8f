/**
 * Headers: from what users give to names and values in a row, and back. RFC 9113 §8.2, §8.3; Node docs: "Headers object".
 */
'use strict';

const {
  codes: {
    ERR_HTTP2_CONNECT_AUTHORITY, ERR_HTTP2_CONNECT_PATH, ERR_HTTP2_CONNECT_SCHEME, ERR_HTTP2_HEADER_SINGLE_VALUE,
    ERR_HTTP2_INVALID_CONNECTION_HEADERS, ERR_HTTP2_INVALID_HEADER_VALUE, ERR_HTTP2_INVALID_PSEUDOHEADER, ERR_INVALID_ARG_VALUE,
    ERR_INVALID_HTTP_TOKEN,
  },
} = require('internal/errors');

/** Key of the names that must stay out of compression tables. Node docs: http2.sensitiveHeaders. */
const kSensitiveHeaders = Symbol('sensitiveHeaders');

/** Fields that come once. RFC 9110; as Node has it. */
const SINGLE = new Set([
  ':authority', ':method', ':path', ':protocol', ':scheme', ':status', 'access-control-allow-credentials', 'access-control-max-age',
  'access-control-request-method', 'age', 'authorization', 'content-encoding', 'content-language', 'content-length',
  'content-location', 'content-md5', 'content-range', 'content-type', 'date', 'dnt', 'etag', 'expires', 'from', 'host', 'if-match',
  'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards',
  'proxy-authorization', 'range', 'referer', 'retry-after', 'tk', 'upgrade-insecure-requests', 'user-agent',
  'x-content-type-options',
]);

const REQUEST_PSEUDO = new Set([':authority', ':method', ':path', ':protocol', ':scheme']);
const RESPONSE_PSEUDO = new Set([':status']);
const NO_PSEUDO = new Set();

const tokenExpression = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;

/** Names that passed the checks below, with what they are in lower case: programs use few. */
const known = new Map();
const KNOWN_MAX = 512;

/** `name` in lower case. Throws for what is no token. */
function lowerName(name) {
  const lower = known.get(name);
  if (lower !== undefined) return lower;
  const checked = name.toLowerCase();
  if (name[0] !== ':' && !tokenExpression.test(name)) throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
  if (known.size < KNOWN_MAX) known.set(name, checked);
  return checked;
}

/** Fields that belong to a connection of HTTP/1. RFC 9113 §8.2.2. */
function isConnectionHeader(name, value) {
  switch (name) {
    case 'connection':
    case 'http2-settings':
    case 'keep-alive':
    case 'proxy-connection':
    case 'transfer-encoding':
    case 'upgrade':
      return true;
    case 'te':
      return value !== 'trailers';
    default:
      return false;
  }
}

/**
 * Names and values in a row, pseudo-headers first. `headers` is an object, or such a row; `pseudo` the pseudo-headers that are
 * allowed; `strict`: fields that come once must do so.
 */
function toList(headers, pseudo, strict) {
  const list = [];
  const front = [];
  const seen = strict ? new Set() : undefined;
  if (Array.isArray(headers)) {
    for (let i = 0; i < headers.length; i += 2) add(headers[i], headers[i + 1], list, front, pseudo, seen);
  } else {
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value === undefined || name === '') continue;
      add(name, value, list, front, pseudo, seen);
    }
  }
  if (front.length === 0) return list;
  for (let i = 0; i < list.length; i++) front.push(list[i]);
  return front;
}

function add(name, value, list, front, pseudo, seen) {
  name = lowerName(name);
  if (Array.isArray(value)) {
    if (value.length === 0) return;
    if (value.length > 1) {
      if (seen !== undefined && SINGLE.has(name)) throw new ERR_HTTP2_HEADER_SINGLE_VALUE(name);
      if (name[0] !== ':') {
        if (isConnectionHeader(name, value)) throw new ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
        for (const item of value) list.push(name, String(item));
        return;
      }
    }
    value = value[0];
  }
  if (seen !== undefined && SINGLE.has(name)) {
    if (seen.has(name)) throw new ERR_HTTP2_HEADER_SINGLE_VALUE(name);
    seen.add(name);
  }
  value = String(value);
  if (name[0] === ':') {
    if (!pseudo.has(name)) throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
    front.push(name, value);
    return;
  }
  if (isConnectionHeader(name, value)) throw new ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
  list.push(name, value);
}

/** The names under `sensitiveHeaders`, in lower case; undefined if there are none. */
function sensitiveOf(headers) {
  const names = headers[kSensitiveHeaders];
  if (names === undefined) return undefined;
  if (!Array.isArray(names)) throw new ERR_INVALID_ARG_VALUE('headers[http2.neverIndex]', names);
  return names.length === 0 ? undefined : names.map((name) => String(name).toLowerCase());
}

/** An object of names and values in a row. Node docs: "Headers object". */
function toObject(list, sensitive) {
  const headers = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    let value = list[i + 1];
    if (name === ':status') value |= 0;
    const before = headers[name];
    if (before === undefined) {
      headers[name] = name === 'set-cookie' ? [value] : value;
    } else if (!SINGLE.has(name)) {
      if (name === 'set-cookie') before.push(value);
      else if (name === 'cookie') headers[name] = `${before}; ${value}`;
      else headers[name] = `${before}, ${value}`;
    }
  }
  headers[kSensitiveHeaders] = sensitive ?? [];
  return headers;
}

/** An object of a raw row as users gave it: what came several times is an array. */
function rawToObject(list) {
  const headers = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    const before = headers[name];
    if (before === undefined) headers[name] = list[i + 1];
    else if (Array.isArray(before)) before.push(list[i + 1]);
    else headers[name] = [before, list[i + 1]];
  }
  return headers;
}

/** What a CONNECT request must, and must not have. RFC 9113 §8.5, RFC 8441. */
function checkConnect(headers) {
  if (headers[':authority'] === undefined) throw new ERR_HTTP2_CONNECT_AUTHORITY();
  if (headers[':protocol'] !== undefined) return;
  if (headers[':scheme'] !== undefined) throw new ERR_HTTP2_CONNECT_SCHEME();
  if (headers[':path'] !== undefined) throw new ERR_HTTP2_CONNECT_PATH();
}

/** Of the compatibility API: what a header's value may not be. */
function assertValue(name, value) {
  if (value === undefined || value === null) throw new ERR_HTTP2_INVALID_HEADER_VALUE(value, name);
}

module.exports = {
  NO_PSEUDO, REQUEST_PSEUDO, RESPONSE_PSEUDO, assertValue, checkConnect, isConnectionHeader, kSensitiveHeaders, rawToObject,
  sensitiveOf, toList, toObject, tokenExpression,
};
