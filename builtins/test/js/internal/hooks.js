/** before, after, beforeEach, afterEach. Node docs: before([fn][, options]). */
'use strict';

const asyncContext = require('internal/async_context');
const { validateAbortSignal, validateNumber } = require('internal/validators');
const { TIMEOUT_MAX, stopAfter } = require('internal/test/time');

function noop() {}

function hookFailure(cause, failureType) {
  const { wrapError } = require('internal/test/tree');
  return wrapError(cause, failureType);
}

// Two functions, as stack traces tell by them what the hook was called on.
function callForSuite(fn, context) {
  return fn.call(context, context);
}

function callForTest(fn, context) {
  return fn.call(context, context);
}

function withCallback(fn, context) {
  const { promise, resolve, reject } = Promise.withResolvers();
  fn.call(context, context, (error) => error ? reject(error) : resolve());
  return promise;
}

class Hook {
  constructor(kind, fn, options, location) {
    const { signal, timeout } = options;
    if (timeout != null && timeout !== Infinity) validateNumber(timeout, 'options.timeout', 0, TIMEOUT_MAX);
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    this.kind = kind;
    this.fn = typeof fn === 'function' ? fn : noop;
    this.signal = signal;
    this.timeout = timeout ?? Infinity;
    this.location = location;
  }

  /** Runs the hook for `node`. Rejects with ERR_TEST_FAILURE (hookFailed). Few frames, as they count against the user's stack trace. */
  run(node, context) {
    const { fn, signal, timeout } = this;
    const outer = asyncContext.set(require('internal/test/tree').contextOf(node, this));
    let result;
    try {
      if (signal?.aborted) throw signal.reason;
      if (fn.length > 1) result = withCallback(fn, context);
      else result = node.isSuite ? callForSuite(fn, context) : callForTest(fn, context);
      if (signal?.aborted) throw signal.reason;
    } catch (error) {
      return Promise.reject(hookFailure(error, 'hookFailed'));
    } finally {
      asyncContext.set(outer);
    }
    if (result === null || (typeof result !== 'object' && typeof result !== 'function')) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers();
    Promise.resolve(result).then(resolve, (error) => {
      reject(error?.code === 'ERR_TEST_FAILURE' && error.failureType === 'hookFailed' ? error :
        hookFailure(error, 'hookFailed'));
    });
    const timer = timeout === Infinity ? undefined : stopAfter(timeout, () => {
      reject(hookFailure(`failed running ${this.kind} hook`, 'hookFailed'));
    });
    const onAbort = () => reject(hookFailure(signal.reason, 'hookFailed'));
    signal?.addEventListener('abort', onAbort, { once: true });
    const end = () => {
      timer?.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    promise.then(end, end);
    return promise;
  }
}

function createHook(_owner, kind, fn, options, location) {
  return new Hook(kind, fn, { __proto__: null, ...options }, location);
}

/** Runs the hooks of one kind that `owner` has, one after the other. */
async function runHooks(owner, kind, node, context) {
  for (const hook of owner.hooks[kind]) await hook.run(node, context);
}

module.exports = { createHook, runHooks };
