/** Whether a stream shows colours. */
'use strict';

/** FORCE_COLOR decides; then the stream: a terminal with more than two colours. */
function showsColors(stream) {
  if (process.env.FORCE_COLOR !== undefined) {
    return require('internal/tty/colors').getColorDepth() > 2;
  }
  return stream?.isTTY === true && (typeof stream.getColorDepth === 'function' ? stream.getColorDepth() > 2 : true);
}

module.exports = { showsColors };
