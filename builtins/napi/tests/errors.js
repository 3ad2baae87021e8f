// Errors made, thrown and caught by an addon; statuses; the ends of the process that it can ask for.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { pathToFileURL } = require('node:url');
const path = require('node:path');
const file = process.env.ERRORS_ADDON ?? require('./addons/build.cjs').build('errors');
const e = require(file);

if (process.argv[2] === 'fatal') e.fatal();

for (const [make, Class] of [[e.error, Error], [e.type, TypeError], [e.range, RangeError], [e.syntax, SyntaxError]]) {
  const error = make('CODE', 'text');
  assert.ok(error instanceof Class && error.constructor === Class);
  assert.deepStrictEqual([error.message, error.code, make(undefined, 'x').code], ['text', 'CODE', undefined]);
  assert.deepStrictEqual([make('C', 5), make(5, 'x')], [3, 3]);
  assert.match(error.stack, /^\w*Error: text\n {4}at /);
}
[Error, TypeError, RangeError, SyntaxError].forEach((Class, kind) => {
  assert.throws(() => e.throwKind(kind), (error) => error.constructor === Class && error.message === 'text' && error.code === (kind === 1 ? undefined : 'CODE'));
});
for (const value of [5, null, undefined, { a: 1 }, new Error('x')]) {
  let caught = 'nothing';
  try { e.throwValue(value); } catch (error) { caught = error; }
  assert.strictEqual(caught, value);
}
assert.deepStrictEqual([new Error(), Object.create(Error.prototype), {}, 5, new TypeError()].map(e.isError), [true, false, false, false, true]);
const mine = new Error('mine');
let calls = 0;
assert.deepStrictEqual(e.pending(() => { calls++; throw mine; }), [true, 10, 0, mine, false, undefined]);
assert.strictEqual(calls, 1);
assert.deepStrictEqual(e.last(), [6, 'A number was expected', 0, true]);
assert.strictEqual(e.script('var fromScript = 6; fromScript * 7'), 42);
assert.strictEqual(globalThis.fromScript, 6);
assert.throws(() => e.script('throw new RangeError("s")'), RangeError);
assert.throws(() => e.script('a b'), SyntaxError);
assert.strictEqual(e.script(5), 3);
assert.strictEqual(e.version(), `10 ${process.version} node`);
assert.strictEqual(e.file(), pathToFileURL(file).href);
assert.strictEqual(process.versions.napi, '10');

process.once('uncaughtException', (error) => {
  assert.strictEqual(error, mine);
  process.emit('seen');
});
let seen = false;
process.once('seen', () => { seen = true; });
assert.strictEqual(e.fatalException(mine), 0);
assert.ok(seen);

const child = spawnSync(process.execPath, [__filename, 'fatal'], { encoding: 'utf8', env: { ...process.env, ERRORS_ADDON: file } });
assert.match(child.stderr, /^FATAL ERROR: addon\.c:1 it broke/m);
assert.strictEqual(child.signal, 'SIGABRT');

assert.throws(() => process.dlopen({ exports: {} }, path.join(__dirname, 'none.node')), { code: 'ERR_DLOPEN_FAILED', message: /none\.node: cannot open shared object file: No such file/ });
assert.throws(() => process.dlopen({ exports: {} }, __filename), { code: 'ERR_DLOPEN_FAILED', message: /invalid ELF header|file too short/ });
assert.throws(() => process.dlopen({}), { code: 'ERR_MISSING_ARGS', message: 'process.dlopen needs at least 2 arguments' });
const disabled = spawnSync(process.execPath, ['--no-addons', '-p', `try { require(${JSON.stringify(file)}) } catch (e) { e.code + e.message }`], { encoding: 'utf8' });
assert.strictEqual(disabled.stdout.trim(), 'ERR_DLOPEN_DISABLEDCannot load native addon because loading addons is disabled.');
