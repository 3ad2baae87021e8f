/**
 * What joins a tree of tests to its process: ids, counts, filters, events, and the end.
 *
 * The process's own tree is made by the first call of `test()`. It ends when the loop is empty; what has not finished by
 * then never will. Exceptions that nobody caught belong to the test whose asynchronous work threw them.
 */
'use strict';

const { TestsStream } = require('internal/test/stream');
const { Suite, Test, current, currentHook, testFailure, wrapError } = require('internal/test/tree');
const { getOptionValue } = require('internal/options');
const { queueMicrotask } = require('internal/process/task_queues');
const { TIMEOUT_MAX, clearTimeout, now, setTimeout } = require('internal/test/time');

class Harness {
  #lastId = 0;

  constructor({ namePatterns, skipPatterns, only, randomSeed, rerunFile, stream = new TestsStream(), tagFilters } = {}) {
    this.namePatterns = namePatterns ?? null;
    this.skipPatterns = skipPatterns ?? null;
    this.tagFilters = tagFilters ?? null;
    this.random = randomSeed === undefined ? undefined : require('internal/test/random').generator(randomSeed);
    this.rerun = rerunFile === undefined ? undefined : new (require('internal/test/rerun').Rerun)(rerunFile);
    this.only = only === true;
    /** In the process of one file, `only` takes --test-only. */
    this.ignoresOnly = false;
    /** Whether any test has it, even one that no pattern wants. */
    this.sawOnly = false;
    this.stream = stream;
    this.counts = {
      __proto__: null, tests: 0, failed: 0, passed: 0, cancelled: 0, skipped: 0, todo: 0, topLevel: 0, suites: 0,
    };
    this.success = true;
    this.onlySettled = false;
    this.ended = false;
    this.startTime = now();
    this.ready = Promise.resolve();
    /** Tests of the root that wait for their launch. */
    this.launching = 0;
    this.onLaunched = undefined;
    this.root = new Test({ name: '<root>', parent: null, harness: this });
    this.root.startTime = this.startTime;
    this.rootAfter = undefined;
    /** Called when no test runs or waits. */
    this.onIdle = undefined;
  }

  nextId() {
    return ++this.#lastId;
  }

  emit(type, data) {
    this.stream.post(type, data);
  }

  /** Whether a node is left out by name. Node docs: "Filtering tests by name". */
  filters(node) {
    const { namePatterns, skipPatterns, tagFilters } = this;
    if (tagFilters !== null && !node.isSuite && !tagFilters(node.tags)) return true;
    if (node.parent.runOnlySubtests && !node.only && !this.ignoresOnly) return true;
    if (this.only && node.only === false && !node.parent.isSuite) return true;
    if (namePatterns === null && skipPatterns === null) return false;
    if (skipPatterns !== null && matches(skipPatterns, node)) return true;
    if (namePatterns === null) return false;
    for (let at = node; at.parent !== null; at = at.parent) if (matches(namePatterns, at)) return false;
    // Its subtests may match, but only a suite can know: a test's are made when it runs.
    return true;
  }

  /** Counts a finished node. Node docs: event 'test:summary'. */
  count(node) {
    const { counts } = this;
    // A file whose tests were reported counts through them.
    if (node.isReported === false) {
      if (!node.passed) this.success = false;
      return;
    }
    if (node.nesting === 0) counts.topLevel++;
    if (node.isSuite) counts.suites++;
    else {
      counts.tests++;
      if (node.skip !== false) counts.skipped++;
      else if (node.todo !== false) counts.todo++;
      else if (node.cancelled) counts.cancelled++;
      else if (!node.passed) counts.failed++;
      else counts.passed++;
    }
    if (!node.passed && node.todo === false) this.success = false;
  }

  /** Once the tests that are there from the start are known: whether one has `only`, and what follows from it. */
  settleOnly() {
    if (this.onlySettled) return;
    this.onlySettled = true;
    if (this.ignoresOnly) return;
    const { root } = this;
    if (!this.sawOnly) return;
    this.only = true;
    pruneOnly(root);
  }

  /** Puts the root's tests into an order by chance. */
  shuffleRoot() {
    const { root } = this;
    require('internal/test/random').shuffle(root.children, this.random);
    root.children.forEach((child, index) => child.number = index + 1);
    const launches = this.waitingLaunches ?? [];
    this.waitingLaunches = undefined;
    this.isShuffled = true;
    for (const child of root.children) launches.find(({ node }) => node === child)?.go();
  }

  /** Settles when the tests that there are have been launched. */
  async launched() {
    while (this.launching > 0) await new Promise((resolve) => { this.onLaunched = resolve; });
  }

  rootIdle() {
    this.onIdle?.();
  }

  /** Runs the root's after hooks, once. */
  runRootAfter() {
    this.rootAfter ??= this.#runRootAfter();
    return this.rootAfter;
  }

  async #runRootAfter() {
    const { root } = this;
    const { runHooks } = require('internal/test/hooks');
    try {
      if (root.hooks.after.length > 0) await runHooks(root, 'after', root, root.context ?? root.createContext());
    } catch (error) {
      root.fail(error);
      this.success = false;
    }
  }

  /** Ends the tree: cancels what is open, and reports the sums. With `staysOpen` the stream waits for another tree. */
  end(staysOpen = false) {
    if (this.ended) return;
    this.ended = true;
    const { root, counts } = this;
    const unfinished = 'Promise resolution is still pending but the event loop has already resolved';
    for (const child of root.children.slice()) {
      if (child.finished) continue;
      // A test whose own function is over fails for its subtests alone.
      if (!child.ownDone) child.cancel(testFailure(unfinished, 'cancelledByParent'));
      child.finish();
    }
    root.finish();
    root.reportReady();
    if (root.error !== null) this.success = false;
    const duration_ms = Number(now() - this.startTime) / 1e6;
    const diagnostics = root.diagnostics.map(({ message, level }) => ({ message, level }));
    if (root.error !== null && root.error.failureType === 'hookFailed') {
      this.emit('test:fail', {
        __proto__: null, name: root.file, nesting: 0, testNumber: root.children.length + 1,
        details: { __proto__: null, duration_ms, error: root.error }, ...root.hooks.after[0]?.location, frame: undefined,
      });
    }
    this.emit('test:plan', { __proto__: null, nesting: 0, count: this.topLevelReported ?? root.children.length });
    const coverage = this.#finishCoverage(diagnostics);
    for (const [label, value] of [['tests', counts.tests], ['suites', counts.suites], ['pass', counts.passed],
      ['fail', counts.failed], ['cancelled', counts.cancelled], ['skipped', counts.skipped], ['todo', counts.todo],
      ['duration_ms', duration_ms]]) {
      diagnostics.push({ message: `${label} ${value}`, level: 'info' });
    }
    if (coverage !== undefined) {
      for (const message of coverage.shortfalls) {
        diagnostics.push({ message, level: 'error' });
        this.success = false;
        process.exitCode = 1;
      }
    }
    for (const { message, level } of diagnostics) {
      this.emit('test:diagnostic', { __proto__: null, nesting: 0, message, level });
    }
    if (coverage !== undefined) this.emit('test:coverage', { __proto__: null, nesting: 0, summary: coverage.summary });
    this.emit('test:summary', {
      __proto__: null, success: this.success, counts: { ...counts }, duration_ms, file: this.summaryFile,
    });
    if (this.reportsDependencies) {
      this.stream.post('watch:dependencies', { __proto__: null, files: require('internal/test/watch').loadedFiles() });
    }
    if (!staysOpen) this.stream.finish();
  }

  /** What was covered; undefined without coverage, or where it failed, which is told as a warning. */
  #finishCoverage(diagnostics) {
    try {
      return this.coverage?.finish();
    } catch (error) {
      diagnostics.push({ message: `Warning: Could not report code coverage. ${error}`, level: 'warn' });
      this.success = false;
      process.exitCode = 1;
      return undefined;
    }
  }
}

function matches(patterns, node) {
  const { name, fullName } = node;
  const spaced = fullName.replaceAll(' > ', ' ');
  return patterns.some((pattern) => pattern.test(name) || pattern.test(fullName) || pattern.test(spaced));
}

/** Takes out of a suite (or the root) what has not `only` where something has. Node docs: "only tests". */
function pruneOnly(node) {
  node.children = node.children.filter((child) => child.isOnly);
  node.children.forEach((child, index) => child.number = index + 1);
  for (const child of node.children) {
    // A suite with `only` means all of its tests, unless some of them have it, too.
    if (child.isSuite && (child.only !== true || child.children.some((inner) => inner.isOnly))) pruneOnly(child);
  }
}

/** A pattern of the command line: `/re/flags`, or the source of one. */
function toPattern(text) {
  const parts = /^\/(.*)\/([a-z]*)$/s.exec(text);
  const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
  try {
    return parts === null ? new RegExp(text) : new RegExp(parts[1], parts[2]);
  } catch (error) {
    throw new ERR_INVALID_ARG_VALUE('--test-name-pattern', text,
                                    `is an invalid regular expression. ${error.message.replace(/^.*: /, '')}`);
  }
}

function patternsOf(option) {
  const values = getOptionValue(option);
  return values === undefined || values.length === 0 ? null : values.map(toPattern);
}

let harness;

/** The tree of this process. */
function processHarness() {
  if (harness !== undefined) return harness;
  const only = getOptionValue('--test-only') === true;
  const runs = getOptionValue('--test') === true && !process.env.NODE_TEST_CONTEXT;
  const seed = seedOption();
  const rerunFile = getOptionValue('--test-rerun-failures');
  harness = new Harness({
    namePatterns: patternsOf('--test-name-pattern'), skipPatterns: patternsOf('--test-skip-pattern'), only,
    randomSeed: seed, rerunFile: runs ? undefined : rerunFile,
    tagFilters: require('internal/test/tags').toFilter(tagOption()),
  });
  harness.summaryFile = process.env.NODE_TEST_CONTEXT ? process.argv[1] : undefined;
  if (process.argv[1] !== undefined) harness.root.file = require('path').resolve(process.argv[1]);
  const timeout = getOptionValue('--test-timeout');
  if (timeout !== undefined && Number(timeout) > 0) harness.root.timeout = Number(timeout);
  // With --test and before its run, this only collects what preloaded modules define for all files.
  if (runs) return harness;
  const isChild = process.env.NODE_TEST_CONTEXT === 'child-v8';
  harness.ignoresOnly = isChild && !only;
  harness.reportsDependencies = isChild && process.env.WATCH_REPORT_DEPENDENCIES === '1';
  if (!isChild) {
    if (rerunFile !== undefined) harness.writeRerun = require('internal/test/rerun').record(harness.stream, rerunFile);
    if (getOptionValue('--experimental-test-coverage') === true) {
      const coverage = require('internal/test/coverage');
      harness.coverage = coverage.start({ coverage: coverage.settingsFromOptions(), cwd: process.cwd(), isolation: 'none' });
    }
    const setupFile = getOptionValue('--test-global-setup');
    if (setupFile !== undefined) {
      const setUp = require('internal/test/global_setup').setUp(setupFile).then((tearDown) => { harness.tearDown = tearDown; });
      setUp.catch((error) => process.nextTick(() => {
        process.removeAllListeners('uncaughtException');
        throw error;
      }));
      harness.ready = setUp;
    }
  }
  if (harness.random !== undefined) {
    harness.shuffled = new Promise((resolve) => require('timers').setImmediate(resolve)).then(() => harness.shuffleRoot());
  }
  watchProcess(harness);
  require('internal/test/reporting').attach(harness.stream);
  return harness;
}

function tagOption() {
  const list = getOptionValue('--experimental-test-tag-filter');
  return list === undefined || list.length === 0 ? undefined : list;
}

/** The seed of the order of tests, if the command line asks for one by chance. */
function seedOption() {
  const { SEED_MAX, newSeed } = require('internal/test/random');
  const text = getOptionValue('--test-random-seed');
  if (text !== undefined) {
    const seed = Number(text) || 0;
    require('internal/validators').validateInteger(seed, '"--test-random-seed"', 0, SEED_MAX);
    return seed;
  }
  return getOptionValue('--test-randomize') === true ? newSeed() : undefined;
}

/** Takes the errors that nobody caught. Returns what ends that. */
function watchErrors(harness) {
  const onUncaught = (error, type) => attribute(harness, error, type);
  const onRejection = (error) => attribute(harness, error, 'unhandledRejection');
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.removeListener('uncaughtException', onUncaught);
    process.removeListener('unhandledRejection', onRejection);
  };
}

function watchProcess(harness) {
  const { root } = harness;
  const unwatch = watchErrors(harness);
  const forceExit = getOptionValue('--test-force-exit') === true;
  let keepAlive;
  harness.onIdle = () => {
    if (keepAlive !== undefined) {
      clearTimeout(keepAlive);
      keepAlive = undefined;
    }
    if (root.hooks.after.length === 0 && !forceExit) return;
    // What a finished test's promise goes on with may add another one at once.
    queueMicrotask(() => {
      if (root.active > 0 || root.pending.length > 0) return;
      const done = harness.runRootAfter();
      if (forceExit) done.then(endProcessTree);
    });
  };
  const endProcessTree = () => {
    harness.end();
    harness.writeRerun?.();
    if (!forceExit) unwatch();
    process.removeListener('beforeExit', onBeforeExit);
    if (!harness.success) process.exitCode = 1;
    if (forceExit) require('internal/test/reporting').whenFlushed(() => process.exit());
  };
  let ending = false;
  const onBeforeExit = () => {
    if (ending) return;
    if (root.active > 0) {
      // A test that waits for something keeps the process alive, whatever it waits for.
      keepAlive ??= setTimeout(() => {}, TIMEOUT_MAX);
      return;
    }
    ending = true;
    harness.runRootAfter().then(async () => {
      await harness.tearDown?.();
      ending = false;
      endProcessTree();
    });
  };
  const onExit = () => {
    if (!harness.ended) endProcessTree();
    if (!harness.success) process.exitCode = 1;
  };
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
}

/** An error that nobody caught: it fails the test that it comes from, or is told at the end. */
function attribute(harness, error, type) {
  const node = current.getStore();
  if (node === undefined || node.parent === null || node.finished) {
    const hook = currentHook.getStore();
    let text;
    if (hook !== undefined || (node !== undefined && node.parent !== null)) {
      const { file, line, column } = (hook ?? node).location ?? {};
      const where = file === undefined ? '' : ` at ${require('path').relative(process.cwd(), file)}:${line}:${column}`;
      const what = hook === undefined ? `Test "${node.name}"` : `Test hook "${hook.kind}"`;
      text = `${what}${where} generated asynchronous activity after the test ended. This activity created the ` +
        `error "${error}" and would have caused the test to fail, but instead triggered an ${type} event.`;
    } else {
      text = 'A resource generated asynchronous activity after the test ended. This activity created the error ' +
        `"${error}" which triggered an ${type} event, caught by the test runner.`;
    }
    harness.success = false;
    process.exitCode = 1;
    harness.root.diagnostic(`Error: ${text}`, 'warn');
    return;
  }
  const failure = wrapError(error, type);
  if (node.isSuite) {
    node.fail(failure);
    return;
  }
  node.fail(failure);
  node.stop.settled = true;
  node.stop.reject(failure);
}

/** Makes `other` the tree of this process. Returns what undoes it. */
function adopt(other) {
  const before = harness;
  harness = other;
  // Hooks of preloaded modules are for every file.
  if (before !== undefined && before !== other) {
    for (const kind of Object.keys(before.root.hooks)) other.root.hooks[kind].push(...before.root.hooks[kind]);
    other.root.beforeDone = before.root.beforeDone;
  }
  const unwatch = watchErrors(other);
  return () => {
    unwatch();
    harness = before;
  };
}

/** The node that `test()` called now belongs to. */
function currentParent() {
  const node = current.getStore();
  if (node !== undefined) return node;
  return processHarness().root;
}

/** Makes a test or suite in the tree of this process. */
function startTest(kind, name, options, fn, location, overrides) {
  const parent = currentParent();
  const node = parent.create(kind === 'suite' ? Suite : Test, name, options, fn, location, overrides);
  if (node.dropped || (node.filtered && !node.isSuite)) return Promise.resolve();
  const { harness } = parent;
  if (parent.parent !== null) return node.parent.schedule(node);
  return launchTopLevel(harness, node);
}

async function launchTopLevel(harness, node) {
  harness.launching++;
  let result;
  try {
    // Boxed: nobody waits for the test here.
    result = await startTopLevel(harness, node);
  } finally {
    harness.launching--;
    if (harness.launching === 0) harness.onLaunched?.();
  }
  return result?.done;
}

/** Launches a test of the root when it is time; `{ done }`, or undefined if it is not wanted. */
async function startTopLevel(harness, node) {
  await harness.ready;
  harness.settleOnly();
  if (node.buildPromise !== undefined && node.filtered) await node.buildPromise;
  if (node.dropped) return undefined;
  if (harness.shuffled !== undefined && !harness.isShuffled) {
    await new Promise((resolve) => (harness.waitingLaunches ??= []).push({ node, go: resolve }));
    if (node.dropped) return undefined;
  }
  if (harness.only && !node.isOnly) {
    node.drop();
    return undefined;
  }
  return { done: node.parent.schedule(node) };
}

module.exports = { Harness, adopt, currentParent, processHarness, seedOption, startTest, tagOption, toPattern };
