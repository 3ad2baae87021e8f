// Lines out of any split of the input: LF, CRLF, CR, U+2028; the last one without an ending.
'use strict';
const assert = require('node:assert');
const readline = require('node:readline');
const { PassThrough } = require('node:stream');

async function linesOf(pieces) {
  const input = new PassThrough();
  const rl = readline.createInterface({ input, crlfDelay: Infinity });
  const lines = [];
  rl.on('line', (line) => lines.push(line));
  for (const piece of pieces) input.write(piece);
  input.end();
  await new Promise((resolve) => rl.on('close', resolve));
  return lines;
}

async function main() {
  const text = Buffer.from('a\r\nb\nc\rd\u2028é€\n\nend');
  const want = ['a', 'b', 'c', 'd', 'é€', '', 'end'];
  assert.deepStrictEqual(await linesOf([text]), want);
  for (let i = 1; i < text.length; i++) {
    assert.deepStrictEqual(await linesOf([text.subarray(0, i), text.subarray(i)]), want, `split ${i}`);
  }

  const seen = [];
  for await (const line of readline.createInterface({ input: PassThrough.from(['x\ny\n', 'z']) })) seen.push(line);
  assert.deepStrictEqual(seen, ['x', 'y', 'z']);
}
main();
