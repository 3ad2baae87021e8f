// What stringify writes, parse reads; odd escapes never throw when reading.
'use strict';
const assert = require('node:assert');
const querystring = require('node:querystring');

const value = { 'a b': ['1', 'ä&='], 'empty': '', 'x': '%zz+' };
assert.deepEqual({ ...querystring.parse(querystring.stringify(value)) }, value);
assert.strictEqual(querystring.stringify({ a: [1, true, null], b: NaN, c: 1n }), 'a=1&a=true&a=&b=&c=1');
assert.strictEqual(querystring.parse('a=%E4%BD').a, '\ufffd');
assert.strictEqual(Object.getPrototypeOf(querystring.parse('a')), null);
assert.deepEqual(Object.keys(querystring.parse('a&b&c', null, null, { maxKeys: 2 })), ['a', 'b']);
assert.strictEqual(querystring.escape('\ud800a'), '%F0%90%81%A1');
assert.throws(() => querystring.escape('a\ud800'), { code: 'ERR_INVALID_URI', name: 'URIError' });
