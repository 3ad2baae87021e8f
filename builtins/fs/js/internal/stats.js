/**
 * `fs.Stats`, its BigInt form, `StatFs` and `Dirent`: what the stat family and `readdir` hand out.
 *
 * The binding fills 18 slots of 64 bits: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then
 * seconds and nanoseconds of atime, mtime, ctime and birthtime. Dates are made on first look, as most
 * callers never look. Node docs: "Class: fs.Stats", "Class: fs.Dirent", "Class: fs.StatFs".
 */
'use strict';

/** Number of 64-bit slots that `stat` fills, and `statfs`. */
const STAT_SLOTS = 18;
const STATFS_SLOTS = 8;

const S_IFMT = 0o170000;
const S_IFBLK = 0o060000;
const S_IFCHR = 0o020000;
const S_IFDIR = 0o040000;
const S_IFIFO = 0o010000;
const S_IFLNK = 0o120000;
const S_IFREG = 0o100000;
const S_IFSOCK = 0o140000;

const kAtimeNs = Symbol('partialAtimeNs');
const kMtimeNs = Symbol('partialMtimeNs');
const kCtimeNs = Symbol('partialCtimeNs');
const kBirthtimeNs = Symbol('kPartialBirthtimeNs');
const kType = Symbol('type');

/** What number and BigInt stats have in common: the questions about the kind of file. */
function StatsBase() {}
StatsBase.prototype.isDirectory = function isDirectory() { return this._checkModeProperty(S_IFDIR); };
StatsBase.prototype.isFile = function isFile() { return this._checkModeProperty(S_IFREG); };
StatsBase.prototype.isBlockDevice = function isBlockDevice() { return this._checkModeProperty(S_IFBLK); };
StatsBase.prototype.isCharacterDevice = function isCharacterDevice() { return this._checkModeProperty(S_IFCHR); };
StatsBase.prototype.isSymbolicLink = function isSymbolicLink() { return this._checkModeProperty(S_IFLNK); };
StatsBase.prototype.isFIFO = function isFIFO() { return this._checkModeProperty(S_IFIFO); };
StatsBase.prototype.isSocket = function isSocket() { return this._checkModeProperty(S_IFSOCK); };

/** The result of `stat` in numbers. The parameters are the slots, in order. */
function Stats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks,
  atimeSec, atimeNsec, mtimeSec, mtimeNsec, ctimeSec, ctimeNsec, birthtimeSec, birthtimeNsec) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
  this.atimeMs = atimeSec * 1000 + atimeNsec / 1e6;
  this.mtimeMs = mtimeSec * 1000 + mtimeNsec / 1e6;
  this.ctimeMs = ctimeSec * 1000 + ctimeNsec / 1e6;
  this.birthtimeMs = birthtimeSec * 1000 + birthtimeNsec / 1e6;
  this[kAtimeNs] = atimeNsec;
  this[kMtimeNs] = mtimeNsec;
  this[kCtimeNs] = ctimeNsec;
  this[kBirthtimeNs] = birthtimeNsec;
}
Object.setPrototypeOf(Stats.prototype, StatsBase.prototype);
Object.setPrototypeOf(Stats, StatsBase);

/** The result of `stat` with `bigint: true`; the parameters are the slots, in order. */
function BigIntStats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks,
  atimeSec, atimeNsec, mtimeSec, mtimeNsec, ctimeSec, ctimeNsec, birthtimeSec, birthtimeNsec) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
  this.atimeMs = atimeSec * 1000n + atimeNsec / 1000000n;
  this.mtimeMs = mtimeSec * 1000n + mtimeNsec / 1000000n;
  this.ctimeMs = ctimeSec * 1000n + ctimeNsec / 1000000n;
  this.birthtimeMs = birthtimeSec * 1000n + birthtimeNsec / 1000000n;
  this.atimeNs = atimeSec * 1000000000n + atimeNsec;
  this.mtimeNs = mtimeSec * 1000000000n + mtimeNsec;
  this.ctimeNs = ctimeSec * 1000000000n + ctimeNsec;
  this.birthtimeNs = birthtimeSec * 1000000000n + birthtimeNsec;
}
Object.setPrototypeOf(BigIntStats.prototype, StatsBase.prototype);
Object.setPrototypeOf(BigIntStats, StatsBase);

function defineOwn(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}

/** An accessor that computes its value on first look and then becomes an ordinary own property. */
function defineLazy(prototype, key, compute) {
  Object.defineProperty(prototype, key, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = compute(this);
      defineOwn(this, key, value);
      return value;
    },
    set(value) { defineOwn(this, key, value); },
  });
}

// Milliseconds are rounded, not cut off, so that utimes(1.0009996) reads back as what it was set to.
const toDate = (ms) => new Date(Math.round(Number(ms)));

const TIMES = [['atime', kAtimeNs], ['mtime', kMtimeNs], ['ctime', kCtimeNs], ['birthtime', kBirthtimeNs]];
for (const [name] of TIMES) {
  defineLazy(Stats.prototype, name, (stats) => toDate(stats[`${name}Ms`]));
  defineLazy(BigIntStats.prototype, name, (stats) => toDate(stats[`${name}Ms`]));
}
for (const [name, nsec] of TIMES) {
  defineLazy(Stats.prototype, `${name}Instant`, (stats) => {
    const seconds = Math.round((stats[`${name}Ms`] - stats[nsec] / 1e6) / 1000);
    return globalThis.Temporal.Instant.fromEpochNanoseconds(BigInt(seconds) * 1000000000n + BigInt(stats[nsec]));
  });
  defineLazy(BigIntStats.prototype, `${name}Instant`,
    (stats) => globalThis.Temporal.Instant.fromEpochNanoseconds(stats[`${name}Ns`]));
}

Stats.prototype._checkModeProperty = function _checkModeProperty(property) {
  return (this.mode & S_IFMT) === property;
};
BigIntStats.prototype._checkModeProperty = function _checkModeProperty(property) {
  return (this.mode & BigInt(S_IFMT)) === BigInt(property);
};

// One array per kind is enough for synchronous calls: it is read before anybody else can run.
const numberSlots = new Float64Array(STAT_SLOTS);
let bigintSlots;

/** The array that a synchronous `stat` fills. */
function statSlots(bigint) {
  if (!bigint) return numberSlots;
  bigintSlots ??= new BigInt64Array(STAT_SLOTS);
  return bigintSlots;
}

/** Slots (a Float64Array, BigInt64Array, or the ArrayBuffer of an asynchronous call) as stats. */
function statsFromSlots(slots, bigint) {
  if (bigint) {
    const s = slots instanceof ArrayBuffer ? new BigInt64Array(slots) : slots;
    return new BigIntStats(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9],
      s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17]);
  }
  const s = slots instanceof ArrayBuffer ? new Float64Array(slots) : slots;
  return new Stats(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9],
    s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17]);
}

/** Wraps `callback` so that it gets stats instead of slots. */
function statsCallback(callback, bigint) {
  return (error, slots) => {
    if (error !== null) callback(error);
    else callback(null, statsFromSlots(slots, bigint));
  };
}

/** The result of `statfs`. Node docs: "Class: fs.StatFs". */
class StatFs {
  constructor(type, bsize, frsize, blocks, bfree, bavail, files, ffree) {
    this.type = type;
    this.bsize = bsize;
    this.frsize = frsize;
    this.blocks = blocks;
    this.bfree = bfree;
    this.bavail = bavail;
    this.files = files;
    this.ffree = ffree;
  }
}

/** The ArrayBuffer that `binding.statfs` returns, as a StatFs. */
function statFsFromSlots(buffer, bigint) {
  const s = bigint ? new BigInt64Array(buffer) : new Float64Array(buffer);
  return new StatFs(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
}

// Values of `constants.UV_DIRENT_*`.
const UV_DIRENT_FILE = 1;
const UV_DIRENT_DIR = 2;
const UV_DIRENT_LINK = 3;
const UV_DIRENT_FIFO = 4;
const UV_DIRENT_SOCKET = 5;
const UV_DIRENT_CHAR = 6;
const UV_DIRENT_BLOCK = 7;

/** A directory entry: its name, its directory, and what kind it is. */
class Dirent {
  constructor(name, type, parentPath) {
    this.name = name;
    this.parentPath = parentPath;
    this[kType] = type;
  }

  isDirectory() { return this[kType] === UV_DIRENT_DIR; }
  isFile() { return this[kType] === UV_DIRENT_FILE; }
  isBlockDevice() { return this[kType] === UV_DIRENT_BLOCK; }
  isCharacterDevice() { return this[kType] === UV_DIRENT_CHAR; }
  isSymbolicLink() { return this[kType] === UV_DIRENT_LINK; }
  isFIFO() { return this[kType] === UV_DIRENT_FIFO; }
  isSocket() { return this[kType] === UV_DIRENT_SOCKET; }
}

module.exports = {
  BigIntStats,
  Dirent,
  STATFS_SLOTS,
  STAT_SLOTS,
  StatFs,
  Stats,
  UV_DIRENT_DIR,
  UV_DIRENT_LINK,
  kType,
  statFsFromSlots,
  statSlots,
  statsCallback,
  statsFromSlots,
};
