// ReadableStream: queue, back-pressure, cancel, tee, async iteration, from.
'use strict';
const assert = require('node:assert');

async function main() {
  const pulls = [];
  const stream = new ReadableStream({
    pull(controller) {
      pulls.push(controller.desiredSize);
      controller.enqueue(pulls.length);
      if (pulls.length === 3) controller.close();
    },
  }, { highWaterMark: 2 });
  const [one, two] = stream.tee();
  const collect = async (branch) => {
    const all = [];
    for await (const chunk of branch) all.push(chunk);
    return all;
  };
  assert.deepStrictEqual(await Promise.all([collect(one), collect(two)]), [[1, 2, 3], [1, 2, 3]]);
  assert.strictEqual(stream.locked, true);

  let reason;
  const cancelled = new ReadableStream({
    cancel(value) {
      reason = value;
    },
  });
  for await (const chunk of ReadableStream.from([1, 2])) assert.ok(chunk);
  await cancelled.cancel('enough');
  assert.strictEqual(reason, 'enough');
  await assert.rejects(stream.cancel(), { code: 'ERR_INVALID_STATE', name: 'TypeError' });
  assert.throws(() => new ReadableStream({ type: 'nope' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => new ReadableStreamDefaultController(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}
main();
