// What a Timeout can do: ref, unref, refresh, close, number, dispose.
'use strict';
const assert = require('node:assert');

const fail = () => assert.fail('was cleared');
const timeout = setTimeout(fail, 1);
assert.strictEqual(timeout.hasRef(), true);
assert.strictEqual(timeout.unref().hasRef(), false);
timeout.ref().close();
clearTimeout(+setTimeout(fail, 1));
clearTimeout(`${setTimeout(fail, 1)}`);
setTimeout(fail, 1)[Symbol.dispose]();
clearInterval(setTimeout(fail, 1));
clearImmediate(setImmediate(fail));
for (const nothing of [undefined, null, {}, 'x', 1e9]) clearTimeout(nothing);

let runs = 0;
const again = setTimeout(() => {
  if (++runs < 3) again.refresh();
}, 1);
const interval = setInterval((word) => {
  assert.strictEqual(word, 'word');
  clearInterval(interval);
}, 1, 'word');
setTimeout(fail, 100_000).unref();
process.on('exit', () => assert.strictEqual(runs, 3));
for (const bad of [undefined, 'code', null]) {
  assert.throws(() => setTimeout(bad), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => setImmediate(bad), { code: 'ERR_INVALID_ARG_TYPE' });
}
