'use strict';
// Commands may await at their top level; what they declare stays.
const assert = require('node:assert');
const repl = require('node:repl');
const { PassThrough } = require('node:stream');

const output = new PassThrough();
let text = '';
output.on('data', (chunk) => { text += chunk; });
const server = repl.start({ input: new PassThrough(), output, prompt: '', terminal: false });

/** Evaluates one command. */
function run(code) {
  return new Promise((resolve, reject) => {
    server.eval(`${code}\n`, server.context, 'REPL', (error, value) => (error ? reject(error) : resolve(value)));
  });
}

(async () => {
  assert.strictEqual(await run('await Promise.resolve(5)'), 5);
  assert.strictEqual(await run('const x = await Promise.resolve(7)'), undefined);
  assert.strictEqual(await run('x'), 7);
  await run('let {y, z: [w]} = await {y: 3, z: [4]}');
  assert.strictEqual(await run('y + w'), 7);
  await run('function hoisted() { return 8 } await 0');
  assert.strictEqual(await run('hoisted()'), 8);
  assert.strictEqual(await run('class K { m() { return 9 } }; await 1'), 1);
  assert.strictEqual(await run('new K().m()'), 9);
  await run('for await (const each of [1, 2]) globalThis.last = each');
  assert.strictEqual(await run('last'), 2);
  assert.strictEqual(await run('(await 1)'), 1);
  assert.deepStrictEqual({ ...await run('{a: await 1}') }, { a: 1 });
  await run('var a1 = await 1, b1');
  assert.strictEqual(await run('a1'), 1);
  await assert.rejects(run('await 1 +'), (error) => error instanceof repl.Recoverable);
  await assert.rejects(run('var 1'), (error) => error instanceof SyntaxError && !(error instanceof repl.Recoverable));
  await assert.rejects(run('if (1) {'), (error) => error instanceof repl.Recoverable);
  server.close();
})().then(() => { server.passed = true; });
process.on('exit', () => assert.ok(server.passed, text));
