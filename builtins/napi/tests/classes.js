// Classes, wrapped objects, type tags and calls in both directions.
'use strict';
const assert = require('node:assert');
const c = require('./addons/build.cjs').load('classes');

const box = new c.Box(5);
assert.ok(box instanceof c.Box && box.constructor === c.Box && box.target === c.Box);
assert.strictEqual(box.inc().inc().value, 7);
box.value = 20;
assert.strictEqual(box.inc().value, 21);
assert.deepStrictEqual([c.Box.name, c.Box.length, c.Box.KIND, c.Box.prototype.answer, c.Box.make(3).value], ['Box', 0, 'kind', 42, 3]);
assert.throws(() => c.Box(1), { name: 'TypeError', code: 'NO_NEW', message: 'needs new' });
assert.throws(() => c.Box.prototype.inc.call({}), { name: 'TypeError', message: 'Illegal invocation' });
assert.throws(() => { box.answer = 1; }, TypeError);
assert.throws(() => { c.Box.KIND = 1; }, TypeError);

class Sub extends c.Box {
  #secret = 1;
  constructor(n) { super(n * 2); this.extra = true; }
  inc() { super.inc(); return super.inc(); }
  get secret() { return this.#secret; }
}
const sub = new Sub(4);
assert.ok(sub instanceof Sub && sub instanceof c.Box && sub.target === Sub);
assert.deepStrictEqual([sub.inc().value, sub.extra, sub.secret], [10, true, 1]);
assert.deepStrictEqual(Object.keys(sub), ['target', 'extra']);
assert.strictEqual(Object.prototype.toString.call(sub), '[object Object]');
assert.ok(Reflect.construct(c.Box, [1], Sub) instanceof Sub);

for (const object of [{}, Object.freeze({}), [], () => 1, new Proxy({}, {}), new Map(), Object.create(null)]) {
  assert.deepStrictEqual([c.unwrap(object), c.wrap(object, 9), c.unwrap(object), c.wrap(object, 8)], [-1, 0, 9, 1]);
  assert.deepStrictEqual([c.unwrapremove(object), c.unwrap(object), c.unwrapremove(object), c.wrap(object, 7), c.unwrap(object)], [9, -1, -1, 0, 7]);
}
assert.deepStrictEqual([c.wrap(5, 1), c.unwrap(5)], [1, -1]);
assert.deepStrictEqual(Reflect.ownKeys({}), []);

for (const object of [{}, Object.freeze({}), new c.Box(1)]) {
  assert.deepStrictEqual([c.check(object, 0), c.tag(object, 0), c.check(object, 0), c.check(object, 1), c.tag(object, 1)], [false, 0, true, false, 1]);
}

const { thisvalue } = c;
assert.strictEqual(thisvalue(), globalThis);
assert.ok(thisvalue.call(5) instanceof Number);
assert.strictEqual(thisvalue.call(c), c);
assert.deepStrictEqual(c.many(1, 'b'), [2, 1, 'b', ...Array(10).fill(undefined)]);
assert.strictEqual(c.many(...Array(20).keys())[0], 20);
assert.strictEqual(c.call((x) => x + 1, undefined, 5), 6);
assert.strictEqual(c.call(function() { 'use strict'; return this; }, 'me'), 'me');
assert.strictEqual(c.call({}, undefined, 5), -1);
const error = new Error('mine');
assert.strictEqual(c.call(() => { throw error; }).caught, error);
assert.strictEqual(c.call(() => { throw null; }).caught, null);
assert.deepStrictEqual(c.construct(Array, 3).length, 3);
assert.throws(() => c.construct(class { constructor() { throw error; } }), error);
assert.deepStrictEqual([1, 2, 3].map((n) => c.dynamic(n)).map((f) => f()), [1, 2, 3]);
assert.strictEqual(c.dynamic(1).name, 'dyn');
let depth = 0;
const recurse = () => { depth++; return c.call(recurse); };
const deep = recurse();
assert.ok(deep === undefined || typeof deep === 'object' || typeof deep === 'number');
assert.ok(depth > 50);
