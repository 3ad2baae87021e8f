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
  const watch = getOptionValue('--watch') === true;
  const randomSeed = require('internal/test/harness').seedOption();
  if (watch && isolation === 'none') return watchHere(files);
  const coverage = getOptionValue('--experimental-test-coverage') === true;
  const runner = require('internal/test/run');
  const inspected = isolation === 'process' && runner.isInspected();
  const stream = runner.run({
    concurrency: inspected ? 1 : numberOf('--test-concurrency') ?? true,
    inspectPort: inspected ? process.debugPort : undefined,
    coverage,
    ...(coverage ? require('internal/test/coverage').runOptions() : undefined),
    forceExit: getOptionValue('--test-force-exit') === true,
    fromCommandLine: true,
    globalSetupPath: getOptionValue('--test-global-setup'),
    globPatterns: files,
    isolation,
    only: getOptionValue('--test-only') === true,
    randomSeed,
    rerunFailuresFilePath: getOptionValue('--test-rerun-failures'),
    shard: shardOf(getOptionValue('--test-shard')),
    testNamePatterns: patterns('--test-name-pattern'),
    testSkipPatterns: patterns('--test-skip-pattern'),
    testTagFilters: require('internal/test/harness').tagOption(),
    timeout: numberOf('--test-timeout'),
    watch,
    onStart(harness, found, settings) {
      if (files.length > 0 && found.length === 0 && !watch && !getOptionValue('--test-shard')) {
        process._rawDebug(`Could not find '${files.join(', ')}'`);
        process.exit(1);
      }
      if (inspected) {
        process.emitWarning(
          'Using the inspector with --test forces running at a concurrency of 1. Use the inspectPort option to run with concurrency');
      }
      onInterrupt(harness, settings);
    },
    onEnd(harness) {
      if (!harness.success) process.exitCode = 1;
    },
  });
  reporting.attach(stream);
}

/** All files in one process, anew after each change. The global setup is this process's. */
async function watchHere(files) {
  const flags = [];
  for (let i = 0; i < process.execArgv.length; i++) {
    const flag = process.execArgv[i];
    if (flag === '--watch' || flag === '--watch-preserve-output' || flag.startsWith('--test-global-setup=')) continue;
    if (flag === '--test-global-setup') i++;
    else flags.push(flag);
  }
  const tearDown = await require('internal/test/global_setup').setUp(getOptionValue('--test-global-setup'));
  const stop = require('internal/test/watch').watchProcess([...flags, ...files]);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      stop();
      await tearDown();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}

/** SIGINT tells what was running. */
function onInterrupt(harness, settings) {
  process.once('SIGINT', async () => {
    const tests = running(harness.root)
      .map(({ name, nesting, file, location }) => ({ name, nesting, file, line: location?.line, column: location?.column }));
    harness.emit('test:interrupted', { __proto__: null, tests });
    // Reporters tell that at once.
    await new Promise((resolve) => require('timers').setImmediate(resolve));
    for (const child of harness.root.children) if (!child.finished) child.abortSignal();
    for (const child of settings.children ?? []) child.kill('SIGTERM');
    await settings.tearDown?.();
    // While files are watched, the tree has ended before and its stream has not.
    if (harness.ended) harness.stream.finish();
    else harness.end();
    process.exitCode = 1;
    // As in Node, reporters that are streams say the rest, generators have no time for it.
    const { areStreams, whenFlushed } = require('internal/test/reporting');
    if (areStreams()) whenFlushed(() => process.exit(1));
    else process.exit(1);
  });
}

/** Tests that have started and not ended, the innermost ones. */
function running(node) {
  return node.children.filter((child) => child.startTime !== null && !child.finished).flatMap((child) => {
    const inner = running(child);
    return inner.length > 0 || child.isSuite ? inner : [child];
  });
}

module.exports = { run };
