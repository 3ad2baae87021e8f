/** `readable.wrap(old)`: an old-style stream ('data' and `pause()`) as the source of a Readable. */
'use strict';

const { errorOrDestroy } = require('internal/stream/destroy');

/** Feeds `stream` from `old`; its further methods become callable on `stream` too. */
function wrap(stream, old) {
  let paused = false;

  old.on('data', (chunk) => {
    if (!stream.push(chunk) && old.pause) {
      paused = true;
      old.pause();
    }
  });
  old.on('end', () => stream.push(null));
  old.on('error', (err) => errorOrDestroy(stream, err));
  old.on('close', () => stream.destroy());
  old.on('destroy', () => stream.destroy());

  stream._read = () => {
    if (paused && old.resume) {
      paused = false;
      old.resume();
    }
  };
  for (const name of Object.keys(old)) {
    if (stream[name] === undefined && typeof old[name] === 'function') {
      stream[name] = old[name].bind(old);
    }
  }
  return stream;
}

module.exports = { wrap };
