'use strict';

/**
 * Gives SyntaxErrors of the loaders what Node's have: file, line, source line and caret ahead of the stack, and the
 * advice for ES module syntax in a CommonJS file.
 */

const { reword } = require('internal/module/v8_syntax');

/** What the report of uncaught errors puts above the stack: nothing, when the stack already starts with the source line. */
const kDecorated = Symbol.for('anode.arrowMessage');

/** Errors that module syntax in a script gives. */
const moduleSyntax = new Set([
  'Cannot use import statement outside a module',
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
]);

function lineOf(source, number) {
  let start = 0;
  for (let line = 1; line < number; line++) {
    const next = source.indexOf('\n', start);
    if (next === -1) return '';
    start = next + 1;
  }
  const end = source.indexOf('\n', start);
  return source.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

/** The length of the caret line: the word or the one character at the column. */
function underline(line, column) {
  const rest = line.slice(column);
  const word = /^[\p{ID_Continue}$]+|^["'`][^"'`]*["'`]?|^./u.exec(rest);
  return '^'.repeat(word ? word[0].length : 1);
}

/** Puts `file:line`, the source line and a caret ahead of the stack; `note` below the caret. */
function addSourceLine(error, source, filename, note = undefined) {
  if (error[kDecorated] !== undefined) return;
  const place = require('internal/error_place').placeOf(error);
  if (place === undefined) return;
  const { line } = place;
  reword(error, source);
  const text = lineOf(source, line);
  const column = Math.max(0, place.column - 1);
  const indent = text.slice(0, column).replace(/[^\t]/g, ' ');
  const { stack } = error;
  const head = `${filename}:${line}\n${text}\n${indent}${underline(text, column)}\n${note === undefined ? '' : `${note}\n`}\n`;
  Object.defineProperty(error, 'stack', { __proto__: null, value: head + stack, configurable: true, writable: true });
  Object.defineProperty(error, kDecorated, { __proto__: null, value: '' });
}

/** For a SyntaxError of compiling `filename` as CommonJS; `note` as in addSourceLine. */
function decorate(error, source, filename, format, isMain, note = undefined) {
  if (!(error instanceof SyntaxError)) return;
  reword(error, source);
  if (moduleSyntax.has(error.message) && isMain) {
    const { createWarning } = require('internal/process/warning');
    // At once: the error is about to end the process.
    process.emit('warning', createWarning(`Failed to load the ES module: ${filename}. Make sure to set "type": "module" in the nearest ` +
      'package.json file or use the .mjs extension.'));
  }
  addSourceLine(error, source, filename, note);
}

const kNamedImports = /\bimport\b[^'"`;{}]*\{([^{}]*)\}\s*from\b/g;

/**
 * The first name that the import statement around line `number` asks for and that is not among `names`: `{ name, line, column }`.
 * Undefined unless the statement asks for `name`.
 */
function firstMissing(source, number, name, names) {
  const lineAt = (index) => source.slice(0, index).split('\n').length;
  for (const match of source.matchAll(kNamedImports)) {
    const end = match.index + match[0].length;
    if (lineAt(match.index) > number || lineAt(end) < number) continue;
    const start = match.index + match[0].indexOf('{') + 1;
    const asked = [...match[1].matchAll(/([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s+as\s+[\p{ID_Continue}$]+)?/gu)];
    if (!asked.some((each) => each[1] === name)) continue;
    const first = asked.find((each) => !names.includes(each[1]));
    const index = start + first.index;
    return { name: first[1], line: lineAt(index), column: index - source.lastIndexOf('\n', index - 1) };
  }
  return undefined;
}

/**
 * Keeps the place where an error was made as what the report of uncaught errors shows: for errors that a promise carried
 * and a loader throws on.
 */
function keepLocation(error) {
  if (!(error instanceof Error) || error[kDecorated] !== undefined) return;
  const location = binding('task_queue').errorLocation(error);
  if (location === undefined) return;
  const { 0: file, 1: line, 2: column } = location;
  const text = require('internal/process/source_lines').sourceLine(file, line);
  if (text === undefined) return;
  const indent = text.slice(0, Math.max(column - 1, 0)).replace(/\bthrow\s+$/, '').replace(/[^\t]/g, ' ');
  Object.defineProperty(error, kDecorated, { __proto__: null, value: `${file}:${line}\n${text}\n${indent}^\n` });
}

module.exports = { addSourceLine, decorate, firstMissing, kDecorated, keepLocation, lineOf, underline };
