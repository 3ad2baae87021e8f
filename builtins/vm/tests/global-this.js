// `this` of a context: the sandbox's properties first, then the language's; what scripts define becomes the sandbox's.
'use strict';
const assert = require('node:assert');
const vm = require('node:vm');

const sandbox = vm.createContext({ a: 1, Math: 'mine' });
const run = (code) => vm.runInContext(code, sandbox);
assert.strictEqual(run('globalThis === this'), true);
assert.strictEqual(run('this.Array === Array'), true);
assert.strictEqual(run('this.Math'), 'mine');
assert.deepStrictEqual([...run('Reflect.ownKeys(this).filter((key) => key === "a" || key === "Array")')].sort(), ['Array', 'a']);
run('Object.defineProperty(this, "fixed", { value: 5 }); var b = 2; c = 3; delete this.a;');
assert.deepStrictEqual(Object.getOwnPropertyDescriptor(sandbox, 'fixed'),
  { value: 5, writable: false, enumerable: false, configurable: false });
assert.strictEqual(sandbox.b, 2);
assert.strictEqual(sandbox.c, 3);
assert.strictEqual('a' in sandbox, false);
assert.strictEqual(run('typeof undeclared'), 'undefined');
assert.throws(() => run('undeclared'), { name: 'ReferenceError' });
assert.strictEqual(run('console.log("nowhere")'), undefined);

const strict = vm.createContext({}, { codeGeneration: { strings: false } });
assert.throws(() => vm.runInContext('eval("1")', strict), { name: 'EvalError' });
