// url.parse, url.format, url.resolve.
'use strict';
process.removeAllListeners('warning');
const assert = require('node:assert');
const url = require('node:url');

const parsed = url.parse('HTTP://u:p@Example.com:80\\a b?x=1#h', true);
assert.strictEqual(parsed.href, 'http://u:p@example.com:80/a%20b?x=1#h');
assert.strictEqual(parsed.query.x, '1');
assert.strictEqual(url.parse('//h/p').host, null);
assert.strictEqual(url.parse('//h/p', false, true).host, 'h');
assert.throws(() => url.parse('http://a:b/'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => url.parse('http://a]b'), { code: 'ERR_INVALID_URL' });
assert.throws(() => url.parse(5), { code: 'ERR_INVALID_ARG_TYPE' });
const steps = [
  ['/one/two/three', 'four', '/one/two/four'],
  ['http://a/b/c/', '../../../d', 'http://a/d'],
  ['mailto:a@b', 'c', 'mailto:a@c'],
  ['http://a/b?c#d', '?e', 'http://a/b?e'],
];
for (const [from, to, want] of steps) assert.strictEqual(url.resolve(from, to), want);
assert.strictEqual(url.format({ protocol: 'http', host: 'a', pathname: 'b', query: { x: [1, 2] } }), 'http://a/b?x=1&x=2');
assert.strictEqual(url.format(new URL('http://u:p@xn--ida.com/p?q#h'), { unicode: true, auth: false, search: false }),
                   'http://ñ.com/p#h');
