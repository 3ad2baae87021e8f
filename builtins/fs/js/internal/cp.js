/**
 * `fs.cp` in its three forms.
 *
 * The algorithm is one generator: it yields what it needs from the system (or from the user's filter) and gets
 * the answer from `next()`, so that the synchronous driver and the asynchronous one run the same code. Only the texts of
 * errors differ, as they do in Node: see `SyncErrors` and `AsyncErrors`. Node docs: fs.cp.
 */
'use strict';

const fsBinding = binding('fs');
const {
  codes: {
    ERR_FS_CP_DIR_TO_NON_DIR,
    ERR_FS_CP_EEXIST,
    ERR_FS_CP_EINVAL,
    ERR_FS_CP_FIFO_PIPE,
    ERR_FS_CP_NON_DIR_TO_DIR,
    ERR_FS_CP_SOCKET,
    ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY,
    ERR_FS_CP_UNKNOWN,
    ERR_FS_EISDIR,
    ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_INVALID_RETURN_VALUE,
  },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');
const { Buffer } = require('buffer');
const { dirname, isAbsolute, join, parse, resolve, sep } = require('path');
const { request, toPath } = require('internal/fs/utils');

const EEXIST = 17;
const EINVAL = 22;
const EISDIR = 21;
const ENOTDIR = 20;
const COPY_MODE_MAX = 7;
const OWNER_WRITES = 0o200;

const S_IFMT = 0o170000;
const S_IFBLK = 0o060000;
const S_IFCHR = 0o020000;
const S_IFDIR = 0o040000;
const S_IFIFO = 0o010000;
const S_IFLNK = 0o120000;
const S_IFREG = 0o100000;
const S_IFSOCK = 0o140000;

/** How many entries of a directory are read at once. */
const ENTRIES = 256;

const kindOf = (slots) => slots[1] & S_IFMT;
const isDirectory = (slots) => kindOf(slots) === S_IFDIR;
const isSame = (one, other) => one[0] === other[0] && one[7] === other[7];

/** Checks the arguments of all forms; returns [src, dest, options]. */
function toCpArguments(src, dest, options) {
  options = validateCpOptions(options);
  return [toText(toPath(src, 'src')), toText(toPath(dest, 'dest')), options];
}

const toText = (path) => (typeof path === 'string' ? path : Buffer.from(path).toString());

function validateCpOptions(options) {
  if (options === undefined) options = {};
  validateObject(options, 'options');
  options = {
    dereference: false,
    errorOnExist: false,
    filter: undefined,
    force: true,
    mode: 0,
    preserveTimestamps: false,
    recursive: false,
    verbatimSymlinks: false,
    ...options,
  };
  for (const name of ['dereference', 'errorOnExist', 'force', 'preserveTimestamps', 'recursive', 'verbatimSymlinks']) {
    validateBoolean(options[name], `options.${name}`);
  }
  options.mode ??= 0;
  validateInteger(options.mode, 'mode', 0, COPY_MODE_MAX);
  if (options.dereference && options.verbatimSymlinks) {
    throw new ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  }
  if (options.filter !== undefined) validateFunction(options.filter, 'options.filter');
  return options;
}

/** Errors of the asynchronous forms: SystemErrors of `cp`. */
class AsyncErrors {
  static make(Code, code, errno, message, path) {
    return new Code({ message, path, syscall: 'cp', errno, code });
  }
  static sameFile(src, dest) {
    return this.make(ERR_FS_CP_EINVAL, 'EINVAL', EINVAL, 'src and dest cannot be the same', dest);
  }
  static dirToNonDir(src, dest) {
    return this.make(ERR_FS_CP_DIR_TO_NON_DIR, 'EISDIR', EISDIR,
      `cannot overwrite non-directory ${dest} with directory ${src}`, dest);
  }
  static nonDirToDir(src, dest) {
    return this.make(ERR_FS_CP_NON_DIR_TO_DIR, 'ENOTDIR', ENOTDIR,
      `cannot overwrite directory ${dest} with non-directory ${src}`, dest);
  }
  static intoSelf(src, dest, path = dest) {
    return this.make(ERR_FS_CP_EINVAL, 'EINVAL', EINVAL, `cannot copy ${src} to a subdirectory of self ${dest}`, path);
  }
  static notRecursive(src) {
    return this.make(ERR_FS_EISDIR, 'EISDIR', EISDIR, `${src} is a directory (not copied)`, src);
  }
  static exists(dest) {
    return this.make(ERR_FS_CP_EEXIST, 'EEXIST', EEXIST, `${dest} already exists`, dest);
  }
  static linkIntoSelf(target, oldTarget, dest) {
    return this.intoSelf(target, oldTarget, dest);
  }
  static linkAboveSelf(target, oldTarget, dest) {
    return this.make(ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY, 'EINVAL', EINVAL,
      `cannot overwrite ${oldTarget} with ${target}`, dest);
  }
  static socket(dest) {
    return this.make(ERR_FS_CP_SOCKET, 'EINVAL', EINVAL, `cannot copy a socket file: ${dest}`, dest);
  }
  static fifo(dest) {
    return this.make(ERR_FS_CP_FIFO_PIPE, 'EINVAL', EINVAL, `cannot copy a FIFO pipe: ${dest}`, dest);
  }
  static unknown(dest) {
    return this.make(ERR_FS_CP_UNKNOWN, 'EINVAL', EINVAL, `cannot copy an unknown file type: ${dest}`, dest);
  }
}

/** An Error with a code and nothing else, which is what `cpSync` throws for most mistakes. */
function plainError(code, message) {
  // eslint-disable-next-line no-restricted-syntax
  const error = new Error(message);
  error.code = code;
  return error;
}

class SyncErrors extends AsyncErrors {
  static sameFile(src, dest) {
    return plainError('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${dest}`);
  }
  static dirToNonDir(src, dest) {
    return plainError('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${dest} with directory ${src}`);
  }
  static nonDirToDir(src, dest) {
    return plainError('ERR_FS_CP_NON_DIR_TO_DIR', `Cannot overwrite directory ${dest} with non-directory ${src}`);
  }
  static intoSelf(src, dest) {
    return plainError('ERR_FS_CP_EINVAL', `Cannot copy ${withSlash(src)} to a subdirectory of self ${dest}`);
  }
  static notRecursive(src) {
    return plainError('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${withSlash(src)}`);
  }
  static linkIntoSelf(target, oldTarget) {
    return plainError('ERR_FS_CP_EINVAL', `Cannot copy ${target} to a subdirectory of self ${oldTarget}`);
  }
  static linkAboveSelf(target, oldTarget) {
    return plainError('ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY', `cannot overwrite ${oldTarget} with ${target}`);
  }
  static socket(dest) {
    return plainError('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${dest}`);
  }
  static fifo(dest) {
    return plainError('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${dest}`);
  }
  static unknown(dest) {
    return plainError('ERR_FS_CP_UNKNOWN', `Cannot copy an unknown file type: ${dest}`);
  }
}

const withSlash = (path) => (path.endsWith(sep) ? path : path + sep);

/** Whether `inner` is `outer` or lies below it, by their names. */
function isBelow(outer, inner) {
  const outerParts = resolve(outer).split(sep).filter(Boolean);
  const innerParts = resolve(inner).split(sep).filter(Boolean);
  return outerParts.every((part, i) => innerParts[i] === part);
}

/** Copies; yields [what, ...arguments] for the driver, where `what` is 'filter' or a function of the binding. */
function* copy(src, dest, options, errors) {
  if (!(yield ['filter', src, dest])) return;
  const info = yield* checkPaths(src, dest, options, errors);
  if (errors === SyncErrors && !options.recursive && kindOf(info.src) === S_IFLNK) {
    const target = yield ['stat', src, true];
    if (target !== null && isDirectory(target)) throw errors.notRecursive(src);
  }
  yield* checkParents(src, info.src, dest, errors);
  yield* makeParent(dest);
  yield* copyEntry(src, dest, info, options, errors);
}

/** Looks at both sides and refuses what cannot work. Returns their stats; `dest` is null if nothing is there. */
function* checkPaths(src, dest, options, errors) {
  const look = options.dereference ? 'stat' : 'lstat';
  const srcStats = yield [look, src, false];
  const destStats = yield [look, dest, true];
  if (destStats !== null) {
    if (isSame(srcStats, destStats)) throw errors.sameFile(src, dest);
    if (isDirectory(srcStats) && !isDirectory(destStats)) throw errors.dirToNonDir(src, dest);
    if (!isDirectory(srcStats) && isDirectory(destStats)) throw errors.nonDirToDir(src, dest);
  }
  if (isDirectory(srcStats) && isBelow(src, dest)) throw errors.intoSelf(src, dest);
  return { src: srcStats, dest: destStats };
}

/** No directory above `dest` may be `src`, by whatever name. */
function* checkParents(src, srcStats, dest, errors) {
  const srcParent = resolve(dirname(src));
  let parent = resolve(dirname(dest));
  while (parent !== srcParent && parent !== parse(parent).root) {
    const found = yield ['stat', parent, true];
    if (found === null) {
      // It will be made; what is above it may exist.
      parent = dirname(parent);
      continue;
    }
    if (isSame(srcStats, found)) throw errors.intoSelf(src, dest);
    parent = dirname(parent);
  }
}

function* makeParent(dest) {
  const parent = dirname(dest);
  if ((yield ['stat', parent, true]) === null) yield ['mkdir', parent, 0o777, true];
}

function* copyEntry(src, dest, info, options, errors) {
  switch (kindOf(info.src)) {
    case S_IFDIR:
      if (!options.recursive) throw errors.notRecursive(src);
      return yield* copyDirectory(src, dest, info, options, errors);
    case S_IFREG:
    case S_IFCHR:
    case S_IFBLK:
      return yield* copyFile(src, dest, info, options, errors);
    case S_IFLNK:
      return yield* copyLink(src, dest, info, options, errors);
    case S_IFSOCK:
      throw errors.socket(dest);
    case S_IFIFO:
      throw errors.fifo(dest);
    default:
      throw errors.unknown(dest);
  }
}

function* copyFile(src, dest, info, options, errors) {
  if (info.dest !== null) {
    if (!options.force) {
      if (options.errorOnExist) throw errors.exists(dest);
      return;
    }
    yield ['unlink', dest];
  }
  yield ['copyFile', src, dest, options.mode];
  const mode = info.src[1] & 0o7777;
  if (options.preserveTimestamps) {
    // Times of a file that nobody may write cannot be set everywhere.
    if ((mode & OWNER_WRITES) === 0) yield ['chmod', dest, mode | OWNER_WRITES];
    // Reading may have changed the time of access.
    const now = yield ['stat', src, false];
    yield ['utimes', dest, now[10] + now[11] / 1e9, now[12] + now[13] / 1e9];
  }
  yield ['chmod', dest, mode];
}

function* copyDirectory(src, dest, info, options, errors) {
  if (info.dest === null) yield ['mkdir', dest, 0o777, false];
  else if (options.errorOnExist && !options.force) throw errors.exists(dest);
  const directory = yield ['opendir', src];
  try {
    for (;;) {
      const [names] = yield ['readDirEntries', directory, ENTRIES, false];
      if (names.length === 0) break;
      for (const name of names) {
        const from = join(src, name);
        const to = join(dest, name);
        if (!(yield ['filter', from, to])) continue;
        const below = yield* checkPaths(from, to, options, errors);
        yield* copyEntry(from, to, below, options, errors);
      }
    }
  } finally {
    yield ['closedir', directory];
  }
  if (info.dest === null) yield ['chmod', dest, info.src[1] & 0o7777];
}

function* copyLink(src, dest, info, options, errors) {
  let target = yield ['readlink', src, false];
  if (!options.verbatimSymlinks && !isAbsolute(target)) target = resolve(dirname(src), target);
  if (info.dest === null) {
    yield ['symlink', target, dest];
    return;
  }
  let oldTarget;
  try {
    oldTarget = yield ['readlink', dest, false];
  } catch (error) {
    // Not a link: symlink says what is wrong with that.
    if (error.code !== 'EINVAL') throw error;
    yield ['symlink', target, dest];
    return;
  }
  if (!isAbsolute(oldTarget)) oldTarget = resolve(dirname(dest), oldTarget);
  const found = yield ['stat', src, true];
  if (found !== null && isDirectory(found)) {
    if (isBelow(target, oldTarget)) throw errors.linkIntoSelf(target, oldTarget, dest);
    // Putting the link there would cut off what it points to.
    if (isBelow(oldTarget, target)) throw errors.linkAboveSelf(target, oldTarget, dest);
  }
  yield ['unlink', dest];
  yield ['symlink', target, dest];
}

function isMissing(error, quiet) {
  return quiet && error.code === 'ENOENT';
}

/** Does one thing that `copy` asked for. */
function answerSync([what, ...args], options) {
  if (what === 'filter') {
    if (options.filter === undefined) return true;
    const wanted = options.filter(args[0], args[1]);
    if (typeof wanted?.then === 'function') {
      throw new ERR_INVALID_RETURN_VALUE('boolean', 'filter', wanted);
    }
    return wanted;
  }
  if (what !== 'stat' && what !== 'lstat') return fsBinding[what](...args, undefined);
  const slots = new Float64Array(18);
  try {
    fsBinding[what](args[0], false, slots, false, undefined);
  } catch (error) {
    if (isMissing(error, args[1])) return null;
    throw error;
  }
  return slots;
}

async function answerAsync([what, ...args], options) {
  if (what === 'filter') return options.filter === undefined ? true : options.filter(args[0], args[1]);
  if (what !== 'stat' && what !== 'lstat') return request(fsBinding[what], ...args);
  try {
    return new Float64Array(await request(fsBinding[what], args[0], false, undefined, false));
  } catch (error) {
    if (isMissing(error, args[1])) return null;
    throw error;
  }
}

/** Copies in one go; the arguments come from `toCpArguments`. */
function cpSync(src, dest, options) {
  const work = copy(src, dest, options, SyncErrors);
  let step = work.next();
  while (!step.done) {
    let answer;
    try {
      answer = answerSync(step.value, options);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(answer);
  }
}

/** Copies in the pool; the arguments come from `toCpArguments`. */
async function cpPromise(src, dest, options) {
  const work = copy(src, dest, options, AsyncErrors);
  let step = work.next();
  while (!step.done) {
    let answer;
    try {
      answer = await answerAsync(step.value, options);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(answer);
  }
}

module.exports = { cpPromise, cpSync, toCpArguments };
