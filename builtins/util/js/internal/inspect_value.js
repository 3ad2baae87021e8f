/**
 * How `util.inspect` draws objects.
 *
 * `formatObject` deals with proxies, custom inspection and cycles, then `draw` asks one of the `describe*`
 * functions for a shape: braces, a prefix, own keys and a function that lists entries. A describer may answer
 * with finished text instead. `draw` adds properties and hands the pieces to `inspect_layout`.
 * **Invariant:** no user code runs but getters (option `getters`), custom inspection functions, `name`, tags and
 * `toString` of errors; traps of proxies never do.
 */
'use strict';

const {
  customInspect, escapeText, formatBigInt, formatNumber, formatPrimitive, formatValue, inspect, intrinsics, quote,
  stylizeNoColor,
} = require('internal/util/inspect');
const { OBJECT, ARRAY, ARRAY_EXTRAS, layOut } = require('internal/util/inspect_layout');
const {
  constructorName, fallbackName, functionBase, hasUserToString, instanceOf, isInstance, prefixOf, tagOf,
} = require('internal/util/inspect_names');
const {
  KIND_ARGUMENTS, KIND_ARRAY, KIND_ARRAY_BUFFER, KIND_BIGINT_OBJECT, KIND_BOOLEAN_OBJECT, KIND_DATA_VIEW, KIND_DATE,
  KIND_ERROR, KIND_EXTERNAL, KIND_FUNCTION, KIND_MAP, KIND_MAP_ITERATOR, KIND_MODULE_NAMESPACE, KIND_NUMBER_OBJECT,
  KIND_OTHER, KIND_PROMISE, KIND_PROXY, KIND_REGEXP, KIND_SET, KIND_SET_ITERATOR, KIND_SHARED_ARRAY_BUFFER, KIND_STRING_OBJECT,
  KIND_SYMBOL_OBJECT, KIND_TYPED_ARRAY, KIND_WEAK_MAP, KIND_WEAK_SET,
} = require('internal/util/types');
const {
  collectionIterator, getOwnNonIndexProperties, getPromiseDetails, getProxyDetails, kindOf, weakKeys,
} = binding('util');

const {
  getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, hasOwn, objectKeys,
} = intrinsics;
const { toStringTag, iterator: iteratorSymbol } = Symbol;
const uncurry = ((call) => (fn) => call.bind(fn))(Function.prototype.call);
// Spelled out where it is hot: the engine sees through these, not through bound functions.
const { apply } = Reflect;
const NOTHING = [];
const propertyIsEnumerable = ((method) => (value, ...args) => apply(method, value, args))(Object.prototype.propertyIsEnumerable);
const getterOf = (prototype, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get);
const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const typedArrayLength = getterOf(typedArrayPrototype, 'length');
const typedArrayTag = getterOf(typedArrayPrototype, toStringTag);
const mapSize = getterOf(Map.prototype, 'size');
const setSize = getterOf(Set.prototype, 'size');
const mapEntries = ((method) => (value) => apply(method, value, NOTHING))(Map.prototype.entries);
const mapNext = ((method) => (value) => apply(method, value, NOTHING))(getPrototypeOf(new Map().entries()).next);
const setValues = ((method) => (value) => apply(method, value, NOTHING))(Set.prototype.values);
const setNext = ((method) => (value) => apply(method, value, NOTHING))(getPrototypeOf(new Set().values()).next);
const weakMapGet = uncurry(WeakMap.prototype.get);
const dateToIso = ((method) => (value) => apply(method, value, NOTHING))(Date.prototype.toISOString);
const dateToString = uncurry(Date.prototype.toString);
const dateTime = ((method) => (value) => apply(method, value, NOTHING))(Date.prototype.getTime);
const regExpToString = uncurry(RegExp.prototype.toString);
const numberValueOf = uncurry(Number.prototype.valueOf);
const booleanValueOf = uncurry(Boolean.prototype.valueOf);
const bigIntValueOf = uncurry(BigInt.prototype.valueOf);
const symbolValueOf = uncurry(Symbol.prototype.valueOf);
const stringValueOf = uncurry(String.prototype.valueOf);
const stringRepeat = ((method) => (value, ...args) => apply(method, value, args))(String.prototype.repeat);
const stringReplaceAll = ((method) => (value, ...args) => apply(method, value, args))(String.prototype.replaceAll);
const includes = ((method) => (value, ...args) => apply(method, value, args))(Array.prototype.includes);

// Keys that need no quotes.
const plainKey = /^[A-Za-z_]\w*$/;

let errorModule;

/** Any object or function, as `util.inspect` shows it at nesting `level`. */
function formatObject(ctx, value, level, insideTyped) {
  const original = value;
  const kind = kindOf(value);
  const proxy = kind === KIND_PROXY ? getProxyDetails(value) : undefined;
  if (proxy !== undefined) {
    if (proxy[0] === null) return ctx.stylize('<Revoked Proxy>', 'special');
    if (ctx.showProxy) return drawProxy(ctx, proxy, level);
    value = proxy[0];
  }
  if (ctx.customInspect) {
    const custom = proxy === undefined ? value[customInspect] : targetProperty(value, customInspect);
    // An object with `inspect` itself would never end; a class's prototype is no instance.
    if (typeof custom === 'function' && custom !== inspect && !isOwnConstructorPrototype(value, proxy)) {
      const result = callCustom(ctx, custom, original, level, proxy !== undefined);
      if (result !== original) {
        if (typeof result !== 'string') return formatValue(ctx, result, level);
        return stringReplaceAll(result, '\n', `\n${stringRepeat(' ', ctx.indentation)}`);
      }
    }
  }
  if (includes(ctx.seen, value)) {
    ctx.circular ??= new Map();
    let index = ctx.circular.get(value);
    if (index === undefined) {
      index = ctx.circular.size + 1;
      ctx.circular.set(value, index);
    }
    return ctx.stylize(`[Circular *${index}]`, 'special');
  }
  if (proxy === undefined) return draw(ctx, value, kind, level, insideTyped);
  let target = value;
  let opening = ctx.stylize('Proxy(', 'special');
  let closing = ctx.stylize(')', 'special');
  // Proxies of proxies.
  for (let details = getProxyDetails(target); details !== undefined; details = getProxyDetails(target)) {
    if (details[0] === null) return `${opening}${ctx.stylize('<Revoked Proxy>', 'special')}${closing}`;
    opening += ctx.stylize('Proxy(', 'special');
    closing += ctx.stylize(')', 'special');
    target = details[0];
  }
  return `${opening}${draw(ctx, target, kindOf(target), level, insideTyped)}${closing}`;
}

/** `object[key]` without running the traps of proxies underneath. */
function targetProperty(object, key) {
  for (let details = getProxyDetails(object); details !== undefined; details = getProxyDetails(object)) {
    if (details[0] === null) return undefined;
    object = details[0];
  }
  return object[key];
}

function isOwnConstructorPrototype(value, proxy) {
  const constructor = proxy === undefined ? value.constructor : targetProperty(value, 'constructor');
  return Boolean(constructor) && constructor.prototype === value;
}

function callCustom(ctx, custom, receiver, level, isProxy) {
  const depth = ctx.depth === null ? null : ctx.depth - level;
  const foreign = isProxy || !instanceOf(Object, receiver);
  const result = custom.call(receiver, depth, publicOptions(ctx, foreign), inspect);
  return result;
}

/** The options a custom inspection function gets; for one of another realm, nothing of ours leaks with them. */
function publicOptions(ctx, foreign) {
  const options = {
    stylize: ctx.stylize,
    showHidden: ctx.showHidden,
    depth: ctx.depth,
    colors: ctx.colors,
    customInspect: ctx.customInspect,
    showProxy: ctx.showProxy,
    maxArrayLength: ctx.maxArrayLength,
    maxStringLength: ctx.maxStringLength,
    breakLength: ctx.breakLength,
    compact: ctx.compact,
    sorted: ctx.sorted,
    getters: ctx.getters,
    numericSeparator: ctx.numericSeparator,
    ...ctx.userOptions,
  };
  if (!foreign) return options;
  const primitives = { __proto__: null };
  for (const key of objectKeys(options)) {
    if (Object(options[key]) !== options[key]) primitives[key] = options[key];
  }
  primitives.stylize = Object.setPrototypeOf((text, flavour) => {
    try {
      const styled = ctx.stylize(text, flavour);
      return `${styled}`;
    } catch {
      return text; // the user's own stylize failed: plain text serves
    }
  }, null);
  return primitives;
}

function drawProxy(ctx, proxy, level) {
  if (level > ctx.depth && ctx.depth !== null) return ctx.stylize('Proxy [Array]', 'special');
  level += 1;
  ctx.indentation += 2;
  const parts = [formatValue(ctx, proxy[0], level), formatValue(ctx, proxy[1], level)];
  ctx.indentation -= 2;
  return layOut(ctx, parts, '', 'Proxy [', ']', ARRAY_EXTRAS, level);
}

function ownKeys(value, showHidden) {
  const symbols = getOwnPropertySymbols(value);
  if (showHidden) {
    const names = getOwnPropertyNames(value);
    if (symbols.length !== 0) names.push(...symbols);
    return names;
  }
  let names;
  try {
    names = objectKeys(value);
  } catch (error) {
    // A module namespace whose bindings are not initialized yet throws on a look at its properties.
    if (kindOf(value) !== KIND_MODULE_NAMESPACE) throw error;
    names = getOwnPropertyNames(value);
  }
  for (let i = 0; i < symbols.length; i++) {
    if (propertyIsEnumerable(value, symbols[i])) names.push(symbols[i]);
  }
  return names;
}

function draw(ctx, value, kind, level, insideTyped) {
  let inherited = ctx.showHidden && (level <= ctx.depth || ctx.depth === null) ? [] : undefined;
  const constructor = constructorName(value, ctx, level, inherited);
  if (inherited !== undefined && inherited.length === 0) inherited = undefined;
  const tag = tagOf(ctx, value);
  const shape = {
    base: '', open: '{', close: '}', layout: OBJECT, keys: undefined, entries: noEntries, extra: undefined,
    done: undefined,
  };
  const known = (constructor === null || iteratorSymbol in value) &&
    describeIterable(ctx, shape, value, kind, constructor, tag, inherited);
  if (!known) describeOther(ctx, shape, value, kind, constructor, tag, inherited, level, insideTyped);
  if (shape.done !== undefined) return shape.done;

  if (level > ctx.depth && ctx.depth !== null) {
    const name = prefixOf(constructor, tag, constructor === null ? fallbackName(value, tag) : 'Object').slice(0, -1);
    return ctx.stylize(constructor === null ? name : `[${name}]`, 'special');
  }
  level += 1;
  ctx.seen.push(value);
  ctx.currentDepth = level;
  const indentation = ctx.indentation;
  let output;
  try {
    output = shape.entries(ctx, value, level, shape);
    const { keys } = shape;
    for (let i = 0; i < keys.length; i++) output.push(formatProperty(ctx, value, level, keys[i], shape.layout));
    if (inherited !== undefined) {
      for (const { key, descriptor } of inherited) {
        output.push(formatProperty(ctx, value, level, key, shape.layout, descriptor));
      }
    }
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    ctx.seen.pop();
    ctx.indentation = indentation;
    const name = prefixOf(constructor, tag, 'Object').slice(0, -1);
    return ctx.stylize(
      `[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`, 'special');
  }
  if (ctx.circular !== undefined) {
    const index = ctx.circular.get(value);
    if (index !== undefined) {
      const reference = ctx.stylize(`<ref *${index}>`, 'special');
      if (ctx.compact !== true) shape.base = shape.base === '' ? reference : `${reference} ${shape.base}`;
      else shape.open = `${reference} ${shape.open}`;
    }
  }
  ctx.seen.pop();
  if (ctx.sorted) sortOutput(ctx.sorted, output, shape);
  const text = layOut(ctx, output, shape.base, shape.open, shape.close, shape.layout, level, value);
  return spend(ctx, text);
}

// Beyond this many characters on one level, deeper ones are left out: an inspection must end.
const budgetCharacters = 2 ** 27;

function spend(ctx, text) {
  ctx.budget ??= [];
  const spent = (ctx.budget[ctx.indentation] ?? 0) + text.length;
  ctx.budget[ctx.indentation] = spent;
  if (spent > budgetCharacters) ctx.depth = -1;
  return text;
}

function sortOutput(sorted, output, shape) {
  const comparator = sorted === true ? undefined : sorted;
  if (shape.layout === OBJECT) {
    output.sort(comparator);
  } else if (shape.keys.length > 1) {
    const tail = output.slice(output.length - shape.keys.length).sort(comparator);
    output.splice(output.length - shape.keys.length, shape.keys.length, ...tail);
  }
}

let stackOverflowName;
let stackOverflowMessage;
function isStackOverflow(error) {
  if (error === null || typeof error !== 'object') return false;
  if (stackOverflowMessage === undefined) {
    try {
      (function overflow() { overflow(); })();
    } catch (ours) {
      stackOverflowMessage = ours.message;
      stackOverflowName = ours.name;
    }
  }
  return error.name === stackOverflowName && error.message === stackOverflowMessage;
}

function noEntries() {
  return [];
}

/** Arrays, sets, maps, typed arrays and iterators of collections. False if `value` is none of them. */
function describeIterable(ctx, shape, value, kind, constructor, tag, inherited) {
  switch (kind) {
    case KIND_ARRAY: {
      const { length } = value;
      shape.open = constructor === 'Array' && tag === '' ? '[' : `${prefixOf(constructor, tag, 'Array', `(${length})`)}[`;
      shape.keys = getOwnNonIndexProperties(value, !ctx.showHidden);
      shape.close = ']';
      shape.layout = ARRAY_EXTRAS;
      shape.entries = arrayEntries;
      if (length === 0 && shape.keys.length === 0 && inherited === undefined) shape.done = `${shape.open}]`;
      return true;
    }
    case KIND_MAP:
    case KIND_SET: {
      const size = kind === KIND_MAP ? mapSize(value) : setSize(value);
      shape.keys = ownKeys(value, ctx.showHidden);
      shape.entries = kind === KIND_MAP ? mapEntriesText : setEntries;
      shape.open = `${prefixOf(constructor, tag, kind === KIND_MAP ? 'Map' : 'Set', `(${size})`)}{`;
      if (size === 0 && shape.keys.length === 0 && inherited === undefined) shape.done = `${shape.open}}`;
      return true;
    }
    case KIND_TYPED_ARRAY: {
      const length = typedArrayLength(value);
      shape.keys = getOwnNonIndexProperties(value, !ctx.showHidden);
      shape.open = `${prefixOf(constructor, tag, typedArrayTag(value), `(${length})`)}[`;
      shape.close = ']';
      shape.layout = ARRAY_EXTRAS;
      shape.entries = typedArrayEntries;
      if (length === 0 && !ctx.showHidden && shape.keys.length === 0) shape.done = `${shape.open}]`;
      return true;
    }
    case KIND_MAP_ITERATOR:
    case KIND_SET_ITERATOR: {
      const name = kind === KIND_MAP_ITERATOR ? 'Map Iterator' : 'Set Iterator';
      shape.keys = ownKeys(value, ctx.showHidden);
      shape.open = tag === name || tag === '' ? `[${name}] {` : `[${tag}] [${name}] {`;
      shape.entries = iteratorEntries;
      return true;
    }
    default:
      return false;
  }
}

/** Hidden keys as Node has them: the engine orders those of functions otherwise. */
function arrangeHiddenKeys(keys, kind) {
  if (kind === KIND_FUNCTION) {
    const first = ['length', 'name', 'prototype'].filter((key) => keys.includes(key));
    return [...first, ...keys.filter((key) => !first.includes(key))];
  }
  return keys;
}

function describeOther(ctx, shape, value, kind, constructor, tag, inherited, level, insideTyped) {
  let keys = ownKeys(value, ctx.showHidden);
  if (ctx.showHidden) keys = arrangeHiddenKeys(keys, kind);
  const bare = keys.length === 0 && inherited === undefined;
  shape.keys = keys;
  // Whose nearest constructor is Object is an ordinary object, whatever the engine says.
  switch (constructor === 'Object' && kind !== KIND_ARGUMENTS && kind !== KIND_FUNCTION ? KIND_OTHER : kind) {
    case KIND_ARGUMENTS:
      if (constructor !== 'Object' && constructor !== null) break;
      shape.open = constructor === null ? '[Arguments: null prototype] {' : '[Arguments] {';
      if (bare) shape.done = `${shape.open}}`;
      return;
    case KIND_FUNCTION:
      shape.base = functionBase(value, constructor, tag);
      if (bare) shape.done = ctx.stylize(shape.base, 'special');
      return;
    case KIND_REGEXP:
      shape.base = withPrefix(prefixOf(constructor, tag, 'RegExp'), 'RegExp ',
        regExpToString(constructor !== null ? value : new RegExp(value)));
      shape.base = ctx.stylize(shape.base, 'regexp');
      if (bare || (level > ctx.depth && ctx.depth !== null)) shape.done = shape.base;
      return;
    case KIND_DATE:
      shape.base = withPrefix(prefixOf(constructor, tag, 'Date'), 'Date ',
        Number.isNaN(dateTime(value)) ? dateToString(value) : dateToIso(value));
      if (bare) shape.done = ctx.stylize(shape.base, 'date');
      return;
    case KIND_ERROR:
      describeError(ctx, shape, value, constructor, tag, inherited);
      return;
    case KIND_ARRAY_BUFFER:
    case KIND_SHARED_ARRAY_BUFFER:
      shape.open = `${prefixOf(constructor, tag, kind === KIND_ARRAY_BUFFER ? 'ArrayBuffer' : 'SharedArrayBuffer')}{`;
      shape.entries = insideTyped ? byteLengthEntries : arrayBufferEntries;
      // The buffer of a typed array shows its length even where the depth ends.
      if (insideTyped && bare) shape.done = `${shape.open} ${byteLengthEntries(ctx, value)[0]} }`;
      return;
    case KIND_DATA_VIEW:
      shape.open = `${prefixOf(constructor, tag, 'DataView')}{`;
      shape.entries = dataViewEntries;
      return;
    case KIND_PROMISE:
      shape.open = `${prefixOf(constructor, tag, 'Promise')}{`;
      shape.entries = promiseEntries;
      return;
    case KIND_WEAK_SET:
      shape.open = `${prefixOf(constructor, tag, 'WeakSet')}{`;
      shape.entries = ctx.showHidden ? weakSetEntries : unknownEntries;
      return;
    case KIND_WEAK_MAP:
      shape.open = `${prefixOf(constructor, tag, 'WeakMap')}{`;
      shape.entries = ctx.showHidden ? weakMapEntries : unknownEntries;
      return;
    case KIND_MODULE_NAMESPACE:
      shape.open = `${prefixOf(constructor, tag === 'Module' ? '' : tag, 'Module')}{`;
      shape.entries = namespaceEntries;
      return;
    case KIND_BIGINT_OBJECT:
    case KIND_BOOLEAN_OBJECT:
    case KIND_NUMBER_OBJECT:
    case KIND_STRING_OBJECT:
    case KIND_SYMBOL_OBJECT:
      describeBoxed(ctx, shape, value, kind, constructor, tag, inherited);
      return;
    case KIND_EXTERNAL:
      if (!bare) break;
      shape.done = ctx.stylize(`[External: ${binding('napi').externalAddress(value).toString(16)}]`, 'special');
      return;
  }
  if (constructor === 'Object') {
    if (tag !== '') shape.open = `${prefixOf(constructor, tag, 'Object')}{`;
  } else if (isInstance(value, Error)) {
    describeError(ctx, shape, value, constructor, tag, inherited);
    return;
  } else if (constructor === 'URL' && Object.prototype.toString.call(value) === '[object URL]' &&
             typeof value.href === 'string' && !(level > ctx.depth && ctx.depth !== null)) {
    // Only without its own inspection: assertions compare what the text says.
    shape.base = value.href;
    if (bare) shape.done = shape.base;
    return;
  } else {
    shape.open = `${prefixOf(constructor, tag, constructor === null ? fallbackName(value, tag) : '')}{`;
  }
  if (bare) shape.done = `${shape.open}}`;
}

function describeError(ctx, shape, value, constructor, tag, inherited) {
  errorModule ??= require('internal/util/inspect_error');
  shape.base = errorModule.formatError(ctx, value, constructor, tag, shape.keys);
  if (shape.keys.length === 0 && inherited === undefined) shape.done = shape.base;
}

function withPrefix(prefix, usual, text) {
  return prefix === usual ? text : `${prefix}${text}`;
}

/** `[Number: 3]`, `[String (Subclass): 'abc']`. */
function describeBoxed(ctx, shape, value, kind, constructor, tag, inherited) {
  let name;
  let primitive;
  switch (kind) {
    case KIND_NUMBER_OBJECT: name = 'Number'; primitive = numberValueOf(value); break;
    case KIND_BOOLEAN_OBJECT: name = 'Boolean'; primitive = booleanValueOf(value); break;
    case KIND_BIGINT_OBJECT: name = 'BigInt'; primitive = bigIntValueOf(value); break;
    case KIND_SYMBOL_OBJECT: name = 'Symbol'; primitive = symbolValueOf(value); break;
    default:
      name = 'String';
      primitive = stringValueOf(value);
      // Characters are the value, not properties.
      shape.keys.splice(0, primitive.length);
  }
  let base = `[${name}`;
  if (name !== constructor) base += constructor === null ? ' (null prototype)' : ` (${constructor})`;
  base += `: ${formatPrimitive(stylizeNoColor, primitive, ctx)}]`;
  if (tag !== '' && tag !== constructor) base += ` [${tag}]`;
  shape.base = base;
  if (shape.keys.length === 0 && inherited === undefined) shape.done = ctx.stylize(base, name.toLowerCase());
}

function moreItems(count) {
  return `... ${count} more item${count > 1 ? 's' : ''}`;
}

function shownCount(ctx, total) {
  return Math.min(Math.max(0, ctx.maxArrayLength), total);
}

function arrayEntries(ctx, value, level) {
  const total = value.length;
  const shown = shownCount(ctx, total);
  const output = [];
  let index = 0;
  while (index < total && output.length < shown) {
    if (!hasOwn(value, index)) {
      // From the first hole on, jump from index to index: an array may have four billion holes.
      return sparseEntries(ctx, value, level, index, shown, output);
    }
    output.push(formatProperty(ctx, value, level, index, ARRAY));
    index++;
  }
  if (total > index) output.push(moreItems(total - index));
  return output;
}

function sparseEntries(ctx, value, level, index, shown, output) {
  const total = value.length;
  const names = objectKeys(value);
  let at = index; // the names before are the dense start
  while (at < names.length && output.length < shown) {
    const name = names[at];
    const next = Number(name);
    // Integer keys come first and in order; the first other name ends them.
    if (!(next >= index && next < 2 ** 32 - 1 && String(next) === name)) break;
    if (next > index) {
      output.push(emptyItems(ctx, next - index));
      index = next;
      if (output.length === shown) break;
    }
    output.push(formatProperty(ctx, value, level, name, ARRAY));
    index++;
    at++;
  }
  if (index < total) {
    if (output.length === shown) output.push(moreItems(total - index));
    else output.push(emptyItems(ctx, total - index));
  }
  return output;
}

function emptyItems(ctx, count) {
  return ctx.stylize(`<${count} empty item${count > 1 ? 's' : ''}>`, 'undefined');
}

function typedArrayEntries(ctx, value, level) {
  const total = typedArrayLength(value);
  const shown = shownCount(ctx, total);
  const output = [];
  const format = shown > 0 && typeof value[0] === 'bigint' ? formatBigInt : formatNumber;
  for (let i = 0; i < shown; i++) output.push(format(ctx.stylize, value[i], ctx.numericSeparator));
  if (total > shown) output.push(moreItems(total - shown));
  if (ctx.showHidden) {
    for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
      output.push(extraProperty(ctx, key, value[key], level, true));
    }
  }
  return output;
}

/** `[key]: value` of what is no own property but worth seeing. */
function extraProperty(ctx, key, value, level, insideTyped) {
  ctx.indentation += 2;
  const text = formatValue(ctx, value, level, insideTyped);
  ctx.indentation -= 2;
  return `${ctx.stylize(`[${key}]`, 'string')}: ${text}`;
}

function setEntries(ctx, value, level) {
  const total = setSize(value);
  const shown = shownCount(ctx, total);
  const output = [];
  const iterator = setValues(value);
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) output.push(formatValue(ctx, setNext(iterator).value, level));
  if (total > shown) output.push(moreItems(total - shown));
  ctx.indentation -= 2;
  return output;
}

function mapEntriesText(ctx, value, level) {
  const total = mapSize(value);
  const shown = shownCount(ctx, total);
  const output = [];
  const iterator = mapEntries(value);
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const [key, item] = mapNext(iterator).value;
    output.push(`${formatValue(ctx, key, level)} => ${formatValue(ctx, item, level)}`);
  }
  if (total > shown) output.push(moreItems(total - shown));
  ctx.indentation -= 2;
  return output;
}

// What an iterator yields, as `collectionIterator` says.
const YIELDS_KEYS = 0;
const YIELDS_ENTRIES = 2;

/** What a Map or Set iterator would yield from here on, without taking it; `[key, value]` lists if `isPairs`. */
function remainingItems(iterator) {
  const items = [];
  const state = collectionIterator(iterator);
  if (state === undefined) return { items, isPairs: false };
  const [collection, yields, passed] = state;
  const isPairs = yields === YIELDS_ENTRIES;
  const isMap = kindOf(collection) === KIND_MAP;
  const walk = isMap ? mapEntries(collection) : setValues(collection);
  for (let index = 0; ; index++) {
    const { done, value } = isMap ? mapNext(walk) : setNext(walk);
    if (done) return { items, isPairs };
    if (index < passed) continue;
    if (!isMap) items.push(isPairs ? [value, value] : value);
    else items.push(isPairs ? value : value[yields === YIELDS_KEYS ? 0 : 1]);
  }
}

function iteratorEntries(ctx, value, level, shape) {
  const { items, isPairs } = remainingItems(value);
  if (!isPairs) return singleEntries(ctx, items, level);
  // They show as `[key, value]` lists, named so.
  shape.open = shape.open.replace(/ Iterator] {$/, ' Entries] {');
  return pairEntries(ctx, items, level, true);
}

function singleEntries(ctx, entries, level) {
  const shown = shownCount(ctx, entries.length);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) output.push(formatValue(ctx, entries[i], level));
  ctx.indentation -= 2;
  if (entries.length > shown) output.push(moreItems(entries.length - shown));
  return output;
}

function pairEntries(ctx, pairs, level, bracketed) {
  const shown = shownCount(ctx, pairs.length);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const key = formatValue(ctx, pairs[i][0], level);
    const value = formatValue(ctx, pairs[i][1], level);
    output.push(bracketed ? layOut(ctx, [key, value], '', '[', ']', ARRAY_EXTRAS, level) : `${key} => ${value}`);
  }
  ctx.indentation -= 2;
  if (pairs.length > shown) output.push(moreItems(pairs.length - shown));
  return output;
}

function unknownEntries(ctx) {
  return [ctx.stylize('<items unknown>', 'special')];
}

function weakSetEntries(ctx, value, level) {
  return singleEntries(ctx, weakKeys(value), level).sort();
}

function weakMapEntries(ctx, value, level) {
  const pairs = weakKeys(value).map((key) => [key, weakMapGet(value, key)]);
  return pairEntries(ctx, pairs, level, false).sort();
}

function promiseEntries(ctx, value, level) {
  const [state, result] = getPromiseDetails(value);
  if (state === 0) return [ctx.stylize('<pending>', 'special')];
  ctx.indentation += 2;
  const text = formatValue(ctx, result, level);
  ctx.indentation -= 2;
  return [state === 2 ? `${ctx.stylize('<rejected>', 'special')} ${text}` : text];
}

function byteLengthEntries(ctx, value) {
  return [`[byteLength]: ${formatNumber(ctx.stylize, value.byteLength, false)}`];
}

function arrayBufferEntries(ctx, value, level) {
  const output = [];
  let bytes;
  try {
    bytes = new Uint8Array(value);
  } catch {
    output.push(ctx.stylize('(detached)', 'special'));
  }
  if (bytes !== undefined) {
    const total = typedArrayLength(bytes);
    const shown = shownCount(ctx, total);
    const hex = [];
    for (let i = 0; i < shown; i++) hex.push((bytes[i] < 16 ? '0' : '') + bytes[i].toString(16));
    let text = hex.join(' ');
    if (total > shown) text += ` ... ${total - shown} more byte${total - shown > 1 ? 's' : ''}`;
    output.push(`${ctx.stylize('[Uint8Contents]', 'special')}: <${text}>`);
  }
  output.push(extraProperty(ctx, 'byteLength', value.byteLength, level));
  return output;
}

function dataViewEntries(ctx, value, level) {
  return ['byteLength', 'byteOffset', 'buffer'].map((key) => {
    let item;
    try {
      item = value[key];
    } catch {
      // The buffer is detached: there is no length to tell.
    }
    return extraProperty(ctx, key, item, level);
  });
}

function namespaceEntries(ctx, value, level, shape) {
  const output = shape.keys.map((key) => {
    try {
      return formatProperty(ctx, value, level, key, OBJECT);
    } catch {
      return `${formatKey(ctx, key, true)}: ${ctx.stylize('<uninitialized>', 'special')}`;
    }
  });
  shape.keys = [];
  return output;
}

/** One property: `key: value`, or only the value in an array. `inherited` is the descriptor of a prototype's property. */
function formatProperty(ctx, object, level, key, layout, inherited) {
  const descriptor = inherited ?? getOwnPropertyDescriptor(object, key) ??
    { value: object[key], configurable: true, enumerable: true };
  let text;
  if (key === 'stack' && descriptor.enumerable === false && typeof descriptor.value === 'string' && kindOf(object) === KIND_ERROR) {
    // Read once, an error's stack is a value here; in Node it stays an accessor.
    text = formatGetter(ctx, { get: () => descriptor.value, set: true }, object, level);
  } else if (descriptor.value !== undefined) {
    const step = ctx.compact !== true || layout !== OBJECT ? 2 : 3;
    ctx.indentation += step;
    text = formatValue(ctx, descriptor.value, level);
    if (step === 3 && ctx.breakLength < visibleWidth(ctx, text)) {
      text = `\n${stringRepeat(' ', ctx.indentation)}${text}`;
      ctx.indentation -= step;
      return `${formatKey(ctx, key, descriptor.enumerable)}:${text}`;
    }
    ctx.indentation -= step;
  } else if (descriptor.get !== undefined) {
    text = formatGetter(ctx, descriptor, object, level);
  } else {
    text = descriptor.set !== undefined ? ctx.stylize('[Setter]', 'special') : ctx.stylize('undefined', 'undefined');
  }
  if (layout === ARRAY) return text;
  const line = `${formatKey(ctx, key, descriptor.enumerable)}: ${text}`;
  if (inherited === undefined || !ctx.colors) return line;
  const [start, end] = inspect.colors.dim;
  return `\u001b[${start}m${line}\u001b[${end}m`;
}

function visibleWidth(ctx, text) {
  return require('internal/util/inspect').getStringWidth(text, ctx.colors);
}

function formatKey(ctx, key, enumerable) {
  let text;
  if (typeof key === 'symbol') {
    text = ctx.stylize(escapeText(key.toString()), 'symbol');
  } else if (key === '__proto__') {
    text = "['__proto__']";
  } else if (typeof key === 'string' && plainKey.test(key)) {
    text = ctx.stylize(key, 'name');
  } else {
    text = ctx.stylize(quote(`${key}`), 'string');
  }
  return enumerable === false ? `[${text}]` : text;
}

function formatGetter(ctx, descriptor, receiver, level) {
  const label = descriptor.set !== undefined ? 'Getter/Setter' : 'Getter';
  const { getters, stylize } = ctx;
  const called = getters === true || (getters === 'get' && descriptor.set === undefined) ||
    (getters === 'set' && descriptor.set !== undefined);
  if (!called) return stylize(`[${label}]`, 'special');
  const indentation = ctx.indentation;
  try {
    const result = descriptor.get.call(receiver);
    ctx.indentation += 2;
    if ((typeof result === 'object' && result !== null) || typeof result === 'function') {
      const text = `${stylize(`[${label}]`, 'special')} ${formatValue(ctx, result, level)}`;
      ctx.indentation -= 2;
      return text;
    }
    const text = result === null ? stylize('null', 'null') : formatPrimitive(stylize, result, ctx);
    ctx.indentation -= 2;
    return `${stylize(`[${label}:`, 'special')} ${text}${stylize(']', 'special')}`;
  } catch (error) {
    ctx.indentation = indentation + 2;
    const text = formatValue(ctx, error, level);
    ctx.indentation = indentation;
    return `${stylize(`[${label}:`, 'special')} <Inspection threw (${text})>${stylize(']', 'special')}`;
  }
}

module.exports = { formatObject, hasUserToString, remainingItems };
