/** `buffer.transcode()`: from one encoding to another. Node docs: buffer.transcode. */
'use strict';

const encodings = require('internal/buffer/encodings');
const { isUtf8 } = binding('buffer');

const { ascii, latin1, ucs2, utf8 } = encodings;
const supported = [ascii, latin1, ucs2, utf8];

/** The errors are those of ICU, by name. */
function unableToTranscode(code) {
  const error = new Error(`Unable to transcode Buffer [${code}]`);
  error.code = code;
  error.errno = code === 'U_ILLEGAL_ARGUMENT_ERROR' ? 1 : 10;
  return error;
}

/** One `?` per character that `limit` excludes: a surrogate pair is one character. */
function replaceAbove(text, limit) {
  const pattern = limit === 0x7f ? /[^\0-\x7f]/gu : /[^\0-\xff]/gu;
  return text.replace(pattern, '?');
}

/**
 * The bytes of `source`, which are text in `from`, as text in `to`: a Uint8Array.
 * What the target cannot express becomes `?`.
 * Throws an Error with an ICU code for an unsupported pair or malformed input.
 */
function transcodeBytes(source, from, to) {
  if (!supported.includes(from) || !supported.includes(to)) {
    throw unableToTranscode('U_ILLEGAL_ARGUMENT_ERROR');
  }
  const malformed = from === utf8 ? to === ucs2 && !isUtf8(source) : false;
  if (malformed) throw unableToTranscode('U_INVALID_CHAR_FOUND');
  let text = from.slice(source, 0, source.length);
  // A byte above 127 is no ASCII: U+FFFD, not the byte with its top bit cleared. On the way to
  // UTF-16 it is only widened.
  if (from === ascii) {
    text = latin1.slice(source, 0, source.length);
    if (to !== ucs2) text = text.replace(/[\x80-\xff]/g, '\ufffd');
  }
  if (from === ucs2 && to === utf8 && (text === '' || !text.isWellFormed())) {
    throw unableToTranscode('U_INVALID_CHAR_FOUND');
  }
  if (from === ucs2 && to === ucs2) {
    // Half a unit at the end is malformed, together with a high surrogate before it.
    if (source.length % 2 === 1) text = text.replace(/[\ud800-\udbff]$/, '') + '\ufffd';
    text = text.toWellFormed();
  }
  if (to === ascii) text = replaceAbove(text, 0x7f);
  else if (to === latin1) text = replaceAbove(text, 0xff);
  return encodings.encodeString(text, to);
}

module.exports = { transcodeBytes, unableToTranscode };
