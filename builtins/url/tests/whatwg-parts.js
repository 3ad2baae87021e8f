// Parts of a URL, relative parsing, setters and what they refuse.
'use strict';
const assert = require('node:assert');

const url = new URL('../x?q=1#h', 'https://user:pass@example.com:8443/a/b');
assert.strictEqual(url.href, 'https://user:pass@example.com:8443/x?q=1#h');
const parts = {
  origin: 'https://example.com:8443', protocol: 'https:', username: 'user', password: 'pass',
  host: 'example.com:8443', hostname: 'example.com', port: '8443', pathname: '/x', search: '?q=1', hash: '#h',
};
for (const [name, want] of Object.entries(parts)) assert.strictEqual(url[name], want, name);
url.port = '443';
url.protocol = 'foo';
url.hash = '';
url.pathname = 'a b';
assert.strictEqual(url.href, 'https://user:pass@example.com/a%20b?q=1');
assert.throws(() => { url.href = 'x'; }, { code: 'ERR_INVALID_URL', input: 'x' });
for (const bad of ['', 'x', 'http://', 'http://a b', 'http://1.2.3.256', 'http://[::1', 'http://a:99999']) {
  assert.throws(() => new URL(bad), { code: 'ERR_INVALID_URL', name: 'TypeError', message: 'Invalid URL' });
  assert.strictEqual(URL.canParse(bad), false);
  assert.strictEqual(URL.parse(bad), null);
}
assert.strictEqual(new URL('http://EXAMPLE.com/../ñ').href, 'http://example.com/%C3%B1');
assert.strictEqual(new URL('http://faß.de').host, 'xn--fa-hia.de');
assert.strictEqual(new URL('http://0x7f.1').host, '127.0.0.1');
assert.strictEqual(new URL('blob:https://a.b/c').origin, 'https://a.b');
assert.throws(() => URL.prototype.toString.call({}), TypeError);
