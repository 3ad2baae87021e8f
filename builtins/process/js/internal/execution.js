/**
 * Exceptions that nobody caught, and the end of the process.
 *
 * Node docs: process 'uncaughtException', 'uncaughtExceptionMonitor', "Exit codes".
 */
'use strict';

const { setFatalException, exit: exitNow, errorLocation } = binding('task_queue');

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

function hasUncaughtExceptionCaptureCallback() {
  return captureFn !== null;
}

/** The source line of an error with a caret under its column, as Node prints above the stack. */
function sourceContext(error) {
  if (error === null || typeof error !== 'object') return '';
  const shown = error[Symbol.for('anode.arrowMessage')];
  if (typeof shown === 'string') return shown;
  const location = errorLocation(error);
  if (location === undefined) return '';
  let { 0: file, 1: line, 2: column } = location;
  // Engine errors of our own plumbing point at the first frame of the user.
  if (file.startsWith('node:')) {
    const frame = userFrame(error);
    if (frame === undefined) return `${file}:${line}\n`;
    ({ file, line, column } = frame);
  }
  const text = require('internal/process/source_lines').sourceLine(file, line);
  if (text === undefined) return '';
  const caret = text.slice(0, Math.max(column - 1, 0)).replace(/[^\t]/g, ' ');
  return `${file}:${line}\n${text}\n${caret}^\n`;
}

function userFrame(error) {
  const { stack } = error;
  if (typeof stack !== 'string') return undefined;
  for (const row of stack.split('\n')) {
    const match = /^ {4}at (?:.* \()?(.*?):(\d+):(\d+)\)?$/.exec(row);
    if (match !== null && !match[1].startsWith('node:')) {
      return { file: match[1], line: Number(match[2]), column: Number(match[3]) };
    }
  }
  return undefined;
}

/** What Node prints on stderr for an uncaught value. */
function describeUncaught(error, fromPromise) {
  let text = '';
  const isError = error !== null && typeof error === 'object' && isNativeError(error);
  if (isError) {
    text += sourceContext(error);
    if (text !== '') text += '\n';
    let shown;
    try {
      shown = hasExtraKeys(error) || error.cause !== undefined ?
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
    text += shown;
  } else {
    const { inspect } = require('internal/util/inspect');
    let shown;
    try {
      shown = typeof error === 'object' || typeof error === 'function' || typeof error === 'symbol' ?
        inspect(error) : typeof error === 'string' && fromPromise !== true ? error : String(error);
      if (error !== null && typeof error === 'object') {
        const { stack } = error;
        if (typeof stack === 'string' && stack !== '') shown = stack;
      }
    } catch {
      shown = '[unprintable value]';
    }
    text += `Uncaught:\n${shown}\n(Use \`anode --trace-uncaught ...\` to show where the exception was thrown)`;
    text = `${uncaughtPlace()}${text}`;
  }
  return `${text}\n\nNode.js ${process.version}\n`;
}

function uncaughtPlace() {
  return '';
}

function isNativeError(value) {
  return Error.isError(value) || value instanceof Error;
}

function hasExtraKeys(error) {
  return Object.keys(error).length > 0;
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
  const type = fromPromise === true ? 'unhandledRejection' : 'uncaughtException';
  const domainHandler = process.domain != null ? process.domain : undefined;
  process.emit('uncaughtExceptionMonitor', error, type);
  if (captureFn !== null) {
    captureFn(error);
    return true;
  }
  if (domainHandler !== undefined && typeof domainHandler._errorHandler === 'function') {
    if (domainHandler._errorHandler(error)) return true;
  }
  if (process.listenerCount('uncaughtException') > 0) {
    try {
      process.emit('uncaughtException', error, type);
    } catch (second) {
      report(second, false);
      runExit(7);
    }
    return true;
  }
  report(error, fromPromise);
  runExit(1);
  return false;
}

function report(error, fromPromise) {
  let text;
  try {
    text = describeUncaught(error, fromPromise);
  } catch (second) {
    text = `${String(error)}\n\nNode.js ${process.version}\n`;
  }
  binding('process').write(2, text);
}

function runExit(code) {
  try {
    emitExit(code);
  } catch (error) {
    report(error, false);
    exitNow(7);
  }
  const { exitCode } = process;
  exitNow(exitCode === undefined ? code : Number(exitCode));
}

function setup(target) {
  process = target;
  setFatalException(triggerUncaughtException);
}

module.exports = {
  hasUncaughtExceptionCaptureCallback,
  isNativeError,
  setUncaughtExceptionCaptureCallback,
  setup,
  sourceContext,
  triggerUncaughtException,
};
