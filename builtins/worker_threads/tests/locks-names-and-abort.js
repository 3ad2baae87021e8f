'use strict';
// Names that differ in lone surrogates are different; who aborts right after the request is in time.
const assert = require('node:assert');

async function main() {
  const { locks } = navigator;
  for (const name of ['', 'a\0b', '\ud800', '\udc00', '\udc00\ud800', '\uffff', '\uffffd800']) {
    await locks.request(name, async (lock) => {
      assert.strictEqual(lock.name, name);
      assert.deepStrictEqual((await locks.query()).held.map((held) => held.name), [name]);
      // Another one is free.
      await locks.request(`${name}\udfff`, { ifAvailable: true }, (other) => assert.notStrictEqual(other, null));
    });
  }

  const controller = new AbortController();
  const request = locks.request('name', { signal: controller.signal }, () => assert.fail('granted'));
  controller.abort('reason');
  await assert.rejects(request, (error) => error === 'reason');
  // It is free again.
  await locks.request('name', { ifAvailable: true }, (lock) => assert.notStrictEqual(lock, null));
  // What waited behind an aborted request gets its turn.
  const second = new AbortController();
  await locks.request('name', async () => {
    const aborted = locks.request('name', { signal: second.signal }, () => assert.fail('granted'));
    second.abort();
    await assert.rejects(aborted, { name: 'AbortError' });
  });
  await locks.request('name', () => {});
}

main();
