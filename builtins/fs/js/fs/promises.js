/**
 * `node:fs/promises`: the promise form. Every function checks its arguments, then runs one binding
 * function in the pool. Node docs: "Promises API".
 */
'use strict';

const fsBinding = binding('fs');
const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { validateBoolean, validateInteger } = require('internal/validators');
const { Buffer } = require('buffer');
const io = require('internal/fs/io');
const constants = require('internal/fs/constants');
const { statFsFromSlots, statsFromSlots } = require('internal/fs/stats');
const { FileHandle, isIterable, readFile: readHandle, writeFile: writeHandle } = require('internal/fs/file_handle');
const {
  EMPTY_OPTIONS,
  checkAborted,
  decodeName,
  encodeData,
  nameEncoding,
  request,
  toFlags,
  toMode,
  toOptions,
  toPath,
  toSmallMode,
  toUnixTimestamp,
  validateRmOptions,
  validateRmdirOptions,
  validateSymlinkType,
  validateWritable,
} = require('internal/fs/utils');

const UINT32_MAX = 2 ** 32 - 1;

/** Node docs: fsPromises.access. */
async function access(path, mode) {
  return await request(fsBinding.access, toPath(path), toSmallMode(mode));
}

/** Node docs: fsPromises.copyFile. */
async function copyFile(src, dest, mode) {
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  return await request(fsBinding.copyFile, src, dest, toSmallMode(mode));
}

/** Node docs: fsPromises.cp. */
async function cp(src, dest, options) {
  const { cpPromise, toCpArguments } = require('internal/fs/cp');
  return cpPromise(...toCpArguments(src, dest, options));
}

/** Node docs: fsPromises.glob. */
async function* glob(pattern, options) {
  yield* require('internal/fs/glob').globAsync(pattern, options);
}

/** Resolves to a FileHandle. Node docs: fsPromises.open. */
async function open(path, flags, mode) {
  path = toPath(path);
  flags = toFlags(flags);
  mode = toMode(mode, 'mode', io.DEFAULT_FILE_MODE);
  return new FileHandle(await request(fsBinding.open, path, flags, mode), path);
}

/** Node docs: fsPromises.opendir. */
async function opendir(path, options) {
  return new Promise((resolve, reject) => {
    require('internal/fs/dir').opendir(path, options === undefined ? EMPTY_OPTIONS : options, (error, dir) => {
      if (error !== null) reject(error);
      else resolve(dir);
    });
  });
}

/** Node docs: fsPromises.rename. */
async function rename(oldPath, newPath) {
  oldPath = toPath(oldPath, 'oldPath');
  newPath = toPath(newPath, 'newPath');
  return await request(fsBinding.rename, oldPath, newPath);
}

/** Node docs: fsPromises.truncate. */
async function truncate(path, len = 0) {
  if (path instanceof FileHandle) return path.truncate(len);
  path = toPath(path);
  return await request(fsBinding.truncate, path, constants.O_RDWR, io.toLength(len));
}

/** Node docs: fsPromises.rm. */
async function rm(path, options) {
  path = toPath(path);
  options = validateRmOptions(options);
  return await request(require('internal/fs/rm').rm, path, options);
}

/** Node docs: fsPromises.rmdir. */
async function rmdir(path, options) {
  path = toPath(path);
  validateRmdirOptions(options);
  return await request(fsBinding.rmdir, path);
}

/** Node docs: fsPromises.mkdir. */
async function mkdir(path, options) {
  if (typeof options === 'number' || typeof options === 'string') options = { mode: options };
  const { recursive = false, mode = 0o777 } = options ?? EMPTY_OPTIONS;
  path = toPath(path);
  validateBoolean(recursive, 'options.recursive');
  return await request(fsBinding.mkdir, path, toMode(mode, 'mode', 0o777), recursive);
}

/** Node docs: fsPromises.readdir. */
async function readdir(path, options) {
  return await request(require('fs').readdir, path, typeof options === 'function' ? undefined : options);
}

/** Node docs: fsPromises.readlink. */
async function readlink(path, options) {
  const encoding = nameEncoding(options);
  path = toPath(path, 'oldPath');
  return decodeName(await request(fsBinding.readlink, path, encoding !== undefined), encoding);
}

/** Node docs: fsPromises.symlink. */
async function symlink(target, path, type) {
  validateSymlinkType(type);
  target = toPath(target, 'target');
  path = toPath(path);
  return await request(fsBinding.symlink, target, path);
}

/** Node docs: fsPromises.lstat. */
async function lstat(path, options = EMPTY_OPTIONS) {
  const bigint = !!options?.bigint;
  return statsFromSlots(await request(fsBinding.lstat, toPath(path), bigint, undefined, false), bigint);
}

/** Node docs: fsPromises.stat. */
async function stat(path, options = EMPTY_OPTIONS) {
  const bigint = !!options?.bigint;
  path = toPath(path);
  try {
    return statsFromSlots(await request(fsBinding.stat, path, bigint, undefined, false), bigint);
  } catch (error) {
    if (options?.throwIfNoEntry === false && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Node docs: fsPromises.statfs. */
async function statfs(path, options = EMPTY_OPTIONS) {
  const bigint = !!options?.bigint;
  return statFsFromSlots(await request(fsBinding.statfs, toPath(path), bigint), bigint);
}

/** Node docs: fsPromises.link. */
async function link(existingPath, newPath) {
  existingPath = toPath(existingPath, 'existingPath');
  newPath = toPath(newPath, 'newPath');
  return await request(fsBinding.link, existingPath, newPath);
}

/** Node docs: fsPromises.unlink. */
async function unlink(path) {
  return await request(fsBinding.unlink, toPath(path));
}

/** Node docs: fsPromises.chmod. */
async function chmod(path, mode) {
  path = toPath(path);
  return await request(fsBinding.chmod, path, toMode(mode, 'mode'));
}

/** Only macOS has it. Node docs: fsPromises.lchmod. */
async function lchmod(path, mode) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('lchmod()');
}

/** Node docs: fsPromises.lchown. */
async function lchown(path, uid, gid) {
  path = toPath(path);
  validateInteger(uid, 'uid', -1, UINT32_MAX);
  validateInteger(gid, 'gid', -1, UINT32_MAX);
  return await request(fsBinding.lchown, path, uid, gid);
}

/** Node docs: fsPromises.chown. */
async function chown(path, uid, gid) {
  path = toPath(path);
  validateInteger(uid, 'uid', -1, UINT32_MAX);
  validateInteger(gid, 'gid', -1, UINT32_MAX);
  return await request(fsBinding.chown, path, uid, gid);
}

/** Node docs: fsPromises.utimes. */
async function utimes(path, atime, mtime) {
  path = toPath(path);
  return await request(fsBinding.utimes, path, toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

/** Node docs: fsPromises.lutimes. */
async function lutimes(path, atime, mtime) {
  path = toPath(path);
  return await request(fsBinding.lutimes, path, toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

/** Node docs: fsPromises.realpath. */
async function realpath(path, options) {
  const encoding = nameEncoding(options);
  path = toPath(path);
  return decodeName(await request(fsBinding.realpath, path, false, encoding !== undefined), encoding);
}

/** Node docs: fsPromises.mkdtemp. */
async function mkdtemp(prefix, options) {
  const encoding = nameEncoding(options);
  prefix = toPath(prefix, 'prefix');
  return decodeName(await request(fsBinding.mkdtemp, prefix, encoding !== undefined), encoding);
}

/** A temporary directory that `remove()` or `await using` deletes. Node docs: fsPromises.mkdtempDisposable. */
async function mkdtempDisposable(prefix, options) {
  // The directory must be found again after process.chdir().
  const cwd = process.cwd();
  const path = await mkdtemp(prefix, options);
  const absolute = require('path').resolve(cwd, String(path));
  const remove = async () => {
    await rm(absolute, { force: true, maxRetries: 0, recursive: true, retryDelay: 100 });
  };
  return {
    __proto__: null,
    path,
    remove,
    async [Symbol.asyncDispose]() { await remove(); },
  };
}

/** Replaces a file with data, or with everything an iterable or stream yields. Node docs: fsPromises.writeFile. */
async function writeFile(path, data, options) {
  options = io.withDefaults(toOptions(options, io.WRITE_FILE_DEFAULTS), io.WRITE_FILE_DEFAULTS);
  const { encoding, flush, mode, signal } = options;
  validateBoolean(flush, 'options.flush');
  const iterable = isIterable(data);
  if (!iterable) validateWritable(data, 'data');
  if (path instanceof FileHandle) return writeHandle(path, data, options);
  checkAborted(signal);
  const flags = toFlags(options.flag);
  if (iterable) {
    const handle = await open(path, flags, mode);
    try {
      await writeHandle(handle, data, options);
    } finally {
      await handle.close();
    }
    return undefined;
  }
  const target = toPath(path);
  const permissions = toMode(mode, 'mode', io.DEFAULT_FILE_MODE);
  const bytes = encodeData(data, encoding);
  if (signal !== undefined && signal !== null) {
    return require('internal/fs/whole_file')
      .writeAbortablePromise(target, bytes, flags, permissions, flush, signal);
  }
  return await request(fsBinding.writeFile, target, bytes, flags, permissions, flush);
}

/** Node docs: fsPromises.appendFile. */
async function appendFile(path, data, options) {
  options = io.withDefaults(toOptions(options, io.APPEND_FILE_DEFAULTS), io.APPEND_FILE_DEFAULTS);
  return writeFile(path, data, options);
}

/** Node docs: fsPromises.readFile. */
async function readFile(path, options) {
  options = toOptions(options, io.READ_FILE_DEFAULTS);
  if (path instanceof FileHandle) return readHandle(path, options);
  const { encoding, signal } = options;
  checkAborted(signal);
  path = toPath(path);
  const flags = toFlags(options.flag);
  if (signal !== undefined && signal !== null) {
    return require('internal/fs/whole_file').readAbortablePromise(path, flags, encoding, signal);
  }
  const text = encoding === 'utf8' || encoding === 'utf-8';
  const data = await request(fsBinding.readFile, path, flags, text);
  if (text) return data;
  const bytes = Buffer.from(data);
  return !encoding || encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

/** An async iterator of changes. Node docs: fsPromises.watch. */
async function* watch(filename, options = EMPTY_OPTIONS) {
  yield* require('internal/fs/watchers').watchAsync(filename, options);
}

module.exports = {
  access,
  copyFile,
  cp,
  glob,
  open,
  opendir,
  rename,
  truncate,
  rm,
  rmdir,
  mkdir,
  readdir,
  readlink,
  symlink,
  lstat,
  stat,
  statfs,
  link,
  unlink,
  chmod,
  lchmod,
  lchown,
  chown,
  utimes,
  lutimes,
  realpath,
  mkdtemp,
  mkdtempDisposable,
  writeFile,
  appendFile,
  readFile,
  watch,
  constants,
};
