/** `t.assert`: the functions of node:assert, counted for the plan, and those a program registered. Node docs: context.assert. */
'use strict';

const { validateFunction, validateString } = require('internal/validators');

let registered;

function table() {
  if (registered !== undefined) return registered;
  const assert = require('assert');
  registered = new Map();
  const left = new Set(['AssertionError', 'strict', 'Assert', 'options']);
  for (const name of Object.keys(assert)) {
    if (!left.has(name) && name !== 'ok') registered.set(name, assert[name]);
  }
  const { assertFileSnapshot, assertSnapshot } = require('internal/test/snapshot');
  registered.set('snapshot', assertSnapshot);
  registered.set('fileSnapshot', assertFileSnapshot);
  return registered;
}

/** Node docs: assert.register(name, fn). */
function register(name, fn) {
  validateString(name, 'name');
  validateFunction(fn, 'fn');
  table().set(name, fn);
}

/** The assertions of one context. */
function create(context, node) {
  const result = { __proto__: null };
  for (const { 0: name, 1: fn } of table()) {
    result[name] = (...args) => {
      node.plan?.count();
      return Reflect.apply(fn, context, args);
    };
  }
  // Like node:assert's own, it quotes the call: what stands in for `ok` must be the function that the user called.
  result.ok ??= (...args) => {
    node.plan?.count();
    require('assert').ok(...args);
  };
  return result;
}

module.exports = { create, register };
