/** How a REPL shows what was thrown. */
'use strict';

const { types: { isNativeError } } = require('util');

/** SyntaxErrors of commands -> the command. */
const sources = new WeakMap();

function rememberSource(error, code) {
  if (error !== null && typeof error === 'object') sources.set(error, code);
}

/**
 * Frames of the REPL's own, and the top level of the command, are of no use. `frames` is flat: name, file, line, column, type of
 * the receiver. Functions of the context itself have none: they were called by name.
 */
function trim(frames, context) {
  const { STRIDE } = require('internal/error_stacks');
  const kept = [];
  let end = -1;
  for (let i = 0; i < frames.length; i += STRIDE) {
    if (frames[i + 1] === '' || frames[i + 1].startsWith('node:')) continue;
    if (frames[i] === '') end = kept.length;
    if (frames[i + 4] === 'Object' && frames[i] !== '' && Object.hasOwn(context, frames[i])) frames[i + 4] = frames[i + 5] = '';
    for (let field = 0; field < STRIDE; field++) kept.push(frames[i + field]);
  }
  return end === -1 ? kept : kept.slice(0, end);
}

function isErrorLike(value) {
  return value !== null && typeof value === 'object' && (isNativeError(value) || value instanceof Error);
}

/** The line of a SyntaxError with what is wrong underlined. */
function arrow(error, code) {
  const place = require('internal/error_place').placeOf(error);
  if (place === undefined) return '';
  const { lineOf, underline } = require('internal/module/syntax_errors');
  const line = lineOf(code, place.line);
  const column = Math.max(0, place.column - 1);
  return `${line}\n${line.slice(0, column).replace(/[^\t]/g, ' ')}${underline(line, column)}\n\n`;
}

/** The text of an error, with its end of line. */
function describe(thrown, writer, context) {
  const { Thrown } = require('internal/repl/evaluate');
  const error = thrown instanceof Thrown ? thrown.value : thrown;
  let head = '';
  if (isErrorLike(error)) {
    require('internal/error_stacks').setFrameFilter(error, (frames) => trim(frames, context));
    const code = sources.get(error);
    if (code !== undefined) {
      head = arrow(error, code);
      try {
        const text = `${error.name}: ${error.message}`;
        Object.defineProperty(error, 'stack', { __proto__: null, configurable: true, enumerable: false, value: text, writable: true });
      } catch {
        // A frozen error is shown as it is.
      }
    }
  }
  let text = writer(error);
  if (typeof text !== 'string') text = `${text}`;
  if (isErrorLike(error) && text.startsWith('[') && text.endsWith(']')) text = text.slice(1, -1);
  return `${head}${withUncaught(text, writer, isErrorLike(error))}\n`;
}

/** Puts `Uncaught` before the line that names the error. */
function withUncaught(text, writer, isError) {
  const lines = text.split(/(?<=\n)/);
  if (isError) {
    const at = lines.findIndex((line) => /^\[?([A-Z][a-z0-9_]*)*Error/.test(line));
    if (at !== -1) {
      const width = writer.options?.breakLength ?? 80;
      lines[at] = `${width >= lines[at].length ? 'Uncaught ' : 'Uncaught:\n'}${lines[at]}`;
      return lines.join('');
    }
  }
  return `Uncaught${lines.length === 1 ? ' ' : ':\n'}${text}`;
}

module.exports = { describe, rememberSource };
