/** Where a test was written: the first frame of the stack that is not the runner's. */
'use strict';

const { currentSites } = require('internal/error_stacks');

/** { file, line, column, frame } of the code that called the runner; `undefined` if there is none. */
function callerLocation() {
  for (const site of currentSites(12)) {
    let file = site.getFileName();
    if (file === null || file.startsWith('node:test') || file.startsWith('node:internal/test/') ||
      file === 'node:internal/error_stacks') continue;
    if (file.startsWith('node:')) return undefined;
    if (file.startsWith('file://')) file = require('url').fileURLToPath(file);
    return { file, line: site.getLineNumber(), column: site.getColumnNumber(), frame: `${site}` };
  }
  return undefined;
}

module.exports = { callerLocation };
