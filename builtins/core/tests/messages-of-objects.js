// What a failed write, delete or definition says of the object: V8's words.
'use strict';
const assert = require('node:assert');

function says(run, message) {
  assert.throws(run, (error) => {
    assert.strictEqual(error.constructor, TypeError);
    assert.strictEqual(error.message, message);
    return true;
  });
}

class Point {
  constructor() { this.x = 1; }

  get length() { return 1; }
}
class Named {
  constructor() { this.a = 1; }

  toString() { return 'named'; }
}
const readOnly = (name, what) => `Cannot assign to read only property '${name}' of ${what}`;
const frozen = (value, more) => Object.freeze(Object.assign(value, more));

says(() => { frozen({ a: 1 }).a = 2; }, readOnly('a', "object '#<Object>'"));
says(() => { frozen(new Point()).x = 2; }, readOnly('x', "object '#<Point>'"));
says(() => { frozen(new Named()).a = 2; }, readOnly('a', "object '[object Object]'"));
says(() => { frozen([1])[0] = 2; }, readOnly('0', "object '[object Array]'"));
says(() => { frozen([1]).length = 0; }, readOnly('length', "object '[object Array]'"));
says(() => { frozen(new Date(), { a: 1 }).a = 2; }, readOnly('a', "object '[object Date]'"));
says(() => { frozen(Promise.resolve(), { a: 1 }).a = 2; }, readOnly('a', "object '#<Promise>'"));
says(() => { frozen(Object.create(null), { a: 1 }).a = 2; }, readOnly('a', "object '[object Object]'"));
says(() => { frozen(new RangeError('m')).message = 2; }, readOnly('message', "object 'RangeError: m'"));
says(() => { frozen(function f() {}, { a: 1 }).a = 2; }, readOnly('a', "function 'function f() {}'"));
says(() => { [].map.length = 2; }, readOnly('length', "function 'function map() { [native code] }'"));
says(() => { Math.PI = 3; }, readOnly('PI', "object '#<Object>'"));
says(() => { frozen(Object.create({ constructor: 1 }), { a: 1 }).a = 2; }, readOnly('a', "object '[object Object]'"));

says(() => { frozen([1]).push(2); }, 'Cannot add property 1, object is not extensible');
says(() => { frozen([1]).pop(); }, "Cannot delete property '0' of [object Array]");
says(() => { frozen([2, 1]).sort(); }, readOnly('0', "object '[object Array]'"));
says(() => { Object.seal([1]).push(2); }, 'Cannot add property 1, object is not extensible');
says(() => { Object.defineProperty([], 'length', { writable: false }).push(1); }, readOnly('length', "object '[object Array]'"));
says(() => { frozen(new Point()).y = 1; }, 'Cannot add property y, object is not extensible');
says(() => { delete frozen(new Point()).x; }, "Cannot delete property 'x' of #<Point>");
says(() => { new Point().length = 2; }, 'Cannot set property length of #<Point> which has only a getter');

// Nobody's code runs for it.
const trap = frozen(Object.defineProperties({ a: 1 }, {
  constructor: { get: assert.fail },
  toString: { get: assert.fail },
}));
assert.throws(() => { trap.a = 2; }, { message: readOnly('a', "object '[object Object]'") });
const proxy = new Proxy(frozen({ a: 1 }), { get: assert.fail, getPrototypeOf: assert.fail });
assert.throws(() => { proxy.a = 2; }, TypeError);
