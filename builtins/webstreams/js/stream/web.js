/** `stream/web`: the WHATWG streams as a module. Node docs: Web Streams API. */
'use strict';

const { defineLazy } = require('internal/stream/state');

// Each class loads when it is first asked for: a program that uses one seldom uses all.
const FILES = {
  readable_stream: ['ReadableStream'],
  readable_tee: ['ReadableStreamTee'],
  readable_readers: ['ReadableStreamDefaultReader', 'ReadableStreamBYOBReader'],
  readable_byte_controller: ['ReadableStreamBYOBRequest', 'ReadableByteStreamController'],
  readable_default_controller: ['ReadableStreamDefaultController'],
  transform_stream: ['TransformStream', 'TransformStreamDefaultController'],
  writable_stream: [
    'WritableStream', 'WritableStreamDefaultWriter', 'WritableStreamDefaultController',
  ],
  queuing_strategies: ['ByteLengthQueuingStrategy', 'CountQueuingStrategy'],
  encoding: ['TextEncoderStream', 'TextDecoderStream'],
  compression: ['CompressionStream', 'DecompressionStream'],
};

for (const file of Object.keys(FILES)) {
  for (const name of FILES[file]) {
    defineLazy(module.exports, name, () => require(`internal/webstreams/${file}`)[name]);
  }
}
