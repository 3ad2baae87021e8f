/** The lcov reporter: 'test:coverage' events as a tracefile. geninfo(1), "TRACEFILE FORMAT". */
'use strict';

const { Transform } = require('stream');
const { relative } = require('path');

function recordOf(file, workingDirectory) {
  const { branches, coveredBranchCount, coveredFunctionCount, coveredLineCount, functions, lines } = file;
  const { totalBranchCount, totalFunctionCount, totalLineCount } = file;
  const names = functions.map(({ name }, index) => name || `anonymous_${index}`);
  return [
    'TN:', `SF:${relative(workingDirectory, file.path)}`,
    ...functions.map(({ line }, index) => `FN:${line},${names[index]}`),
    ...functions.map(({ count }, index) => `FNDA:${count},${names[index]}`),
    `FNF:${totalFunctionCount}`, `FNH:${coveredFunctionCount}`,
    ...branches.map(({ line, count }, index) => `BRDA:${line},${index},0,${count}`),
    `BRF:${totalBranchCount}`, `BRH:${coveredBranchCount}`,
    ...[...lines].sort((a, b) => a.line - b.line).map(({ line, count }) => `DA:${line},${count}`),
    `LH:${coveredLineCount}`, `LF:${totalLineCount}`, 'end_of_record', '',
  ].join('\n');
}

class LcovReporter extends Transform {
  constructor(options) {
    super({ ...options, writableObjectMode: true, __proto__: null });
  }

  _transform({ type, data }, _encoding, done) {
    if (type !== 'test:coverage') {
      done(null);
      return;
    }
    const { files, workingDirectory } = data.summary;
    done(null, files.map((file) => recordOf(file, workingDirectory)).join(''));
  }
}

module.exports = LcovReporter;
