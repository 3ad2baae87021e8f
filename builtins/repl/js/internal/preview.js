/** Shows, while a command is typed, what tab would insert and what return would print. Node docs: `preview`. */
'use strict';

const { clearLine, cursorTo, moveCursor } = require('internal/readline/callbacks');
const { commonPrefix } = require('internal/readline/utils');

class Preview {
  /** What tab would insert. */
  #completion;
  /** The result that is on the screen. */
  #result;
  #server;

  constructor(server) {
    this.#server = server;
  }

  #text(value) {
    return this.#server.useColors ? `\u001b[90m${value}\u001b[39m` : `// ${value}`;
  }

  #rowsBelow() {
    const server = this.#server;
    return server._getDisplayPos(server._prompt + server.line.replaceAll('\n', '\n| ')).rows - server.getCursorPos().rows;
  }

  /** Takes the preview off the screen before `key` has its effect; some keys take the completion. */
  clear(key) {
    const server = this.#server;
    if (this.#result !== undefined) {
      const rows = this.#rowsBelow() + 1;
      moveCursor(server.output, 0, rows);
      clearLine(server.output, 0);
      moveCursor(server.output, 0, -rows);
      this.#result = undefined;
    }
    if (this.#completion !== undefined) {
      clearLine(server.output, 1);
      const suffix = this.#completion;
      this.#completion = undefined;
      const takes = key.name === 'right' || key.name === 'end' || (key.ctrl && (key.name === 'e' || key.name === 'f'));
      if (takes && !key.meta && !key.shift) {
        server._insertString(suffix);
        // The key has had its effect.
        key.name = 'preview taken';
        key.ctrl = false;
      }
    }
  }

  show() {
    const server = this.#server;
    const { line } = server;
    if (server.closed || server.isHeld || line.trim() === '' || line.includes('\n') || !server.isCompletionEnabled) return;
    if (this.#result !== undefined) return;
    const atEnd = server.cursor === line.length;
    if (atEnd) this.#showCompletion(line);
    if (/^\s*\.\w*/.test(line) && Number.isNaN(parseFloat(line))) return;
    this.#showResult(line + (this.#completion ?? ''));
  }

  #showCompletion(line) {
    const server = this.#server;
    const { kDefaultEval } = require('internal/repl/server');
    if (!server[kDefaultEval]) return;
    server.complete(line, (error, data) => {
      if (error || server.line !== line) return;
      const [all, on] = data;
      if (!all || all.length === 0 || typeof on !== 'string' || on === '') return;
      const prefix = commonPrefix(all.filter((each) => each !== ''));
      if (!prefix.startsWith(on) || prefix.length <= on.length) return;
      this.#completion = prefix.slice(on.length);
      const { cols } = server.getCursorPos();
      server.output.write(server.useColors ? `\u001b[90m${this.#completion}\u001b[39m` : ` // ${this.#completion}`);
      cursorTo(server.output, cols);
    });
  }

  #showResult(source) {
    const server = this.#server;
    const shown = this.#describe(source);
    if (shown === undefined || shown === '' || shown === source.trim() || server.closed) return;
    this.#result = shown;
    const { cols } = server.getCursorPos();
    const rows = this.#rowsBelow();
    moveCursor(server.output, 0, rows);
    server.output.write(`\n${this.#text(shown)}`);
    cursorTo(server.output, cols);
    moveCursor(server.output, 0, -rows - 1);
  }

  /** One line about the value of `source`, or nothing. */
  #describe(source) {
    const server = this.#server;
    const { kDefaultEval } = require('internal/repl/server');
    const { inspect } = require('internal/util/inspect');
    const columns = Math.min(server.columns, 250) - 5;
    const options = {
      colors: false, depth: 1, showProxy: true, compact: true, breakLength: Infinity, maxArrayLength: 100, maxStringLength: 1000,
    };
    let value;
    if (server[kDefaultEval]) {
      const result = require('internal/repl/eager').evaluate(server, source);
      if (result === undefined) return undefined;
      if ('error' in result) {
        const { error } = result;
        // A name that is not there yet is still being typed.
        if (error === null || typeof error !== 'object' || error.name === 'ReferenceError') return undefined;
        return cut(`${error.name ?? 'Error'}: ${error.message}`, columns);
      }
      ({ value } = result);
    } else {
      let found;
      server.eval(source, server.context, 'repl', (error, result) => { if (!error) found = { value: result }; });
      if (found === undefined) return undefined;
      ({ value } = found);
    }
    if (value === undefined) return undefined;
    return cut(inspect(value, options), columns);
  }
}

/** The first line, as much as fits. */
function cut(text, columns) {
  const at = text.indexOf('\n');
  let line = at === -1 ? text : text.slice(0, at);
  if (line.length > columns) line = `${line.slice(0, Math.max(columns - 3, 1))}...`;
  return line;
}

function create(server) {
  return new Preview(server);
}

module.exports = { create };
