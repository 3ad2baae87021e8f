/** Pieces that the spec and dot reporters share. */
'use strict';

const { inspect } = require('internal/util/inspect');
const { relative } = require('path');

const symbols = {
  '__proto__': null,
  'test:fail': '\u2716 ',
  'test:pass': '\u2714 ',
  'test:diagnostic': '\u2139 ',
  'test:coverage': '\u2139 ',
  'arrow:right': '\u25B6 ',
  'hyphen:minus': '\uFE63 ',
  'warning:alert': '\u26A0 ',
};

/** Colours of stdout, or none. */
function palette() {
  const stream = process.stdout;
  const colored = colorsWanted(stream);
  const code = (text) => colored ? text : '';
  return {
    colored,
    blue: code('\u001b[34m'), clear: code('\u001b[0m'), gray: code('\u001b[90m'), green: code('\u001b[32m'),
    red: code('\u001b[31m'), white: code('\u001b[39m'), yellow: code('\u001b[33m'),
  };
}

function colorsWanted(stream) {
  const { env } = process;
  if (env.FORCE_COLOR !== undefined) return !['', '0', 'false'].includes(env.FORCE_COLOR) || env.FORCE_COLOR === '';
  return stream?.isTTY === true && (typeof stream.getColorDepth !== 'function' || stream.getColorDepth() > 2);
}

function indentOf(nesting) {
  return '  '.repeat(nesting);
}

/** The error of a failed test as text, each line two columns further in than `indent`. */
function formatError(error, indent, colored) {
  if (!error) return '';
  const shown = error.code === 'ERR_TEST_FAILURE' ? error.cause : error;
  const options = { colors: colored, breakLength: Infinity };
  let text;
  try {
    text = inspect(shown, options);
  } catch {
    // Its own inspection throws: it is shown without.
    text = inspect(shown, { ...options, customInspect: false });
  }
  return text.split(/\r?\n/).map((line) => `\n${indent}  ${line}`).join('');
}

/** One line per finished test. */
function formatResult(type, data, colors, { prefix = '', showError = false } = {}) {
  const { details, name, nesting, expectFailure, skip, todo } = data;
  const indent = indentOf(nesting);
  let color = type === 'test:fail' ? colors.red : colors.green;
  let symbol = symbols[type] ?? ' ';
  let note = '';
  if (skip !== undefined) {
    color = colors.gray;
    symbol = symbols['hyphen:minus'];
    note = ` # ${typeof skip === 'string' && skip.length > 0 ? skip : 'SKIP'}`;
  } else if (todo !== undefined) {
    note = ` # ${typeof todo === 'string' && todo.length > 0 ? todo : 'TODO'}`;
    if (type === 'test:fail') {
      color = colors.yellow;
      symbol = symbols['warning:alert'];
    }
  } else if (expectFailure !== undefined) {
    note = ' # EXPECTED FAILURE';
  }
  const time = details?.duration_ms ? ` ${colors.gray}(${details.duration_ms}ms)${colors.white}` : '';
  const title = `${name}${time}${note}`;
  const error = showError ? formatError(details?.error, indent, colors.colored) : '';
  return `${prefix}${indent}${color}${symbol}${title}${colors.white}${error}`;
}

function placeOf(data) {
  return `test at ${relative(process.cwd(), data.file)}:${data.line}:${data.column}`;
}

module.exports = { formatError, formatResult, indentOf, palette, placeOf, symbols };
