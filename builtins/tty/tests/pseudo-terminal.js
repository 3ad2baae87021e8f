// The controlling side of a pseudo terminal as a stream, as node-pty uses it: it is this very descriptor that is read and closed.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const tty = require('node:tty');

const fd = fs.openSync('/dev/ptmx', fs.constants.O_RDWR | fs.constants.O_NOCTTY);
assert.ok(tty.isatty(fd));
const stream = new tty.ReadStream(fd);
let text = '';
stream.setEncoding('utf8').on('data', (data) => {
  text += data;
  if (!text.endsWith('\n')) return;
  assert.strictEqual(text, 'echo\r\n');
  stream.destroy();
});
stream.on('close', () => {
  assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
  process.off('exit', unfinished);
});
const unfinished = () => assert.fail('nothing came back');
process.on('exit', unfinished);
// The terminal echoes what is typed into it.
fs.writeSync(fd, 'echo\n');
