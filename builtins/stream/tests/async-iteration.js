// for await over a Readable: all chunks, early exit destroys, errors are thrown.
'use strict';
const assert = require('node:assert');
const { Readable } = require('node:stream');

async function main() {
  const all = [];
  for await (const chunk of Readable.from(['a', 'b', 'c'])) all.push(chunk);
  assert.deepStrictEqual(all, ['a', 'b', 'c']);

  const left = Readable.from([1, 2, 3]);
  for await (const chunk of left) {
    assert.strictEqual(chunk, 1);
    break;
  }
  assert.strictEqual(left.destroyed, true);

  const kept = Readable.from([1, 2, 3]);
  for await (const chunk of kept.iterator({ destroyOnReturn: false })) {
    assert.strictEqual(chunk, 1);
    break;
  }
  assert.strictEqual(kept.destroyed, false);
  assert.deepStrictEqual(await kept.toArray(), [2, 3]);

  const failing = new Readable({
    read() {
      this.destroy(new Error('broken'));
    },
  });
  await assert.rejects(failing.toArray(), { message: 'broken' });

  const queued = Readable.from(['x', 'y'])[Symbol.asyncIterator]();
  assert.deepStrictEqual(
    await Promise.all([queued.next(), queued.next(), queued.next()]),
    [{ done: false, value: 'x' }, { done: false, value: 'y' }, { done: true, value: undefined }]);
}
main();
