/** Conversions of Web IDL that fetch's classes need, and the shape of their prototypes. */
'use strict';

/** Web IDL: ByteString. */
function toByteString(value, prefix) {
  const text = toDOMString(value);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) {
      throw new TypeError(`Cannot convert argument to a ByteString because the character at index ${i} has a value of ${code} ` +
        'which is greater than 255.');
    }
  }
  return text;
}

/** Web IDL: DOMString. */
function toDOMString(value) {
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return String(value);
}

/** Web IDL: USVString. */
function toUSVString(value) {
  return toDOMString(value).toWellFormed();
}

/** At least `count` arguments, or a TypeError. */
function requireArguments(args, count, what) {
  if (args.length >= count) return;
  const plural = count === 1 ? '' : 's';
  throw new TypeError(`${what}: ${count} argument${plural} required, but${args.length ? ' only' : ''} ${args.length} found.`);
}

function brandCheck(object, Class) {
  if (!(object instanceof Class)) throw new TypeError('Illegal invocation');
}

/** Makes methods and accessors enumerable, as Web IDL has them, and names the class. */
function describe(Class, names, tag = Class.name) {
  for (const name of names) {
    Object.defineProperty(Class.prototype, name, { __proto__: null, enumerable: true });
  }
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: tag });
}

const isHttpWhitespace = (code) => code === 0x9 || code === 0xA || code === 0xD || code === 0x20;

/** Without the HTTP white space at both ends. */
function trimHttp(value) {
  let start = 0;
  let end = value.length;
  while (start < end && isHttpWhitespace(value.charCodeAt(start))) start++;
  while (end > start && isHttpWhitespace(value.charCodeAt(end - 1))) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

module.exports = { brandCheck, describe, requireArguments, toByteString, toDOMString, toUSVString, trimHttp };
