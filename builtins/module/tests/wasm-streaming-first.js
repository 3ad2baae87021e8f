'use strict';
// The very first use of both: the method is looked up before its argument loads fetch.
const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const compiled = WebAssembly.compileStreaming(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));
const assert = require('node:assert');

async function main() {
  assert.ok(await compiled instanceof WebAssembly.Module);
  const response = () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
  const { module, instance } = await WebAssembly.instantiateStreaming(Promise.resolve(response()), {});
  assert.ok(module instanceof WebAssembly.Module && instance instanceof WebAssembly.Instance);
  await assert.rejects(WebAssembly.compileStreaming(new Response(bytes)), {
    code: 'ERR_WEBASSEMBLY_RESPONSE', message: "WebAssembly response has unsupported MIME type 'null'",
  });
  await assert.rejects(WebAssembly.instantiateStreaming('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  const reason = { own: true };
  await assert.rejects(WebAssembly.compileStreaming(Promise.reject(reason)), (error) => error === reason);
  for (const name of ['compileStreaming', 'instantiateStreaming']) {
    const { value, ...rest } = Object.getOwnPropertyDescriptor(WebAssembly, name);
    assert.deepStrictEqual([value.name, value.length, rest], [name, 1, { writable: true, enumerable: true, configurable: true }]);
  }
}

main();
