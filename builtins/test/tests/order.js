'use strict';
// Hooks, suites and subtests run in the documented order.
const assert = require('node:assert');
const { after, afterEach, beforeEach, describe, it, test } = require('node:test');

const order = [];
beforeEach((t) => order.push(`+${t.name}`));
afterEach((t) => order.push(`-${t.name}`));

describe('suite', () => {
  order.push('build');
  it('one', () => order.push('one'));
  it('two', async () => order.push('two'));
});

test('parent', async (t) => {
  t.beforeEach(() => order.push('inner'));
  await t.test('child', (child) => {
    assert.strictEqual(child.fullName, 'parent > child');
    order.push('child');
  });
});

after(() => {
  assert.deepStrictEqual(order, ['build', '+one', 'one', '-one', '+two', 'two', '-two', '+parent', '+child', 'inner', 'child',
    '-child', '-parent']);
});
