/**
 * The tree of tests: one node per test or suite, a root per process (or per `run()`).
 *
 * A node goes  created -> started -> finished -> reported.  It starts when its parent has a free slot (`concurrency`), runs
 * its hooks, its function and its subtests, and finishes once; results are reported in the order of creation, so a node waits
 * for its elder siblings and for its parent's turn. Counting and events happen here, the text is the reporters' work.
 * Node docs: "Test runner".
 */
'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const { AsyncResource, kContext } = require('internal/async_hooks/resource');
const asyncContext = require('internal/async_context');
const { STRIDE, setFrameFilter } = require('internal/error_stacks');
const { AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_TEST_FAILURE } } = require('internal/errors');
const {
  validateAbortSignal, validateArray, validateNumber, validateString, validateUint32,
} = require('internal/validators');
const { queueMicrotask } = require('internal/process/task_queues');
const { kEmptyObject } = require('internal/util');
const { TestContext, SuiteContext, kNode } = require('internal/test/context');
const { runHooks, createHook } = require('internal/test/hooks');
const { now, TIMEOUT_MAX, stopAfter } = require('internal/test/time');

const kCancelled = 'cancelledByParent';
const kAborted = 'testAborted';
const kExpectedFailure = 'expectedFailure';
const kSubtestsFailed = 'subtestsFailed';
const kTestCodeFailure = 'testCodeFailure';
const kTestTimeoutFailure = 'testTimeoutFailure';

/** The node whose code runs. */
const current = new AsyncLocalStorage();
/** The hook whose code runs. */
const currentHook = new AsyncLocalStorage();

/** The async context in which `node` is the current one, and `hook`, if there is one. */
function contextOf(node, hook = undefined) {
  return current.run(node, () => hook === undefined ? asyncContext.get() : currentHook.run(hook, asyncContext.get));
}

/** `timeout` of a test or hook, in milliseconds; none is Infinity. */
function validateTimeout(timeout) {
  if (timeout !== Infinity) validateNumber(timeout, 'options.timeout', 0, TIMEOUT_MAX);
}

function concurrencyOf(concurrency, parent) {
  switch (typeof concurrency) {
    case 'number':
      validateUint32(concurrency, 'options.concurrency', true);
      return concurrency;
    case 'boolean':
      if (!concurrency) return 1;
      return parent === null ? Math.max(require('os').availableParallelism() - 1, 1) : Infinity;
    default:
      if (concurrency != null) {
        throw new ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], concurrency);
      }
      return parent === null ? 1 : parent.concurrency;
  }
}

/** `expectFailure` as { label, match }. Node docs: "Expecting tests to fail". */
function parseExpectFailure(value) {
  if (value === undefined || value === false || value === null) return false;
  if (typeof value === 'string') return { label: value, match: undefined };
  if (typeof value === 'function' || value instanceof RegExp) return { label: undefined, match: value };
  if (typeof value !== 'object') return { label: undefined, match: undefined };
  const keys = Object.keys(value);
  if (keys.length === 0) {
    throw new ERR_INVALID_ARG_VALUE('options.expectFailure', value, 'must not be an empty object');
  }
  if (keys.every((key) => key === 'label' || key === 'match')) return { label: value.label, match: value.match };
  return { label: undefined, match: value };
}

function tagsOf(tags, parent) {
  if (tags === undefined) return parent === null ? [] : parent.tags;
  validateArray(tags, 'options.tags');
  const own = tags.map((tag, index) => {
    validateString(tag, `options.tags[${index}]`);
    return tag.toLowerCase();
  });
  return [...new Set([...(parent === null ? [] : parent.tags), ...own])];
}

function noop() {}

/** Frames of the user's and of AsyncResource: of a flat list with STRIDE fields a frame, the second one its file. */
function withoutInternals(frames) {
  return frames.filter((_field, index) => {
    const file = frames[index - index % STRIDE + 1];
    return !file.startsWith('node:internal/') || file === 'node:internal/async_hooks/resource';
  });
}

/** A fault of the runner itself must not pass for a test that never ended. */
function fault(error) {
  process.nextTick(() => { throw error; });
}

/** Stands in for a test that has passed in an earlier attempt: it makes the subtests that it had then. */
function replay(children) {
  return async (context) => {
    for (const { name, file, line, column, children: inner } of children) {
      const child = context[kNode].create(Test, name, {}, replay(inner ?? []), { file, line, column });
      await child.parent.schedule(child);
    }
  };
}

/** A promise with its ends. */
function deferred() {
  return Promise.withResolvers();
}

class Test extends AsyncResource {
  constructor({ name, fn, parent, options = kEmptyObject, location, harness }) {
    super('Test');
    // Its code runs in the context in which it was made, as the current test.
    this[kContext] = contextOf(this);
    // A program may have put such names on Object.prototype.
    const { concurrency, expectFailure, only, plan, signal, skip, tags, timeout, todo } = { __proto__: null, ...options };
    this.parent = parent;
    this.harness = parent === null ? harness : parent.harness;
    this.nesting = parent === null || parent.parent === null ? 0 : parent.nesting + 1;
    this.location = location;
    this.file = location?.file ?? parent?.file;
    this.entryFile = parent?.entryFile;
    /** The file that was run, whatever file the test is written in. */
    this.testFile = parent === null || parent.parent === null ? this.harness.root?.file : parent.testFile;
    this.concurrency = concurrencyOf(concurrency, parent);
    if (timeout !== undefined && timeout !== null) validateTimeout(timeout);
    this.timeout = timeout ?? parent?.timeout ?? Infinity;
    this.tags = tagsOf(tags, parent);
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    this.outerSignal = signal;
    this.expectFailure = expectFailure === undefined ? parent?.expectFailure ?? false : parseExpectFailure(expectFailure);
    this.name = typeof name === 'string' && name !== '' ? name : fn?.name || '<anonymous>';
    this.fn = typeof fn === 'function' ? fn : noop;
    this.skip = skip !== undefined && skip !== false && skip !== null ? skip : false;
    this.todo = todo !== undefined && todo !== false && todo !== null ? todo : parent?.todo ? true : false;
    this.only = only;
    this.runOnlySubtests = false;
    this.plan = null;
    this.planned = plan;
    this.hooks = { before: [], beforeEach: [], after: [], afterEach: [] };
    this.children = [];
    this.pending = [];
    this.active = 0;
    this.reported = 0;
    this.diagnostics = [];
    this.startTime = null;
    this.endTime = null;
    this.passed = false;
    this.error = null;
    this.cancelled = false;
    this.finished = false;
    this.shown = parent === null;
    this.startReported = false;
    this.beforeDone = undefined;
    /** Its own function is over: only subtests are open. */
    this.ownDone = false;
    this.idle = undefined;
    this.wasIdle = false;
    this.draining = false;
    this.done = deferred();
    this.stop = deferred();
    this.stop.promise.catch(noop);
    this.aborted = false;
    this.controller = undefined;
    this.mockTracker = undefined;
    this.attempt = 0;
    this.id = parent === null ? 0 : this.harness.nextId();
    this.filtered = false;
    if (parent !== null) {
      if (only === true) this.harness.sawOnly = true;
      this.filtered = this.harness.filters(this);
      if (this.filtered && !this.isSuite) return;
      parent.children.push(this);
      this.number = parent.children.length;
      const { rerun } = this.harness;
      if (rerun !== undefined) {
        this.attempt = rerun.attempt;
        this.known = rerun.known(this);
        if (this.known !== undefined && !this.isSuite) this.fn = replay(this.known.children ?? []);
      }
    }
  }

  get isSuite() {
    return false;
  }

  get type() {
    return this.isSuite ? 'suite' : 'test';
  }

  get fullName() {
    if (this.parent === null) return this.name;
    return this.parent.parent === null ? this.name : `${this.parent.fullName} > ${this.name}`;
  }

  get signal() {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  /** Whether `only` is set on it or on a descendant. */
  get isOnly() {
    return this.only === true || this.children.some((child) => child.isOnly);
  }

  createContext() {
    return new TestContext(this);
  }

  // ---------------------------------------------------------------- subtests

  /** Takes a node out of the tree: no pattern wants it, nor any of its tests. */
  drop() {
    const { parent } = this;
    if (this.enqueued) return;
    const index = parent.children.indexOf(this);
    if (index === -1) return;
    parent.children.splice(index, 1);
    for (let i = index; i < parent.children.length; i++) parent.children[i].number = i + 1;
    this.dropped = true;
  }

  create(Kind, name, options, fn, location, overrides) {
    if (typeof name === 'function') {
      fn = name;
    } else if (name !== null && typeof name === 'object') {
      fn = options;
      options = name;
    } else if (typeof options === 'function') {
      fn = options;
    }
    if (options === null || typeof options !== 'object') options = kEmptyObject;
    let parent = this;
    let late;
    const isBuilt = this.isSuite && !this.building;
    if (this.finished || isBuilt || (this.parent === null && this.harness.ended)) {
      // Its parent is over: it is the root's now, and fails.
      late = testFailure('test could not be started because its parent finished', 'parentAlreadyFinished');
      // V8 looks at the receiver later, when the immediate is over.
      const frame = location?.frame.replace('Immediate._onImmediate', 'Immediate.<anonymous>');
      if (frame !== undefined) late.stack = `${late}\n    at ${frame}`;
      parent = this.harness.root;
      fn = noop;
    }
    const node = new Kind({ name, fn, parent, options: { __proto__: null, ...options, ...overrides }, location });
    node.late = late;
    return node;
  }

  /**
   * Starts a child, or lets it wait, unless this is a suite that is being built. Returns a promise of its end: who waits for it is
   * what stacks of the child lead to.
   */
  schedule(child) {
    if ((child.filtered && !child.isSuite) || (this.isSuite && !this.built)) return Promise.resolve();
    if (!child.enqueued) {
      child.enqueued = true;
      child.emit('test:enqueue', { type: child.type });
    }
    if (this.active >= this.concurrency || this.pending.length > 0) {
      this.pending.push(child);
      return child.done.promise;
    }
    this.active++;
    child.emit('test:dequeue', { type: child.type });
    return child.run();
  }

  childFinished() {
    this.active--;
    // Skipped tests end at once: the loop that started them goes on, no stack of loops.
    if (this.draining) return;
    this.draining = true;
    while (this.pending.length > 0 && this.active < this.concurrency && !this.stop.settled) {
      const next = this.pending.shift();
      if (next.finished) continue;
      this.active++;
      next.emit('test:dequeue', { type: next.type });
      next.done.resolve(next.run());
    }
    this.draining = false;
    if (this.active === 0 && this.pending.length === 0) {
      this.idle?.resolve();
      this.idle = undefined;
      if (this.parent !== null && !this.isSuite) this.wasIdle = true;
      if (this.parent === null) this.harness.rootIdle();
    }
  }

  /**
   * Settles when no subtest runs or waits. As in Node, that moment comes once: what a test starts without `await` after its
   * first subtests were over is cancelled when its function ends.
   */
  subtestsDone() {
    if (this.wasIdle || (this.active === 0 && this.pending.length === 0)) return undefined;
    this.idle ??= deferred();
    return this.idle.promise;
  }

  // ---------------------------------------------------------------- running

  /** Ends a test whose function is not to run; whether it is one. */
  endsAtOnce() {
    this.startTime = now();
    if (this.late !== undefined) this.fail(this.late);
    else if (this.outerSignal?.aborted) this.abortWith(this.outerSignal.reason);
    else if (this.notRun() && !this.finished) this.pass();
    else if (!this.finished) return false;
    this.finish();
    return true;
  }

  /**
   * Runs it to its end; never rejects. What it awaits is in stacks of its subtests, and who awaits it, in its own: so this is one
   * function, and the promise that users get.
   */
  async run() {
    if (this.endsAtOnce()) return;
    const context = this.createContext();
    this.context = context;
    const ends = this.armStops();
    const { parent } = this;
    let hooked = false;
    try {
      if (parent.beforeDone !== undefined) await parent.beforeDone;
      if (parent.hasHooks('beforeEach')) {
        hooked = true;
        await this.raceStop(parent.runEach('beforeEach', this, context));
      }
      hooked = true;
      if (this.finished) return;
      if (this.planned !== undefined) context.plan(this.planned);
      // Few frames lie between a subtest and its parent, as they count against the user's stack trace.
      const result = this.fn.length < 2 ? this.runInAsyncScope(this.fn, context, context) : this.callWithCallback(context);
      if (result !== undefined) await this.raceStop(result);
      else await undefined;
      if (this.plan !== null) await this.raceStop(this.plan.settle());
      if (this.beforeDone !== undefined) await this.ownBefore();
      this.ownDone = true;
      const rest = this.subtestsDone();
      if (rest !== undefined) await this.raceStop(rest);
      if (this.finished) return;
      if (this.plan !== null) this.plan.check();
      this.pass();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === this.cancelError) {
        // Who waits for the test is what its stack can tell.
        Error.captureStackTrace(failure);
        setFrameFilter(failure, withoutInternals);
      }
      // Even what throws at once ends after its parent has had the chance to start the next one.
      await undefined;
      if (this.finished) return;
      this.failWith(failure);
    } finally {
      this.disarmStops(ends);
      if (!this.finished) await this.afterRun(context, hooked).catch(fault);
    }
  }

  async afterRun(context, hooked) {
    try {
      if (hooked && this.parent.hasHooks('afterEach')) await this.parent.runEach('afterEach', this, context);
    } catch (error) {
      this.failWith(error);
    }
    try {
      if (this.hooks.after.length > 0) await runHooks(this, 'after', this, context);
    } catch (error) {
      this.failWith(error);
    }
    this.finish();
  }

  /** Whether it is skipped (by option or by `only`) rather than run. */
  notRun() {
    return this.skip !== false;
  }

  /** Calls the function of a test that takes a callback. Returns a promise of that call. */
  callWithCallback(context) {
    const { promise, resolve, reject } = deferred();
    let called = false;
    const done = (error) => {
      if (called) {
        const failure = testFailure('callback invoked multiple times', 'multipleCallbackInvocations');
        Error.captureStackTrace(failure, done);
        setFrameFilter(failure, withoutInternals);
        throw failure;
      }
      called = true;
      if (error) reject(error);
      else resolve();
    };
    const result = this.runInAsyncScope(this.fn, context, context, done);
    if (require('util').types.isPromise(result)) {
      result.catch(noop);
      throw testFailure('passed a callback but also returned a Promise', 'callbackAndPromisePresent');
    }
    return promise;
  }

  /** The result of `work`, unless the test is stopped before. */
  raceStop(work) {
    if (this.stop.settled) return this.stop.promise;
    return Promise.race([this.stop.promise, work]);
  }

  /** Timeout and signals end the test. Returns what to undo. */
  armStops() {
    const signals = [];
    const onAbort = (event) => this.stopWith(event.target.reason);
    const { outerSignal } = this;
    if (outerSignal !== undefined) {
      outerSignal.addEventListener('abort', onAbort, { once: true });
      signals.push(outerSignal);
    }
    const timer = this.timeout === Infinity ? undefined : stopAfter(this.timeout, () => {
      const error = testFailure(`test timed out after ${this.timeout}ms`, kTestTimeoutFailure);
      this.cancelled = true;
      this.cancelError = error;
      this.stop.settled = true;
      this.stop.reject(error);
      this.abortSignal(new AbortError('The test was aborted', { cause: error }));
    });
    return { onAbort, signals, timer };
  }

  disarmStops({ onAbort, signals, timer }) {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
    timer?.cancel();
  }

  stopWith(reason) {
    if (this.finished) return;
    const error = abortFailure(reason);
    this.cancelled = true;
    this.stop.settled = true;
    this.stop.reject(error);
    this.abortSignal();
  }

  abortWith(reason) {
    this.cancelled = true;
    this.fail(abortFailure(reason));
    this.abortSignal();
  }

  /** Tells the test's own signal. */
  abortSignal(reason) {
    this.aborted = true;
    this.controller?.abort(reason);
  }

  hasHooks(kind) {
    return this.hooks[kind].length > 0 || (this.parent !== null && this.parent.hasHooks(kind));
  }

  /** beforeEach runs outside in, afterEach inside out. */
  async runEach(kind, node, context) {
    const outer = this.parent;
    if (kind === 'beforeEach' && outer !== null && outer.hasHooks(kind)) await outer.runEach(kind, node, context);
    for (const hook of this.hooks[kind]) await hook.run(node, context);
    if (kind === 'afterEach' && outer !== null && outer.hasHooks(kind)) await outer.runEach(kind, node, context);
  }

  addHook(kind, fn, options, location) {
    const hook = createHook(this, kind, fn, options, location);
    if (kind === 'before' && this.startTime !== null && (!this.isSuite || this.building !== true)) {
      // The node runs already: so does the hook, and subtests wait for it.
      const run = this.parent === null ? hook.run(this, this.context ?? this.createContext()) :
        hook.run(this, this.context);
      this.beforeDone = this.beforeDone === undefined ? run : Promise.all([this.beforeDone, run]);
      this.beforeDone.catch((error) => {
        if (this.parent === null) this.fail(error);
      });
      return;
    }
    this.hooks[kind].push(hook);
  }

  /** Waits for the hooks that `t.before()` started: what they throw is a failure of this test. */
  async ownBefore() {
    try {
      await this.beforeDone;
    } catch (error) {
      throw error.cause;
    }
  }

  // ---------------------------------------------------------------- results

  pass() {
    if (this.error !== null) return;
    if (this.harness.ignoresOnly && (this.only === true || this.parent.runOnlySubtests)) {
      this.diagnostic("'only' and 'runOnly' require the --test-only command-line option.");
    }
    if (this.expectFailure !== false && !this.skip && !this.todo) {
      this.passed = false;
      this.error = testFailure('test was expected to fail but passed', kExpectedFailure);
      return;
    }
    this.passed = true;
  }

  failWith(error) {
    if (error?.failureType === kTestTimeoutFailure && isRunnerFailure(error)) this.cancelled = true;
    this.fail(failureOf(error));
  }

  /** The first failure counts. */
  fail(error) {
    if (this.error !== null) return;
    if (this.expectFailure !== false && !this.cancelled && error.failureType !== kSubtestsFailed) {
      const { match } = this.expectFailure;
      if (match === undefined) {
        this.expectedError = error;
        this.passed = true;
        return;
      }
      try {
        const thrown = error.failureType === kTestCodeFailure ? error.cause : error;
        require('assert').throws(() => { throw thrown; }, match);
        this.passed = true;
        this.expectedError = error;
        return;
      } catch (mismatch) {
        error = wrapError(mismatch, kTestCodeFailure);
      }
    }
    this.passed = false;
    this.error = error;
  }

  /** Ends this node and what is still open below it, counts it and reports what can be reported. */
  finish() {
    if (this.finished) return;
    this.endTime ??= now();
    this.startTime ??= this.endTime;
    this.endChildren();
    this.finished = true;
    this.pending.length = 0;
    const failed = this.children.reduce((sum, child) => sum + (child.passed || child.todo !== false ? 0 : 1), 0);
    if (failed > 0 && this.error === null) {
      const subtests = `${failed} subtest${failed === 1 ? '' : 's'} failed`;
      this.fail(testFailure(subtests, kSubtestsFailed));
    }
    if (this.passed === false && this.error === null) this.passed = failed === 0 && this.isSuite && !this.cancelled;
    this.idle?.resolve();
    this.mockTracker?.reset();
    if (this.parent === null) return;
    this.abortSignal(new AbortError());
    this.harness.count(this);
    this.emitComplete();
    this.done.resolve();
    this.parent.reportReady();
    this.parent.childFinished();
  }

  endChildren() {
    for (const child of this.children) {
      if (child.finished) continue;
      if (child.outerSignal?.aborted && child.error === null) child.abortWith(child.outerSignal.reason);
      else if (!child.stop.settled || child.error === null) child.cancel();
      child.finish();
    }
  }

  cancel(error) {
    if (this.finished) return;
    this.cancelled = true;
    this.error = null;
    if (this.startTime === null) this.startTime = this.endTime = now();
    this.expectFailure = false;
    this.fail(error ?? testFailure('test did not finish before its parent and was cancelled', kCancelled));
    this.stop.settled = true;
    this.stop.reject(this.error);
    this.abortSignal(new AbortError());
  }

  /** Milliseconds. */
  get duration() {
    return Number(this.endTime - this.startTime) / 1e6;
  }

  // ---------------------------------------------------------------- reporting

  /** Whether this node's turn has come: every elder sibling is reported, and so on upwards. */
  get onTurn() {
    const { parent } = this;
    if (parent === null) return true;
    return parent.children[parent.reported] === this && parent.onTurn;
  }

  reportReady() {
    if (!this.onTurn) return;
    while (this.reported < this.children.length) {
      const next = this.children[this.reported];
      next.reportDescendants();
      if (!next.finished) return;
      next.report();
      this.reported++;
    }
  }

  reportDescendants() {
    this.reportReady();
  }

  reportStart() {
    if (this.startReported || this.parent === null) return;
    this.parent.reportStart();
    this.startReported = true;
    this.emit('test:start', {});
  }

  report() {
    this.reportReady();
    const { nesting } = this;
    if (this.children.length > 0) {
      this.harness.emit('test:plan', { __proto__: null, nesting: nesting + 1, count: this.children.length, ...this.place() });
    } else {
      this.reportStart();
    }
    this.reportStart();
    const data = this.resultData();
    if (this.classname !== undefined) data.classname = this.classname;
    this.emit(this.passed ? 'test:pass' : 'test:fail', data);
    for (const { message, level, details } of this.diagnostics) {
      this.harness.emit('test:diagnostic', { __proto__: null, nesting, message, level, ...details, ...this.place() });
    }
  }

  place() {
    const { location, entryFile } = this;
    const place = { line: location?.line, column: location?.column, file: location?.file };
    if (entryFile !== undefined) place.entryFile = entryFile;
    return place;
  }

  directive() {
    if (this.skip !== false) return { skip: this.skip };
    if (this.todo !== false) return { todo: this.todo };
    if (this.expectFailure !== false) return { expectFailure: this.expectFailure.label ?? true };
    return undefined;
  }

  details() {
    const details = { __proto__: null, duration_ms: this.duration, type: this.type };
    if (!this.passed) details.error = this.error;
    if (this.classname !== undefined) details.classname = this.classname;
    if (this.attempt !== 0) details.attempt = this.attempt;
    if (this.known !== undefined && this.passed) details.passed_on_attempt = this.known.passed_on_attempt;
    return details;
  }

  /** The test that this one is in. */
  get classname() {
    return this.parent.parent === null ? undefined : this.parent.fullName.replaceAll(' > ', '.');
  }

  resultData() {
    return { testNumber: this.number, details: this.details(), ...this.directive() };
  }

  emitComplete() {
    const data = this.resultData();
    data.details.passed = this.passed;
    this.emit('test:complete', data);
  }

  emit(type, data) {
    this.harness.emit(type, {
      __proto__: null, name: this.name, nesting: this.nesting, testId: this.id, parentId: this.parent.id, ...data,
      tags: this.tags, ...this.place(),
    });
  }

  diagnostic(message, level = 'info', details) {
    this.diagnostics.push({ message, level, details });
  }
}

/** Follows what `start` makes of an item. */
function follow(item, start) {
  return new Promise((resolve, reject) => start(item).then(resolve, reject));
}

/** Starts what `list` stands for and waits for all of it. */
function allOf(list, start) {
  return Promise.all(list.map((item) => follow(item, start)));
}

/** A promise that a thenable settles; called later, as by `await`. */
function callThen(thenable, then) {
  return new Promise((resolve, reject) => queueMicrotask(() => {
    try {
      then.call(thenable, resolve, reject);
    } catch (error) {
      reject(error);
    }
  }));
}

class Suite extends Test {
  constructor(args) {
    super(args);
    this.built = false;
    this.building = true;
    this.buildError = undefined;
    this.context = this.createContext();
    if (this.skip !== false || this.parent.finished) {
      this.endBuild();
      return;
    }
    try {
      const result = this.build(this.context);
      // `then` is read once: it may be a getter.
      const then = result !== null && (typeof result === 'object' || typeof result === 'function') ? result.then : undefined;
      if (typeof then === 'function') {
        this.buildPromise = callThen(result, then).then(() => this.endBuild(), (error) => {
          this.buildError = error;
          this.endBuild();
        });
        return;
      }
    } catch (error) {
      this.buildError = error;
    }
    this.endBuild();
  }

  get isSuite() {
    return true;
  }

  createContext() {
    return new SuiteContext(this);
  }

  /** Calls the function that makes the suite's tests. */
  build(context) {
    return this.runInAsyncScope(this.fn, context, context);
  }

  endBuild() {
    this.building = false;
    this.buildPromise = undefined;
    if (this.filtered && this.children.length === 0 && this.buildError === undefined) this.drop();
  }

  async run() {
    if (this.buildPromise !== undefined) await this.buildPromise;
    if (this.finished) return;
    this.startTime = now();
    if (this.parent.beforeDone !== undefined) {
      try {
        await this.parent.beforeDone;
      } catch (error) {
        this.failWith(error);
        this.finish();
        return;
      }
    }
    if (this.outerSignal?.aborted) {
      this.children.length = 0;
      this.abortWith(this.outerSignal.reason);
      this.finish();
      return;
    }
    if (this.buildError !== undefined) {
      this.fail(wrapError(this.buildError, kTestCodeFailure));
      this.finish();
      return;
    }
    if (this.notRun()) {
      this.pass();
      this.finish();
      return;
    }
    const ends = this.armStops();
    this.built = true;
    try {
      if (this.hooks.before.length > 0) await this.raceStop(runHooks(this, 'before', this, this.context));
      if (this.finished) return;
      this.ownDone = true;
      if (this.harness.random !== undefined) {
        require('internal/test/random').shuffle(this.children, this.harness.random);
        this.children.forEach((child, index) => child.number = index + 1);
      }
      await this.raceStop(allOf(this.children, (child) => child.enqueued ? child.done.promise : this.schedule(child)));
      const rest = this.subtestsDone();
      if (rest !== undefined) await this.raceStop(rest);
      this.pass();
    } catch (error) {
      if (!this.finished) this.failWith(error);
    } finally {
      this.disarmStops(ends);
      if (!this.finished) {
        if (this.stop.settled) this.endChildren();
        try {
          if (this.hooks.after.length > 0) await runHooks(this, 'after', this, this.context);
        } catch (error) {
          this.failWith(error);
        }
        this.finish();
      }
    }
  }
}

const runnerFailures = new WeakSet();

function isRunnerFailure(error) {
  return runnerFailures.has(error);
}

/** A failure that the runner found. */
function testFailure(message, failureType) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = new ERR_TEST_FAILURE(message, failureType);
  Error.stackTraceLimit = limit;
  runnerFailures.add(error);
  return error;
}

/** What fails a test: an error that the runner made, or one that tells what the user's code has thrown. */
function failureOf(error) {
  return error?.failureType !== undefined && isRunnerFailure(error) ? error : wrapError(error, kTestCodeFailure);
}

/** What a signal was aborted for is the failure itself, if it is an error. */
function abortFailure(reason) {
  if (!Error.isError(reason) || !Object.isExtensible(reason)) return wrapError(reason, kAborted);
  reason.failureType = kAborted;
  runnerFailures.add(reason);
  return reason;
}

/** A failure that `cause` is behind. */
function wrapError(cause, failureType) {
  let error;
  try {
    error = new ERR_TEST_FAILURE(cause, failureType);
  } catch {
    // Its own inspection throws: it is shown without.
    error = new ERR_TEST_FAILURE(require('util').inspect(cause, { customInspect: false }), failureType);
    error.cause = cause;
  }
  // What matters is the stack of the cause.
  setFrameFilter(error, withoutInternals);
  runnerFailures.add(error);
  return error;
}

module.exports = { Suite, Test, contextOf, current, currentHook, testFailure, wrapError };
