// finished: after the events, before them, on errors, and with a signal.
'use strict';
const assert = require('node:assert');
const { Readable, Writable, finished } = require('node:stream');
const { finished: finishedPromise } = require('node:stream/promises');

async function main() {
  const readable = Readable.from(['a']);
  readable.resume();
  await finishedPromise(readable);
  await finishedPromise(readable); // It is over already.

  const broken = new Readable({ read() {} });
  const failure = finishedPromise(broken);
  broken.destroy(new Error('boom'));
  await assert.rejects(failure, { message: 'boom' });

  const cut = new Writable({ write() {} });
  const premature = finishedPromise(cut);
  cut.destroy();
  await assert.rejects(premature, { code: 'ERR_STREAM_PREMATURE_CLOSE' });

  await assert.rejects(
    finishedPromise(new Readable({ read() {} }), { signal: AbortSignal.abort() }),
    { name: 'AbortError' });

  const quiet = new Readable({ read() {} });
  const before = quiet.listenerCount('close');
  finished(quiet, () => assert.fail('taken off'))();
  assert.strictEqual(quiet.listenerCount('close'), before);
  quiet.destroy();
  assert.throws(() => finished({}, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
}
main();
