/** Code coverage of test runs. Node docs: "Collecting code coverage". */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { validateNumber, validateStringArray } = require('internal/validators');
const { getOptionValue } = require('internal/options');

/** The settings of run()'s options, checked. */
function settingsOf(options) {
  const globs = (name) => {
    const value = options[name];
    if (value == null) return undefined;
    const list = Array.isArray(value) ? value : [value];
    validateStringArray(list, `options.${name}`);
    return list;
  };
  const percent = (name) => {
    const value = options[name] ?? 0;
    validateNumber(value, `options.${name}`, 0, 100);
    return value;
  };
  return {
    exclude: globs('coverageExcludeGlobs'),
    include: globs('coverageIncludeGlobs'),
    lines: percent('lineCoverage'),
    branches: percent('branchCoverage'),
    functions: percent('functionCoverage'),
  };
}

/** The options of run() that the command line sets. */
function runOptions() {
  const list = (name) => {
    const value = getOptionValue(name);
    return value === undefined || value.length === 0 ? undefined : value;
  };
  return {
    coverageExcludeGlobs: list('--test-coverage-exclude'),
    coverageIncludeGlobs: list('--test-coverage-include'),
    lineCoverage: Number(getOptionValue('--test-coverage-lines') ?? 0),
    branchCoverage: Number(getOptionValue('--test-coverage-branches') ?? 0),
    functionCoverage: Number(getOptionValue('--test-coverage-functions') ?? 0),
  };
}

function settingsFromOptions() {
  return settingsOf(runOptions());
}

function start() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('run({ coverage: true })');
}

module.exports = { runOptions, settingsFromOptions, settingsOf, start };
