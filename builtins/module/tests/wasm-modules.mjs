// WebAssembly as ES modules: its source, its instance, and the names it must not use.
import assert from 'node:assert';

const section = (id, body) => [id, body.length, ...body];
const text = (name) => [name.length, ...Buffer.from(name)];
/** A module that exports a function returning 7; `name` is the export's. */
const bytes = (name) => Buffer.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 0, 1, 0x7f]), ...section(3, [1, 0]),
  ...section(7, [1, ...text(name), 0, 0]), ...section(10, [1, 4, 0, 0x41, 7, 0x0b]),
]);
const url = (name) => `data:application/wasm;base64,${bytes(name).toString('base64')}`;

const source = await import.source(url('seven'));
assert.ok(source instanceof WebAssembly.Module);
assert.strictEqual(await import.source(url('seven')), source);
const instance = await import(url('seven'));
assert.strictEqual(instance.seven(), 7);
await assert.rejects(import.source('node:fs'), { name: 'SyntaxError', code: 'ERR_SOURCE_PHASE_NOT_DEFINED' });
await assert.rejects(import(url('wasm:x')), (error) => error instanceof WebAssembly.LinkError && /Invalid Wasm export name/.test(error.message));
