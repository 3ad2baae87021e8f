/** Async iteration over a Readable: `for await (const chunk of readable)`. */
'use strict';

const { combineErrors, destroyer } = require('internal/stream/destroy');

/**
 * An async iterator of the stream's chunks, which also has the stream as `stream`. Leaving the loop
 * early destroys the stream unless `options.destroyOnReturn` is false.
 */
function iterate(stream, options) {
  if (typeof stream.read !== 'function') {
    stream = require('internal/stream/readable').Readable.wrap(stream, { objectMode: true });
  }
  const iterator = chunksOf(stream, options);
  iterator.stream = stream;
  return iterator;
}

async function* chunksOf(stream, options) {
  // `wake` continues the loop; a 'readable' while it runs is not lost, as read() comes next.
  let wake = null;
  const notify = () => {
    if (wake) {
      const resolve = wake;
      wake = null;
      resolve();
    }
  };
  const sleep = (resolve) => {
    wake = resolve;
  };
  // undefined: still going; null: ended well; else why it failed.
  let outcome;

  stream.on('readable', notify);
  const stopWatching = require('internal/stream/end_of_stream').eos(
    stream, { writable: false }, (err) => {
      outcome = err ? combineErrors(outcome, err) : null;
      notify();
    });

  try {
    while (true) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (outcome) throw outcome;
      else if (outcome === null) return;
      else await new Promise(sleep);
    }
  } catch (err) {
    outcome = combineErrors(outcome, err);
    throw outcome;
  } finally {
    if ((outcome || options?.destroyOnReturn !== false) &&
        (outcome === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', notify);
      stopWatching();
    }
  }
}

module.exports = { iterate };
