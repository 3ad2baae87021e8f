/**
 * Streams in transfer lists: the stream stays, piped to or from one end of a message channel; the other end travels and
 * becomes a stream again. Streams Standard §8.2, "Transferable streams".
 */
'use strict';

const { kDeserializers } = require('internal/transferable');
const { MessageChannel } = require('internal/worker_threads/message_port');

const INFO = 'internal/webstreams/transfer:';

function dataCloneError(text) {
  const { DOMException } = globalThis;
  return new DOMException(text, 'DataCloneError');
}

function post(port, type, value) {
  port.postMessage({ type, value });
}

/** The other side learns of an error that cannot be cloned, too. */
function postOrFail(port, type, value) {
  try {
    post(port, type, value);
  } catch (error) {
    sendError(port, error);
    throw error;
  }
}

function sendError(port, error) {
  try {
    post(port, 'error', error);
  } catch {
    // What cannot be cloned stays here: the other side gets an error all the same.
    post(port, 'error', dataCloneError('The error of a transferred stream could not be cloned'));
  }
}

/**
 * SetUpCrossRealmTransformReadable. The stream keeps the thread alive while somebody waits for a chunk, but not with `isQuiet`: the
 * half that stays behind waits all the time.
 */
function readableOf(port, isQuiet = false) {
  const { ReadableStream } = require('internal/webstreams/readable_stream');
  return new ReadableStream({
    start(controller) {
      port.onmessage = ({ data: { type, value } }) => {
        port.unref();
        if (type === 'chunk') {
          controller.enqueue(value);
        } else if (type === 'close') {
          controller.close();
          port.close();
        } else if (type === 'error') {
          controller.error(value);
          port.close();
        }
      };
      port.onmessageerror = () => {
        const error = dataCloneError('A chunk of a transferred stream could not be deserialized');
        sendError(port, error);
        controller.error(error);
        port.close();
      };
      port.unref();
    },
    pull() {
      if (!isQuiet) port.ref();
      post(port, 'pull', undefined);
    },
    cancel(reason) {
      try {
        postOrFail(port, 'error', reason);
      } finally {
        port.close();
      }
    },
  }, { highWaterMark: 0, size: () => 1 });
}

/** SetUpCrossRealmTransformWritable. The stream keeps the thread alive while a write waits for room. */
function writableOf(port) {
  const { WritableStream } = require('internal/webstreams/writable_stream');
  let backpressure = Promise.withResolvers();
  const relieve = () => {
    backpressure?.resolve();
    backpressure = undefined;
  };
  return new WritableStream({
    start(controller) {
      port.onmessage = ({ data: { type, value } }) => {
        if (type === 'error') controller.error(value);
        if (type === 'error' || type === 'pull') relieve();
      };
      port.onmessageerror = () => {
        const error = dataCloneError('A message of a transferred stream could not be deserialized');
        sendError(port, error);
        controller.error(error);
        port.close();
      };
      port.unref();
    },
    async write(chunk) {
      if (backpressure !== undefined) port.ref();
      await backpressure?.promise;
      port.unref();
      backpressure = Promise.withResolvers();
      try {
        postOrFail(port, 'chunk', chunk);
      } catch (error) {
        port.close();
        throw error;
      }
    },
    close() {
      post(port, 'close', undefined);
      port.close();
    },
    abort(reason) {
      try {
        postOrFail(port, 'error', reason);
      } finally {
        port.close();
      }
    },
  }, { highWaterMark: 1, size: () => 1 });
}

/** What travels of a stream whose other half `connect` makes of a port. */
function halve(connect) {
  const { port1, port2 } = new MessageChannel();
  const piping = connect(port1);
  // The stream that fails tells its own reader or writer.
  piping.catch(() => {});
  return port2;
}

function packReadable(stream) {
  if (stream.locked) throw dataCloneError('Cannot transfer a locked ReadableStream');
  const port = halve((own) => stream.pipeTo(writableOf(own)));
  return { data: port, transferList: [port], deserializeInfo: `${INFO}ReadableStream` };
}

function packWritable(stream) {
  if (stream.locked) throw dataCloneError('Cannot transfer a locked WritableStream');
  const port = halve((own) => readableOf(own, true).pipeTo(stream));
  return { data: port, transferList: [port], deserializeInfo: `${INFO}WritableStream` };
}

function packTransform(stream) {
  const { readable, writable } = stream;
  if (readable.locked || writable.locked) throw dataCloneError('Cannot transfer a locked TransformStream');
  const ports = [packReadable(readable).data, packWritable(writable).data];
  return { data: ports, transferList: ports, deserializeInfo: `${INFO}TransformStream` };
}

module.exports = {
  packReadable,
  packTransform,
  packWritable,
  [kDeserializers]: {
    ReadableStream: readableOf,
    TransformStream: ([readable, writable]) => {
      const { makeTransform } = require('internal/webstreams/transform_stream');
      return makeTransform(readableOf(readable), writableOf(writable));
    },
    WritableStream: writableOf,
  },
};
