'use strict';
// Blobs keep copies of their sources, slice without copying, and can be read in four ways.
const assert = require('node:assert');
const { Blob, File } = require('node:buffer');

(async () => {
  const source = new Uint8Array([97, 98]);
  const blob = new Blob(['x\u20ac', source, new Blob(['end'])], { type: 'Text/Plain' });
  source[0] = 0;
  assert.deepStrictEqual([blob.size, blob.type], [9, 'text/plain']);
  assert.strictEqual(await blob.text(), 'x\u20acabend');
  assert.strictEqual(await blob.slice(4, -2).text(), 'abe');
  assert.deepStrictEqual(await blob.slice(-2).bytes(), new Uint8Array([110, 100]));
  assert.strictEqual((await blob.arrayBuffer()).byteLength, 9);
  let streamed = '';
  for await (const chunk of blob.stream()) streamed += Buffer.from(chunk).toString();
  assert.strictEqual(streamed, 'x\u20acabend');
  const file = new File(['1'], 'name.txt', { lastModified: 5 });
  assert.deepStrictEqual([file.name, file.lastModified, file.size, file instanceof Blob], ['name.txt', 5, 1, true]);
  assert.throws(() => new Blob('text'), { code: 'ERR_INVALID_ARG_TYPE' });
})();
