'use strict';
// What values look like to a client.
const assert = require('node:assert');
const { Session } = require('node:inspector');

const session = new Session();
session.connect();
const post = (method, params) => {
  let answer;
  session.post(method, params, (error, result) => answer = error ?? result);
  return answer;
};

function check(expression, want) {
  const { result } = post('Runtime.evaluate', { expression, generatePreview: true });
  delete result.objectId;
  assert.deepStrictEqual(result, want, expression);
}

check('1', { type: 'number', value: 1, description: '1' });
check('-0', { type: 'number', unserializableValue: '-0', description: '-0' });
check('10n', { type: 'bigint', unserializableValue: '10n', description: '10n' });
check('null', { type: 'object', subtype: 'null', value: null });
check('Symbol("x")', { type: 'symbol', description: 'Symbol(x)' });
check('(async (a) => a)', { type: 'function', className: 'AsyncFunction', description: 'async (a) => a' });
check('[1, , 3]', {
  type: 'object', subtype: 'array', className: 'Array', description: 'Array(3)',
  preview: {
    type: 'object', subtype: 'array', description: 'Array(3)', overflow: false,
    properties: [{ name: '0', type: 'number', value: '1' }, { name: '2', type: 'number', value: '3' }],
  },
});
check('new (class Foo { x = "y" })', {
  type: 'object', className: 'Foo', description: 'Foo',
  preview: { type: 'object', description: 'Foo', overflow: false, properties: [{ name: 'x', type: 'string', value: 'y' }] },
});
check('new Map([[1, { a: 2 }]])', {
  type: 'object', subtype: 'map', className: 'Map', description: 'Map(1)',
  preview: {
    type: 'object', subtype: 'map', description: 'Map(1)', overflow: false,
    properties: [{ name: 'size', type: 'number', value: '1' }],
    entries: [{
      key: { type: 'number', description: '1', overflow: false, properties: [] },
      value: { type: 'object', description: 'Object', overflow: false, properties: [{ name: 'a', type: 'number', value: '2' }] },
    }],
  },
});
check('new Proxy({}, {})', {
  type: 'object', subtype: 'proxy', className: 'Object', description: 'Proxy(Object)',
  preview: { type: 'object', subtype: 'proxy', description: 'Proxy(Object)', overflow: false, properties: [] },
});

// Getters are not called, private fields are shown.
const { result: { objectId } } = post('Runtime.evaluate', { expression: 'new (class { #p = 1; get g() { throw 1 } a = 2 })' });
const properties = post('Runtime.getProperties', { objectId, ownProperties: true });
assert.deepStrictEqual(properties.result.map(({ name, value }) => [name, value.value]), [['a', 2]]);
assert.deepStrictEqual(properties.privateProperties.map(({ name, value }) => [name, value.value]), [['#p', 1]]);

const called = post('Runtime.callFunctionOn', {
  objectId, functionDeclaration: 'function(x, y) { return { sum: this.a + x, y }; }', arguments: [{ value: 40 }, { unserializableValue: 'NaN' }],
  returnByValue: true,
});
assert.deepStrictEqual(called.result.value.sum, 42);
assert.strictEqual(post('Runtime.evaluate', { expression: 'throw new RangeError("x")' }).exceptionDetails.exception.className, 'RangeError');
post('Runtime.releaseObject', { objectId });
assert.ok(post('Runtime.getProperties', { objectId }) instanceof Error);

session.post('Runtime.evaluate', { expression: 'new Promise((done) => setTimeout(done, 1, 7))', awaitPromise: true }, (error, { result }) => {
  assert.deepStrictEqual(result, { type: 'number', value: 7, description: '7' });
  session.disconnect();
  assert.throws(() => session.post('Runtime.enable'), { code: 'ERR_INSPECTOR_NOT_CONNECTED' });
});
