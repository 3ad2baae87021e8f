'use strict';
// Streams, file handles, abort signals and buffers of the runtime's own travel in transfer lists.
const assert = require('node:assert');
const fs = require('node:fs');
const { once } = require('node:events');
const util = require('node:util');
const { MessageChannel, Worker } = require('node:worker_threads');

async function send(value, transfer = [value]) {
  const { port1, port2 } = new MessageChannel();
  const arrived = once(port2, 'message');
  port1.postMessage(value, transfer);
  const [message] = await arrived;
  port1.close();
  return message;
}

async function text(readable) {
  const parts = [];
  for await (const part of readable) parts.push(part);
  return parts.join('');
}

(async () => {
  const readable = await send(ReadableStream.from(['a', 'b', 'c']));
  assert.ok(readable instanceof ReadableStream);
  assert.strictEqual(await text(readable), 'abc');

  const written = [];
  const writable = await send(new WritableStream({ write: (chunk) => void written.push(chunk) }));
  const writer = writable.getWriter();
  await writer.write(1);
  await writer.write({ two: 2 });
  await writer.close();
  while (written.length < 2) await new Promise(setImmediate);
  assert.deepStrictEqual(written, [1, { two: 2 }]);

  const upper = new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()) });
  const transform = await send(upper);
  assert.ok(transform instanceof TransformStream);
  assert.strictEqual(await text(ReadableStream.from(['x', 'y']).pipeThrough(transform)), 'XY');

  const failing = await send(new ReadableStream({ start: (controller) => controller.error(new RangeError('broken')) }));
  await assert.rejects(text(failing), { name: 'RangeError', message: 'broken' });
  const locked = new ReadableStream();
  locked.getReader();
  assert.throws(() => structuredClone(locked, { transfer: [locked] }), { name: 'DataCloneError' });

  const handle = await fs.promises.open(__filename);
  const moved = await send(handle);
  assert.strictEqual(handle.fd, -1);
  assert.deepStrictEqual(await moved.readFile(), fs.readFileSync(__filename));
  await moved.close();
  await assert.rejects(handle.stat(), { code: 'EBADF', message: 'The FileHandle has been transferred' });

  const controller = util.transferableAbortController();
  const signal = await send(controller.signal);
  assert.strictEqual(signal.aborted, false);
  controller.abort('why');
  await once(signal, 'abort');
  assert.strictEqual(signal.reason, 'why');

  const bytes = await fs.promises.readFile(__filename);
  const { length } = bytes;
  const arrived = await send(bytes, [bytes.buffer]);
  assert.strictEqual(bytes.length, 0);
  assert.strictEqual(arrived.length, length);

  // `event.ports` are the ports of the transfer list.
  const { port1, port2 } = new MessageChannel();
  const extra = new MessageChannel();
  const events = [];
  port2.onmessage = (event) => {
    events.push(event);
    port2.close();
    extra.port2.close();
  };
  port1.postMessage({ port: extra.port1 }, [extra.port1]);
  await once(port2, 'close');
  assert.strictEqual(events[0].ports.length, 1);
  assert.strictEqual(events[0].ports[0], events[0].data.port);

  // A worker reads a stream that lives here.
  const worker = new Worker(`const { workerData, parentPort } = require('node:worker_threads');
    (async () => {
      let sum = 0;
      for await (const chunk of workerData) sum += chunk;
      parentPort.postMessage(sum);
    })();`, { eval: true, workerData: (globalThis.stream = ReadableStream.from([1, 2, 3])), transferList: [globalThis.stream] });
  assert.deepStrictEqual(await once(worker, 'message'), [6]);
})();
