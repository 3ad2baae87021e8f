/**
 * Questions about things that may be streams: ours, old-style ones, HTTP messages, web streams.
 * Answers are `true`, `false`, or `null` for "cannot tell". Node docs: stream.isReadable and kin.
 */
'use strict';

const {
  DESTROYED, ERRORED,
} = require('internal/stream/state');
const { kIsDestroyed } = require('internal/stream/destroy');

/** Web streams answer for themselves under these names; registered so other realms agree. */
const kIsErrored = Symbol.for('nodejs.stream.errored');
const kIsReadable = Symbol.for('nodejs.stream.readable');
const kIsWritable = Symbol.for('nodejs.stream.writable');
const kIsDisturbed = Symbol.for('nodejs.stream.disturbed');
/** A promise of a web stream's end, which `finished()` waits for. */
const kIsClosedPromise = Symbol.for('nodejs.webstream.isClosedPromise');
const kControllerErrorFunction = Symbol.for('nodejs.webstream.controllerErrorFunction');

const hasFunction = (value, name) => typeof value?.[name] === 'function';

function isReadableNodeStream(value, strict = false) {
  return Boolean(
    value && hasFunction(value, 'pipe') && hasFunction(value, 'on') &&
    (!strict || (hasFunction(value, 'pause') && hasFunction(value, 'resume'))) &&
    (!value._writableState || value._readableState?.readable !== false) &&
    (!value._writableState || value._readableState));
}

function isWritableNodeStream(value) {
  return Boolean(
    value && hasFunction(value, 'write') && hasFunction(value, 'on') &&
    (!value._readableState || value._writableState?.writable !== false));
}

function isDuplexNodeStream(value) {
  return Boolean(
    value && hasFunction(value, 'pipe') && value._readableState && hasFunction(value, 'on') &&
    hasFunction(value, 'write'));
}

function isNodeStream(value) {
  return Boolean(
    value && (value._readableState || value._writableState ||
      (hasFunction(value, 'write') && hasFunction(value, 'on')) ||
      (hasFunction(value, 'pipe') && hasFunction(value, 'on'))));
}

function isReadableStream(value) {
  return Boolean(
    value && !isNodeStream(value) && hasFunction(value, 'pipeThrough') &&
    hasFunction(value, 'getReader') && hasFunction(value, 'cancel'));
}

function isWritableStream(value) {
  return Boolean(
    value && !isNodeStream(value) && hasFunction(value, 'getWriter') && hasFunction(value, 'abort'));
}

function isTransformStream(value) {
  return Boolean(
    value && !isNodeStream(value) && typeof value.readable === 'object' &&
    typeof value.writable === 'object');
}

function isWebStream(value) {
  return isReadableStream(value) || isWritableStream(value) || isTransformStream(value);
}

/** `isAsync`: true wants an async iterable, false a sync one, undefined either. */
function isIterable(value, isAsync) {
  if (value === null || value === undefined) return false;
  if (isAsync === true) return typeof value[Symbol.asyncIterator] === 'function';
  if (isAsync === false) return typeof value[Symbol.iterator] === 'function';
  return typeof value[Symbol.asyncIterator] === 'function' ||
    typeof value[Symbol.iterator] === 'function';
}

function isDestroyed(stream) {
  if (!isNodeStream(stream)) return null;
  const main = stream._writableState || stream._readableState;
  return Boolean(stream.destroyed || stream[kIsDestroyed] || main?.destroyed);
}

/** `end()` was called on the writable side. */
function isWritableEnded(stream) {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableEnded === true) return true;
  const state = stream._writableState;
  if (state?.errored) return false;
  return typeof state?.ended === 'boolean' ? state.ended : null;
}

/** 'finish' was or is being emitted. Not `strict`: ended with nothing left to write counts. */
function isWritableFinished(stream, strict) {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableFinished === true) return true;
  const state = stream._writableState;
  if (state?.errored) return false;
  if (typeof state?.finished !== 'boolean') return null;
  return Boolean(
    state.finished || (strict === false && state.ended === true && state.length === 0));
}

/** The source has no more data. */
function isReadableEnded(stream) {
  if (!isReadableNodeStream(stream)) return null;
  if (stream.readableEnded === true) return true;
  const state = stream._readableState;
  if (!state || state.errored) return false;
  return typeof state.ended === 'boolean' ? state.ended : null;
}

/** 'end' was emitted. Not `strict`: ended with nothing left to read counts. */
function isReadableFinished(stream, strict) {
  if (!isReadableNodeStream(stream)) return null;
  const state = stream._readableState;
  if (state?.errored) return false;
  if (typeof state?.endEmitted !== 'boolean') return null;
  return Boolean(
    state.endEmitted || (strict === false && state.ended === true && state.length === 0));
}

/** Node docs: stream.isReadable. */
function isReadable(stream) {
  if (stream && stream[kIsReadable] !== undefined && stream[kIsReadable] !== null) {
    return stream[kIsReadable];
  }
  if (typeof stream?.readable !== 'boolean') return null;
  if (isDestroyed(stream)) return false;
  return isReadableNodeStream(stream) && stream.readable && !isReadableFinished(stream);
}

/** Node docs: stream.isWritable. */
function isWritable(stream) {
  if (stream && stream[kIsWritable] !== undefined && stream[kIsWritable] !== null) {
    return stream[kIsWritable];
  }
  if (typeof stream?.writable !== 'boolean') return null;
  if (isDestroyed(stream)) return false;
  return isWritableNodeStream(stream) && stream.writable && !isWritableEnded(stream);
}

/** Nothing more will happen on the sides that `options` name (both unless false). */
function isFinished(stream, options) {
  if (!isNodeStream(stream)) return null;
  if (isDestroyed(stream)) return true;
  if (options?.readable !== false && isReadable(stream)) return false;
  if (options?.writable !== false && isWritable(stream)) return false;
  return true;
}

function sideError(stream, direct, stateName) {
  if (!isNodeStream(stream)) return null;
  if (stream[direct]) return stream[direct];
  return stream[stateName]?.errored ?? null;
}

const isWritableErrored = (stream) => sideError(stream, 'writableErrored', '_writableState');
const isReadableErrored = (stream) => sideError(stream, 'readableErrored', '_readableState');

function isClosed(stream) {
  if (!isNodeStream(stream)) return null;
  if (typeof stream.closed === 'boolean') return stream.closed;
  const w = stream._writableState;
  const r = stream._readableState;
  if (typeof w?.closed === 'boolean' || typeof r?.closed === 'boolean') {
    return Boolean(w?.closed || r?.closed);
  }
  if (typeof stream._closed === 'boolean' && isOutgoingMessage(stream)) return stream._closed;
  return null;
}

function isOutgoingMessage(stream) {
  return typeof stream._closed === 'boolean' &&
    typeof stream._defaultKeepAlive === 'boolean' &&
    typeof stream._removedConnection === 'boolean' &&
    typeof stream._removedContLen === 'boolean';
}

function isServerResponse(stream) {
  return typeof stream._sent100 === 'boolean' && isOutgoingMessage(stream);
}

function isServerRequest(stream) {
  return typeof stream._consuming === 'boolean' && typeof stream._dumped === 'boolean' &&
    stream.req?.upgradeOrConnect === undefined;
}

/** Whether 'close' is certain to come; `null` for what is no stream of ours. */
function willEmitClose(stream) {
  if (!isNodeStream(stream)) return null;
  const w = stream._writableState;
  const r = stream._readableState;
  const main = w || r;
  if (!main) return isServerResponse(stream);
  return Boolean(main.autoDestroy && main.emitClose && main.closed === false);
}

/** Node docs: stream.Readable.isDisturbed (read from, or cancelled). */
function isDisturbed(stream) {
  return Boolean(
    stream && (stream[kIsDisturbed] ?? (stream.readableDidRead || stream.readableAborted)));
}

/** Node docs: stream.isErrored. */
function isErrored(stream) {
  return Boolean(stream && (stream[kIsErrored] ?? stream.readableErrored ??
    stream.writableErrored ?? stream._readableState?.errorEmitted ??
    stream._writableState?.errorEmitted ?? stream._readableState?.errored ??
    stream._writableState?.errored));
}

/** Whether an error or destruction has cut this side short (both bits in one look). */
const isBroken = (state) => (state.bits & (DESTROYED | ERRORED)) !== 0;

module.exports = {
  isBroken,
  isClosed,
  isDestroyed,
  isDisturbed,
  isDuplexNodeStream,
  isErrored,
  isFinished,
  isIterable,
  isNodeStream,
  isReadable,
  isReadableEnded,
  isReadableErrored,
  isReadableFinished,
  isReadableNodeStream,
  isReadableStream,
  isServerRequest,
  isServerResponse,
  isTransformStream,
  isWebStream,
  isWritable,
  isWritableEnded,
  isWritableErrored,
  isWritableFinished,
  isWritableNodeStream,
  isWritableStream,
  kControllerErrorFunction,
  kIsClosedPromise,
  kIsDestroyed,
  kIsDisturbed,
  kIsErrored,
  kIsReadable,
  kIsWritable,
  willEmitClose,
};
