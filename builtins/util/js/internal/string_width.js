/**
 * Width of text on a terminal, for text that is not plain ASCII. The tables are Unicode's (East Asian Width, combining
 * and zero width characters) and live in Rust.
 */
'use strict';

const { stringWidth } = binding('util');

/** Columns of `text`, which has no control sequences. */
function wideWidth(text) {
  return stringWidth(text.normalize('NFC'));
}

module.exports = { wideWidth };
