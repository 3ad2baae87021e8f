/** `tee()`: two streams that both see the chunks of one. Streams Standard §4.9.1, ReadableStreamTee. */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean } = require('internal/validators');
const { nop, then } = require('internal/webstreams/util');
const { acquireReader } = require('internal/webstreams/readable_readers');

/** The two branches, as implementations. `cloneForSecond`: the second one gets copies of chunks. */
function tee(stream, cloneForSecond = false) {
  return stream.controller.isByte ? teeBytes(stream) : teeDefault(stream, cloneForSecond);
}

/** The standard's operation for other standards (fetch): `[branch1, branch2]` of a ReadableStream. */
function ReadableStreamTee(stream, cloneForBranch2 = false) {
  const { implOf, isReadableStream } = require('internal/webstreams/readable_stream');
  if (!isReadableStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
  }
  validateBoolean(cloneForBranch2, 'cloneForBranch2');
  return tee(implOf(stream), cloneForBranch2).map((branch) => branch.shell);
}

/** Cancelling: the source is cancelled once both branches are, with both reasons. */
class Cancellation {
  constructor(source) {
    this.source = source;
    this.done = [false, false];
    this.reasons = [undefined, undefined];
    this.deferred = Promise.withResolvers();
  }

  get both() {
    return this.done[0] && this.done[1];
  }

  cancel(index, reason) {
    this.done[index] = true;
    this.reasons[index] = reason;
    if (this.both) this.deferred.resolve(this.source.cancel(this.reasons));
    return this.deferred.promise;
  }

  /** The source is over: a branch that is cancelled alone need not wait for the other one. */
  settle() {
    if (!this.both) this.deferred.resolve(undefined);
  }
}

function teeDefault(stream, cloneForSecond) {
  const { createReadable } = require('internal/webstreams/readable_default_controller');
  const reader = acquireReader(stream);
  const cancellation = new Cancellation(stream);
  let reading = false;
  let readAgain = false;
  const branches = [];

  function pull() {
    if (reading) {
      readAgain = true;
      return Promise.resolve(undefined);
    }
    reading = true;
    reader.read({
      chunk(value) {
        // In a microtask, so that errors of the source known by then come first.
        queueMicrotask(() => {
          readAgain = false;
          const values = [value, value];
          if (cloneForSecond && !cancellation.done[1]) {
            try {
              values[1] = structuredClone(value);
            } catch (err) {
              for (const branch of branches) branch.controller.error(err);
              cancellation.deferred.resolve(stream.cancel(err));
              return;
            }
          }
          for (let i = 0; i < 2; i++) {
            if (!cancellation.done[i]) branches[i].controller.enqueue(values[i]);
          }
          reading = false;
          if (readAgain) pull();
        });
      },
      close() {
        reading = false;
        for (let i = 0; i < 2; i++) {
          if (!cancellation.done[i]) branches[i].controller.close();
        }
        cancellation.settle();
      },
      error() {
        reading = false;
      },
    });
    return Promise.resolve(undefined);
  }

  for (let i = 0; i < 2; i++) {
    branches.push(createReadable({
      start: nop, pull, cancel: (reason) => cancellation.cancel(i, reason),
    }));
  }
  then(reader.closed.promise, undefined, (reason) => {
    for (const branch of branches) branch.controller.error(reason);
    cancellation.settle();
  });
  return branches;
}

/**
 * A byte stream's branches are byte streams. Reads go through whichever kind of reader suits the
 * branch that pulls: a BYOB read of it reads into its buffer, and the other one gets a copy.
 */
function teeBytes(stream) {
  const { createByteReadable } = require('internal/webstreams/readable_byte_controller');
  const cancellation = new Cancellation(stream);
  const branches = [];
  let reader = acquireReader(stream);
  let reading = false;
  const readAgain = [false, false];

  function watchErrors(current) {
    then(current.closed.promise, undefined, (reason) => {
      // A reader we have replaced meanwhile was released, not failed.
      if (current !== reader) return;
      for (const branch of branches) branch.controller.error(reason);
      cancellation.settle();
    });
  }

  function useReader(isByob) {
    if (reader.isByob === isByob) return;
    reader.release();
    reader = acquireReader(stream, isByob);
    watchErrors(reader);
  }

  function copyOf(chunk) {
    return new Uint8Array(chunk.buffer.slice(chunk.byteOffset, chunk.byteOffset + chunk.byteLength));
  }

  function failBoth(err) {
    for (const branch of branches) branch.controller.error(err);
    cancellation.deferred.resolve(stream.cancel(err));
  }

  function afterRead() {
    reading = false;
    if (readAgain[0]) pull(0);
    else if (readAgain[1]) pull(1);
  }

  function pullDefault() {
    useReader(false);
    reader.read({
      chunk(chunk) {
        queueMicrotask(() => {
          readAgain[0] = readAgain[1] = false;
          const chunks = [chunk, chunk];
          if (!cancellation.done[0] && !cancellation.done[1]) {
            try {
              chunks[1] = copyOf(chunk);
            } catch (err) {
              failBoth(err);
              return;
            }
          }
          for (let i = 0; i < 2; i++) {
            if (!cancellation.done[i]) branches[i].controller.enqueue(chunks[i]);
          }
          afterRead();
        });
      },
      close() {
        reading = false;
        for (let i = 0; i < 2; i++) {
          if (!cancellation.done[i]) branches[i].controller.close();
        }
        for (const { controller } of branches) {
          if (controller.pendingPullIntos.length > 0) controller.respond(0);
        }
        cancellation.settle();
      },
      error() {
        reading = false;
      },
    });
  }

  function pullInto(view, index) {
    useReader(true);
    const own = branches[index];
    const other = branches[1 - index];
    reader.readInto(view, 1, {
      chunk(chunk) {
        queueMicrotask(() => {
          readAgain[0] = readAgain[1] = false;
          const ownCancelled = cancellation.done[index];
          if (!cancellation.done[1 - index]) {
            let copy;
            try {
              copy = copyOf(chunk);
            } catch (err) {
              failBoth(err);
              return;
            }
            if (!ownCancelled) own.controller.respondWithNewView(chunk);
            other.controller.enqueue(copy);
          } else if (!ownCancelled) {
            own.controller.respondWithNewView(chunk);
          }
          afterRead();
        });
      },
      close(chunk) {
        reading = false;
        const ownCancelled = cancellation.done[index];
        const otherCancelled = cancellation.done[1 - index];
        if (!ownCancelled) own.controller.close();
        if (!otherCancelled) other.controller.close();
        if (chunk !== undefined) {
          if (!ownCancelled) own.controller.respondWithNewView(chunk);
          if (!otherCancelled && other.controller.pendingPullIntos.length > 0) {
            other.controller.respond(0);
          }
        }
        cancellation.settle();
      },
      error() {
        reading = false;
      },
    });
  }

  function pull(index) {
    if (reading) {
      readAgain[index] = true;
      return Promise.resolve(undefined);
    }
    reading = true;
    const request = branches[index].controller.byobRequest;
    if (request === null) pullDefault();
    else pullInto(request.view, index);
    return Promise.resolve(undefined);
  }

  for (let i = 0; i < 2; i++) {
    branches.push(createByteReadable({
      start: nop,
      pull: () => pull(i),
      cancel: (reason) => cancellation.cancel(i, reason),
    }));
  }
  watchErrors(reader);
  return branches;
}

module.exports = { ReadableStreamTee, tee };
