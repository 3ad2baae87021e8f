/** `atob()` and `btoa()`. Specification: HTML, "Base64 utility methods". */
'use strict';

const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
const native = binding('buffer');

// What the binding answers instead of a string. It knows no DOMException.
const INVALID_CHARACTER = -1;
const BAD_LENGTH = -3;

function invalidCharacter(message) {
  const { DOMException } = globalThis;
  return new DOMException(message, 'InvalidCharacterError');
}

/** The base64 of a string of bytes (each character below U+0100). */
function btoa(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const result = native.btoa(`${input}`);
  if (result === INVALID_CHARACTER) throw invalidCharacter('Invalid character');
  return result;
}

/** The bytes behind base64 text, one per character. ASCII whitespace is skipped, padding may be missing. */
function atob(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const result = native.atob(`${input}`);
  if (result === INVALID_CHARACTER) throw invalidCharacter('Invalid character');
  if (result === BAD_LENGTH) {
    throw invalidCharacter('The string to be decoded is not correctly encoded.');
  }
  return result;
}

module.exports = { atob, btoa };
