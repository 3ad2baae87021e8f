/** The dot reporter: a character per test. Node docs: "Test reporters". */
'use strict';

const { formatResult, palette } = require('internal/test/format');

/** Characters in a line, unless the terminal is wider. */
const COLUMNS_MIN = 20;

function columnsOf() {
  return Math.max(process.stdout.columns ?? COLUMNS_MIN, COLUMNS_MIN);
}

async function* dotReporter(source) {
  const colors = palette();
  const failed = [];
  let count = 0;
  let columns = columnsOf();
  for await (const { type, data } of source) {
    if (type === 'test:pass') yield `${colors.green}.${colors.clear}`;
    if (type === 'test:fail') {
      yield `${colors.red}X${colors.clear}`;
      failed.push(data);
    }
    if ((type === 'test:fail' || type === 'test:pass') && ++count === columns) {
      yield '\n';
      columns = columnsOf();
      count = 0;
    }
  }
  yield '\n';
  if (failed.length > 0) {
    yield `\n${colors.red}Failed tests:${colors.white}\n\n`;
    for (const data of failed) {
      yield `${formatResult('test:fail', { __proto__: null, ...data, nesting: 0 }, colors, { showError: true })}\n`;
    }
  }
}

module.exports = dotReporter;
