/**
 * `node:querystring`: the legacy reader and writer of 'a=1&b=2'.
 *
 * `parse` cuts with the native `indexOf` and only decodes pieces that hold a '%' or a '+'. A
 * program may replace `querystring.escape` and `querystring.unescape`; both are looked up on the
 * exports at each call.
 * Node docs: querystring.
 */
'use strict';

const { codes: { ERR_INVALID_URI } } = require('internal/errors');

/** Pairs `parse` reads if not told otherwise. Node docs: querystring.parse, `maxKeys`. */
const KEYS_MAX = 1000;

/** Characters `encodeURIComponent` leaves alone, and so do we. */
const NEEDS_ESCAPE = /[^A-Za-z0-9\-_.!~*'()]/;

/** What `parse` takes for an escape; without one a piece is not decoded at all. */
const ESCAPED = /%[0-9A-Fa-f]{2}/;

const hexDigit = (code) => {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

/** Decodes '%XX' byte by byte into a Buffer; what is no valid escape stays. */
function unescapeBuffer(s, decodeSpaces) {
  const length = s.length;
  const out = Buffer.allocUnsafe(length);
  let size = 0;
  for (let i = 0; i < length; i++) {
    let code = s.charCodeAt(i);
    if (code === 43 && decodeSpaces) {
      code = 32;
    } else if (code === 37 && i + 2 < length) {
      const high = hexDigit(s.charCodeAt(i + 1));
      const low = hexDigit(s.charCodeAt(i + 2));
      if (high >= 0 && low >= 0) {
        code = high * 16 + low;
        i += 2;
      }
    }
    out[size++] = code;
  }
  return size === length ? out : out.slice(0, size);
}

/** Decodes '%XX' as UTF-8; never throws, malformed bytes become U+FFFD. */
function qsUnescape(s, decodeSpaces) {
  try {
    return decodeURIComponent(s);
  } catch {
    return module.exports.unescapeBuffer(s, decodeSpaces).toString();
  }
}

/**
 * Percent-encodes as `encodeURIComponent` does, but takes any unit after a surrogate for its other
 * half. Throws ERR_INVALID_URI if a surrogate is the last unit.
 */
function qsEscape(str) {
  if (typeof str !== 'string') {
    if (typeof str === 'object') str = String(str);
    else str += '';
  }
  if (!NEEDS_ESCAPE.test(str)) return str;
  if (str.isWellFormed()) return encodeURIComponent(str);
  let paired = '';
  for (let i = 0; i < str.length; i++) {
    const code = str.charCodeAt(i);
    if (code < 0xD800 || code > 0xDFFF) {
      paired += str[i];
      continue;
    }
    if (++i >= str.length) throw new ERR_INVALID_URI();
    const point = 0x10000 + (((code & 0x3FF) << 10) | (str.charCodeAt(i) & 0x3FF));
    paired += String.fromCodePoint(point);
  }
  return encodeURIComponent(paired);
}

function stringifyPrimitive(value) {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return Number.isFinite(value) ? `${value}` : '';
    case 'bigint': return `${value}`;
    case 'boolean': return value ? 'true' : 'false';
    default: return '';
  }
}

/** Writes the own enumerable properties of `obj`; an array gives its key once per element. */
function stringify(obj, sep, eq, options) {
  if (obj === null || typeof obj !== 'object') return '';
  sep ||= '&';
  eq ||= '=';
  let encode = module.exports.escape;
  if (typeof options?.encodeURIComponent === 'function') encode = options.encodeURIComponent;

  let out = '';
  for (const key of Object.keys(obj)) {
    const value = obj[key];
    const prefix = encode(key) + eq;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (out !== '') out += sep;
        out += prefix + encode(stringifyPrimitive(value[i]));
      }
    } else {
      if (out !== '') out += sep;
      out += prefix + encode(stringifyPrimitive(value));
    }
  }
  return out;
}

/** Reads `qs` into an object without prototype; a repeated key collects its values in an array. */
function parse(qs, sep, eq, options) {
  const out = { __proto__: null };
  if (typeof qs !== 'string' || qs.length === 0) return out;
  sep = sep ? `${sep}` : '&';
  eq = eq ? `${eq}` : '=';

  let pairsLeft = KEYS_MAX;
  if (typeof options?.maxKeys === 'number') {
    pairsLeft = options.maxKeys > 0 ? options.maxKeys : -1;
  }
  let decode = module.exports.unescape;
  if (typeof options?.decodeURIComponent === 'function') decode = options.decodeURIComponent;
  const custom = decode !== qsUnescape;

  let equals = -1;
  for (let start = 0; start <= qs.length;) {
    let end = sep === '' ? -1 : qs.indexOf(sep, start);
    if (end === -1) end = qs.length;
    if (end > start) {
      // Kept until passed: a long input without '=' must not be searched again for each key.
      if (equals < start) {
        equals = qs.indexOf(eq, start);
        if (equals === -1) equals = qs.length;
      }
      const keyEnd = equals < end ? equals : end;
      const key = decodePiece(qs.slice(start, keyEnd), decode, custom);
      const value = keyEnd === end ? '' :
        decodePiece(qs.slice(keyEnd + eq.length, end), decode, custom);
      const before = out[key];
      if (before === undefined) out[key] = value;
      else if (typeof before === 'string') out[key] = [before, value];
      else before.push(value);
    }
    // Observed in Node: an empty pair counts too.
    if (--pairsLeft === 0) break;
    start = end + (sep.length || 1);
  }
  return out;
}

function decodePiece(piece, decode, custom) {
  if (piece.length === 0) return piece;
  // A decoder of the program's own gets an escape for '+', it may treat spaces its own way.
  if (piece.includes('+')) piece = piece.replaceAll('+', custom ? '%20' : ' ');
  if (!custom && !ESCAPED.test(piece)) return piece;
  try {
    return decode(piece);
  } catch {
    return module.exports.unescape(piece, true);
  }
}

module.exports = {
  unescapeBuffer,
  unescape: qsUnescape,
  escape: qsEscape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};
