/**
 * Key presses out of what a terminal sends: `emitKeypressEvents`, and the parser behind it.
 *
 * A terminal tells special keys by escape sequences that may arrive in pieces. KeyParser takes one
 * character at a time and emits 'keypress' when a key is complete. ESC alone is a key as well as
 * the start of sequences: a timer decides, by feeding the empty string.
 */
'use strict';

const { charLengthAt } = require('internal/readline/utils');

const ESC = '\x1b';

/** Milliseconds to wait after ESC for the rest of a sequence. Node docs: escapeCodeTimeout. */
const ESCAPE_CODE_TIMEOUT_MS = 500;

/** Streams that emit keypress events already. */
const streams = new WeakSet();

/** Code of a sequence (what follows ESC, without modifiers) to the name of its key. */
const KEY_NAMES = {
  '__proto__': null,
  // xterm and gnome: ESC O letter, ESC [ letter
  'OP': 'f1', 'OQ': 'f2', 'OR': 'f3', 'OS': 'f4',
  '[P': 'f1', '[Q': 'f2', '[R': 'f3', '[S': 'f4',
  'OA': 'up', 'OB': 'down', 'OC': 'right', 'OD': 'left', 'OE': 'clear', 'OF': 'end', 'OH': 'home',
  '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[E': 'clear', '[F': 'end', '[H': 'home',
  // xterm and rxvt: ESC [ number ~
  '[11~': 'f1', '[12~': 'f2', '[13~': 'f3', '[14~': 'f4',
  // Cygwin and libuv: ESC [ [ letter
  '[[A': 'f1', '[[B': 'f2', '[[C': 'f3', '[[D': 'f4', '[[E': 'f5',
  '[15~': 'f5', '[17~': 'f6', '[18~': 'f7', '[19~': 'f8', '[20~': 'f9', '[21~': 'f10',
  '[23~': 'f11', '[24~': 'f12',
  '[1~': 'home', '[2~': 'insert', '[3~': 'delete', '[4~': 'end', '[5~': 'pageup',
  '[6~': 'pagedown', '[7~': 'home', '[8~': 'end',
  '[[5~': 'pageup', '[[6~': 'pagedown',
  // Around pasted text, where the terminal was asked for it
  '[200~': 'paste-start', '[201~': 'paste-end',
};

/** rxvt says modifiers by other final characters: code to [name, modifier]. */
const RXVT_KEYS = {
  '__proto__': null,
  '[a': ['up', 'shift'], '[b': ['down', 'shift'], '[c': ['right', 'shift'],
  '[d': ['left', 'shift'], '[e': ['clear', 'shift'],
  '[2$': ['insert', 'shift'], '[3$': ['delete', 'shift'], '[5$': ['pageup', 'shift'],
  '[6$': ['pagedown', 'shift'], '[7$': ['home', 'shift'], '[8$': ['end', 'shift'],
  'Oa': ['up', 'ctrl'], 'Ob': ['down', 'ctrl'], 'Oc': ['right', 'ctrl'],
  'Od': ['left', 'ctrl'], 'Oe': ['clear', 'ctrl'],
  '[2^': ['insert', 'ctrl'], '[3^': ['delete', 'ctrl'], '[5^': ['pageup', 'ctrl'],
  '[6^': ['pagedown', 'ctrl'], '[7^': ['home', 'ctrl'], '[8^': ['end', 'ctrl'],
  '[Z': ['tab', 'shift'],
};

const isDigit = (ch) => ch >= '0' && ch <= '9';

/** States of KeyParser: what the next character is. */
const GROUND = 0;
const AFTER_ESC = 1;
const AFTER_ESC_ESC = 2;
const AFTER_O = 3;
const AFTER_O_MODIFIER = 4;
const AFTER_BRACKET = 5;
const AFTER_BRACKETS = 6;
const IN_NUMBER = 7;
const AFTER_NUMBER = 8;
const IN_MODIFIER = 9;
const AFTER_MODIFIER = 10;

class KeyParser {
  constructor(stream) {
    this.stream = stream;
    this.reset();
  }

  reset() {
    this.state = GROUND;
    /** All of the key so far. */
    this.sequence = '';
    this.code = '';
    this.modifier = 0;
    /** The sequence's number and modifier, and where they start in `sequence`. */
    this.commandStart = 0;
    this.digits = 0;
  }

  /** Takes a character; '' says that no more is coming for now. */
  feed(ch) {
    this.sequence += ch;
    switch (this.state) {
      case GROUND:
        if (ch === ESC) this.state = AFTER_ESC;
        else this.plain(ch, false);
        break;
      case AFTER_ESC:
        if (ch === ESC) this.state = AFTER_ESC_ESC;
        else this.afterEscape(ch);
        break;
      case AFTER_ESC_ESC:
        this.afterEscape(ch);
        break;
      case AFTER_O:
        if (isDigit(ch)) {
          this.modifier = Number(ch) - 1;
          this.state = AFTER_O_MODIFIER;
        } else {
          this.special(`O${ch}`);
        }
        break;
      case AFTER_O_MODIFIER:
        this.special(`O${ch}`);
        break;
      case AFTER_BRACKET:
        if (ch === '[') {
          this.code = '[[';
          this.state = AFTER_BRACKETS;
        } else {
          this.code = '[';
          this.startCommand(ch);
        }
        break;
      case AFTER_BRACKETS:
        this.startCommand(ch);
        break;
      default:
        this.inCommand(ch);
    }
  }

  afterEscape(ch) {
    if (ch === 'O') this.state = AFTER_O;
    else if (ch === '[') this.state = AFTER_BRACKET;
    else this.plain(ch, true);
  }

  /** The first character of what may be `number ; modifier final`. */
  startCommand(ch) {
    this.commandStart = this.sequence.length - ch.length;
    this.digits = 1;
    if (isDigit(ch)) this.state = IN_NUMBER;
    else this.endCommand(ch);
  }

  inCommand(ch) {
    switch (this.state) {
      case IN_NUMBER:
        if (isDigit(ch)) {
          this.digits++;
          if (this.digits === 3) this.state = AFTER_NUMBER;
        } else if (ch === ';') {
          this.state = IN_MODIFIER;
        } else {
          this.endCommand();
        }
        break;
      case AFTER_NUMBER:
        if (ch === ';') this.state = IN_MODIFIER;
        else this.endCommand();
        break;
      case IN_MODIFIER:
        if (isDigit(ch)) this.state = AFTER_MODIFIER;
        else this.endCommand();
        break;
      default:
        this.endCommand();
    }
  }

  endCommand() {
    const command = this.sequence.slice(this.commandStart);
    let match;
    if ((match = /^(?:(\d\d?)(?:;(\d))?([~^$])|(\d{3}~))$/.exec(command))) {
      this.modifier = (match[2] || 1) - 1;
      this.special(this.code + (match[4] || match[1] + match[3]));
    } else if ((match = /^(?:(?:\d;)?(\d))?([A-Za-z])$/.exec(command))) {
      this.modifier = (match[1] || 1) - 1;
      this.special(this.code + match[2]);
    } else {
      this.special(this.code + command);
    }
  }

  /** A complete sequence. Modifiers: 1 shift, 2 alt, 4 ctrl, 8 meta. */
  special(code) {
    const key = {
      sequence: this.sequence,
      name: KEY_NAMES[code],
      ctrl: (this.modifier & 4) !== 0,
      meta: (this.modifier & 10) !== 0,
      shift: (this.modifier & 1) !== 0,
      code,
    };
    const rxvt = RXVT_KEYS[code];
    if (rxvt !== undefined) {
      key.name = rxvt[0];
      key[rxvt[1]] = true;
    } else if (key.name === undefined) {
      key.name = 'undefined';
    }
    this.emit(undefined, key);
  }

  /** A single character, after ESC if `escaped`. */
  plain(ch, escaped) {
    const { sequence } = this;
    const key = { sequence, name: undefined, ctrl: false, meta: escaped, shift: false };
    if (ch === '\r') {
      key.name = 'return';
    } else if (ch === '\n') {
      key.name = 'enter';
    } else if (ch === '\t') {
      key.name = 'tab';
    } else if (ch === '\b' || ch === '\x7f') {
      key.name = 'backspace';
    } else if (ch === ESC) {
      key.name = 'escape';
    } else if (ch === ' ') {
      key.name = 'space';
    } else if (!escaped && ch <= '\x1a') {
      key.name = String.fromCharCode(ch.charCodeAt(0) + 0x60);
      key.ctrl = true;
    } else if (/^[0-9A-Za-z]$/.test(ch)) {
      key.name = ch.toLowerCase();
      key.shift = /^[A-Z]$/.test(ch);
    } else if (escaped) {
      // Nothing came after ESC: it was the key itself.
      key.name = ch.length ? undefined : 'escape';
    }
    const isCharacter = charLengthAt(sequence, 0) === sequence.length;
    if (sequence.length !== 0 && (key.name !== undefined || escaped)) {
      this.emit(escaped ? undefined : sequence, key);
    } else if (isCharacter) {
      this.emit(sequence, key);
    } else {
      this.reset();
    }
  }

  emit(text, key) {
    // Before the listeners run: one that throws must not leave half a key behind.
    this.reset();
    this.stream.emit('keypress', text, key);
  }
}

/**
 * Has `stream` emit 'keypress' for what it receives. `iface` learns whether a chunk is one key or
 * pasted text, where a tab must not complete. Node docs: readline.emitKeypressEvents.
 */
function emitKeypressEvents(stream, iface = {}) {
  if (streams.has(stream)) return;
  streams.add(stream);

  const { StringDecoder } = require('string_decoder');
  const decoder = new StringDecoder('utf8');
  const parser = new KeyParser(stream);
  let timer;

  function onData(input) {
    if (stream.listenerCount('keypress') === 0) {
      // Nobody is watching: stop until someone does.
      stream.removeListener('data', onData);
      stream.on('newListener', onNewListener);
      return;
    }
    const text = decoder.write(input);
    if (!text) return;
    clearTimeout(timer);

    iface.sawKeyPress = charLengthAt(text, 0) === text.length;
    iface.isCompletionEnabled = false;
    let done = 0;
    for (const ch of text) {
      done += ch.length;
      if (done === text.length) iface.isCompletionEnabled = true;
      parser.feed(ch);
      if (done === text.length && ch === ESC) {
        timer = setTimeout(
          () => parser.feed(''), iface.escapeCodeTimeout ?? ESCAPE_CODE_TIMEOUT_MS);
      }
    }
  }

  function onNewListener(event) {
    if (event === 'keypress') {
      stream.on('data', onData);
      stream.removeListener('newListener', onNewListener);
    }
  }

  if (stream.listenerCount('keypress') > 0) stream.on('data', onData);
  else stream.on('newListener', onNewListener);
}

module.exports = { emitKeypressEvents };
