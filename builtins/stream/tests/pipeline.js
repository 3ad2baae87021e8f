// pipeline: streams, generators, async functions; failure destroys all; premature close; abort.
'use strict';
const assert = require('node:assert');
const { PassThrough, Readable, Writable, pipeline } = require('node:stream');
const { pipeline: pipelinePromise } = require('node:stream/promises');

async function main() {
  const text = await pipelinePromise(
    Readable.from(['a', 'b']),
    async function* (source) {
      for await (const chunk of source) yield chunk.toUpperCase();
    },
    async (source) => {
      let all = '';
      for await (const chunk of source) all += chunk;
      return all;
    });
  assert.strictEqual(text, 'AB');

  const source = new PassThrough();
  const sink = new PassThrough();
  const failure = pipelinePromise(source, sink);
  source.destroy(new Error('source'));
  await assert.rejects(failure, { message: 'source' });
  assert.strictEqual(sink.destroyed, true);

  const early = new PassThrough();
  const premature = pipelinePromise(early, new PassThrough());
  early.destroy();
  await assert.rejects(premature, { code: 'ERR_STREAM_PREMATURE_CLOSE' });

  const controller = new AbortController();
  const endless = new Readable({ read() {} });
  const aborted = pipelinePromise(endless, new PassThrough(), { signal: controller.signal });
  controller.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.strictEqual(endless.destroyed, true);

  await new Promise((resolve) => {
    const last = pipeline(Readable.from(['x']), new Writable({
      write(chunk, encoding, callback) {
        callback(new Error('sink'));
      },
    }), (err) => {
      assert.strictEqual(err.message, 'sink');
      resolve();
    });
    assert.ok(last instanceof Writable);
  });
  assert.throws(() => pipeline(Readable.from([])), { code: 'ERR_INVALID_ARG_TYPE' });
}
main();
