// Children that crash and are started again leave no zombie, no descriptor and no memory behind: restarts.js [CYCLES=1000]
'use strict';
const assert = require('node:assert');
const { fork } = require('node:child_process');
const fs = require('node:fs');

const CYCLES = Number(process.argv[2] ?? 1000);
const AT_ONCE = 4;
/** After so many cycles everything has been used once. */
const WARM = 40;
/** What the heap may move by meanwhile, in bytes. */
const MEMORY_MAX = 64 * 2 ** 20;

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

function zombies() {
  let count = 0;
  for (const pid of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' && Number(parent) === process.pid) count++;
    } catch (error) {
      // It ended while we looked.
      assert.ok(error.code === 'ENOENT' || error.code === 'ESRCH', error);
    }
  }
  return count;
}

function cycle() {
  return new Promise((resolve) => {
    const child = fork(__filename, ['--child'], { silent: true });
    child.on('message', () => {});
    child.stdout.resume();
    child.stderr.resume();
    child.on('close', (code, signal) => {
      assert.strictEqual(signal, 'SIGKILL');
      resolve();
    });
  });
}

async function main() {
  let before;
  for (let done = 0; done < CYCLES; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, cycle));
    if (done === WARM) before = { descriptors: descriptors(), rss: process.memoryUsage.rss() };
  }
  const after = { descriptors: descriptors(), rss: process.memoryUsage.rss() };
  console.log(`${CYCLES} cycles: descriptors ${before.descriptors} -> ${after.descriptors}, RSS ${before.rss >> 20} -> ${after.rss >> 20} MB`);
  assert.strictEqual(after.descriptors, before.descriptors);
  assert.strictEqual(zombies(), 0);
  assert.ok(after.rss - before.rss < MEMORY_MAX);
}

if (process.argv[2] === '--child') process.send('up', () => process.kill(process.pid, 'SIGKILL'));
else main();
