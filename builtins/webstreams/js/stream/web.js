/** `stream/web`: the WHATWG streams as a module. Node docs: Web Streams API. */
'use strict';

const { ReadableStream } = require('internal/webstreams/readable_stream');
const {
  ReadableStreamBYOBReader, ReadableStreamDefaultReader,
} = require('internal/webstreams/readable_readers');
const {
  ReadableByteStreamController, ReadableStreamBYOBRequest,
} = require('internal/webstreams/readable_byte_controller');
const {
  ReadableStreamDefaultController,
} = require('internal/webstreams/readable_default_controller');
const { ReadableStreamTee } = require('internal/webstreams/readable_tee');
const {
  TransformStream, TransformStreamDefaultController,
} = require('internal/webstreams/transform_stream');
const {
  WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
} = require('internal/webstreams/writable_stream');
const {
  ByteLengthQueuingStrategy, CountQueuingStrategy,
} = require('internal/webstreams/queuing_strategies');
const { TextDecoderStream, TextEncoderStream } = require('internal/webstreams/encoding');
const { CompressionStream, DecompressionStream } = require('internal/webstreams/compression');

module.exports = {
  ReadableStream,
  ReadableStreamTee,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableByteStreamController,
  ReadableStreamDefaultController,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultWriter,
  WritableStreamDefaultController,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  TextEncoderStream,
  TextDecoderStream,
  CompressionStream,
  DecompressionStream,
};
