'use strict';
// AbortSignal.timeout aborts with a TimeoutError; its timer alone does not keep the process alive.
const assert = require('node:assert');

const signal = AbortSignal.timeout(5);
AbortSignal.timeout(1e6);
const keepAlive = setTimeout(() => assert.fail('no abort'), 5000);
signal.addEventListener('abort', () => {
  clearTimeout(keepAlive);
  assert.strictEqual(signal.reason.name, 'TimeoutError');
  assert.strictEqual(signal.reason.code, 23);
});
assert.throws(() => AbortSignal.timeout(-1), { code: 'ERR_OUT_OF_RANGE' });
