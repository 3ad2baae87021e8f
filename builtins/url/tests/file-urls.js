// Paths to file URLs and back, in both worlds.
'use strict';
const assert = require('node:assert');
const { fileURLToPath, fileURLToPathBuffer, pathToFileURL, urlToHttpOptions } = require('node:url');

for (const path of ['/a b', '/a%20#?b', '/ñ/~[x]', '/a\\b\n', '/dir/']) {
  assert.strictEqual(fileURLToPath(pathToFileURL(path)), path);
}
assert.strictEqual(pathToFileURL('C:\\a b', { windows: true }).href, 'file:///C:/a%20b');
assert.strictEqual(fileURLToPath('file://srv/share/f', { windows: true }), '\\\\srv\\share\\f');
assert.strictEqual(fileURLToPathBuffer('file:///%ff').toString('hex'), '2fff');
assert.throws(() => fileURLToPath('http://a'), { code: 'ERR_INVALID_URL_SCHEME' });
assert.throws(() => fileURLToPath('file://h/a'), { code: 'ERR_INVALID_FILE_URL_HOST' });
assert.throws(() => fileURLToPath('file:///a%2fb'), { code: 'ERR_INVALID_FILE_URL_PATH' });
assert.throws(() => fileURLToPath(5), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => pathToFileURL('\\\\srv', { windows: true }), { code: 'ERR_INVALID_ARG_VALUE' });
const options = urlToHttpOptions(new URL('http://a%20:b@[::1]:8/p?q'));
assert.strictEqual(options.auth, 'a :b');
assert.strictEqual(options.hostname, '::1');
assert.strictEqual(options.port, 8);
