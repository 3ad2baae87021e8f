/** ctrl+R and ctrl+S: searching the history while typing. Node docs: "Reverse-i-search". */
'use strict';

const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/callbacks');

class Search {
  #active = false;
  #at = -1;
  #direction = 'r';
  #failed = false;
  #found = '';
  #input = '';
  #offset = 0;
  #original = '';
  #server;

  constructor(server) {
    this.#server = server;
  }

  /** Takes a key press; returns whether it was for the search. */
  key(text, key) {
    const starts = key.ctrl && !key.meta && !key.shift && (key.name === 'r' || key.name === 's');
    if (!this.#active) {
      if (!starts) return false;
      this.#start(key.name);
      return true;
    }
    if (starts) {
      this.#direction = key.name;
      if (this.#input !== '') this.#find(true);
      this.#draw();
      return true;
    }
    if (key.name === 'backspace' || (key.ctrl && (key.name === 'h' || key.name === 'w'))) {
      this.#input = this.#input.slice(0, -1);
      this.#at = -1;
      this.#find(false);
      this.#draw();
      return true;
    }
    if (key.name === 'escape' || (key.ctrl && key.name === 'c') || (key.ctrl && key.name === 'g')) {
      this.#end(this.#original, this.#original.length);
      return true;
    }
    const types = typeof text === 'string' && text.length > 0 && !key.ctrl && !key.meta && key.name !== 'return' && key.name !== 'enter' &&
      key.name !== 'tab' && text.charCodeAt(0) >= 32 && text.charCodeAt(0) !== 127;
    if (types) {
      this.#input += text;
      this.#find(false);
      this.#draw();
      return true;
    }
    // Any other key goes on with what was found.
    const line = this.#found === '' ? this.#original : this.#found;
    this.#end(line, this.#found === '' ? line.length : this.#offset);
    return false;
  }

  #start(direction) {
    this.#active = true;
    this.#direction = direction;
    this.#input = '';
    this.#found = '';
    this.#failed = false;
    this.#at = -1;
    this.#original = this.#server.line;
    this.#draw();
  }

  #find(next) {
    const { history } = this.#server;
    this.#failed = false;
    if (this.#input === '') {
      this.#found = '';
      return;
    }
    const step = this.#direction === 'r' ? 1 : -1;
    let at = this.#at === -1 ? (step === 1 ? 0 : history.length - 1) : this.#at + (next ? step : 0);
    for (; at >= 0 && at < history.length; at += step) {
      const entry = history[at].includes('\r') ? history[at].split('\r').reverse().join('\n') : history[at];
      const offset = entry.lastIndexOf(this.#input);
      if (offset !== -1) {
        this.#at = at;
        this.#found = entry;
        this.#offset = offset;
        return;
      }
    }
    this.#failed = true;
    this.#found = '';
  }

  #draw() {
    const server = this.#server;
    const { output } = server;
    const start = server._getDisplayPos(server.getPrompt());
    cursorTo(output, start.cols);
    clearScreenDown(output);
    let shown = this.#found;
    if (shown !== '' && server.useColors) {
      shown = `${shown.slice(0, this.#offset)}\u001b[4m${this.#input}\u001b[24m${shown.slice(this.#offset + this.#input.length)}`;
    }
    shown = shown.replaceAll('\n', '\r\n| ');
    const label = `${this.#failed ? 'failed-' : ''}${this.#direction === 'r' ? 'bck' : 'fwd'}-i-search: ${this.#input}_`;
    output.write(`${shown}\n${label}`);
    const text = server.getPrompt() + (this.#found === '' ? '' : this.#found.replaceAll('\n', '\n| '));
    const end = server._getDisplayPos(text);
    const cursor = this.#found === '' ? start : server._getDisplayPos(
      server.getPrompt() + this.#found.slice(0, this.#offset).replaceAll('\n', '\n| '));
    moveCursor(output, 0, -(end.rows - cursor.rows) - 1);
    cursorTo(output, cursor.cols);
  }

  #end(line, cursor) {
    const server = this.#server;
    this.#active = false;
    const start = server._getDisplayPos(server.getPrompt());
    cursorTo(server.output, start.cols);
    clearScreenDown(server.output);
    server.prevRows = 0;
    server.line = line;
    server.cursor = cursor;
    server._refreshLine();
  }
}

function create(server) {
  return new Search(server);
}

module.exports = { create };
