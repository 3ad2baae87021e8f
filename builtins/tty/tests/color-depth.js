// Colours are judged by the environment.
'use strict';
const assert = require('node:assert');
const { WriteStream, isatty } = require('node:tty');

const { getColorDepth } = WriteStream.prototype;
const table = [
  [{}, 1], [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 1], [{ TERM: 'xterm' }, 4], [{ TERM: 'xterm-256color' }, 8],
  [{ COLORTERM: '24bit' }, 24], [{ FORCE_COLOR: '0', TERM: 'xterm' }, 1], [{ FORCE_COLOR: '' }, 4], [{ FORCE_COLOR: '3' }, 24],
  [{ NO_COLOR: '1', TERM: 'xterm' }, 1], [{ NO_COLOR: '', TERM: 'xterm' }, 4], [{ TMUX: '1' }, 24],
  [{ CI: '', GITHUB_ACTIONS: '' }, 24], [{ CI: '1', TERM: 'xterm' }, 1], [{ CI: '1', CI_NAME: 'codeship' }, 8],
  [{ TEAMCITY_VERSION: '9.0.5' }, 1], [{ TEAMCITY_VERSION: '9.1.0' }, 4], [{ TERM: 'mosh' }, 24], [{ TERM: 'vt52' }, 1],
];
for (const [env, depth] of table) assert.strictEqual(getColorDepth(env), depth, JSON.stringify(env));
assert.strictEqual(WriteStream.prototype.hasColors(256, { TERM: 'xterm' }), false);
assert.strictEqual(WriteStream.prototype.hasColors({ TERM: 'xterm' }), true);
assert.throws(() => WriteStream.prototype.hasColors(1), { code: 'ERR_OUT_OF_RANGE' });
for (const bad of ['0', -1, 1.5, null, 2 ** 40]) assert.strictEqual(isatty(bad), false);
assert.throws(() => new WriteStream(-1), { code: 'ERR_INVALID_FD' });
