/**
 * The encodings of Buffer: names, and what each can do.
 *
 * The work is done by the binding. Its functions take ranges that are already checked:
 * `xxxSlice(bytes, start, end)` makes a string, `xxxWrite(bytes, string, offset, length)` writes at
 * most `length` bytes (never half a character) and returns their number.
 */
'use strict';

const {
  asciiSlice, base64Slice, base64urlSlice, byteLengthUtf8, hexSlice, latin1Slice, ucs2Slice, utf8Slice,
  base64Write, hexWrite, latin1Write, ucs2Write, utf8Write,
} = binding('buffer');

const utf8 = {
  name: 'utf8',
  byteLength: byteLengthUtf8,
  slice: utf8Slice,
  write: utf8Write,
  // The most bytes that one UTF-16 unit becomes.
  maxBytes: (string) => string.length * 3,
};
const ucs2 = {
  name: 'utf16le',
  byteLength: (string) => string.length * 2,
  slice: ucs2Slice,
  write: ucs2Write,
  maxBytes: (string) => string.length * 2,
};
const latin1 = {
  name: 'latin1',
  byteLength: (string) => string.length,
  slice: latin1Slice,
  write: latin1Write,
  maxBytes: (string) => string.length,
};
const ascii = { ...latin1, name: 'ascii', slice: asciiSlice };
const base64 = {
  name: 'base64',
  byteLength: base64ByteLength,
  slice: base64Slice,
  write: base64Write,
  maxBytes: base64ByteLength,
};
const base64url = { ...base64, name: 'base64url', slice: base64urlSlice };
const hex = {
  name: 'hex',
  byteLength: (string) => string.length >>> 1,
  slice: hexSlice,
  write: hexWrite,
  maxBytes: (string) => string.length >>> 1,
};

const byName = new Map(Object.entries({
  'utf8': utf8,
  'utf-8': utf8,
  'ucs2': ucs2,
  'ucs-2': ucs2,
  'utf16le': ucs2,
  'utf-16le': ucs2,
  latin1,
  'binary': latin1,
  ascii,
  base64,
  base64url,
  hex,
}));

/** How many bytes base64 text stands for if nothing in it has to be skipped. */
function base64ByteLength(string) {
  let length = string.length;
  if (length > 0 && string.charCodeAt(length - 1) === 0x3d) length--;
  if (length > 1 && string.charCodeAt(length - 1) === 0x3d) length--;
  // Not `>>> 2`: three times the length of a long string does not fit 32 bits.
  return Math.floor(length * 3 / 4);
}

/** The operations of the encoding called `name` (in any case), or undefined. */
function encodingOps(name) {
  // What servers ask for all day, without a lookup.
  if (name === 'utf8' || name === 'utf-8') return utf8;
  const ops = byName.get(name);
  if (ops !== undefined) return ops;
  return byName.get(`${name}`.toLowerCase());
}

/** Encodes a string into memory of its own: a Uint8Array, for internal use. */
function encodeString(string, ops) {
  const bytes = new Uint8Array(ops.byteLength(string));
  const written = ops.write(bytes, string, 0, bytes.length);
  return written === bytes.length ? bytes : bytes.subarray(0, written);
}

module.exports = { ascii, encodeString, encodingOps, hex, latin1, ucs2, utf8 };
