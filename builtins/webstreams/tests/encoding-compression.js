// TextEncoderStream, TextDecoderStream, CompressionStream and DecompressionStream.
'use strict';
const assert = require('node:assert');
const { text } = require('node:stream/consumers');

async function main() {
  const encoded = [];
  for await (const chunk of ReadableStream.from(['a\ud83d', '\ude00'])
    .pipeThrough(new TextEncoderStream())) {
    encoded.push(...chunk);
  }
  assert.deepStrictEqual(encoded, [97, 0xF0, 0x9F, 0x98, 0x80]);

  let decoded = '';
  for await (const chunk of ReadableStream.from([new Uint8Array([0xE2, 0x82]), new Uint8Array([0xAC])])
    .pipeThrough(new TextDecoderStream())) {
    decoded += chunk;
  }
  assert.strictEqual(decoded, '€');

  for (const format of ['deflate', 'deflate-raw', 'gzip', 'brotli']) {
    const round = ReadableStream.from([Buffer.from('hello '.repeat(100))])
      .pipeThrough(new CompressionStream(format))
      .pipeThrough(new DecompressionStream(format));
    assert.strictEqual(await text(round), 'hello '.repeat(100));
  }
  assert.throws(() => new CompressionStream('zip'), { code: 'ERR_INVALID_ARG_VALUE' });
  const bad = new DecompressionStream('gzip');
  const writer = bad.writable.getWriter();
  const reading = bad.readable.getReader().read();
  writer.write(Buffer.from('not gzip')).catch(() => {});
  writer.close().catch(() => {});
  await assert.rejects(reading, TypeError);
}
main();
