'use strict';

// require() finds files, folders, packages and exports maps; what it does not find names the require stack.
const assert = require('node:assert');
const path = require('node:path');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const localRequire = require('node:module').createRequire(fixture('noop.js'));

assert.strictEqual(localRequire('pkg'), 'pkg/lib/index');
assert.strictEqual(localRequire('@scope/cond'), 'require');
assert.strictEqual(localRequire('@scope/cond/features/one'), 'feature one');
assert.strictEqual(localRequire.resolve('./data'), fixture('data.json'));
assert.strictEqual(localRequire.resolve('fs'), 'fs');
assert.strictEqual(localRequire('node:path'), path);
assert.throws(() => localRequire('@scope/cond/hidden'), {
  code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
  message: `Package subpath './hidden' is not defined by "exports" in ${fixture('node_modules/@scope/cond/package.json')}`,
});
assert.throws(() => require('./no-such-file'), {
  code: 'MODULE_NOT_FOUND',
  message: `Cannot find module './no-such-file'\nRequire stack:\n- ${__filename}`,
  requireStack: [__filename],
});
assert.throws(() => require('node:no-such-builtin'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
assert.throws(() => require(''), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => require(1), { code: 'ERR_INVALID_ARG_TYPE' });
