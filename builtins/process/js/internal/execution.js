/**
 * Exceptions that nobody caught, and the end of the process.
 *
 * Node docs: process 'uncaughtException', 'uncaughtExceptionMonitor', "Exit codes".
 */
'use strict';

const hooks = require('internal/async_ids');
const lifecycle = require('internal/process/lifecycle');
const { write } = binding('process');
const { setFatalException, errorLocation, thrownAt } = binding('task_queue');

let process;
let captureFn = null;

/** Node docs: process.setUncaughtExceptionCaptureCallback(fn). */
function setUncaughtExceptionCaptureCallback(fn) {
  if (fn === null) {
    captureFn = null;
    return;
  }
  const { validateFunction } = require('internal/validators');
  if (typeof fn !== 'function') {
    const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], fn);
  }
  validateFunction(fn, 'fn');
  if (captureFn !== null) {
    const { codes: { ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET } } = require('internal/errors');
    throw new ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  }
  captureFn = fn;
}

/** Callbacks that are asked after the primary one; `true` means handled. */
const extraCaptures = [];

/** Node docs: process.addUncaughtExceptionCaptureCallback(fn). */
function addUncaughtExceptionCaptureCallback(fn) {
  require('internal/validators').validateFunction(fn, 'fn');
  extraCaptures.push(fn);
}

function hasUncaughtExceptionCaptureCallback() {
  return captureFn !== null;
}

/**
 * The source line of an error with a caret under its column, as Node prints above the stack. `thrown` tells that the error was
 * thrown by the code that ran last.
 */
function sourceContext(error, thrown = thrownAt() !== undefined) {
  if (error !== null && typeof error === 'object') {
    const shown = error[Symbol.for('anode.arrowMessage')];
    if (typeof shown === 'string') return shown;
  }
  // Where it was thrown, else where it was made: a rejected error was not thrown by the code that runs now.
  let location = thrownAt();
  // The loader only hands on what programs throw.
  if (location === undefined || (Error.isError(error) && location[0].startsWith('node:internal/module/'))) {
    location = (error !== null && typeof error === 'object' ? errorLocation(error) : undefined) ?? location;
  }
  if (location === undefined) return '';
  const { 0: file, 2: column } = location;
  const line = thrown && !Error.isError(error) ? lineOfThrow(file, location[1]) : location[1];
  const maps = require('internal/loader').cache.get('internal/module/source_maps')?.exports;
  const mapped = maps?.sourceLineOf(file, line, column);
  if (mapped !== undefined) return withCaret(mapped.file, mapped.line, mapped.text, mapped.column, thrown);
  const text = file.startsWith('node:') ?
    require('internal/process/source_lines').builtinLine(file, line) :
    require('internal/process/source_lines').sourceLine(file, line);
  if (text === undefined) return file === '' ? '' : `${file}:${line}\n`;
  const shift = require('internal/process/source_lines').columnOffset(file, line);
  return withCaret(file, line, text, column - shift, thrown);
}

/** Lines above the end of a thrown value that may hold its `throw`. */
const THROWN_LINES_MAX = 20;

/** The line of the `throw` that threw a value over several lines: the engine knows where the value ends. */
function lineOfThrow(file, line) {
  const { sourceLine } = require('internal/process/source_lines');
  for (let above = line; above > 0 && above > line - THROWN_LINES_MAX; above--) {
    const text = sourceLine(file, above);
    if (text === undefined) break;
    if (/^\s*throw\b/.test(text)) return above;
  }
  return line;
}

function withCaret(file, line, text, column, thrown) {
  let before = text.slice(0, Math.max(column - 1, 0));
  // The engine points at the thrown expression, V8 at the statement.
  const statement = /\bthrow\s+$/.exec(before) ?? (thrown ? /(?<=^\s*)throw\b/.exec(text) : null);
  if (statement !== null && thrown) before = text.slice(0, statement.index);
  const caret = before.replace(/[^\t]/g, ' ');
  return `${file}:${line}\n${text}\n${caret}^\n`;
}

/** What Node prints on stderr for an uncaught value. */
function describeUncaught(error) {
  const isError = error !== null && typeof error === 'object' && isNativeError(error);
  let text = sourceContext(error);
  if (isError) {
    if (text !== '') text += '\n';
    text += describeError(error);
  } else {
    const { inspect } = require('internal/util/inspect');
    let shown;
    try {
      shown = (error !== null && typeof error === 'object') || typeof error === 'function' ? inspect(error) : String(error);
    } catch {
      shown = '[unprintable value]';
    }
    text = `${text === '' ? 'Uncaught:\n' : `\n${text}`}${shown}`;
    if (error === null || (typeof error !== 'object' && typeof error !== 'function')) {
      text += `\n(Use \`${require('path').basename(process.argv0 || 'node')} --trace-uncaught ...\` to show where the exception was thrown)`;
    }
  }
  return `${text}\n\nNode.js ${process.version}\n`;
}

function describeError(error) {
  let shown;
  try {
    // An 'error' event that nobody listened for tells where it was emitted, too.
    const enhance = error[Symbol.for('anode.enhanceStack')];
    if (typeof enhance === 'function') {
      Object.defineProperty(error, 'stack', {
        __proto__: null, configurable: true, enumerable: false, value: enhance(), writable: true,
      });
    }
    shown = Object.keys(error).length > 0 || Object.hasOwn(error, 'cause') || error instanceof AggregateError ||
        Object.prototype.toString.call(error) === '[object DOMException]' ?
      require('internal/util/inspect').inspect(error) :
      error.stack;
    if (typeof shown !== 'string') shown = require('internal/util/inspect').inspect(error);
  } catch {
    try {
      shown = String(error.stack);
    } catch {
      shown = String(error);
    }
  }
  return shown;
}

function isNativeError(value) {
  return Error.isError(value) || value instanceof Error;
}

function emitExit(code) {
  if (process._exiting === true) return;
  process._exiting = true;
  process.exitCode = code;
  process.emit('exit', code);
}

/**
 * The runtime calls this for every exception that reached the event loop. Returns true if the process goes on; ends the
 * process otherwise.
 */
function triggerUncaughtException(error, fromPromise) {
  const goesOn = handleUncaught(error, fromPromise);
  hooks.clearStack();
  return goesOn;
}

function handleUncaught(error, fromPromise) {
  const type = fromPromise === true ? 'unhandledRejection' : 'uncaughtException';
  let exitCode = 1;
  const domainHandler = process.domain != null ? process.domain : undefined;
  process.emit('uncaughtExceptionMonitor', error, type);
  for (let i = extraCaptures.length - 1; i >= 0; i--) {
    if (extraCaptures[i](error) === true) return true;
  }
  if (captureFn !== null) {
    captureFn(error);
    return true;
  }
  if (domainHandler !== undefined && typeof domainHandler._errorHandler === 'function') {
    try {
      if (domainHandler._errorHandler(error)) return true;
    } catch (second) {
      // What the outermost domain's handler throws is uncaught in its place. Node docs: process, "Exit codes", 7.
      error = second;
      exitCode = 7;
    }
  }
  const isMain = lifecycle.getReport() === undefined;
  if (isMain && require('internal/options').getOptionValue('--abort-on-uncaught-exception') === true) {
    report(error);
    process.abort();
  }
  if (process.listenerCount('uncaughtException') > 0) {
    try {
      process.emit('uncaughtException', error, type);
    } catch (second) {
      report(second);
      runExit(lifecycle.getReport() === undefined ? EXIT_HANDLER_THREW : 1);
    }
    return true;
  }
  report(error);
  if (process.report.reportOnUncaughtException) require('internal/process/report').write(error, 'Exception', 'Exception');
  runExit(exitCode);
  return false;
}

function report(error) {
  lifecycle.noteException(error);
  const reportToParent = lifecycle.getReport();
  if (reportToParent !== undefined) {
    reportToParent(error);
    return;
  }
  let text;
  try {
    text = describeUncaught(error);
  } catch (second) {
    text = `${String(error)}\n\nNode.js ${process.version}\n`;
  }
  write(2, text);
}

function exitNow(code) {
  lifecycle.endThread(code);
}

function runExit(code) {
  try {
    emitExit(code);
  } catch (error) {
    report(error);
    exitNow(7);
  }
  const { exitCode } = process;
  exitNow(exitCode === undefined ? code : Number(exitCode));
}

/** Runs the text of `--eval` as a script; `referrer` is the file that its `import()` resolves from. */
function runScript(code, name, referrer) {
  return binding('module').runScript(code, name, referrer);
}

/** Node docs: process exit codes, "Internal Exception Handler Run-Time Failure". */
const EXIT_HANDLER_THREW = 7;
/** Node docs: process exit codes, "Non-function Internal Exception Handler". */
const EXIT_NO_HANDLER = 6;

function setup(target) {
  process = target;
  const { _fatalException: own } = process;
  setFatalException((error, fromPromise) => {
    const { _fatalException: handler } = process;
    if (handler === own) return triggerUncaughtException(error, fromPromise);
    if (typeof handler === 'function') return handler(error, fromPromise);
    if (lifecycle.getReport() === undefined) report(error);
    exitNow(EXIT_NO_HANDLER);
    return false;
  });
}

module.exports = {
  addUncaughtExceptionCaptureCallback,
  hasUncaughtExceptionCaptureCallback,
  isNativeError,
  runScript,
  setUncaughtExceptionCaptureCallback,
  setup,
  sourceContext,
  triggerUncaughtException,
};
