'use strict';
// A program whose reader went away ends with EPIPE instead of running on: console ignores the first failed write only.
const assert = require('assert');
const { spawn } = require('child_process');

const child = spawn(process.execPath, ['-e', 'setInterval(() => console.log("x"), 5)'], { stdio: ['ignore', 'pipe', 'pipe'] });
let stderr = '';
child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
child.stdout.once('data', () => child.stdout.destroy());
const timer = setTimeout(() => child.kill('SIGKILL'), 20000);
child.on('close', (code, signal) => {
  clearTimeout(timer);
  assert.deepStrictEqual([code, signal], [1, null]);
  assert.match(stderr, /Unhandled 'error' event[^]*write EPIPE/);
});
