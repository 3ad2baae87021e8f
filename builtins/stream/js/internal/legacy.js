/**
 * `Stream`: the old base class, an EventEmitter with a `pipe()` for streams that know only 'data',
 * `write()`, `pause()` and `resume()`. Every newer class inherits from it.
 */
'use strict';

const EventEmitter = require('events');

/** Works without `new` and as `Stream.call(this)`: util.inherits style subclasses need that. */
function Stream(options) {
  EventEmitter.call(this, options);
}
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Stream, EventEmitter);

/** Sends 'data' to `dest.write()`, pausing the source while `write()` says false. */
Stream.prototype.pipe = function pipe(dest, options) {
  const source = this;

  const onData = (chunk) => {
    if (dest.writable && dest.write(chunk) === false && source.pause) source.pause();
  };
  const onDrain = () => {
    if (source.readable && source.resume) source.resume();
  };
  let ended = false;
  const onEnd = () => {
    if (ended) return;
    ended = true;
    dest.end();
  };
  const onClose = () => {
    if (ended) return;
    ended = true;
    if (typeof dest.destroy === 'function') dest.destroy();
  };
  // Our listener must not make an error count as handled: the last one rethrows through emit.
  function onError(err) {
    cleanUp();
    // Not this.listenerCount(): old emitters need not have it.
    if (EventEmitter.prototype.listenerCount.call(this, 'error') === 0) this.emit('error', err);
  }

  const bindings = [[source, 'data', onData], [dest, 'drain', onDrain]];
  // A source's end does not end stdio, nor what also is the parent's.
  if (!dest._isStdio && (!options || options.end !== false)) {
    bindings.push([source, 'end', onEnd], [source, 'close', onClose]);
  }
  bindings.push([source, 'end', cleanUp], [source, 'close', cleanUp], [dest, 'close', cleanUp]);
  for (const [emitter, event, listener] of bindings) emitter.on(event, listener);
  prependListener(source, 'error', onError);
  prependListener(dest, 'error', onError);

  function cleanUp() {
    for (const [emitter, event, listener] of bindings) emitter.removeListener(event, listener);
    source.removeListener('error', onError);
    dest.removeListener('error', onError);
  }

  dest.emit('pipe', source);
  return dest;
};

/** Names with listeners; a name whose listeners are all gone does not count. */
Stream.prototype.eventNames = function eventNames() {
  return EventEmitter.prototype.eventNames.call(this)
    .filter((name) => this.listenerCount(name) > 0);
};

/** Puts `listener` first, also on emitters that only look like ours. */
function prependListener(emitter, event, listener) {
  if (typeof emitter.prependListener === 'function') {
    emitter.prependListener(event, listener);
    return;
  }
  // Old userland emitters keep a Node 0.x `_events` table: a function or an array per name.
  const present = emitter._events?.[event];
  if (!present) emitter.on(event, listener);
  else if (Array.isArray(present)) present.unshift(listener);
  else emitter._events[event] = [listener, present];
}

module.exports = { Stream, prependListener };
