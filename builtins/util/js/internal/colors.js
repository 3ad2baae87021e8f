/** Whether a stream shows colours: for `console`, `util.styleText` and whoever writes in colour. */
'use strict';

/** FORCE_COLOR decides if it is set; else the stream must be a terminal with more than two colours. */
function showsColors(stream) {
  if (process.env.FORCE_COLOR !== undefined) return require('tty').WriteStream.prototype.getColorDepth() > 2;
  return stream?.isTTY === true && (typeof stream.getColorDepth === 'function' ? stream.getColorDepth() > 2 : true);
}

module.exports = { showsColors };
