/** `stream`: the public module, which is the legacy `Stream` class with all else as properties. */
'use strict';

const { isUint8Array } = require('internal/util/types');
const { Buffer } = require('buffer');
const { Stream } = require('internal/stream/legacy');
const { Readable } = require('internal/stream/readable');
const { Writable } = require('internal/stream/writable');
const { Duplex } = require('internal/stream/duplex');
const { Transform } = require('internal/stream/transform');
const { PassThrough } = require('internal/stream/passthrough');
const { destroyer } = require('internal/stream/destroy');
const utils = require('internal/stream/utils');
const {
  defineLazy, getDefaultHighWaterMark, setDefaultHighWaterMark,
} = require('internal/stream/state');

module.exports = Stream;

Stream.isDestroyed = utils.isDestroyed;
Stream.isDisturbed = utils.isDisturbed;
Stream.isErrored = utils.isErrored;
Stream.isReadable = utils.isReadable;
Stream.isWritable = utils.isWritable;

Stream.Readable = Readable;
Stream.Writable = Writable;
Stream.Duplex = Duplex;
Stream.Transform = Transform;
Stream.PassThrough = PassThrough;
defineLazy(Stream, 'duplexPair', () => require('internal/stream/duplexpair').duplexPair);
defineLazy(Stream, 'pipeline', () => promisifiable(
  require('internal/stream/pipeline').pipeline, () => require('stream/promises').pipeline));
defineLazy(Stream, 'addAbortSignal',
  () => require('internal/stream/add_abort_signal').addAbortSignal);
defineLazy(Stream, 'finished', () => promisifiable(
  require('internal/stream/end_of_stream').eos, () => require('stream/promises').finished));
Stream.destroy = destroyer;
defineLazy(Stream, 'compose', () => require('internal/stream/compose').compose);
Stream.setDefaultHighWaterMark = setDefaultHighWaterMark;
Stream.getDefaultHighWaterMark = getDefaultHighWaterMark;
Object.defineProperty(Stream, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return require('stream/promises'); },
});

/** `util.promisify` of it gives the function of `stream/promises`. */
function promisifiable(fn, getPromised) {
  Object.defineProperty(fn, Symbol.for('nodejs.util.promisify.custom'), {
    __proto__: null, configurable: true, enumerable: true, get: getPromised,
  });
  return fn;
}

// The module and its oldest class are one, as in Node 0.4.
Stream.Stream = Stream;

Stream._isArrayBufferView = ArrayBuffer.isView;
Stream._isUint8Array = isUint8Array;
Stream._uint8ArrayToBuffer = function _uint8ArrayToBuffer(chunk) {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
};
