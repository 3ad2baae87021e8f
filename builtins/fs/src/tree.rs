//! Directories: listing, reading bit by bit, removing whole trees; and copying a file.

use std::collections::HashMap;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anode_runtime::SystemError;
use rustix::fs::{self as sys, AtFlags, CWD, Dir, FileType, Mode, OFlags, RawDir};
use rustix::io::{Errno, retry_on_intr};

use crate::ops::{Outcome, on_fd, on_path, on_paths};

/// Room for directory entries of one system call, in bytes.
const ENTRIES_BYTES: usize = 32 * 1024;

/// Names with their kinds (`UV_DIRENT_*`); the latter only if asked for.
#[derive(Default)]
pub struct Listing {
    /// Raw names.
    pub names: Vec<Vec<u8>>,
    /// One per name.
    pub types: Vec<u8>,
}

/// `constants.UV_DIRENT_*`.
fn dirent_type(kind: FileType) -> u8 {
    match kind {
        FileType::RegularFile => 1,
        FileType::Directory => 2,
        FileType::Symlink => 3,
        FileType::Fifo => 4,
        FileType::Socket => 5,
        FileType::CharacterDevice => 6,
        FileType::BlockDevice => 7,
        FileType::Unknown => 0,
    }
}

/// The kind of an entry, asked for anew if the directory does not tell.
fn kind_of(directory: BorrowedFd<'_>, name: &CStr, told: FileType) -> FileType {
    if told != FileType::Unknown {
        return told;
    }
    // An entry that is gone by now keeps its unknown kind.
    sys::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .map_or(FileType::Unknown, |found| FileType::from_raw_mode(found.st_mode))
}

fn open_directory(path: &[u8], syscall: &'static str) -> Outcome<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    retry_on_intr(|| sys::open(path, flags, Mode::empty())).map_err(on_path(syscall, path))
}

/// Entries of an open directory but `.` and `..`, unsorted.
fn list(directory: BorrowedFd<'_>) -> Result<Vec<(Vec<u8>, FileType)>, Errno> {
    let mut room: Vec<MaybeUninit<u8>> = vec![MaybeUninit::uninit(); ENTRIES_BYTES];
    let mut entries = RawDir::new(directory, &mut room);
    let mut found = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." {
            found.push((name.to_bytes().to_vec(), kind_of(directory, name, entry.file_type())));
        }
    }
    Ok(found)
}

/// All entries of a directory, sorted by name as libuv sorts them.
pub fn readdir(path: &[u8], with_types: bool) -> Outcome<Listing> {
    let directory = open_directory(path, "scandir")?;
    let mut entries = list(directory.as_fd()).map_err(on_path("scandir", path))?;
    entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let types = if with_types { entries.iter().map(|entry| dirent_type(entry.1)).collect() } else { Vec::new() };
    Ok(Listing { names: entries.into_iter().map(|entry| entry.0).collect(), types })
}

type OpenDir = Arc<Mutex<Option<Dir>>>;

/// Directories opened by `opendir`, by number; jobs of the pool find theirs here.
fn open_dirs() -> &'static Mutex<HashMap<u32, OpenDir>> {
    static OPEN: OnceLock<Mutex<HashMap<u32, OpenDir>>> = OnceLock::new();
    OPEN.get_or_init(Mutex::default)
}

static NEXT_DIR: AtomicU32 = AtomicU32::new(1);

/// Opens a directory for [`read_entries`]; returns its number.
pub fn opendir(path: &[u8]) -> Outcome<u32> {
    let directory = open_directory(path, "opendir")?;
    let dir = Dir::new(directory).map_err(on_path("opendir", path))?;
    let id = NEXT_DIR.fetch_add(1, Ordering::Relaxed);
    open_dirs().lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(Mutex::new(Some(dir))));
    Ok(id)
}

/// The next `count` entries, unsorted; none at the end.
pub fn read_entries(id: u32, count: usize) -> Outcome<Listing> {
    let dir = open_dirs().lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    let Some(dir) = dir else { return Err(SystemError::new(Errno::BADF.raw_os_error(), "scandir")) };
    let mut guard = dir.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(dir) = guard.as_mut() else { return Err(SystemError::new(Errno::BADF.raw_os_error(), "scandir")) };
    let mut listing = Listing::default();
    while listing.names.len() < count {
        let Some(entry) = dir.read() else { break };
        let entry = entry.map_err(on_fd("scandir"))?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let kind = match dir.fd() {
            Ok(fd) => kind_of(fd, name, entry.file_type()),
            Err(_) => entry.file_type(),
        };
        listing.types.push(dirent_type(kind));
        listing.names.push(name.to_bytes().to_vec());
    }
    Ok(listing)
}

/// Closes a directory of [`opendir`].
pub fn closedir(id: u32) -> Outcome<()> {
    let dir = open_dirs().lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    match dir {
        // A read under way ends first; the descriptor is closed either way.
        Some(dir) => {
            dir.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(())
        }
        None => Err(SystemError::new(Errno::BADF.raw_os_error(), "closedir")),
    }
}

/// Removes a file, link or whole tree. What is not there is fine.
///
/// Works through descriptors of directories, never following links, so that nobody can divert it by
/// replacing a directory with a link meanwhile.
pub fn remove_tree(path: &[u8]) -> Outcome<()> {
    match sys::unlink(path) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        // Linux says EISDIR, POSIX EPERM.
        Err(Errno::ISDIR | Errno::PERM) => {}
        Err(errno) => return Err(on_path("rm", path)(errno)),
    }
    remove_below(CWD, path, path)?;
    match sys::rmdir(path) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(on_path("rmdir", path)(errno)),
    }
}

/// Removes everything in the directory `name` of `parent`; `path` is for errors.
fn remove_below(parent: BorrowedFd<'_>, name: &[u8], path: &[u8]) -> Outcome<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = match retry_on_intr(|| sys::openat(parent, name, flags, Mode::empty())) {
        Ok(directory) => directory,
        Err(Errno::NOENT) => return Ok(()),
        Err(errno) => return Err(on_path("rm", path)(errno)),
    };
    let entries = list(directory.as_fd()).map_err(on_path("scandir", path))?;
    for (entry, kind) in entries {
        let below = [path, b"/", entry.as_slice()].concat();
        if kind == FileType::Directory {
            remove_below(directory.as_fd(), &entry, &below)?;
            match sys::unlinkat(&directory, entry.as_slice(), AtFlags::REMOVEDIR) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(on_path("rmdir", &below)(errno)),
            }
        } else {
            match sys::unlinkat(&directory, entry.as_slice(), AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(on_path("unlink", &below)(errno)),
            }
        }
    }
    Ok(())
}

/// `constants.COPYFILE_EXCL`, `COPYFILE_FICLONE`, `COPYFILE_FICLONE_FORCE`.
const COPYFILE_EXCL: i32 = 1;
const COPYFILE_FICLONE: i32 = 2;
const COPYFILE_FICLONE_FORCE: i32 = 4;
/// How much one call copies, in bytes.
const COPY_BYTES: usize = 1 << 30;
/// Buffer for file systems that cannot copy by themselves, in bytes.
const COPY_BUFFER_BYTES: usize = 64 * 1024;

/// Copies a file with its permissions. Node docs: fs.copyFile.
pub fn copy_file(src: &[u8], dest: &[u8], mode: i32) -> Outcome<()> {
    copy_file_inner(src, dest, mode).map_err(on_paths("copyfile", src, dest))
}

fn copy_file_inner(src: &[u8], dest: &[u8], mode: i32) -> Result<(), Errno> {
    let from = retry_on_intr(|| sys::open(src, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()))?;
    let found = sys::fstat(&from)?;
    // Before the destination is touched.
    if FileType::from_raw_mode(found.st_mode).is_dir() {
        return Err(Errno::ISDIR);
    }
    let mut flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC;
    if mode & COPYFILE_EXCL != 0 {
        flags |= OFlags::EXCL;
    }
    let permissions = Mode::from_raw_mode(found.st_mode);
    let to = retry_on_intr(|| sys::open(dest, flags, permissions))?;
    let there = sys::fstat(&to)?;
    if there.st_dev == found.st_dev && there.st_ino == found.st_ino {
        return Ok(());
    }
    if FileType::from_raw_mode(there.st_mode).is_file() {
        sys::ftruncate(&to, 0)?;
    }
    // File systems without permissions refuse; the copy is still a copy.
    match sys::fchmod(&to, permissions) {
        Ok(()) | Err(Errno::PERM | Errno::NOTSUP) => {}
        Err(errno) => return Err(errno),
    }
    if mode & (COPYFILE_FICLONE | COPYFILE_FICLONE_FORCE) != 0 {
        match sys::ioctl_ficlone(&to, &from) {
            Ok(()) => return Ok(()),
            Err(errno) if mode & COPYFILE_FICLONE_FORCE != 0 => {
                // What was there before is gone already; an empty file must not pass for a copy.
                let _removed = sys::unlink(dest);
                return Err(if errno == Errno::NOTTY || errno == Errno::XDEV { Errno::NOTSUP } else { errno });
            }
            Err(_) => {}
        }
    }
    let copied = copy_bytes(from.as_fd(), to.as_fd());
    if copied.is_err() && FileType::from_raw_mode(there.st_mode).is_file() {
        // As above: half a file must not pass for a copy either.
        let _removed = sys::unlink(dest);
    }
    copied
}

fn copy_bytes(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut copied = 0usize;
    loop {
        match retry_on_intr(|| sys::copy_file_range(from, None, to, None, COPY_BYTES)) {
            // Files of /proc have no size but contents; so the first nothing is not believed.
            Ok(0) if copied == 0 => return copy_by_hand(from, to),
            Ok(0) => return Ok(()),
            Ok(count) => copied = copied.saturating_add(count),
            // Not between these two file systems, or not of this kind of file.
            Err(
                Errno::XDEV | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM | Errno::BADF | Errno::TXTBSY,
            ) if copied == 0 => {
                return copy_by_hand(from, to);
            }
            Err(errno) => return Err(errno),
        }
    }
}

fn copy_by_hand(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut buffer = vec![0; COPY_BUFFER_BYTES];
    loop {
        let count = retry_on_intr(|| rustix::io::read(from, &mut *buffer))?;
        let mut rest = buffer.get(..count).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
        while !rest.is_empty() {
            let written = retry_on_intr(|| rustix::io::write(to, rest))?;
            rest = rest.get(written..).unwrap_or_default();
        }
    }
}
