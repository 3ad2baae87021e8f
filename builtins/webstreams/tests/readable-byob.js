// Byte streams: reads into the reader's buffer, which is detached meanwhile.
'use strict';
const assert = require('node:assert');

async function main() {
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const { view } = controller.byobRequest;
      view[0] = 7;
      controller.byobRequest.respond(1);
    },
  });
  const reader = stream.getReader({ mode: 'byob' });
  const buffer = new ArrayBuffer(4);
  const { value, done } = await reader.read(new Uint8Array(buffer));
  assert.deepStrictEqual([...value], [7]);
  assert.strictEqual(done, false);
  assert.strictEqual(buffer.byteLength, 0);
  assert.strictEqual(value.buffer.byteLength, 4);
  const filled = await reader.read(new Uint16Array(2), { min: 2 });
  assert.deepStrictEqual([...filled.value], [0x0707, 0x0707]);
  await assert.rejects(reader.read(new Uint8Array(0)), { code: 'ERR_INVALID_STATE' });
  await assert.rejects(reader.read({}), { code: 'ERR_INVALID_ARG_TYPE' });
  await reader.cancel();
}
main();
