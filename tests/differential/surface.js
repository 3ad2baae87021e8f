'use strict';
// What every builtin exports, what its classes and objects have, and the globals: one line each with kind, attributes and length.
const { builtinModules } = require('module');

/** The language's own globals: what they have is the engine's affair. */
const language = new Set(`AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView
  Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array Int8Array
  InternalError Intl Iterator JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
  SuppressedError Symbol SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
  WebAssembly`.split(/\s+/).map((name) => globalThis[name]).filter(Boolean));
const plain = new Set([Object.prototype, Function.prototype, Array.prototype, Error.prototype, null]);
const seen = new Set();

/** Affairs of Node's own or of its engine: states of streams, marks on functions, names of its parts. */
const internal = /ReadableState#|WritableState#|withoutStackTrace|process\.versions\.|process\.(mainModule|env)\.|module#\.require\.main\./;
const internalSymbol = /^undici\.|^anode\./;

/** Names that say something: not what every function has, not what Node marks as its own affair. */
function keysOf(value) {
  return Reflect.ownKeys(value).filter((key) => {
    if (typeof key === 'symbol') {
      return /^Symbol\(Symbol\./.test(String(key)) || !internalSymbol.test(Symbol.keyFor(key) ?? 'anode.none');
    }
    if (/^_|^\d+$/.test(key)) return false;
    return typeof value !== 'function' || !['length', 'name', 'prototype', 'arguments', 'caller'].includes(key);
  }).sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** Names of functions are left out: Node has many wrappers that say how they were made. */
function describe(value) {
  if (typeof value === 'function') return `function(${value.length})`;
  if (typeof value !== 'object') return typeof value;
  return value === null ? 'null' : 'object';
}

function visit(path, holder, depth) {
  for (const key of keysOf(holder)) {
    const title = typeof key === 'symbol' ? `${path}[${key.description}]` : `${path}.${key}`;
    if (internal.test(title)) continue;
    // What is loaded when it is touched is compared as it is then.
    if (!path.endsWith('#')) touch(holder, key);
    const own = Object.getOwnPropertyDescriptor(holder, key);
    const attributes = `${own.enumerable ? 'e' : '-'}${own.configurable ? 'c' : '-'}`;
    const isAccessor = own.get !== undefined || own.set !== undefined;
    if (isAccessor && path.endsWith('#')) {
      console.log(`${title}  ->  ${attributes} ${own.get ? 'get ' : ''}${own.set ? 'set' : ''}`);
      continue;
    }
    // Whether what is loaded late stays an accessor says nothing; whether it can be assigned to does.
    const isWritable = isAccessor ? own.set !== undefined : own.writable;
    const value = touch(holder, key);
    const constant = /constants|codes/i.test(path) && typeof value !== 'object' ? ` ${String(value)}` : '';
    console.log(`${title}  ->  ${attributes}${isWritable ? 'w' : '-'} ${describe(value)}${constant}`);
    if (depth === 0) continue;
    descend(title, value, depth);
  }
}

function touch(holder, key) {
  try {
    return holder[key];
  } catch {
    return undefined;
  }
}

function descend(title, value, depth) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || language.has(value)) return;
  seen.add(value);
  visit(title, value, depth - 1);
  if (typeof value !== 'function') return;
  const { prototype } = value;
  // Whether a plain function could be called with `new` says nothing.
  if (prototype !== undefined && prototype !== null && Reflect.ownKeys(prototype).length === 1 && !/^(bound )?[A-Z]/.test(value.name)) return;
  const parent = Object.getPrototypeOf(value);
  if (typeof parent === 'function' && parent.name !== '') console.log(`${title} extends  ->  ${parent === null ? 'null' : parent.name}`);
  if (prototype === null || typeof prototype !== 'object' || seen.has(prototype) || plain.has(prototype)) return;
  seen.add(prototype);
  const above = Object.getPrototypeOf(prototype);
  if (!plain.has(above)) console.log(`${title}# extends  ->  ${above.constructor?.name}`);
  visit(`${title}#`, prototype, depth - 1);
}

process.on('warning', () => {});
const skipped = /^_|^node:|^sys$|^punycode$|^process$/;
for (const name of [...builtinModules.filter((each) => !skipped.test(each)), 'node:sea', 'node:sqlite', 'node:test', 'node:test/reporters']) {
  const exported = require(name);
  console.log(`${name}  ->  ${describe(exported)}`);
  descend(name, exported, 3);
}
for (const key of ['assert', 'config', 'features', 'permission', 'release', 'report', 'stdin', 'stdout']) seen.add(process[key]);
visit('process', process, 1);
visit('globalThis', globalThis, 2);
