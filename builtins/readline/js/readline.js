/** `readline`: the callback API. Node docs: Readline. */
'use strict';

const { AbortError } = require('internal/errors');
const { validateAbortSignal } = require('internal/validators');
const { promisify } = require('internal/util');
const {
  Interface: BaseInterface, InterfaceConstructor,
} = require('internal/readline/interface');
const {
  clearLine, clearScreenDown, cursorTo, moveCursor,
} = require('internal/readline/callbacks');
const { emitKeypressEvents } = require('internal/readline/keypress');

/** Node docs: Class: readline.Interface. Works without `new` and as `Interface.call(this)`. */
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);

  // A completer of one parameter returns its result instead of calling back.
  if (input?.input && typeof input.completer === 'function' && input.completer.length !== 2) {
    const { completer: plain } = input;
    input = { ...input, completer: (text, callback) => callback(null, plain(text)) };
  } else if (typeof completer === 'function' && completer.length !== 2) {
    const plain = completer;
    completer = (text, callback) => callback(null, plain(text));
  }
  InterfaceConstructor.call(this, input, output, completer, terminal);
}
Object.setPrototypeOf(Interface.prototype, BaseInterface.prototype);
Object.setPrototypeOf(Interface, BaseInterface);

/** Node docs: rl.question. */
Interface.prototype.question = function question(query, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  const signal = options !== null && typeof options === 'object' ? options.signal : undefined;

  if (signal) {
    validateAbortSignal(signal, 'options.signal');
    if (signal.aborted) return;
    const subscription = require('events').addAbortListener(signal, () => this.cancelQuestion());
    const answer = callback;
    callback = typeof answer === 'function' ? (line) => {
      subscription[Symbol.dispose]();
      answer(line);
    } : subscription[Symbol.dispose];
  }
  if (typeof callback === 'function') this.ask(query, callback);
};

Interface.prototype.question[promisify.custom] = function question(query, options) {
  const signal = options !== null && typeof options === 'object' ? options.signal : undefined;
  const abortError = () => new AbortError(undefined, { cause: signal.reason });
  if (signal?.aborted) return Promise.reject(abortError());

  return new Promise((resolve, reject) => {
    let onAnswer = resolve;
    if (signal) {
      const subscription = require('events').addAbortListener(signal, () => reject(abortError()));
      onAnswer = (answer) => {
        subscription[Symbol.dispose]();
        resolve(answer);
      };
    }
    this.question(query, options, onAnswer);
  });
};

/** Node docs: readline.createInterface. */
function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = {
  Interface,
  clearLine,
  clearScreenDown,
  createInterface,
  cursorTo,
  emitKeypressEvents,
  moveCursor,
};
Object.defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return require('readline/promises'); },
});
