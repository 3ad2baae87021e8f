/**
 * `fs.rm` in its three forms. The tree itself is removed by the binding in one go; this file decides
 * whether it may be, and tries again when a file is busy. Node docs: fs.rm.
 */
'use strict';

const fsBinding = binding('fs');
const { codes: { ERR_FS_EISDIR } } = require('internal/errors');
const { Buffer } = require('buffer');

const EISDIR = 21;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const RETRIED = new Set(['EBUSY', 'EMFILE', 'ENFILE', 'ENOTEMPTY', 'EPERM']);

function directoryError(path) {
  return new ERR_FS_EISDIR({
    code: 'EISDIR',
    message: 'is a directory',
    path: typeof path === 'string' ? path : Buffer.from(path).toString(),
    syscall: 'rm',
    errno: EISDIR,
  });
}

function isDirectory(slots) {
  return (slots[1] & S_IFMT) === S_IFDIR;
}

/** Removes `path`; `options` are complete and checked. */
function rmSync(path, { force, maxRetries, recursive, retryDelay }) {
  if (process.permission !== undefined) binding('permission').requirePath('fs.write', path);
  const { statSlots } = require('internal/fs/stats');
  const slots = statSlots(false);
  if (!fsBinding.lstat(path, false, slots, force, undefined)) return;
  if (isDirectory(slots) && !recursive) throw directoryError(path);
  for (let retries = 0; ; retries++) {
    try {
      fsBinding.removeTree(path, undefined);
      return;
    } catch (error) {
      if (retries >= maxRetries || !RETRIED.has(error.code)) throw error;
      // The wait grows linearly. Node docs: fs.rm, "retryDelay".
      fsBinding.sleep(retryDelay * (retries + 1));
    }
  }
}

/** Removes `path` in the pool and calls back; `options` are complete and checked. */
function rm(path, { force, maxRetries, recursive, retryDelay }, callback) {
  let retries = 0;
  const attempt = () => fsBinding.removeTree(path, (error) => {
    if (error === null || retries >= maxRetries || !RETRIED.has(error.code)) {
      if (error === null) callback(null);
      else callback(error);
      return;
    }
    retries++;
    require('timers').setTimeout(attempt, retryDelay * retries);
  });
  fsBinding.lstat(path, false, undefined, false, (error, buffer) => {
    if (error !== null) {
      if (force && error.code === 'ENOENT') callback(null);
      else callback(error);
    } else if (isDirectory(new Float64Array(buffer)) && !recursive) {
      callback(directoryError(path));
    } else {
      attempt();
    }
  });
}

module.exports = { rm, rmSync };
