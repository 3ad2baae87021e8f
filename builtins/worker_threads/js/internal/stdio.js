/**
 * Standard streams between a worker and its parent. A sender keeps the callbacks of its writes until the receiver, whose
 * consumer read what came, asks for more: that is the back-pressure. Node docs: worker.stdin, worker.stdout.
 */
'use strict';

const { Readable, Writable } = require('stream');

class ReadableWorkerStdio extends Readable {}

class WritableWorkerStdio extends Writable {}

const kCallbacks = Symbol('kCallbacks');
const kWait = Symbol('kWait');

/**
 * The writing end: `send(chunks, ended)` posts. With `isFinal()` true nobody will ask for more. `wait(true)` is called while there
 * are writes that the receiver did not take yet.
 */
function createSender(send, isFinal = () => false, wait = () => {}) {
  const stream = new WritableWorkerStdio({
    decodeStrings: true,
    writev(writes, callback) {
      // Copies: a message takes what it is given, and pooled Buffers share their memory.
      send(writes.map(({ chunk }) => new Uint8Array(chunk)), false);
      if (isFinal()) {
        callback();
        return;
      }
      stream[kCallbacks].push(callback);
      wait(true);
    },
    final(callback) {
      send([], true);
      callback();
    },
  });
  Object.defineProperty(stream, kCallbacks, { __proto__: null, value: [], writable: true });
  Object.defineProperty(stream, kWait, { __proto__: null, value: wait });
  return stream;
}

/** The receiver took what was sent. */
function sendMore(stream) {
  const callbacks = stream[kCallbacks];
  stream[kCallbacks] = [];
  stream[kWait](false);
  for (const callback of callbacks) callback();
}

/** The reading end: `ask()` tells the sender that there is room. */
function createReceiver(ask) {
  return new ReadableWorkerStdio({
    read() {
      ask();
    },
  });
}

function deliver(stream, chunks, ended) {
  if (stream.destroyed) return;
  const { Buffer } = require('buffer');
  let hasRoom = true;
  for (const chunk of chunks) hasRoom = stream.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  // A stream that nobody reads yet still has room for what its buffer takes.
  if (hasRoom && chunks.length > 0) stream._read();
  if (ended) stream.push(null);
}

module.exports = { createReceiver, createSender, deliver, sendMore };
