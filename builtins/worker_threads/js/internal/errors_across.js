/** Errors on their way from a worker to its parent: class, message, stack and own properties. Node docs: Worker, 'error'. */
'use strict';

const { structuredClone } = require('internal/structured_clone');

const CLASSES = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError };

function cloneable(value) {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** What can be posted of any thrown value. */
function pack(value) {
  if (!Error.isError(value)) {
    if (cloneable(value)) return { kind: 'value', value };
    return { kind: 'text', text: require('internal/util/inspect').inspect(value) };
  }
  const properties = [];
  for (const key of ['stack', 'message', ...Object.getOwnPropertyNames(value)]) {
    if (properties.some((property) => property.key === key)) continue;
    let inner;
    try {
      inner = value[key];
    } catch {
      // Node sends a stack that cannot be made as undefined.
      if (key === 'stack') properties.push({ key, enumerable: false, value: undefined });
      continue;
    }
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, key);
    if (Error.isError(inner)) properties.push({ key, enumerable, packed: pack(inner) });
    else if (cloneable(inner)) properties.push({ key, enumerable, value: inner });
  }
  let known = 'Error';
  for (let proto = Object.getPrototypeOf(value); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const name = Object.hasOwn(proto, 'constructor') ? proto.constructor?.name : undefined;
    if (Object.hasOwn(CLASSES, name)) {
      known = name;
      break;
    }
  }
  return { kind: 'error', known, name: String(value.name), properties };
}

/** The value that `pack` made of one. */
function unpack(packed) {
  if (packed.kind === 'value') return packed.value;
  if (packed.kind === 'text') return packed.text;
  const error = packed.known === 'AggregateError' ? new AggregateError([]) : new CLASSES[packed.known]();
  for (const property of packed.properties) {
    Object.defineProperty(error, property.key, {
      __proto__: null,
      configurable: true,
      enumerable: property.enumerable,
      value: property.packed === undefined ? property.value : unpack(property.packed),
      writable: true,
    });
  }
  if (error.name !== packed.name) {
    Object.defineProperty(error, 'name', { __proto__: null, configurable: true, enumerable: false, value: packed.name, writable: true });
  }
  return error;
}

module.exports = { pack, unpack };
