'use strict';
// While a command is typed, its result is shown, unless evaluating it would change something.
const assert = require('node:assert');
const repl = require('node:repl');
const { PassThrough, Writable } = require('node:stream');

let text = '';
const output = new Writable({
  write(chunk, _encoding, done) {
    text += chunk;
    done();
  },
});
output.columns = 80;
const server = repl.start({ input: new PassThrough(), output, prompt: '> ', terminal: true, useColors: false, preview: true });
Object.assign(server.context, { list: [3, 1, 2], object: { a: 1, get g() { return 5; } }, add: (n) => n + 1, side: () => { server.context.hit = 1; } });

/** What is shown below the typed line. */
async function preview(line) {
  text = '';
  server.write(line);
  await new Promise((resolve) => setTimeout(resolve, 100));
  // eslint-disable-next-line no-control-regex
  const shown = [...text.matchAll(/\n\/\/ ([^\u001b\n]*)/g)].map((match) => match[1]).at(-1);
  server.write(null, { ctrl: true, name: 'u' });
  return shown;
}

(async () => {
  for (const [line, want] of [
    ['1 + 1', '2'], ['object', '{ a: 1, g: [Getter] }'], ['object.g', '5'], ['add(3)', '4'], ['list.map((x) => x * 2)', '[ 6, 2, 4 ]'],
    ['"abc".toUpperCase()', "'ABC'"], ['Object.keys(object)', "[ 'a', 'g' ]"], ['new Set(list)', 'Set(3) { 3, 1, 2 }'],
    ['(() => { list.length = 0; return 1; })()', undefined], ['list.sort()', undefined], ['list.push(4)', undefined], ['side()', undefined],
    ['nothingOfThisName', undefined], ['let q = 1', undefined],
  ]) assert.strictEqual(await preview(line), want, line);
  assert.deepStrictEqual(server.context.list, [3, 1, 2]);
  assert.strictEqual(server.context.hit, undefined);
  server.close();
})().then(() => { server.passed = true; });
process.on('exit', () => assert.ok(server.passed));
