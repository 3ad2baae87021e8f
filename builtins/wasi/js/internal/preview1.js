/**
 * The functions of WASI preview 1 on `node:fs` and friends. Node docs: "WebAssembly System Interface".
 *
 * Each returns a number of errors; what a system call throws becomes one. Addresses are offsets into the memory of the instance,
 * which is looked up at each call, as it may have grown.
 */
'use strict';

const fs = require('fs');
const native = binding('wasi');
const { errors, rights, rightSets, types, fdflags, oflags, times, signals } = require('internal/wasi/abi');
const { Refusal, resolve } = require('internal/wasi/sandbox');
const { O_APPEND, O_CREAT, O_DIRECTORY, O_DSYNC, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = fs.constants;

/** The largest number of descriptors. */
const FDS_MAX = 1 << 16;
/** Nanoseconds per millisecond. */
const MS = 1_000_000n;
const LOOKUP_FOLLOW = 1;
/** poll(2) */
const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;
const POLLNVAL = 32;
const POLLRDHUP = 0x2000;

/** Thrown through WebAssembly to end a program. */
class Exit {
  constructor(code) {
    this.code = code;
  }
}

function typeOf(stats) {
  if (stats.isFile()) return types.REGULAR_FILE;
  if (stats.isDirectory()) return types.DIRECTORY;
  if (stats.isSymbolicLink()) return types.SYMBOLIC_LINK;
  if (stats.isCharacterDevice()) return types.CHARACTER_DEVICE;
  if (stats.isBlockDevice()) return types.BLOCK_DEVICE;
  if (stats.isSocket() || stats.isFIFO()) return types.SOCKET_STREAM;
  return types.UNKNOWN;
}

function direntType(entry) {
  if (entry.isFile()) return types.REGULAR_FILE;
  if (entry.isDirectory()) return types.DIRECTORY;
  if (entry.isSymbolicLink()) return types.SYMBOLIC_LINK;
  if (entry.isCharacterDevice()) return types.CHARACTER_DEVICE;
  if (entry.isBlockDevice()) return types.BLOCK_DEVICE;
  if (entry.isSocket() || entry.isFIFO()) return types.SOCKET_STREAM;
  return types.UNKNOWN;
}

/** An error of a system call as a number of WASI; anything else is thrown on. */
function errnoOf(error) {
  if (error instanceof Refusal) return error.errno;
  if (typeof error?.code === 'string' && errors[error.code] !== undefined) return errors[error.code];
  // An address outside of the memory.
  if (error instanceof RangeError) return errors.EOVERFLOW;
  throw error;
}

/** What a negative result of the binding stands for. */
function check(result) {
  if (result >= 0) return result;
  const code = require('internal/uv').errname(result);
  throw new Refusal(errors[code] ?? errors.EIO);
}

class Preview1 {
  constructor({ args, env, preopens, stdio, exit }) {
    this.args = args.map((text) => Buffer.from(`${text}\0`));
    this.env = env.map((text) => Buffer.from(`${text}\0`));
    this.exit = exit;
    this.memory = undefined;
    this.fds = new Map();
    stdio.forEach((fd, index) => this.fds.set(index, this.standard(fd)));
    for (const [guest, host] of preopens) {
      const real = fs.realpathSync(host);
      const fd = fs.openSync(real, O_RDONLY | O_DIRECTORY);
      this.insert({ fd, type: types.DIRECTORY, host: real, guest, preopen: Buffer.from(guest), base: rightSets.directory, inheriting: rightSets.all, owned: true, flags: 0 });
    }
  }

  standard(fd) {
    const type = typeOf(fs.fstatSync(fd));
    const base = type === types.REGULAR_FILE ? rightSets.file : require('tty').isatty(fd) ? rightSets.terminal : rightSets.all;
    return { fd, type, base, inheriting: 0n, owned: false, flags: 0 };
  }

  insert(entry) {
    let number = 3;
    while (this.fds.has(number)) number++;
    if (number >= FDS_MAX) throw new Refusal(errors.ENFILE);
    this.fds.set(number, entry);
    return number;
  }

  // ---- memory

  view() {
    return new DataView(this.memory.buffer);
  }

  bytes(address, length) {
    address >>>= 0;
    length >>>= 0;
    if (address + length > this.memory.buffer.byteLength) throw new Refusal(errors.EOVERFLOW);
    return new Uint8Array(this.memory.buffer, address, length);
  }

  setU32(address, value) {
    this.view().setUint32(address >>> 0, value, true);
  }

  setU64(address, value) {
    this.view().setBigUint64(address >>> 0, BigInt.asUintN(64, BigInt(value)), true);
  }

  path(address, length) {
    const text = Buffer.from(this.bytes(address, length)).toString();
    if (text.includes('\0')) throw new Refusal(errors.EINVAL);
    return text;
  }

  /** Scattered pieces of memory. */
  pieces(address, count) {
    const view = this.view();
    const list = [];
    for (let i = 0; i < count >>> 0; i++) {
      const at = (address >>> 0) + i * 8;
      list.push(this.bytes(view.getUint32(at, true), view.getUint32(at + 4, true)));
    }
    return list;
  }

  entry(number, base = 0n) {
    const entry = this.fds.get(number >>> 0);
    if (entry === undefined) throw new Refusal(errors.EBADF);
    if ((entry.base & base) !== base) throw new Refusal(errors.ENOTCAPABLE);
    return entry;
  }

  directory(number, base = 0n) {
    const entry = this.entry(number, base);
    if (entry.type !== types.DIRECTORY) throw new Refusal(errors.ENOTDIR);
    return entry;
  }

  // ---- arguments, environment, clocks

  vector(list, addresses, start) {
    const view = this.view();
    let at = start >>> 0;
    list.forEach((text, index) => {
      view.setUint32((addresses >>> 0) + index * 4, at, true);
      this.bytes(at, text.length).set(text);
      at += text.length;
    });
  }

  vectorSizes(list, countAt, sizeAt) {
    this.setU32(countAt, list.length);
    this.setU32(sizeAt, list.reduce((sum, text) => sum + text.length, 0));
  }

  args_get(addresses, start) { this.vector(this.args, addresses, start); }

  args_sizes_get(countAt, sizeAt) { this.vectorSizes(this.args, countAt, sizeAt); }

  environ_get(addresses, start) { this.vector(this.env, addresses, start); }

  environ_sizes_get(countAt, sizeAt) { this.vectorSizes(this.env, countAt, sizeAt); }

  now(clock) {
    switch (clock) {
      case 0: return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
      case 1: return process.hrtime.bigint();
      case 2:
      case 3: {
        const { user, system } = clock === 2 ? process.cpuUsage() : process.threadCpuUsage();
        return BigInt(user + system) * 1000n;
      }
      default: throw new Refusal(errors.EINVAL);
    }
  }

  clock_res_get(clock, at) {
    this.now(clock);
    this.setU64(at, 1n);
  }

  clock_time_get(clock, _precision, at) {
    this.setU64(at, this.now(clock));
  }

  random_get(address, length) {
    const target = this.bytes(address, length);
    // Memory that threads share takes no random bytes directly.
    target.set(require('crypto').randomBytes(target.length));
  }

  sched_yield() {}

  proc_exit(code) {
    this.exit(code >>> 0);
  }

  proc_raise(number) {
    const name = signals[number];
    if (name === undefined) throw new Refusal(errors.ENOSYS);
    process.kill(process.pid, name);
  }

  // ---- descriptors

  fd_advise(number, offset, length, advice) {
    check(native.advise(this.entry(number, rights.FD_ADVISE).fd, offset, length, advice));
  }

  fd_allocate(number, offset, length) {
    check(native.allocate(this.entry(number, rights.FD_ALLOCATE).fd, offset, length));
  }

  fd_close(number) {
    const entry = this.entry(number);
    this.fds.delete(number >>> 0);
    if (entry.owned) fs.closeSync(entry.fd);
  }

  fd_datasync(number) { fs.fdatasyncSync(this.entry(number, rights.FD_DATASYNC).fd); }

  fd_sync(number) { fs.fsyncSync(this.entry(number, rights.FD_SYNC).fd); }

  fd_fdstat_get(number, at) {
    const entry = this.entry(number);
    this.bytes(at, 24).fill(0);
    const view = this.view();
    at >>>= 0;
    view.setUint8(at, entry.type);
    view.setUint16(at + 2, entry.flags, true);
    view.setBigUint64(at + 8, entry.base, true);
    view.setBigUint64(at + 16, entry.inheriting, true);
  }

  fd_fdstat_set_flags(number, flags) {
    const entry = this.entry(number, rights.FD_FDSTAT_SET_FLAGS);
    check(native.setFlags(entry.fd, (flags & fdflags.APPEND) !== 0, (flags & fdflags.NONBLOCK) !== 0));
    entry.flags = flags;
  }

  fd_fdstat_set_rights(number, base, inheriting) {
    const entry = this.entry(number);
    base = BigInt.asUintN(64, base);
    inheriting = BigInt.asUintN(64, inheriting);
    if ((entry.base | base) !== entry.base || (entry.inheriting | inheriting) !== entry.inheriting) throw new Refusal(errors.ENOTCAPABLE);
    entry.base = base;
    entry.inheriting = inheriting;
  }

  putStats(at, stats) {
    this.bytes(at, 64);
    this.setU64(at, stats.dev);
    this.setU64(at + 8, stats.ino);
    this.bytes(at + 16, 8).fill(0);
    this.view().setUint8((at >>> 0) + 16, typeOf(stats));
    this.setU64(at + 24, stats.nlink);
    this.setU64(at + 32, stats.size);
    this.setU64(at + 40, stats.atimeNs);
    this.setU64(at + 48, stats.mtimeNs);
    this.setU64(at + 56, stats.ctimeNs);
  }

  fd_filestat_get(number, at) {
    this.putStats(at, fs.fstatSync(this.entry(number, rights.FD_FILESTAT_GET).fd, { bigint: true }));
  }

  fd_filestat_set_size(number, size) {
    fs.ftruncateSync(this.entry(number, rights.FD_FILESTAT_SET_SIZE).fd, Number(size));
  }

  /** Seconds to set: given, now, or as they are. */
  timesOf(stats, atime, mtime, flags) {
    if ((flags & times.ATIM && flags & times.ATIM_NOW) || (flags & times.MTIM && flags & times.MTIM_NOW)) throw new Refusal(errors.EINVAL);
    const seconds = (ns) => Number(ns) / 1e9;
    const pick = (given, isGiven, isNow, old) => isGiven ? seconds(BigInt.asUintN(64, given)) : isNow ? Date.now() / 1000 : seconds(old);
    return [
      pick(atime, flags & times.ATIM, flags & times.ATIM_NOW, stats.atimeNs),
      pick(mtime, flags & times.MTIM, flags & times.MTIM_NOW, stats.mtimeNs),
    ];
  }

  fd_filestat_set_times(number, atime, mtime, flags) {
    const { fd } = this.entry(number, rights.FD_FILESTAT_SET_TIMES);
    fs.futimesSync(fd, ...this.timesOf(fs.fstatSync(fd, { bigint: true }), atime, mtime, flags));
  }

  /** Reads into pieces until one is not filled; `position` moves on, null is the file's own. */
  readInto(fd, pieces, position) {
    let total = 0;
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      const count = fs.readSync(fd, piece, 0, piece.length, position === null ? null : position + BigInt(total));
      total += count;
      if (count < piece.length) break;
    }
    return total;
  }

  writeFrom(fd, pieces, position) {
    let total = 0;
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      const count = fs.writeSync(fd, piece, 0, piece.length, position === null ? null : Number(position) + total);
      total += count;
      if (count < piece.length) break;
    }
    return total;
  }

  fd_read(number, address, count, at) {
    const { fd } = this.entry(number, rights.FD_READ);
    const pieces = this.pieces(address, count);
    this.setU32(at, this.readInto(fd, pieces, null));
  }

  fd_pread(number, address, count, offset, at) {
    const { fd } = this.entry(number, rights.FD_READ | rights.FD_SEEK);
    this.setU32(at, this.readInto(fd, this.pieces(address, count), BigInt.asUintN(64, offset)));
  }

  fd_write(number, address, count, at) {
    const { fd } = this.entry(number, rights.FD_WRITE);
    this.setU32(at, this.writeFrom(fd, this.pieces(address, count), null));
  }

  fd_pwrite(number, address, count, offset, at) {
    const { fd } = this.entry(number, rights.FD_WRITE | rights.FD_SEEK);
    this.setU32(at, this.writeFrom(fd, this.pieces(address, count), BigInt.asUintN(64, offset)));
  }

  fd_seek(number, offset, whence, at) {
    const { fd } = this.entry(number, rights.FD_SEEK);
    this.setU64(at, check(native.seek(fd, offset, whence)));
  }

  fd_tell(number, at) {
    const { fd } = this.entry(number, rights.FD_TELL);
    this.setU64(at, check(native.seek(fd, 0, 1)));
  }

  fd_prestat_get(number, at) {
    const { preopen } = this.entry(number);
    if (preopen === undefined) throw new Refusal(errors.EINVAL);
    this.setU32(at, 0);
    this.setU32(at + 4, preopen.length);
  }

  fd_prestat_dir_name(number, address, length) {
    const { preopen } = this.entry(number);
    if (preopen === undefined) throw new Refusal(errors.EBADF);
    if (length >>> 0 < preopen.length) throw new Refusal(errors.ENOBUFS);
    this.bytes(address, preopen.length).set(preopen);
  }

  fd_readdir(number, address, length, cookie, at) {
    const entry = this.directory(number, rights.FD_READDIR);
    if (cookie === 0n || entry.listing === undefined) entry.listing = fs.readdirSync(entry.host, { withFileTypes: true });
    const target = this.bytes(address, length);
    let used = 0;
    for (let index = Number(cookie); index < entry.listing.length && used < target.length; index++) {
      const item = entry.listing[index];
      const name = Buffer.from(item.name);
      const record = Buffer.alloc(24 + name.length);
      record.writeBigUInt64LE(BigInt(index + 1), 0);
      record.writeBigUInt64LE(this.inodeOf(entry, item), 8);
      record.writeUInt32LE(name.length, 16);
      record[20] = direntType(item);
      name.copy(record, 24);
      // The last one may be cut off: the program sees that the buffer is full and asks again from there.
      const part = record.subarray(0, target.length - used);
      target.set(part, used);
      used += part.length;
    }
    this.setU32(at, used);
  }

  inodeOf(entry, item) {
    try {
      return fs.lstatSync(`${entry.host}/${item.name}`, { bigint: true }).ino;
    } catch {
      // Gone meanwhile: the list keeps it, without a number.
      return 0n;
    }
  }

  fd_renumber(from, to) {
    const entry = this.entry(from);
    const old = this.entry(to);
    if (from === to) return;
    if (old.owned) fs.closeSync(old.fd);
    this.fds.set(to >>> 0, entry);
    this.fds.delete(from >>> 0);
  }

  // ---- paths

  path_create_directory(number, address, length) {
    fs.mkdirSync(resolve(this.directory(number, rights.PATH_CREATE_DIRECTORY), this.path(address, length), true));
  }

  path_filestat_get(number, flags, address, length, at) {
    const follow = (flags & LOOKUP_FOLLOW) !== 0;
    const host = resolve(this.directory(number, rights.PATH_FILESTAT_GET), this.path(address, length), follow);
    this.putStats(at, (follow ? fs.statSync : fs.lstatSync)(host, { bigint: true }));
  }

  path_filestat_set_times(number, flags, address, length, atime, mtime, which) {
    const follow = (flags & LOOKUP_FOLLOW) !== 0;
    const host = resolve(this.directory(number, rights.PATH_FILESTAT_SET_TIMES), this.path(address, length), follow);
    const stats = (follow ? fs.statSync : fs.lstatSync)(host, { bigint: true });
    (follow ? fs.utimesSync : fs.lutimesSync)(host, ...this.timesOf(stats, atime, mtime, which));
  }

  path_link(from, flags, fromAt, fromLength, to, toAt, toLength) {
    const source = resolve(this.directory(from, rights.PATH_LINK_SOURCE), this.path(fromAt, fromLength), (flags & LOOKUP_FOLLOW) !== 0);
    fs.linkSync(source, resolve(this.directory(to, rights.PATH_LINK_TARGET), this.path(toAt, toLength), false));
  }

  path_open(number, lookup, address, length, open, base, inheriting, flags, at) {
    const parent = this.directory(number, rights.PATH_OPEN);
    base = BigInt.asUintN(64, base) & rightSets.all;
    inheriting = BigInt.asUintN(64, inheriting) & rightSets.all;
    let needs = 0n;
    if (open & oflags.CREAT) needs |= rights.PATH_CREATE_FILE;
    if (open & oflags.TRUNC) needs |= rights.PATH_FILESTAT_SET_SIZE;
    this.entry(number, needs);
    if (((base | inheriting) & parent.inheriting) !== (base | inheriting)) throw new Refusal(errors.ENOTCAPABLE);
    const reads = (base & (rights.FD_READ | rights.FD_READDIR)) !== 0n;
    const writes = (base & (rights.FD_DATASYNC | rights.FD_WRITE | rights.FD_ALLOCATE | rights.FD_FILESTAT_SET_SIZE)) !== 0n;
    let mode = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
    if (open & oflags.CREAT) mode |= O_CREAT;
    if (open & oflags.DIRECTORY) mode |= O_DIRECTORY;
    if (open & oflags.EXCL) mode |= O_EXCL;
    if (open & oflags.TRUNC) mode |= O_TRUNC;
    if (flags & fdflags.APPEND) mode |= O_APPEND;
    if (flags & fdflags.DSYNC) mode |= O_DSYNC;
    if (flags & fdflags.NONBLOCK) mode |= O_NONBLOCK;
    if (flags & (fdflags.SYNC | fdflags.RSYNC)) mode |= O_SYNC;
    const follow = (lookup & LOOKUP_FOLLOW) !== 0;
    const host = resolve(parent, this.path(address, length), follow);
    let fd;
    try {
      fd = fs.openSync(host, mode | O_NOFOLLOW, 0o666);
    } catch (error) {
      // Directories cannot be opened for writing; the program asked for all rights, as the C library does.
      if (error.code !== 'EISDIR' || open & (oflags.CREAT | oflags.TRUNC)) throw error;
      fd = fs.openSync(host, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    }
    try {
      const type = typeOf(fs.fstatSync(fd));
      const possible = type === types.DIRECTORY ? rightSets.directory : type === types.REGULAR_FILE ? rightSets.file : rightSets.all;
      const entry = { fd, type, base: base & possible, inheriting: type === types.DIRECTORY ? inheriting : 0n, owned: true, flags };
      if (type === types.DIRECTORY) {
        entry.host = host.replace(/\/$/, '');
        entry.guest = `${parent.guest.replace(/\/$/, '')}/${this.path(address, length)}`;
      }
      this.setU32(at, this.insert(entry));
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  path_readlink(number, address, length, target, size, at) {
    const host = resolve(this.directory(number, rights.PATH_READLINK), this.path(address, length), false);
    const text = Buffer.from(fs.readlinkSync(host));
    if (text.length > size >>> 0) throw new Refusal(errors.ENOBUFS);
    this.bytes(target, text.length).set(text);
    this.setU32(at, text.length);
  }

  path_remove_directory(number, address, length) {
    fs.rmdirSync(resolve(this.directory(number, rights.PATH_REMOVE_DIRECTORY), this.path(address, length), false));
  }

  path_rename(from, fromAt, fromLength, to, toAt, toLength) {
    const source = resolve(this.directory(from, rights.PATH_RENAME_SOURCE), this.path(fromAt, fromLength), false);
    fs.renameSync(source, resolve(this.directory(to, rights.PATH_RENAME_TARGET), this.path(toAt, toLength), false));
  }

  path_symlink(targetAt, targetLength, number, address, length) {
    const entry = this.directory(number, rights.PATH_SYMLINK);
    const target = this.path(targetAt, targetLength);
    if (target.startsWith('/')) throw new Refusal(errors.EPERM);
    fs.symlinkSync(target, resolve(entry, this.path(address, length), false));
  }

  path_unlink_file(number, address, length) {
    fs.unlinkSync(resolve(this.directory(number, rights.PATH_UNLINK_FILE), this.path(address, length), false));
  }

  // ---- waiting

  poll_oneoff(subscriptions, events, count, at) {
    count >>>= 0;
    if (count === 0) throw new Refusal(errors.EINVAL);
    this.bytes(subscriptions, count * 48);
    this.bytes(events, count * 32).fill(0);
    const view = this.view();
    const files = [];
    const found = [];
    let clock;
    for (let i = 0; i < count; i++) {
      const base = (subscriptions >>> 0) + i * 48;
      const userdata = view.getBigUint64(base, true);
      const kind = view.getUint8(base + 8);
      if (kind === 0) {
        const id = view.getUint32(base + 16, true);
        const timeout = view.getBigUint64(base + 24, true);
        const isAbsolute = (view.getUint16(base + 40, true) & 1) !== 0;
        let wait = isAbsolute ? timeout - this.now(id) : timeout;
        if (wait < 0n) wait = 0n;
        if (clock === undefined || wait < clock.wait) clock = { userdata, wait };
        continue;
      }
      if (kind > 2) throw new Refusal(errors.EINVAL);
      const entry = this.fds.get(view.getUint32(base + 16, true));
      if (entry === undefined) found.push({ userdata, kind, error: errors.EBADF, bytes: 0n, flags: 0 });
      else if ((entry.base & rights.POLL_FD_READWRITE) === 0n) found.push({ userdata, kind, error: errors.ENOTCAPABLE, bytes: 0n, flags: 0 });
      else files.push({ userdata, kind, fd: entry.fd });
    }
    this.waitFor(files, found, clock);
    if (found.length === 0 && clock !== undefined) found.push({ userdata: clock.userdata, kind: 0, error: 0, bytes: 0n, flags: 0 });
    found.forEach(({ userdata, kind, error, bytes, flags }, index) => {
      const base = (events >>> 0) + index * 32;
      view.setBigUint64(base, userdata, true);
      view.setUint16(base + 8, error, true);
      view.setUint8(base + 10, kind);
      view.setBigUint64(base + 16, bytes, true);
      view.setUint16(base + 24, flags, true);
    });
    this.setU32(at, found.length);
  }

  /** Waits for files and the clock; what is ready is added to `found`. */
  waitFor(files, found, clock) {
    const deadline = clock === undefined ? undefined : process.hrtime.bigint() + clock.wait;
    for (;;) {
      const left = deadline === undefined ? undefined : deadline - process.hrtime.bigint();
      let timeout = left === undefined ? -1 : left <= 0n ? 0 : Number((left + MS - 1n) / MS);
      if (found.length > 0) timeout = 0;
      const list = new Int32Array(files.length * 2);
      files.forEach(({ fd, kind }, index) => list.set([fd, kind === 1 ? POLLIN | POLLRDHUP : POLLOUT], index * 2));
      const ready = native.poll(list, Math.min(timeout, 0x7fffffff));
      if (ready < 0 && require('internal/uv').errname(ready) !== 'EINTR') check(ready);
      files.forEach(({ userdata, kind }, index) => {
        const there = ready > 0 ? list[index * 2 + 1] : 0;
        if (there === 0) return;
        const error = there & POLLNVAL ? errors.EBADF : there & POLLERR ? errors.EIO : 0;
        found.push({ userdata, kind, error, bytes: 0n, flags: there & (POLLHUP | POLLRDHUP) ? 1 : 0 });
      });
      if (found.length > 0 || (deadline !== undefined && process.hrtime.bigint() >= deadline)) return;
    }
  }

  // ---- sockets: no program gets one

  sock_accept(number) { this.socket(number); }

  sock_recv(number) { this.socket(number); }

  sock_send(number) { this.socket(number); }

  sock_shutdown(number) { this.socket(number); }

  socket(number) {
    this.entry(number);
    throw new Refusal(errors.ENOTSOCK);
  }
}

const imports = Object.getOwnPropertyNames(Preview1.prototype).filter((name) => /^(?:args|clock|environ|fd|path|poll|proc|random|sched|sock)_/.test(name));

/** Which arguments are 64 bits wide, BigInts in JavaScript; and how many there are where the methods above do not say. */
const wide = {
  __proto__: null,
  clock_time_get: [1], fd_advise: [1, 2], fd_allocate: [1, 2], fd_fdstat_set_rights: [1, 2], fd_filestat_set_size: [1],
  fd_filestat_set_times: [1, 2], fd_pread: [3], fd_pwrite: [3], fd_readdir: [3], fd_seek: [1], path_filestat_set_times: [4, 5], path_open: [5, 6],
};
const counts = { __proto__: null, sock_accept: 3, sock_recv: 6, sock_send: 5, sock_shutdown: 2 };

/** Whether JavaScript calls a function as a program would. */
function fits(args, count, bigs) {
  if (args.length !== count) return false;
  for (let i = 0; i < count; i++) {
    if (typeof args[i] !== (bigs.includes(i) ? 'bigint' : 'number')) return false;
  }
  return true;
}

/** The table of functions for an instance; `ready` throws before the instance has started. */
function makeImports(system, ready) {
  const table = { __proto__: null };
  for (const name of imports) {
    const method = Preview1.prototype[name];
    const count = counts[name] ?? method.length;
    const bigs = wide[name] ?? [];
    const fn = (...args) => {
      if (!fits(args, count, bigs)) return errors.EINVAL;
      ready();
      try {
        Reflect.apply(method, system, args);
        return errors.SUCCESS;
      } catch (error) {
        if (error instanceof Exit) throw error;
        return errnoOf(error);
      }
    };
    Object.defineProperty(fn, 'name', { __proto__: null, value: name, configurable: true });
    table[name] = fn;
  }
  return Object.setPrototypeOf(table, Object.prototype);
}

module.exports = { Exit, Preview1, makeImports };
