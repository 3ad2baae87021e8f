// readline/promises: question, abort, and the Readline class.
'use strict';
const assert = require('node:assert');
const { PassThrough } = require('node:stream');
const { Readline, createInterface } = require('node:readline/promises');

async function main() {
  const input = new PassThrough();
  const output = new PassThrough();
  const rl = createInterface({ input, output });
  const answer = rl.question('name? ');
  input.write('Ada\n');
  assert.strictEqual(await answer, 'Ada');
  assert.strictEqual(String(output.read()), 'name? ');

  const controller = new AbortController();
  const aborted = rl.question('again? ', { signal: controller.signal });
  controller.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  rl.close();
  await assert.rejects(rl.question('closed?'), { code: 'ERR_USE_AFTER_CLOSE' });

  const screen = new PassThrough();
  const codes = new Readline(screen);
  await codes.cursorTo(2, 3).clearLine(0).moveCursor(-1, 2).clearScreenDown().commit();
  assert.strictEqual(String(screen.read()), '\x1b[4;3H\x1b[2K\x1b[1D\x1b[2B\x1b[0J');
  assert.throws(() => codes.clearLine(2), { code: 'ERR_OUT_OF_RANGE' });
}
main();
