'use strict';
// sessionStorage: items are named properties, the prototype's names win, 10 MB of UTF-16 at most.
const assert = require('node:assert');
const util = require('node:util');

assert.ok(sessionStorage instanceof Storage);
assert.strictEqual(sessionStorage.length, 0);
sessionStorage.a = 1;
sessionStorage.setItem('b', {});
assert.strictEqual(sessionStorage.a, '1');
assert.strictEqual(sessionStorage.getItem('b'), '[object Object]');
assert.strictEqual(sessionStorage.getItem('none'), null);
assert.strictEqual(sessionStorage.none, undefined);
assert.deepStrictEqual(Object.keys(sessionStorage), ['a', 'b']);
assert.strictEqual(util.inspect(sessionStorage), "Storage { a: '1', b: '[object Object]' }");
assert.deepStrictEqual(Object.getOwnPropertyDescriptor(sessionStorage, 'a'),
  { value: '1', writable: true, enumerable: true, configurable: true });
assert.strictEqual(sessionStorage.key(0), 'a');
assert.strictEqual(sessionStorage.key(2), null);
assert.ok('a' in sessionStorage);
assert.ok(!('none' in sessionStorage));

// Names of the prototype are stored but not shown.
sessionStorage.key = 'x';
assert.strictEqual(typeof sessionStorage.key, 'function');
assert.strictEqual(sessionStorage.getItem('key'), 'x');
assert.deepStrictEqual(Object.keys(sessionStorage), ['a', 'b']);
assert.strictEqual(delete sessionStorage.key, true);
assert.strictEqual(sessionStorage.getItem('key'), null);

// In the order of their bytes, little-endian.
sessionStorage.clear();
for (const key of ['10', '9', '3', '\u0100', '']) sessionStorage.setItem(key, 'v');
assert.deepStrictEqual(Object.keys(sessionStorage), ['', '\u0100', '10', '3', '9']);

sessionStorage.clear();
const million = 'x'.repeat(1024 * 1024);
assert.throws(() => sessionStorage.setItem('big', million.repeat(6)), { name: 'QuotaExceededError', code: 22 });
sessionStorage.setItem('a', million.repeat(5).slice(1));
assert.throws(() => sessionStorage.setItem('b', ''), { name: 'QuotaExceededError' });
sessionStorage.setItem('a', 'small');
sessionStorage.setItem('b', 'fits now');
assert.strictEqual(sessionStorage.length, 2);

assert.throws(() => new Storage(), { code: 'ERR_ILLEGAL_CONSTRUCTOR', message: 'Illegal constructor' });
for (const [method, count] of [['getItem', '1 argument'], ['key', '1 argument'], ['removeItem', '1 argument'], ['setItem', '2 arguments']]) {
  assert.throws(() => sessionStorage[method](),
    { code: 'ERR_MISSING_ARGS', message: `Failed to execute '${method}' on 'Storage': ${count} required` });
  assert.throws(() => Storage.prototype[method].call({}, 'x', 'y'), { name: 'TypeError', message: 'Illegal invocation' });
}
assert.throws(() => sessionStorage.setItem('s', Symbol('s')), TypeError);
assert.throws(() => Object.preventExtensions(sessionStorage), { name: 'TypeError', message: 'Cannot prevent extensions' });
