/**
 * Values as clients see them: RemoteObject, its preview, and the table of objects that clients hold. DevTools protocol: Runtime.RemoteObject.
 *
 * A value of the program is a primitive, or a Debugger.Object. Nothing here runs code of the program, but for `toValue`, whose clients ask
 * for it, and the text of an error's stack.
 */
'use strict';

const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const sizeOf = {
  Map: getter(Map.prototype, 'size'),
  Set: getter(Set.prototype, 'size'),
  ArrayBuffer: getter(ArrayBuffer.prototype, 'byteLength'),
  SharedArrayBuffer: typeof SharedArrayBuffer === 'function' ? getter(SharedArrayBuffer.prototype, 'byteLength') : undefined,
  DataView: getter(DataView.prototype, 'byteLength'),
};
const typedArrayLength = getter(TypedArrayPrototype, 'length');

const SUBTYPES = {
  __proto__: null, Array: 'array', RegExp: 'regexp', Date: 'date', Map: 'map', Set: 'set', WeakMap: 'weakmap', WeakSet: 'weakset',
  Promise: 'promise', ArrayBuffer: 'arraybuffer', SharedArrayBuffer: 'arraybuffer', DataView: 'dataview', Generator: 'generator',
  AsyncGenerator: 'generator', 'Map Iterator': 'iterator', 'Set Iterator': 'iterator',
};
const TYPED_ARRAY = /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/;

/** Characters of a string in a preview; properties; indices; depth of a value that is asked for whole. */
const PREVIEW_TEXT_MAX = 100;
const PREVIEW_PROPERTIES_MAX = 5;
const PREVIEW_INDICES_MAX = 100;
const VALUE_DEPTH_MAX = 1000;

function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

const isObject = (value) => value instanceof Debugger.Object;

/** What the environment of a frame says of a variable that has no value. */
function isAbsent(value) {
  return value !== null && typeof value === 'object' && !isObject(value);
}

/** The name of the function that `constructor` along the prototypes holds. */
function constructorName(object) {
  for (let at = object, depth = 0; at !== null && at !== undefined && depth < 64; depth++) {
    if (at.isProxy) break;
    const found = attempt(() => at.getOwnPropertyDescriptor('constructor'));
    if (isObject(found?.value) && found.value.callable && !found.value.isProxy) {
      const name = attempt(() => found.value.getOwnPropertyDescriptor('name')?.value);
      if (typeof name === 'string' && name !== '') return name;
    }
    at = attempt(() => at.proto, null);
  }
  return undefined;
}

/** The class of the object's inside, whatever its prototype says. */
function innerClass(object) {
  const name = object.class;
  if (name === 'Object' || name === 'Function') return name;
  if (object.isError) return 'Error';
  return name;
}

function toStringTag(object) {
  for (let at = object, depth = 0; at !== null && at !== undefined && !at.isProxy && depth < 8; depth++) {
    const found = attempt(() => at.getOwnPropertyDescriptor(Symbol.toStringTag));
    if (typeof found?.value === 'string') return found.value;
    at = attempt(() => at.proto, null);
  }
  return undefined;
}

function describeObject(object, host) {
  if (object.isProxy) {
    const target = attempt(() => object.proxyTarget, null);
    const inner = isObject(target) ? describeObject(target, host) : { className: 'Object', description: 'null' };
    return { type: object.callable ? 'function' : 'object', subtype: 'proxy', className: inner.className, description: `Proxy(${inner.className})` };
  }
  const raw = object.unsafeDereference();
  if (object.callable) {
    const text = attempt(() => Function.prototype.toString.call(raw), 'function () { [native code] }');
    const kind = object.isGeneratorFunction ? object.isAsyncFunction ? 'AsyncGeneratorFunction' : 'GeneratorFunction' :
      object.isAsyncFunction ? 'AsyncFunction' : 'Function';
    return { type: 'function', className: kind, description: text };
  }
  const inner = innerClass(object);
  const className = constructorName(object) ?? toStringTag(object) ?? (inner === 'Object' ? 'Object' : inner);
  const result = { type: 'object', subtype: SUBTYPES[inner], className, description: className };
  switch (inner) {
    case 'Array': {
      const length = attempt(() => object.getOwnPropertyDescriptor('length')?.value, 0);
      result.description = `${className}(${length})`;
      break;
    }
    case 'Error':
      result.subtype = 'error';
      result.description = attempt(() => String(host.errorText(raw)), className);
      break;
    case 'Date': result.description = attempt(() => Date.prototype.toString.call(raw), className); break;
    case 'RegExp': result.description = attempt(() => RegExp.prototype.toString.call(raw), className); break;
    case 'Map': case 'Set': case 'ArrayBuffer': case 'SharedArrayBuffer': case 'DataView':
      result.description = `${className}(${attempt(() => sizeOf[inner].call(raw), 0)})`;
      break;
    case 'Arguments': result.subtype = 'array'; result.description = 'Arguments'; result.className = 'Arguments'; break;
    default:
      if (TYPED_ARRAY.test(inner)) {
        result.subtype = 'typedarray';
        result.description = `${className}(${attempt(() => typedArrayLength.call(raw), 0)})`;
      } else if (inner === 'Generator' || inner === 'AsyncGenerator') {
        result.className = result.description = toStringTag(object) ?? inner;
      } else if (inner.endsWith(' Iterator')) {
        result.className = result.description = inner;
      }
  }
  if (result.subtype === undefined) delete result.subtype;
  return result;
}

/** RemoteObject of anything, without an object id and without a preview. */
function describe(value, host) {
  if (isAbsent(value)) return { type: 'undefined' };
  switch (typeof value) {
    case 'undefined': return { type: 'undefined' };
    case 'number': {
      const description = Object.is(value, -0) ? '-0' : String(value);
      return Number.isFinite(value) && !Object.is(value, -0) ? { type: 'number', value, description } :
        { type: 'number', unserializableValue: description, description };
    }
    case 'bigint': return { type: 'bigint', unserializableValue: `${value}n`, description: `${value}n` };
    case 'string': return { type: 'string', value };
    case 'boolean': return { type: 'boolean', value };
    case 'symbol': return { type: 'symbol', description: String(value) };
    default:
  }
  if (value === null) return { type: 'object', subtype: 'null', value: null };
  return describeObject(value, host);
}

function shorten(text) {
  return text.length > PREVIEW_TEXT_MAX ? `${text.slice(0, PREVIEW_TEXT_MAX - 1)}\u2026` : text;
}

/** PropertyPreview without its name. */
function previewValue(value, host) {
  const found = describe(value, host);
  switch (found.type) {
    case 'undefined': return { type: 'undefined', value: 'undefined' };
    case 'string': return { type: 'string', value: shorten(found.value) };
    case 'boolean': return { type: 'boolean', value: String(found.value) };
    case 'function': return { type: 'function', value: '' };
    case 'object':
      if (value === null) return { type: 'object', subtype: 'null', value: 'null' };
      return found.subtype === undefined ? { type: 'object', value: shorten(found.description) } :
        { type: 'object', value: shorten(found.description), subtype: found.subtype };
    default: return { type: found.type, value: found.description };
  }
}

/** Own properties that enumerate, as previews; stops at the limits. */
function previewProperties(object, host, out) {
  let named = 0;
  let indices = 0;
  const isList = Array.isArray(attempt(() => object.unsafeDereference()));
  for (const key of attempt(() => [...object.getOwnPropertyNames(), ...object.getOwnPropertySymbols()], [])) {
    const found = attempt(() => object.getOwnPropertyDescriptor(key));
    if (found === undefined || !found.enumerable) continue;
    const isIndex = isList && typeof key === 'string' && /^\d+$/.test(key);
    if (isIndex ? ++indices > PREVIEW_INDICES_MAX : ++named > PREVIEW_PROPERTIES_MAX) {
      out.overflow = true;
      if (!isIndex) return;
      continue;
    }
    const name = typeof key === 'symbol' ? String(key) : key;
    out.properties.push('value' in found ? { name, ...previewValue(found.value, host) } : { name, type: 'accessor', value: '' });
  }
}

function entryPreview(value, host) {
  const found = describe(value, host);
  if (!isObject(value)) {
    return { type: found.type, description: found.description ?? String(found.value), overflow: false, properties: [] };
  }
  return preview(value, host);
}

/** ObjectPreview. */
function preview(object, host) {
  const found = describeObject(object, host);
  const out = { type: found.type, subtype: found.subtype, description: found.description, overflow: false, properties: [] };
  if (found.subtype === undefined) delete out.subtype;
  if (found.subtype === 'proxy') return out;
  const raw = object.unsafeDereference();
  switch (object.class) {
    case 'Map': case 'Set': {
      const entries = [];
      out.properties.push({ name: 'size', type: 'number', value: String(attempt(() => sizeOf[object.class].call(raw), 0)) });
      for (const { 0: key, 1: value } of collectionEntries(object)) {
        if (entries.length === PREVIEW_PROPERTIES_MAX) {
          out.overflow = true;
          break;
        }
        entries.push(object.class === 'Map' ? { key: entryPreview(key, host), value: entryPreview(value, host) } : { value: entryPreview(value, host) });
      }
      out.entries = entries;
      break;
    }
    case 'Promise':
      out.properties.push({ name: '[[PromiseState]]', type: 'string', value: object.promiseState });
      out.properties.push({ name: '[[PromiseResult]]', ...previewValue(promiseResult(object), host) });
      break;
    case 'Boolean': case 'Number': case 'String':
      out.properties.push({ name: '[[PrimitiveValue]]', ...previewValue(attempt(() => raw.valueOf()), host) });
      break;
    default:
  }
  previewProperties(object, host, out);
  return out;
}

function promiseResult(object) {
  switch (object.promiseState) {
    case 'fulfilled': return object.promiseValue;
    case 'rejected': return object.promiseReason;
    default: return undefined;
  }
}

/** Pairs of a Map, or of a Set with itself. */
function collectionEntries(object) {
  const out = [];
  const isMap = object.class === 'Map';
  const each = isMap ? Map.prototype.forEach : Set.prototype.forEach;
  attempt(() => each.call(object.unsafeDereference(), (value, key) => {
    out.push([object.makeDebuggeeValue(key), object.makeDebuggeeValue(value)]);
  }));
  return out;
}

/** The objects that clients hold. */
class Remotes {
  #agent;
  #byId = new Map();
  #last = 0;

  constructor(agent) {
    this.#agent = agent;
    agent.endHooks.push((session) => this.#drop((held) => held.session === session));
  }

  #drop(matches) {
    for (const { 0: id, 1: held } of this.#byId) if (matches(held)) this.#byId.delete(id);
  }

  /** An object id for anything. */
  hold(session, held, { objectGroup = '', contextId = 1 } = {}) {
    const id = ++this.#last;
    this.#byId.set(id, { ...held, session, objectGroup, contextId });
    return `${this.#agent.contexts.unique}.${contextId}.${id}`;
  }

  /** What an object id stands for, as given to `hold`; undefined if it is not the session's. */
  find(session, objectId) {
    const match = /^(-?\d+)\.(\d+)\.(\d+)$/.exec(objectId);
    if (match === null || match[1] !== this.#agent.contexts.unique) return undefined;
    const held = this.#byId.get(Number(match[3]));
    return held?.session === session ? held : undefined;
  }

  release(session, objectId) {
    if (this.find(session, objectId) !== undefined) this.#byId.delete(Number(objectId.split('.')[2]));
  }

  releaseGroup(session, objectGroup) {
    this.#drop((held) => held.session === session && held.objectGroup === objectGroup);
  }

  /** RemoteObject; `{ objectGroup, contextId, generatePreview, returnByValue }`. */
  wrap(session, value, options = {}) {
    const { host } = this.#agent;
    const found = describe(value, host);
    if (options.returnByValue && isObject(value)) {
      const plain = { type: found.type, value: this.toValue(value) };
      if (found.subtype !== undefined) plain.subtype = found.subtype;
      return plain;
    }
    if (typeof value === 'symbol' || isObject(value)) found.objectId = this.hold(session, { value }, options);
    if (options.generatePreview && isObject(value) && found.type === 'object') found.preview = preview(value, host);
    return found;
  }

  /** The value itself, for JSON. */
  toValue(value, depth = VALUE_DEPTH_MAX) {
    if (depth === 0) throw this.#agent.error('Object reference chain is too long');
    switch (typeof value) {
      case 'string': case 'boolean': return value;
      case 'number': return Number.isFinite(value) ? value : null;
      case 'undefined': return undefined;
      case 'bigint': case 'symbol': throw this.#agent.error("Object couldn't be returned by value");
      default:
    }
    if (value === null || isAbsent(value)) return null;
    const read = (key) => {
      const result = value.getProperty(key);
      if (result === null || 'throw' in result) return undefined;
      return isObject(result.return) && result.return.callable ? {} : this.toValue(result.return, depth - 1);
    };
    if (Array.isArray(value.unsafeDereference())) {
      const length = value.getProperty('length')?.return ?? 0;
      return Array.from({ length }, (_, index) => read(String(index)) ?? null);
    }
    const out = {};
    for (const key of value.getOwnPropertyNames()) {
      if (attempt(() => value.getOwnPropertyDescriptor(key)?.enumerable) !== true) continue;
      const found = read(key);
      if (found !== undefined) Object.defineProperty(out, key, { value: found, enumerable: true, configurable: true, writable: true });
    }
    return out;
  }
}

module.exports = { Remotes, attempt, collectionEntries, describe, isAbsent, isObject, promiseResult };
