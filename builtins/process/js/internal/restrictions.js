/** What options take away from the language. Node docs: Command-line API. */
'use strict';

/** `--disable-proto`: `__proto__` of an `Object.prototype` is gone, or throws. */
function disableProto(objectPrototype, mode) {
  delete objectPrototype.__proto__;
  if (mode === 'delete') return;
  const refuse = () => {
    const { codes: { ERR_PROTO_ACCESS } } = require('internal/errors');
    throw new ERR_PROTO_ACCESS();
  };
  Object.defineProperty(objectPrototype, '__proto__', {
    __proto__: null, configurable: true, enumerable: false, get: refuse, set: refuse,
  });
}

/** Globals of the language that `--frozen-intrinsics` freezes, with all that can be reached from them. */
const INTRINSICS = ['AggregateError', 'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean',
  'DataView', 'Date', 'EvalError', 'FinalizationRegistry', 'Float32Array', 'Float64Array', 'Function', 'Int16Array', 'Int32Array',
  'Int8Array', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp',
  'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array',
  'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet'];

/**
 * Makes the data properties of a prototype accessors that objects below may still override by assignment: what is read-only on a
 * prototype could not be assigned to otherwise.
 */
function keepOverridable(prototype) {
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    if (!('value' in descriptor) || !descriptor.configurable || !descriptor.writable) continue;
    const { value, enumerable } = descriptor;
    Object.defineProperty(prototype, key, {
      __proto__: null,
      configurable: false,
      enumerable,
      get() { return value; },
      set(own) {
        if (this === prototype) throw new TypeError(`Cannot assign to read only property '${String(key)}' of object '${prototype}'`);
        if (Object.hasOwn(this, key)) this[key] = own;
        else Object.defineProperty(this, key, { __proto__: null, configurable: true, enumerable: true, value: own, writable: true });
      },
    });
  }
}

/** `--frozen-intrinsics`, once preloaded modules have changed what they want. `Error` itself stays open: its stack settings are meant to be set. */
function freezeIntrinsics() {
  // Node's own spelling.
  require('internal/util').emitExperimentalWarning('Frozen intristics');
  const roots = INTRINSICS.map((name) => globalThis[name]).filter((value) => value !== undefined);
  const functions = [async () => {}, function*() {}, async function*() {}].map(Object.getPrototypeOf);
  const iterators = [[][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), ''[Symbol.iterator]()];
  const prototypes = new Set([Error.prototype, Object.getPrototypeOf(Uint8Array.prototype), ...roots.map((root) => root.prototype), ...iterators.map(Object.getPrototypeOf)]);
  prototypes.delete(undefined);
  const queue = [...roots, ...functions, ...prototypes, Object.getPrototypeOf(Uint8Array)];
  for (const prototype of prototypes) keepOverridable(prototype);
  const seen = new Set([globalThis, Error, process, Error.prepareStackTrace, Error.captureStackTrace]);
  while (queue.length > 0) {
    const object = queue.pop();
    if (object === null || (typeof object !== 'object' && typeof object !== 'function') || seen.has(object)) continue;
    seen.add(object);
    for (const key of Reflect.ownKeys(object)) {
      const { get, set, value } = Object.getOwnPropertyDescriptor(object, key);
      queue.push(get, set, value);
    }
    queue.push(Object.getPrototypeOf(object));
    // Elements of shared buffers cannot be frozen; no intrinsic has any.
    if (!ArrayBuffer.isView(object)) Object.freeze(object);
  }
}

/** Applies the options to this thread's main context. */
function apply() {
  const { getOptionValue } = require('internal/options');
  const protoMode = getOptionValue('--disable-proto');
  if (protoMode !== undefined) disableProto(Object.prototype, protoMode);
  if (getOptionValue('--disallow-code-generation-from-strings')) binding('vm').restrictCodeGeneration(undefined, false, true);
}

module.exports = { apply, disableProto, freezeIntrinsics };
