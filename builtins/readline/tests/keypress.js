// Key presses out of escape sequences, however they are split.
'use strict';
const assert = require('node:assert');
const readline = require('node:readline');
const { PassThrough } = require('node:stream');

const stream = new PassThrough();
readline.emitKeypressEvents(stream);
let keys = [];
stream.on('keypress', (text, key) => keys.push([text, key]));

function check(input, name, flags = '') {
  keys = [];
  for (const piece of [].concat(input)) stream.write(piece);
  assert.strictEqual(keys.length, 1, JSON.stringify(input));
  const [, key] = keys[0];
  assert.strictEqual(key.name, name, JSON.stringify(input));
  const got = ['ctrl', 'meta', 'shift'].filter((each) => key[each]).join(' ');
  assert.strictEqual(got, flags, JSON.stringify(input));
}

check('a', 'a');
check('A', 'a', 'shift');
check('\x01', 'a', 'ctrl');
check('\x1ba', 'a', 'meta');
check('\r', 'return');
check('\x1b[A', 'up');
check(['\x1b', '[', 'A'], 'up');
check('\x1b[1;5D', 'left', 'ctrl');
check('\x1b[1;2C', 'right', 'shift');
check('\x1b[1;7H', 'home', 'ctrl meta');
check('\x1b[3~', 'delete');
check('\x1b[3;5~', 'delete', 'ctrl');
check('\x1b[15~', 'f5');
check('\x1bOP', 'f1');
check('\x1b[Z', 'tab', 'shift');
check('\x1b[200~', 'paste-start');
check('€', undefined);
assert.strictEqual(keys[0][0], '€');
