/** `run()`: test files, each in a process of its own, or all in this one. Node docs: run([options]). */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  validateAbortSignal, validateArray, validateBoolean, validateFunction, validateInteger, validateNumber, validateObject,
  validateOneOf, validateString, validateStringArray,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { getOptionValue } = require('internal/options');
const path = require('path');
const debug = require('util').debuglog('test_runner');
const { findFiles } = require('internal/test/files');
const { Harness, adopt, toPattern } = require('internal/test/harness');
const { SEED_MAX, generator, newSeed, shuffle } = require('internal/test/random');
const { Test, testFailure } = require('internal/test/tree');

/** Flags of this process that its test processes do not get. */
const FLAGS_LEFT = ['--test', '--experimental-test-coverage', '--watch', '--test-randomize'];
/** Flags with a value that they do not get either. */
const FLAGS_WITH_VALUE_LEFT = [
  '--test-reporter', '--test-reporter-destination', '--test-shard', '--test-concurrency', '--test-isolation', '--watch-path',
  '--test-global-setup', '--test-rerun-failures', '--test-random-seed',
];

/** Events that are told when they happen; others wait for the file's turn. */
const IMMEDIATE = new Set(['test:enqueue', 'test:dequeue', 'test:complete', 'test:stdout', 'test:stderr']);

/** The sums at the end of a process's own report. */
const SUM = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** The test that a file is to the runner. */
class FileTest extends Test {
  #events = [];
  #failedInside = 0;
  #reportedInside = 0;
  /** Results so far, should the process not live to tell its sums. */
  #tally = { __proto__: null, tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  /** The closing plan has come: what follows are the sums of the process's own tree. */
  #summing = false;

  /** An event of the file's process. */
  receive({ type, data }) {
    data.entryFile = this.file;
    if (data.nesting === 0 && type === 'test:diagnostic' && this.#summing && SUM.test(data.message)) return;
    if (type === 'test:pass' || type === 'test:fail') this.countInside(type, data);
    if (IMMEDIATE.has(type)) {
      this.harness.emit(type, data);
      return;
    }
    if (type === 'test:pass' || type === 'test:fail') this.#count(type, data);
    if (type === 'test:summary') {
      this.#tally = undefined;
      this.#addCounts(data);
    }
    if (data.nesting === 0 && type === 'test:plan') {
      this.#summing = true;
      return;
    }
    if (this.onTurn) this.#pass(type, data);
    else this.#events.push({ type, data });
  }

  #count(type, { details, skip, todo }) {
    const tally = this.#tally;
    if (tally === undefined) return;
    if (details.type === 'suite') {
      tally.suites++;
      return;
    }
    tally.tests++;
    if (skip !== undefined) tally.skipped++;
    else if (todo !== undefined) tally.todo++;
    else if (type === 'test:pass') tally.passed++;
    else if (['cancelledByParent', 'testAborted', 'testTimeoutFailure'].includes(details.error?.failureType)) tally.cancelled++;
    else tally.failed++;
  }

  countInside(type, data) {
    if (data.nesting !== 0) return;
    this.#reportedInside++;
    if (type === 'test:fail' && data.todo === undefined) this.#failedInside++;
  }

  #addCounts({ counts }) {
    const sums = this.harness.counts;
    for (const key of Object.keys(sums)) sums[key] += counts[key] ?? 0;
  }

  #pass(type, data) {
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0) {
      data.testNumber = ++this.harness.topLevelReported;
    }
    this.harness.emit(type, data);
  }

  flush() {
    for (const { type, data } of this.#events.splice(0)) this.#pass(type, data);
  }

  get isReported() {
    return this.#reportedInside === 0 || (!this.passed && this.#failedInside === 0);
  }

  get failedInside() {
    return this.#failedInside;
  }

  reportDescendants() {
    if (this.onTurn) this.flush();
  }

  report() {
    if (this.#tally !== undefined) this.#addCounts({ counts: this.#tally });
    this.#tally = undefined;
    this.flush();
    if (!this.isReported) return;
    // It keeps its place among the files as its number, as Node's does.
    this.harness.topLevelReported++;
    super.report();
  }
}

function validate(options) {
  validateObject(options, 'options');
  const {
    argv = [], concurrency, coverage = false, cwd = process.cwd(), env, execArgv = [], files, forceExit = false, globPatterns,
    globalSetupPath, inspectPort, isolation = 'process', only = false, randomSeed, randomize, rerunFailuresFilePath, setup, shard,
    signal, testTagFilters, timeout, watch = false,
  } = options;
  if (files != null) validateArray(files, 'options.files');
  validateBoolean(watch, 'options.watch');
  validateBoolean(forceExit, 'options.forceExit');
  if (forceExit && watch) throw new ERR_INVALID_ARG_VALUE('options.forceExit', watch, 'is not supported with watch mode');
  validateBoolean(only, 'options.only');
  if (globPatterns != null) validateArray(globPatterns, 'options.globPatterns');
  validateString(cwd, 'options.cwd');
  if (globPatterns?.length > 0 && files?.length > 0) {
    throw new ERR_INVALID_ARG_VALUE('options.globPatterns', globPatterns, "is not supported when specifying 'options.files'");
  }
  if (randomize !== undefined) validateBoolean(randomize, 'options.randomize');
  if (randomSeed !== undefined) validateNumber(randomSeed, 'options.randomSeed', 0, SEED_MAX);
  for (const [name, value] of [['randomize', randomize], ['randomSeed', randomSeed]]) {
    if (value === undefined || value === false) continue;
    if (watch) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value, 'is not supported with watch mode');
    if (rerunFailuresFilePath) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value, 'is not supported with rerun failures mode');
  }
  if (shard != null) validateShard(shard, watch);
  if (setup != null) validateFunction(setup, 'options.setup');
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  validateBoolean(coverage, 'options.coverage');
  validateStringArray(argv, 'options.argv');
  validateStringArray(execArgv, 'options.execArgv');
  if (env != null) {
    validateObject(env, 'options.env');
    if (isolation === 'none') throw new ERR_INVALID_ARG_VALUE('options.env', env, "is not supported with isolation='none'");
  }
  const coverageSettings = require('internal/test/coverage').settingsOf(options);
  return {
    argv, concurrency, cwd, env, execArgv, files, forceExit, globPatterns, inspectPort, isolation, only, setup, shard, signal,
    timeout, watch,
    coverage: coverage ? coverageSettings : undefined,
    globalSetupPath: pathOf(globalSetupPath, 'options.globalSetupPath'),
    randomSeed: randomSeed ?? (randomize ? newSeed() : undefined),
    rerunFile: pathOf(rerunFailuresFilePath, 'options.rerunFailuresFilePath'),
    tagFilters: require('internal/test/tags').toFilter(testTagFilters),
    tagTexts: testTagFilters == null ? [] : [testTagFilters].flat(),
    testNamePatterns: patterns(options.testNamePatterns, 'testNamePatterns'),
    testSkipPatterns: patterns(options.testSkipPatterns, 'testSkipPatterns'),
  };
}

/** A path given as string, Buffer or file URL. */
function pathOf(value, name) {
  if (value == null) return undefined;
  if (typeof value === 'string') return value;
  const { Buffer } = require('buffer');
  if (Buffer.isBuffer(value)) return value.toString();
  if (value instanceof URL) return require('url').fileURLToPath(value);
  throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value);
}

function validateShard(shard, watch) {
  validateObject(shard, 'options.shard');
  // Only what is there is looked at: a missing number is a wrong one.
  validateInteger(shard.total, 'options.shard.total', 1);
  validateInteger(shard.index, 'options.shard.index', 1, shard.total);
  if (watch) throw new ERR_INVALID_ARG_VALUE('options.shard', watch, 'shards not supported with watch mode');
}

function patterns(value, name) {
  if (value == null) return null;
  const list = Array.isArray(value) ? value : [value];
  return list.map((item, index) => {
    if (item instanceof RegExp) return item;
    if (typeof item === 'string') return toPattern(item);
    throw new ERR_INVALID_ARG_TYPE(`options.${name}[${index}]`, ['string', 'RegExp'], item);
  });
}

function childArgs(settings, file) {
  const flags = [];
  for (let i = 0; i < process.execArgv.length; i++) {
    const flag = process.execArgv[i];
    const name = flag.split('=')[0];
    if (FLAGS_LEFT.includes(name)) continue;
    if (FLAGS_WITH_VALUE_LEFT.includes(name)) {
      if (!flag.includes('=')) i++;
      continue;
    }
    flags.push(flag);
  }
  const { argv, execArgv, only, testNamePatterns, testSkipPatterns, timeout, fromCommandLine } = settings;
  flags.push(...execArgv);
  if (settings.randomSeed !== undefined) flags.push(`--test-random-seed=${settings.randomSeed}`);
  if (settings.rerunFile !== undefined) flags.push(`--test-rerun-failures=${settings.rerunFile}`);
  if (!fromCommandLine) {
    for (const filter of settings.tagTexts) flags.push(`--experimental-test-tag-filter=${filter}`);
    for (const pattern of testNamePatterns ?? []) flags.push(`--test-name-pattern=${pattern}`);
    for (const pattern of testSkipPatterns ?? []) flags.push(`--test-skip-pattern=${pattern}`);
    if (only) flags.push('--test-only');
    if (timeout != null && Number.isFinite(timeout)) flags.push(`--test-timeout=${timeout}`);
  }
  if (isInspected()) flags.push(`--inspect-port=${nextInspectPort(settings)}`);
  return [...flags, file, ...argv];
}

/** Whether this process was told to be inspected: its test processes are, too. */
function isInspected() {
  const words = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')];
  return words.some((word) => /^--inspect(?:-brk|-wait)?(?:=|$)/.test(word));
}

/** The port of the next inspected test process. Node docs: run(), `inspectPort`. */
function nextInspectPort({ inspectPort }) {
  if (typeof inspectPort === 'function') inspectPort = inspectPort();
  if (inspectPort != null) return require('internal/validators').validatePort(inspectPort);
  // Port 0 is a free one, for each of them.
  if (process.debugPort !== 0) process.debugPort++;
  return process.debugPort;
}

/** Lines by which debuggers find a process go to standard error as they are. Returns what is left. */
function tellOfDebugger(text) {
  const lines = text.split(/(?<=\n)/);
  const isOfDebugger = (line) => /^(?:Debugger (?:listening on|attached|ending)|Waiting for the debugger)/.test(line);
  for (const line of lines) if (isOfDebugger(line)) process.stderr.write(line);
  return lines.filter((line) => !isOfDebugger(line)).join('');
}

/** Numbers of the processes that run at the same time, for NODE_TEST_WORKER_ID. */
class WorkerIds {
  #used = new Set();

  take() {
    let id = 1;
    while (this.#used.has(id)) id++;
    this.#used.add(id);
    return id;
  }

  free(id) {
    this.#used.delete(id);
  }
}

async function runFile(node, settings, context, ids) {
  const { spawn } = require('child_process');
  const { Receiver } = require('internal/test/wire');
  const workerId = ids.take();
  const child = spawn(process.execPath, childArgs(settings, node.filePath), {
    __proto__: null,
    cwd: settings.cwd,
    env: {
      ...(settings.env ?? process.env), NODE_TEST_CONTEXT: 'child-v8', NODE_TEST_WORKER_ID: `${workerId}`,
      ...(settings.watcher === undefined ? undefined : { WATCH_REPORT_DEPENDENCIES: '1' }),
      ...(settings.coverage === undefined ? undefined : { NODE_V8_COVERAGE: settings.coverageFolder }),
    },
    encoding: 'utf8',
    killSignal: 'SIGTERM',
    stdio: 'pipe',
  });
  context.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const place = { __proto__: null, file: node.name, entryFile: node.file };
  const decoder = new TextDecoder();
  settings.children?.add(child);
  const receiver = new Receiver((event) => {
    if (event.type === 'watch:dependencies') settings.watcher?.depend(event.data.files, node.filePath);
    else node.receive(event);
  }, (bytes) => node.receive({ type: 'test:stdout', data: { ...place, message: decoder.decode(bytes, { stream: true }) } }));
  child.stdout.on('data', (chunk) => receiver.push(chunk));
  child.stderr.setEncoding('utf8');
  const told = isInspected() ? tellOfDebugger : (text) => text;
  child.stderr.on('data', (chunk) => {
    const message = told(chunk);
    if (message !== '') node.receive({ type: 'test:stderr', data: { ...place, message } });
  });
  const { code, signal, error } = await new Promise((resolve) => {
    child.on('error', (failure) => resolve({ error: failure }));
    child.on('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  ids.free(workerId);
  settings.children?.delete(child);
  receiver.end();
  if (error !== undefined) throw error;
  if (code === 0 && signal === null) return;
  const failure = testFailure('test failed', node.failedInside > 0 ? 'subtestsFailed' : 'testCodeFailure');
  failure.exitCode = code;
  failure.signal = signal;
  throw failure;
}

/** Node docs: run([options]). */
function run(options = kEmptyObject) {
  const settings = validate(options);
  settings.fromCommandLine = options.fromCommandLine === true;
  const inTest = process.env.NODE_TEST_CONTEXT !== undefined;
  if (inTest) {
    process.emitWarning('node:test run() is being called recursively within a test file. skipping running files.');
  }
  const { isolation, setup, shard } = settings;
  if (isolation === 'none') settings.concurrency = 1;
  debug('test runner configuration: %O', { isolation, concurrency: settings.concurrency, files: settings.files });
  const harness = newHarness(settings);
  let files = inTest ? [] : settings.files ?? findFiles(settings.globPatterns, settings.cwd);
  if (shard != null) files = files.filter((_file, index) => index % shard.total === shard.index - 1);
  if (settings.randomSeed !== undefined) {
    shuffle(files, generator(settings.randomSeed));
    harness.root.diagnostic(`Randomized test order seed: ${settings.randomSeed}`);
  }
  if (settings.rerunFile !== undefined) settings.writeRerun = require('internal/test/rerun').record(harness.stream, settings.rerunFile);
  const start = async () => {
    settings.tearDown = await require('internal/test/global_setup').setUp(settings.globalSetupPath, settings.cwd);
    await setup?.(harness.stream);
    if (settings.watch && !inTest) {
      await runWatching(harness, files, settings);
      return;
    }
    const coverage = settings.coverage === undefined ? undefined : require('internal/test/coverage').start(settings);
    settings.coverageFolder = coverage?.folder;
    if (isolation === 'none') await runHere(harness, files, settings);
    else await runApart(harness, files, settings);
    await settings.tearDown();
    if (coverage !== undefined) harness.coverage = coverage;
    harness.end();
    options.onEnd?.(harness);
    if (settings.forceExit) require('internal/test/reporting').whenFlushed(() => process.exit());
  };
  options.onStart?.(harness, files, settings);
  // Listeners are added first.
  process.nextTick(() => {
    start().catch((error) => harness.stream.destroy(error));
  });
  return harness.stream;
}

function newHarness(settings, stream = undefined) {
  const here = settings.isolation === 'none';
  const harness = new Harness({
    namePatterns: here ? settings.testNamePatterns : null,
    skipPatterns: here ? settings.testSkipPatterns : null,
    tagFilters: here ? settings.tagFilters : null,
    randomSeed: here ? settings.randomSeed : undefined,
    rerunFile: here ? settings.rerunFile : undefined,
    only: here && settings.only,
    stream,
  });
  harness.topLevelReported = here ? undefined : 0;
  const { root } = harness;
  root.concurrency = rootConcurrency(settings);
  if (settings.timeout != null) root.timeout = settings.timeout;
  return harness;
}

/** Runs all files, then again those that changed or depend on what did, until the signal or the process ends. */
async function runWatching(first, files, settings) {
  const { Watcher, isUnder } = require('internal/test/watch');
  const { stream } = first;
  const known = new Set(files.map((name) => path.resolve(settings.cwd, name)));
  let running;
  let waiting = new Set();
  const watcher = new Watcher((changed) => {
    for (const file of changed) {
      for (const owner of watcher.ownersOf(file)) waiting.add(owner);
    }
    if (settings.files == null) {
      // A new file may be a test, a test may be gone.
      const now = new Set(findFiles(settings.globPatterns, settings.cwd).map((name) => path.resolve(settings.cwd, name)));
      for (const file of now) if (!known.has(file)) waiting.add(file);
      for (const file of known) if (!now.has(file)) waiting.delete(file);
      known.clear();
      for (const file of now) known.add(file);
    }
    if (waiting.size > 0) again();
  });
  settings.watcher = {
    depend(loaded, owner) {
      for (const file of loaded) if (isUnder(file, path.parse(file).root)) watcher.depend(file, owner);
    },
  };
  settings.children = new Set();
  const cycle = async (harness, list) => {
    for (const name of list) watcher.depend(path.resolve(settings.cwd, name), path.resolve(settings.cwd, name));
    await runApart(harness, list, settings);
    harness.end(true);
    stream.post('test:watch:drained', undefined);
  };
  const again = () => {
    if (running !== undefined) {
      // What runs is out of date.
      for (const child of settings.children) child.kill('SIGTERM');
      return;
    }
    // What depends on a change may be gone meanwhile. Files that were named are run, and fail.
    const isThere = (file) => settings.files != null || require('fs').existsSync(file);
    const list = [...waiting].filter(isThere).map((file) => path.relative(settings.cwd, file));
    waiting = new Set();
    stream.post('test:watch:restarted', undefined);
    start(newHarness(settings, stream), list);
  };
  const start = (harness, list) => {
    running = cycle(harness, list).then(() => {
      running = undefined;
      if (waiting.size > 0) again();
    }, (error) => stream.destroy(error));
  };
  if (settings.files == null) watcher.watchFolder(settings.cwd, true);
  settings.signal?.addEventListener('abort', async () => {
    watcher.close();
    await running;
    await settings.tearDown();
    // As in Node, an empty tree says that this is the end.
    newHarness(settings, stream).end();
  }, { once: true });
  start(first, files);
}

function rootConcurrency({ concurrency, isolation }) {
  if (isolation === 'none') return 1;
  const probe = new Test({ name: '<root>', parent: null, harness: { only: false }, options: { concurrency: concurrency ?? true } });
  return probe.concurrency;
}

function runApart(harness, files, settings) {
  const { root } = harness;
  const ids = new WorkerIds();
  return Promise.all(files.map((name) => {
    const file = path.resolve(settings.cwd, name);
    const node = new FileTest({
      name, parent: root, options: { signal: settings.signal, timeout: settings.timeout },
      location: { file, line: 1, column: 1 },
      fn: (context) => runFile(node, settings, context, ids),
    });
    node.filePath = file;
    return root.schedule(node);
  }));
}

/** All files in this process: they are imported first, then their tests run. */
async function runHere(harness, files, settings) {
  const loaded = Promise.withResolvers();
  harness.ready = loaded.promise;
  process.env.NODE_TEST_WORKER_ID ??= '1';
  const restore = adopt(harness);
  if (settings.fromCommandLine) {
    const requires = getOptionValue('--require');
    const imports = getOptionValue('--import');
    if (requires.length > 0 || imports.length > 0) {
      const { preload } = require('internal/module/run_main');
      await new Promise((resolve) => preload(requires, imports, resolve));
    }
  }
  const { pathToFileURL } = require('url');
  const { importFrom } = require('internal/test/load');
  const base = pathToFileURL(`${settings.cwd}/`).href;
  const { root } = harness;
  for (const name of files) {
    const file = path.resolve(settings.cwd, name);
    const before = root.children.length;
    root.file = file;
    try {
      await importFrom(pathToFileURL(file).href, base);
    } catch (error) {
      const node = new Test({ name, parent: root, location: { file, line: 1, column: 1 } });
      node.late = error;
      root.schedule(node);
      continue;
    }
    // A file without tests is a test that passed.
    if (root.children.length === before) {
      root.schedule(new Test({ name, parent: root, location: { file, line: 1, column: 1 } }));
    }
  }
  loaded.resolve();
  await undefined;
  // No turn of the loop in between: hooks of the root run before reporters get to write, as in Node.
  await harness.launched();
  await root.subtestsDone();
  await harness.runRootAfter();
  // What the tests left behind may still fail.
  if (settings.fromCommandLine && !settings.forceExit) await new Promise((resolve) => process.once('beforeExit', resolve));
  restore();
}

module.exports = { isInspected, run };
