//! Writing.
//!
//! What the kernel takes at once is written straight from JavaScript's memory, without a copy; only a rest is copied
//! and queued. Each function returns 0 (all written), 1 (queued: `onwritten(status)` follows, in order) or a negative errno.

use crate::handle::StreamHandle;
use crate::methods::this;
use anode_runtime::event_loop::{Bytes, Errno, WriteOutcome, fd};
use anode_runtime::{Args, JsResult, Local, NativeRow, Scope, env};
use std::io::IoSlice;
use std::os::fd::AsRawFd as _;

pub(crate) const METHODS: &[NativeRow] = &[
    ("shutdownHandle", shutdown),
    ("writeBuffer", write_buffer),
    ("writeLatin1String", write_latin1),
    ("writeQueueSize", queue_size),
    ("writeUcs2String", write_ucs2),
    ("writeUtf8String", write_utf8),
    ("writeWithFd", write_with_fd),
    ("writevChunks", writev),
];

const QUEUED: i32 = 1;

/// Writes what goes at once and queues the rest; bytes count as written when they are accepted. 0 (all written) or 1 (queued).
///
/// # Errors
/// `EBADF` for a closed handle; what `write` says.
pub fn write_bytes(sc: &Scope<'_>, handle: &StreamHandle, bytes: &[u8]) -> Result<i32, Errno> {
    let key = handle.key().ok_or(Errno::BADF)?;
    let mut events = env(sc).events.borrow_mut();
    handle.bytes_written.set(handle.bytes_written.get() + bytes.len() as u64);
    let done = match events.try_write(key, &[IoSlice::new(bytes)]) {
        Ok(done) => done,
        Err(Errno::AGAIN) => 0,
        Err(errno) => return Err(errno),
    };
    if done == bytes.len() {
        return Ok(0);
    }
    match events.write(key, vec![Bytes::Vec(bytes[done..].to_vec())])? {
        WriteOutcome::Done(_) => Ok(0),
        WriteOutcome::Queued(_) => Ok(QUEUED),
    }
}

/// As [`write_bytes`], through the handle's filter if it has one.
///
/// # Errors
/// As [`write_bytes`]; what the filter says.
pub fn write_through(sc: &Scope<'_>, handle: &StreamHandle, bytes: &[u8]) -> Result<i32, Errno> {
    match handle.filter() {
        Some(filter) => filter.write(sc, handle, bytes),
        None => write_bytes(sc, handle, bytes),
    }
}

fn answer<'s>(sc: &mut Scope<'s>, result: Result<i32, Errno>) -> JsResult<'s> {
    Ok(sc.int(result.unwrap_or_else(|errno| -errno.raw_os_error())))
}

/// `writeBuffer(bytes)`
fn write_buffer<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let result = write_view(sc, &handle, args.get(0));
    answer(sc, result)
}

fn write_view(sc: &mut Scope<'_>, handle: &StreamHandle, value: Local<'_>) -> Result<i32, Errno> {
    let env = env(sc);
    let key = handle.key().ok_or(Errno::BADF)?;
    let outcome = sc.with_bytes(value, |bytes| {
        handle.bytes_written.set(handle.bytes_written.get() + bytes.len() as u64);
        let mut events = env.events.borrow_mut();
        let done = match events.try_write(key, &[IoSlice::new(bytes)]) {
            Ok(done) => done,
            Err(Errno::AGAIN) => 0,
            Err(errno) => return Err(errno),
        };
        if done == bytes.len() {
            return Ok(0);
        }
        match events.write(key, vec![Bytes::Vec(bytes[done..].to_vec())])? {
            WriteOutcome::Done(_) => Ok(0),
            WriteOutcome::Queued(_) => Ok(QUEUED),
        }
    });
    outcome.unwrap_or(Err(Errno::INVAL))
}

/// `writeUtf8String(text)`
fn write_utf8<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let bytes = sc.to_utf8(args.get(0))?;
    let result = write_bytes(sc, &handle, &bytes);
    answer(sc, result)
}

/// `writeLatin1String(text)`: also for `ascii`.
fn write_latin1<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let units = sc.to_utf16(args.get(0))?;
    let bytes: Vec<u8> = units.iter().map(|unit| *unit as u8).collect();
    let result = write_bytes(sc, &handle, &bytes);
    answer(sc, result)
}

/// `writeUcs2String(text)`
fn write_ucs2<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let units = sc.to_utf16(args.get(0))?;
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let result = write_bytes(sc, &handle, &bytes);
    answer(sc, result)
}

/// `writevChunks(chunks)`: an array of bytes and of UTF-8 strings, as one write.
fn writev<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let count = sc.array_length(args.get(0));
    let mut bytes = Vec::new();
    for index in 0..count {
        let chunk = sc.get_index(args.get(0), index)?;
        if chunk.is_string() {
            let text = sc.to_utf8(chunk)?;
            bytes.extend_from_slice(&text);
        } else {
            sc.with_bytes(chunk, |chunk| bytes.extend_from_slice(chunk));
        }
    }
    let result = write_bytes(sc, &handle, &bytes);
    answer(sc, result)
}

/// `writeWithFd(bytes, fd)`: bytes, and with the first of them a copy of a descriptor.
fn write_with_fd<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let bytes =
        if args.get(0).is_string() { sc.to_utf8(args.get(0))? } else { sc.copy_bytes(args.get(0)).unwrap_or_default() };
    let number = args.get(1).as_i32().unwrap_or(-1);
    let result = (|| {
        let key = handle.key().ok_or(Errno::BADF)?;
        let copy = fd::duplicate(number, 0)?;
        debug_assert!(copy.as_raw_fd() >= 0);
        handle.bytes_written.set(handle.bytes_written.get() + bytes.len() as u64);
        match env(sc).events.borrow_mut().write_with_fds(key, vec![Bytes::Vec(bytes)], vec![copy])? {
            WriteOutcome::Done(_) => Ok(0),
            WriteOutcome::Queued(_) => Ok(QUEUED),
        }
    })();
    answer(sc, result)
}

/// `writeQueueSize()`: bytes that wait.
fn queue_size<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let bytes = handle.key().map_or(0, |key| env(sc).events.borrow().write_queue_bytes(key));
    Ok(sc.number(bytes as f64))
}

/// `shutdownHandle()`: `onshutdown(status)` follows.
fn shutdown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let result = match handle.key() {
        Some(key) => env(sc).events.borrow_mut().shutdown(key).map(|_| 0),
        None => Err(Errno::NOTCONN),
    };
    answer(sc, result)
}
