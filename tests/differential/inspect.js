/**
 * Prints util.inspect and util.format of generated values: to be compared with node's. The seed is fixed; the first argument is
 * how many values (default 10,000).
 */
'use strict';

const { inspect, format, formatWithOptions } = require('util');

const count = Number(process.argv[2] ?? 10_000);

/** xorshift32: the same numbers everywhere. */
let state = 0x2545f491;
function next() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
const below = (limit) => next() % limit;
const chance = (percent) => below(100) < percent;
const pick = (list) => list[below(list.length)];

const strings = ['', 'a', 'foo', 'foo bar', "it's", '"q"', '`b`', `'"`, '\'"`', 'a\nb', '\t', '\x00\x1f', '\u{1f600}', '\ud800', '日本語', 'é',
  'long '.repeat(20), 'line one\nline two\nline three\n'.repeat(2), '__proto__', 'constructor', '\u200b', '\x7f\x9b', '\\', '${x}', '1', '-1',
  'a-b', 'toString', '%s', '👨‍👩‍👧', 'x'.repeat(200), '\x1b[31mred\x1b[39m'];
const numbers = [0, -0, 1, -1, 1.5, 123456789, 1e21, 1e-7, NaN, Infinity, -Infinity, 0xffffffff, 1234567.891, -98765.4321, 2 ** 53];
const symbols = [Symbol('s'), Symbol(), Symbol.iterator, Symbol.for('for'), Symbol('a b'), Symbol('a\nb'), Symbol('')];

class Foo { constructor() { this.x = 1; } }
class Bar extends Foo { get prop() { return 2; } static sx = 1; }
class Tagged { get [Symbol.toStringTag]() { return 'Tag'; } }
class TaggedSame { get [Symbol.toStringTag]() { return 'TaggedSame'; } }
class MyMap extends Map {}
class MySet extends Set {}
class MyArray extends Array {}
class MyPromise extends Promise {}
class MyError extends Error {}
class MyDate extends Date {}
class MyRegExp extends RegExp {}
class MyBuffer extends Uint8Array {}
class MyFunction extends Function {}
const held = {};
const Anonymous = (() => class {})();

function errorOf() {
  const Class = pick([Error, TypeError, RangeError, SyntaxError, MyError, AggregateError]);
  const message = pick(['', 'boom', 'multi\nline', 'with "quotes"']);
  const options = chance(20) ? { cause: chance(50) ? primitive() : value(3) } : undefined;
  const error = Class === AggregateError ? new Class([new Error('inner')].map(fixStack), message) : new Class(message, options);
  fixStack(error);
  if (chance(20)) error.code = pick(['ENOENT', 'ERR_X', 5]);
  if (chance(10)) error.name = pick(['Custom', '', 'TypeError', 'MyError']);
  if (chance(10)) error.extra = primitive();
  if (chance(5)) error.stack = pick(['', 'no frames', 'Custom: other\n    at x (file.js:1:1)']);
  if (chance(3)) error.message = 'changed';
  return error;
}
function fixStack(error) {
  const head = String(error.stack).split('\n    at ')[0];
  error.stack = `${head}\n    at fn (/home/user/app/file.js:${1 + below(99)}:5)\n    at Object.<anonymous> (/home/user/app/node_modules/pkg/index.js:2:3)\n    at node:fs:1:1`;
  return error;
}

function functionOf() {
  const made = [
    function () {}, function named() {}, () => {}, async () => {}, async function af() {}, function* gen() {}, async function* ag() {},
    class {}, class Klass {}, class Sub extends Foo {}, class Nul extends null {}, { m() {} }.m, Math.max, Anonymous,
    Foo.bind?.call(() => {}, null), function named2() {}.bind(null), Symbol, Proxy, new MyFunction(), Object.getOwnPropertyDescriptor(Bar.prototype, 'prop').get,
  ];
  const fn = pick(made);
  if (chance(10) && fn !== Symbol && fn !== Proxy && fn !== Math.max && fn !== Anonymous) fn[pick(['a', 'b-c'])] = primitive();
  if (chance(5)) return Object.setPrototypeOf(function zero() {}, null);
  return fn;
}

function primitive() {
  switch (below(9)) {
    case 0: return pick(numbers);
    case 1: return below(100000) - 50000;
    case 2: return pick([true, false]);
    case 3: return null;
    case 4: return undefined;
    case 5: return pick(symbols);
    case 6: return pick([0n, 1n, -5n, 123456789012345678901234567890n]);
    default: return pick(strings);
  }
}

const key = () => (chance(6) ? pick(symbols) : pick([...strings.slice(0, 20), 'a', 'b', 'c', 'd', 'key', 'value', 'name', `k${below(50)}`]));

function object(depth, target = {}) {
  const size = chance(5) ? 30 : below(6);
  for (let i = 0; i < size; i++) {
    const name = key();
    if (chance(6)) {
      const kind = below(3);
      const descriptor = { __proto__: null, configurable: true, enumerable: chance(85) };
      if (kind !== 1) descriptor.get = pick([() => primitiveFixed, () => { throw new Error('getter failed'); }, function () { return this === undefined; }]);
      if (kind !== 0) descriptor.set = () => {};
      Object.defineProperty(target, name, descriptor);
    } else if (chance(4)) {
      Object.defineProperty(target, name, { __proto__: null, value: value(depth + 1), enumerable: false, configurable: true });
    } else {
      Object.defineProperty(target, name, { __proto__: null, value: value(depth + 1), enumerable: true, configurable: true, writable: true });
    }
  }
  return target;
}
const primitiveFixed = 'got';

function array(depth) {
  const target = chance(8) ? new MyArray() : [];
  const size = chance(8) ? 30 + below(100) : below(8);
  const same = chance(40) ? pick([() => below(1000), () => pick(strings), () => chance(50), () => primitive()]) : undefined;
  for (let i = 0; i < size; i++) target.push(same ? same() : value(depth + 1));
  if (chance(8)) target.length += 1 + below(5);
  if (chance(5) && target.length > 2) delete target[1];
  if (chance(5)) target[pick(['extra', '-1', 'a b'])] = primitive();
  return target;
}

function collection(depth) {
  const size = chance(5) ? 20 : below(5);
  if (chance(50)) {
    const map = chance(15) ? new MyMap() : new Map();
    for (let i = 0; i < size; i++) map.set(value(depth + 1), value(depth + 1));
    if (chance(10)) map.extra = 1;
    return chance(15) ? pick([map.keys(), map.values(), map.entries()]) : map;
  }
  const set = chance(15) ? new MySet() : new Set();
  for (let i = 0; i < size; i++) set.add(value(depth + 1));
  return chance(15) ? pick([set.values(), set.entries()]) : set;
}

function binary() {
  const size = chance(10) ? 60 : below(6);
  const buffer = new ArrayBuffer(size * 8);
  new Uint8Array(buffer).forEach((_, i, all) => { all[i] = below(256); });
  const made = pick([
    () => buffer, () => new Uint8Array(buffer), () => new Int16Array(buffer), () => new Float32Array(size), () => new BigInt64Array(buffer),
    () => new DataView(buffer), () => Buffer.from(buffer), () => new SharedArrayBuffer(size), () => new MyBuffer(size),
    () => new Uint8ClampedArray(size), () => new Float64Array(size),
  ])();
  if (chance(8)) made.extra = 1;
  return made;
}

function exotic(depth) {
  return pick([
    () => new Date(below(2 ** 31) * 1000), () => new Date(NaN), () => new MyDate(0), () => /a\/b/gi, () => new MyRegExp('x', 'y'),
    () => Object(pick([1, -0, 'str', true, 5n, Symbol('boxed'), ''])), () => Object.assign(Object('abc'), { extra: 1 }),
    () => Promise.resolve(value(depth + 1)), () => { const p = Promise.reject(primitive()); p.catch(() => {}); return p; },
    () => new Promise(() => {}), () => MyPromise.resolve(1), () => new WeakMap([[held, 1]]), () => new WeakSet([held]), () => new WeakRef({ a: 1 }),
    () => new Proxy(object(depth + 1), {}), () => new Proxy(function target() {}, {}), () => new Proxy([1, 2], {}),
    () => (function* generator() { yield 1; })(), () => (async function* asyncGenerator() { yield 1; })(),
    () => [][Symbol.iterator](), () => 'x'[Symbol.iterator](), () => 'x'.matchAll(/x/g), () => Object.create(null),
    () => Object.create({}), () => Object.create(Foo.prototype), () => new Foo(), () => new Bar(), () => new Tagged(), () => new TaggedSame(),
    () => new Anonymous(), () => object(depth + 1, Object.create(null)), () => object(depth + 1, new Foo()), () => (function () { return arguments; })(1, 'a'),
    () => globalThis.Math, () => JSON, () => Reflect, () => Atomics, () => Intl, () => new Intl.NumberFormat('en'),
    () => new URL('http://user:pass@host:81/p?q=1#h'), () => new URLSearchParams('a=1&b=2&a=3'), () => new AbortController().signal,
    () => new Event('x').type, () => ({ [inspect.custom](d, options) { return `custom ${d} ${options.depth}`; } }),
    () => ({ [inspect.custom]() { return { a: 1, b: [1, 2] }; } }), () => ({ [inspect.custom]: 5 }), () => ({ inspect() { return 'old'; } }),
    () => ({ [Symbol.toStringTag]: 'Tag' }), () => ({ [Symbol.toStringTag]: 'Object' }), () => ({ constructor: Foo }), () => ({ constructor: 'x' }),
    () => ({ __proto__: { constructor: Foo } }), () => Foo.prototype, () => Bar.prototype, () => Object.prototype, () => Array.prototype,
    () => Map.prototype, () => Function.prototype, () => Date.prototype, () => RegExp.prototype, () => Promise.prototype, () => Error.prototype,
    () => new TextEncoder(), () => new Blob(['x']), () => process.versions.node.length > 0, () => new Set([new Set([new Set([new Set()])])]),
    () => new Map([[{ a: 1 }, new Map([[[], {}]])]]), () => Object.freeze({ a: 1 }), () => new (class extends Foo { y = 2; })(),
    () => new (class Foo2 extends MyMap {})(), () => new (class extends null { constructor() { return Object.create(new.target.prototype); } })(),
    () => Object.setPrototypeOf([1], null), () => Object.setPrototypeOf(new Map(), null), () => Object.setPrototypeOf(new Date(0), null),
    () => Object.setPrototypeOf(() => {}, null), () => Object.setPrototypeOf(/x/, null), () => Object.setPrototypeOf(fixStack(new Error('p')), null),
    () => Object.setPrototypeOf(new Uint8Array(2), null), () => Object.setPrototypeOf(Object(1), null), () => Object.setPrototypeOf({ a: 1 }, Map.prototype),
    () => ({ a: { b: { c: { d: { e: 1 } } } } }), () => [[[[[[]]]]]], () => new Array(below(5)), () => [, 1, , 2], () => [undefined, , null],
    () => [1.5, -2, 300, 4e10].map((x) => x * below(9)), () => Array.from({ length: 27 }, (_, i) => `item${i}`), () => Array.from({ length: 10 }, (_, i) => 'ab'.repeat(i)),
  ])();
}

const stack = [];
function value(depth = 0) {
  if (depth > 4 || chance(depth * 15)) return primitive();
  if (stack.length > 0 && chance(3)) return pick(stack);
  const kind = below(14);
  if (kind < 3) return primitive();
  if (kind === 3) return functionOf();
  if (kind === 4) return errorOf();
  if (kind === 5) return binary();
  if (kind < 8) return exotic(depth);
  if (kind === 8) return collection(depth);
  const made = kind < 11 ? [] : {};
  stack.push(made);
  let result;
  if (kind < 11) result = made.concat(array(depth));
  else result = object(depth, made);
  stack.pop();
  return result;
}

function options() {
  if (chance(50)) return undefined;
  const made = {};
  if (chance(30)) made.depth = pick([0, 1, 3, null, Infinity, -1]);
  if (chance(30)) made.compact = pick([true, false, 0, 1, 2, 5]);
  if (chance(30)) made.breakLength = pick([20, 40, 80, 120, Infinity]);
  if (chance(20)) made.sorted = true;
  if (chance(20)) made.getters = pick([true, 'get', 'set']);
  if (chance(20)) made.showHidden = true;
  if (chance(15)) made.maxArrayLength = pick([0, 1, 3, null, Infinity]);
  if (chance(15)) made.maxStringLength = pick([0, 1, 10, null]);
  if (chance(15)) made.numericSeparator = true;
  if (chance(15)) made.colors = true;
  if (chance(10)) made.showProxy = true;
  if (chance(5)) made.customInspect = false;
  return made;
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return `throws ${error.name}: ${error.message}`;
  }
}

const formats = ['%s', '%d', '%i', '%f', '%j', '%o', '%O', '%c', '%%', '%x', '%', 'text', '%s %s', '%d%%', 'a %s b %d c'];
for (let i = 0; i < count; i++) {
  let shown;
  if (chance(80)) {
    const subject = value();
    const settings = options();
    shown = attempt(() => inspect(subject, settings));
  } else {
    const args = [chance(80) ? Array.from({ length: 1 + below(3) }, () => pick(formats)).join(' ') : value()];
    for (let n = below(4); n > 0; n--) args.push(value(2));
    shown = attempt(() => (chance(80) ? format(...args) : formatWithOptions({ colors: true }, ...args)));
  }
  console.log(`${i} ${JSON.stringify(shown)}`);
}
