// Bytecode of scripts: accepted for the same source, rejected for another, for parts and for junk.
'use strict';
const assert = require('node:assert');
const vm = require('node:vm');

const source = 'function f() { return 1 + 1; } f()';
const first = new vm.Script(source);
assert.strictEqual(first.runInThisContext(), 2);
const cachedData = first.createCachedData();
assert.ok(cachedData.length > 100);
const second = new vm.Script(source, { cachedData });
assert.strictEqual(second.cachedDataRejected, false);
assert.strictEqual(second.runInThisContext(), 2);
[cachedData.subarray(0, 50), Buffer.from('junk')].forEach((data, index) => {
  // A source that was not compiled before: V8 would take the script that it has.
  const script = new vm.Script(`${source} + ${index}`, { cachedData: data });
  assert.strictEqual(script.cachedDataRejected, true);
  assert.strictEqual(script.runInThisContext(), 2 + index);
});
assert.strictEqual(new vm.Script(`${source};1`, { cachedData }).cachedDataRejected, true);
