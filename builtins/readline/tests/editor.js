// Editing keys on a terminal: cursor, words, kill and yank, undo, history, completion.
'use strict';
const assert = require('node:assert');
const readline = require('node:readline');
const { PassThrough } = require('node:stream');

function terminal(options) {
  const input = new PassThrough();
  const output = new PassThrough();
  output.columns = 80;
  let screen = '';
  output.on('data', (data) => {
    screen += data;
  });
  const rl = readline.createInterface({ input, output, terminal: true, ...options });
  const lines = [];
  rl.on('line', (line) => lines.push(line));
  return { rl, lines, type: (text) => input.write(text), screen: () => screen };
}

function check(keys, line, cursor = line.length, options) {
  const { rl, type } = terminal(options);
  for (const key of keys) type(key);
  assert.strictEqual(rl.line, line, JSON.stringify(keys));
  assert.strictEqual(rl.cursor, cursor, JSON.stringify(keys));
  rl.close();
}

check(['abc', '\x1b[D', '\x7f'], 'ac', 1);
check(['a😀b', '\x1b[D', '\x7f'], 'ab', 1);
check(['one two', '\x17'], 'one ', 4);
check(['one two', '\x1bb', '\x0b', '\x01', '\x19'], 'twoone ', 3);
check(['one', '\x15', '\x19', '\x19'], 'oneone');
check(['ab', '\x01', '\x06', 'X'], 'aXb', 2);
check(['abc', '\x01', '\x1b[3~'], 'bc', 0);
check(['a', 'b', '\x1f'], 'a', 1);
check(['a', 'b', '\x1f', '\x1e'], 'ab', 2);
check(['first\r', 'second\r', '\x1b[A', '\x1b[A'], 'first');
check(['first\r', 'fun\r', 'fi', '\x1b[A'], 'first');
check(['fo', '\t'], 'foobar', 6, { completer: (text) => [['foobar'].filter((each) => each.startsWith(text)), text] });

const { rl, lines, type } = terminal({ removeHistoryDuplicates: true });
type('a\r');
type('b\r');
type('a\n');
assert.deepStrictEqual(lines, ['a', 'b', 'a']);
assert.deepStrictEqual(rl.history, ['a', 'b']);
let interrupted = 0;
rl.on('SIGINT', () => interrupted++);
type('\x03');
assert.strictEqual(interrupted, 1);
type('\x04');
assert.throws(() => rl.write('x'), { code: 'ERR_USE_AFTER_CLOSE' });
