'use strict';
// The usual way to get at the collector without a command line option.
const assert = require('node:assert');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose_gc');
const gc = vm.runInNewContext('gc');
assert.strictEqual(typeof gc, 'function');
gc();
assert.throws(() => v8.setFlagsFromString(1), { code: 'ERR_INVALID_ARG_TYPE' });
