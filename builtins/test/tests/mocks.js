'use strict';
// Functions, methods and timers can be mocked, and come back.
const assert = require('node:assert');
const { mock, test } = require('node:test');

test('functions', () => {
  const add = mock.fn((a, b) => a + b);
  assert.strictEqual(add(1, 2), 3);
  add.mock.mockImplementationOnce(() => 'once');
  assert.strictEqual(add(), 'once');
  assert.strictEqual(add(2, 2), 4);
  assert.deepStrictEqual(add.mock.calls.map((call) => call.arguments), [[1, 2], [], [2, 2]]);
});

test('methods', (t) => {
  const object = { value: 5, get() { return this.value; } };
  const { get } = object;
  t.mock.method(object, 'get', function() { return this.value * 2; });
  assert.strictEqual(object.get(), 10);
  assert.strictEqual(object.get.mock.callCount(), 1);
  t.mock.restoreAll();
  assert.strictEqual(object.get, get);
});

test('timers', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1000 });
  const fired = [];
  setTimeout(() => fired.push('late'), 100);
  const timer = setInterval(() => fired.push('tick'), 40);
  t.mock.timers.tick(100);
  assert.deepStrictEqual(fired, ['tick', 'tick', 'late']);
  assert.strictEqual(Date.now(), 1100);
  clearInterval(timer);
});
