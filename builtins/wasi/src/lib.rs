//! Binding of `node:wasi`: what `node:fs` does not offer. Everything else of it is JavaScript.

#![forbid(unsafe_code)]

use anode_runtime::event_loop::fd::{poll as poll_fds, with_fd};
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, Builtin, JsResult, Scope};
use rustix::fs::{Advice, FallocateFlags, OFlags, SeekFrom};
use rustix::io::Errno;

/// The Rust half of `node:wasi`.
pub static BUILTIN: Builtin = Builtin {
    name: "wasi",
    functions: &[
        ("admit", admit),
        ("advise", advise),
        ("allocate", allocate),
        ("poll", poll),
        ("seek", seek),
        ("setFlags", set_flags),
    ],
    init: None,
};

/// `admit()`: throws ERR_ACCESS_DENIED unless the permission model allows WASI.
fn admit<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    permission::require(sc, Permission::Wasi, b"")?;
    Ok(sc.undefined())
}

/// Negative numbers are errors.
fn outcome<'s>(sc: &mut Scope<'s>, result: Result<f64, Errno>) -> JsResult<'s> {
    Ok(match result {
        Ok(value) => sc.number(value),
        Err(error) => sc.int(-error.raw_os_error()),
    })
}

/// `seek(fd, offset, whence)`: the position from the start; `whence` 0 from the start, 1 from here, 2 from the end.
fn seek<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = args.get(0).as_i32().unwrap_or(-1);
    let offset = args.get(1).as_i64().unwrap_or(0);
    let whence = args.get(2).as_i32();
    let result = with_fd(fd, |fd| {
        let to = match whence {
            Some(0) => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::INVAL)?),
            Some(1) => SeekFrom::Current(offset),
            Some(2) => SeekFrom::End(offset),
            _ => return Err(Errno::INVAL),
        };
        rustix::fs::seek(fd, to)
    });
    outcome(sc, result.map(|position| position as f64))
}

/// `advise(fd, offset, length, advice)` as for `posix_fadvise(2)`.
fn advise<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = args.get(0).as_i32().unwrap_or(-1);
    let offset = args.get(1).as_i64().and_then(|offset| u64::try_from(offset).ok());
    let length = args.get(2).as_i64().and_then(|length| u64::try_from(length).ok());
    let advice = match args.get(3).as_i32() {
        Some(0) => Some(Advice::Normal),
        Some(1) => Some(Advice::Sequential),
        Some(2) => Some(Advice::Random),
        Some(3) => Some(Advice::WillNeed),
        Some(4) => Some(Advice::DontNeed),
        Some(5) => Some(Advice::NoReuse),
        _ => None,
    };
    let result = with_fd(fd, |fd| match (offset, length, advice) {
        (Some(offset), Some(length), Some(advice)) => {
            rustix::fs::fadvise(fd, offset, std::num::NonZeroU64::new(length), advice)
        }
        _ => Err(Errno::INVAL),
    });
    outcome(sc, result.map(|()| 0.0))
}

/// `allocate(fd, offset, length)` as for `posix_fallocate(3)`.
fn allocate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = args.get(0).as_i32().unwrap_or(-1);
    let offset = args.get(1).as_i64().and_then(|offset| u64::try_from(offset).ok());
    let length = args.get(2).as_i64().and_then(|length| u64::try_from(length).ok());
    let result = with_fd(fd, |fd| match (offset, length) {
        (Some(offset), Some(length)) => rustix::fs::fallocate(fd, FallocateFlags::empty(), offset, length),
        _ => Err(Errno::INVAL),
    });
    outcome(sc, result.map(|()| 0.0))
}

/// `setFlags(fd, append, nonblock)`: the status flags of an open file.
fn set_flags<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = args.get(0).as_i32().unwrap_or(-1);
    let (append, nonblock) = (args.get(1).is_true(), args.get(2).is_true());
    let result = with_fd(fd, |fd| {
        let mut flags = rustix::fs::fcntl_getfl(fd)?;
        flags.set(OFlags::APPEND, append);
        flags.set(OFlags::NONBLOCK, nonblock);
        rustix::fs::fcntl_setfl(fd, flags)
    });
    outcome(sc, result.map(|()| 0.0))
}

/// `poll(entries, timeout)`: `entries` is an Int32Array of descriptor and events, for `poll(2)`; events become what is there.
/// How many are ready.
fn poll<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let timeout_ms = args.get(1).as_i32().unwrap_or(-1);
    let bytes = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let numbers: Vec<i32> =
        bytes.chunks_exact(4).map(|chunk| i32::from_ne_bytes([chunk[0], chunk[1], chunk[2], chunk[3]])).collect();
    let mut entries: Vec<_> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1] as i16, 0)).collect();
    let result = poll_fds(&mut entries, timeout_ms);
    sc.with_bytes_mut(args.get(0), |bytes| {
        for (chunk, (_, _, found)) in bytes.chunks_exact_mut(8).zip(&entries) {
            chunk[4..].copy_from_slice(&i32::from(*found).to_ne_bytes());
        }
    });
    outcome(sc, result.map(|count| count as f64))
}
