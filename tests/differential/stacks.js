/**
 * Prints the frames of stacks that functions of all kinds make, as text and as call sites: to be compared with node's.
 */
'use strict';

const path = require('path');

/** Frames of this file; what is below is the runtime's own. */
function own(stack) {
  const lines = String(stack).split('\n');
  return lines.filter((line) => !line.includes('node:')).map((line) => line.replaceAll(`${__dirname}${path.sep}`, '')).join('\n');
}

function show(name, stack) {
  console.log(`--- ${name}\n${own(stack)}`);
}

function attempt(name, fn) {
  try {
    fn();
    console.log(`--- ${name}\nno error`);
  } catch (error) {
    show(name, error.stack);
  }
}

function thrower() { throw new Error('x'); }

class Foo {
  constructor(fn) { if (fn) fn(); }
  method() { thrower(); }
  static make() { thrower(); }
  get value() { return thrower(); }
  set value(v) { thrower(); }
  #secret() { thrower(); }
  secret() { this.#secret(); }
  arrow = () => { thrower(); };
  static { this.late = function () { thrower(); }; }
  ['computed' + 1]() { thrower(); }
  *generator() { thrower(); yield 1; }
  [Symbol.iterator]() { thrower(); }
}
class Bar extends Foo {
  constructor(fn) { super(fn); }
  method() { super.method(); }
}

attempt('function', thrower);
attempt('arrow', () => thrower());
attempt('anonymous', function () { thrower(); });
attempt('constructor', () => new Foo(thrower));
attempt('derived constructor', () => new Bar(thrower));
attempt('method', () => new Foo().method());
attempt('derived method', () => new Bar().method());
attempt('inherited getter', () => new Bar().value);
attempt('static', () => Foo.make());
attempt('derived static', () => Bar.make());
attempt('getter', () => new Foo().value);
attempt('setter', () => { new Foo().value = 1; });
attempt('private', () => new Foo().secret());
attempt('field arrow', () => new Foo().arrow());
attempt('static late', () => Foo.late());
attempt('computed', () => new Foo().computed1());
attempt('generator', () => new Foo().generator().next());
attempt('symbol method', () => [...new Foo()]);
attempt('object method', () => ({ m() { thrower(); } }).m());
attempt('object function', () => ({ m: function () { thrower(); } }).m());
attempt('object named function', () => ({ m: function other() { thrower(); } }).m());
attempt('object arrow', () => ({ m: () => thrower() }).m());
attempt('object getter', () => ({ get g() { return thrower(); } }).g);
const holder = {};
holder.assigned = function () { thrower(); };
holder.deep = { er: function () { thrower(); } };
attempt('assigned', () => holder.assigned());
attempt('deep', () => holder.deep.er());
attempt('assigned called bare', () => { const f = holder.assigned; f(); });
function Old() { if (!new.target) thrower(); else thrower(); }
Old.prototype.method = function () { thrower(); };
Old.prototype.named = function inner() { thrower(); };
Old.create = function () { thrower(); };
attempt('old constructor', () => new Old());
attempt('old method', () => { const o = Object.create(Old.prototype); o.method(); });
attempt('old named', () => { const o = Object.create(Old.prototype); o.named(); });
attempt('old static', () => Old.create());
attempt('map callback', () => [1].map(() => thrower()));
attempt('map named', () => [1].map(function each() { thrower(); }));
attempt('forEach', () => [1].forEach(thrower));
attempt('sort', () => [1, 2].sort(() => thrower()));
attempt('replace', () => 'x'.replace(/x/, () => thrower()));
attempt('JSON.parse', () => JSON.parse('[1]', () => thrower()));
attempt('JSON.stringify', () => JSON.stringify({ toJSON() { thrower(); } }));
attempt('Reflect.apply', () => Reflect.apply(thrower, null, []));
attempt('call', () => thrower.call({}));
attempt('apply', () => thrower.apply(new Foo()));
attempt('bound', () => thrower.bind(null)());
attempt('Reflect.construct', () => Reflect.construct(Foo, [thrower]));
attempt('new Promise', () => { let e; new Promise(() => { try { thrower(); } catch (x) { e = x; } }); throw e; });
attempt('eval', () => eval('thrower()'));
attempt('indirect eval', () => (0, eval)('(function inEval() { throw new Error("y"); })()'));
attempt('new Function', () => new Function('throw new Error("z")')());
attempt('toString', () => `${{ toString() { thrower(); } }}`);
attempt('valueOf', () => +{ valueOf() { thrower(); } });
attempt('proxy', () => new Proxy({}, { get() { thrower(); } }).x);
attempt('nested', () => { function outer() { function inner() { thrower(); } inner(); } outer(); });
attempt('iife', () => { (function () { (() => { thrower(); })(); })(); });
attempt('default parameter', () => { (function f(a = thrower()) { return a; })(); });
attempt('tagged', () => { thrower`x`; });
attempt('Array.from', () => Array.from([1], () => thrower()));
attempt('Map.forEach', () => new Map([[1, 2]]).forEach(() => thrower()));
attempt('class expression', () => { const K = class { m() { thrower(); } }; new K().m(); });
attempt('anonymous class', () => { new (class { m() { thrower(); } })().m(); });
attempt('null prototype', () => { const o = Object.create(null); o.m = function () { thrower(); }; o.m(); });
attempt('on array', () => { const a = []; a.m = function () { thrower(); }; a.m(); });
attempt('on function', () => { function f() {} f.m = function () { thrower(); }; f.m(); });
attempt('primitive receiver', () => { 'use strict'; Number.prototype.zz = function () { thrower(); }; try { (5).zz(); } finally { delete Number.prototype.zz; } });
attempt('TypeError', () => { null.x(); });
attempt('RangeError', () => { new Array(-1); });
attempt('reference', () => { nope; });
attempt('native toFixed', () => { (1).toFixed(1000); });
attempt('custom error', () => { class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; } } throw new MyError('m'); });
attempt('custom error later', () => { class MyError extends Error {} throw new MyError('m'); });
attempt('function error', () => { function E() { Error.captureStackTrace(this, E); } throw new E(); });
attempt('error with name', () => { const e = new Error('a'); e.name = 'Foo'; throw e; });
attempt('multi line', () => { throw new Error('a\nb'); });
attempt('no message', () => { throw new Error(); });
attempt('aggregate', () => { throw new AggregateError([new Error('x')], 'm'); });
attempt('limit 1', () => { const { stackTraceLimit } = Error; Error.stackTraceLimit = 1; try { thrower(); } finally { Error.stackTraceLimit = stackTraceLimit; } });
attempt('limit 0', () => { const { stackTraceLimit } = Error; Error.stackTraceLimit = 0; try { thrower(); } finally { Error.stackTraceLimit = stackTraceLimit; } });
{
  const target = {};
  Error.captureStackTrace(target);
  show('captureStackTrace', target.stack);
  const named = { name: 'N', message: 'M' };
  Error.captureStackTrace(named);
  show('captureStackTrace with name', named.stack);
  function hide() { const o = {}; Error.captureStackTrace(o, hide); return o.stack; }
  function visible() { return hide(); }
  show('captureStackTrace below', visible());
  const error = new Error('e');
  console.log(JSON.stringify(Object.getOwnPropertyNames(error)), JSON.stringify(Object.getOwnPropertyNames(target)));
}

/** All that a call site tells. */
function describe(site) {
  const call = (name) => {
    try {
      const value = site[name]();
      return typeof value === 'string' ? value.replaceAll(`${__dirname}${path.sep}`, '') : value;
    } catch (error) {
      return `throws ${error.message}`;
    }
  };
  return ['getTypeName', 'getFunctionName', 'getMethodName', 'getFileName', 'getLineNumber', 'getColumnNumber', 'isToplevel',
    'isEval', 'isNative', 'isConstructor', 'isAsync', 'isPromiseAll', 'getPromiseIndex', 'toString']
    .map((name) => `${name}=${call(name)}`).join(' ');
}

function sites(name, fn) {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, list) => list;
  try {
    fn();
  } catch (error) {
    const list = error.stack;
    Error.prepareStackTrace = before;
    console.log(`--- sites ${name}`);
    for (const site of list) if (site.getFileName()?.startsWith(__dirname) || site.isEval()) console.log(describe(site));
  } finally {
    Error.prepareStackTrace = before;
  }
}
sites('function', () => thrower());
sites('method', () => new Bar().method());
sites('static', () => Foo.make());
sites('constructor', () => new Bar(thrower));
sites('object method', () => ({ m() { thrower(); } }).m());
sites('old method', () => { Object.create(Old.prototype).method(); });
sites('map', () => [1].map(() => thrower()));
sites('eval', () => eval('thrower()'));

/** Frames of asynchronous code. */
async function asyncInner() { await null; throw new Error('async'); }
async function asyncOuter() { await asyncInner(); }
const asyncArrow = async () => { await asyncOuter(); };
class Async {
  async method() { await asyncInner(); }
  static async make() { await asyncInner(); }
}
async function asyncAll() { await Promise.all([asyncInner(), asyncInner()]); }
async function asyncAllSecond() { await Promise.all([Promise.resolve(), asyncInner()]); }
async function asyncAny() { await Promise.any([asyncInner()]); }
async function asyncSettled() { const [{ reason }] = await Promise.allSettled([asyncInner()]); throw reason; }
async function asyncThen() { await Promise.resolve().then(() => thrower()); }
async function asyncThenNamed() { await Promise.resolve().then(function named() { thrower(); }); }
async function* asyncGenerator() { await null; thrower(); yield 1; }
async function asyncLoop() { for await (const x of asyncGenerator()) void x; }
async function asyncReturn() { return asyncInner(); }
async function asyncTry() { try { return await asyncInner(); } finally { void 0; } }
async function asyncSync() { thrower(); }
async function asyncCatch() { await asyncInner().catch((error) => { throw error; }); }
async function asyncFinally() { await asyncInner().finally(() => {}); }
async function main() {
  for (const fn of [asyncOuter, asyncArrow, () => new Async().method(), () => Async.make(), asyncAll, asyncAllSecond, asyncAny,
    asyncSettled, asyncThen, asyncThenNamed, asyncLoop, asyncReturn, asyncTry, asyncSync, asyncCatch, asyncFinally]) {
    try {
      await fn();
    } catch (error) {
      show(`async ${fn.name || fn}`, error.errors ? error.errors[0].stack : error.stack);
    }
  }
  setImmediate(() => {
    show('immediate', new Error('i').stack);
    setTimeout(function later() {
      show('timer', new Error('t').stack);
      setTimeout(() => show('timer arrow', new Error('t').stack), 1);
    }, 1);
  });
  process.nextTick(() => show('tick', new Error('n').stack));
  queueMicrotask(() => show('microtask', new Error('q').stack));
  const { EventEmitter } = require('events');
  const emitter = new EventEmitter();
  emitter.on('x', () => show('listener arrow', new Error('l').stack));
  emitter.on('x', function () { show('listener', new Error('l').stack); });
  emitter.on('x', function named() { show('listener named', new Error('l').stack); });
  emitter.emit('x');
}
main();
