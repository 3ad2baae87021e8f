'use strict';
// util.styleText nests, and util.stripVTControlCharacters takes it off again.
const assert = require('node:assert');
const { stripVTControlCharacters, styleText } = require('node:util');

const style = (format, text) => styleText(format, text, { validateStream: false });
assert.strictEqual(style('red', 'x'), '\u001b[31mx\u001b[39m');
assert.strictEqual(style(['bold', 'red'], 'x'), '\u001b[1m\u001b[31mx\u001b[39m\u001b[22m');
assert.strictEqual(style('red', `a${style('blue', 'b')}c`), '\u001b[31ma\u001b[34mb\u001b[31mc\u001b[39m');
assert.strictEqual(style('#f00', 'x'), '\u001b[38;2;255;0;0mx\u001b[39m');
assert.strictEqual(stripVTControlCharacters(style(['underline', 'green'], 'plain')), 'plain');
assert.throws(() => style('nocolor', 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => style('#ff', 'x'), { code: 'ERR_INVALID_ARG_VALUE' });
