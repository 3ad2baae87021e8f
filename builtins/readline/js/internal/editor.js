/**
 * The line editor of an Interface on a terminal: methods that internal/readline/interface mixes in.
 *
 * `line` is the text, `cursor` an index into it in UTF-16 units. Each method changes both and then
 * brings the screen in line, drawing as little as it can. Emacs-like keys as GNU Readline has them.
 */
'use strict';

const {
  LINE_ENDING, charLengthAt, charLengthLeft, commonPrefix,
} = require('internal/readline/utils');
const {
  clearScreenDown, cursorTo, moveCursor,
} = require('internal/readline/callbacks');

/** Entries of the undo stack and of the kill ring. */
const UNDO_MAX = 2048;
const KILL_RING_MAX = 32;

/** A word and what stands between it and the cursor; `before` is matched against reversed text. */
const WORD_BEFORE = /^\s*(?:[^\w\s]+|\w+)?/;
const WORD_AFTER = /^(?:\s+|[^\w\s]+|\w+)\s*/;
const DELETED_WORD_AFTER = /^(?:\s+|\W+|\w+)\s*/;

function reverse(text) {
  return Array.from(text).reverse().join('');
}

/** What stands before the second and further lines of a text of several lines. Node docs: REPL. */
const CONTINUATION = '| ';

/** The text of a line, as it is drawn after its prompt. */
function drawn(line, lineEnd = '\n') {
  return line.includes('\n') ? line.replaceAll('\n', `${lineEnd}${CONTINUATION}`) : line;
}

/** In the history a text of several lines is one entry: its lines, last first. */
function toEntry(line) {
  return line.includes('\n') ? line.split('\n').reverse().join('\r') : line;
}

function fromEntry(entry) {
  return entry.includes('\r') ? entry.split('\r').reverse().join('\n') : entry;
}

class Editor {
  // -------------------------------------------------------------- drawing

  /** Draws prompt and line anew and puts the cursor where it belongs. */
  _refreshLine() {
    const end = this._getDisplayPos(this._prompt + drawn(this.line));
    const cursor = this.getCursorPos();
    // Up to where the prompt begins, as the last drawing left it.
    const rowsAbove = this.prevRows || 0;
    if (rowsAbove > 0) moveCursor(this.output, 0, -rowsAbove);
    cursorTo(this.output, 0);
    clearScreenDown(this.output);
    this._writeToOutput(this._prompt + drawn(this.line, '\r\n'));
    // A terminal moves to the next row only when something is written there.
    if (end.cols === 0) this._writeToOutput(' ');
    cursorTo(this.output, cursor.cols);
    const rowsBelow = end.rows - cursor.rows;
    if (rowsBelow > 0) moveCursor(this.output, 0, -rowsBelow);
    this.prevRows = cursor.rows;
  }

  /** Where the terminal's cursor is after it has drawn `text` from column 0. */
  _getDisplayPos(text) {
    const { getStringWidth, stripVTControlCharacters } = require('internal/util/inspect');
    const { columns } = this;
    let offset = 0;
    let rows = 0;
    for (const ch of stripVTControlCharacters(text)) {
      if (ch === '\n') {
        rows += Math.ceil(offset / columns) || 1;
        offset = 0;
      } else if (ch === '\t') {
        offset += this.tabSize - offset % this.tabSize;
      } else {
        const width = getStringWidth(ch, false);
        // A wide character that does not fit leaves the last column empty.
        if (width === 2 && (offset + 1) % columns === 0) offset++;
        offset += width;
      }
    }
    const cols = offset % columns;
    rows += (offset - cols) / columns;
    return { cols, rows };
  }

  /** Node docs: rl.getCursorPos. */
  getCursorPos() {
    return this._getDisplayPos(this._prompt + drawn(this.line.slice(0, this.cursor)));
  }

  _getCursorPos() {
    return this.getCursorPos();
  }

  /** Moves by `dx` units, as far as the line goes. */
  _moveCursor(dx) {
    if (dx === 0) return;
    const before = this.getCursorPos();
    this.cursor = Math.max(0, Math.min(this.line.length, this.cursor + dx));
    const after = this.getCursorPos();
    if (before.rows === after.rows) moveCursor(this.output, after.cols - before.cols, 0);
    else this._refreshLine();
  }

  /** Leaves the line as it stands on the screen and starts an empty one. */
  clearLine() {
    this._moveCursor(Infinity);
    this._writeToOutput('\r\n');
    this.line = '';
    this.cursor = 0;
    this.prevRows = 0;
  }

  // -------------------------------------------------------------- changing the line

  /** Puts `text` and the cursor in place of what is there, and draws. */
  setLine(text, cursor) {
    this.line = text;
    this.cursor = cursor;
    this._refreshLine();
  }

  beforeEdit() {
    if (this.undoStack.push({ text: this.line, cursor: this.cursor }) > UNDO_MAX) {
      this.undoStack.shift();
    }
  }

  _insertString(text) {
    this.beforeEdit();
    if (this.cursor < this.line.length) {
      this.line = this.line.slice(0, this.cursor) + text + this.line.slice(this.cursor);
      this.cursor += text.length;
      // Within pasted text one drawing is enough, with its last character.
      if (this.isCompletionEnabled) this._refreshLine();
      else this._writeToOutput(text);
      return;
    }
    const before = this.getCursorPos();
    this.line += text;
    this.cursor += text.length;
    const after = this.getCursorPos();
    if (before.rows < after.rows && this.isCompletionEnabled) this._refreshLine();
    else this._writeToOutput(text);
  }

  /** Removes from `start` to `end`; the cursor goes to `start`. */
  deleteRange(start, end) {
    this.beforeEdit();
    this.setLine(this.line.slice(0, start) + this.line.slice(end), start);
  }

  _deleteLeft() {
    if (this.cursor > 0 && this.line.length > 0) {
      this.deleteRange(this.cursor - charLengthLeft(this.line, this.cursor), this.cursor);
    }
  }

  _deleteRight() {
    if (this.cursor < this.line.length) {
      this.deleteRange(this.cursor, this.cursor + charLengthAt(this.line, this.cursor));
    }
  }

  /** Length of the word before the cursor. */
  wordBefore() {
    return WORD_BEFORE.exec(reverse(this.line.slice(0, this.cursor)))[0].length;
  }

  _wordLeft() {
    if (this.cursor > 0) this._moveCursor(-this.wordBefore());
  }

  _wordRight() {
    if (this.cursor < this.line.length) {
      this._moveCursor(WORD_AFTER.exec(this.line.slice(this.cursor))[0].length);
    }
  }

  _deleteWordLeft() {
    if (this.cursor > 0) this.deleteRange(this.cursor - this.wordBefore(), this.cursor);
  }

  _deleteWordRight() {
    if (this.cursor < this.line.length) {
      const word = DELETED_WORD_AFTER.exec(this.line.slice(this.cursor))[0];
      this.deleteRange(this.cursor, this.cursor + word.length);
    }
  }

  _deleteLineLeft() {
    this.pushToKillRing(this.line.slice(0, this.cursor));
    this.deleteRange(0, this.cursor);
  }

  _deleteLineRight() {
    this.pushToKillRing(this.line.slice(this.cursor));
    this.deleteRange(this.cursor, this.line.length);
  }

  pushToKillRing(text) {
    if (!text || text === this.killRing[0]) return;
    this.killRing.unshift(text);
    this.killRingCursor = 0;
    if (this.killRing.length > KILL_RING_MAX) this.killRing.pop();
  }

  yank() {
    if (this.killRing.length === 0) return;
    this.yanking = true;
    this._insertString(this.killRing[this.killRingCursor]);
  }

  /** Replaces what yank() inserted by the next one of the ring. */
  yankPop() {
    if (!this.yanking || this.killRing.length <= 1) return;
    const last = this.killRing[this.killRingCursor];
    this.killRingCursor = (this.killRingCursor + 1) % this.killRing.length;
    const next = this.killRing[this.killRingCursor];
    const head = this.line.slice(0, this.cursor - last.length);
    const tail = this.line.slice(this.cursor);
    this.setLine(head + next + tail, head.length + next.length);
  }

  undo() {
    if (this.undoStack.length === 0) return;
    this.redoStack.push({ text: this.line, cursor: this.cursor });
    const { text, cursor } = this.undoStack.pop();
    this.setLine(text, cursor);
  }

  redo() {
    if (this.redoStack.length === 0) return;
    this.undoStack.push({ text: this.line, cursor: this.cursor });
    const { text, cursor } = this.redoStack.pop();
    this.setLine(text, cursor);
  }

  // -------------------------------------------------------------- lines and history

  /** Return was pressed. */
  _line() {
    const line = this._addHistory();
    this.undoStack = [];
    this.redoStack = [];
    this.clearLine();
    this._onLine(line);
  }

  /** Adds the line to the history, newest first; returns the line. */
  _addHistory() {
    const { line, history } = this;
    if (line.length === 0) return '';
    if (!history || this.historySize === 0 || line.trim().length === 0) return line;
    const entry = toEntry(line);
    // The text so far was added when its lines so far were sent.
    if (this.continuedEntry !== undefined) {
      if (history[0] === this.continuedEntry) history.shift();
      this.continuedEntry = undefined;
    }
    if (history.length === 0 || history[0] !== entry) {
      if (this.removeHistoryDuplicates) {
        const duplicate = history.indexOf(entry);
        if (duplicate !== -1) history.splice(duplicate, 1);
      }
      history.unshift(entry);
      if (history.length > this.historySize) history.pop();
    }
    this.historyIndex = -1;
    // A listener may change the history, to keep a secret out of it.
    const added = history[0];
    this.emit('history', history);
    return fromEntry(added);
  }

  /** Return was pressed after text that is not complete: it stays, with one more line. */
  continueLine(text) {
    this.continuedEntry = toEntry(text);
    this.line = `${text}\n`;
    this.cursor = this.line.length;
    this._writeToOutput(CONTINUATION);
    this.prevRows = this.getCursorPos().rows;
  }

  /** Moves by a row within a text of several lines; returns whether there is one. */
  moveRow(step) {
    const { cursor, line } = this;
    const start = line.lastIndexOf('\n', cursor - 1) + 1;
    const column = cursor - start;
    let target;
    if (step < 0) {
      if (start === 0) return false;
      target = line.lastIndexOf('\n', start - 2) + 1;
      target = Math.min(target + column, start - 1);
    } else {
      const end = line.indexOf('\n', cursor);
      if (end === -1) return false;
      const next = line.indexOf('\n', end + 1);
      target = Math.min(end + 1 + column, next === -1 ? line.length : next);
    }
    this._moveCursor(target - cursor);
    return true;
  }

  /** The next entry in steps of `step` that starts with what was typed and differs; or the ends. */
  historyStep(step) {
    const { history } = this;
    const search = this.substringSearch || '';
    let index = this.historyIndex + step;
    while (index >= 0 && index < history.length &&
           (!history[index].startsWith(search) || this.line === fromEntry(history[index]))) {
      index += step;
    }
    this.historyIndex = index;
    const found = index >= 0 && index < history.length ? fromEntry(history[index]) : search;
    this.setLine(found, found.length);
  }

  _historyNext() {
    if (this.historyIndex < 0) return;
    this.beforeEdit();
    this.historyStep(-1);
  }

  _historyPrev() {
    if (!this.history || this.history.length === 0 || this.historyIndex >= this.history.length) {
      return;
    }
    this.beforeEdit();
    this.historyStep(1);
  }

  // -------------------------------------------------------------- completion

  /** Asks the completer, and shows or inserts what it says. */
  _tabComplete(lastKeypressWasTab) {
    this.pause();
    const text = this.line.slice(0, this.cursor);
    this.completer(text, (err, value) => {
      this.resume();
      this.tabCompleted(err, value, lastKeypressWasTab);
    });
  }

  tabCompleted(err, value, lastKeypressWasTab) {
    if (err) {
      const { inspect } = require('internal/util/inspect');
      this._writeToOutput(`Tab completion error: ${inspect(err)}`);
      return;
    }
    const [completions, completeOn] = value;
    if (!completions || completions.length === 0) return;

    const prefix = commonPrefix(completions.filter((each) => each !== ''));
    if (prefix.startsWith(completeOn) && prefix.length > completeOn.length) {
      this._insertString(prefix.slice(completeOn.length));
      return;
    }
    if (!completeOn.startsWith(prefix)) {
      // The completer wants another spelling of what was typed.
      const start = this.cursor - completeOn.length;
      this.setLine(this.line.slice(0, start) + prefix + this.line.slice(this.cursor),
        start + prefix.length);
      return;
    }
    if (!lastKeypressWasTab) return;
    this.beforeEdit();
    this._writeToOutput(tableOf(completions, this.columns));
    this._refreshLine();
  }

  // -------------------------------------------------------------- keys

  /** One key: `text` if it is a character, and what `key` tells about it. */
  _ttyWrite(text, key) {
    const previousKey = this._previousKey;
    key ||= {};
    this._previousKey = key;
    if (!key.meta || key.name !== 'y') this.yanking = false;

    if ((key.name === 'up' || key.name === 'down') && !key.ctrl && !key.meta && !key.shift) {
      // Up and down look for what was typed before the first of them.
      this.substringSearch ??= this.line.slice(0, this.cursor);
    } else if (this.substringSearch !== null) {
      this.substringSearch = null;
      if (this.history.length === this.historyIndex) this.historyIndex = -1;
    }

    if (typeof key.sequence === 'string') {
      const unit = key.sequence.codePointAt(0);
      if (unit === 0x1F) { // ctrl and _ or -
        this.undo();
        return;
      }
      if (unit === 0x1E) { // ctrl and ^ or 6
        this.redo();
        return;
      }
    }
    if (key.name === 'escape') return;

    if (key.ctrl && key.shift) {
      if (key.name === 'backspace') this._deleteLineLeft();
      else if (key.name === 'delete') this._deleteLineRight();
    } else if (key.ctrl) {
      this.ctrlKey(key.name);
    } else if (key.meta) {
      this.metaKey(key.name);
    } else {
      this.plainKey(text, key, previousKey);
    }
  }

  ctrlKey(name) {
    switch (name) {
      case 'c':
        if (this.listenerCount('SIGINT') > 0) this.emit('SIGINT');
        else this.close();
        break;
      case 'h': this._deleteLeft(); break;
      case 'd':
        if (this.cursor === 0 && this.line.length === 0) this.close();
        else this._deleteRight();
        break;
      case 'u': this._deleteLineLeft(); break;
      case 'k': this._deleteLineRight(); break;
      case 'a': this._moveCursor(-Infinity); break;
      case 'e': this._moveCursor(Infinity); break;
      case 'b': this._moveCursor(-charLengthLeft(this.line, this.cursor)); break;
      case 'f': this._moveCursor(charLengthAt(this.line, this.cursor)); break;
      case 'l':
        cursorTo(this.output, 0, 0);
        clearScreenDown(this.output);
        this._refreshLine();
        break;
      case 'n': this._historyNext(); break;
      case 'p': this._historyPrev(); break;
      case 'y': this.yank(); break;
      case 'z': this.suspend(); break;
      case 'w':
      case 'backspace': this._deleteWordLeft(); break;
      case 'delete': this._deleteWordRight(); break;
      case 'left': this._wordLeft(); break;
      case 'right': this._wordRight(); break;
      default:
    }
  }

  /** ctrl+Z: stops the process as a cooked terminal would, and picks up again on SIGCONT. */
  suspend() {
    if (process.platform === 'win32') return;
    if (this.listenerCount('SIGTSTP') > 0) {
      this.emit('SIGTSTP');
      return;
    }
    process.once('SIGCONT', () => {
      // A paused interface has left raw mode to someone else.
      if (!this.paused) {
        this.pause();
        this.emit('SIGCONT');
      }
      this._setRawMode(true);
      this._refreshLine();
    });
    this._setRawMode(false);
    process.kill(process.pid, 'SIGTSTP');
  }

  metaKey(name) {
    switch (name) {
      case 'b': this._wordLeft(); break;
      case 'f': this._wordRight(); break;
      case 'd':
      case 'delete': this._deleteWordRight(); break;
      case 'backspace': this._deleteWordLeft(); break;
      case 'y': this.yankPop(); break;
      default:
    }
  }

  plainKey(text, key, previousKey) {
    if (this._sawReturnAt && key.name !== 'enter') this._sawReturnAt = 0;
    switch (key.name) {
      case 'return':
        this._sawReturnAt = Date.now();
        this._line();
        break;
      case 'enter':
        // The LF of a CRLF is no second line.
        if (this._sawReturnAt === 0 || Date.now() - this._sawReturnAt > this.crlfDelay) {
          this._line();
        }
        this._sawReturnAt = 0;
        break;
      case 'backspace': this._deleteLeft(); break;
      case 'delete': this._deleteRight(); break;
      case 'left': this._moveCursor(-charLengthLeft(this.line, this.cursor)); break;
      case 'right': this._moveCursor(charLengthAt(this.line, this.cursor)); break;
      case 'home': this._moveCursor(-Infinity); break;
      case 'end': this._moveCursor(Infinity); break;
      case 'up': if (!this.moveRow(-1)) this._historyPrev(); break;
      case 'down': if (!this.moveRow(1)) this._historyNext(); break;
      case 'tab':
        // A tab within pasted text is text.
        if (typeof this.completer === 'function' && this.isCompletionEnabled) {
          this._tabComplete(previousKey && previousKey.name === 'tab');
        } else {
          this.insertText(text);
        }
        break;
      default:
        this.insertText(text);
    }
  }

  /** Inserts what was typed or pasted; each line ending in it is a return. */
  insertText(text) {
    if (typeof text !== 'string' || text === '') return;
    let start = 0;
    LINE_ENDING.lastIndex = 0;
    for (let match; (match = LINE_ENDING.exec(text)) !== null;) {
      const next = LINE_ENDING.lastIndex;
      this._insertString(text.slice(start, match.index));
      this._line();
      // A listener may have used the pattern meanwhile.
      LINE_ENDING.lastIndex = next;
      start = next;
    }
    // Also when nothing is left: undo then comes back to the start of this line.
    this._insertString(text.slice(start));
  }
}

/** Completions in columns, as many as fit `columns`; an empty one is a gap between groups. */
function tableOf(completions, columns) {
  const { getStringWidth } = require('internal/util/inspect');
  const widths = completions.map((each) => getStringWidth(each));
  const columnWidth = Math.max(...widths) + 2;
  let perRow = Math.floor(columns / columnWidth) || 1;
  if (perRow === Infinity) perRow = 1;

  let table = '\r\n';
  let inRow = 0;
  let gap = 0;
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i];
    if (completion === '' || inRow === perRow) {
      table += '\r\n';
      inRow = 0;
      gap = 0;
    } else {
      table += ' '.repeat(gap);
    }
    if (completion !== '') {
      table += completion;
      gap = columnWidth - widths[i];
      inRow++;
    } else {
      table += '\r\n';
    }
  }
  return inRow !== 0 ? `${table}\r\n\r\n` : table;
}

const methods = Object.getOwnPropertyDescriptors(Editor.prototype);
delete methods.constructor;

module.exports = { methods };
