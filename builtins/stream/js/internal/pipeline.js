/**
 * `stream.pipeline`: connects streams, iterables, functions and web streams in a row; when one
 * fails or closes early, all are destroyed, and the callback gets the first real error.
 *
 * A stage of the row is either a stream (flows by `pipe`) or an async iterable (is pumped). A
 * Run counts the parts that are still at work; its callback waits for all of them.
 */
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE, ERR_MISSING_ARGS, ERR_STREAM_DESTROYED,
    ERR_STREAM_PREMATURE_CLOSE,
  },
  AbortError,
} = require('internal/errors');
const { validateAbortSignal, validateFunction } = require('internal/validators');
const { combineErrors, destroyer } = require('internal/stream/destroy');
const { eos } = require('internal/stream/end_of_stream');
const {
  isIterable, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream,
  isTransformStream, isWebStream, isWritableStream,
} = require('internal/stream/utils');

/** Node docs: stream.pipeline. Returns the last stream. */
function pipeline(...stages) {
  const callback = stages.pop();
  validateFunction(callback, 'streams[stream.length - 1]');
  let called = false;
  return pipelineImpl(stages, (err, value) => {
    if (called) return;
    called = true;
    callback(err, value);
  });
}

class Run {
  constructor(callback, options) {
    this.callback = callback;
    this.options = options;
    /** Parts at work. */
    this.pending = 0;
    this.error = undefined;
    this.value = undefined;
    /** Ways to destroy the streams of the row; those that need it only on failure apart. */
    this.destroyers = [];
    this.lastStreamCleanUps = [];
    this.controller = new AbortController();
    this.abort = () => this.finishOne(new AbortError(
      undefined, this.outerSignal?.aborted ? { cause: this.outerSignal.reason } : undefined), true);
    this.outerSignal = options?.signal;
    this.subscription = null;
    if (this.outerSignal) {
      if (!this.outerSignal.aborted) {
        this.subscription = require('events').addAbortListener(this.outerSignal, this.abort);
      }
    }
  }

  get signal() {
    return this.controller.signal;
  }

  /** One part is done, or failed. `isFinal`: nothing else is waited for. */
  finishOne(err, isFinal = --this.pending === 0) {
    // A premature close is mostly the echo of another part's failure: that one is to be told.
    if (err && (!this.error || this.error.code === 'ERR_STREAM_PREMATURE_CLOSE')) this.error = err;
    if (!this.error && !isFinal) return;

    while (this.destroyers.length > 0) this.destroyers.shift()(this.error);
    this.subscription?.[Symbol.dispose]();
    this.controller.abort();
    if (isFinal) {
      if (!this.error) {
        for (const cleanUp of this.lastStreamCleanUps) cleanUp();
      }
      process.nextTick(this.callback, this.error, this.value);
    }
  }

  part() {
    this.pending++;
    return (err) => this.finishOne(err);
  }

  /** Part of the pipeline is also `stream`'s own life; destroys it if the run fails. */
  watch(stream, reading, writing) {
    let over = false;
    stream.on('close', () => {
      over = true;
    });
    const cleanUp = eos(stream, { readable: reading, writable: writing }, (err) => {
      over = !err;
    });
    this.destroyers.push((err) => {
      if (over) return;
      over = true;
      destroyer(stream, err || new ERR_STREAM_DESTROYED('pipe'));
    });
    return cleanUp;
  }
}

/** Aggregates the stages in `stages[0]` if it is an array; checks; connects. */
function pipelineImpl(stages, callback, options) {
  if (stages.length === 1 && Array.isArray(stages[0])) stages = stages[0];
  if (stages.length < 2) throw new ERR_MISSING_ARGS('streams');

  const run = new Run(callback, options);
  if (run.outerSignal) validateAbortSignal(run.outerSignal, 'options.signal');

  let current;
  for (let i = 0; i < stages.length; i++) {
    const stage = stages[i];
    const position = { isFirst: i === 0, isLast: i === stages.length - 1 };
    watchStage(run, stage, position);
    if (position.isFirst) current = firstStage(stage, run);
    else if (typeof stage === 'function') current = functionStage(stage, current, i, run, position);
    else if (isNodeStream(stage)) current = streamStage(stage, current, run, position);
    else if (isWebStream(stage)) current = webStage(stage, current, run, position);
    else throw new ERR_INVALID_ARG_TYPE(`streams[${i}]`, STAGE_TYPES, stage);
  }

  if (run.outerSignal?.aborted) process.nextTick(run.abort);
  return current;
}

const STAGE_TYPES = ['Stream', 'ReadableStream', 'WritableStream', 'TransformStream', 'Function'];

function watchStage(run, stage, { isFirst, isLast }) {
  if (!isNodeStream(stage)) return;
  if (!isLast || run.options?.end !== false) {
    const cleanUp = run.watch(stage, !isLast, !isFirst);
    if (isReadable(stage) && isLast) run.lastStreamCleanUps.push(cleanUp);
  }
  // An error may come where nothing else listens any more; one that only says "cut short" tells
  // less than what cut it short.
  const onError = (err) => {
    if (err && err.name !== 'AbortError' && err.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      run.finishOne(err, false);
    }
  };
  stage.on('error', onError);
  if (isReadable(stage) && isLast) {
    run.lastStreamCleanUps.push(() => stage.removeListener('error', onError));
  }
}

function firstStage(stage, run) {
  if (typeof stage === 'function') {
    const made = stage({ signal: run.signal });
    if (!isIterable(made)) {
      throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', made);
    }
    return made;
  }
  if (isIterable(stage) || isReadableNodeStream(stage) || isTransformStream(stage)) return stage;
  return require('internal/stream/duplex').Duplex.from(stage);
}

/** The output so far as something that `for await` takes. */
function iterableOf(current) {
  return isTransformStream(current) ? current.readable : current;
}

function functionStage(fn, current, index, run, { isLast }) {
  const input = makeAsyncIterable(iterableOf(current));
  const made = fn(input, { signal: run.signal });
  if (!isLast) {
    if (!isIterable(made, true)) {
      throw new ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${index - 1}]`, made);
    }
    return made;
  }

  // The result is a stream again, so that pipeline() can return it.
  const { PassThrough } = require('internal/stream/passthrough');
  const output = new PassThrough({ objectMode: true });
  const then = made?.then;
  if (typeof then === 'function') {
    const done = run.part();
    then.call(made, (value) => {
      run.value = value;
      if (value !== null && value !== undefined) output.write(value);
      if (run.options?.end !== false) output.end();
      process.nextTick(done);
    }, (err) => {
      output.destroy(err);
      process.nextTick(done, err);
    });
  } else if (isIterable(made, true)) {
    pumpToNode(made, output, run.part(), run.options?.end !== false);
  } else if (isReadableStream(made) || isTransformStream(made)) {
    pumpToNode(made.readable || made, output, run.part(), run.options?.end !== false);
  } else {
    throw new ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', made);
  }
  const cleanUp = run.watch(output, false, true);
  run.lastStreamCleanUps.push(cleanUp);
  return output;
}

function streamStage(stage, current, run, { isLast }) {
  const endsIt = !isLast || run.options?.end !== false;
  if (isReadableNodeStream(current)) {
    // Two parts: the source's end and the destination's.
    run.pending += 2;
    const cleanUp = connect(run, current, stage, endsIt);
    if (isReadable(stage) && isLast) run.lastStreamCleanUps.push(cleanUp);
  } else if (isTransformStream(current) || isReadableStream(current)) {
    pumpToNode(current.readable || current, stage, run.part(), endsIt);
  } else if (isIterable(current)) {
    pumpToNode(current, stage, run.part(), endsIt);
  } else {
    throw new ERR_INVALID_ARG_TYPE('val', [
      'Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], current);
  }
  return stage;
}

function webStage(stage, current, run, { isLast }) {
  const endsIt = !isLast || run.options?.end !== false;
  if (isReadableNodeStream(current)) {
    pumpToWeb(makeAsyncIterable(current), stage, run.part(), endsIt);
  } else if (isReadableStream(current) || isIterable(current)) {
    pumpToWeb(current, stage, run.part(), endsIt);
  } else if (isTransformStream(current)) {
    pumpToWeb(current.readable, stage, run.part(), endsIt);
  } else {
    throw new ERR_INVALID_ARG_TYPE('val', [
      'Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], current);
  }
  return stage;
}

function makeAsyncIterable(source) {
  if (isIterable(source)) return source;
  if (isReadableNodeStream(source)) return readLegacy(source);
  throw new ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], source);
}

/** An old-style stream has no iterator of its own. */
async function* readLegacy(source) {
  const { Readable } = require('internal/stream/readable');
  yield* Readable.prototype[Symbol.asyncIterator].call(source);
}

/** Writes all of an iterable to a node stream, at the pace of its 'drain'. */
async function pumpToNode(iterable, writable, done, endsIt) {
  let failure;
  let wake = null;
  const resume = (err) => {
    if (err) failure = err;
    if (wake) {
      const resolve = wake;
      wake = null;
      resolve();
    }
  };
  const drained = () => new Promise((resolve, reject) => {
    if (failure) {
      reject(failure);
    } else {
      wake = () => (failure ? reject(failure) : resolve());
    }
  });

  writable.on('drain', resume);
  const cleanUp = eos(writable, { readable: false }, resume);
  try {
    if (writable.writableNeedDrain) await drained();
    for await (const chunk of iterable) {
      if (!writable.write(chunk)) await drained();
    }
    if (endsIt) {
      writable.end();
      await drained();
    }
    done();
  } catch (err) {
    done(failure !== err ? combineErrors(failure, err) : err);
  } finally {
    cleanUp();
    writable.off('drain', resume);
  }
}

/** Writes all of an iterable to a web stream's writable side. */
async function pumpToWeb(iterable, stage, done, endsIt) {
  const writable = isTransformStream(stage) ? stage.writable : stage;
  const writer = writable.getWriter();
  try {
    for await (const chunk of iterable) {
      await writer.ready;
      writer.write(chunk).catch(() => {}); // Told by `ready` and `close` as well.
    }
    await writer.ready;
    if (endsIt) await writer.close();
    done();
  } catch (err) {
    try {
      await writer.abort(err);
      done(err);
    } catch (abortError) {
      done(abortError);
    }
  }
}

/** `pipe()` between two node streams; the end of each is a part of the run. */
function connect(run, source, dest, endsIt) {
  const done = (err) => run.finishOne(err);
  let ended = false;
  dest.on('close', () => {
    // News only: the end of `dest` itself is counted below.
    if (!ended) run.finishOne(new ERR_STREAM_PREMATURE_CLOSE(), false);
  });
  source.pipe(dest, { end: false });

  if (endsIt) {
    const onEnd = () => {
      ended = true;
      dest.end();
    };
    if (isReadableFinished(source)) process.nextTick(onEnd);
    else source.once('end', onEnd);
  } else {
    done();
  }

  eos(source, { readable: true, writable: false }, (err) => {
    const r = source._readableState;
    if (err && err.code === 'ERR_STREAM_PREMATURE_CLOSE' && r && r.ended && !r.errored &&
        !r.errorEmitted) {
      // The source has given all it had and was destroyed before the data was read: what is
      // queued still flows, so wait for that.
      source.once('end', done).once('error', done);
    } else {
      done(err);
    }
  });
  return eos(dest, { readable: false, writable: true }, done);
}

module.exports = { pipeline, pipelineImpl };
