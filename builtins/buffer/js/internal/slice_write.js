/**
 * `buf.utf8Slice(start, end)`, `buf.hexWrite(string, offset, length)` and the like: not in Node's
 * documentation, but old packages call them. Unlike `toString` and `write` they do not clamp.
 */
'use strict';

const { codes: { ERR_BUFFER_OUT_OF_BOUNDS } } = require('internal/errors');
const encodings = require('internal/buffer/encodings');

/** An error whose message is not the one its code has elsewhere. */
function errorWithCode(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  return error;
}

function checkView(value) {
  if (!ArrayBuffer.isView(value)) {
    throw errorWithCode(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a buffer');
  }
}

function checkString(value) {
  if (typeof value !== 'string') {
    throw errorWithCode(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  }
}

/** Whole numbers only: strings are converted, what is no number counts as 0. */
const toIndex = (value, fallback) => (value === undefined ? fallback : Math.trunc(+value) || 0);

function makeSlice(slice) {
  return function(start, end) {
    checkView(this);
    const length = this.byteLength;
    const from = toIndex(start, 0);
    let to = toIndex(end, length);
    if (to < from && to >= 0) to = from;
    if (from < 0 || to < 0 || to > length) {
      throw errorWithCode(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
    }
    return slice(this, from, to);
  };
}

/** `strict`: a length that does not fit behind the offset is an error, as for the text encodings. */
function makeWrite(write, strict) {
  return function(string, offset, length) {
    checkView(this);
    checkString(string);
    const from = toIndex(offset, 0);
    if (from < 0 || from > this.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
    const room = this.byteLength - from;
    const count = toIndex(length, room);
    if (count < 0 || count > (strict ? room : this.byteLength)) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    return write(this, string, from, count < room ? count : room);
  };
}

/** Puts the methods of all encodings on a prototype. */
function addSliceWrite(proto) {
  const names = ['ascii', 'base64', 'base64url', 'latin1', 'hex', 'ucs2', 'utf8'];
  for (const name of names) proto[`${name}Slice`] = makeSlice(encodings.encodingOps(name).slice);
  for (const name of names) {
    const strict = name === 'ascii' || name === 'latin1' || name === 'utf8';
    proto[`${name}Write`] = makeWrite(encodings.encodingOps(name).write, strict);
  }
}

module.exports = { addSliceWrite, checkString, checkView };
