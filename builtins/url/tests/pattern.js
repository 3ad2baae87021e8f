// URLPattern: components, groups, relative patterns, what is refused.
'use strict';
const assert = require('node:assert');
const { URLPattern } = require('node:url');

const pattern = new URLPattern('https://*.example.com/books/:id(\\d+){.:format}?');
assert.strictEqual(pattern.hostname, '*.example.com');
assert.strictEqual(pattern.pathname, '/books/:id(\\d+){.:format}?');
assert.strictEqual(pattern.hasRegExpGroups, true);
const match = pattern.exec('https://a.example.com/books/12.pdf');
assert.deepStrictEqual(match.pathname.groups, { id: '12', format: 'pdf' });
assert.strictEqual(match.hostname.groups[0], 'a');
assert.strictEqual(pattern.exec('https://a.example.com/books/x'), null);
assert.strictEqual(new URLPattern('/a/*', 'http://h').test('/a/b', 'http://h'), true);
assert.strictEqual(new URLPattern({ pathname: '/A' }, { ignoreCase: true }).test({ pathname: '/a' }), true);
assert.strictEqual(new URLPattern({ protocol: 'https', port: '443' }).port, '');
for (const bad of ['x', { pathname: '(' }, { protocol: 'é' }]) {
  assert.throws(() => new URLPattern(bad), { code: 'ERR_INVALID_URL_PATTERN', name: 'TypeError' });
}
assert.throws(() => pattern.test({}, 'http://a'), { code: 'ERR_OPERATION_FAILED' });
assert.throws(() => URLPattern({}), { code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
