/**
 * Code coverage of test runs. Node docs: "Collecting code coverage".
 *
 * Every process of a run writes V8's coverage reports into one folder (NODE_V8_COVERAGE, the user's or a temporary one). At
 * the end they are merged, and counted by line, branch and function (internal/test/coverage_files).
 */
'use strict';

const path = require('path');
const fs = require('fs');
const { validateNumber, validateStringArray } = require('internal/validators');
const { getOptionValue } = require('internal/options');

/** coverage-<pid>-<milliseconds>-<thread>.json, and a number where a process writes several at once. */
const REPORT_NAME = /^coverage-\d+-\d{13}-\d+(?:-\d+)?\.json$/;

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
    includeAll: options.coverageIncludeAll === true,
    line: percent('lineCoverage'),
    branch: percent('branchCoverage'),
    function: percent('functionCoverage'),
  };
}

/** The options of run() that the command line sets. */
function runOptions() {
  const list = (name) => {
    const value = getOptionValue(name);
    return value === undefined || value.length === 0 ? undefined : value;
  };
  const percent = (name) => {
    const value = Number(getOptionValue(name) ?? 0) || 0;
    if (value < 0 || value > 100) {
      const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
      throw new ERR_OUT_OF_RANGE(name, '>= 0 && <= 100', value);
    }
    return value;
  };
  return {
    coverageExcludeGlobs: list('--test-coverage-exclude'),
    coverageIncludeGlobs: list('--test-coverage-include'),
    coverageIncludeAll: getOptionValue('--test-coverage-include-all') === true,
    lineCoverage: percent('--test-coverage-lines'),
    branchCoverage: percent('--test-coverage-branches'),
    functionCoverage: percent('--test-coverage-functions'),
  };
}

function settingsFromOptions() {
  return settingsOf(runOptions());
}

/**
 * Begins counting in this process, before any of the user's code is compiled, where the command line asks for coverage of tests
 * that run here. With a process per file, only those processes count.
 */
function startEarly() {
  if (getOptionValue('--test') === true && getOptionValue('--test-isolation') !== 'none') return;
  const counter = require('internal/v8/coverage');
  if (!counter.isStarted()) counter.startFiles(folder());
}

let temporary;

/** The folder of the reports, for child processes in the environment, too. */
function folder() {
  if (process.env.NODE_V8_COVERAGE) {
    process.env.NODE_V8_COVERAGE = path.resolve(process.env.NODE_V8_COVERAGE);
  } else {
    temporary = fs.mkdtempSync(path.join(require('os').tmpdir(), 'node-coverage-'));
    process.env.NODE_V8_COVERAGE = temporary;
  }
  return process.env.NODE_V8_COVERAGE;
}

class Coverage {
  #settings;
  #cwd;
  #folder;
  #isHere;

  constructor({ coverage, cwd, isolation }) {
    this.#settings = coverage;
    this.#cwd = cwd;
    this.#isHere = isolation === 'none';
    const counter = require('internal/v8/coverage');
    this.#folder = counter.isStarted() && process.env.NODE_V8_COVERAGE ? process.env.NODE_V8_COVERAGE : folder();
    if (this.#isHere && !counter.isStarted()) counter.startFiles(this.#folder);
  }

  get folder() {
    return this.#folder;
  }

  /** { summary, shortfalls }: what was counted, and a message per threshold that was not met. */
  finish() {
    try {
      const counter = require('internal/v8/coverage');
      if (counter.isStarted()) {
        if (this.#isHere) counter.write();
        counter.stop();
      }
      const summary = require('internal/test/coverage_files').summarize(this.#reports(), this.#cwd, this.#settings);
      return { summary, shortfalls: shortfallsOf(summary) };
    } finally {
      if (temporary !== undefined) fs.rmSync(temporary, { recursive: true, force: true });
    }
  }

  #reports() {
    let names;
    try {
      names = fs.readdirSync(this.#folder);
    } catch (error) {
      // No process wrote any.
      if (error.code === 'ENOENT') return [];
      throw error;
    }
    return names.filter((name) => REPORT_NAME.test(name)).sort()
      .map((name) => JSON.parse(fs.readFileSync(path.join(this.#folder, name), 'utf8')));
  }
}

function shortfallsOf({ thresholds, totals }) {
  const actual = {
    line: totals.coveredLinePercent, branch: totals.coveredBranchPercent, function: totals.coveredFunctionPercent,
  };
  return Object.keys(thresholds).filter((name) => actual[name] < thresholds[name]).map((name) => (
    `Error: ${actual[name].toFixed(2)}% ${name} coverage does not meet threshold of ${thresholds[name]}%.`
  ));
}

/** Starts a run with coverage; `settings` has `coverage` (of settingsOf), `cwd` and `isolation`. */
function start(settings) {
  return new Coverage(settings);
}

module.exports = { runOptions, settingsFromOptions, settingsOf, start, startEarly };
