/**
 * How a Buffer looks in `util.inspect`: `<Buffer 61 62 ... 10 more bytes, extra: 1>`.
 * Node docs: buffer.INSPECT_MAX_BYTES.
 */
'use strict';

const { hex } = require('internal/buffer/encodings');

/**
 * `bytes` as inspect shows it, at most `maxBytes` of it. `context`: the options of a running
 * `util.inspect`; without them own properties are left out.
 */
function inspectBytes(bytes, maxBytes, context) {
  const shown = Math.min(maxBytes, bytes.length);
  const parts = [];
  let text = hex.slice(bytes, 0, shown).replace(/(..)(?=.)/g, '$1 ');
  const hidden = bytes.length - shown;
  if (hidden > 0) text += ` ... ${hidden} more byte${hidden > 1 ? 's' : ''}`;
  if (text !== '' && shown > 0 || hidden > 0) parts.push(text);
  if (context) {
    const extras = inspectExtras(bytes, context);
    if (extras !== '') parts.push(extras);
  }
  return `<${className(bytes)} ${parts.join(', ')}>`;
}

function className(bytes) {
  const { constructor } = bytes;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Buffer';
}

/** Own properties that are no bytes, as `a: 1, b: 2`. */
function inspectExtras(bytes, context) {
  const extras = { __proto__: null };
  let found = false;
  const own = context.showHidden ? Reflect.ownKeys(bytes) : [
    ...Object.keys(bytes),
    ...Object.getOwnPropertySymbols(bytes).filter((key) => Object.prototype.propertyIsEnumerable.call(bytes, key)),
  ];
  // The indices come first, so only what follows them can be extra.
  for (let i = bytes.length; i < own.length; i++) {
    found = true;
    extras[own[i]] = bytes[own[i]];
  }
  if (!found) return '';
  const { inspect } = require('util');
  const text = inspect(extras, { ...context, breakLength: Infinity, compact: true });
  // Without `[Object: null prototype] {` and the closing brace.
  return text.slice(27, -2);
}

module.exports = { inspectBytes };
