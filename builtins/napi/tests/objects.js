// Properties, names, attributes, arrays and instanceof through the C interface.
'use strict';
const assert = require('node:assert');
const o = require('./addons/build.cjs').load('objects');
const s = Symbol('s');

assert.strictEqual(o.get({ a: 1 }, 'a'), 1);
assert.strictEqual(o.get('text', 'length'), 4);
assert.strictEqual(o.get([5, 6], 1), 6);
assert.throws(() => o.get(null, 'a'), { name: 'TypeError', message: 'Cannot convert undefined or null to object' });
assert.throws(() => o.get({ get a() { throw new RangeError('getter'); } }, 'a'), RangeError);
assert.deepStrictEqual(o.set({}, s, 1), { [s]: 1 });
assert.deepStrictEqual(o.set(Object.freeze({ a: 1 }), 'a', 2), { a: 1 });
assert.throws(() => o.set({ set a(v) { throw new TypeError('setter'); } }, 'a', 1), /setter/);
assert.throws(() => o.set(new Proxy({}, { set() { throw new Error('trap'); } }), 'a', 1), /trap/);
assert.deepStrictEqual([o.has({ a: 1 }, 'a'), o.has({}, 'toString'), o.has({}, 'b')], [true, true, false]);
assert.deepStrictEqual([o.own({ a: 1 }, 'a'), o.own({}, 'toString'), o.own({ [s]: 1 }, s), o.own({}, 5)], [true, false, true, -1004]);
const fixed = Object.defineProperty({ a: 1 }, 'b', { value: 1 });
assert.deepStrictEqual([o.del(fixed, 'a'), o.del(fixed, 'b'), o.del(fixed, 'c')], [true, false, true]);
assert.strictEqual(o.named({}), 7);
const list = [0, 1];
assert.strictEqual(o.elements(list), 'three');
assert.ok(!(0 in list) && list[4294967290] === 1);

class Base { constructor() { this.own = 1; } }
Base.prototype.inherited = 2;
const mixed = Object.assign(new Base(), { 10: 'x', 2: 'y', [s]: 3 });
Object.defineProperty(mixed, 'hidden', { value: 1, enumerable: false, configurable: true });
assert.deepStrictEqual(o.names(mixed), ['2', '10', 'own', 'inherited']);
assert.deepStrictEqual(o.allnames(mixed, 1, 2, 0), [2, 10, 'own', s]);
assert.deepStrictEqual(o.allnames(mixed, 1, 2 | 16, 1), ['2', '10', 'own']);
assert.deepStrictEqual(o.allnames(mixed, 1, 8, 0), [s]);
assert.deepStrictEqual(o.allnames(mixed, 1, 0 | 16, 1), ['2', '10', 'own', 'hidden']);
assert.deepStrictEqual(o.allnames(mixed, 1, 1 | 16, 1), ['2', '10', 'own']);
assert.strictEqual(o.allnames(mixed, 7, 0, 0), -1001);
assert.strictEqual(o.proto(mixed), Base.prototype);
assert.ok(Object.isFrozen(o.freeze({ a: 1 })) && Object.isSealed(o.seal({ a: 1 })) && !Object.isFrozen(o.seal({ a: 1 })));
assert.deepStrictEqual([o.array([1, 2]), o.array({ length: 2 }), o.array(new Proxy([], {}))], [2, -1008, -1008]);

assert.deepStrictEqual([o.instance(mixed, Base), o.instance({}, Base), o.instance(5, Number)], [true, false, false]);
assert.strictEqual(o.instance(5, class { static [Symbol.hasInstance](v) { return v === 5; } }), true);
assert.throws(() => o.instance({}, {}), { name: 'TypeError', code: 'ERR_NAPI_CONS_FUNCTION', message: 'Constructor must be a function' });

const target = o.define({}, s);
assert.deepStrictEqual(Object.keys(target), ['value', 'accessor']);
assert.throws(() => { target.value = 1; }, TypeError);
assert.strictEqual(target.accessor, 'data');
target.accessor = 9;
assert.strictEqual(target._set, 9);
assert.strictEqual(target.readonly, 'ro');
assert.throws(() => { target.readonly = 1; }, TypeError);
assert.deepStrictEqual(target[s]('only'), [target, 1, undefined]);
assert.deepStrictEqual({ ...Object.getOwnPropertyDescriptor(target, s), value: 0 }, { value: 0, writable: true, enumerable: true, configurable: true });
assert.strictEqual(o.badname({}), 4);
assert.strictEqual(o.define(5, s), 5);
assert.strictEqual(o.define(Object.freeze({}), s), -1001);
