'use strict';
// What a script throws shows the line it comes from; values that are no errors stay as they are.
const assert = require('node:assert');
const vm = require('node:vm');

for (const run of [(code) => vm.runInNewContext(code, {}, 'script.vm'), (code) => vm.runInThisContext(code, 'script.vm')]) {
  assert.throws(() => run('throw new Error("foo");'), (error) => {
    const lines = error.stack.split('\n');
    assert.deepStrictEqual(lines.slice(0, 6), ['script.vm:1', 'throw new Error("foo");', '^', '', 'Error: foo', '    at script.vm:1:7']);
    return true;
  });
}
assert.throws(() => new vm.Script('let x = ;', 'bad.vm'), (error) => {
  assert.strictEqual(error.stack.split('\n').slice(0, 5).join('\n'), 'bad.vm:1\nlet x = ;\n        ^\n\nSyntaxError: Unexpected token \';\'');
  return true;
});
assert.throws(() => vm.runInThisContext('throw 7'), (value) => value === 7);
assert.throws(() => vm.runInThisContext('throw new Error("x")', { displayErrors: false }), (error) => error.stack.startsWith('Error: x'));
for (const options of ['bad', null, 42]) {
  assert.throws(() => new vm.Script('1').runInThisContext(options), { code: 'ERR_INVALID_ARG_TYPE' });
}
