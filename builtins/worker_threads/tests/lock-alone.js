'use strict';
// A lock that is free is granted even if the program waits for nothing else; its course is published.
const assert = require('node:assert');
const { subscribe } = require('node:diagnostics_channel');

const log = [];
for (const event of ['start', 'grant', 'miss', 'end']) {
  subscribe(`locks.request.${event}`, ({ name, mode }) => log.push(`${event} ${name} ${mode}`));
}
navigator.locks.request('a', async () => {
  await navigator.locks.request('a', { ifAvailable: true }, (lock) => assert.strictEqual(lock, null));
});
process.on('exit', () => assert.deepStrictEqual(log, [
  'start a exclusive', 'grant a exclusive', 'start a exclusive', 'miss a exclusive', 'end a exclusive', 'end a exclusive',
]));
