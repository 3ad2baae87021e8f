'use strict';
// textStream(): the body as strings, decoded as UTF-8 whatever the type says; it uses the body up.
const assert = require('node:assert');

async function all(stream) {
  let text = '';
  for await (const chunk of stream) {
    assert.strictEqual(typeof chunk, 'string');
    text += chunk;
  }
  return text;
}

async function main() {
  const response = new Response('héllo');
  const stream = response.textStream();
  assert.ok(response.bodyUsed);
  assert.ok(response.body.locked);
  assert.strictEqual(await all(stream), 'héllo');
  assert.throws(() => response.textStream(), { name: 'TypeError', message: 'Body is unusable: Body has already been read' });
  await assert.rejects(response.text(), TypeError);

  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff]);
  assert.strictEqual(await all(new Request('http://localhost', { method: 'POST', body: bytes }).textStream()), 'a\ufffd');
  // A character cut in two.
  const halves = ReadableStream.from([new Uint8Array([0xc3]), new Uint8Array([0xa9])]);
  assert.strictEqual(await all(new Response(halves).textStream()), 'é');
  assert.strictEqual(await all(new Response(null).textStream()), '');
  assert.throws(() => Response.prototype.textStream.call({}), TypeError);
}

main();
