//! The system calls behind `node:fs`: plain Rust, no engine. Every function may run on any thread.
//!
//! Errors carry the name of the call as Node writes it, and the paths it was given.

use std::os::fd::{AsFd, BorrowedFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use anode_runtime::SystemError;
use anode_runtime::event_loop::fd::{close as close_fd, with_fd};
use rustix::buffer::spare_capacity;
use rustix::fs::{self as sys, Access, AtFlags, CWD, Gid, Mode, OFlags, StatxFlags, Timespec, Timestamps, Uid};
use rustix::io::{Errno, retry_on_intr};

/// What an operation returns.
pub type Outcome<T> = Result<T, SystemError>;

/// A file by path or by the number of an open descriptor.
pub enum Target {
    /// An open descriptor.
    Fd(RawFd),
    /// A path, as raw bytes.
    Path(Vec<u8>),
}

/// Slots of `stat`: see `js/internal/stats.js`.
pub const STAT_SLOTS: usize = 18;
/// Slots of `statfs`.
pub const STATFS_SLOTS: usize = 8;

/// The result of `stat`, as the numbers that JavaScript sees.
pub type StatSlots = [i64; STAT_SLOTS];

/// Makes the error of `syscall` on `path`.
pub fn on_path(syscall: &'static str, path: &[u8]) -> impl FnOnce(Errno) -> SystemError {
    move |errno| SystemError::new(errno.raw_os_error(), syscall).with_path(path)
}

/// Makes the error of `syscall` on two paths.
pub fn on_paths(syscall: &'static str, path: &[u8], dest: &[u8]) -> impl FnOnce(Errno) -> SystemError {
    move |errno| SystemError::new(errno.raw_os_error(), syscall).with_path(path).with_dest(dest)
}

/// Makes the error of `syscall` without a path.
pub fn on_fd(syscall: &'static str) -> impl FnOnce(Errno) -> SystemError {
    move |errno| SystemError::new(errno.raw_os_error(), syscall)
}

fn errno_of(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

/// open(2) with `O_CLOEXEC`.
pub fn open_owned(path: &[u8], flags: i32, mode: u32) -> Outcome<OwnedFd> {
    let flags = OFlags::from_bits_retain(flags.cast_unsigned()) | OFlags::CLOEXEC;
    retry_on_intr(|| sys::open(path, flags, Mode::from_raw_mode(mode))).map_err(on_path("open", path))
}

/// Opens a file; the descriptor belongs to JavaScript from then on.
pub fn open(path: &[u8], flags: i32, mode: u32) -> Outcome<RawFd> {
    open_owned(path, flags, mode).map(IntoRawFd::into_raw_fd)
}

/// Closes a descriptor of JavaScript's.
pub fn close(fd: RawFd) -> Outcome<()> {
    close_fd(fd).map_err(on_fd("close"))
}

/// access(2)
pub fn access(path: &[u8], mode: i32) -> Outcome<()> {
    sys::access(path, Access::from_bits_retain(mode.cast_unsigned())).map_err(on_path("access", path))
}

/// Whether `path` leads to something.
pub fn exists(path: &[u8]) -> bool {
    sys::access(path, Access::EXISTS).is_ok()
}

fn stat_slots(found: &sys::Statx) -> StatSlots {
    [
        i64::from_ne_bytes(sys::makedev(found.stx_dev_major, found.stx_dev_minor).to_ne_bytes()),
        i64::from(found.stx_mode),
        i64::from(found.stx_nlink),
        i64::from(found.stx_uid),
        i64::from(found.stx_gid),
        i64::from_ne_bytes(sys::makedev(found.stx_rdev_major, found.stx_rdev_minor).to_ne_bytes()),
        i64::from(found.stx_blksize),
        i64::from_ne_bytes(found.stx_ino.to_ne_bytes()),
        i64::from_ne_bytes(found.stx_size.to_ne_bytes()),
        i64::from_ne_bytes(found.stx_blocks.to_ne_bytes()),
        found.stx_atime.tv_sec,
        i64::from(found.stx_atime.tv_nsec),
        found.stx_mtime.tv_sec,
        i64::from(found.stx_mtime.tv_nsec),
        found.stx_ctime.tv_sec,
        i64::from(found.stx_ctime.tv_nsec),
        found.stx_btime.tv_sec,
        i64::from(found.stx_btime.tv_nsec),
    ]
}

const STAT_WANTED: StatxFlags = StatxFlags::BASIC_STATS.union(StatxFlags::BTIME);

/// stat of the file that `path` leads to.
pub fn stat(path: &[u8]) -> Outcome<StatSlots> {
    let found = sys::statx(CWD, path, AtFlags::empty(), STAT_WANTED).map_err(on_path("stat", path))?;
    Ok(stat_slots(&found))
}

/// stat of `path` itself, even if it is a link.
pub fn lstat(path: &[u8]) -> Outcome<StatSlots> {
    let found = sys::statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, STAT_WANTED).map_err(on_path("lstat", path))?;
    Ok(stat_slots(&found))
}

/// stat of an open file.
pub fn fstat(fd: RawFd) -> Outcome<StatSlots> {
    let found = with_fd(fd, |fd| sys::statx(fd, c"", AtFlags::EMPTY_PATH, STAT_WANTED)).map_err(on_fd("fstat"))?;
    Ok(stat_slots(&found))
}

/// type, bsize, frsize, blocks, bfree, bavail, files, ffree of the file system of `path`.
pub fn statfs(path: &[u8]) -> Outcome<[i64; STATFS_SLOTS]> {
    let found = sys::statfs(path).map_err(on_path("statfs", path))?;
    let unsigned = |value: u64| i64::from_ne_bytes(value.to_ne_bytes());
    Ok([
        found.f_type,
        found.f_bsize,
        found.f_frsize,
        unsigned(found.f_blocks),
        unsigned(found.f_bfree),
        unsigned(found.f_bavail),
        unsigned(found.f_files),
        unsigned(found.f_ffree),
    ])
}

/// A position that the kernel takes for `length` bytes: its offsets are signed, and a BigInt near the limit
/// arrives rounded up to 2^63.
fn offset(position: u64, length: usize) -> u64 {
    position.min(i64::MAX.unsigned_abs().saturating_sub(length as u64))
}

/// Reads into `bytes`, at `position` or, if `None`, at the current one. Returns the number of bytes.
pub fn read(fd: RawFd, bytes: &mut [u8], position: Option<u64>) -> Outcome<usize> {
    let position = position.map(|position| offset(position, bytes.len()));
    with_fd(fd, |fd| {
        retry_on_intr(|| match position {
            Some(position) => rustix::io::pread(fd, &mut *bytes, position),
            None => rustix::io::read(fd, &mut *bytes),
        })
    })
    .map_err(on_fd("read"))
}

/// Reads up to `length` bytes into memory of its own, as [`read`] does.
pub fn read_vec(fd: RawFd, length: usize, position: Option<u64>) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    if bytes.capacity() != length {
        // More room than asked for would be filled as well.
        bytes.resize(length, 0);
        let count = read(fd, &mut bytes, position)?;
        bytes.truncate(count);
        return Ok(bytes);
    }
    let position = position.map(|position| offset(position, length));
    with_fd(fd, |fd| {
        retry_on_intr(|| match position {
            Some(position) => rustix::io::pread(fd, spare_capacity(&mut bytes), position),
            None => rustix::io::read(fd, spare_capacity(&mut bytes)),
        })
    })
    .map_err(on_fd("read"))?;
    Ok(bytes)
}

/// Writes once, at `position` or, if `None`, at the current one. Returns the number of bytes.
pub fn write(fd: RawFd, bytes: &[u8], position: Option<u64>) -> Outcome<usize> {
    with_fd(fd, |fd| {
        retry_on_intr(|| match position {
            Some(position) => rustix::io::pwrite(fd, bytes, offset(position, bytes.len())),
            None => rustix::io::write(fd, bytes),
        })
    })
    .map_err(on_fd("write"))
}

fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let count = retry_on_intr(|| rustix::io::write(fd, bytes))?;
        bytes = bytes.get(count..).unwrap_or_default();
    }
    Ok(())
}

/// Replaces or extends a file, as `flags` say; all in one go. Node docs: fs.writeFile.
pub fn write_file(target: &Target, bytes: &[u8], flags: i32, mode: u32, flush: bool) -> Outcome<()> {
    match target {
        Target::Fd(fd) => {
            with_fd(*fd, |fd| write_all(fd, bytes)).map_err(on_fd("write"))?;
            if flush { fsync(*fd) } else { Ok(()) }
        }
        Target::Path(path) => {
            let fd = open_owned(path, flags, mode)?;
            write_all(fd.as_fd(), bytes).map_err(on_fd("write"))?;
            if flush {
                sys::fsync(&fd).map_err(on_fd("fsync"))?;
            }
            close_fd(fd.into_raw_fd()).map_err(on_fd("close"))
        }
    }
}

/// Cuts or extends the file at `path`.
pub fn truncate(path: &[u8], flags: i32, len: u64) -> Outcome<()> {
    let fd = open_owned(path, flags, 0)?;
    retry_on_intr(|| sys::ftruncate(&fd, len)).map_err(on_fd("ftruncate"))
}

/// Cuts or extends an open file.
pub fn ftruncate(fd: RawFd, len: u64) -> Outcome<()> {
    with_fd(fd, |fd| retry_on_intr(|| sys::ftruncate(fd, len))).map_err(on_fd("ftruncate"))
}

/// fsync(2)
pub fn fsync(fd: RawFd) -> Outcome<()> {
    with_fd(fd, |fd| retry_on_intr(|| sys::fsync(fd))).map_err(on_fd("fsync"))
}

/// fdatasync(2)
pub fn fdatasync(fd: RawFd) -> Outcome<()> {
    with_fd(fd, |fd| retry_on_intr(|| sys::fdatasync(fd))).map_err(on_fd("fdatasync"))
}

/// chmod(2)
pub fn chmod(path: &[u8], mode: u32) -> Outcome<()> {
    sys::chmod(path, Mode::from_raw_mode(mode)).map_err(on_path("chmod", path))
}

/// fchmod(2)
pub fn fchmod(fd: RawFd, mode: u32) -> Outcome<()> {
    with_fd(fd, |fd| sys::fchmod(fd, Mode::from_raw_mode(mode))).map_err(on_fd("fchmod"))
}

/// An id of an owner; -1, signed or not, leaves it as it is.
fn id_of(id: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked: -1..=2^32-1")]
    let raw = id as i64 as u32;
    (raw != u32::MAX).then_some(raw)
}

/// chown(2)
pub fn chown(path: &[u8], uid: f64, gid: f64) -> Outcome<()> {
    sys::chown(path, id_of(uid).map(Uid::from_raw), id_of(gid).map(Gid::from_raw)).map_err(on_path("chown", path))
}

/// lchown(2)
pub fn lchown(path: &[u8], uid: f64, gid: f64) -> Outcome<()> {
    let (uid, gid) = (id_of(uid).map(Uid::from_raw), id_of(gid).map(Gid::from_raw));
    sys::chownat(CWD, path, uid, gid, AtFlags::SYMLINK_NOFOLLOW).map_err(on_path("lchown", path))
}

/// fchown(2)
pub fn fchown(fd: RawFd, uid: f64, gid: f64) -> Outcome<()> {
    with_fd(fd, |fd| sys::fchown(fd, id_of(uid).map(Uid::from_raw), id_of(gid).map(Gid::from_raw)))
        .map_err(on_fd("fchown"))
}

/// Seconds with a fraction as the kernel wants them.
fn timespec(seconds: f64) -> Timespec {
    let whole = seconds.floor();
    #[expect(clippy::cast_possible_truncation, reason = "saturates; the kernel refuses what it cannot store")]
    let (tv_sec, tv_nsec) = (whole as i64, ((seconds - whole) * 1e9) as i64);
    Timespec { tv_sec, tv_nsec: tv_nsec.clamp(0, 999_999_999) }
}

fn timestamps(atime: f64, mtime: f64) -> Timestamps {
    Timestamps { last_access: timespec(atime), last_modification: timespec(mtime) }
}

/// Sets times, in seconds.
pub fn utimes(path: &[u8], atime: f64, mtime: f64) -> Outcome<()> {
    sys::utimensat(CWD, path, &timestamps(atime, mtime), AtFlags::empty()).map_err(on_path("utime", path))
}

/// Sets times of a link itself, in seconds.
pub fn lutimes(path: &[u8], atime: f64, mtime: f64) -> Outcome<()> {
    sys::utimensat(CWD, path, &timestamps(atime, mtime), AtFlags::SYMLINK_NOFOLLOW).map_err(on_path("lutime", path))
}

/// Sets times of an open file, in seconds.
pub fn futimes(fd: RawFd, atime: f64, mtime: f64) -> Outcome<()> {
    with_fd(fd, |fd| sys::futimens(fd, &timestamps(atime, mtime))).map_err(on_fd("futime"))
}

/// link(2)
pub fn link(existing: &[u8], new: &[u8]) -> Outcome<()> {
    sys::link(existing, new).map_err(on_paths("link", existing, new))
}

/// symlink(2)
pub fn symlink(target: &[u8], path: &[u8]) -> Outcome<()> {
    sys::symlink(target, path).map_err(on_paths("symlink", target, path))
}

/// rename(2)
pub fn rename(old: &[u8], new: &[u8]) -> Outcome<()> {
    sys::rename(old, new).map_err(on_paths("rename", old, new))
}

/// unlink(2)
pub fn unlink(path: &[u8]) -> Outcome<()> {
    sys::unlink(path).map_err(on_path("unlink", path))
}

/// rmdir(2)
pub fn rmdir(path: &[u8]) -> Outcome<()> {
    sys::rmdir(path).map_err(on_path("rmdir", path))
}

/// readlink(2)
pub fn readlink(path: &[u8]) -> Outcome<Vec<u8>> {
    let target = sys::readlink(path, Vec::new()).map_err(on_path("readlink", path))?;
    Ok(target.into_bytes())
}

/// The absolute path without links and dots. `walk`: an error names the part that failed and the call
/// that Node's own walk would have made, instead of the whole path and `realpath`.
pub fn realpath(path: &[u8], walk: bool) -> Outcome<Vec<u8>> {
    let whole: &[u8] = if walk && path.is_empty() { b"." } else { path };
    match std::fs::canonicalize(Path::new(std::ffi::OsStr::from_bytes(whole))) {
        Ok(found) => Ok(found.into_os_string().into_vec()),
        Err(error) if walk => Err(blame_part(whole).unwrap_or_else(|| on_path("lstat", whole)(errno_of(&error)))),
        Err(error) => Err(on_path("realpath", path)(errno_of(&error))),
    }
}

/// The first part of `path` that cannot be looked at or followed.
fn blame_part(path: &[u8]) -> Option<SystemError> {
    let mut absolute = Vec::new();
    if path.first() != Some(&b'/') {
        absolute = std::env::current_dir().ok()?.into_os_string().into_vec();
    }
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => continue,
            b".." => {
                let end = absolute.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
                absolute.truncate(end);
                continue;
            }
            name => {
                absolute.push(b'/');
                absolute.extend_from_slice(name);
            }
        }
        if let Err(error) = lstat(&absolute) {
            return Some(error);
        }
        if let Err(error) = stat(&absolute) {
            return Some(error);
        }
    }
    None
}

/// mkdir(2)
pub fn mkdir(path: &[u8], mode: u32) -> Outcome<()> {
    sys::mkdir(path, Mode::from_raw_mode(mode)).map_err(on_path("mkdir", path))
}

/// Makes a directory and those above it that are missing. Returns the first one made, if any.
///
/// Node docs: fs.mkdir, "recursive". A file in the way is `EEXIST` if it is the last part, else `ENOTDIR`.
pub fn mkdir_all(path: &[u8], mode: u32) -> Outcome<Option<Vec<u8>>> {
    let mode = Mode::from_raw_mode(mode);
    let mut missing: Vec<&[u8]> = Vec::new();
    let mut current = trim_slashes(path);
    let mut first = None;
    loop {
        match sys::mkdir(current, mode) {
            Ok(()) => {
                first.get_or_insert(current);
                match missing.pop() {
                    Some(next) => current = next,
                    None => return Ok(first.map(<[u8]>::to_vec)),
                }
            }
            Err(Errno::NOENT) => {
                let Some(parent) = parent_of(current) else { return Err(on_path("mkdir", path)(Errno::NOENT)) };
                // A directory that vanishes as fast as it is made must not keep us here for ever.
                if first.is_some() {
                    return Err(on_path("mkdir", path)(Errno::NOENT));
                }
                missing.push(current);
                current = parent;
            }
            Err(errno) => {
                // Made by somebody else, on a read-only file system, or without permission to look: fine if it is there.
                let is_directory = stat(current).is_ok_and(|slots| slots[1] & S_IFMT == S_IFDIR);
                if !is_directory {
                    let errno = if errno == Errno::EXIST && !missing.is_empty() { Errno::NOTDIR } else { errno };
                    return Err(on_path("mkdir", path)(errno));
                }
                match missing.pop() {
                    Some(next) => current = next,
                    None => return Ok(first.map(<[u8]>::to_vec)),
                }
            }
        }
    }
}

/// The bits of `st_mode` that say what kind of file it is, and the value for directories.
const S_IFMT: i64 = 0o170_000;
const S_IFDIR: i64 = 0o040_000;

fn trim_slashes(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(path.len().min(1), |last| last + 1);
    path.get(..end).unwrap_or(path)
}

/// The path above; `None` for `/` and for a single name, whose parent is there in any case.
fn parent_of(path: &[u8]) -> Option<&[u8]> {
    let slash = path.iter().rposition(|byte| *byte == b'/')?;
    let parent = trim_slashes(path.get(..slash)?);
    (!parent.is_empty() && parent != path).then_some(parent)
}

/// The characters that replace the X of a temporary name.
const TEMPORARY: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// How often another name is tried when one is taken. mkdtemp(3) tries 62^3 times.
const TEMPORARY_TRIES: usize = 238_328;

/// Makes a directory, for its owner only, whose name is `prefix` and six random characters.
pub fn mkdtemp(prefix: &[u8]) -> Outcome<Vec<u8>> {
    let template = || [prefix, b"XXXXXX"].concat();
    for _ in 0..TEMPORARY_TRIES {
        let mut random = [0u8; 6];
        rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty())
            .map_err(|errno| on_path("mkdtemp", &template())(errno))?;
        let mut path = prefix.to_vec();
        // 256 is no multiple of 62; the slight bias does not matter for a name that is checked to be free.
        path.extend(random.iter().map(|byte| TEMPORARY[usize::from(*byte) % TEMPORARY.len()]));
        match sys::mkdir(path.as_slice(), Mode::RWXU) {
            Ok(()) => return Ok(path),
            Err(Errno::EXIST) => {}
            Err(errno) => return Err(on_path("mkdtemp", &template())(errno)),
        }
    }
    Err(on_path("mkdtemp", &template())(Errno::EXIST))
}
