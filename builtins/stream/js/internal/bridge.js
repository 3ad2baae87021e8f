/**
 * The two halves of a Duplex that stands for other streams: what is written goes to one stream,
 * what is read comes from another. `compose` and `Duplex.from` build on them.
 */
'use strict';

const { AbortError } = require('internal/errors');

function nop() {}

/** Forwards the writable side of `duplex` to the node stream `target`. */
function bridgeWritable(duplex, target) {
  let onDrain = null;
  let onFinish = null;

  duplex._write = (chunk, encoding, callback) => {
    if (target.write(chunk, encoding)) callback();
    else onDrain = callback;
  };
  duplex._final = (callback) => {
    target.end();
    onFinish = callback;
  };
  target.on('drain', () => {
    const callback = onDrain;
    onDrain = null;
    callback?.();
  });
  return {
    finished() {
      const callback = onFinish;
      onFinish = null;
      callback?.();
    },
    release() {
      onDrain = null;
      onFinish = null;
    },
  };
}

/** Feeds the readable side of `duplex` from the node stream `source`. */
function bridgeReadable(duplex, source) {
  let waiting = false;

  source.on('readable', () => {
    if (waiting) {
      waiting = false;
      duplex._read();
    }
  });
  source.on('end', () => duplex.push(null));
  duplex._read = () => {
    while (true) {
      const chunk = source.read();
      if (chunk === null) {
        waiting = true;
        return;
      }
      if (!duplex.push(chunk)) return;
    }
  };
  return {
    release() {
      waiting = false;
    },
  };
}

/** Forwards the writable side of `duplex` to the web stream `target`. */
function bridgeWebWritable(duplex, target) {
  const writer = target.getWriter();
  duplex._write = async (chunk, encoding, callback) => {
    try {
      await writer.ready;
      writer.write(chunk).catch(nop); // An error shows in `ready` and `close` too.
      callback();
    } catch (err) {
      callback(err);
    }
  };
  let onFinish = null;
  duplex._final = async (callback) => {
    try {
      await writer.ready;
      writer.close().catch(nop);
      onFinish = callback;
    } catch (err) {
      callback(err);
    }
  };
  return {
    finished() {
      const callback = onFinish;
      onFinish = null;
      callback?.();
    },
    release() {
      onFinish = null;
    },
  };
}

/** Feeds the readable side of `duplex` from the web stream `source`. */
function bridgeWebReadable(duplex, source) {
  const reader = source.getReader();
  duplex._read = async () => {
    while (true) {
      try {
        const { value, done } = await reader.read();
        if (done) {
          duplex.push(null);
          return;
        }
        if (!duplex.push(value)) return;
      } catch {
        // The stream's own end tells why; see the pipeline's or finished()'s callback.
        return;
      }
    }
  };
  return { release: nop };
}

/**
 * Gives `duplex` its `_destroy`: it waits until what stands behind it is done (`onDone` of the
 * result, called by whoever watches) and then calls back. `beforeWait(err)` destroys those streams.
 */
function bridgeDestroy(duplex, halves, beforeWait) {
  let isDone = false;
  let onClose = null;

  duplex._destroy = (err, callback) => {
    if (!err && !isDone) err = new AbortError();
    for (const half of halves) half.release();
    if (isDone) {
      beforeWait(err);
      callback(err);
    } else {
      onClose = callback;
      beforeWait(err);
    }
  };
  return {
    /** True if a pending destroy was answered with `err`. */
    onDone(err) {
      const callback = onClose;
      onClose = null;
      isDone = true;
      callback?.(err);
      return callback !== null;
    },
  };
}

module.exports = {
  bridgeDestroy, bridgeReadable, bridgeWebReadable, bridgeWebWritable, bridgeWritable,
};
