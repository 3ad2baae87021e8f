/** Where a test was written: the first frame of the stack that is not the runner's. */
'use strict';

const { currentSites } = require('internal/error_stacks');

/** { file, line, column, frame } of the code that called the runner; `undefined` if there is none. */
function callerLocation() {
  for (const site of currentSites(12)) {
    let file = site.getFileName();
    // Evaluated code has no place.
    if (site.isEval()) return undefined;
    if (file == null || file.startsWith('node:test') || file.startsWith('node:internal/test/') ||
      file === 'node:internal/error_stacks') continue;
    if (file.startsWith('node:')) return undefined;
    if (file.startsWith('file://')) file = require('url').fileURLToPath(file);
    const line = site.getLineNumber();
    const mapped = originalOf(file, line, site.getColumnNumber());
    if (mapped !== undefined) return mapped;
    return { file, line, column: startOfCall(file, line, site.getColumnNumber()), frame: `${site}`.replace(/:\d+\)?$/, (end) => `:${startOfCall(file, line, site.getColumnNumber())}${end.endsWith(')') ? ')' : ''}`) };
  }
  return undefined;
}

/** Where a place comes from, if source maps are wanted and the file has one. */
function originalOf(file, line, column) {
  if (!require('internal/options').getOptionValue('--enable-source-maps') && process.sourceMapsEnabled !== true) return undefined;
  const entry = require('internal/module/source_maps').findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry?.originalSource === undefined) return undefined;
  let { originalSource: source } = entry;
  if (source.startsWith('file://')) source = require('url').fileURLToPath(source);
  const place = { file: source, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  return { ...place, frame: `${place.file}:${place.line}:${place.column}` };
}

/** Lines of the file that was looked at last. */
let lines;
let linesOf;

/** The engine says where a call's arguments start, V8 where its callee does. Columns are 1-based. */
function startOfCall(file, line, column) {
  if (linesOf !== file) {
    linesOf = file;
    try {
      lines = require('fs').readFileSync(file, 'utf8').split('\n');
    } catch {
      lines = [];
    }
  }
  const text = lines[line - 1];
  if (text === undefined || text[column - 1] !== '(') return column;
  const callee = /[\w$]+$/.exec(text.slice(0, column - 1));
  return callee === null ? column : callee.index + 1;
}

module.exports = { callerLocation };
