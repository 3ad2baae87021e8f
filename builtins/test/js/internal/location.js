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
    return { file, line, column: startOfCall(file, line, site.getColumnNumber()), frame: `${site}`.replace(/:\d+\)?$/, (end) => `:${startOfCall(file, line, site.getColumnNumber())}${end.endsWith(')') ? ')' : ''}`) };
  }
  return undefined;
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
