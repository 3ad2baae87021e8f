/**
 * Promise rejections that nobody handles. Node docs: process 'unhandledRejection', 'rejectionHandled',
 * --unhandled-rejections.
 */
'use strict';

const { takeRejections, setAsyncContext } = binding('task_queue');
const { triggerUncaughtException, isNativeError } = require('internal/process/execution');
const process = require('internal/process/object');
const hooks = require('internal/async_ids');

/** Rejected without handler since the last look: promise -> { reason, context }. */
const pending = new Map();
/** Reported as unhandled: a late handler emits 'rejectionHandled'. */
const reported = new WeakMap();
/** Late handlers to tell about. */
let handledLate = [];
let lastId = 0;

/** Who counts: `observer(isHandledNow)`. */
let observer;

/** Tells `fn` of rejections without a handler, and of handlers that came later. */
function watch(fn) {
  observer = fn;
}

function sortIn() {
  const flat = takeRejections();
  for (let i = 0; i < flat.length; i += 4) {
    const promise = flat[i];
    if (flat[i + 1]) {
      observer?.(true);
      if (pending.delete(promise)) continue;
      const info = reported.get(promise);
      if (info !== undefined) {
        reported.delete(promise);
        handledLate.push({ promise, info });
      }
    } else {
      observer?.(false);
      pending.set(promise, { reason: flat[i + 2], context: flat[i + 3], id: ++lastId, domain: process.domain });
    }
  }
}

/** Emits for what is still unhandled. Returns whether that may have queued ticks. */
function processRejections() {
  sortIn();
  let again = handledLate.length > 0;
  const late = handledLate;
  handledLate = [];
  for (const { promise, info } of late) {
    if (info.warned) {
      const warning = new Error(`Promise rejection was handled asynchronously (rejection id: ${info.id})`);
      warning.name = 'PromiseRejectionHandledWarning';
      warning.id = info.id;
      process.emitWarning(warning);
    }
    process.emit('rejectionHandled', promise);
  }
  let left = pending.size;
  while (left-- > 0) {
    const first = pending.entries().next();
    if (first.done) break;
    const { 0: promise, 1: info } = first.value;
    pending.delete(promise);
    reported.set(promise, info);
    again = true;
    const before = setAsyncContext(info.context);
    try {
      if (hooks.active) require('internal/async_hooks/promises').runIn(promise, unhandled, promise, info);
      else unhandled(promise, info);
    } finally {
      setAsyncContext(before);
    }
  }
  // What handlers have rejected meanwhile is still the engine's to tell: the caller asks again.
  return again;
}

let mode;

function unhandled(promise, info) {
  mode ??= require('internal/options').getOptionValue('--unhandled-rejections') || 'throw';
  const { reason } = info;
  const hasDomain = info.domain && typeof info.domain.emit === 'function';
  switch (mode) {
    case 'strict':
      triggerUncaughtException(asError(reason), true);
      if (!emitUnhandled(reason, promise)) warnUnhandled(info, reason);
      break;
    case 'none':
      emitUnhandled(reason, promise);
      break;
    case 'warn':
      emitUnhandled(reason, promise);
      info.warned = true;
      warnUnhandled(info, reason);
      break;
    case 'warn-with-error-code':
      if (!emitUnhandled(reason, promise)) {
        info.warned = true;
        warnUnhandled(info, reason);
        process.exitCode = 1;
      }
      break;
    default:
      if (!emitUnhandled(reason, promise)) {
        if (hasDomain && info.domain.listenerCount('error') > 0) info.domain.emit('error', reason);
        else triggerUncaughtException(asError(reason), true);
      }
  }
}

function emitUnhandled(reason, promise) {
  return process.emit('unhandledRejection', reason, promise);
}

/** What is no error gets one that says what was rejected. Node docs: ERR_UNHANDLED_REJECTION. */
function asError(reason) {
  if (isNativeError(reason)) return reason;
  const error = new Error('This error originated either by throwing inside of an async function without a catch block, or by ' +
    `rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${describe(reason)}".`);
  error.code = 'ERR_UNHANDLED_REJECTION';
  Object.defineProperty(error, 'name', {
    __proto__: null, value: 'UnhandledPromiseRejection', configurable: true, enumerable: false, writable: true,
  });
  return error;
}

function describe(reason) {
  try {
    const { inspect } = require('internal/util/inspect');
    return typeof reason === 'string' ? reason : inspect(reason);
  } catch {
    return '<unprintable>';
  }
}

function warnUnhandled(info, reason) {
  const text = 'Unhandled promise rejection. This error originated either by throwing inside of an async function without a ' +
    'catch block, or by rejecting a promise which was not handled with .catch(). To terminate the node process on unhandled ' +
    'promise rejection, use the CLI flag `--unhandled-rejections=strict` (see ' +
    'https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). ' +
    `(rejection id: ${info.id})`;
  const warning = new Error(text);
  warning.name = 'UnhandledPromiseRejectionWarning';
  try {
    if (isNativeError(reason)) {
      warning.stack = reason.stack;
      process.emitWarning(reason.stack, 'UnhandledPromiseRejectionWarning');
    } else {
      process.emitWarning(describe(reason), 'UnhandledPromiseRejectionWarning');
    }
  } catch {
    // A reason whose stack cannot be read still gets the general warning below.
  }
  process.emitWarning(warning);
}

module.exports = { processRejections, watch };
