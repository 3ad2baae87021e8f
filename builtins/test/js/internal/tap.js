/** The TAP reporter. Test Anything Protocol, version 13. */
'use strict';

const { inspect } = require('internal/util/inspect');
const { types: { isDate } } = require('util');

function escape(text) {
  return text.replaceAll('\b', '\\b').replaceAll('\f', '\\f').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r').replaceAll('\v', '\\v').replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

function indentOf(nesting) {
  return '    '.repeat(nesting);
}

function resultLine(nesting, number, status, name, { expectFailure, skip, todo }) {
  let line = `${indentOf(nesting)}${status} ${number}`;
  if (name) line += ` - ${escape(name)}`;
  if (skip !== undefined) line += ` # SKIP${typeof skip === 'string' && skip.length > 0 ? ` ${escape(skip)}` : ''}`;
  else if (todo !== undefined) line += ` # TODO${typeof todo === 'string' && todo.length > 0 ? ` ${escape(todo)}` : ''}`;
  else if (expectFailure !== undefined) {
    line += ` # EXPECTED FAILURE${typeof expectFailure === 'string' ? ` ${escape(expectFailure)}` : ''}`;
  }
  return `${line}\n`;
}

/** One key of the YAML block. */
function yaml(indent, name, value, seen = new Set()) {
  if (value === undefined) return '';
  const prefix = `${indent}  ${name}:`;
  if (value === null) return `${prefix} ~\n`;
  if (typeof value !== 'object') {
    if (typeof value !== 'string') return `${prefix} ${inspectInline(value)}\n`;
    if (!value.includes('\n')) return `${prefix} ${inspect(value)}\n`;
    return block(indent, name, value);
  }
  if (seen.has(value)) return `${prefix} <Circular>\n`;
  if (isDate(value)) return `${prefix} ${inspect(value)}\n`;
  const entries = Object.entries(value);
  seen.add(value);
  let text = `${prefix}\n`;
  const isError = Error.isError(value);
  for (const { 0: key, 1: item } of entries) if (!isError || (key !== 'cause' && key !== 'code')) text += yaml(`${indent}  `, key, item, seen);
  seen.delete(value);
  // As in Node, what an error has of its own follows, no deeper.
  if (isError) text += errorYaml(indent, value);
  return text;
}

function inspectInline(value) {
  return inspect(value);
}

function block(indent, name, text) {
  let result = `${indent}  ${name}: |-\n`;
  for (const line of text.split(/\r?\n/)) result += `${indent}    ${line}\n`;
  return result;
}

function errorYaml(indent, error) {
  if (error === null || error === undefined || typeof error !== 'object') return '';
  const { cause, code, failureType, message } = error;
  let text = '';
  let shown = message ?? '<unknown error>';
  let shownCode = code;
  let shownName = error.name;
  let stack = error.stack;
  let inner = error;
  text += yaml(indent, 'failureType', failureType);
  text += yaml(indent, 'exitCode', error.exitCode) + yaml(indent, 'signal', error.signal);
  if (code === 'ERR_TEST_FAILURE' && failureType !== undefined && cause !== undefined) {
    if (cause !== null && typeof cause === 'object' && isErrorLike(cause)) {
      inner = cause;
      stack = cause.stack;
      shown = cause.message ?? message;
      shownCode = cause.code ?? code;
      if (cause.name && cause.name !== 'Error') shownName = cause.name;
    } else {
      if (typeof cause === 'function') shownName = cause.name;
      inner = undefined;
      // A failure of the runner's own shows where it was, if anywhere.
      stack = typeof cause === 'string' ? error.stack : undefined;
    }
  }
  if (typeof shown === 'string' && shown.includes('\n')) text += block(indent, 'error', shown);
  else text += yaml(indent, 'error', shown);
  if (shownCode) text += yaml(indent, 'code', shownCode);
  if (shownName && shownName !== 'Error') text += yaml(indent, 'name', shownName);
  if (inner !== undefined && isAssertion(inner)) {
    text += yaml(indent, 'expected', inner.expected);
    text += yaml(indent, 'actual', inner.actual);
    if (inner.operator) text += yaml(indent, 'operator', inner.operator);
  }
  if (typeof stack === 'string') {
    const frames = [];
    for (const line of stack.split(/\r?\n/)) {
      const frame = /^\s+at\s(.*)$/.exec(line);
      if (frame !== null) frames.push(frame[1].trimEnd());
    }
    if (frames.length > 0) {
      text += `${indent}  stack: |-\n`;
      for (const frame of frames) text += `${indent}    ${frame}\n`;
    }
  }
  return text;
}

function isErrorLike(value) {
  return Error.isError(value) || value instanceof Error || typeof value.stack === 'string';
}

function isAssertion(error) {
  return error.code === 'ERR_ASSERTION' || ('expected' in error && 'actual' in error);
}

function details(nesting, data, location) {
  const { duration_ms, error, type } = data;
  const indent = indentOf(nesting);
  return `${indent}  ---\n${yaml(indent, 'duration_ms', duration_ms)}${yaml(indent, 'type', type)}` +
    `${location === undefined ? '' : yaml(indent, 'location', location)}${errorYaml(indent, error)}${indent}  ...\n`;
}

async function* tapReporter(source) {
  yield 'TAP version 13\n';
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:fail': {
        yield resultLine(data.nesting, data.testNumber, 'not ok', data.name, data);
        const location = data.file ? `${data.file}:${data.line}:${data.column}` : undefined;
        yield details(data.nesting, data.details, location);
        break;
      }
      case 'test:pass':
        yield resultLine(data.nesting, data.testNumber, 'ok', data.name, data);
        yield details(data.nesting, data.details, undefined);
        break;
      case 'test:plan':
        yield `${indentOf(data.nesting)}1..${data.count}\n`;
        break;
      case 'test:start':
        yield `${indentOf(data.nesting)}# Subtest: ${escape(data.name)}\n`;
        break;
      case 'test:stderr':
      case 'test:stdout':
        for (const line of data.message.split(/\r?\n/)) {
          if (line !== '') yield `# ${escape(line)}\n`;
        }
        break;
      case 'test:diagnostic':
        yield `${indentOf(data.nesting)}# ${escape(data.message)}\n`;
        break;
      case 'test:coverage':
        yield require('internal/test/coverage_table').coverageTable(data.summary, '# ');
        break;
      case 'test:interrupted':
        for (const { name, file, line, column } of data.tests) {
          const place = file === undefined ? '' : ` at ${escape(`${file}:${line}:${column}`)}`;
          yield `# Interrupted while running: ${escape(name)}${place}\n`;
        }
        break;
      default:
    }
  }
}

module.exports = tapReporter;
