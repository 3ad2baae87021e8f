/**
 * What `util.inspect` calls things: the constructor, the tag, `[Function: name]`, `[class A extends B]`.
 */
'use strict';

const { inspect, intrinsics } = require('internal/util/inspect');
const { isAsyncFunction, isGeneratorFunction } = require('internal/util/types');
const { getConstructorName: engineConstructorName, getProxyDetails } = binding('util');

const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, ownKeys } = intrinsics;
const { toStringTag, hasInstance } = Symbol;
const uncurry = ((call) => (fn) => call.bind(fn))(Function.prototype.call);
const { apply } = Reflect;
const functionToString = uncurry(Function.prototype.toString);
const instanceOf = uncurry(Function.prototype[hasInstance]);
const propertyIsEnumerable = ((method) => (value, ...args) => apply(method, value, args))(Object.prototype.propertyIsEnumerable);

/** Constructors of the language: their prototypes say nothing new about an object. */
const builtinNames = new Set([
  'AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'BigInt', 'BigInt64Array', 'BigUint64Array',
  'Boolean', 'DataView', 'Date', 'DisposableStack', 'Error', 'EvalError', 'FinalizationRegistry', 'Float16Array',
  'Float32Array', 'Float64Array', 'Function', 'Int16Array', 'Int32Array', 'Int8Array', 'Iterator', 'Map', 'Number',
  'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'RegExp', 'Set', 'String', 'SuppressedError', 'Symbol',
  'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap',
  'WeakRef', 'WeakSet',
]);

/**
 * The name of the nearest constructor on the prototype chain that made `object`; null for a chain that is empty.
 * With `inherited`, collects properties of prototypes that are not builtin (option showHidden).
 */
function constructorName(object, ctx, level, inherited) {
  let current = object;
  let firstPrototype;
  while (current !== null) {
    const descriptor = getOwnPropertyDescriptor(current, 'constructor');
    if (descriptor !== undefined && typeof descriptor.value === 'function' && descriptor.value.name !== '' &&
        isInstance(object, descriptor.value)) {
      const name = String(descriptor.value.name);
      if (inherited !== undefined && (firstPrototype !== current || !builtinNames.has(name))) {
        collectInherited(object, firstPrototype ?? object, inherited);
      }
      return name;
    }
    current = getPrototypeOf(current);
    if (firstPrototype === undefined) firstPrototype = current;
  }
  if (firstPrototype === null) return null;
  const name = engineConstructorName(object);
  if (level > ctx.depth && ctx.depth !== null) return `${name} <Complex prototype>`;
  const parent = constructorName(firstPrototype, ctx, level + 1, inherited);
  if (parent === null) {
    const { budget, indentation, seen, circular, currentDepth, userOptions, ...options } = ctx;
    return `${name} <${inspect(firstPrototype, { ...options, customInspect: false, depth: -1 })}>`;
  }
  return `${name} <${parent}>`;
}

function isInstance(object, constructor) {
  try {
    // The ordinary test, not the class's own Symbol.hasInstance.
    return instanceOf(constructor, object);
  } catch {
    return false; // a constructor whose prototype is no object
  }
}

// How many prototypes of user classes are shown.
const inheritedDepthMax = 3;

function collectInherited(object, prototype, inherited) {
  const known = new Set();
  for (let depth = 0; depth < inheritedDepthMax; depth++) {
    if (depth !== 0 || prototype === object) {
      prototype = getPrototypeOf(prototype);
      if (prototype === null) return;
      const descriptor = getOwnPropertyDescriptor(prototype, 'constructor');
      if (descriptor !== undefined && typeof descriptor.value === 'function' &&
          builtinNames.has(descriptor.value.name)) return;
    }
    for (const key of ownKeys(prototype)) {
      if (key === 'constructor' || known.has(key) || hasOwn(object, key)) continue;
      const descriptor = getOwnPropertyDescriptor(prototype, key);
      if (descriptor === undefined || typeof descriptor.value === 'function') continue;
      known.add(key);
      inherited.push({ key, descriptor });
    }
  }
}

/** What goes before the brace: `Foo(2) [Tag] `, `[Foo(2): null prototype] `. */
function prefixOf(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    return tag !== '' && fallback !== tag ?
      `[${fallback}${size}: null prototype] [${tag}] ` : `[${fallback}${size}: null prototype] `;
  }
  if (tag === '' || constructor === tag) return `${constructor}${size} `;
  // A qualified name: `Intl.NumberFormat`.
  if (tag.length > constructor.length + 1 && tag.endsWith(`.${constructor}`)) return `${tag}${size} `;
  return `${constructor}${size} [${tag}] `;
}

function tagOf(ctx, value) {
  let tag;
  try {
    tag = value[toStringTag];
  } catch {
    return ''; // a getter for its prototype's instances
  }
  // A tag that shows as a property anyway need not be said twice.
  if (typeof tag !== 'string' || tag === '' ||
      (ctx.showHidden ? hasOwn(value, toStringTag) : propertyIsEnumerable(value, toStringTag))) return '';
  return tag;
}

/** For objects without a prototype, the engine's name of the class that made them. */
function fallbackName(value, tag) {
  const name = engineConstructorName(value);
  return name === tag ? 'Object' : name;
}

const comments = /\/\*[^]*?\*\/|\/\/.*/g;

/** Whether the source of a function is a class; `class(){}` is a method of that name. */
function isClassSource(source) {
  if (!source.startsWith('class') || !source.endsWith('}')) return false;
  const brace = source.indexOf('{');
  if (brace !== -1 && !source.slice(0, brace).includes('(')) return true;
  return !source.replace(comments, '').split('{', 1)[0].includes('(');
}

/** `[Function: name]`, `[class A extends B]`. */
function functionBase(value, constructor, tag) {
  if (isClassSource(functionToString(value))) return classBase(value, constructor, tag);
  let kind = 'Function';
  if (isGeneratorFunction(value)) kind = `Generator${kind}`;
  if (isAsyncFunction(value)) kind = `Async${kind}`;
  let base = `[${kind}`;
  if (constructor === null) base += ' (null prototype)';
  base += value.name === '' || value.name === undefined ? ' (anonymous)' : `: ${String(value.name)}`;
  base += ']';
  if (constructor !== kind && constructor !== null) base += ` ${constructor}`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  return base;
}

function classBase(value, constructor, tag) {
  const name = (hasOwn(value, 'name') && value.name) || '(anonymous)';
  let base = `class ${String(name)}`;
  if (constructor !== 'Function' && constructor !== null) base += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) {
    base += ' extends [null prototype]';
  } else {
    const parent = getPrototypeOf(value).name;
    if (parent) base += ` extends ${String(parent)}`;
  }
  return `[${base}]`;
}

/** Whether `%s` should use the object's own idea of a string instead of inspecting it. */
function hasUserToString(value) {
  for (let details = getProxyDetails(value); details !== undefined; details = getProxyDetails(value)) {
    if (details[0] === null) return false;
    value = details[0];
  }
  if (typeof value === 'function') return true;
  let convert;
  try {
    convert = value[Symbol.toPrimitive];
    if (typeof convert !== 'function') convert = value.toString;
  } catch {
    return true;
  }
  if (typeof convert !== 'function') return false;
  if (hasOwn(value, 'toString') || hasOwn(value, Symbol.toPrimitive)) return true;
  // Whose method is it? One of a builtin class tells less than an inspection.
  let holder = value;
  do {
    holder = getPrototypeOf(holder);
    if (holder === null) return false;
  } while (!hasOwn(holder, 'toString') && !hasOwn(holder, Symbol.toPrimitive));
  const constructor = getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return !(typeof constructor === 'function' && builtinNames.has(constructor.name));
}

module.exports = {
  constructorName, fallbackName, functionBase, hasUserToString, instanceOf, isInstance, prefixOf, tagOf,
};
