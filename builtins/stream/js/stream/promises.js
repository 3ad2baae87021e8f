/** `stream/promises`: `finished` and `pipeline` that return promises. Node docs: Streams Promises API. */
'use strict';

const { validateAbortSignal } = require('internal/validators');
const { finished } = require('internal/stream/end_of_stream');
const { pipelineImpl } = require('internal/stream/pipeline');
const { isIterable, isNodeStream, isWebStream } = require('internal/stream/utils');

/** Node docs: stream.pipeline of stream/promises. The last argument may be `{ signal, end }`. */
function pipeline(...stages) {
  return new Promise((resolve, reject) => {
    let options;
    const last = stages[stages.length - 1];
    if (last && typeof last === 'object' && !isNodeStream(last) && !isIterable(last) &&
        !isWebStream(last)) {
      options = stages.pop();
      if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    }
    pipelineImpl(stages, (err, value) => {
      if (err) reject(err);
      else resolve(value);
    }, { signal: options?.signal, end: options?.end });
  });
}

module.exports = { finished, pipeline };
