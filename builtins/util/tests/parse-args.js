'use strict';
// util.parseArgs: long, short and grouped options, values, negation, defaults, errors.
const assert = require('node:assert');
const { parseArgs } = require('node:util');

const options = {
  force: { type: 'boolean', short: 'f' },
  name: { type: 'string', short: 'n' },
  list: { type: 'string', multiple: true },
  level: { type: 'string', default: 'info' },
};
const { values, positionals } = parseArgs({
  args: ['-fn', 'x', '--list=a', '--list', 'b', 'file', '--', '--rest'], options, allowPositionals: true,
});
assert.deepStrictEqual({ ...values }, { force: true, name: 'x', list: ['a', 'b'], level: 'info' });
assert.deepStrictEqual(positionals, ['file', '--rest']);
assert.deepStrictEqual({ ...parseArgs({ args: ['--no-force'], options, allowNegative: true }).values },
                       { force: false, level: 'info' });
assert.deepStrictEqual(parseArgs({ args: ['-nX'], options, tokens: true }).tokens,
                       [{ kind: 'option', name: 'name', rawName: '-n', index: 0, value: 'X', inlineValue: true }]);
for (const [args, code] of [
  [['--unknown'], 'ERR_PARSE_ARGS_UNKNOWN_OPTION'],
  [['stray'], 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'],
  [['--name'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE'],
  [['--force=1'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE'],
  [['--name', '-f'], 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE'],
]) {
  assert.throws(() => parseArgs({ args, options }), { code });
}
assert.throws(() => parseArgs({ options: { a: { type: 'number' } } }), { code: 'ERR_INVALID_ARG_TYPE' });
