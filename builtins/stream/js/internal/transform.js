/**
 * `stream.Transform`: a Duplex whose output is computed from its input.
 *
 * Back-pressure: while the readable side is full, the callback of the last write is held back and
 * called by the next `_read()`, so the writable side stalls with it.
 */
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { Duplex } = require('internal/stream/duplex');
const { SYNC } = require('internal/stream/state');
const { getDefaultHighWaterMark } = require('internal/stream/state');

/** The write callback that waits for room on the readable side. */
const kHeldCallback = Symbol('kCallback');

function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options);

  // With a readable side that holds nothing, the writable side must not hold anything either, or
  // a transform would take chunks that nobody asked for.
  const readableHighWaterMark = options ? readableMark(options) : null;
  if (readableHighWaterMark === 0) {
    options = {
      ...options,
      highWaterMark: null,
      readableHighWaterMark,
      writableHighWaterMark: options.writableHighWaterMark || 0,
    };
  }
  Duplex.call(this, options);

  // push() within _transform is no answer to a _read(): it may emit 'data' at once.
  this._readableState.bits &= ~SYNC;
  this[kHeldCallback] = null;
  if (options) {
    if (typeof options.transform === 'function') this._transform = options.transform;
    if (typeof options.flush === 'function') this._flush = options.flush;
  }
  // A subclass may have a `_final` of its own; flushing then happens before 'finish' all the same.
  this.on('prefinish', onPrefinish);
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);

function readableMark(options) {
  return options.highWaterMark ?? options.readableHighWaterMark ??
    getDefaultHighWaterMark(options.objectMode || options.readableObjectMode);
}

function flushAndEnd(callback) {
  if (typeof this._flush === 'function' && !this.destroyed) {
    this._flush((err, data) => {
      if (err) {
        if (callback) callback(err);
        else this.destroy(err);
        return;
      }
      if (data !== null && data !== undefined) this.push(data);
      this.push(null);
      if (callback) callback();
    });
  } else {
    this.push(null);
    if (callback) callback();
  }
}

function onPrefinish() {
  if (this._final !== flushAndEnd) flushAndEnd.call(this);
}

Transform.prototype._final = flushAndEnd;

Transform.prototype._transform = function _transform(chunk, encoding, callback) { // eslint-disable-line no-unused-vars
  throw new ERR_METHOD_NOT_IMPLEMENTED('_transform()');
};

Transform.prototype._write = function _write(chunk, encoding, callback) {
  const r = this._readableState;
  const w = this._writableState;
  const before = r.length;

  this._transform(chunk, encoding, (err, value) => {
    if (err) {
      callback(err);
      return;
    }
    if (value !== null && value !== undefined) this.push(value);

    if (r.ended) {
      // Its own end came early: nothing reads any more, so nothing may wait for a _read().
      process.nextTick(callback);
    } else if (w.ended || before === r.length || r.length < r.highWaterMark) {
      callback();
    } else {
      this[kHeldCallback] = callback;
    }
  });
};

Transform.prototype._read = function _read() {
  const callback = this[kHeldCallback];
  if (callback) {
    this[kHeldCallback] = null;
    callback();
  }
};

module.exports = { Transform };
