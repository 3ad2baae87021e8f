'use strict';
// An object URL names a blob until it is revoked.
const assert = require('node:assert');
const { Blob, resolveObjectURL } = require('node:buffer');

(async () => {
  const url = URL.createObjectURL(new Blob(['x'], { type: 'a/b' }));
  assert.match(url, /^blob:nodedata:[0-9a-f-]{36}$/);
  const blob = resolveObjectURL(url);
  assert.deepStrictEqual([await blob.text(), blob.type], ['x', 'a/b']);
  URL.revokeObjectURL(url);
  assert.strictEqual(resolveObjectURL(url), undefined);
  assert.strictEqual(resolveObjectURL('file:///nope'), undefined);
})();
