'use strict';
// util.callbackify, inherits, diff, parseEnv, types: small things.
const assert = require('node:assert');
const util = require('node:util');

const calls = [];
util.callbackify(async (value) => value + 1)(1, (error, value) => calls.push([error, value]));
util.callbackify(() => Promise.reject(null))((error) => calls.push([error.code, error.reason]));
setImmediate(() => assert.deepStrictEqual(calls, [[null, 2], ['ERR_FALSY_VALUE_REJECTION', null]]));
assert.strictEqual(util.callbackify(async function named(a) {}).name, 'namedCallbackified');

function Base() {}
function Derived() {}
util.inherits(Derived, Base);
assert.ok(new Derived() instanceof Base);
assert.strictEqual(Derived.super_, Base);
assert.throws(() => util.inherits(Derived, {}), { code: 'ERR_INVALID_ARG_TYPE' });

assert.deepStrictEqual(util.diff('abc', 'adc'), [[0, 'a'], [1, 'b'], [-1, 'd'], [0, 'c']]);
assert.deepStrictEqual({ ...util.parseEnv('A=1\nexport B="x\\ny" # c\n#no\nC= d # e') }, { A: '1', B: 'x\ny', C: 'd' });
assert.ok(util.types.isGeneratorObject((function* () {})()));
assert.ok(util.types.isAsyncFunction(async () => {}));
assert.ok(!util.types.isAsyncFunction({ async() {} }.async));
assert.ok(util.types.isProxy(new Proxy({}, {})));
assert.ok(util.types.isBoxedPrimitive(Object(1n)));
assert.strictEqual(util.toUSVString('a\ud800'), 'a\ufffd');
assert.strictEqual(util.getSystemErrorName(-2), 'ENOENT');
