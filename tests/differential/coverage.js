/**
 * Prints the ranges that NODE_V8_COVERAGE reports for pieces of code of all kinds: to be compared with node's.
 */
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const programs = {
  'if taken': 'if (1 + x()) { a(); }\nfunction x() { return 1; }\nfunction a() {}\n',
  'if not taken': 'if (x()) { a(); }\nfunction x() { return 0; }\nfunction a() {}\n',
  'if else': 'function f(x) { if (x) { a(); } else { b(); } c(); }\nfunction a() {}\nfunction b() {}\nfunction c() {}\nf(1);\n',
  'if else both': 'function f(x) { if (x) { a(); } else { b(); } c(); }\nfunction a() {}\nfunction b() {}\nfunction c() {}\nf(1); f(0); f(0);\n',
  'else if': 'function f(x) {\n  if (x === 1) {\n    return 1;\n  } else if (x === 2) {\n    return 2;\n  } else {\n    return 3;\n  }\n}\nf(1); f(1); f(3);\n',
  'else if none left': 'function f(x) {\n  if (x === 1) {\n    return 1;\n  } else if (x === 2) {\n    return 2;\n  }\n  return 3;\n}\nf(1); f(2);\n',
  'if without braces': 'function f(x) {\n  if (x) return 1;\n  return 2;\n}\nf(1);\n',
  'if without braces else': 'function f(x) {\n  if (x) return 1; else return 2;\n}\nf(1);\n',
  'if statement without braces': 'function f(x) {\n  if (x)\n    y = 2;\n  y = 3;\n}\nvar y; f(0); f(0); f(1)\n',
  'early return': 'function f(x) {\n  if (!x) {\n    return;\n  }\n  a();\n  a();\n}\nfunction a() {}\nf(0);\n',
  'code after return': 'function f(x) {\n  return 1;\n  a();\n}\nfunction a() {}\nf(0);\n',
  'function after return': 'function f(x) {\n  return a();\n  function a() { return 1; }\n}\nf(0);\n',
  'throw': 'function f(x) {\n  throw new Error("x");\n  a();\n}\nfunction a() {}\ntry { f(0); a(); } catch (e) { a(); }\n',
  'throw inside': 'function f(x) {\n  g();\n  a();\n}\nfunction g() { throw new Error("x"); }\nfunction a() {}\ntry { f(0); a(); } catch (e) { a(); }\na();\n',
  'try no catch': 'function f(x) {\n  try { a(); } catch (e) { b(); }\n  a();\n}\nfunction a() {}\nfunction b() {}\nf();\n',
  'try catch': 'function f(x) {\n  try {\n    throw 1;\n  } catch (e) {\n    b();\n  }\n  a();\n}\nfunction a() {}\nfunction b() {}\nf();\n',
  'try catch without binding': 'function f(x) {\n  try {\n    if (x) throw 1;\n    a();\n  } catch {\n    b();\n  }\n  a();\n}\nfunction a() {}\nfunction b() {}\nf(1);f();\n',
  'try finally': 'function f(x) {\n  try {\n    if (x) throw 1;\n    a();\n  } finally {\n    b();\n  }\n  a();\n}\nfunction a() {}\nfunction b() {}\ntry { f(1); } catch {}\nf();\n',
  'try catch finally': 'function f(x) {\n  try {\n    if (x) return 1;\n    a();\n  } catch (e) { b(); } finally {\n    b();\n  }\n  a();\n}\nfunction a() {}\nfunction b() {}\nf(1);\nf();\nf();\n',
  'try returns': 'function f(x) {\n  try {\n    return a();\n  } catch (e) {\n    return b();\n  }\n}\nfunction a() {}\nfunction b() {}\nf(1);\n',
  'try finally returns': 'function f(x) {\n  try {\n    return a();\n  } finally {\n    b();\n  }\n}\nfunction a() {}\nfunction b() {}\nf(1);\n',
  'rethrow': 'function f(x) {\n  try {\n    a();\n  } catch (e) {\n    if (e) throw e;\n  } finally {\n    b();\n  }\n  return 2;\n}\nfunction a() { throw 1; }\nfunction b() {}\ntry { f(1) } catch {}\n',
  'ternary': 'function f(x) { return x ? a() : b(); }\nfunction a() {}\nfunction b() {}\nf(1);\n',
  'ternary both': 'function f(x) { return x ? a() : b(); }\nfunction a() {}\nfunction b() {}\nf(1); f(0); f(0);\n',
  'ternary chain': 'function f(x) { return x === 1 ? "one" : x === 2 ? "two" : x === 3 ? "three" : "many"; }\nf(1); f(2);\n',
  'ternary chain end': 'function f(x) {\n  return x === 1\n    ? "one"\n    : x === 2\n      ? "two"\n      : "many";\n}\nf(4);\n',
  'ternary nested': 'function f(x) { return x ? (x > 1 ? 2 : 1) : (0 || 1); }\nf(1); f(1);\n',
  'ternary literals': 'function f(x) { const y = x ? 1 : 2; return y; }\nf(1);\n',
  'and': 'function f(x) { return x && a(); }\nfunction a() {}\nf(0);\n',
  'and twice': 'function f(x) { return x && a() && b(); }\nfunction a() { return 0; }\nfunction b() {}\nf(1); f(0);\n',
  'and four': 'function f(x) { return x && a() && b() && c() && c(); }\nfunction a() { return 1; }\nfunction b() { return 0; }\nfunction c() {}\nf(1); f(0); f(1)\n',
  'or': 'function f(x) { return x || a(); }\nfunction a() {}\nf(1);\n',
  'or twice': 'function f(x) { return x || a() || b(); }\nfunction a() {}\nfunction b() {}\nf(1); f(0)\n',
  'mixed': 'function f(x, y) { return x && y || a(); }\nfunction a() {}\nf(1, 0);\nf(1, 1);\nf(0)\n',
  'mixed other': 'function f(x, y) { return (x || y) && (y || x); }\nf(1, 0);\nf(1, 1);\nf(0)\n',
  'nullish': 'function f(x) { return x ?? a(); }\nfunction a() {}\nf(1);\n',
  'nullish chain': 'function f(x, y) { return x ?? y ?? a(); }\nfunction a() {}\nf(1); f(null, 1);\n',
  'logical assignment': 'function f(x) { x.a ||= 1; x.b &&= 2; x.c ??= 3; let y; y ??= 4; y ||= 5; return x; }\nf({ a: 1, b: 0, c: 1 });\n',
  'optional chain': 'function f(x) { return x?.y?.z; }\nf(); f({}); f({ y: {} });\n',
  'optional call': 'function f(x) { return x?.(a()); }\nfunction a() {}\nf(); f();\n',
  'logic in if': 'function f(x, y) {\n  if (x && y) { return 1; }\n  if (x || y) return 2;\n  return 3;\n}\nf(0, 0); f(0, 0); f(1, 0);\n',
  'default parameter': 'function f(x = a()) { return x; }\nfunction a() {}\nf(1);\n',
  'default destructuring': 'function f({ x = a(), y: [z = a()] = [] } = {}) { return x; }\nfunction a() {}\nf({ x: 1, y: [1] });\n',
  'for': 'for (let i = 0; i < 3; i++) {\n  a();\n}\nfunction a() {}\n',
  'for never': 'for (let i = 0; i < 0; i++) {\n  a();\n}\nfunction a() {}\na();\n',
  'for once': 'for (let i = 0; i < 1; i++) {\n  a();\n}\nfunction a() {}\na();\n',
  'for without braces': 'for (let i = 0; i < 3; i++) a();\nfunction a() {}\na();\n',
  'for break': 'function f() {\n  for (let i = 0; i < 3; i++) {\n    if (i === 1) break;\n    a();\n  }\n  a();\n}\nfunction a() {}\nf();\n',
  'for continue': 'function f() {\n  for (let i = 0; i < 3; i++) {\n    if (i === 1) continue;\n    a();\n  }\n  a();\n}\nfunction a() {}\nf();\n',
  'for return': 'function f(x) {\n  for (let i = 0; i < 3; i++) {\n    if (i === x) return i;\n    a();\n  }\n  a();\n}\nfunction a() {}\nf(1);f(2);\n',
  'for forever': 'function f(x) {\n  for (;;) {\n    if (x-- === 0) break;\n  }\n}\nf(2);\n',
  'for empty': 'function f(x) {\n  for (; x > 0; x--);\n  a();\n}\nfunction a() {}\nf(2);\n',
  'for in': 'for (const k in { a: 1, b: 2 }) {\n  a();\n}\nfunction a() {}\n',
  'for in nothing': 'for (const k in {}) {\n  a();\n}\na();\nfunction a() {}\n',
  'for of': 'for (const k of [1, 2, 3]) {\n  a();\n}\nfunction a() {}\n',
  'for of nothing': 'for (const k of []) a();\na();\nfunction a() {}\n',
  'for of return': 'function f() {\n  for (const k of [1, 2, 3]) {\n    if (k === 2) return k;\n  }\n  return 0;\n}\nf();\n',
  'for of return at once': 'function f() {\n  for (const k of [1, 2, 3]) {\n    return k;\n  }\n  return 0;\n}\nf();\n',
  'for of throws': 'function f() {\n  for (const k of [1, 2, 3]) {\n    g(k);\n  }\n  return 0;\n}\nfunction g() { throw 1; }\ntry { f(); } catch {}\n',
  'while': 'let i = 3;\nwhile (i > 0) {\n  i--;\n}\na();\nfunction a() {}\n',
  'while never': 'let i = 0;\nwhile (i > 0) {\n  i--;\n}\na();\nfunction a() {}\n',
  'while true': 'function f() {\n  let i = 0;\n  while (true) {\n    if (i++ > 2) return i;\n  }\n}\nf();\n',
  'while true break': 'function f() {\n  let i = 0;\n  while (true) {\n    if (i++ > 2) break;\n  }\n  a();\n}\nfunction a() {}\nf();\n',
  'while without braces': 'function f() {\n  let i = 3;\n  while (i-- > 0) a();\n  a();\n}\nfunction a() {}\nf();\n',
  'do': 'let i = 3;\ndo {\n  i--;\n} while (i > 0);\na();\nfunction a() {}\n',
  'do once': 'let i = 1;\ndo {\n  i--;\n} while (i > 0);\na();\nfunction a() {}\n',
  'do break': 'function f() {\n  let i = 1;\n  do {\n    if (i) break;\n    i--;\n  } while (i > 0);\n  a();\n}\nfunction a() {}\nf();\n',
  'loops nested': 'function f() {\n  for (let i = 0; i < 3; i++) {\n    for (let j = 0; j < 2; j++) {\n      if (j) a();\n    }\n    while (false) { a(); }\n  }\n}\nfunction a() {}\nf();\n',
  'labels': 'function f() {\n  outer: for (let i = 0; i < 3; i++) {\n    for (let j = 0; j < 2; j++) {\n      if (j) continue outer;\n      if (i === 2) break outer;\n      a();\n    }\n    a();\n  }\n  a();\n}\nfunction a() {}\nf();\n',
  'labelled block': 'function f(x) {\n  block: {\n    if (x) break block;\n    a();\n  }\n  a();\n}\nfunction a() {}\nf(1);\n',
  'block': 'function f(x) {\n  {\n    if (x) return;\n    a();\n  }\n  a();\n}\nfunction a() {}\nf(1); f(0); f(0);\n',
  'switch': 'function f(x) {\n  switch (x) {\n    case 1:\n      a();\n      break;\n    case 2:\n      a();\n      break;\n    default:\n      a();\n  }\n  a();\n}\nfunction a() {}\nf(1);\n',
  'switch fall through': 'function f(x) {\n  switch (x) {\n    case 1:\n    case 2:\n      a();\n    case 3:\n      a();\n      break;\n    case 4: {\n      a();\n      break;\n    }\n  }\n  a();\n}\nfunction a() {}\nf(1); f(2); f(9);\n',
  'switch return': 'function f(x) {\n  switch (x) {\n    case 1: return 1;\n    case 2: return 2;\n    default: return 3;\n  }\n}\nf(1); f(1); f(2);\n',
  'switch default first': 'function f(x) {\n  switch (x) {\n    default: a();\n    case 1: return 1;\n    case 2: { return 2; }\n  }\n  return 4;\n}\nfunction a() {}\nf(1); f(1); f(3);\n',
  'switch throw': 'function f(x) {\n  switch (x) {\n    case 1: throw 1;\n    case 2: a(); break;\n  }\n  return 4;\n}\nfunction a() {}\ntry { f(1); } catch {} f(2);\n',
  'switch empty': 'function f(x) {\n  switch (x) {\n  }\n  switch (x) { case 1: }\n  return 4;\n}\nf(2);\n',
  'switch continue': 'function f(x) {\n  for (const y of x) {\n    switch (y) {\n      case 1: continue;\n      case 2: break;\n    }\n    a();\n  }\n}\nfunction a() {}\nf([1, 2, 3, 1]);\n',
  'never called': 'function f(x) { if (x) { a(); } }\nfunction a() {}\nconst g = () => { a(); };\nconst h = function () { function inner() {} };\n',
  'nested functions': 'function f() { function g() { function h() {} return h; } return g; }\nf()(); f()()();\n',
  'arrows': 'const f = (x) => x + 1;\nconst g = (x) => { return x; };\nconst h = x => ({ x });\nconst i = async () => {};\nf(1); g(2); h(3);\n[1, 2].map((x) => x * 2).forEach(function (x) { f(x); });\n',
  'arrow conditional': 'const f = (x) => x ? 1 : 2;\nconst g = (x) => x && f(x);\nf(1); g(0);\n',
  'names': 'const a = function () {};\nconst b = function named() {};\nconst o = { c() {}, d: () => {}, e: function () {}, get f() { return 1; }, set f(v) {}, ["g" + 1]() {}, async h() {}, *i() {}, async *j() {}, 1() {}, "quoted name"() {} };\nlet k; k = () => {};\no.l = () => {};\no.m = function () {};\nvar { n = () => {} } = {};\nconst p = [() => {}];\nexports.q = () => {};\nmodule.exports.r = class { s() {} };\na(); b(); o.c(); o.d(); k(); o.l(); n(); p[0](); exports.q();\n(() => {})();\n(function () {})();\n(function iife() {})();\nnew Function("return 1")();\n',
  'class': 'class A {\n  constructor(x) {\n    this.x = x;\n  }\n  m() { return this.x; }\n  static s() {}\n  get g() { return 1; }\n  set g(v) {}\n  #p() {}\n  q() { this.#p(); }\n  async r() {}\n  *t() {}\n}\nconst a = new A(1); a.m(); a.q(); a.g;\n',
  'class derived': 'class A { m() { return 1; } }\nclass B extends A { m() { return super.m(); } }\nclass C extends A { constructor() { super(); this.x = 1; } }\nnew B().m(); new C();\n',
  'class fields': 'class A {\n  a = 1;\n  b = () => 2;\n  static c = 3;\n  static d = () => 4;\n  #e = 5;\n  static { this.f = 6; }\n  g;\n}\nnew A().b(); new A();\n',
  'class expression': 'const A = class { m() {} };\nconst B = class Named { static m() {} };\nnew A().m();\n(class { n() {} });\n',
  'class unused': 'class A { constructor() { a(); } m() { if (1) { a(); } } f = () => {}; }\nfunction a() {}\n',
  'generator': 'function* f(x) {\n  yield 1;\n  if (x) yield 2;\n  yield 3;\n  a();\n}\nfunction a() {}\n[...f(0)];\n',
  'generator not finished': 'function* f(x) {\n  yield 1;\n  a();\n  yield 2;\n  a();\n}\nfunction a() {}\nf().next();\n',
  'generator return': 'function* f(x) {\n  try {\n    yield 1;\n    a();\n  } finally {\n    a();\n  }\n  a();\n}\nfunction a() {}\nfor (const x of f()) break;\n',
  'generator in loop': 'function* f(x) {\n  while (true) {\n    const y = yield x++;\n    if (y) return y;\n  }\n}\nconst g = f(1); g.next(); g.next(); g.next(1);\n',
  'generator delegates': 'function* f(x) {\n  yield* [1, 2];\n  a();\n}\nfunction a() {}\n[...f()]; f().next();\n',
  'async': 'async function f(x) {\n  await 1;\n  a();\n  if (x) { await 2; }\n  return 3;\n}\nfunction a() {}\nf(); f(1);\n',
  'async rejected': 'async function f(x) {\n  await Promise.reject(1);\n  a();\n}\nfunction a() {}\nf().catch(() => {});\n',
  'async caught': 'async function f(x) {\n  try {\n    await Promise.reject(1);\n    a();\n  } catch (e) {\n    a();\n  }\n  a();\n}\nfunction a() {}\nf().then(() => {});\n',
  'async pending': 'async function f(x) {\n  a();\n  await new Promise(() => {});\n  a();\n}\nfunction a() {}\nf();\n',
  'async return await': 'async function f(x) {\n  return await x;\n}\nasync function g() { return 1; }\nasync function h() { throw 1; }\nf(g()); h().catch(() => {});\n',
  'async returns': 'async function f(x) {\n  if (x) { return 1; }\n  return 2;\n}\nf(1); f(0); f(0);\n',
  'async arrow': 'const f = async (x) => { await x; return 1; };\nconst g = async (x) => await x;\nconst h = async x => x ? await x : 2;\nf(1).then(() => g(2)).then(() => h(0));\n',
  'async for': 'async function f() {\n  for (let i = 0; i < 3; i++) {\n    await a(i);\n  }\n  a();\n}\nfunction a() {}\nf();\n',
  'async finally': 'async function f() {\n  try {\n    await a();\n  } finally {\n    a();\n  }\n}\nfunction a() {}\nf();\n',
  'await in expression': 'async function f() {\n  const x = (await 1) + (await 2);\n  return a(await 3, await 4);\n}\nfunction a() {}\nf();\n',
  'async generator': 'async function* f() {\n  yield 1;\n  await 2;\n  yield 3;\n}\nasync function g() { for await (const x of f()) { if (x === 3) break; a(); } a(); }\nfunction a() {}\ng();\n',
  'callbacks': '[1, 2, 3].map((x) => x + 1).filter((x) => x > 2).reduce((a, b) => a + b, 0);\n[].map((x) => x + 1);\nsetTimeout(() => { a(); }, 1);\nprocess.nextTick(() => a());\nPromise.resolve().then(() => a(), () => a());\nfunction a() {}\n',
  'closures': 'function make(x) { return () => { if (x) { return 1; } return 2; }; }\nmake(0)(); make(1)(); make(1);\n',
  'many functions on a line': 'const o = { a() { return () => () => 1; } }; o.a()()(); o.a();\n',
  'constant conditions': 'if (true) { a(); } else { b(); }\nif (false) { a(); } else { b(); }\nif (false) a();\nconst x = true ? a() : b();\nconst y = false && a();\nconst z = true || a();\nconst w = null ?? a();\nwhile (false) { a(); }\nfor (; false;) { b(); }\ndo { a(); } while (false);\nfunction a() {}\nfunction b() {}\n',
  'empty bodies': 'function f() {}\nif (x()) {}\nif (x()) {} else {}\nif (!x()) ; else ;\nfor (let i = 0; i < 2; i++) {}\nwhile (x() === 2) {}\ntry {} catch {}\ntry {} finally {}\nfunction x() { return 1; }\n',
  'declarations in branches': 'function f(x) {\n  if (x) { const y = 1; } else { let z = 2; }\n  if (x) { var v = 1; }\n  if (x) { function g() {} } else { function h() {} }\n  if (x) { class C {} }\n}\nf(0); f(1); f(1);\n',
  'comments': '// a comment\n/* and\n another */\nfunction f(x) {\n  // inside\n  if (x) {\n    // nothing\n  } else {\n    // something\n    a();\n  }\n  // at the end\n}\nfunction a() {}\nf(1);\n// last\n',
  'unicode': 'const s = "h\u00e9\ud83d\ude00\u4e2d";\nfunction f\u00fc(x) {\n  const t = "\ud83d\ude00"; if (x) { return "\u00e9"; } return t;\n}\nf\u00fc(0);\n',
  'windows lines': 'function f(x) {\r\n  if (x) {\r\n    return 1;\r\n  }\r\n  return 2;\r\n}\r\nf(0);\r\n',
  'shebang': '#!/usr/bin/env node\nfunction f(x) { if (x) { return 1; } }\nf(0);\n',
  'strict': '"use strict";\nfunction f(x) { "use strict"; if (x) { return 1; } return 2; }\nf(0);\n',
  'template': 'const f = (x) => `a${x ? `b${x}` : "c"}d`;\nf(0);\nfunction tag(s, ...v) { return v.map((x) => x); }\ntag`x${1}y${() => 2}z`;\n',
  'regular expressions': 'function f(x) { if (/a/.test(x)) { return 1; } return x.replace(/b/g, (m) => m + m); }\nf("b");\n',
  'comma': 'function f(x) { return (a(), x && a(), a()); }\nfunction a() {}\nf(0);\n',
  'void and typeof': 'function f(x) { void (x && a()); if (typeof x === "string") a(); return !x || a(); }\nfunction a() {}\nf(0);\n',
  'object spread': 'function f(x) { return { ...(x && { y: 1 }), ...(!x ? { z: a() } : {}) }; }\nfunction a() {}\nf(1);\n',
  'getter in object': 'const o = { get x() { if (this.y) { return 1; } return 2; }, set x(v) { if (v) { this.y = v; } } };\no.x; o.x = 0;\n',
  'recursion': 'function fib(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); }\nfib(6);\n',
  'top level return': 'if (module) {\n  a();\n  return;\n}\na();\nfunction a() {}\n',
  'top level throw': 'a();\nthrow new Error("x");\na();\nfunction a() {}\n',
  'switch in loop with return': 'function parse(s) {\n  for (const c of s) {\n    switch (c) {\n      case "a": a(); break;\n      case "b": return 1;\n      case "c":\n      default: a();\n    }\n  }\n  return 0;\n}\nfunction a() {}\nparse("aab");\n',
  'if return in both': 'function f(x) {\n  if (x) {\n    return 1;\n  } else {\n    return 2;\n  }\n}\nf(1); f(0);\n',
  'if return in both, code after': 'function f(x) {\n  if (x) {\n    return 1;\n  } else {\n    return 2;\n  }\n  a();\n}\nfunction a() {}\nf(1); f(0);\n',
  'if throw in last': 'function f(x) {\n  a();\n  if (x) {\n    throw 1;\n  }\n}\nfunction a() {}\nf(0); try { f(1); } catch {}\n',
  'nested if': 'function f(x, y) {\n  if (x) {\n    if (y) {\n      return 1;\n    }\n    a();\n  } else if (y) {\n    a();\n  }\n}\nfunction a() {}\nf(1, 1); f(0, 0); f(1, 1);\n',
  'return in loop in try': 'function f(x) {\n  try {\n    for (const y of x) {\n      if (y) return y;\n      a();\n    }\n    a();\n  } catch (e) {\n    a();\n  } finally {\n    a();\n  }\n  return 0;\n}\nfunction a() {}\nf([0, 1]); f([]);\n',
  'throw in catch': 'function f(x) {\n  try { a(x); } catch (e) { throw new Error(e); }\n}\nfunction a(x) { if (x) throw 1; }\nf(0); try { f(1); } catch (e) { e; }\n',
  'with a function as last argument': 'function it(name, fn) { fn(); }\nit("a", () => {\n  a();\n});\nit("b", function () {\n  a();\n});\nit("c", async () => {\n  await a();\n  a();\n});\nfunction a() {}\n',
  'statement list ends with function': 'function f(x) {\n  if (x) return 1;\n  return g();\n  function g() { return 2; }\n}\nf(0); f(1);\n',
  'statement list ends with function only': 'function f(x) {\n  if (x) return 1;\n  function g() { return 2; }\n}\nf(0); f(1);f(1);\n',
  'debugger and empty': 'function f(x) {\n  ;\n  debugger;\n  if (x) ;\n  ;\n}\nf(0);\n',
  'new target': 'function F() { if (new.target) { this.x = 1; } else { return new F(); } }\nF(); new F();\n',
  'using': 'function f() { using x = { [Symbol.dispose]() {} }; if (!x) { return 1; } }\nf();\n',
  'long chain of methods': 'const r = [1, 2, 3]\n  .map((x) => {\n    if (x > 5) {\n      return 0;\n    }\n    return x;\n  })\n  .filter(Boolean);\n',
};
const modules = {
  'module': 'import fs from "fs";\nexport function f(x) { if (x) { return 1; } return 2; }\nexport default function () {}\nexport const g = () => {};\nexport class K { m() {} }\nf(0);\n',
  'module with await': 'import "fs";\nawait 1;\nif (f(1)) { await f(2); } else { await f(3); }\nfunction f(x) { return x; }\nexport { f };\nexport default class { m() {} }\n',
  'module with default arrow': 'export default (x) => { if (x) { return 1; } };\n',
  'module throws': 'export function f() {}\nf();\nthrow 1;\nf();\n',
  'module of statements': 'let x = 0;\nfor (const y of [1, 2]) { if (y > 5) x++; }\nexport { x };\n',
};

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-ranges-'));
const files = new Map();
let main = 'process.on("unhandledRejection", () => {});\n(async () => {\n';
let number = 0;
for (const extension of ['cjs', 'mjs']) {
  for (const [title, source] of Object.entries(extension === 'cjs' ? programs : modules)) {
    const name = `${number++}.${extension}`;
    files.set(name, { title, source });
    fs.writeFileSync(path.join(folder, name), source);
    main += extension === 'cjs' ? `try { require("./${name}"); } catch {}\n` : `await import("./${name}").catch(() => {});\n`;
  }
}
fs.writeFileSync(path.join(folder, 'main.js'), `${main}})();\n`);
const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'main.js')], {
  encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: path.join(folder, 'out') },
});
if (status !== 0) console.log(`exit code ${status}: ${stderr}`);
const [report] = fs.readdirSync(path.join(folder, 'out'));
const { result } = JSON.parse(fs.readFileSync(path.join(folder, 'out', report), 'utf8'));
const found = new Map(result.map(({ url, functions }) => [path.basename(url), functions]));
for (const [name, { title, source }] of files) {
  console.log(`--- ${title}\n${source.trimEnd()}`);
  for (const { functionName, isBlockCoverage, ranges } of found.get(name) ?? []) {
    console.log(`${JSON.stringify(functionName)}${isBlockCoverage ? '' : ' as a whole'}`);
    for (const { startOffset, endOffset, count } of ranges) {
      console.log(`  ${startOffset}-${endOffset} x${count} ${JSON.stringify(source.slice(startOffset, endOffset))}`);
    }
  }
}
fs.rmSync(folder, { recursive: true });
