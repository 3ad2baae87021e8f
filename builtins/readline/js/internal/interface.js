/**
 * The Interface behind `readline` and `readline/promises`: lines out of an input stream, and on a
 * terminal a line editor (internal/readline/editor, mixed in below).
 *
 * Methods with an underscore are old API: programs replace them on instances (`_writeToOutput` to
 * hide a password), so our own calls go through them too.
 */
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE },
} = require('internal/errors');
const {
  validateAbortSignal, validateArray, validateNumber, validateString, validateUint32,
} = require('internal/validators');
const { LINE_ENDING } = require('internal/readline/utils');

/** Milliseconds between CR and LF that still make them one line ending. Node docs: crlfDelay. */
const CRLF_DELAY_MIN_MS = 100;
/** Node docs: historySize. Lines. */
const HISTORY_SIZE_DEFAULT = 30;

function defineHidden(object, name, value) {
  Object.defineProperty(object, name, {
    __proto__: null, configurable: true, enumerable: false, writable: true, value,
  });
}

/** `InterfaceConstructor(options)` or `(input[, output[, completer[, terminal]]])`. */
function InterfaceConstructor(input, output, completer, terminal) {
  let crlfDelay;
  let prompt = '> ';
  let signal;
  let history;
  let historySize;
  let removeHistoryDuplicates = false;

  // State that is no business of scripts stays out of sight of Object.keys and inspect.
  for (const [name, value] of [
    ['_sawReturnAt', 0], ['sawKeyPress', false], ['_sawKeyPress', false], ['_previousKey', null],
    ['_questionCallback', null], ['_oldPrompt', undefined], ['_line_buffer', undefined],
    ['substringSearch', null], ['undoStack', []], ['redoStack', []], ['killRing', []],
    ['killRingCursor', 0], ['yanking', false], ['continuedEntry', undefined], ['_decoder', undefined], ['lineIterator', undefined],
  ]) {
    defineHidden(this, name, value);
  }
  this.isCompletionEnabled = true;
  this.escapeCodeTimeout = 500;
  this.tabSize = 8;

  EventEmitter.call(this);

  if (input?.input) {
    const options = input;
    ({ output, completer, terminal, history, historySize, signal, crlfDelay } = options);
    if (options.tabSize !== undefined) {
      validateUint32(options.tabSize, 'tabSize', true);
      this.tabSize = options.tabSize;
    }
    ({ removeHistoryDuplicates } = options);
    if (options.prompt !== undefined) ({ prompt } = options);
    if (options.escapeCodeTimeout !== undefined) {
      if (!Number.isFinite(options.escapeCodeTimeout)) {
        throw new ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', this.escapeCodeTimeout);
      }
      this.escapeCodeTimeout = options.escapeCodeTimeout;
    }
    if (signal) validateAbortSignal(signal, 'options.signal');
    ({ input } = options);
  }

  if (completer !== undefined && typeof completer !== 'function') {
    throw new ERR_INVALID_ARG_VALUE('completer', completer);
  }
  if (historySize !== undefined) validateNumber(historySize, 'size', 0);
  if (history !== undefined) validateArray(history, 'history');
  if (terminal === undefined && output !== null && output !== undefined) terminal = output.isTTY;

  this.history = history ?? [];
  this.historyIndex = -1;
  this.historySize = historySize ?? HISTORY_SIZE_DEFAULT;
  defineHidden(this, 'removeHistoryDuplicates', Boolean(removeHistoryDuplicates));
  this.line = '';
  this.output = output;
  this.input = input;
  this.crlfDelay = crlfDelay ? Math.max(CRLF_DELAY_MIN_MS, crlfDelay) : CRLF_DELAY_MIN_MS;
  this.completer = completer;
  defineHidden(this, '_prompt', prompt);
  this.terminal = Boolean(terminal);
  defineHidden(this, 'closed', false);
  defineHidden(this, 'paused', false);
  defineHidden(this, 'prevRows', 0);

  if (this.terminal) connectTerminal(this);
  else connectLines(this);
  if (signal) closeOnAbort(this, signal);

  this.line = '';
  input.resume();
}
Object.setPrototypeOf(InterfaceConstructor.prototype, EventEmitter.prototype);
Object.setPrototypeOf(InterfaceConstructor, EventEmitter);

/** Input that is no terminal: bytes are split into lines. */
function connectLines(rl) {
  const { input } = rl;
  const { StringDecoder } = require('string_decoder');
  rl._decoder = new StringDecoder('utf8');

  const onError = (err) => rl.emit('error', err);
  const onData = (data) => rl._normalWrite(data);
  const onEnd = () => {
    if (typeof rl._line_buffer === 'string' && rl._line_buffer.length > 0) {
      rl.emit('line', rl._line_buffer);
    }
    rl.close();
  };
  input.on('error', onError);
  input.on('data', onData);
  input.on('end', onEnd);
  rl.once('close', () => {
    input.removeListener('data', onData);
    input.removeListener('error', onError);
    input.removeListener('end', onEnd);
  });
}

/** A terminal: key presses edit the line. */
function connectTerminal(rl) {
  const { input, output } = rl;
  const { emitKeypressEvents } = require('internal/readline/keypress');
  emitKeypressEvents(input, rl);

  const onError = (err) => rl.emit('error', err);
  const onKeypress = (text, key) => {
    rl._ttyWrite(text, key);
    // Half of a character was drawn with the other half missing: draw again.
    if (key?.sequence) {
      const unit = key.sequence.codePointAt(0);
      if (unit >= 0xD800 && unit <= 0xDFFF) rl._refreshLine();
    }
  };
  const onEnd = () => {
    if (typeof rl.line === 'string' && rl.line.length > 0) rl.emit('line', rl.line);
    rl.close();
  };
  const onResize = () => rl._refreshLine();

  input.on('error', onError);
  input.on('keypress', onKeypress);
  input.on('end', onEnd);
  rl._setRawMode(true);
  rl.terminal = true;
  rl.cursor = 0;
  rl.historyIndex = -1;
  const hasOutput = output !== null && output !== undefined;
  if (hasOutput) output.on('resize', onResize);
  rl.once('close', () => {
    input.removeListener('keypress', onKeypress);
    input.removeListener('error', onError);
    input.removeListener('end', onEnd);
    if (hasOutput) output.removeListener('resize', onResize);
  });
}

function closeOnAbort(rl, signal) {
  const onAborted = () => rl.close();
  if (signal.aborted) {
    process.nextTick(onAborted);
  } else {
    const subscription = EventEmitter.addAbortListener(signal, onAborted);
    rl.once('close', subscription[Symbol.dispose]);
  }
}

class Interface extends InterfaceConstructor {
  // eslint-disable-next-line no-useless-constructor
  constructor(input, output, completer, terminal) {
    super(input, output, completer, terminal);
  }

  /** Columns of the output; unlimited where it does not say. */
  get columns() {
    return this.output?.columns || Infinity;
  }

  /** Node docs: rl.setPrompt. */
  setPrompt(prompt) {
    this._prompt = prompt;
  }

  /** Node docs: rl.getPrompt. */
  getPrompt() {
    return this._prompt;
  }

  /** Node docs: rl.prompt. */
  prompt(preserveCursor) {
    if (this.paused) this.resume();
    if (this.terminal && process.env.TERM !== 'dumb') {
      if (!preserveCursor) this.cursor = 0;
      this._refreshLine();
    } else {
      this._writeToOutput(this._prompt);
    }
  }

  /** Asks, and hands the next line to `callback` instead of emitting 'line'. */
  ask(query, callback) {
    this.throwIfClosed();
    if (this._questionCallback) {
      this.prompt();
      return;
    }
    this._oldPrompt = this._prompt;
    this.setPrompt(query);
    this._questionCallback = callback;
    this.prompt();
  }

  cancelQuestion() {
    if (this._questionCallback) {
      this._questionCallback = null;
      this.setPrompt(this._oldPrompt);
      this.clearLine();
    }
  }

  throwIfClosed() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
  }

  _onLine(line) {
    if (this._questionCallback) {
      const callback = this._questionCallback;
      this._questionCallback = null;
      this.setPrompt(this._oldPrompt);
      callback(line);
    } else {
      this.emit('line', line);
    }
  }

  _setRawMode(mode) {
    const wasRaw = this.input.isRaw;
    if (typeof this.input.setRawMode === 'function') this.input.setRawMode(mode);
    return wasRaw;
  }

  _writeToOutput(text) {
    validateString(text, 'stringToWrite');
    if (this.output !== null && this.output !== undefined) this.output.write(text);
  }

  /** Node docs: rl.close. */
  close() {
    if (this.closed) return;
    this.pause();
    if (this.terminal) this._setRawMode(false);
    this.closed = true;
    this.emit('close');
  }

  [Symbol.dispose]() {
    this.close();
  }

  /** Node docs: rl.pause. */
  pause() {
    this.throwIfClosed();
    if (this.paused) return this;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  /** Node docs: rl.resume. */
  resume() {
    this.throwIfClosed();
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  /** Node docs: rl.write. `data` as if typed; `key` for what is no character. */
  write(data, key) {
    this.throwIfClosed();
    if (this.paused) this.resume();
    if (this.terminal) this._ttyWrite(data, key);
    else this._normalWrite(data);
  }

  /** A piece of input that is no terminal's: emits the lines it completes. */
  _normalWrite(data) {
    if (data === undefined) return;
    let text = this._decoder.write(data);
    if (this._sawReturnAt && Date.now() - this._sawReturnAt <= this.crlfDelay) {
      // The LF of a CRLF whose CR came with the last piece.
      if (text.charCodeAt(0) === 10) text = text.slice(1);
      this._sawReturnAt = 0;
    }

    LINE_ENDING.lastIndex = 0;
    let match = LINE_ENDING.exec(text);
    if (match === null) {
      if (text) this._line_buffer = this._line_buffer ? this._line_buffer + text : text;
      return;
    }

    // All line ends first: a listener may well feed us again.
    const lines = [];
    let start = 0;
    while (match !== null) {
      lines.push(text.slice(start, match.index));
      start = LINE_ENDING.lastIndex;
      match = LINE_ENDING.exec(text);
    }
    if (this._line_buffer) lines[0] = this._line_buffer + lines[0];
    this._line_buffer = start < text.length ? text.slice(start) : null;
    this._sawReturnAt = text.endsWith('\r') ? Date.now() : 0;
    for (const line of lines) this._onLine(line);
  }

  /** Node docs: rl[Symbol.asyncIterator]. */
  [Symbol.asyncIterator]() {
    return this.lineIterator ??= linesOf(this);
  }
}

/** Lines that may wait for the loop before the input is paused. Node docs: events.on. */
const LINES_WAITING_MAX = 1024;

/** How many values wait in an iterator of events.on, and its limits. */
const kWatermarkData = Symbol.for('nodejs.watermarkData');

function linesOf(rl) {
  const events = EventEmitter.on(rl, 'line', {
    close: ['close'],
    highWaterMark: LINES_WAITING_MAX,
  });
  const first = (result) => (
    result.done ? result : { value: result.value[0], done: false });
  return Object.setPrototypeOf({
    next: () => events.next().then(first),
    return: () => events.return(),
    throw: (err) => events.throw(err),
    [kWatermarkData]: events[kWatermarkData],
    [Symbol.asyncIterator]() {
      return this;
    },
  }, Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype));
}

for (const [name, descriptor] of Object.entries(require('internal/readline/editor').methods)) {
  Object.defineProperty(Interface.prototype, name, descriptor);
}

module.exports = { Interface, InterfaceConstructor };
