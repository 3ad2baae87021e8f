/** `stream.addAbortSignal`: a signal's abort destroys the stream with an AbortError. */
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE }, AbortError } = require('internal/errors');
const { validateAbortSignal } = require('internal/validators');
const {
  isNodeStream, isWebStream, kControllerErrorFunction,
} = require('internal/stream/utils');

/** Node docs: stream.addAbortSignal. Returns `stream`. */
function addAbortSignal(signal, stream) {
  validateAbortSignal(signal, 'signal');
  if (!isNodeStream(stream) && !isWebStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  return addAbortSignalNoValidate(signal, stream);
}

function addAbortSignalNoValidate(signal, stream) {
  if (typeof signal !== 'object' || !('aborted' in signal)) return stream;
  const onAbort = isNodeStream(stream) ?
    () => stream.destroy(new AbortError(undefined, { cause: signal.reason })) :
    () => stream[kControllerErrorFunction](new AbortError(undefined, { cause: signal.reason }));

  if (signal.aborted) {
    onAbort();
  } else {
    const { addAbortListener } = require('events');
    const subscription = addAbortListener(signal, onAbort);
    // The signal may outlive the stream by far: do not let it hold on to it.
    require('internal/stream/end_of_stream').eos(stream, subscription[Symbol.dispose]);
  }
  return stream;
}

module.exports = { addAbortSignal, addAbortSignalNoValidate };
