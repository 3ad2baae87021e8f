// Iterator helpers of Readable, with concurrency and abort.
'use strict';
const assert = require('node:assert');
const { setTimeout: sleep } = require('node:timers/promises');
const { Readable } = require('node:stream');

const numbers = () => Readable.from([1, 2, 3, 4]);

async function main() {
  assert.deepStrictEqual(await numbers().map((n) => n * 2).toArray(), [2, 4, 6, 8]);
  assert.deepStrictEqual(
    await numbers().map(async (n) => {
      await sleep(5 - n);
      return n;
    }, { concurrency: 4 }).toArray(), [1, 2, 3, 4]);
  assert.deepStrictEqual(await numbers().filter((n) => n % 2).toArray(), [1, 3]);
  assert.deepStrictEqual(await numbers().flatMap((n) => [n, n]).take(3).toArray(), [1, 1, 2]);
  assert.deepStrictEqual(await numbers().drop(2).toArray(), [3, 4]);
  assert.strictEqual(await numbers().reduce((a, b) => a + b), 10);
  assert.strictEqual(await numbers().reduce((a, b) => a + b, 5), 15);
  assert.strictEqual(await numbers().some((n) => n > 3), true);
  assert.strictEqual(await numbers().every((n) => n > 3), false);
  assert.strictEqual(await numbers().find((n) => n > 2), 3);
  const seen = [];
  await numbers().forEach((n) => seen.push(n));
  assert.deepStrictEqual(seen, [1, 2, 3, 4]);

  await assert.rejects(Readable.from([]).reduce((a, b) => a + b), { code: 'ERR_MISSING_ARGS' });
  await assert.rejects(numbers().map(() => {
    throw new Error('boom');
  }).toArray(), { message: 'boom' });
  await assert.rejects(numbers().toArray({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.throws(() => numbers().map(1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => numbers().take(-1), { code: 'ERR_OUT_OF_RANGE' });
}
main();
