'use strict';
// Messages arrive in order; a closed side tells the other.
const assert = require('node:assert');
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads');

const { port1, port2 } = new MessageChannel();
port1.postMessage({ a: 1 });
assert.deepStrictEqual(receiveMessageOnPort(port2), { message: { a: 1 } });
assert.strictEqual(receiveMessageOnPort(port2), undefined);
const got = [];
port2.on('message', (value) => {
  got.push(value);
  if (value === 3) port2.close();
});
for (const value of [1, 2, 3]) port1.postMessage(value);
process.on('exit', () => assert.deepStrictEqual(got, [1, 2, 3]));
assert.throws(() => port1.postMessage(() => {}), { name: 'DataCloneError', code: 25 });
