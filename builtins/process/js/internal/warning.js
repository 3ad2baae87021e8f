/**
 * process.emitWarning and the printed form of warnings. Node docs: process.emitWarning, process 'warning', --no-warnings,
 * --trace-warnings, --disable-warning, --redirect-warnings.
 */
'use strict';

const { getOptionValue } = require('internal/options');
const process = require('internal/process/object');

let traceHintShown = false;
let disabled;

function isDisabled(warning) {
  disabled ??= new Set(getOptionValue('--disable-warning') || []);
  return disabled.size > 0 && (disabled.has(warning.name) || (warning.code !== undefined && disabled.has(warning.code)));
}

/** Prints a warning on stderr: Node's default listener. */
function onWarning(warning) {
  if (isDisabled(warning)) return;
  if (!(warning instanceof Error)) return;
  const deprecation = warning.name === 'DeprecationWarning';
  if (deprecation && process.noDeprecation) return;
  const trace = process.traceProcessWarnings || (deprecation && process.traceDeprecation);
  let text = `(${process.release.name}:${process.pid}) `;
  if (warning.code) text += `[${warning.code}] `;
  if (trace && warning.stack) {
    text += warning.stack;
  } else {
    text += typeof warning.toString === 'function' ? String(warning.toString()) : Error.prototype.toString.call(warning);
  }
  if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
  if (!trace && !traceHintShown) {
    const flag = deprecation ? '--trace-deprecation' : '--trace-warnings';
    text += `\n(Use \`${process.release.name} ${flag} ...\` to show where the warning was created)`;
    traceHintShown = true;
  }
  const file = getOptionValue('--redirect-warnings') || process.env.NODE_REDIRECT_WARNINGS;
  if (file) {
    try {
      require('fs').appendFileSync(file, `${text}\n`);
      return;
    } catch {
      // Falls back to stderr, as Node documents for a file that cannot be written.
    }
  }
  process.stderr.write(`${text}\n`);
}

function createWarning(message, type, code, ctor, detail) {
  const limit = Error.stackTraceLimit;
  const mayChange = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable !== false;
  const warning = new Error(message);
  warning.name = String(type || 'Warning');
  if (code !== undefined) warning.code = code;
  if (detail !== undefined) warning.detail = detail;
  if (mayChange) Error.stackTraceLimit = limit;
  Error.captureStackTrace(warning, ctor || emitWarning);
  return warning;
}

/** Node docs: process.emitWarning(warning[, options]) and (warning[, type[, code]][, ctor]). */
function emitWarning(warning, type, code, ctor) {
  const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
  const { validateString } = require('internal/validators');
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ctor = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') detail = type.detail;
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    ctor = type;
    code = '';
    type = 'Warning';
  }
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') {
    ctor = code;
    code = '';
  } else if (code !== undefined) {
    validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    warning = createWarning(warning, type, code === '' ? undefined : code, ctor, detail);
  } else if (!(warning instanceof Error)) {
    throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) return;
    if (process.throwDeprecation) {
      process.nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  process.nextTick(doEmit, warning);
}

function doEmit(warning) {
  process.emit('warning', warning);
}

module.exports = { createWarning, emitWarning, onWarning };
