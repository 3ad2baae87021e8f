// Priorities are read, set and checked.
'use strict';
const assert = require('node:assert');
const os = require('node:os');

const before = os.getPriority();
os.setPriority(before);
assert.strictEqual(os.getPriority(process.pid), before);
for (const bad of ['a', null, true]) assert.throws(() => os.getPriority(bad), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => os.getPriority(1.5), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => os.setPriority(0, 20), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => os.getPriority(-1), {
  code: 'ERR_SYSTEM_ERROR',
  message: 'A system error occurred: uv_os_getpriority returned ESRCH (no such process)',
  name: 'SystemError',
});
