/**
 * The global `console`: as a Console on `process.stdout` and `process.stderr`, which are opened with the first message.
 *
 * By the Console standard its prototype is an empty object, so the methods are its own.
 */
'use strict';

const {
  Console, bindProperties, define, internals, methodNames, methods, rename,
} = require('internal/console/constructor');

const console = Object.create({});

for (const key of methodNames) define(console, key, rename(methods[key].bind(console), key, 0), true);
for (const key of Object.getOwnPropertySymbols(internals)) define(console, key, internals[key]);
internals[bindProperties].call(console, true, 'auto');

/** A property that is the stream of `process` until somebody sets it. */
function lazyStream(key, name) {
  let stream;
  Object.defineProperty(console, key, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      return stream ?? process[name];
    },
    set(value) {
      stream = value;
    },
  });
}

define(console, 'Console', Console, true);

// What belongs to a debugger's console, which nobody watches.
const inspectorMethods = {
  profile() {},
  profileEnd() {},
  timeStamp() {},
  context(name) {
    const context = {};
    for (const key of methodNames) define(context, key, console[key], true);
    return context;
  },
  createTask(name) {
    if (typeof name !== 'string' || name === '') throw new Error('First argument must be a non-empty string.');
    return {
      run(fn) {
        if (typeof fn !== 'function') throw new Error('First argument must be a function.');
        return fn();
      },
    };
  },
};
for (const key of Object.keys(inspectorMethods)) define(console, key, inspectorMethods[key], true);
lazyStream('_stdout', 'stdout');
lazyStream('_stderr', 'stderr');

module.exports = console;
