/** Events of a child come in Node's order, its output before 'close'. */
'use strict';
const assert = require('node:assert');
const { spawn } = require('node:child_process');

const events = [];
const child = spawn('sh', ['-c', 'cat; exit 3']);
child.on('spawn', () => events.push('spawn'));
child.stdout.setEncoding('utf8').on('data', (text) => events.push(text));
child.on('exit', (code, signal) => events.push(`exit ${code} ${signal}`));
child.on('close', (code) => {
  events.push(`close ${code}`);
  assert.strictEqual(events[0], 'spawn');
  assert(events.includes('in'));
  assert(events.indexOf('exit 3 null') > 0);
  assert.strictEqual(events.at(-1), 'close 3');
});
child.stdin.end('in');
