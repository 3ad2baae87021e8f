//! Reading whole files, in steps so that a large one cannot keep a pool thread to itself.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};

use anode_runtime::SystemError;
use anode_runtime::event_loop::fd::with_fd;
use rustix::buffer::spare_capacity;
use rustix::fs::{self as sys, FileType};
use rustix::io::{Errno, retry_on_intr};

use crate::ops::{Target, on_fd, on_path, open_owned};

/// The most that one turn in the pool reads, in bytes. Node docs: fs.readFile, "Performance considerations".
pub const CHUNK_BYTES: usize = 512 * 1024;

/// The longest file that fits into a Buffer, in bytes: ERR_FS_FILE_TOO_LARGE beyond.
pub const FILE_BYTES_MAX: u64 = i32::MAX as u64;

/// How much to read at once when the size is not known: pipes, devices, /proc.
const UNKNOWN_BYTES: usize = 64 * 1024;

/// Why a file could not be read.
pub enum Failure {
    /// A system call failed.
    System(SystemError),
    /// The file is longer than [`FILE_BYTES_MAX`]: its size in bytes.
    TooLarge(u64),
}

impl From<SystemError> for Failure {
    fn from(error: SystemError) -> Failure {
        Failure::System(error)
    }
}

enum Source {
    Lent(RawFd),
    Owned(OwnedFd),
}

/// A file being read. Closes what it opened when dropped.
pub struct Reading {
    bytes: Vec<u8>,
    /// Announced by `fstat`; 0 if unknown.
    size: usize,
    source: Source,
    path: Option<Vec<u8>>,
}

impl Reading {
    /// Opens the file and asks for its size.
    pub fn start(target: Target, flags: i32) -> Result<Reading, Failure> {
        let (source, path) = match target {
            Target::Fd(fd) => (Source::Lent(fd), None),
            Target::Path(path) => (Source::Owned(open_owned(&path, flags, 0o666)?), Some(path)),
        };
        let found = match &source {
            Source::Lent(fd) => with_fd(*fd, |fd| sys::fstat(fd)),
            Source::Owned(fd) => sys::fstat(fd),
        }
        .map_err(on_fd("fstat"))?;
        let mut size = 0;
        if FileType::from_raw_mode(found.st_mode).is_file() {
            let bytes = u64::try_from(found.st_size).unwrap_or(0);
            if bytes > FILE_BYTES_MAX {
                return Err(Failure::TooLarge(bytes));
            }
            size = usize::try_from(bytes).unwrap_or(0);
        }
        Ok(Reading { bytes: Vec::new(), size, source, path })
    }

    /// Reads up to `limit` bytes more. Returns whether that was all.
    pub fn step(&mut self, limit: usize) -> Result<bool, Errno> {
        let stop = self.bytes.len().saturating_add(limit);
        let (bytes, size) = (&mut self.bytes, self.size);
        match &self.source {
            Source::Lent(fd) => with_fd(*fd, |fd| read_until(fd, bytes, size, stop)),
            Source::Owned(fd) => read_until(fd.as_fd(), bytes, size, stop),
        }
    }

    /// The error of a step; `with_path` as Node adds the path in asynchronous calls only.
    pub fn error(&self, errno: Errno, with_path: bool) -> SystemError {
        match &self.path {
            Some(path) if with_path => on_path("read", path)(errno),
            _ => on_fd("read")(errno),
        }
    }

    /// What was read.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads until the announced size, the end, or about `stop` bytes. Returns whether it was the end.
///
/// Room is made for what is read next only: large blocks grow in place, without a copy.
fn read_until(fd: BorrowedFd<'_>, bytes: &mut Vec<u8>, size: usize, stop: usize) -> Result<bool, Errno> {
    while bytes.len() < stop {
        let left = stop - bytes.len();
        if size > bytes.len() {
            bytes.reserve_exact(left.min(size - bytes.len()));
        } else if size > 0 {
            return Ok(true);
        } else {
            bytes.reserve(left.min(UNKNOWN_BYTES));
        }
        if retry_on_intr(|| rustix::io::read(fd, spare_capacity(bytes)))? == 0 {
            return Ok(true);
        }
    }
    Ok(size > 0 && bytes.len() >= size)
}

/// Reads a whole file on this thread.
pub fn read_file(target: Target, flags: i32) -> Result<Vec<u8>, Failure> {
    let mut reading = Reading::start(target, flags)?;
    match reading.step(usize::MAX) {
        Ok(_) => Ok(reading.finish()),
        Err(errno) => Err(Failure::System(reading.error(errno, false))),
    }
}

/// What a turn in the pool leaves behind.
pub enum Progress {
    /// All of the file.
    Done(Vec<u8>),
    /// There is more.
    More(Reading),
}

/// One turn in the pool.
pub fn read_some(mut reading: Reading) -> Result<Progress, Failure> {
    match reading.step(CHUNK_BYTES) {
        Ok(true) => Ok(Progress::Done(reading.finish())),
        Ok(false) => Ok(Progress::More(reading)),
        Err(errno) => Err(Failure::System(reading.error(errno, true))),
    }
}
