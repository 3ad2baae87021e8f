/**
 * Prints name and message of what common mistakes throw, one line per snippet: to be compared with node's (see run.py).
 */
'use strict';

process.on('unhandledRejection', () => {});
process.on('warning', () => {});

const snippets = String.raw`
undefined.x
null.x
null['a b']
undefined[Symbol.iterator]
undefined[Symbol('k')]
var o = {}; o.a.b
var o = {}; o.a.b.c
var o = {a: null}; o.a.b
var o = {}; o.a.b = 1
var o = {a: null}; o.a.b = 1
undefined.x = 1
null[0] = 1
var o; o[1]
var o; o[1.5]
var o; o.x++
var o; delete o.x
var o; o?.x.y; o.z
var o = {}; o.f()
var o = {}; o.a.f()
var o = {a: {}}; o.a.f()
var o = {a: 1}; o.a()
var o = {}; o['f']()
var o = {}; o['a b']()
var o = {}; var k = 'f'; o[k]()
var o = {}; o[0]()
var a = []; a[0]()
var a = [1]; a[0]()
var x = 1; x()
var x = undefined; x()
var x = null; x()
var x = {}; x()
var x = 'str'; x()
(1)()
'abc'()
(void 0)()
null()
true()
({})()
[]()
(() => 1)()()
(function () {})()()
(1, 2)()
this.foo()
globalThis.nope()
Math.nope()
JSON.nope(1)
console.nope()
[].nope()
''.nope()
'abc'.foo.bar
(1).nope()
new 1
new (void 0)
new null
new {}
new (() => {})
var f = () => {}; new f
var f = () => {}; new f()
var o = {m() {}}; new o.m()
var o = {}; new o.Foo()
async function f() {} new f()
function* g() {} new g()
new Math.max()
new Symbol()
new BigInt(1)
new Math()
new JSON
new parseInt()
class A {} A()
class A { constructor() {} } A.call({})
(class {})()
var B = class {}; B()
class A extends null {} new A
class A extends 1 {}
class A extends undefined {}
class A extends ({}) {}
var o = {}; class A extends o.x {}
class P { } class A extends P { constructor() { } } new A
class P { } class A extends P { constructor() { super(); super(); } } new A
class P { } class A extends P { constructor() { this.x = 1; super(); } } new A
class P { } class A extends P { constructor() { return 1; } } new A
class A { #p = 1; static t(o) { return o.#p; } } A.t({})
class A { #p = 1; static t(o) { o.#p = 1; } } A.t({})
class A { #m() {} static t(o) { o.#m(); } } A.t({})
class A { #m() {} t() { this.#m = 1; } } new A().t()
class A { get #g() { return 1; } t() { this.#g = 1; } } new A().t()
class A { set #g(v) { } t() { return this.#g; } } new A().t()
class A { #p; static t(o) { return #p in o; } } A.t(1)
class A { static #s; static t() { return this.#s; } } class B extends A {} B.t()
Promise()
Map()
Set()
WeakMap()
Proxy()
Uint8Array()
ArrayBuffer()
Promise.resolve.call(1)
new Promise()
new Promise(1)
new Promise({})
new Proxy()
new Proxy(1, {})
new Map(1)
new Map([1])
new Set(1)
new Set({})
new WeakMap([[1, 2]])
new WeakSet([1])
new WeakSet().add(1)
new WeakMap().set(1, 2)
new WeakRef(1)
new FinalizationRegistry()
new FinalizationRegistry(() => {}).register(1)
Symbol.keyFor(1)
Symbol() + ''
Symbol() + 1
+Symbol()
\`\${Symbol('x')}\`
[Symbol()].join()
Math.max(Symbol())
1n + 1
1n * 2
1n / 0n
1n % 0n
2n ** -1n
+1n
1n >>> 0n
Math.max(1n)
BigInt(1.5)
BigInt('x')
BigInt(undefined)
BigInt(null)
BigInt(Symbol())
BigInt(NaN)
BigInt(Infinity)
BigInt(1e400)
BigInt.asIntN(-1, 1n)
BigInt.asUintN(2 ** 60, 1n)
new BigInt64Array([1])
new Uint8Array([1n])
isNaN(1n)
JSON.stringify(1n)
JSON.stringify({a: {b: 1n}})
var o = {}; o.o = o; JSON.stringify(o)
var o = {a: {b: {}}}; o.a.b.c = o; JSON.stringify(o)
var o = {a: [1, {}]}; o.a[1].x = o.a; JSON.stringify(o)
class F {} var o = new F(); o.self = o; JSON.stringify(o)
var a = []; a.push(a); JSON.stringify(a)
var o = {a: {b: {c: {}}}}; o.a.b.c.d = o; JSON.stringify(o)
var m = {x: {}}; var n = {m}; m.x.y = n; JSON.stringify(n)
JSON.parse('')
JSON.parse('{')
JSON.parse('[')
JSON.parse('[1,')
JSON.parse('[1,]')
JSON.parse('{"a":1,}')
JSON.parse('{"a"}')
JSON.parse('{"a":}')
JSON.parse('{a:1}')
JSON.parse("{'a':1}")
JSON.parse('x')
JSON.parse('undefined')
JSON.parse(undefined)
JSON.parse('nul')
JSON.parse('tru')
JSON.parse('nullx')
JSON.parse('"abc')
JSON.parse('"a\nb"')
JSON.parse('"\\x"')
JSON.parse('"\\u12"')
JSON.parse('01')
JSON.parse('1.')
JSON.parse('-')
JSON.parse('1e')
JSON.parse('1 2')
JSON.parse('{} x')
JSON.parse('<html>')
JSON.parse('<!DOCTYPE html><html><body>hello world this is long text</body></html>')
JSON.parse('{"a": 1, "b": [1, 2, 3, oops], "c": "some more text here to be cut"}')
JSON.parse('{"name":"test",\n"value":123,\n"bad":tru}')
JSON.parse({})
JSON.parse([])
JSON.parse(Symbol())
JSON.parse('\u0000')
JSON.parse('{"a":"b"')
JSON.parse('{"a":"b" "c"}')
JSON.parse('["a" "b"]')
JSON.parse('[1}')
JSON.parse('{"a":1]')
JSON.parse('+1')
JSON.parse('.5')
JSON.parse('NaN')
JSON.parse('é')
JSON.parse('/* c */ 1')
JSON.rawJSON({})
JSON.rawJSON('{}')
new Array(-1)
new Array(1.5)
[].length = -1
var a = []; a.length = 2 ** 32
new ArrayBuffer(-1)
new ArrayBuffer(2 ** 53)
new Uint8Array(-1)
new Uint8Array(2 ** 53)
new Uint16Array(new ArrayBuffer(3))
new Uint16Array(new ArrayBuffer(4), 1)
new Uint8Array(new ArrayBuffer(4), 8)
new Uint8Array(new ArrayBuffer(4), 0, 8)
new DataView(1)
new DataView(new ArrayBuffer(1), 2)
new DataView(new ArrayBuffer(1), 0, 2)
new DataView(new ArrayBuffer(1)).getInt32(0)
new DataView(new ArrayBuffer(8)).getInt32(-1)
new DataView(new ArrayBuffer(8)).setFloat64(4, 1)
Uint8Array.prototype.length
Uint8Array.prototype.fill.call([])
Map.prototype.get.call({}, 1)
Map.prototype.get.call(undefined, 1)
Set.prototype.add.call([], 1)
Date.prototype.getTime.call({})
RegExp.prototype.exec.call({}, '')
Number.prototype.toString.call('x')
String.prototype.trim.call(null)
String.prototype.at.call(undefined)
Boolean.prototype.valueOf.call(1)
Symbol.prototype.toString.call(1)
BigInt.prototype.toString.call(1)
Function.prototype.toString.call({})
Function.prototype.call.call(1)
Function.prototype.bind.call(1)
Function.prototype.apply.call({}, 1)
Array.prototype.map.call(null, x => x)
Promise.prototype.then.call(1)
Generator = (function* () {}).prototype; Object.getPrototypeOf(function* () {}).prototype.next.call({})
[].reduce((a, b) => a)
[].reduceRight((a, b) => a)
[].map()
[].map(1)
[].forEach({})
[].filter('x')
[].find(null)
[].some(undefined)
[].every(/x/)
[].flatMap(1)
[].sort(1)
[].sort('x')
[1, 2].sort({})
[].toSorted(1)
[].with(3, 1)
[].findLast()
Array.from(1, 2)
Array.from([], 'x')
[].concat.call(null)
[].at.call(undefined)
'x'.repeat(-1)
'x'.repeat(Infinity)
'x'.repeat(2 ** 30)
'x'.padEnd(2 ** 30)
'x'.normalize('y')
'x'.matchAll(/x/)
'x'.replaceAll(/x/, '')
'x'.startsWith(/x/)
'x'.includes(/x/)
'x'.localeCompare('y', 'zzzzzzzzzzzz')
String.fromCodePoint(-1)
String.fromCodePoint('x')
String.raw()
(1).toFixed(101)
(1).toPrecision(101)
(1).toExponential(101)
(1).toString(1)
(1).toString(37)
(1n).toString(37)
new Date(NaN).toISOString()
new Date(NaN).toJSON().x
new Intl.NumberFormat('xx-invalid-locale-zzzzzzzzzzz')
new Intl.NumberFormat('en', {style: 'bogus'})
new Intl.NumberFormat('en', {style: 'currency'})
new Intl.DateTimeFormat('en', {timeZone: 'Foo/Bar'})
decodeURIComponent('%')
decodeURI('%E0%A4%A')
encodeURIComponent('\ud800')
x
x = y
typeof x; x.y
x()
x++
delete x.y
let a = a
{ b; let b = 1 }
const c = 1; c = 2
const c = 1; c++
const {d} = {d: 1}; d = 1
for (const i = 0; i < 2; i++) {}
(function f() { 'use strict'; f = 1; })()
class C { static m() { C = 1; } } C.m()
function f(a = b, b) {} f()
const {x} = null
const {x} = undefined
const {a: {b}} = {}
const {a: {b}} = {a: null}
const [x] = null
const [x] = undefined
const [x] = {}
const [x] = 1
let [x] = (() => 1)()
var {x} = (() => null)()
var o = {}; var {x} = o.p
var o = {}; var {x: {y}} = o
var o = {}; var [x] = o.p
var o = {p: 1}; var [x] = o.p
function f({x}) {} f()
function f({x}) {} f(null)
function f({a: {b}}) {} f({})
function f([x]) {} f()
function f([x]) {} f(1)
(({x}) => x)()
(([x]) => x)()
for (const x of 1) {}
for (const x of null) {}
for (const x of undefined) {}
for (const x of {}) {}
var o = {}; for (const x of o.p) {}
var o = {}; for (const x of o) {}
for (const [a] of [1]) {}
for (const {a} of [null]) {}
for (const [k, v] of new Map([[1, 2]]).keys()) {}
[...1]
[...undefined]
[...null]
[...{}]
var o = {}; [...o]
var o = {}; [...o.x]
Math.max(...1)
Math.max(...undefined)
Math.max(...null)
Math.max(...{})
f(...undefined)
var f = () => {}; f(...undefined)
var f = () => {}; f(...1)
var f = () => {}; f(...{a: 1})
new Date(...1)
new Set(...1)
var [a, b] = new Set().x
({...null}, {...undefined}).x.y
function* g() { yield* 1; } [...g()]
function* g() { yield* undefined; } [...g()]
var it = {[Symbol.iterator]() { return 1; }}; [...it]
var it = {[Symbol.iterator]: 1}; [...it]
var it = {[Symbol.iterator]() { return {}; }}; [...it]
var it = {[Symbol.iterator]() { return {next() { return 1; }}; }}; [...it]
var it = {[Symbol.iterator]() { return {next: 1}; }}; for (var q of it);
Object.fromEntries(1)
Object.fromEntries([1])
Object.fromEntries(null)
Object.fromEntries()
Object.entries(null)
Object.keys(undefined)
Object.assign(null)
Object.create(1)
Object.create()
Object.create({}, 1)
Object.create({}, {a: 1})
Object.setPrototypeOf({}, 1)
Object.setPrototypeOf(null, {})
Object.setPrototypeOf(Object.preventExtensions({}), {})
Object.defineProperty(1, 'x', {})
Object.defineProperty({}, 'x', 1)
Object.defineProperty({}, 'x', {get: 1})
Object.defineProperty({}, 'x', {set: 1})
Object.defineProperty({}, 'x', {get() {}, value: 1})
Object.defineProperty({}, 'x', {get() {}, writable: true})
Object.defineProperty(Object.freeze({}), 'x', {value: 1})
var o = Object.freeze({x: 1}); Object.defineProperty(o, 'x', {value: 2})
var o = Object.freeze([1]); o.push(2)
var o = Object.freeze([1]); 'use strict'; o.pop()
(function () { 'use strict'; var o = Object.freeze({x: 1}); o.x = 2; })()
(function () { 'use strict'; var o = Object.freeze([1]); o[0] = 2; })()
(function () { 'use strict'; var o = Object.freeze({}); o.x = 2; })()
(function () { 'use strict'; var o = Object.freeze([]); o[0] = 2; })()
(function () { 'use strict'; var o = Object.freeze({x: 1}); delete o.x; })()
(function () { 'use strict'; var o = {get x() { return 1; }}; o.x = 2; })()
(function () { 'use strict'; class A { get x() { return 1; } } new A().x = 2; })()
(function () { 'use strict'; 'abc'.length = 1; })()
(function () { 'use strict'; 'abc'[0] = 'x'; })()
(function () { 'use strict'; 'abc'.x = 1; })()
(function () { 'use strict'; (5).x = 1; })()
(function () { 'use strict'; true.x = 1; })()
(function () { 'use strict'; Symbol.iterator.x = 1; })()
(function () { 'use strict'; undefined = 1; })()
(function () { 'use strict'; NaN = 1; })()
(function () { 'use strict'; Infinity = 1; })()
(function () { 'use strict'; undeclared = 1; })()
(function () { 'use strict'; delete [].length; })()
(function () { 'use strict'; delete Object.prototype; })()
(function () { 'use strict'; delete Math.PI; })()
(function () { 'use strict'; Math.PI = 1; })()
(function () { 'use strict'; (function f() {}).name = 'x'; })()
(function () { 'use strict'; Function.prototype.caller; })()
(function () { 'use strict'; arguments.callee; })()
(function () { 'use strict'; return arguments.callee; })()
(function () { 'use strict'; (class { static m() {} }).prototype = 1; })()
(function () { 'use strict'; Object.defineProperty([], 'length', {writable: false}).push(1); })()
(function () { 'use strict'; globalThis.undefined = 1; })()
(function () { 'use strict'; var o = Object.preventExtensions({}); o[Symbol('s')] = 1; })()
(function () { 'use strict'; var o = Object.seal({x: 1}); delete o.x; })()
(function () { 'use strict'; var a = Object.seal([1]); a.pop(); })()
(function () { 'use strict'; var a = Object.seal([1]); a.length = 0; })()
(function () { 'use strict'; class Foo {} var o = Object.freeze(new Foo()); o.bar = 1; })()
(function () { 'use strict'; class Foo { x = 1; } var o = Object.freeze(new Foo()); o.x = 1; })()
(function () { 'use strict'; function f() {} Object.freeze(f); f.x = 1; })()
Object.prototype.__proto__ = {}
Object.setPrototypeOf(Object.prototype, {})
var o = {}; o.__proto__ = Object.create(o)
Reflect.ownKeys(1)
Reflect.construct(1)
Reflect.construct(function () {}, 1)
Reflect.construct(function () {}, [], 1)
Reflect.apply(1)
Reflect.apply(() => {}, null, 1)
Reflect.get(1, 'x')
'x' in 'abc'
'x' in 1
'x' in null
Symbol('s') in 1
({}) in 1
1 instanceof 1
({}) instanceof {}
({}) instanceof null
({}) instanceof undefined
({}) instanceof (() => {})
[] instanceof 'x'
var o = {[Symbol.hasInstance]: 1}; 1 instanceof o
({toString() { return {}; }, valueOf() { return {}; }}) + ''
({[Symbol.toPrimitive]: 1}) + ''
({[Symbol.toPrimitive]() { return {}; }}) + ''
Object.create(null) + ''
+Object.create(null)
\`\${Object.create(null)}\`
String(Object.create(null))
[Object.create(null)].join()
new Proxy({}, {get: 1}).x
new Proxy({}, {get() { throw new Error('trap'); }}).x
new Proxy(Object.freeze({x: 1}), {get() { return 2; }}).x
new Proxy({}, {has: 1}); 'x' in new Proxy({}, {has: 1})
Object.keys(new Proxy({}, {ownKeys() { return 1; }}))
Object.keys(new Proxy({}, {ownKeys() { return [1]; }}))
Object.keys(new Proxy({}, {ownKeys() { return ['a', 'a']; }}))
Object.getPrototypeOf(new Proxy({}, {getPrototypeOf() { return 1; }}))
(function () { 'use strict'; new Proxy({}, {set() { return false; }}).x = 1; })()
(function () { 'use strict'; delete new Proxy({}, {deleteProperty() { return false; }}).x; })()
Object.defineProperty(new Proxy({}, {defineProperty() { return false; }}), 'x', {})
Object.preventExtensions(new Proxy({}, {preventExtensions() { return false; }}))
var {proxy, revoke} = Proxy.revocable({}, {}); revoke(); proxy.x
var {proxy, revoke} = Proxy.revocable({}, {}); revoke(); proxy.x = 1
var {proxy, revoke} = Proxy.revocable(function () {}, {}); revoke(); proxy()
(function f() { f(); })()
(function f() { return [f()]; })()
var g = (function* () { g.next(); })(); g.next()
Function('return', '}')
new Function('a b', '')
eval('var')
eval('1 +')
eval('(')
eval(')')
eval('{')
eval('}')
eval('[')
eval('[1,2')
eval('f(')
eval('f(1')
eval('f(1 2)')
eval('a b')
eval('1 2')
eval('"abc')
eval("'abc")
eval('\`abc')
eval('/abc')
eval('/a/xyz')
eval('/a/gg')
eval('/(/')
eval('/[/')
eval('/)/')
eval('/*/')
eval('/a**/')
eval('/+/')
eval('/?/')
eval('/a{2,1}/')
eval('/(?<a>.)(?<a>.)/')
eval('/\\k<a>(?<b>.)/')
eval('/(?<1>.)/')
eval('/\\u{110000}/u')
eval('/\\1/u')
eval('/{1}/u')
eval('/[b-a]/')
eval('/(?<=a)*/u')
eval('/a/uv')
eval('/[a&&&b]/v')
eval('/\\p{Foo}/u')
eval('/(?x)/')
new RegExp('(')
new RegExp('[')
new RegExp('*')
new RegExp('a', 'gg')
new RegExp('a', 'z')
new RegExp('\\')
new RegExp('(?:')
new RegExp('a{1')
new RegExp('(?<n')
eval('var 1a')
eval('var a-b')
eval('let let = 1')
eval('let a; let a')
eval('let a; var a')
eval('const a')
eval('const a; ')
eval('const {a}')
eval('let {a}')
eval('let [a]')
eval('var {a}')
eval('if')
eval('if (')
eval('if (1')
eval('else')
eval('for')
eval('for (')
eval('for (;;')
eval('for (let x of')
eval('for (let x = 1 of [])')
eval('for (let x, y of [])')
eval('for (var i = 0 in {})')
eval('for await (x of y)')
eval('while')
eval('while (')
eval('do')
eval('do {}')
eval('switch')
eval('switch (1) { case }')
eval('switch (1) { default: default: }')
eval('case 1')
eval('try')
eval('try {}')
eval('try {} catch')
eval('catch {}')
eval('finally {}')
eval('throw')
eval('throw\n1')
eval('return')
eval('return 1')
eval('break')
eval('break x')
eval('continue')
eval('continue x')
eval('x: x: 1')
eval('x: for(;;) { continue y }')
eval('yield 1')
eval('await 1')
eval('function* g() { function yield() {} }')
eval('async () => { await }')
eval('async function f() { await }')
eval('function f() { await 1 }')
eval('() => { await x }')
eval('function* g() { yield = 1 }')
eval('import x from "y"')
eval('import {x} from "y"')
eval('import "y"')
eval('import()')
eval('import(1, 2, 3)')
eval('import.meta')
eval('export default 1')
eval('export const a = 1')
eval('new.target')
eval('super()')
eval('super.x')
eval('class')
eval('class {')
eval('class A {')
eval('class A { x( }')
eval('class A { constructor() {} constructor() {} }')
eval('class A { get constructor() {} }')
eval('class A { *constructor() {} }')
eval('class A { async constructor() {} }')
eval('class A { static prototype() {} }')
eval('class A { constructor() { super(); } }')
eval('class A { #a; #a; }')
eval('class A { #constructor }')
eval('class A { m() { this.#x } }')
eval('a.#x')
eval('class A { m() { delete this.#x } #x }')
eval('class A extends B { x = super() }')
eval('function')
eval('function f')
eval('function f(')
eval('function f() {')
eval('function f(a, a) { "use strict" }')
eval('function f(a = 1) { "use strict" }')
eval('(a, a) => 1')
eval('(a, a')
eval('=> 1')
eval('a => ')
eval('a =>')
eval('(a, b) => {')
eval('1 => 1')
eval('(1) => 1')
eval('({a: 1}) => 1')
eval('(...a, b) => 1')
eval('function f(...a, b) {}')
eval('function f(...a = 1) {}')
eval('[...a, b] = c')
eval('({...{a}} = {})')
eval('1 = 2')
eval('a + b = c')
eval('f() = 1')
eval('"use strict"; f() = 1')
eval('++1')
eval('1++')
eval('f()++')
eval('this = 1')
eval('new.target = 1')
eval('a?.b = 1')
eval('a?.b++')
eval('new a?.b()')
eval('a?.\`x\`')
eval('for (f() of x);')
eval('for (1 of x);')
eval('[1] = x')
eval('({a: 1} = x)')
eval('({a = 1})')
eval('({a = 1}).x')
eval('({a: 1, b')
eval('({get a(x) {}})')
eval('({set a() {}})')
eval('({a b})')
eval('({1})')
eval('({"a"})')
eval('({async *a})')
eval('({__proto__: 1, __proto__: 2})')
eval('"use strict"; with (a) {}')
eval('"use strict"; 010')
eval('"use strict"; "\\010"')
eval('"use strict"; 08')
eval('"use strict"; delete x')
eval('"use strict"; eval = 1')
eval('"use strict"; arguments = 1')
eval('"use strict"; var eval')
eval('"use strict"; let static')
eval('"use strict"; var public')
eval('"use strict"; function f(eval) {}')
eval('"use strict"; yield')
eval('"use strict"; implements')
eval('"use strict"; if (1) function f() {}')
eval('if (1) class A {}')
eval('if (1) let a')
eval('if (1) let\n[a] = b')
eval('if (1) const a = 1')
eval('while (1) function f() {}')
eval('label: function* g() {}')
eval('if (1) async function f() {}')
eval('enum')
eval('var enum')
eval('var class')
eval('var if')
eval('var true')
eval('var null')
eval('var this')
eval('var await; async () => { var await }')
eval('let undefined')
eval('let x; { var x }')
eval('try {} catch (e) { let e }')
eval('try {} catch ([e, e]) {}')
eval('function f() { let a; var a }')
eval('function f(a) { let a }')
eval('@')
eval('#')
eval('#x')
eval('#!x')
eval('\\')
eval('\\u0')
eval('"\\u0"')
eval('"\\x0"')
eval('"\\u{110000}"')
eval('\`\\u0\`')
eval('\`\${\`')
eval('\`\${1')
eval('0x')
eval('0b')
eval('0b2')
eval('0o8')
eval('1_')
eval('1__0')
eval('0_1')
eval('1n1')
eval('1.5n')
eval('01n')
eval('1a')
eval('3in []')
eval('1..a.b.c')
eval('1e')
eval('1e+')
eval('a ? b')
eval('a ? b :')
eval('a &&')
eval('a ?? b || c')
eval('a || b ?? c')
eval('-1 ** 2')
eval('!')
eval('typeof')
eval('a.')
eval('a.1')
eval('a[')
eval('a[]')
eval('a[1')
eval('new')
eval('delete')
eval('...a')
eval('f(...)')
eval('[...]')
eval('{a: 1, b: 2}')
eval('{ "a": 1 }')
eval('/* abc')
eval('<!-- x\n(')
eval('a\u2028b c')
eval('using x = 1')
eval('{ using x = 1 }')
eval('{ using x }')
eval('async function f() { await using x = 1 } f(')
eval('debugger x')
eval('a; b c')
eval('if (1) else 2')
eval('for (let of x);')
eval('for (async of []);')
eval('let [a, a] = 1')
eval('async (x = await 1) => 1')
eval('function* g(x = yield) {}')
eval('async function f(x = await 1) {}')
eval('var [x]')
eval('({a, b}) = 1')
eval('(a, b) = 1')
eval('([a]) => 1; ([a])')
eval('(((')
eval('function f() { break; }')
eval('while (1) { function f() { break; } }')
eval('class A { static { await } }')
eval('class A { static { return } }')
eval('class A { static { arguments } }')
eval('class A { x = arguments }')
eval('class A { "constructor" = 1 }')
eval('class A { async x }')
eval('class A { x y }')
eval('class A { get x }')
eval('class A { x, y }')
eval('class A extends { }')
new Error('a').x.y
structuredClone(() => {})
structuredClone(Symbol())
structuredClone({f() {}})
atob('*')
new Temporal.PlainDate()
Temporal.PlainDate.from('x')
Atomics.wait(new Int32Array(4), 0, 0)
Atomics.add([], 0, 1)
new SharedArrayBuffer(-1)
new WebAssembly.Module(new Uint8Array(4))
new WebAssembly.Module()
new WebAssembly.Memory({})
WebAssembly.Module()
Iterator()
new Iterator()
Iterator.from(1)
[].values().map(1)
[].values().take(-1)
[].values().take('x')
[].values().drop(NaN)
[].values().reduce((a, b) => a)
Array.fromAsync()
new AggregateError()
new AggregateError(1)
Promise.any.call(1)
new Set([1]).union([1])
new Set([1]).union(1)
new Error('x', {cause: 1}).cause.y.z
Error.captureStackTrace(1)
Error.captureStackTrace()
new DisposableStack().use(1)
new DisposableStack().use({})
new DisposableStack().adopt(1)
var d = new DisposableStack(); d.dispose(); d.use(null)
DisposableStack()
Math.sumPrecise([1, 'x'])
Uint8Array.fromBase64('*')
Uint8Array.fromHex('x')
Uint8Array.fromHex('0g')
RegExp.escape(1)
Object.groupBy(1)
Object.groupBy(null, 1)
Object.groupBy([], 1)
Map.groupBy([1], 1)
new ArrayBuffer(1).transfer(-1)
new ArrayBuffer(1, {maxByteLength: 0})
new ArrayBuffer(1).resize(2)
var b = new ArrayBuffer(1); b.transfer(); new Uint8Array(b)
var b = new ArrayBuffer(1); var u = new Uint8Array(b); b.transfer(); u.fill(1)
var b = new ArrayBuffer(1); b.transfer(); b.slice()
new Float16Array(-1)
String.prototype.isWellFormed.call(null)
String.prototype.split.call(null)
Array.prototype.toSpliced.call(null)
[].toSpliced.call({length: 2 ** 53})
Array.prototype.push.call({length: 2 ** 53 - 1}, 1)
[].fill.call(null)
[].copyWithin.call(null)
var a = Object.freeze([3, 1, 2]); a.sort()
var a = Object.freeze([3, 1, 2]); a.reverse()
var a = Object.freeze([3, 1, 2]); a.shift()
var a = Object.freeze([3, 1, 2]); a.unshift(1)
var a = Object.freeze([3, 1, 2]); a.splice(0, 1)
var a = Object.freeze([3, 1, 2]); a.length = 0
var a = Object.freeze([3, 1, 2]); a.fill(0)
var a = Object.freeze([3, 1, 2]); a.copyWithin(0, 1)
new Date().toLocaleString('xx-yy-zz-invalid')
Date.UTC.call.call(1)
new Date(Symbol())
new Date(1n)
Symbol.iterator.foo.bar
async function f() { for await (var x of 1); } f.name.x.y
var {a, ...rest} = null
var {...rest} = undefined
({}).x.y.z
this.x.y
globalThis.a.b
arguments.x.y
[][0].x
[1, 2].map(x => x.y.z)
[null].map(({x}) => x)
[undefined].map(([x]) => x)
[1].forEach(x => x())
[{}].forEach(x => x.foo())
var fn = {}.foo; fn()
({foo: 1}).foo()
({foo: {bar: 1}}).foo.bar()
({foo: {bar: 1}}).foo['bar']()
({foo: () => 1}).foo()()
var a = {b: {}}; a.b.c.d()
var a = {b: {}}; a.b.c()
var a = {b: []}; a.b[0]()
var a = {b: []}; a.b[0].c()
var a = {b: []}, i = 0; a.b[i]()
var a = {b: []}, i = 'k'; a.b[i].c
var a = {b: []}; a.b['x-y'].c
var a = {b: []}; a.b['x-y']()
var a = {}; a[Symbol.iterator]()
var a = {}; a[Symbol('foo')]()
var a = {}; a?.b()
var a = {}; a.b?.().c
var a = {}; a.b?.c.d; a.b.c
var a = {}; new a.b
var a = {}; new a.b.c
var a = {}; new a['b']()
var a = []; new a[0]()
var a = {}; a.b\`x\`
var a; a\`x\`
(function () { return this.x.y; }).call({})
(function () { this.f(); }).call({})
(function () { 'use strict'; this.f(); })()
(function () { 'use strict'; return this.x; })()
(() => { throw null; })().x
class A { m() { this.x.y; } } new A().m()
class A { m() { this.n(); } } new A().m()
class A { m() { super.n(); } } new A().m()
class A { static s() { this.t(); } } A.s()
class A { constructor() { this.init(); } } new A()
class B {} class A extends B { m() { super.q.r; } } new A().m()
import('x').foo.bar
(await1)
var f = function () {}; f.a.b
var f = function () {}; f.a()
(function () {}).a()
(() => {}).a.b
/x/.a()
/x/.a.b
\`x\`.a()
'x'.a()
"x".a.b
1..a()
1n.a()
(1 + 2)()
(a => a)(1)()
(1 ? null : 2).x
(null || undefined).x
(null ?? undefined).x
[null][0].x
({a: null}).a.x
f().x; function f() {}
f()(); function f() {}
f().g(); function f() { return {}; }
f()[0](); function f() { return {}; }
f.g().h(); function f() {} f.g = () => null
new (class Foo { constructor() { this.bar(); } })()
typeof null.x
void null.x
!undefined.x
-null.x
({[null.x]: 1})
[null.x]
new Foo(null.x)
delete null.x
null.x += 1
null.x ??= 1
undefined.x.y = 2
var a; a.b.c = 1
var a; a[0][1] = 1
var a; a.b = 1
var a; a['b'] = 1
var a, k = 'z'; a[k] = 1
var a, k = {}; a[k] = 1
var a = null, k = Symbol('q'); a[k] = 1
let u; ({x: u.y} = {x: 1})
let u; [u.y] = [1]
`.trim().split('\n');

for (const raw of snippets) {
  const snippet = raw.replace(/\\n/g, '\n').replaceAll('\\`', '`').replaceAll('\\${', '${').replaceAll('\\u2028', '\u2028');
  let shown;
  try {
    (0, eval)(`(function () {\n${snippet}\n})`).call({});
    shown = 'no error';
  } catch (error) {
    shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    shown = shown.replaceAll('\n', '\\n').replaceAll('\0', '\\0');
  }
  console.log(`${raw}  ->  ${shown}`);
}
