// Callbacks run in a turn of their own, with the AsyncLocalStorage of the call.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const { AsyncLocalStorage } = require('node:async_hooks');
const { promisify } = require('node:util');

const storage = new AsyncLocalStorage();
let order = '';
storage.run('here', () => {
  fs.stat(__filename, (error, stats) => {
    order += 'b';
    assert.ifError(error);
    assert.ok(stats.isFile());
    assert.strictEqual(storage.getStore(), 'here');
  });
});
order += 'a';
(async () => {
  const fd = fs.openSync(__filename);
  const { bytesRead, buffer } = await promisify(fs.read)(fd, Buffer.alloc(4), 0, 4, 0);
  assert.strictEqual(bytesRead, 4);
  assert.strictEqual(buffer.toString(), '// C');
  fs.closeSync(fd);
  assert.strictEqual(await promisify(fs.exists)(__filename), true);
  assert.strictEqual(await promisify(fs.exists)('/nowhere'), false);
})();
process.on('exit', () => assert.strictEqual(order, 'ab'));
