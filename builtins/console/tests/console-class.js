'use strict';
// Console: streams, groups, counters, assertions, ignored and thrown errors of streams.
const assert = require('node:assert');
const { Console } = require('node:console');
const { Writable } = require('node:stream');

function sink() {
  const stream = new Writable({ write(chunk, encoding, done) { stream.text += chunk; done(); } });
  stream.text = '';
  return stream;
}
const stdout = sink();
const stderr = sink();
const mine = new Console({ stdout, stderr, groupIndentation: 4 });
mine.log('a %s', 'b', { c: 1 });
mine.group('title');
mine.info('one\ntwo');
mine.groupEnd();
mine.count();
mine.count('x');
mine.count();
mine.assert(true, 'silent');
mine.assert(false, 'bad %d', 5);
mine.assert(false, { a: 1 });
mine.dir({ a: { b: 1 } }, { depth: 0 });
[1].forEach(mine.log);
assert.strictEqual(stdout.text,
  'a b { c: 1 }\ntitle\n    one\n    two\ndefault: 1\nx: 1\ndefault: 2\n{ a: [Object] }\n1 0 [ 1 ]\n');
assert.strictEqual(stderr.text, 'Assertion failed: bad 5\nAssertion failed { a: 1 }\n');

stderr.text = '';
mine.trace('here %s', 'now');
assert.match(stderr.text, /^Trace: here now\n {4}at .*console-class\.js/);

stdout.text = '';
mine.time('t');
mine.timeLog('t', 'data');
mine.timeEnd('t');
assert.match(stdout.text, /^t: [\d.]+m?s data\nt: [\d.]+m?s\n$/);

const failing = { write() { throw new Error('full'); }, on() {}, once() {}, listenerCount: () => 0, removeListener() {} };
new Console(failing).log('ignored');
assert.throws(() => new Console(failing, failing, false).log('x'), /full/);
assert.throws(() => new Console(), { code: 'ERR_CONSOLE_WRITABLE_STREAM' });
assert.throws(() => new Console({ stdout, colorMode: 'yes' }), { code: 'ERR_INVALID_ARG_VALUE' });
assert.ok(Console(stdout) instanceof Console);
assert.ok(console instanceof Console);
