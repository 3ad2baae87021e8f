//! Connections over a handle of the kernel: from the end of the handshake on records are decrypted and encrypted here, and
//! JavaScript gets plaintext.
//!
//! ```text
//!   kernel ──► StreamHandle ──Filter──► its consumer (a parser of HTTP), or `onRead(result)` of JavaScript
//!   kernel ◄── StreamHandle ◄── writeTo, writeTextTo, writevTo, flushTo, and consumers that write
//! ```
//! What JavaScript is told has its order from `receive`: events and output first, then plaintext, then failure and end.

use crate::connection::{Connection, FAILED, HAS_EVENTS, HAS_OUTPUT, PEER_CLOSED, this};
use anode_engine::Chars;
use anode_net::{Filter, StreamHandle};
use anode_runtime::event_loop::{Bytes, Errno, Key, Loop, ReadResult, WriteOutcome};
use anode_runtime::{Args, JsResult, Local, Root, Scope, Thrown, env};
use std::io::{IoSlice, Write};
use std::rc::Rc;

/// All written, and queued: as in `anode_net`.
const DONE: i32 = 0;
const QUEUED: i32 = 1;

struct TlsFilter {
    connection: Rc<Connection>,
    on_read: Root,
}

impl Filter for TlsFilter {
    fn on_read(&self, sc: &mut Scope<'_>, handle: &StreamHandle, result: ReadResult) -> Result<(), Thrown> {
        let ReadResult::Data(chunk, descriptors) = result else { return handle.deliver(sc, result) };
        // Nobody asked for descriptors on such a connection.
        drop(descriptors);
        let (status, pieces) = self.connection.feed(&chunk);
        drop(chunk);
        if pieces.is_empty() || handle.consumer().is_none() {
            return self.tell(sc, handle, status, pieces);
        }
        if status & (HAS_EVENTS | HAS_OUTPUT) != 0 {
            self.tell(sc, handle, status & !(FAILED | PEER_CLOSED), Vec::new())?;
        }
        // What was told may have changed who reads.
        let Some(consumer) = handle.consumer() else { return self.tell(sc, handle, status, pieces) };
        if !handle.is_closing() {
            let bytes = match <[Vec<u8>; 1]>::try_from(pieces) {
                Ok([piece]) => piece,
                Err(pieces) => pieces.concat(),
            };
            consumer.on_read(sc, handle, ReadResult::Data(bytes.into(), Vec::new()))?;
        }
        if status & (FAILED | PEER_CLOSED) != 0 && !handle.is_closing() {
            self.tell(sc, handle, status & (FAILED | PEER_CLOSED), Vec::new())?;
        }
        Ok(())
    }

    fn write(&self, sc: &Scope<'_>, handle: &StreamHandle, bytes: &[u8]) -> Result<i32, Errno> {
        send(sc, &self.connection, handle, bytes)
    }
}

impl TlsFilter {
    /// `onRead(status)`, or `onRead([status, plaintext, ...])`.
    fn tell(&self, sc: &mut Scope<'_>, handle: &StreamHandle, status: i32, pieces: Vec<Vec<u8>>) -> Result<(), Thrown> {
        const NEWS: i32 = FAILED | HAS_EVENTS | HAS_OUTPUT | PEER_CLOSED;
        if pieces.is_empty() && status & NEWS == 0 {
            return Ok(());
        }
        let status = sc.int(status);
        let argument = if pieces.is_empty() {
            status
        } else {
            let mut out = vec![status];
            for piece in pieces {
                out.push(sc.array_buffer(piece)?);
            }
            sc.array(&out)
        };
        handle.call_reader(sc, &self.on_read, &[argument])
    }
}

/// `attach(handle, face, onRead)`: the handle's reads come through this connection from now on; `onRead` is called with
/// `face` as `this`.
pub(crate) fn attach<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let on_read = Root::new(sc, args.get(2));
    handle.set_filter(sc, Rc::new(TlsFilter { connection, on_read }), args.get(1));
    Ok(sc.undefined())
}

// ---------------------------------------------------------------------------------------------------------------------
// Writing

/// Where ciphertext goes: to the kernel while it takes some, then to what is queued. Does not fail: see `error`.
struct Sink<'a> {
    events: &'a mut Loop,
    key: Key,
    blocked: bool,
    error: Option<Errno>,
    rest: Vec<u8>,
    taken: usize,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> std::io::Result<usize> {
        let all = pieces.iter().map(|piece| piece.len()).sum();
        if self.error.is_none() && !self.blocked {
            match self.events.try_write(self.key, pieces) {
                Ok(count) => {
                    self.taken += count;
                    return Ok(count);
                }
                Err(Errno::AGAIN) => self.blocked = true,
                Err(errno) => self.error = Some(errno),
            }
        }
        if self.error.is_none() {
            for piece in pieces {
                self.rest.extend_from_slice(piece);
            }
        }
        self.taken += all;
        Ok(all)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sends the ciphertext that waits.
fn flush(sc: &Scope<'_>, connection: &Connection, handle: &StreamHandle) -> Result<i32, Errno> {
    let key = handle.key().ok_or(Errno::BADF)?;
    let events = &mut *env(sc).events.borrow_mut();
    let mut sink = Sink { events, key, blocked: false, error: None, rest: Vec::new(), taken: 0 };
    connection.write_tls(&mut sink);
    let Sink { error, rest, taken, .. } = sink;
    handle.count_written(taken);
    if let Some(errno) = error {
        return Err(errno);
    }
    if rest.is_empty() {
        return Ok(DONE);
    }
    match events.write(key, vec![Bytes::Vec(rest)])? {
        WriteOutcome::Done(_) => Ok(DONE),
        WriteOutcome::Queued(_) => Ok(QUEUED),
    }
}

fn send(sc: &Scope<'_>, connection: &Connection, handle: &StreamHandle, bytes: &[u8]) -> Result<i32, Errno> {
    if !connection.encrypt(bytes) {
        return Err(Errno::PIPE);
    }
    flush(sc, connection, handle)
}

fn answer<'s>(sc: &mut Scope<'s>, result: Result<i32, Errno>) -> JsResult<'s> {
    Ok(sc.int(result.unwrap_or_else(|errno| -errno.raw_os_error())))
}

/// `flushTo(handle)`: 0 (all written), 1 (queued) or a negative errno, as of writes of handles.
pub(crate) fn flush_to<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let result = flush(sc, &connection, &handle);
    answer(sc, result)
}

/// `writeTo(handle, bytes)`: encrypts and writes.
pub(crate) fn write_to<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let taken = sc.with_bytes(args.get(1), |bytes| connection.encrypt(bytes)).unwrap_or(false);
    let result = if taken { flush(sc, &connection, &handle) } else { Err(Errno::PIPE) };
    answer(sc, result)
}

/// Appends a text: as UTF-8, or its Latin-1 bytes.
fn append(sc: &mut Scope<'_>, text: Local<'_>, latin1: bool, out: &mut Vec<u8>) -> Result<(), Thrown> {
    if !latin1 {
        let bytes = sc.to_utf8(text)?;
        if out.is_empty() {
            *out = bytes;
        } else {
            out.extend_from_slice(&bytes);
        }
        return Ok(());
    }
    sc.with_chars(text, |chars| match chars {
        Chars::Latin1(bytes) => out.extend_from_slice(bytes),
        Chars::Utf16(units) => out.extend(units.iter().map(|unit| *unit as u8)),
    });
    Ok(())
}

/// `writeTextTo(handle, text, latin1)`
pub(crate) fn write_text_to<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let mut bytes = Vec::new();
    append(sc, args.get(1), args.get(2).is_true(), &mut bytes)?;
    let result = send(sc, &connection, &handle, &bytes);
    answer(sc, result)
}

/// `writevTo(handle, chunks)`: bytes, and texts as UTF-8, as one write.
pub(crate) fn writev_to<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let mut bytes = Vec::new();
    for index in 0..sc.array_length(args.get(1)) {
        let chunk = sc.get_index(args.get(1), index)?;
        if chunk.is_string() {
            append(sc, chunk, false, &mut bytes)?;
        } else {
            sc.with_bytes(chunk, |chunk| bytes.extend_from_slice(chunk));
        }
    }
    let result = send(sc, &connection, &handle, &bytes);
    answer(sc, result)
}
