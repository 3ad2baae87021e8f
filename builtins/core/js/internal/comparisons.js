'use strict';

/**
 * Deep equality for `assert.deepEqual`, `deepStrictEqual`, `partialDeepStrictEqual` and `util.isDeepStrictEqual`.
 *
 * One walk serves three modes: loose (`==` for primitives, prototypes ignored), strict (Object.is, same prototypes) and
 * partial (strict, but `actual` may have more than `expected`). What an object is says the engine, not its prototype.
 * Node docs: assert.deepEqual "Comparison details", assert.partialDeepStrictEqual.
 */

const {
  KIND_ARRAY_BUFFER,
  KIND_BIGINT_OBJECT,
  KIND_BOOLEAN_OBJECT,
  KIND_DATA_VIEW,
  KIND_DATE,
  KIND_ERROR,
  KIND_MAP,
  KIND_NUMBER_OBJECT,
  KIND_OTHER,
  KIND_PROMISE,
  KIND_PROXY,
  KIND_REGEXP,
  KIND_SET,
  KIND_SHARED_ARRAY_BUFFER,
  KIND_STRING_OBJECT,
  KIND_SYMBOL_OBJECT,
  KIND_TYPED_ARRAY,
  KIND_WEAK_MAP,
  KIND_WEAK_SET,
} = require('internal/util/types');
const { getOwnNonIndexProperties, kindOf } = binding('util');

const LOOSE = 0;
const STRICT = 1;
/** Strict, without the comparison of prototypes. */
const STRICT_WITHOUT_PROTOTYPE = 2;
const PARTIAL = 3;

/** How deep a walk may be before it looks up its way with a Map: a short list is faster to search. */
const LIST_DEPTH = 16;

const { getPrototypeOf, hasOwn, getOwnPropertySymbols, is } = Object;
const { uncurryThis } = primordials;
const objectToString = Object.prototype.toString;
const { propertyIsEnumerable } = Object.prototype;
const typedArrayTag = uncurryThis(
  Object.getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get);
const dateTime = uncurryThis(Date.prototype.getTime);

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** What one walk carries: the mode, and the pairs of objects it is inside of. */
class Walk {
  constructor(mode) {
    this.mode = mode;
    this.insideA = [];
    this.insideB = [];
    this.depths = null;
  }

  /** How deep `a` is among the pairs; -1 if it is not. */
  depthOf(a) {
    const { depths, insideA } = this;
    return depths === null ? insideA.indexOf(a) : depths.get(a) ?? -1;
  }

  enter(a, b) {
    const depth = this.insideA.push(a);
    this.insideB.push(b);
    if (this.depths !== null) {
      this.depths.set(a, depth - 1);
    } else if (depth > LIST_DEPTH) {
      this.depths = new Map(this.insideA.map((object, index) => [object, index]));
    }
  }

  leave() {
    const a = this.insideA.pop();
    this.insideB.pop();
    this.depths?.delete(a);
  }
}

function equal(a, b, walk) {
  if (a === b) return a !== 0 || walk.mode === LOOSE || is(a, b);
  if (walk.mode === LOOSE) {
    if (!isObject(a) || !isObject(b)) {
      return !isObject(a) && !isObject(b) && (a == b || (a !== a && b !== b));
    }
  } else {
    if (!isObject(a) || !isObject(b)) return a !== a && b !== b && typeof a === 'number' && typeof b === 'number';
    if (walk.mode === STRICT && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  }
  if (objectToString.call(a) !== objectToString.call(b)) return false;
  return equalObjects(a, b, walk);
}

function equalObjects(a, b, walk) {
  const isArray = Array.isArray(a);
  if (isArray !== Array.isArray(b)) return false;
  if (isArray) {
    if (walk.mode === PARTIAL) return a.length >= b.length && inside(a, b, walk, partialArrays);
    return a.length === b.length && inside(a, b, walk, equalArrays);
  }
  const kind = kindOf(a);
  const kindB = kindOf(b);
  if (kind !== kindB && !(isPlain(kind) && isPlain(kindB))) return false;

  switch (kind) {
    case KIND_OTHER:
    case KIND_PROXY:
      // Errors by inheritance alone count as errors, too.
      if (a instanceof Error && b instanceof Error) return inside(a, b, walk, equalErrors);
      break;
    case KIND_SET:
      if (walk.mode === PARTIAL ? a.size < b.size : a.size !== b.size) return false;
      return inside(a, b, walk, equalSets);
    case KIND_MAP:
      if (walk.mode === PARTIAL ? a.size < b.size : a.size !== b.size) return false;
      return inside(a, b, walk, equalMaps);
    case KIND_DATE: {
      const time = dateTime(a);
      const timeB = dateTime(b);
      if (time !== timeB && (time === time || timeB === timeB)) return false;
      break;
    }
    case KIND_REGEXP:
      if (a.source !== b.source || a.flags !== b.flags || a.lastIndex !== b.lastIndex) return false;
      break;
    case KIND_ERROR:
      return inside(a, b, walk, equalErrors);
    case KIND_TYPED_ARRAY:
    case KIND_DATA_VIEW:
      if (!equalViews(a, b, walk.mode)) return false;
      return inside(a, b, walk, equalNamedProperties);
    case KIND_ARRAY_BUFFER:
    case KIND_SHARED_ARRAY_BUFFER:
      if (!equalBytes(new Uint8Array(a), new Uint8Array(b), walk.mode)) return false;
      break;
    case KIND_NUMBER_OBJECT:
    case KIND_STRING_OBJECT:
    case KIND_BOOLEAN_OBJECT:
    case KIND_BIGINT_OBJECT:
    case KIND_SYMBOL_OBJECT:
      if (!equalBoxes(a, b, kind)) return false;
      break;
    case KIND_PROMISE:
    case KIND_WEAK_MAP:
    case KIND_WEAK_SET:
      return false;
  }
  if (!equalHosts(a, b)) return false;
  return inside(a, b, walk, equalProperties);
}

function isPlain(kind) {
  return kind === KIND_OTHER || kind === KIND_PROXY;
}

/** Objects whose state no property shows: URLs and keys. */
function equalHosts(a, b) {
  const { constructor } = a;
  if (typeof constructor !== 'function') return true;
  const { name } = constructor;
  if (name === 'URL') return typeof b.href !== 'string' || a.href === b.href;
  if (name === 'CryptoKey') return equalCryptoKeys(a, b);
  if (name.endsWith('KeyObject') && typeof a.equals === 'function') {
    const { isKeyObject } = require('util').types;
    if (isKeyObject(a)) return isKeyObject(b) && a.equals(b);
  }
  return true;
}

function equalCryptoKeys(a, b) {
  const { isCryptoKey } = require('util').types;
  if (!isCryptoKey(a) || !isCryptoKey(b)) return isCryptoKey(a) === isCryptoKey(b);
  const { KeyObject } = require('crypto');
  return a.extractable === b.extractable && KeyObject.from(a).equals(KeyObject.from(b)) &&
    isDeepStrictEqual(a.algorithm, b.algorithm) && isDeepStrictEqual(a.usages, b.usages);
}

const numberValue = uncurryThis(Number.prototype.valueOf);
const stringValue = uncurryThis(String.prototype.valueOf);
const booleanValue = uncurryThis(Boolean.prototype.valueOf);
const bigintValue = uncurryThis(BigInt.prototype.valueOf);
const symbolValue = uncurryThis(Symbol.prototype.valueOf);

function equalBoxes(a, b, kind) {
  switch (kind) {
    case KIND_NUMBER_OBJECT: return is(numberValue(a), numberValue(b));
    case KIND_STRING_OBJECT: return stringValue(a) === stringValue(b);
    case KIND_BOOLEAN_OBJECT: return booleanValue(a) === booleanValue(b);
    case KIND_BIGINT_OBJECT: return bigintValue(a) === bigintValue(b);
    default: return symbolValue(a) === symbolValue(b);
  }
}

/** Runs `compare`, minding cycles: an object that is met inside of itself must meet its partner. */
function inside(a, b, walk, compare) {
  const depth = walk.depthOf(a);
  if (depth !== -1) return walk.insideB[depth] === b;
  // Only one of the two goes round: they differ in shape.
  if (walk.insideB.length <= LIST_DEPTH && walk.insideB.includes(b)) return false;
  walk.enter(a, b);
  const result = compare(a, b, walk);
  walk.leave();
  return result;
}

// ---------------------------------------------------------------------------------------------------------------------
// Properties

function enumerableSymbols(object) {
  const symbols = getOwnPropertySymbols(object);
  return symbols.length === 0 ? symbols : symbols.filter((symbol) => propertyIsEnumerable.call(object, symbol));
}

function equalAt(a, b, keys, walk) {
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    if (!equal(a[key], b[key], walk)) return false;
  }
  return true;
}

/** Compares the enumerable own properties of which `keysA` and `keysB` are the string-keyed ones. */
function equalKeys(a, b, keysA, keysB, walk) {
  const partial = walk.mode === PARTIAL;
  if (!partial && keysA.length !== keysB.length) return false;
  for (let index = 0; index < keysB.length; index++) {
    if (!propertyIsEnumerable.call(a, keysB[index])) return false;
  }
  if (walk.mode !== LOOSE) {
    const symbolsB = enumerableSymbols(b);
    if (!partial && symbolsB.length !== enumerableSymbols(a).length) return false;
    for (const symbol of symbolsB) {
      if (!propertyIsEnumerable.call(a, symbol)) return false;
    }
    if (symbolsB.length > 0 && !equalAt(a, b, symbolsB, walk)) return false;
  }
  return equalAt(a, b, keysB, walk);
}

function equalProperties(a, b, walk) {
  return equalKeys(a, b, Object.keys(a), Object.keys(b), walk);
}

function isString(key) {
  return typeof key === 'string';
}

/** Compares the enumerable own properties of arrays and typed arrays that are no indices. */
function equalNamedProperties(a, b, walk) {
  let keysA = getOwnNonIndexProperties(a, true);
  let keysB = getOwnNonIndexProperties(b, true);
  if (keysA.length === 0 && keysB.length === 0) return true;
  if (walk.mode === LOOSE) {
    keysA = keysA.filter(isString);
    keysB = keysB.filter(isString);
  }
  if (walk.mode !== PARTIAL && keysA.length !== keysB.length) return false;
  for (const key of keysB) {
    if (!propertyIsEnumerable.call(a, key)) return false;
  }
  return equalAt(a, b, keysB, walk);
}

function equalArrays(a, b, walk) {
  for (let index = 0; index < a.length; index++) {
    const itemA = a[index];
    const itemB = b[index];
    if ((itemA === undefined || itemB === undefined) && hasOwn(a, index) !== hasOwn(b, index)) return false;
    if (!equal(itemA, itemB, walk)) return false;
  }
  return equalNamedProperties(a, b, walk);
}

/** Whether the items of `b` occur in `a` in their order. A hole of `b` asks for nothing. */
function partialArrays(a, b, walk) {
  let at = 0;
  for (let index = 0; index < b.length; index++) {
    const isHole = b[index] === undefined && !hasOwn(b, index);
    if (isHole) continue;
    while (at < a.length && !((a[at] !== undefined || hasOwn(a, at)) && equal(a[at], b[index], walk))) at++;
    if (at === a.length) return false;
    at++;
  }
  return equalNamedProperties(a, b, walk);
}

/** `message` and `name` count although they are not enumerable, and so do `cause` and `errors`. */
function equalErrors(a, b, walk) {
  const partial = walk.mode === PARTIAL;
  for (const key of ['message', 'name', 'cause', 'errors']) {
    const hasB = hasOwn(b, key);
    if (partial && !hasB && key !== 'name') continue;
    if ((key === 'cause' || key === 'errors') && hasOwn(a, key) !== hasB) return false;
    if (!equal(a[key], b[key], walk)) return false;
  }
  return equalProperties(a, b, walk);
}

// ---------------------------------------------------------------------------------------------------------------------
// Bytes

function equalBytes(a, b, mode) {
  if (mode === PARTIAL) return isSubsequence(a, b);
  if (a.length !== b.length) return false;
  if (a.length > 64 && typeof Buffer === 'function') return Buffer.compare(a, b) === 0;
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}

function isSubsequence(a, b) {
  let at = 0;
  for (let index = 0; index < b.length; index++) {
    while (at < a.length && !is(a[at], b[index])) at++;
    if (at === a.length) return false;
    at++;
  }
  return true;
}

function equalViews(a, b, mode) {
  const tag = typedArrayTag(a);
  if (tag !== typedArrayTag(b)) return false;
  if (mode === PARTIAL && tag !== undefined) return isSubsequence(a, b);
  if (mode !== PARTIAL && a.byteLength !== b.byteLength) return false;
  if (mode === LOOSE && tag !== undefined && tag.startsWith('Float')) {
    // Zero equals negative zero here, which their bytes do not say.
    for (let index = 0; index < a.length; index++) {
      if (a[index] !== b[index]) return false;
    }
    return true;
  }
  return equalBytes(new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
                    new Uint8Array(b.buffer, b.byteOffset, b.byteLength), mode);
}

// ---------------------------------------------------------------------------------------------------------------------
// Sets and maps: order does not count, so what is not found by identity is matched one by one

/** Finds and removes an entry of `candidates` that `matches`. */
function take(candidates, matches) {
  for (let index = 0; index < candidates.length; index++) {
    if (matches(candidates[index])) {
      candidates.splice(index, 1);
      return true;
    }
  }
  return false;
}

function equalSets(a, b, walk) {
  let wanted = null;
  for (const item of b) {
    if (a.has(item)) continue;
    if (!isObject(item) && walk.mode !== LOOSE) return false;
    (wanted ??= []).push(item);
  }
  if (wanted !== null) {
    const candidates = [];
    for (const item of a) {
      if (b.has(item)) continue;
      if (isObject(item) || walk.mode === LOOSE) candidates.push(item);
      else if (walk.mode !== PARTIAL) return false;
    }
    if (candidates.length < wanted.length) return false;
    for (const item of wanted) {
      if (!take(candidates, (candidate) => equal(candidate, item, walk))) return false;
    }
  }
  return equalProperties(a, b, walk);
}

function equalMaps(a, b, walk) {
  let wanted = null;
  for (const [key, value] of b) {
    if (isObject(key)) {
      (wanted ??= []).push(key);
    } else if (!a.has(key) || !equal(a.get(key), value, walk)) {
      if (walk.mode !== LOOSE) return false;
      (wanted ??= []).push(key);
    }
  }
  if (wanted !== null) {
    const candidates = [];
    for (const [key, value] of a) {
      if (isObject(key) || (walk.mode === LOOSE && !(b.has(key) && equal(value, b.get(key), walk)))) {
        candidates.push(key);
      }
    }
    if (candidates.length < wanted.length) return false;
    for (const key of wanted) {
      const value = b.get(key);
      const found = take(candidates, (candidate) => candidate === key && equal(a.get(candidate), value, walk)) ||
        take(candidates, (candidate) => equal(candidate, key, walk) && equal(a.get(candidate), value, walk));
      if (!found) return false;
    }
  }
  return equalProperties(a, b, walk);
}

// ---------------------------------------------------------------------------------------------------------------------

function isDeepEqual(a, b) {
  return equal(a, b, new Walk(LOOSE));
}

/** With `skipPrototype`, objects of different classes may be equal. */
function isDeepStrictEqual(a, b, skipPrototype = false) {
  return equal(a, b, new Walk(skipPrototype ? STRICT_WITHOUT_PROTOTYPE : STRICT));
}

/** Whether `actual` has at least what `expected` has. */
function isPartialStrictEqual(actual, expected) {
  return equal(actual, expected, new Walk(PARTIAL));
}

module.exports = { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual };
