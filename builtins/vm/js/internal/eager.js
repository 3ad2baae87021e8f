/**
 * Evaluation without side effects, for previews. The engine's Debugger watches every step, and every function of the engine's own
 * that is called: those in the lists below change nothing.
 */
'use strict';

const { parse } = require('internal/vm/parser');

/** Steps that a preview may take: some milliseconds. */
const STEPS_MAX = 20_000;

const PURE = {
  __proto__: null,
  'Array': ['from', 'isArray', 'of'],
  'Array.prototype': ['at', 'concat', 'entries', 'every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat', 'flatMap',
    'forEach', 'includes', 'indexOf', 'join', 'keys', 'lastIndexOf', 'map', 'reduce', 'reduceRight', 'slice', 'some', 'toReversed',
    'toSorted', 'toSpliced', 'toString', 'values', 'with'],
  'BigInt': ['asIntN', 'asUintN'],
  'BigInt.prototype': ['toString', 'valueOf'],
  'Boolean.prototype': ['toString', 'valueOf'],
  'Date': ['UTC', 'now', 'parse'],
  'Date.prototype': /^(?:get|to|valueOf)/,
  'Error': ['isError'],
  'Error.prototype': ['toString'],
  'Function.prototype': ['apply', 'bind', 'call', 'toString'],
  'JSON': ['parse', 'stringify'],
  'Map.prototype': ['entries', 'forEach', 'get', 'has', 'keys', 'size', 'values'],
  'Math': /./,
  'Number': /./,
  'Number.prototype': /./,
  'Object': ['entries', 'fromEntries', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors', 'getOwnPropertyNames',
    'getOwnPropertySymbols', 'getPrototypeOf', 'hasOwn', 'is', 'isExtensible', 'isFrozen', 'isSealed', 'keys', 'values'],
  'Object.prototype': ['hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'toLocaleString', 'toString', 'valueOf'],
  'Reflect': ['getOwnPropertyDescriptor', 'getPrototypeOf', 'has', 'isExtensible', 'ownKeys'],
  'RegExp.prototype': ['dotAll', 'flags', 'global', 'ignoreCase', 'multiline', 'source', 'sticky', 'toString', 'unicode'],
  'Set.prototype': ['difference', 'entries', 'forEach', 'has', 'intersection', 'isDisjointFrom', 'isSubsetOf', 'isSupersetOf', 'keys',
    'size', 'symmetricDifference', 'union', 'values'],
  'String': ['fromCharCode', 'fromCodePoint', 'raw'],
  'String.prototype': /^(?!match|replace|search|split)/,
  'Symbol': ['for', 'keyFor'],
  'Symbol.prototype': ['description', 'toString', 'valueOf'],
  'WeakMap.prototype': ['get', 'has'],
  'WeakSet.prototype': ['has'],
};

/** Functions and constructors of the global object. */
const PURE_GLOBALS = ['AggregateError', 'Array', 'ArrayBuffer', 'BigInt', 'Boolean', 'Date', 'Error', 'EvalError', 'Map', 'Number',
  'Object', 'RangeError', 'ReferenceError', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'WeakMap',
  'WeakSet', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'];

/** global object -> its pure functions */
const pureOf = new WeakMap();

function add(list, object, key) {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  if (typeof descriptor?.value === 'function') list.push(descriptor.value);
  if (typeof descriptor?.get === 'function') list.push(descriptor.get);
}

function pureFunctions(global) {
  let list = pureOf.get(global);
  if (list !== undefined) return list;
  list = [];
  const valueOf = (name) => Object.getOwnPropertyDescriptor(global, name)?.value;
  for (const name of PURE_GLOBALS) add(list, global, name);
  for (const path of Object.keys(PURE)) {
    const [name, isPrototype] = path.split('.');
    const owner = isPrototype === undefined ? valueOf(name) : valueOf(name)?.prototype;
    if (owner === undefined || owner === null) continue;
    const wanted = PURE[path];
    for (const key of Reflect.ownKeys(owner)) {
      if (typeof key === 'symbol' ? key === Symbol.iterator : Array.isArray(wanted) ? wanted.includes(key) : wanted.test(key)) {
        add(list, owner, key);
      }
    }
  }
  const arrayIterator = valueOf('Array')?.prototype?.[Symbol.iterator]?.call([]);
  if (arrayIterator !== undefined) add(list, Object.getPrototypeOf(arrayIterator), 'next');
  pureOf.set(global, list);
  return list;
}

/** Names that a tree mentions. */
function namesIn(node, names) {
  if (Array.isArray(node)) {
    for (const each of node) namesIn(each, names);
    return names;
  }
  if (node === null || typeof node !== 'object') return names;
  if (node.type === 'Identifier') names.add(node.name);
  for (const key of Object.keys(node)) if (key !== 'loc') namesIn(node[key], names);
  return names;
}

const STATEMENTS = new Set(['BlockStatement', 'EmptyStatement', 'ExpressionStatement', 'IfStatement', 'ThrowStatement']);

/** Marks the global object while the evaluator looks for it. */
const MARK = ' anode eager';

let evaluator;

/**
 * `{ value }`, `{ error, thrown }`, or undefined if the source is wrong or would change something. `context` is a contextified
 * object; undefined for this program's own global object.
 */
function evaluate(source, context = undefined) {
  let tree;
  try {
    tree = parse(source);
  } catch {
    return undefined;
  }
  if (tree.body.length === 0 || !tree.body.every(({ type }) => STATEMENTS.has(type))) return undefined;
  const global = context === undefined ? globalThis : require('internal/vm/contexts').contexts.get(context)?.global;
  if (global === undefined) return undefined;
  const names = [];
  const values = [];
  if (context !== undefined) {
    for (const name of namesIn(tree, new Set())) {
      const descriptor = Object.getOwnPropertyDescriptor(context, name);
      if (descriptor === undefined) continue;
      // A getter of the sandbox would be run.
      if (!('value' in descriptor)) return undefined;
      names.push(name);
      values.push(descriptor.value);
    }
  }
  evaluator ??= binding('vm').eagerEvaluator();
  const own = pureFunctions(globalThis);
  const pure = global === globalThis ? own : [...pureFunctions(global), ...own];
  Object.defineProperty(global, MARK, { __proto__: null, configurable: true, enumerable: false, value: true });
  let result;
  try {
    result = evaluator(MARK, source, names, values, pure, STEPS_MAX);
  } finally {
    delete global[MARK];
  }
  if (result === undefined) return undefined;
  return result.thrown ? { error: result.error, thrown: true } : { value: result.value };
}

module.exports = { evaluate };
