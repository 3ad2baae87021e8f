/**
 * `stream.compose`: a row of streams as one Duplex; it writes to the first and reads from the last.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { validateAbortSignal, validateObject } = require('internal/validators');
const { Duplex } = require('internal/stream/duplex');
const { destroyer } = require('internal/stream/destroy');
const { eos } = require('internal/stream/end_of_stream');
const { pipeline } = require('internal/stream/pipeline');
const {
  bridgeDestroy, bridgeReadable, bridgeWebReadable, bridgeWebWritable, bridgeWritable,
} = require('internal/stream/bridge');
const {
  isNodeStream, isReadable, isReadableStream, isTransformStream, isWebStream, isWritable,
  isWritableStream,
} = require('internal/stream/utils');

function checkStages(stages, originals) {
  for (let i = 0; i < stages.length; i++) {
    const stage = stages[i];
    if (!isNodeStream(stage) && !isWebStream(stage)) continue;
    if (i < stages.length - 1 &&
        !(isReadable(stage) || isReadableStream(stage) || isTransformStream(stage))) {
      throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, originals[i], 'must be readable');
    }
    if (i > 0 && !(isWritable(stage) || isWritableStream(stage) || isTransformStream(stage))) {
      throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, originals[i], 'must be writable');
    }
  }
}

/** Node docs: stream.compose. */
function compose(...stages) {
  if (stages.length === 0) throw new ERR_MISSING_ARGS('streams');
  if (stages.length === 1) return Duplex.from(stages[0]);

  const originals = stages.slice();
  if (typeof stages[0] === 'function') stages[0] = Duplex.from(stages[0]);
  const last = stages.length - 1;
  if (typeof stages[last] === 'function') stages[last] = Duplex.from(stages[last]);
  checkStages(stages, originals);

  let duplex = null;
  let ending = null;
  const tail = pipeline(stages, (err) => {
    if (ending.onDone(err)) return;
    if (err) duplex.destroy(err);
    else if (!readable && !writable) duplex.destroy();
  });
  const head = stages[0];
  const writable = Boolean(isWritable(head) || isWritableStream(head) || isTransformStream(head));
  const readable = Boolean(isReadable(tail) || isReadableStream(tail) || isTransformStream(tail));

  duplex = new Duplex({
    writableObjectMode: Boolean(head?.writableObjectMode),
    readableObjectMode: Boolean(tail?.readableObjectMode),
    writable,
    readable,
  });

  const halves = [];
  if (writable) halves.push(connectHead(duplex, head, tail));
  if (readable) halves.push(connectTail(duplex, tail));
  ending = bridgeDestroy(duplex, halves, (err) => {
    if (isNodeStream(tail)) destroyer(tail, err);
  });
  return duplex;
}

function connectHead(duplex, head, tail) {
  const half = isNodeStream(head) ? bridgeWritable(duplex, head) :
    bridgeWebWritable(duplex, isTransformStream(head) ? head.writable : head);
  // All that was written is done with when the other end is, one way or another.
  eos(isTransformStream(tail) ? tail.readable : tail, half.finished);
  return half;
}

function connectTail(duplex, tail) {
  if (isNodeStream(tail)) return bridgeReadable(duplex, tail);
  return bridgeWebReadable(duplex, isTransformStream(tail) ? tail.readable : tail);
}

/** Node docs: readable.compose. */
function composeOnto(source, stream, options) {
  if (options !== undefined && options !== null) validateObject(options, 'options');
  if (options?.signal !== undefined && options?.signal !== null) {
    validateAbortSignal(options.signal, 'options.signal');
  }
  if (isNodeStream(stream) && !isWritable(stream)) {
    throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be writable');
  }
  const composed = compose(source, stream);
  if (options?.signal) {
    require('internal/stream/add_abort_signal')
      .addAbortSignalNoValidate(options.signal, composed);
  }
  return composed;
}

module.exports = { compose, composeOnto };
