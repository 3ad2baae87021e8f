/**
 * REPLServer: reads a command, evaluates it, prints the result, again. Node docs: "Class: REPLServer".
 *
 * On a terminal a command of several lines is one text in the line editor: Return adds a line to it while it is incomplete.
 * Elsewhere, and in editor mode, finished lines wait in `#buffered`. While a command awaits, input waits in `#waiting`.
 */
'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const { Interface } = require('readline');
const {
  codes: {
    ERR_INVALID_REPL_EVAL_CONFIG, ERR_INVALID_REPL_INPUT, ERR_MISSING_ARGS, ERR_SCRIPT_EXECUTION_INTERRUPTED,
  },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { deprecate, setOwnProperty } = require('internal/util');
const { describe } = require('internal/repl/errors');
const { Recoverable } = require('internal/repl/syntax');
const { coloredWriter, writer } = require('internal/repl/writer');
// What shows values and errors is loaded before a command can change what it is made of.
require('internal/util/inspect_value');
require('internal/util/inspect_error');

const REPL_MODE_SLOPPY = Symbol('repl-sloppy');
const REPL_MODE_STRICT = Symbol('repl-strict');

/** The server whose command started what runs now. */
const current = new AsyncLocalStorage();

let evalCount = 0;
/** Servers that are open. */
const open = new Set();
let standalone;
let capturing = false;

function scriptName() {
  evalCount++;
  return `REPL${evalCount}`;
}

/** In a REPL nobody but the REPL looks after uncaught exceptions. Node docs: "Global uncaught exceptions". */
function refuseListener(name) {
  if (name !== 'uncaughtException') return;
  const server = current.getStore();
  if (server === undefined || server === standalone) return;
  const error = new ERR_INVALID_REPL_INPUT('Listeners for `uncaughtException` cannot be used in the REPL');
  throw error;
}

/** An exception that nothing caught: the REPL's, if one of its commands started what threw. */
function capture(error) {
  const server = current.getStore() ?? standalone;
  if (server === undefined || !(server instanceof REPLServer)) return false;
  if (server === standalone && process.listenerCount('uncaughtException') > 0) return false;
  server._handleError(error);
  return true;
}

function colorsWanted(output) {
  if (output?.isTTY !== true) return false;
  return typeof output.getColorDepth === 'function' ? output.getColorDepth() > 2 : true;
}

function optionsOf(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode) {
  let options;
  if (prompt !== null && typeof prompt === 'object') {
    options = { ...prompt };
    options.input ??= options.stream;
    options.output ??= options.stream;
    if (options.input === undefined && options.output === undefined) {
      options.input = process.stdin;
      options.output = process.stdout;
    }
  } else {
    options = { prompt, eval: eval_, useGlobal, ignoreUndefined, replMode };
    options.input = stream?.stdin ?? stream ?? process.stdin;
    options.output = stream?.stdout ?? stream ?? process.stdout;
  }
  options.input ??= process.stdin;
  options.output ??= process.stdout;
  if (options.breakEvalOnSigint && options.eval) throw new ERR_INVALID_REPL_EVAL_CONFIG();
  options.prompt ??= '> ';
  options.terminal ??= options.output?.isTTY === true;
  options.useColors ??= options.terminal && colorsWanted(options.output);
  return options;
}

class REPLServer extends Interface {
  /** Lines of an incomplete command, each with its end. */
  #buffered = '';
  /** Key presses, lines and the end, that came while a command was awaited. */
  #waiting = [];
  #awaiting = false;
  #interrupt;
  #sawInterrupt = false;
  #sawEnd = false;
  #loading = false;
  #closing = false;
  #module;
  #names = new Set();

  constructor(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode) {
    const options = optionsOf(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode);
    let server;
    super({
      input: options.input,
      output: options.output,
      completer: options.completer ?? ((text, callback) => server.completerOf(text, callback)),
      terminal: options.terminal,
      historySize: options.historySize,
      prompt: options.prompt,
    });
    server = this;
    this._initialPrompt = options.prompt;
    this.#aliases();
    this.allowBlockingCompletions = Boolean(options.allowBlockingCompletions);
    this.useColors = Boolean(options.useColors);
    this._isStandalone = Boolean(options[kStandalone]);
    this.useGlobal = Boolean(options.useGlobal);
    this.ignoreUndefined = Boolean(options.ignoreUndefined);
    this.replMode = options.replMode ?? REPL_MODE_SLOPPY;
    this.underscoreAssigned = false;
    this.last = undefined;
    this.underscoreErrAssigned = false;
    this.lastError = undefined;
    this.breakEvalOnSigint = Boolean(options.breakEvalOnSigint);
    this.editorMode = false;
    this._userErrorHandler = options.handleError;
    const custom = options.eval || undefined;
    if (custom !== undefined) validateFunction(custom, 'eval');
    setOwnProperty(this, 'eval', (code, context, file, callback) => {
      this.#evaluate(custom ?? this.#defaultEval, code, context, file, callback);
    });
    this[kDefaultEval] = custom === undefined;
    this.context = undefined;
    this.lines = [];
    this.resetContext();
    this.commands = { __proto__: null };
    require('internal/repl/commands').define(this);
    this.writer = options.writer ?? writer;
    if (this.useColors && this.writer === writer) this.writer = coloredWriter();
    if (this._isStandalone) standalone = this;
    this.#listen();
    this.#keys(options.preview ?? custom === undefined);
    this.displayPrompt();
  }

  #aliases() {
    const pending = require('internal/options').getOptionValue('--pending-deprecation') === true;
    for (const [name, target] of [['inputStream', 'input'], ['outputStream', 'output']]) {
      let get = () => this[target];
      let set = (value) => { this[target] = value; };
      if (pending) {
        const text = 'repl.inputStream and repl.outputStream are deprecated. Use repl.input and repl.output instead';
        get = deprecate(get, text, 'DEP0141');
        set = deprecate(set, text, 'DEP0141');
      }
      Object.defineProperty(this, name, { __proto__: null, configurable: true, enumerable: true, get, set });
    }
  }

  #listen() {
    if (open.size === 0) process.prependListener('newListener', refuseListener);
    open.add(this);
    if (!capturing) {
      capturing = true;
      process.addUncaughtExceptionCaptureCallback(capture);
    }
    this.on('close', () => this.#onClose());
    this.on('SIGINT', () => this.#onInterrupt());
    this.on('line', (line) => this.#onLine(line));
    if (this.breakEvalOnSigint && !this.terminal) this[kBreak] = true;
  }

  /** Wraps the line editor's keys. */
  #keys(preview) {
    const write = this._ttyWrite.bind(this);
    const extras = this.terminal && process.env.TERM !== 'dumb' ?
      { preview: preview ? require('internal/repl/preview').create(this) : undefined,
        search: require('internal/repl/search').create(this) } : {};
    this._ttyWrite = (text, key) => {
      key ||= {};
      if (this.#awaiting && !(this.breakEvalOnSigint && key.ctrl && key.name === 'c')) {
        this.#waiting.push({ kind: 'key', text, key, completes: this.isCompletionEnabled });
        return;
      }
      if (this.#awaiting) {
        this.#interrupt?.();
        return;
      }
      if (this.editorMode && this.terminal) {
        this.#editorKey(write, text, key);
        return;
      }
      extras.preview?.clear(key);
      if (extras.search?.key(text, key)) return;
      write(text, key);
      extras.preview?.show(key.name !== 'escape');
    };
  }

  /** Editor mode: ctrl+D ends it, and the history is out of reach. */
  #editorKey(write, text, key) {
    if (key.ctrl && !key.shift) {
      switch (key.name) {
        case 'd':
          this.#leaveEditor();
          this.#sawEnd = true;
          write(text, { name: 'return' });
          return;
        case 'n':
        case 'p':
          return;
        default:
          write(text, key);
          return;
      }
    }
    switch (key.name) {
      case 'up':
      case 'down':
        return;
      case 'tab': {
        const previous = this._previousKey;
        if (previous !== null && previous !== undefined && previous.name === 'tab') this.completeOnEditorMode();
        else write(text, key);
        this._previousKey = key;
        return;
      }
      default:
        write(text, key);
    }
  }

  enterEditor() {
    this.editorMode = true;
    super.setPrompt('');
  }

  #leaveEditor() {
    this.editorMode = false;
    super.setPrompt(this._initialPrompt);
  }

  leaveEditor() {
    this.#leaveEditor();
  }

  /** `.load`: the text is typed in editor mode, then sent. */
  loadText(text) {
    this.enterEditor();
    this.#loading = true;
    this.write(text);
    this.#loading = false;
    this.#leaveEditor();
    this.write('\n');
  }

  #onInterrupt() {
    const empty = this.line.length === 0;
    this.clearLine();
    this.#leaveEditor();
    if (this.#buffered === '' && empty) {
      if (this.#sawInterrupt) {
        this.close();
        this.#sawInterrupt = false;
        return;
      }
      this.output.write('(To exit, press Ctrl+C again or Ctrl+D or type .exit)\n');
      this.#sawInterrupt = true;
    } else {
      this.#sawInterrupt = false;
    }
    this.clearBufferedCommand();
    this.displayPrompt();
  }

  #onClose() {
    if (this.#closing) return;
    if (this.#awaiting) {
      this.#waiting.push({ kind: 'close' });
      return;
    }
    this.#closing = true;
    open.delete(this);
    if (open.size === 0) process.removeListener('newListener', refuseListener);
    if (this.historyManager?.isFlushing) this.once('flushHistory', () => this.emit('exit'));
    else process.nextTick(() => this.emit('exit'));
  }

  // -------------------------------------------------------------- a line of input

  #onLine(line) {
    if (this.#awaiting) {
      this.#waiting.push({ kind: 'line', text: line });
      return;
    }
    line = `${line ?? ''}`;
    this.#sawInterrupt = false;
    if (this.editorMode) {
      this.#buffered += `${line}\n`;
      // The next line begins as far in as this one did.
      const indent = /^\s+/.exec(line);
      if (indent !== null && !this.#loading && this.terminal && this.sawKeyPress && line.trim() !== '') this.write(indent[0], {});
      return;
    }
    if (this.#isCommand(line)) return;
    const code = `${this.#buffered}${line}\n`;
    const sawEnd = this.#sawEnd;
    this.#sawEnd = false;
    this.eval(code, this.context, scriptName(), (error, result) => this.#finish(error, result, line, code, sawEnd));
  }

  /** `.help` and others; returns whether the line was one. */
  #isCommand(text) {
    const at = text.lastIndexOf('\n');
    const line = text.slice(at + 1).trim();
    if (!line.startsWith('.') || line[1] === '.' || !Number.isNaN(parseFloat(line))) return false;
    const match = /^\.([^\s]+)\s*(.*)$/.exec(line);
    const command = match === null ? undefined : this.commands[match[1]];
    if (command !== undefined) {
      this.#run(command, match[2]);
      return true;
    }
    if (this.#buffered !== '' || at !== -1) return false;
    this.output.write('Invalid REPL keyword\n');
    this.#done();
    return true;
  }

  #run(command, argument) {
    current.run(this, () => Reflect.apply(command.action, this, [argument]));
  }

  #finish(error, result, line, code, sawEnd) {
    const waited = this.#awaiting;
    if (error && this.#buffered === '' && line.trim().startsWith('npm ') && !(error instanceof Recoverable)) {
      this.output.write('npm should be run outside of the Node.js REPL, in your normal shell.\n' +
        '(Press Ctrl+D to exit.)\n');
      this.#done();
      return;
    }
    if (error instanceof Recoverable && !sawEnd) {
      if (this.terminal && !this.closed && this.#buffered === '') {
        this.continueLine(line);
      } else {
        this.#buffered += `${line}\n`;
        this.displayPrompt();
      }
      if (waited) this.#goOn();
      return;
    }
    if (code.trim() !== '') this.lines.push(code.replace(/\n$/, ''));
    if (error) {
      this._handleError(error instanceof Recoverable ? error.err : error);
      if (waited) this.#goOn();
      return;
    }
    this.clearBufferedCommand();
    if (!this.underscoreAssigned) this.last = result;
    if (!this.ignoreUndefined || result !== undefined) this.output.write(`${this.writer(result)}\n`);
    this.#done();
  }

  #done() {
    if (!this.closed) this.displayPrompt();
    // The end of the input has come, but lines before it wait.
    else if (this.#waiting.length > 0 && !this.terminal) this.output.write(this.getPrompt());
    if (this.#awaiting) this.#goOn();
  }

  // -------------------------------------------------------------- evaluation

  #evaluate(fn, code, context, file, callback) {
    validateFunction(callback, 'callback');
    let called = false;
    const done = (error, result) => {
      if (called) return;
      called = true;
      callback(error ?? null, result);
    };
    current.run(this, () => {
      try {
        Reflect.apply(fn, this, [code, context, file, done]);
      } catch (error) {
        // As if it had told so. A callback that throws is a fault of its owner.
        if (called) throw error;
        called = true;
        this._handleError(error);
      }
    });
  }

  #defaultEval(code, context, file, callback) {
    require('internal/repl/evaluate').evaluate(this, code, context, file, callback);
  }

  /** While a command is awaited, input waits. `interrupt` ends the wait. Returns what ends this state. */
  hold(interrupt) {
    this.#awaiting = true;
    this.#interrupt = interrupt;
    if (!this.closed && !this.paused) this.pause();
  }

  get isHeld() {
    return this.#awaiting;
  }

  #goOn() {
    if (!this.#awaiting) return;
    this.#awaiting = false;
    this.#interrupt = undefined;
    if (!this.closed) this.resume();
    while (this.#waiting.length > 0 && !this.#awaiting) {
      const entry = this.#waiting.shift();
      if (entry.kind === 'key') {
        const { isCompletionEnabled } = this;
        this.isCompletionEnabled = entry.completes;
        this._ttyWrite(entry.text, entry.key);
        this.isCompletionEnabled = isCompletionEnabled;
      } else if (entry.kind === 'line') {
        this.#onLine(entry.text);
      } else {
        this.#onClose();
      }
    }
  }

  /** Shows an error and asks for the next command. */
  _handleError(error) {
    this.clearLineIfTyped();
    if (typeof this._userErrorHandler === 'function') {
      const state = this._userErrorHandler(error);
      if (state === 'ignore') {
        this.clearBufferedCommand();
        if (!this.closed) this.displayPrompt();
        return;
      }
      if (state === 'unhandled') {
        process.nextTick(() => { throw error; });
        return;
      }
    }
    if (!this.underscoreErrAssigned) this.lastError = error;
    if (standalone === this && process.listenerCount('uncaughtException') > 0) {
      process.nextTick(() => {
        process.emit('uncaughtException', error);
        this.clearBufferedCommand();
        if (!this.closed) this.displayPrompt();
      });
      return;
    }
    this.output.write(describe(error, this.writer, this.context));
    this.clearBufferedCommand();
    if (!this.closed) this.displayPrompt();
  }

  /** An error that comes later stands below the prompt that waits. */
  clearLineIfTyped() {}

  // -------------------------------------------------------------- public methods

  /** Node docs: replServer.clearBufferedCommand(). */
  clearBufferedCommand() {
    this.#buffered = '';
  }

  get bufferedCommand() {
    return this.#buffered;
  }

  close() {
    super.close();
  }

  /** Node docs: replServer.displayPrompt([preserveCursor]). */
  displayPrompt(preserveCursor) {
    super.setPrompt(this.#buffered !== '' ? '| ' : this._initialPrompt);
    this.prompt(preserveCursor);
  }

  setPrompt(prompt) {
    this._initialPrompt = prompt;
    super.setPrompt(prompt);
  }

  /** Node docs: replServer.defineCommand(keyword, cmd). */
  defineCommand(keyword, command) {
    if (typeof command === 'function') command = { action: command };
    else validateFunction(command?.action, 'cmd.action');
    this.commands[keyword] = command;
  }

  createContext() {
    return require('internal/repl/context').create(this);
  }

  resetContext() {
    this.context = this.createContext();
    this.underscoreAssigned = false;
    this.underscoreErrAssigned = false;
    this.lines = [];
    this.#names.clear();
    require('internal/repl/context').defineLast(this);
    // The first one is the constructor's.
    this.emit('reset', this.context);
  }

  complete(...args) {
    Reflect.apply(this.completer, this, args);
  }

  completerOf(text, callback) {
    if (this.editorMode) {
      this.completeOnEditorMode(callback, text);
      return;
    }
    this.#completions(text, callback);
  }

  #completions(text, callback) {
    require('internal/repl/complete').complete(this, text, callback);
  }

  /** In editor mode, tab only inserts what all completions begin with. */
  completeOnEditorMode(callback = undefined, text = this.line.slice(0, this.cursor)) {
    const inform = typeof callback === 'function' ? callback : (error, value) => {
      if (error) return;
      const [completions, on] = value;
      const shared = require('internal/readline/utils').commonPrefix(completions.filter((each) => each !== ''));
      if (shared.length > on.length) this._insertString(shared.slice(on.length));
    };
    this.#completions(text, (error, value) => {
      if (error) return inform(error);
      const [completions, on = ''] = value;
      const shared = require('internal/readline/utils').commonPrefix(completions.filter((each) => each !== ''));
      return inform(null, [[shared !== '' ? shared : on], on]);
    });
  }

  /** Names that commands declared with `let`, `const` and `class`. */
  get lexicalNames() {
    return this.#names;
  }

  /** Node docs: replServer.setupHistory([historyConfig, ]callback). */
  setupHistory(config = {}, callback) {
    if (typeof config === 'function') {
      callback = config;
      config = {};
    }
    require('internal/repl/history').setup(this, config, callback);
  }

  get module() {
    this.#module ??= require('internal/repl/context').createModule();
    return this.#module;
  }
}

for (const name of ['bufferedCommand', 'isHeld', 'lexicalNames', 'module', 'enterEditor', 'leaveEditor', 'loadText', 'hold', 'completerOf',
  'clearLineIfTyped']) {
  Object.defineProperty(REPLServer.prototype, name, { __proto__: null, enumerable: false });
}

const kStandalone = Symbol('standalone');
const kBreak = Symbol('break');
const kDefaultEval = Symbol('default eval');

module.exports = {
  REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT, current, kDefaultEval, kStandalone, ERR_MISSING_ARGS, ERR_SCRIPT_EXECUTION_INTERRUPTED,
};
