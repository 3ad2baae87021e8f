/** `util.styleText`. */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { inspect } = require('internal/util/inspect');
const { showsColors } = require('internal/util/colors');
const { validateBoolean, validateObject, validateOneOf, validateString } = require('internal/validators');

const hexColor = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/**
 * `text` between the escape sequences of `format`, which is a name of `util.inspect.colors`, a colour `#rrggbb`, or a
 * list of those. By default only if `options.stream` (stdout) shows colours.
 */
function styleText(format, text, options = kEmptyObject) {
  validateString(text, 'text');
  validateObject(options, 'options');
  const { validateStream = true } = options;
  validateBoolean(validateStream, 'options.validateStream');
  let plain = false;
  if (validateStream) {
    const stream = options.stream === undefined ? process.stdout : options.stream;
    if (!isStream(stream)) {
      throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    plain = !showsColors(stream);
  }
  const formats = Array.isArray(format) ? format : [format];
  const codes = [];
  for (const name of formats) {
    if (name === 'none') continue;
    codes.push(codesOf(name));
  }
  if (plain) return text;
  let out = text;
  for (let i = codes.length - 1; i >= 0; i--) {
    const [open, close] = codes[i];
    out = `\u001b[${open}m${reopen(out, open, close)}\u001b[${close}m`;
  }
  return out;
}

function codesOf(name) {
  if (typeof name === 'string' && name[0] === '#') {
    if (!hexColor.test(name)) {
      throw new ERR_INVALID_ARG_VALUE('format', name, 'must be a valid hex color (#RGB or #RRGGBB)');
    }
    const digits = name.length === 4 ? name.slice(1).replace(/./g, '$&$&') : name.slice(1);
    const parts = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
    return [`38;2;${parts.join(';')}`, 39];
  }
  const codes = typeof name === 'string' ? inspect.colors[name] : undefined;
  if (codes === undefined) {
    validateOneOf(name, 'format', Object.getOwnPropertyNames(inspect.colors).sort(aliasesLast));
    return inspect.colors[name];
  }
  return codes;
}

function aliasesLast(a, b) {
  const rank = (name) => (Object.getOwnPropertyDescriptor(inspect.colors, name).enumerable ? 0 : 1);
  return rank(a) - rank(b);
}

/** Where an inner style ends with our closing sequence, ours goes on. */
function reopen(text, open, close) {
  const closing = `\u001b[${close}m`;
  let at = text.indexOf(closing);
  if (at === -1) return text;
  // Bold and dim close with one code, so that closing one must not lose the other.
  const keepsClosing = close === 22;
  let out = '';
  let copied = 0;
  for (; at !== -1; at = text.indexOf(closing, copied)) {
    const end = at + closing.length;
    if (end === text.length) break;
    out += `${text.slice(copied, at)}${keepsClosing ? closing : ''}\u001b[${open}m`;
    copied = end;
  }
  return out + text.slice(copied);
}

function isStream(value) {
  if (value === null || typeof value !== 'object') return false;
  if (typeof value.pipe === 'function' || typeof value.write === 'function' || typeof value.on === 'function') return true;
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ReadableStream]' || tag === '[object WritableStream]';
}

module.exports = { styleText };
