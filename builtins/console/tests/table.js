'use strict';
// console.table: rows, columns, iterators, wide characters.
const assert = require('node:assert');
const { Console } = require('node:console');
const { Writable } = require('node:stream');

let out = '';
const console2 = new Console(new Writable({ write(chunk, encoding, done) { out += chunk; done(); } }));
function check(data, properties, ...lines) {
  out = '';
  console2.table(data, properties);
  assert.strictEqual(out, `${lines.join('\n')}\n`);
}
check([{ a: 1, b: 'x' }, { a: 2 }], undefined,
  '┌─────────┬───┬─────┐', '│ (index) │ a │ b   │', '├─────────┼───┼─────┤',
  '│ 0       │ 1 │ \'x\' │', '│ 1       │ 2 │     │', '└─────────┴───┴─────┘');
check([{ a: 1, b: 'x' }], ['b'],
  '┌─────────┬─────┐', '│ (index) │ b   │', '├─────────┼─────┤', '│ 0       │ \'x\' │', '└─────────┴─────┘');
check(new Map([['k', '日本']]), undefined,
  '┌───────────────────┬─────┬────────┐', '│ (iteration index) │ Key │ Values │',
  '├───────────────────┼─────┼────────┤', '│ 0                 │ \'k\' │ \'日本\' │',
  '└───────────────────┴─────┴────────┘');
check(5, undefined, '5');
assert.throws(() => console2.table([1], 5), { code: 'ERR_INVALID_ARG_TYPE' });
