/**
 * `pipeTo()`: reads from one stream, writes to another, and carries ends and errors both ways.
 * Streams Standard §4.9.1, ReadableStreamPipeTo.
 *
 * **Invariant:** no chunk that was read is lost: shutting down waits for the writes in progress.
 */
'use strict';

const { validateAbortSignal } = require('internal/validators');
const {
  RESOLVED, checkObject, invalidState, nop, then,
} = require('internal/webstreams/util');
const { acquireReader } = require('internal/webstreams/readable_readers');

/** The options of pipeTo() and pipeThrough(), read in the standard's order and checked. */
function checkPipeOptions(options) {
  checkObject(options, 'options', true);
  const preventAbort = Boolean(options?.preventAbort);
  const preventCancel = Boolean(options?.preventCancel);
  const preventClose = Boolean(options?.preventClose);
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { preventAbort, preventCancel, preventClose, signal };
}

/** Pipes between implementations; the promise settles when all is done and both are unlocked. */
function pipeTo(source, dest, options) {
  return new Pipe(source, dest, options).start();
}

class Pipe {
  constructor(source, dest, options) {
    this.source = source;
    this.dest = dest;
    this.options = options;
    this.outcome = Promise.withResolvers();
    this.shuttingDown = false;
    /** Writes not yet confirmed, those that are about to start included. */
    this.writesPending = 0;
    this.onIdle = null;
    this.onAbort = null;
    this.chunk = undefined;
    // The request of every read: only one is under way at a time.
    this.request = {
      chunk: (chunk) => this.forward(chunk),
      close: nop,
      error: nop,
    };
    this.step = () => this.readOne();
    const written = () => {
      this.writesPending--;
      if (this.writesPending === 0 && this.onIdle !== null) then(RESOLVED, this.onIdle);
    };
    this.writeRequest = { resolve: written, reject: written };
    this.onForward = () => {
      const { chunk, writer } = this;
      this.chunk = undefined;
      if (writer.stream === null) {
        // Released meanwhile: the destination is over, and so is the chunk.
        written();
      } else {
        writer.writeWith(chunk, this.writeRequest);
        this.pump();
      }
    };
  }

  start() {
    const { acquireWriter } = require('internal/webstreams/writable_stream');
    const { source, dest, options: { signal } } = this;
    this.reader = acquireReader(source);
    this.writer = acquireWriter(dest);
    source.disturbed = true;

    if (signal !== undefined) {
      this.onAbort = () => this.abort();
      if (signal.aborted) {
        this.abort();
        return this.outcome.promise;
      }
      signal.addEventListener('abort', this.onAbort);
    }

    // Which of several things that have happened already comes first is up to the standard.
    this.watchSourceError();
    this.watchDestError();
    this.watchSourceClose();
    this.checkDestClosed();
    this.pump();
    return this.outcome.promise;
  }

  abort() {
    const { source, dest, options } = this;
    const { reason } = options.signal;
    const actions = [];
    if (!options.preventAbort && dest.state === 'writable') {
      actions.push(() => dest.abort(reason));
    } else if (!options.preventAbort) {
      actions.push(() => Promise.resolve());
    }
    if (!options.preventCancel && source.state === 'readable') {
      actions.push(() => source.cancel(reason));
    } else if (!options.preventCancel) {
      actions.push(() => Promise.resolve());
    }
    this.shutDown(() => Promise.all(actions.map((action) => action())), { reason });
  }

  watchSourceError() {
    const { source, dest, options } = this;
    const onError = (reason) => {
      const action = options.preventAbort ? null : () => dest.abort(reason);
      this.shutDown(action, { reason });
    };
    if (source.state === 'errored') onError(source.storedError);
    else then(this.reader.closed.promise, undefined, onError);
  }

  watchDestError() {
    const { source, dest, options } = this;
    const onError = (reason) => {
      const action = options.preventCancel ? null : () => source.cancel(reason);
      this.shutDown(action, { reason });
    };
    if (dest.state === 'errored') onError(dest.storedError);
    else then(this.writer.closed.promise, undefined, onError);
  }

  watchSourceClose() {
    const onClose = () => {
      const action = this.options.preventClose ? null : () => this.writer.closeAndPropagateError();
      this.shutDown(action, null);
    };
    if (this.source.state === 'closed') onClose();
    else then(this.reader.closed.promise, onClose, nop);
  }

  checkDestClosed() {
    const { source, dest, options } = this;
    if (!dest.isCloseQueuedOrInFlight && dest.state !== 'closed') return;
    const reason = invalidState('Destination WritableStream is closed');
    this.shutDown(options.preventCancel ? null : () => source.cancel(reason), { reason });
  }

  /** Goes on when the destination wants more. */
  pump() {
    if (this.shuttingDown) return;
    if (this.writer.ready.isPending) then(this.writer.ready.promise, this.step, nop);
    else this.readOne();
  }

  readOne() {
    if (this.shuttingDown) return;
    this.reader.read(this.request);
  }

  /** Never writes within the source's enqueue(): a sink must not run inside it. */
  forward(chunk) {
    this.writesPending++;
    this.chunk = chunk;
    then(RESOLVED, this.onForward);
  }

  /**
   * Ends the pipe, once. `action` (or null) runs when the writes under way are through;
   * `failure`, `{ reason }` or null, is what the promise tells unless the action itself fails.
   */
  shutDown(action, failure) {
    if (this.shuttingDown) return;
    this.shuttingDown = true;
    const finish = () => {
      if (action === null) {
        this.finish(failure);
      } else {
        then(action(), () => this.finish(failure), (reason) => this.finish({ reason }));
      }
    };
    if (this.dest.state === 'writable' && !this.dest.isCloseQueuedOrInFlight) {
      this.afterWrites(finish);
    } else {
      finish();
    }
  }

  afterWrites(callback) {
    this.onIdle = callback;
    if (this.writesPending === 0) then(RESOLVED, callback);
  }

  finish(failure) {
    this.writer.release();
    this.reader.release();
    if (this.onAbort) this.options.signal.removeEventListener('abort', this.onAbort);
    if (failure) this.outcome.reject(failure.reason);
    else this.outcome.resolve(undefined);
  }
}

module.exports = { checkPipeOptions, pipeTo };
