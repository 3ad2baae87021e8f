/**
 * `fs.openAsBlob`: a Blob whose bytes are read from the file when asked for. Reading fails with NotReadableError
 * once the file is not the one that was opened. Node docs: fs.openAsBlob.
 */
'use strict';

const fsBinding = binding('fs');
const { validateObject, validateString } = require('internal/validators');
const { createLazyBlob } = require('internal/buffer/blob');
const { Buffer } = require('buffer');
const { request, toPath } = require('internal/fs/utils');
const { statSlots } = require('internal/fs/stats');

const O_RDONLY = 0;
const SIZE = 8;
const MTIME_SECONDS = 12;
const MTIME_NANOSECONDS = 13;

function notReadable() {
  const { DOMException } = globalThis;
  return new DOMException('The blob could not be read', 'NotReadableError');
}

/** Reads `length` bytes at `start`, if the file is still the one whose stats are `then`. */
async function readPart(path, then, start, length) {
  let fd;
  try {
    fd = await request(fsBinding.open, path, O_RDONLY, 0);
  } catch {
    throw notReadable();
  }
  try {
    const now = new Float64Array(await request(fsBinding.fstat, fd, false, undefined, false));
    if ([SIZE, MTIME_SECONDS, MTIME_NANOSECONDS].some((slot) => now[slot] !== then[slot])) throw notReadable();
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const count = await request(fsBinding.read, fd, bytes, done, length - done, start + done);
      if (count === 0) throw notReadable();
      done += count;
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
  } finally {
    await request(fsBinding.close, fd);
  }
}

/** A part of a file as a blob has it. */
function partOf(size, { path, then, start }) {
  return { size, read: (at, length) => readPart(path, then, start + at, length), origin: { path, then, start } };
}

/** Returns the Blob; throws what `stat` throws. */
function openAsBlobSync(path, options) {
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  path = toPath(path);
  const slots = statSlots(false);
  fsBinding.stat(path, false, slots, false, undefined);
  const then = slots.slice();
  const { read, origin } = partOf(then[SIZE], { path, then, start: 0 });
  return createLazyBlob(then[SIZE], read, origin, type);
}

module.exports = { openAsBlobSync, partOf };
