'use strict';
// A port in a context of node:vm: everything it gives out belongs to that context.
const assert = require('node:assert');
const vm = require('node:vm');
const { MessageChannel, MessagePort, moveMessagePortToContext } = require('node:worker_threads');

const { port1, port2 } = new MessageChannel();
const context = vm.createContext({ got: [] });
context.port = moveMessagePortToContext(port1, context);
assert.ok(!(context.port instanceof MessagePort));
vm.runInContext(`
  port.onmessage = ({ data, ports }) => {
    got.push(data instanceof Object, data.list instanceof Array, ports instanceof Array, ports.length, ports[0] === data.inner);
    port.postMessage({ answer: got.length });
  };
  port.start();
  try {
    port.postMessage(() => {});
  } catch (error) {
    got.push(error instanceof Error, error.name);
  }
`, context);
const inner = new MessageChannel();
port2.once('message', (value) => {
  assert.deepStrictEqual(value, { answer: 7 });
  assert.deepStrictEqual([...context.got], [true, 'DataCloneError', true, true, true, 1, true]);
  port2.close();
  inner.port2.close();
});
port2.postMessage({ list: [1], inner: inner.port1 }, [inner.port1]);
assert.throws(() => moveMessagePortToContext({}, context), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => moveMessagePortToContext(port2, {}), { code: 'ERR_INVALID_ARG_TYPE', message: 'Invalid context argument' });
