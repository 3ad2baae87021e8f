// pipeTo and pipeThrough carry chunks, ends and errors.
'use strict';
const assert = require('node:assert');

async function main() {
  const written = [];
  await ReadableStream.from(['a', 'b'])
    .pipeThrough(new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk.toUpperCase());
      },
      flush(controller) {
        controller.enqueue('end');
      },
    }))
    .pipeTo(new WritableStream({
      write(chunk) {
        written.push(chunk);
      },
      close() {
        written.push('closed');
      },
    }));
  assert.deepStrictEqual(written, ['A', 'B', 'end', 'closed']);

  const failing = new WritableStream({
    write() {
      throw new Error('sink');
    },
  });
  let cancelledWith;
  await assert.rejects(new ReadableStream({
    start(controller) {
      controller.enqueue(1);
    },
    cancel(reason) {
      cancelledWith = reason;
    },
  }).pipeTo(failing), { message: 'sink' });
  assert.strictEqual(cancelledWith.message, 'sink');

  const reason = new Error('abort');
  await assert.rejects(
    new ReadableStream().pipeTo(new WritableStream(), { signal: AbortSignal.abort(reason) }),
    reason);
}
main();
