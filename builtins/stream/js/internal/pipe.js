/**
 * `readable.pipe(dest)`: one Pipe object per connection holds the listeners on both ends and takes
 * them off again when either end is done, fails, or is unpiped.
 *
 * Back-pressure of several destinations: the source flows only when all of them have drained;
 * `awaitDrainWriters` of the source's state says who has not.
 */
'use strict';

const EventEmitter = require('events');
const { prependListener } = require('internal/stream/legacy');
const { errorOrDestroy } = require('internal/stream/destroy');
const { FLOWING, MULTI_AWAIT_DRAIN, END_EMITTED } = require('internal/stream/readable_state');

class Pipe {
  constructor(source, dest) {
    this.source = source;
    this.dest = dest;
    this.open = true;
    this.onDrain = null;
    this.onData = (chunk) => this.data(chunk);
    this.onUnpipe = (readable, info) => {
      if (readable === source && info && info.hasUnpiped === false) {
        info.hasUnpiped = true;
        this.close();
      }
    };
    this.onEnd = () => dest.end();
    this.onError = (err) => this.fail(err);
    this.onClose = () => {
      dest.removeListener('finish', this.onFinish);
      this.unpipe();
    };
    this.onFinish = () => {
      dest.removeListener('close', this.onClose);
      this.unpipe();
    };
    this.onUnpiped = () => this.unpipe();
  }

  /** Connects; `endsDest`: the source's end is to end `dest`. */
  start(endsDest) {
    const { source, dest } = this;
    const state = source._readableState;
    const atEnd = endsDest ? this.onEnd : this.onUnpiped;
    if (state.bits & END_EMITTED) process.nextTick(atEnd);
    else source.once('end', atEnd);

    dest.on('unpipe', this.onUnpipe);
    source.on('data', this.onData);
    prependListener(dest, 'error', this.onError);
    dest.once('close', this.onClose);
    dest.once('finish', this.onFinish);
    dest.emit('pipe', source);

    if (dest.writableNeedDrain === true) this.pause();
    else if (!(state.bits & FLOWING)) source.resume();
  }

  data(chunk) {
    let more;
    try {
      more = this.dest.write(chunk);
    } catch (err) {
      // A chunk the destination cannot take (an object for a byte stream) is its error.
      this.dest.destroy(err);
      return;
    }
    if (more === false) this.pause();
  }

  pause() {
    const { source, dest } = this;
    if (this.open) {
      const state = source._readableState;
      if (state.pipes.length === 1 && state.pipes[0] === dest) {
        state.awaitDrainWriters = dest;
        state.bits &= ~MULTI_AWAIT_DRAIN;
      } else if (state.pipes.length > 1 && state.pipes.includes(dest)) {
        state.awaitDrainWriters.add(dest);
      }
      source.pause();
    }
    if (!this.onDrain) {
      // Only now: most pipes never need the listener.
      this.onDrain = () => this.drained();
      dest.on('drain', this.onDrain);
    }
  }

  drained() {
    const { source, dest } = this;
    const state = source._readableState;
    if (state.awaitDrainWriters === dest) state.awaitDrainWriters = null;
    else if (state.bits & MULTI_AWAIT_DRAIN) state.awaitDrainWriters.delete(dest);

    if ((!state.awaitDrainWriters || state.awaitDrainWriters.size === 0) &&
        source.listenerCount('data') > 0) {
      source.resume();
    }
  }

  fail(err) {
    const { dest } = this;
    this.unpipe();
    dest.removeListener('error', this.onError);
    if (EventEmitter.prototype.listenerCount.call(dest, 'error') !== 0) return;
    // Nobody else listens: the error must not be lost with us.
    const state = dest._writableState || dest._readableState;
    if (state && !state.errorEmitted) errorOrDestroy(dest, err);
    else dest.emit('error', err);
  }

  unpipe() {
    this.source.unpipe(this.dest);
  }

  /** Takes off every listener. A destination that owes a 'drain' no longer holds others up. */
  close() {
    const { source, dest } = this;
    dest.removeListener('close', this.onClose);
    dest.removeListener('finish', this.onFinish);
    if (this.onDrain) dest.removeListener('drain', this.onDrain);
    dest.removeListener('error', this.onError);
    dest.removeListener('unpipe', this.onUnpipe);
    source.removeListener('end', this.onEnd);
    source.removeListener('end', this.onUnpiped);
    source.removeListener('data', this.onData);
    this.open = false;
    if (this.onDrain && source._readableState.awaitDrainWriters) this.onDrain();
  }
}

/** Node docs: readable.pipe. Returns `dest`. */
function pipe(source, dest, options) {
  const state = source._readableState;
  if (state.pipes.length === 1 && !(state.bits & MULTI_AWAIT_DRAIN)) {
    state.bits |= MULTI_AWAIT_DRAIN;
    state.awaitDrainWriters = new Set(state.awaitDrainWriters ? [state.awaitDrainWriters] : []);
  }
  state.pipes.push(dest);

  // The flag first: looking at process.stdout opens it.
  const isStdio = dest._isStdio && (dest === process.stdout || dest === process.stderr);
  new Pipe(source, dest).start((!options || options.end !== false) && !isStdio);
  return dest;
}

/** Node docs: readable.unpipe. Without `dest`: all. */
function unpipe(source, dest) {
  const state = source._readableState;
  if (state.pipes.length === 0) return source;

  if (!dest) {
    const all = state.pipes;
    state.pipes = [];
    source.pause();
    for (const each of all) each.emit('unpipe', source, { hasUnpiped: false });
    return source;
  }

  const index = state.pipes.indexOf(dest);
  if (index === -1) return source;
  state.pipes.splice(index, 1);
  if (state.pipes.length === 0) source.pause();
  dest.emit('unpipe', source, { hasUnpiped: false });
  return source;
}

module.exports = { pipe, unpipe };
