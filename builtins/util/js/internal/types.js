/**
 * `util.types`: what kind of object a value is, whatever its prototype says.
 *
 * The engine answers with one number (`binding('util').kindOf`); everything here compares it.
 * Node docs: util.types.
 */
'use strict';

const { kindOf } = binding('util');

// As in builtins/util/src/inspect.rs.
const kinds = {
  KIND_PRIMITIVE: -1,
  KIND_OTHER: 0,
  KIND_PROXY: 1,
  KIND_ARRAY: 2,
  KIND_SET: 3,
  KIND_MAP: 4,
  KIND_TYPED_ARRAY: 5,
  KIND_MAP_ITERATOR: 6,
  KIND_SET_ITERATOR: 7,
  KIND_FUNCTION: 8,
  KIND_ARGUMENTS: 9,
  KIND_REGEXP: 10,
  KIND_DATE: 11,
  KIND_ERROR: 12,
  KIND_ARRAY_BUFFER: 13,
  KIND_SHARED_ARRAY_BUFFER: 14,
  KIND_DATA_VIEW: 15,
  KIND_PROMISE: 16,
  KIND_WEAK_SET: 17,
  KIND_WEAK_MAP: 18,
  KIND_MODULE_NAMESPACE: 19,
  KIND_NUMBER_OBJECT: 20,
  KIND_STRING_OBJECT: 21,
  KIND_BOOLEAN_OBJECT: 22,
  KIND_BIGINT_OBJECT: 23,
  KIND_SYMBOL_OBJECT: 24,
  KIND_EXTERNAL: 25,
  KIND_GENERATOR: 26,
};

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const functionToString = Function.prototype.call.bind(Function.prototype.toString);
const functionPrototype = Function.prototype;
const asyncPrototype = getPrototypeOf(async () => {});
const generatorPrototype = getPrototypeOf(function*() {});
const asyncGeneratorPrototype = getPrototypeOf(async function*() {});

const ASYNC = 1;
const GENERATOR = 2;

/** Bits of what a function is besides ordinary: ASYNC, GENERATOR. */
function functionFlags(fn) {
  const prototype = getPrototypeOf(fn);
  if (prototype === functionPrototype) return 0;
  if (prototype === asyncPrototype) return ASYNC;
  if (prototype === generatorPrototype) return GENERATOR;
  if (prototype === asyncGeneratorPrototype) return ASYNC | GENERATOR;
  // Another realm's function, a class with a parent, or somebody changed the prototype: the source tells.
  const source = functionToString(fn);
  if (source.startsWith('class')) return 0;
  const words = source.replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ').trimStart();
  const head = /^(async\b(?!\s*\())?\s*(?:function\b)?\s*(\*)?/.exec(words);
  // An arrow function `async (x) => ...` against a method `async(x) {...}`.
  const isAsync = head[1] !== undefined || /^async\s*\([^]*?\)\s*=>/.test(words);
  return (isAsync ? ASYNC : 0) | (head[2] === undefined ? 0 : GENERATOR);
}

const typedArrayTag = Function.prototype.call.bind(
  getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get);
const { isView } = ArrayBuffer;

/** The functions of `util.types`, in the order Node lists them. */
const predicates = {
  isArgumentsObject(value) { return kindOf(value) === kinds.KIND_ARGUMENTS; },
  isArrayBuffer(value) { return kindOf(value) === kinds.KIND_ARRAY_BUFFER; },
  isAsyncFunction(value) { return typeof value === 'function' && (functionFlags(value) & ASYNC) !== 0; },
  isBigIntObject(value) { return kindOf(value) === kinds.KIND_BIGINT_OBJECT; },
  isBooleanObject(value) { return kindOf(value) === kinds.KIND_BOOLEAN_OBJECT; },
  isDate(value) { return kindOf(value) === kinds.KIND_DATE; },
  isExternal(value) { return kindOf(value) === kinds.KIND_EXTERNAL; },
  isGeneratorFunction(value) { return typeof value === 'function' && (functionFlags(value) & GENERATOR) !== 0; },
  isGeneratorObject(value) { return kindOf(value) === kinds.KIND_GENERATOR; },
  isMap(value) { return kindOf(value) === kinds.KIND_MAP; },
  isMapIterator(value) { return kindOf(value) === kinds.KIND_MAP_ITERATOR; },
  isModuleNamespaceObject(value) { return kindOf(value) === kinds.KIND_MODULE_NAMESPACE; },
  isNativeError(value) { return kindOf(value) === kinds.KIND_ERROR; },
  isNumberObject(value) { return kindOf(value) === kinds.KIND_NUMBER_OBJECT; },
  isPromise(value) { return kindOf(value) === kinds.KIND_PROMISE; },
  isProxy(value) { return kindOf(value) === kinds.KIND_PROXY; },
  isRegExp(value) { return kindOf(value) === kinds.KIND_REGEXP; },
  isSet(value) { return kindOf(value) === kinds.KIND_SET; },
  isSetIterator(value) { return kindOf(value) === kinds.KIND_SET_ITERATOR; },
  isSharedArrayBuffer(value) { return kindOf(value) === kinds.KIND_SHARED_ARRAY_BUFFER; },
  isStringObject(value) { return kindOf(value) === kinds.KIND_STRING_OBJECT; },
  isSymbolObject(value) { return kindOf(value) === kinds.KIND_SYMBOL_OBJECT; },
  isWeakMap(value) { return kindOf(value) === kinds.KIND_WEAK_MAP; },
  isWeakSet(value) { return kindOf(value) === kinds.KIND_WEAK_SET; },
  isAnyArrayBuffer(value) {
    const kind = kindOf(value);
    return kind === kinds.KIND_ARRAY_BUFFER || kind === kinds.KIND_SHARED_ARRAY_BUFFER;
  },
  isBoxedPrimitive(value) {
    const kind = kindOf(value);
    return kind >= kinds.KIND_NUMBER_OBJECT && kind <= kinds.KIND_SYMBOL_OBJECT;
  },
  isArrayBufferView: isView,
  isDataView(value) { return isView(value) && typedArrayTag(value) === undefined; },
  isTypedArray(value) { return typedArrayTag(value) !== undefined; },
};
for (const name of [
  'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array',
  'Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array',
]) {
  const check = `is${name}`;
  predicates[check] = { [check](value) { return typedArrayTag(value) === name; } }[check];
}

module.exports = { ...predicates, ...kinds, predicates };
