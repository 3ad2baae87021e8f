// URLSearchParams alone and as a part of its URL.
'use strict';
const assert = require('node:assert');

const params = new URLSearchParams([['b', '1'], ['a', '2 ä'], ['b', '3']]);
assert.strictEqual(params.toString(), 'b=1&a=2+%C3%A4&b=3');
assert.deepStrictEqual(params.getAll('b'), ['1', '3']);
params.sort();
assert.deepStrictEqual([...params.keys()], ['a', 'b', 'b']);
params.set('b', 'x');
params.delete('a', 'other');
assert.strictEqual(params.size, 2);
assert.strictEqual(new URLSearchParams('?a=%zz&=&b').toString(), 'a=%25zz&=&b=');
assert.strictEqual(new URLSearchParams({ a: '\ud800' }).get('a'), '\ufffd');

const url = new URL('http://h/?a=1');
url.searchParams.append('b', '2');
assert.strictEqual(url.href, 'http://h/?a=1&b=2');
url.search = '?c';
assert.deepStrictEqual([...url.searchParams], [['c', '']]);
url.searchParams.delete('c');
assert.strictEqual(url.href, 'http://h/');

assert.throws(() => new URLSearchParams([['a']]), { code: 'ERR_INVALID_TUPLE' });
assert.throws(() => params.append('a'), { code: 'ERR_MISSING_ARGS' });
assert.throws(() => URLSearchParams.prototype.get.call({}, 'a'), { code: 'ERR_INVALID_THIS' });
