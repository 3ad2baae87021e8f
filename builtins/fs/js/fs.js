/**
 * `node:fs`: the callback and synchronous forms. Contents of files are in `internal/io.js`; this file has paths,
 * metadata and directories, and gathers the module. What an ordinary program does not need (streams,
 * promises, cp, glob, watchers, Dir) is loaded on first use.
 *
 * Every binding function works at once when its last argument is undefined, and in the pool when it
 * is a callback. Node docs: "File system".
 */
'use strict';

const fsBinding = binding('fs');
const { validateInteger, validateObject, validateBoolean } = require('internal/validators');
const io = require('internal/fs/io');
const constants = require('internal/fs/constants');
const { Dirent, Stats, statFsFromSlots, statSlots, statsCallback, statsFromSlots, UV_DIRENT_DIR } =
  require('internal/fs/stats');
const {
  EMPTY_OPTIONS,
  decodeName,
  decodingCallback,
  joinNames,
  nameEncoding,
  toCallback,
  toFd,
  toMode,
  toNames,
  toOptions,
  toPath,
  toSmallMode,
  toUnixTimestamp,
  validateRmOptions,
  validateRmdirOptions,
  validateSymlinkType,
} = require('internal/fs/utils');

const UINT32_MAX = 2 ** 32 - 1;
const DEFAULT_DIRECTORY_MODE = 0o777;

// ---- existence and metadata

/** Tests what the process may do with a path. Node docs: fs.access. */
function access(path, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = constants.F_OK;
  }
  path = toPath(path);
  callback = toCallback(callback);
  fsBinding.access(path, toSmallMode(mode), callback);
}

/** Node docs: fs.accessSync. */
function accessSync(path, mode) {
  fsBinding.access(toPath(path), toSmallMode(mode), undefined);
}

/** Calls back with only true or false. Node docs: fs.exists. */
function exists(path, callback) {
  toCallback(callback);
  try {
    path = toPath(path);
  } catch {
    callback(false);
    return;
  }
  fsBinding.access(path, constants.F_OK, (error) => callback(error === null));
}
Object.defineProperty(exists, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  value: function exists(path) { // eslint-disable-line func-name-matching
    return new Promise((resolve) => fs.exists(path, resolve));
  },
});

let warnedOfExists = false;

/** Node docs: fs.existsSync. */
function existsSync(path) {
  try {
    path = toPath(path);
  } catch (error) {
    if (error.code === 'ERR_INVALID_ARG_TYPE' && !warnedOfExists) {
      warnedOfExists = true;
      process.emitWarning('Passing invalid argument types to fs.existsSync is deprecated', 'DeprecationWarning',
        'DEP0187');
    }
    return false;
  }
  return fsBinding.exists(path);
}

/** Node docs: fs.stat. */
function stat(path, options = { bigint: false, throwIfNoEntry: true }, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = EMPTY_OPTIONS;
  }
  callback = toCallback(callback);
  path = toPath(path);
  const bigint = !!options?.bigint;
  const done = statsCallback(callback, bigint);
  if (options?.throwIfNoEntry !== false) {
    fsBinding.stat(path, bigint, undefined, false, done);
    return;
  }
  fsBinding.stat(path, bigint, undefined, false, (error, slots) => {
    if (error !== null && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) callback(null, undefined);
    else done(error, slots);
  });
}

/** Node docs: fs.statSync. */
function statSync(path, options = EMPTY_OPTIONS) {
  path = toPath(path);
  const bigint = !!options?.bigint;
  const slots = statSlots(bigint);
  if (!fsBinding.stat(path, bigint, slots, options?.throwIfNoEntry === false, undefined)) return undefined;
  return statsFromSlots(slots, bigint);
}

/** Node docs: fs.lstat. */
function lstat(path, options = { bigint: false }, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = EMPTY_OPTIONS;
  }
  callback = toCallback(callback);
  path = toPath(path);
  const bigint = !!options?.bigint;
  fsBinding.lstat(path, bigint, undefined, false, statsCallback(callback, bigint));
}

/** Node docs: fs.lstatSync. */
function lstatSync(path, options = EMPTY_OPTIONS) {
  path = toPath(path);
  const bigint = !!options?.bigint;
  const slots = statSlots(bigint);
  if (!fsBinding.lstat(path, bigint, slots, options?.throwIfNoEntry === false, undefined)) return undefined;
  return statsFromSlots(slots, bigint);
}

/** Node docs: fs.fstat. */
function fstat(fd, options = { bigint: false }, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = EMPTY_OPTIONS;
  }
  fd = toFd(fd);
  callback = toCallback(callback);
  const bigint = !!options?.bigint;
  fsBinding.fstat(fd, bigint, undefined, false, statsCallback(callback, bigint));
}

/** Node docs: fs.fstatSync. */
function fstatSync(fd, options = EMPTY_OPTIONS) {
  fd = toFd(fd);
  const bigint = !!options?.bigint;
  const slots = statSlots(bigint);
  fsBinding.fstat(fd, bigint, slots, false, undefined);
  return statsFromSlots(slots, bigint);
}

/** Node docs: fs.statfs. */
function statfs(path, options = { bigint: false }, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = EMPTY_OPTIONS;
  }
  callback = toCallback(callback);
  path = toPath(path);
  const bigint = !!options?.bigint;
  fsBinding.statfs(path, bigint, (error, slots) => {
    if (error !== null) callback(error);
    else callback(null, statFsFromSlots(slots, bigint));
  });
}

/** Node docs: fs.statfsSync. */
function statfsSync(path, options = { bigint: false }) {
  path = toPath(path);
  const bigint = !!options?.bigint;
  return statFsFromSlots(fsBinding.statfs(path, bigint, undefined), bigint);
}

// ---- permissions, owners, times

/** Node docs: fs.chmod. */
function chmod(path, mode, callback) {
  path = toPath(path);
  mode = toMode(mode, 'mode');
  fsBinding.chmod(path, mode, toCallback(callback));
}

/** Node docs: fs.chmodSync. */
function chmodSync(path, mode) {
  path = toPath(path);
  fsBinding.chmod(path, toMode(mode, 'mode'), undefined);
}

/** Node docs: fs.fchmod. */
function fchmod(fd, mode, callback) {
  fd = toFd(fd);
  mode = toMode(mode, 'mode');
  fsBinding.fchmod(fd, mode, toCallback(callback));
}

/** Node docs: fs.fchmodSync. */
function fchmodSync(fd, mode) {
  fd = toFd(fd);
  fsBinding.fchmod(fd, toMode(mode, 'mode'), undefined);
}

function validateOwner(uid, gid) {
  validateInteger(uid, 'uid', -1, UINT32_MAX);
  validateInteger(gid, 'gid', -1, UINT32_MAX);
}

/** Node docs: fs.chown; -1 leaves an id as it is. */
function chown(path, uid, gid, callback) {
  callback = toCallback(callback);
  path = toPath(path);
  validateOwner(uid, gid);
  fsBinding.chown(path, uid, gid, callback);
}

/** Node docs: fs.chownSync. */
function chownSync(path, uid, gid) {
  path = toPath(path);
  validateOwner(uid, gid);
  fsBinding.chown(path, uid, gid, undefined);
}

/** Node docs: fs.lchown. */
function lchown(path, uid, gid, callback) {
  callback = toCallback(callback);
  path = toPath(path);
  validateOwner(uid, gid);
  fsBinding.lchown(path, uid, gid, callback);
}

/** Node docs: fs.lchownSync. */
function lchownSync(path, uid, gid) {
  path = toPath(path);
  validateOwner(uid, gid);
  fsBinding.lchown(path, uid, gid, undefined);
}

/** Node docs: fs.fchown. */
function fchown(fd, uid, gid, callback) {
  fd = toFd(fd);
  validateOwner(uid, gid);
  fsBinding.fchown(fd, uid, gid, toCallback(callback));
}

/** Node docs: fs.fchownSync. */
function fchownSync(fd, uid, gid) {
  fd = toFd(fd);
  validateOwner(uid, gid);
  fsBinding.fchown(fd, uid, gid, undefined);
}

/** Node docs: fs.utimes. */
function utimes(path, atime, mtime, callback) {
  callback = toCallback(callback);
  path = toPath(path);
  fsBinding.utimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

/** Node docs: fs.utimesSync. */
function utimesSync(path, atime, mtime) {
  path = toPath(path);
  fsBinding.utimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), undefined);
}

/** Node docs: fs.futimes. */
function futimes(fd, atime, mtime, callback) {
  fd = toFd(fd);
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  fsBinding.futimes(fd, atime, mtime, toCallback(callback));
}

/** Node docs: fs.futimesSync. */
function futimesSync(fd, atime, mtime) {
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  fsBinding.futimes(toFd(fd), atime, mtime, undefined);
}

/** Node docs: fs.lutimes. */
function lutimes(path, atime, mtime, callback) {
  callback = toCallback(callback);
  path = toPath(path);
  fsBinding.lutimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

/** Node docs: fs.lutimesSync. */
function lutimesSync(path, atime, mtime) {
  path = toPath(path);
  fsBinding.lutimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), undefined);
}

// ---- names and links

/** Node docs: fs.link. */
function link(existingPath, newPath, callback) {
  callback = toCallback(callback);
  existingPath = toPath(existingPath, 'existingPath');
  newPath = toPath(newPath, 'newPath');
  fsBinding.link(existingPath, newPath, callback);
}

/** Node docs: fs.linkSync. */
function linkSync(existingPath, newPath) {
  existingPath = toPath(existingPath, 'existingPath');
  newPath = toPath(newPath, 'newPath');
  fsBinding.link(existingPath, newPath, undefined);
}

/** Node docs: fs.symlink; `type` matters on Windows only. */
function symlink(target, path, type, callback) {
  if (callback === undefined) {
    callback = toCallback(type);
    type = undefined;
  } else {
    validateSymlinkType(type);
    callback = toCallback(callback);
  }
  target = toPath(target, 'target');
  path = toPath(path);
  fsBinding.symlink(target, path, callback);
}

/** Node docs: fs.symlinkSync. */
function symlinkSync(target, path, type) {
  validateSymlinkType(type);
  target = toPath(target, 'target');
  path = toPath(path);
  fsBinding.symlink(target, path, undefined);
}

/** Node docs: fs.readlink. */
function readlink(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const encoding = nameEncoding(options);
  path = toPath(path);
  fsBinding.readlink(path, encoding !== undefined, decodingCallback(callback, encoding));
}

/** Node docs: fs.readlinkSync. */
function readlinkSync(path, options) {
  const encoding = nameEncoding(options);
  return decodeName(fsBinding.readlink(toPath(path), encoding !== undefined, undefined), encoding);
}

/** Resolves links and dots with errors that name the part that is missing. Node docs: fs.realpath. */
function realpath(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const encoding = nameEncoding(options);
  path = toPath(path);
  fsBinding.realpath(path, true, encoding !== undefined, decodingCallback(callback, encoding));
}

/** Node docs: fs.realpath.native. */
realpath.native = function native(path, options, callback) {
  callback = toCallback(callback || options);
  const encoding = nameEncoding(options);
  path = toPath(path);
  fsBinding.realpath(path, false, encoding !== undefined, decodingCallback(callback, encoding));
};

/** Node docs: fs.realpathSync. */
function realpathSync(path, options) {
  const encoding = nameEncoding(options);
  return decodeName(fsBinding.realpath(toPath(path), true, encoding !== undefined, undefined), encoding);
}

/** Node docs: fs.realpathSync.native. */
realpathSync.native = function native(path, options) {
  const encoding = nameEncoding(options);
  return decodeName(fsBinding.realpath(toPath(path), false, encoding !== undefined, undefined), encoding);
};

/** Node docs: fs.rename. */
function rename(oldPath, newPath, callback) {
  callback = toCallback(callback);
  oldPath = toPath(oldPath, 'oldPath');
  newPath = toPath(newPath, 'newPath');
  fsBinding.rename(oldPath, newPath, callback);
}

/** Node docs: fs.renameSync. */
function renameSync(oldPath, newPath) {
  oldPath = toPath(oldPath, 'oldPath');
  newPath = toPath(newPath, 'newPath');
  fsBinding.rename(oldPath, newPath, undefined);
}

/** Node docs: fs.unlink. */
function unlink(path, callback) {
  callback = toCallback(callback);
  fsBinding.unlink(toPath(path), callback);
}

/** Node docs: fs.unlinkSync. */
function unlinkSync(path) {
  fsBinding.unlink(toPath(path), undefined);
}

/** Node docs: fs.copyFile. */
function copyFile(src, dest, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = 0;
  }
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  callback = toCallback(callback);
  fsBinding.copyFile(src, dest, toSmallMode(mode), callback);
}

/** Node docs: fs.copyFileSync. */
function copyFileSync(src, dest, mode) {
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  fsBinding.copyFile(src, dest, toSmallMode(mode), undefined);
}

// ---- directories

/** The `recursive` and `mode` of mkdir's second argument, which may be the mode itself. */
function mkdirOptions(options) {
  let mode = DEFAULT_DIRECTORY_MODE;
  let recursive = false;
  if (typeof options === 'number' || typeof options === 'string') {
    mode = toMode(options, 'mode');
  } else if (options) {
    if (options.recursive !== undefined) {
      recursive = options.recursive;
      validateBoolean(recursive, 'options.recursive');
    }
    if (options.mode !== undefined) mode = toMode(options.mode, 'options.mode');
  }
  return { mode, recursive };
}

/** Makes a directory; with `recursive`, calls back with the first one made, if any. Node docs: fs.mkdir. */
function mkdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  callback = toCallback(callback);
  const { mode, recursive } = mkdirOptions(options);
  fsBinding.mkdir(path, mode, recursive, callback);
}

/** Node docs: fs.mkdirSync. */
function mkdirSync(path, options) {
  path = toPath(path);
  const { mode, recursive } = mkdirOptions(options);
  return fsBinding.mkdir(path, mode, recursive, undefined);
}

/** Makes a directory with six random characters after `prefix`. Node docs: fs.mkdtemp. */
function mkdtemp(prefix, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const encoding = nameEncoding(options);
  prefix = toPath(prefix, 'prefix');
  fsBinding.mkdtemp(prefix, encoding !== undefined, decodingCallback(callback, encoding));
}

/** Node docs: fs.mkdtempSync. */
function mkdtempSync(prefix, options) {
  const encoding = nameEncoding(options);
  prefix = toPath(prefix, 'prefix');
  return decodeName(fsBinding.mkdtemp(prefix, encoding !== undefined, undefined), encoding);
}

/** A temporary directory that `remove()` or `using` deletes. Node docs: fs.mkdtempDisposableSync. */
function mkdtempDisposableSync(prefix, options) {
  const path = mkdtempSync(prefix, options);
  // The directory must be found again after process.chdir().
  const absolute = require('path').resolve(String(path));
  const remove = () => rmSync(absolute, { force: true, maxRetries: 0, recursive: true, retryDelay: 100 });
  return {
    path,
    remove,
    [Symbol.dispose]() { remove(); },
  };
}

/** The Dirents of what `binding.readdir` returned with types. */
function toDirents(names, types, parentPath, encoding) {
  const dirents = new Array(names.length);
  for (let i = 0; i < names.length; i++) {
    dirents[i] = new Dirent(decodeName(names[i], encoding), types[i], parentPath);
  }
  return dirents;
}

function decodeNames(names, encoding) {
  return encoding === undefined ? names : names.map((name) => decodeName(name, encoding));
}

function readdirOptions(options) {
  options = toOptions(options, EMPTY_OPTIONS);
  if (options.recursive !== undefined && options.recursive !== null) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  return options;
}

/**
 * Walks a tree breadth first: yields each directory to read and takes its [names, types] from `next()`, so that the
 * synchronous and the asynchronous form share it. Returns the names, or Dirents.
 */
function* readdirTree(path, withFileTypes, encoding) {
  const found = [];
  const queue = [[path, undefined]];
  for (let next = 0; next < queue.length; next++) {
    const [directory, relative] = queue[next];
    const listing = yield directory;
    const names = toNames(listing[0], encoding !== undefined);
    const types = listing[1];
    const parent = withFileTypes && encoding !== undefined && typeof directory === 'string' ?
      decodeName(Buffer.from(directory), encoding) : directory;
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const below = relative === undefined ? name : joinNames(relative, name);
      if (withFileTypes) found.push(new Dirent(decodeName(name, encoding), types[i], parent));
      else found.push(decodeName(below, encoding));
      if (types[i] === UV_DIRENT_DIR) queue.push([joinNames(directory, name), below]);
    }
  }
  return found;
}

/** Lists a directory. Node docs: fs.readdir. */
function readdir(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  options = readdirOptions(options);
  const encoding = nameEncoding(options);
  path = toPath(path);
  const raw = encoding !== undefined;
  if (options.recursive) {
    const walk = readdirTree(path, !!options.withFileTypes, encoding);
    const step = (error, listing) => {
      if (error !== null) {
        callback(error);
        return;
      }
      const { done, value } = walk.next(listing);
      if (done) callback(null, value);
      else fsBinding.readdir(value, raw, true, step);
    };
    step(null, undefined);
    return;
  }
  if (!options.withFileTypes) {
    fsBinding.readdir(path, raw, false, !raw ? callback : (error, names) => {
      if (error !== null) callback(error);
      else callback(null, decodeNames(names, encoding));
    });
    return;
  }
  fsBinding.readdir(path, raw, true, (error, listing) => {
    if (error !== null) callback(error);
    else callback(null, toDirents(listing[0], listing[1], direntParent(path, encoding), encoding));
  });
}

/** The `parentPath` of entries: as the caller gave the path, but in the encoding of the names. */
function direntParent(path, encoding) {
  if (encoding === undefined) return typeof path === 'string' ? path : Buffer.from(path).toString();
  return decodeName(Buffer.from(path), encoding);
}

/** Node docs: fs.readdirSync. */
function readdirSync(path, options) {
  options = readdirOptions(options);
  const encoding = nameEncoding(options);
  path = toPath(path);
  const raw = encoding !== undefined;
  if (options.recursive) {
    const walk = readdirTree(path, !!options.withFileTypes, encoding);
    let { done, value } = walk.next();
    while (!done) ({ done, value } = walk.next(fsBinding.readdir(value, raw, true, undefined)));
    return value;
  }
  if (!options.withFileTypes) return decodeNames(fsBinding.readdir(path, raw, false, undefined), encoding);
  const listing = fsBinding.readdir(path, raw, true, undefined);
  return toDirents(listing[0], listing[1], direntParent(path, encoding), encoding);
}

/** Removes an empty directory. Node docs: fs.rmdir. */
function rmdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  callback = toCallback(callback);
  validateRmdirOptions(options);
  fsBinding.rmdir(toPath(path), callback);
}

/** Node docs: fs.rmdirSync. */
function rmdirSync(path, options) {
  validateRmdirOptions(options);
  fsBinding.rmdir(toPath(path), undefined);
}

/** Removes files and directories. Node docs: fs.rm. */
function rm(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  options = validateRmOptions(options);
  require('internal/fs/rm').rm(path, options, toCallback(callback));
}

/** Node docs: fs.rmSync. */
function rmSync(path, options) {
  path = toPath(path);
  require('internal/fs/rm').rmSync(path, validateRmOptions(options));
}

// ---- rarely needed: loaded on first use

/** Node docs: fs.cp. */
function cp(src, dest, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  callback = toCallback(callback);
  const { toCpArguments, cpPromise } = require('internal/fs/cp');
  const args = toCpArguments(src, dest, options);
  cpPromise(...args).then(
    () => process.nextTick(callback, null),
    (error) => process.nextTick(callback, error));
}

/** Node docs: fs.cpSync. */
function cpSync(src, dest, options) {
  const { toCpArguments, cpSync: copy } = require('internal/fs/cp');
  copy(...toCpArguments(src, dest, options));
}

/** Node docs: fs.opendir. */
function opendir(path, options, callback) {
  require('internal/fs/dir').opendir(path, options, callback);
}

/** Node docs: fs.opendirSync. */
function opendirSync(path, options) {
  return require('internal/fs/dir').opendirSync(path, options);
}

/** Node docs: fs.glob. */
function glob(pattern, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  callback = toCallback(callback);
  const { collect } = require('internal/fs/glob');
  collect(pattern, options).then(
    (matches) => process.nextTick(callback, null, matches),
    (error) => process.nextTick(callback, error));
}

/** Node docs: fs.globSync. */
function globSync(pattern, options) {
  return require('internal/fs/glob').globSync(pattern, options);
}

/** Node docs: fs.watch. */
function watch(filename, options, listener) {
  return require('internal/fs/watchers').watch(filename, options, listener);
}

/** Node docs: fs.watchFile. */
function watchFile(filename, options, listener) {
  return require('internal/fs/stat_watcher').watchFile(filename, options, listener);
}

/** Node docs: fs.unwatchFile. */
function unwatchFile(filename, listener) {
  require('internal/fs/stat_watcher').unwatchFile(filename, listener);
}

/** A Blob whose bytes are read from the file when asked for. Node docs: fs.openAsBlob. */
function openAsBlob(path, options = EMPTY_OPTIONS) {
  const blob = openAsBlobSync(path, options);
  return Promise.resolve(blob);
}

/** Node docs: fs.openAsBlobSync. */
function openAsBlobSync(path, options = EMPTY_OPTIONS) {
  return require('internal/fs/blob').openAsBlobSync(path, options);
}

/** Node docs: fs.createReadStream. */
function createReadStream(path, options) {
  return new (streams().ReadStream)(path, options);
}

/** Node docs: fs.createWriteStream. */
function createWriteStream(path, options) {
  return new (streams().WriteStream)(path, options);
}

let streamClasses;
function streams() {
  if (streamClasses === undefined) {
    const { ReadStream, WriteStream } = require('internal/fs/streams');
    streamClasses = { ReadStream, WriteStream, FileReadStream: ReadStream, FileWriteStream: WriteStream };
  }
  return streamClasses;
}

let warnedOfStats = false;

/** The public `fs.Stats`, whose use as a constructor is deprecated. */
function deprecated(...args) {
  if (!warnedOfStats) {
    warnedOfStats = true;
    process.emitWarning('fs.Stats constructor is deprecated.', 'DeprecationWarning', 'DEP0180');
  }
  return new.target ? Reflect.construct(Stats, args, new.target) : Reflect.apply(Stats, this, args);
}
deprecated.prototype = Stats.prototype;
Object.setPrototypeOf(deprecated, Stats);
Object.defineProperty(deprecated, 'length', { __proto__: null, configurable: true, value: 18 });

/** The names that `util.promisify` gives to what these call back with. */
for (const [fn, names] of [
  [io.read, ['bytesRead', 'buffer']],
  [io.readv, ['bytesRead', 'buffers']],
  [io.write, ['bytesWritten', 'buffer']],
  [io.writev, ['bytesWritten', 'buffers']],
]) {
  Object.defineProperty(fn, require('internal/util').customPromisifyArgs,
    { __proto__: null, enumerable: false, value: names });
}

const fs = module.exports = {
  appendFile: io.appendFile,
  appendFileSync: io.appendFileSync,
  access,
  accessSync,
  chown,
  chownSync,
  chmod,
  chmodSync,
  close: io.close,
  closeSync: io.closeSync,
  copyFile,
  copyFileSync,
  cp,
  cpSync,
  createReadStream,
  createWriteStream,
  exists,
  existsSync,
  fchown,
  fchownSync,
  fchmod,
  fchmodSync,
  fdatasync: io.fdatasync,
  fdatasyncSync: io.fdatasyncSync,
  fstat,
  fstatSync,
  fsync: io.fsync,
  fsyncSync: io.fsyncSync,
  ftruncate: io.ftruncate,
  ftruncateSync: io.ftruncateSync,
  futimes,
  futimesSync,
  glob,
  globSync,
  lchown,
  lchownSync,
  // Only macOS has them.
  lchmod: undefined,
  lchmodSync: undefined,
  link,
  linkSync,
  lstat,
  lstatSync,
  lutimes,
  lutimesSync,
  mkdir,
  mkdirSync,
  mkdtemp,
  mkdtempSync,
  mkdtempDisposableSync,
  open: io.open,
  openSync: io.openSync,
  openAsBlob,
  openAsBlobSync,
  readdir,
  readdirSync,
  read: io.read,
  readSync: io.readSync,
  readv: io.readv,
  readvSync: io.readvSync,
  readFile: io.readFile,
  readFileSync: io.readFileSync,
  readlink,
  readlinkSync,
  realpath,
  realpathSync,
  rename,
  renameSync,
  rm,
  rmSync,
  rmdir,
  rmdirSync,
  stat,
  statfs,
  statSync,
  statfsSync,
  symlink,
  symlinkSync,
  truncate: io.truncate,
  truncateSync: io.truncateSync,
  unwatchFile,
  unlink,
  unlinkSync,
  utimes,
  utimesSync,
  watch,
  watchFile,
  writeFile: io.writeFile,
  writeFileSync: io.writeFileSync,
  write: io.write,
  writeSync: io.writeSync,
  writev: io.writev,
  writevSync: io.writevSync,
  Dirent,
  Stats: deprecated,
};

/** A property that packages replace (graceful-fs does), loaded on first use. */
function defineStreamClass(name) {
  Object.defineProperty(fs, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() { return streams()[name]; },
    set(value) { streams()[name] = value; },
  });
}
defineStreamClass('ReadStream');
defineStreamClass('WriteStream');
defineStreamClass('FileReadStream');
defineStreamClass('FileWriteStream');

Object.defineProperty(fs, 'Utf8Stream', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return require('internal/fs/utf8_stream').Utf8Stream; },
});

fs._toUnixTimestamp = toUnixTimestamp;

let dirClass;
Object.defineProperty(fs, 'Dir', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return dirClass ??= require('internal/fs/dir').Dir; },
  set(value) { dirClass = value; },
});

fs.opendir = opendir;
fs.opendirSync = opendirSync;

Object.defineProperty(fs, 'constants', { __proto__: null, enumerable: true, value: constants });
Object.defineProperty(fs, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() { return require('fs/promises'); },
});
