/** `readline/promises`. Node docs: Readline, Promises API. */
'use strict';

const { AbortError } = require('internal/errors');
const { validateAbortSignal } = require('internal/validators');
const { Interface: BaseInterface } = require('internal/readline/interface');
const { Readline } = require('internal/readline/promises_readline');

/** Node docs: Class: readlinePromises.Interface. */
class Interface extends BaseInterface {
  /** Node docs: rl.question. */
  question(query, options = {}) {
    return new Promise((resolve, reject) => {
      let onAnswer = resolve;
      const signal = options?.signal;
      if (signal) {
        validateAbortSignal(signal, 'options.signal');
        const abortError = () => new AbortError(undefined, { cause: signal.reason });
        if (signal.aborted) {
          reject(abortError());
          return;
        }
        const subscription = require('events').addAbortListener(signal, () => {
          this.cancelQuestion();
          reject(abortError());
        });
        onAnswer = (answer) => {
          subscription[Symbol.dispose]();
          resolve(answer);
        };
      }
      this.ask(query, onAnswer);
    });
  }
}

/** A completer may return a promise, or take a callback. */
Object.defineProperty(Interface.prototype, '_tabComplete', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  writable: true,
  value: async function _tabComplete(lastKeypressWasTab) {
    this.pause();
    const text = this.line.slice(0, this.cursor);
    let value;
    let failure = null;
    try {
      value = await this.completer(text);
    } catch (err) {
      failure = { err };
    }
    this.resume();
    this.tabCompleted(failure?.err, value, lastKeypressWasTab);
  },
});

/** Node docs: readlinePromises.createInterface. */
function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = { Interface, Readline, createInterface };
