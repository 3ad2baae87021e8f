/** structuredClone. HTML: "Safe passing of structured data"; Node docs: structuredClone. */
'use strict';

const { clone } = binding('structured_clone');

/** The engine's wording of what cannot be cloned, in V8's: `#<Foo> could not be cloned.` */
function describe(value) {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (value !== null && typeof value === 'object') {
    const name = value.constructor?.name || 'Object';
    return `#<${name}>`;
  }
  return String(value);
}

/** Finds what the engine refused: the first function or symbol, else the value itself. */
function culprit(value, seen = new Set()) {
  if (typeof value === 'function' || typeof value === 'symbol') return value;
  if (value === null || typeof value !== 'object' || seen.has(value)) return undefined;
  seen.add(value);
  const parts = value instanceof Map ? [...value.keys(), ...value.values()] :
    value instanceof Set ? [...value] : Object.keys(value).map((key) => value[key]);
  for (const part of parts) {
    const found = culprit(part, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function dataCloneError(value) {
  const { DOMException } = globalThis;
  return new DOMException(`${describe(culprit(value) ?? value)} could not be cloned.`, 'DataCloneError');
}

/** Node docs: structuredClone(value[, options]). */
function structuredClone(value, options) {
  const { codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } } = require('internal/errors');
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('The "value" argument');
  if (options !== undefined && options !== null && typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', ['Object', 'null', 'undefined'], options);
  }
  const list = options?.transfer;
  const transfer = list === undefined || list === null ? undefined : [...list];
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')) return value;
  const blobs = require('internal/loader').cache.get('internal/buffer/blob')?.exports;
  if (blobs?.isBlob(value)) return blobs.clone(value);
  try {
    return clone(value, transfer);
  } catch (error) {
    // A getter's own exception passes through; the engine's refusals are TypeErrors of its own making.
    if (error instanceof TypeError || error?.name === 'InternalError' || error?.name === 'Error') throw dataCloneError(value);
    throw error;
  }
}

module.exports = { dataCloneError, structuredClone };
