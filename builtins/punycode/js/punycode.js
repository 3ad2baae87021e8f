/**
 * `node:punycode`, deprecated (DEP0040): RFC 3492 strings and domain names made of them.
 *
 * Encoder and decoder follow RFC 3492 section 6; there is no normalization and no validation of
 * names here, that is `url.domainToASCII`.
 * Node docs: punycode.
 */
'use strict';

// Node's warning is for programs; a dependency that still asks for the module cannot be helped.
const { isInsideNodeModules } = require('internal/util');
if (!isInsideNodeModules()) {
  process.emitWarning(
    'The `punycode` module is deprecated. Please use a userland alternative instead.',
    'DeprecationWarning', 'DEP0040');
}

// RFC 3492 section 5.
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;

/** Deltas are 32 bit integers in RFC 3492; larger ones overflow. */
const INT_MAX = 0x7FFFFFFF;

const OVERFLOW = 'Overflow: input needs wider integers to process';
const NOT_BASIC = 'Illegal input >= 0x80 (not a basic code point)';
const INVALID = 'Invalid input';

/** RFC 3492 section 6.1. */
function adapt(delta, points, first) {
  delta = first ? Math.floor(delta / DAMP) : delta >> 1;
  delta += Math.floor(delta / points);
  let k = 0;
  while (delta > ((BASE - T_MIN) * T_MAX) >> 1) {
    delta = Math.floor(delta / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor((BASE - T_MIN + 1) * delta / (delta + SKEW));
}

function threshold(k, bias) {
  if (k <= bias) return T_MIN;
  return k >= bias + T_MAX ? T_MAX : k - bias;
}

/** The value of a digit: a-z (either case) are 0..25, 0-9 are 26..35; BASE for anything else. */
function digitOf(code) {
  if (code >= 48 && code < 58) return code - 48 + 26;
  if (code >= 65 && code < 91) return code - 65;
  if (code >= 97 && code < 123) return code - 97;
  return BASE;
}

function digitToChar(digit) {
  return String.fromCharCode(digit < 26 ? digit + 97 : digit - 26 + 48);
}

/** Code points of `string`; a surrogate without its other half counts as one. */
function ucs2decode(string) {
  return Array.from(string, (char) => char.codePointAt(0));
}

/** The string of `codePoints`. Throws RangeError for what is no code point. */
function ucs2encode(codePoints) {
  return String.fromCodePoint(...codePoints);
}

/** Decodes one label without its 'xn--'. Throws RangeError. RFC 3492 section 6.2. */
function decode(input) {
  const output = [];
  const basic = Math.max(input.lastIndexOf('-'), 0);
  for (let j = 0; j < basic; j++) {
    if (input.charCodeAt(j) >= 0x80) throw new RangeError(NOT_BASIC);
    output.push(input.charCodeAt(j));
  }
  let n = INITIAL_N;
  let bias = INITIAL_BIAS;
  let i = 0;
  for (let index = basic > 0 ? basic + 1 : 0; index < input.length;) {
    const before = i;
    for (let weight = 1, k = BASE; ; k += BASE) {
      if (index >= input.length) throw new RangeError(INVALID);
      const digit = digitOf(input.charCodeAt(index++));
      if (digit >= BASE) throw new RangeError(INVALID);
      if (digit > Math.floor((INT_MAX - i) / weight)) throw new RangeError(OVERFLOW);
      i += digit * weight;
      const t = threshold(k, bias);
      if (digit < t) break;
      if (weight > Math.floor(INT_MAX / (BASE - t))) throw new RangeError(OVERFLOW);
      weight *= BASE - t;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    if (Math.floor(i / length) > INT_MAX - n) throw new RangeError(OVERFLOW);
    n += Math.floor(i / length);
    i %= length;
    output.splice(i++, 0, n);
  }
  return ucs2encode(output);
}

/** Encodes one label, without 'xn--'. Throws RangeError. RFC 3492 section 6.3. */
function encode(string) {
  const input = ucs2decode(string);
  let output = '';
  for (const point of input) if (point < 0x80) output += String.fromCharCode(point);
  const basic = output.length;
  let handled = basic;
  if (basic > 0) output += '-';

  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  while (handled < input.length) {
    let next = INT_MAX;
    for (const point of input) if (point >= n && point < next) next = point;
    if (next - n > Math.floor((INT_MAX - delta) / (handled + 1))) throw new RangeError(OVERFLOW);
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of input) {
      if (point < n && ++delta > INT_MAX) throw new RangeError(OVERFLOW);
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        output += digitToChar(t + (q - t) % (BASE - t));
        q = Math.floor((q - t) / (BASE - t));
      }
      output += digitToChar(q);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return output;
}

/** Applies `convert` to each label of a domain, or of the domain of an e-mail address. */
function mapDomain(domain, convert) {
  const parts = domain.split('@');
  let result = '';
  if (parts.length > 1) {
    result = `${parts[0]}@`;
    domain = parts[1];
  }
  // All full stops of RFC 3490 section 3.1 separate labels.
  const labels = domain.replace(/[\u3002\uFF0E\uFF61]/g, '.').split('.');
  return result + labels.map(convert).join('.');
}

/** Decodes the labels that start with 'xn--'. */
function toUnicode(input) {
  return mapDomain(input, (label) =>
    label.startsWith('xn--') ? decode(label.slice(4).toLowerCase()) : label);
}

/** Encodes the labels that are not ASCII. */
function toASCII(input) {
  return mapDomain(input, (label) => /[^\0-\x7F]/.test(label) ? `xn--${encode(label)}` : label);
}

module.exports = {
  // The version of the package whose API this is.
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode,
  encode,
  toASCII,
  toUnicode,
};
