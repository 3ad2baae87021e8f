/**
 * Reading and writing whole files that a signal may stop, chunk by chunk: the slow relatives of the single
 * native job that `readFile` and `writeFile` normally are. Also the chunk loops of FileHandle.
 *
 * **Invariant:** a descriptor opened here is closed here, whatever happens in between.
 */
'use strict';

const fsBinding = binding('fs');
const { codes: { ERR_FS_FILE_TOO_LARGE } } = require('internal/errors');
const { Buffer } = require('buffer');
const { CHUNK_BYTES, IO_BYTES_MAX, checkAborted, isFd, request } = require('internal/fs/utils');
const { statsFromSlots } = require('internal/fs/stats');

/**
 * Reads an open file from its current position to its end.
 * Rejects with AbortError, ERR_FS_FILE_TOO_LARGE, or the error of `fstat` or `read`.
 */
async function readToEnd(fd, signal) {
  checkAborted(signal);
  const stats = statsFromSlots(await request(fsBinding.fstat, fd, false, undefined, false), false);
  checkAborted(signal);
  const size = stats.isFile() ? stats.size : 0;
  if (size > IO_BYTES_MAX) throw new ERR_FS_FILE_TOO_LARGE(size);
  const chunks = [];
  let total = 0;
  for (;;) {
    // The size is only a hint: /proc says 0, and files grow while they are read.
    const left = size - total;
    const chunk = Buffer.allocUnsafeSlow(left > 0 ? Math.min(left, CHUNK_BYTES) : READ_MORE_BYTES);
    const count = await request(fsBinding.read, fd, chunk, 0, chunk.length, -1);
    checkAborted(signal);
    if (count === 0) break;
    total += count;
    chunks.push(count === chunk.length ? chunk : chunk.subarray(0, count));
    if (size !== 0 && total >= size) break;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, total);
}
/** How much to ask for past the announced end, in bytes. */
const READ_MORE_BYTES = 64 * 1024;

/** Writes all of `bytes` to an open file, at its position. Rejects with AbortError or the error of `write`. */
async function writeAll(fd, bytes, signal) {
  let done = 0;
  checkAborted(signal);
  while (done < bytes.byteLength) {
    const count = await request(fsBinding.write, fd, bytes, done, Math.min(CHUNK_BYTES, bytes.byteLength - done), -1);
    done += count;
    checkAborted(signal);
  }
}

async function withFile(target, flags, mode, use) {
  if (isFd(target)) return use(target);
  const fd = await request(fsBinding.open, target, flags, mode);
  let result;
  try {
    result = await use(fd);
  } catch (error) {
    // The error that brought us here is the one to report.
    await request(fsBinding.close, fd).catch(() => {});
    throw error;
  }
  await request(fsBinding.close, fd);
  return result;
}

/** Resolves to the contents as a Buffer, or a string when there is an encoding. */
async function readAbortablePromise(target, flags, encoding, signal) {
  checkAborted(signal);
  const data = await withFile(target, flags, 0o666, (fd) => readToEnd(fd, signal));
  return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
}

async function writeAbortablePromise(target, data, flags, mode, flush, signal) {
  checkAborted(signal);
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  await withFile(target, flags, mode, async (fd) => {
    await writeAll(fd, bytes, signal);
    if (flush) await request(fsBinding.fsync, fd);
  });
}

/** Hands the outcome of `promise` to `callback`, outside of the promise chain so that it may throw. */
function settleInto(promise, callback) {
  promise.then(
    (value) => process.nextTick(callback, null, value),
    (error) => process.nextTick(callback, error));
}

function readAbortable(target, flags, encoding, signal, callback) {
  settleInto(readAbortablePromise(target, flags, encoding, signal), callback);
}

function writeAbortable(target, data, flags, mode, flush, signal, callback) {
  writeAbortablePromise(target, data, flags, mode, flush, signal).then(
    () => process.nextTick(callback, null),
    (error) => process.nextTick(callback, error));
}

/** Writes, then flushes with `fs.fsyncSync`, which programs may watch. Node docs: fs.writeFile, "flush". */
function writeFlushedSync(target, data, flags, mode) {
  const fs = require('fs');
  const fd = isFd(target) ? target : fsBinding.open(target, flags, mode, undefined);
  try {
    fsBinding.writeFile(fd, data, flags, mode, false, undefined);
    fs.fsyncSync(fd);
  } finally {
    if (fd !== target) fsBinding.close(fd, undefined);
  }
}

/** As above, in the pool and with `fs.fsync`. */
function writeFlushed(target, data, flags, mode, callback) {
  const fs = require('fs');
  const finish = (error, fd) => {
    if (fd === target || fd === undefined) callback(error);
    else fsBinding.close(fd, (closeError) => callback(error ?? closeError));
  };
  const writeTo = (fd) => fsBinding.writeFile(fd, data, flags, mode, false, (error) => {
    if (error === null) fs.fsync(fd, (flushError) => finish(flushError ?? null, fd));
    else finish(error, fd);
  });
  if (isFd(target)) {
    writeTo(target);
    return;
  }
  fsBinding.open(target, flags, mode, (error, fd) => {
    if (error === null) writeTo(fd);
    else callback(error);
  });
}

module.exports = {
  readAbortable,
  readAbortablePromise,
  readToEnd,
  writeAbortable,
  writeAbortablePromise,
  writeAll,
  writeFlushed,
  writeFlushedSync,
};
