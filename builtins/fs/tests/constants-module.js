// node:constants has the constants of os and fs, frozen.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const constants = require('node:constants');

for (const [name, value] of Object.entries(fs.constants)) assert.strictEqual(constants[name], value, name);
for (const group of ['dlopen', 'errno', 'priority', 'signals']) {
  for (const [name, value] of Object.entries(os.constants[group])) assert.strictEqual(constants[name], value, name);
}
assert.ok(Object.isFrozen(constants));
assert.ok('RSA_PKCS1_PADDING' in constants);
