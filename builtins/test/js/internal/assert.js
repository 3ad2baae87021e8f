/** `t.assert`: the functions of node:assert, counted for the plan, and those a program registered. Node docs: context.assert. */
'use strict';

const { STRIDE, setFrameFilter } = require('internal/error_stacks');
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

/** A flat list of frames without those of this file that come first. */
function withoutCaller(frames) {
  let start = 0;
  while (frames[start + 1] === 'node:internal/test/assert') start += STRIDE;
  return frames.slice(start);
}

/** The assertions of one context. */
function create(context, node) {
  const result = { __proto__: null };
  const failing = (error) => {
    // Users' stacks start at their call.
    if (Error.isError(error)) setFrameFilter(error, withoutCaller);
    return error;
  };
  for (const { 0: name, 1: fn } of table()) {
    result[name] = (...args) => {
      node.plan?.count();
      try {
        return Reflect.apply(fn, context, args);
      } catch (error) {
        throw failing(error);
      }
    };
  }
  // Like node:assert's own, it quotes the call: what stands in for `ok` must be the function that the user called.
  result.ok ??= (...args) => {
    node.plan?.count();
    try {
      require('assert').ok(...args);
    } catch (error) {
      throw failing(error);
    }
  };
  return result;
}

module.exports = { create, register };
