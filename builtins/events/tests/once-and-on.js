'use strict';
// events.once is a promise of the next event, events.on an iterator of all.
const assert = require('node:assert');
const { EventEmitter, on, once } = require('node:events');

(async () => {
  const emitter = new EventEmitter();
  process.nextTick(() => emitter.emit('a', 1, 2));
  assert.deepStrictEqual(await once(emitter, 'a'), [1, 2]);
  process.nextTick(() => emitter.emit('error', new Error('bad')));
  await assert.rejects(once(emitter, 'a'), /bad/);
  await assert.rejects(once(emitter, 'a', { signal: AbortSignal.abort() }), { name: 'AbortError', code: 'ABORT_ERR' });

  const target = new EventTarget();
  process.nextTick(() => target.dispatchEvent(new Event('b')));
  assert.strictEqual((await once(target, 'b'))[0].type, 'b');

  process.nextTick(() => {
    emitter.emit('c', 1);
    emitter.emit('c', 2);
    emitter.emit('end');
  });
  const seen = [];
  for await (const [value] of on(emitter, 'c', { close: ['end'] })) seen.push(value);
  assert.deepStrictEqual(seen, [1, 2]);
  assert.strictEqual(emitter.listenerCount('c'), 0);
})();
