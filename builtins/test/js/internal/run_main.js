/** `anode --test [files]`. Node docs: "Running tests from the command line". */
'use strict';

const { getOptionValue } = require('internal/options');

function shardOf(text) {
  if (text === undefined) return undefined;
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  if (parts === null) {
    const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('--test-shard', text, 'must be in the form of <index>/<total>');
  }
  return { __proto__: null, index: Number(parts[1]), total: Number(parts[2]) };
}

function numberOf(name) {
  const value = Number(getOptionValue(name));
  return value > 0 ? value : undefined;
}

/** Runs the files of the command line, or those that the default patterns find. */
function run(files) {
  const reporting = require('internal/test/reporting');
  const isolation = getOptionValue('--test-isolation') ?? 'process';
  const patterns = (name) => {
    const list = getOptionValue(name);
    return list === undefined || list.length === 0 ? undefined : list;
  };
  const stream = require('internal/test/run').run({
    concurrency: numberOf('--test-concurrency') ?? true,
    coverage: getOptionValue('--experimental-test-coverage') === true,
    forceExit: getOptionValue('--test-force-exit') === true,
    fromCommandLine: true,
    globPatterns: files,
    isolation,
    only: getOptionValue('--test-only') === true,
    shard: shardOf(getOptionValue('--test-shard')),
    testNamePatterns: patterns('--test-name-pattern'),
    testSkipPatterns: patterns('--test-skip-pattern'),
    timeout: numberOf('--test-timeout'),
    watch: getOptionValue('--watch') === true,
    onStart(harness, found) {
      if (files.length > 0 && found.length === 0 && !getOptionValue('--test-shard')) {
        process._rawDebug(`Could not find '${files.join(', ')}'`);
        process.exit(1);
      }
      onInterrupt(harness);
    },
    onEnd(harness) {
      if (!harness.success) process.exitCode = 1;
    },
  });
  reporting.attach(stream);
}

/** SIGINT tells what was running. */
function onInterrupt(harness) {
  process.once('SIGINT', () => {
    const tests = harness.root.children.filter((child) => child.startTime !== null && !child.finished)
      .map(({ name, nesting, file, location }) => ({ name, nesting, file, line: location?.line, column: location?.column }));
    harness.emit('test:interrupted', { __proto__: null, tests });
    for (const child of harness.root.children) if (!child.finished) child.abortSignal();
    harness.end();
    process.exitCode = 1;
    require('internal/test/reporting').whenFlushed(() => process.exit(1));
  });
}

module.exports = { run };
