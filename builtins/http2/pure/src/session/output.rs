//! Output: header blocks in frames, and DATA as flow control permits.

use super::{Event, Padding, Session};
use crate::error::code;
use crate::frame::{HEAD_BYTES, Head, flag, kind};
use crate::hpack::Fields;

/// The header block is longer than the owner allows.
#[derive(Debug)]
pub(super) struct TooLong;

/// Padding that a frame can have, with the byte that says how much. RFC 9113 §6.1.
const PADDING_MAX: usize = 256;
/// Output above which [`Session::pump`] makes no more DATA frames, in bytes: the rest waits until it is taken.
const OUTPUT_BYTES_MAX: usize = 256 * 1024;

impl Session {
    /// Room for padding in a frame of `length` bytes: 0, or with the byte that says how much.
    fn padding_for(&self, length: usize) -> usize {
        let room = (self.remote.max_frame_size as usize).saturating_sub(length).min(PADDING_MAX);
        match self.options.padding {
            Padding::None => 0,
            Padding::Max => room,
            Padding::Aligned => ((length + HEAD_BYTES).next_multiple_of(8) - length - HEAD_BYTES).min(room),
        }
    }

    /// The block is estimated before it is made, so that a refusal leaves the encoder's table alone.
    fn is_too_long(&self, fields: &Fields) -> bool {
        let bound = 12 + 12 * fields.len() + fields.byte_len();
        bound > self.options.header_block_bytes_max
    }

    pub(super) fn write_headers(&mut self, id: u32, fields: &Fields, end: bool) -> Result<(), TooLong> {
        let flags = if end { flag::END_STREAM } else { 0 };
        self.write_block(Head { length: 0, kind: kind::HEADERS, flags, id }, &[], fields)
    }

    pub(super) fn write_push(&mut self, parent: u32, promised: u32, fields: &Fields) -> Result<(), TooLong> {
        let head = Head { length: 0, kind: kind::PUSH_PROMISE, flags: 0, id: parent };
        self.write_block(head, &promised.to_be_bytes(), fields)
    }

    /// A header block behind `prefix`: one frame, and CONTINUATION frames for what does not fit.
    fn write_block(&mut self, mut head: Head, prefix: &[u8], fields: &Fields) -> Result<(), TooLong> {
        if self.is_too_long(fields) {
            return Err(TooLong);
        }
        let start = self.out.len();
        // The frame's header is filled in when the length is known.
        head.write(&mut self.out);
        self.out.extend_from_slice(prefix);
        self.encoder.encode(fields, &mut self.out);
        let max = self.remote.max_frame_size as usize;
        let length = self.out.len() - start - HEAD_BYTES;
        if length > max {
            let rest = self.out.split_off(start + HEAD_BYTES + max);
            self.fill_in(start, Head { length: max, ..head });
            self.sent();
            let mut pieces = rest.chunks(max).peekable();
            while let Some(piece) = pieces.next() {
                let flags = if pieces.peek().is_none() { flag::END_HEADERS } else { 0 };
                Head { length: piece.len(), kind: kind::CONTINUATION, flags, id: head.id }.write(&mut self.out);
                self.out.extend_from_slice(piece);
                self.sent();
            }
            return Ok(());
        }
        head.flags |= flag::END_HEADERS;
        let padding = self.padding_for(length);
        if padding > 0 {
            head.flags |= flag::PADDED;
            self.out.insert(start + HEAD_BYTES, (padding - 1) as u8);
            self.out.resize(self.out.len() + padding - 1, 0);
        }
        self.fill_in(start, Head { length: length + padding, ..head });
        self.sent();
        Ok(())
    }

    fn fill_in(&mut self, start: usize, head: Head) {
        let mut bytes = Vec::with_capacity(HEAD_BYTES);
        head.write(&mut bytes);
        self.out[start..start + HEAD_BYTES].copy_from_slice(&bytes);
    }

    /// Makes DATA frames of what was written, one per stream in turn, until flow control or [`OUTPUT_BYTES_MAX`] says stop.
    pub fn pump(&mut self) {
        if self.dead {
            return;
        }
        // Streams that flow control holds stay off the list; a WINDOW_UPDATE wakes them.
        while self.out.len() < OUTPUT_BYTES_MAX {
            let Some(id) = self.ready.pop_front() else { return };
            if self.send_one(id) {
                self.ready.push_back(id);
                if let Some(stream) = self.streams.get_mut(&id) {
                    stream.ready = true;
                }
            }
            if self.send_window <= 0 && self.ready.iter().all(|id| self.is_held(*id)) {
                return;
            }
        }
    }

    /// Whether only the connection's window keeps the stream from sending.
    fn is_held(&self, id: u32) -> bool {
        self.streams.get(&id).is_some_and(|stream| stream.queued > 0 && self.send_window <= 0)
    }

    /// One turn of a stream: at most one frame. Whether it wants another turn.
    fn send_one(&mut self, id: u32) -> bool {
        let Some(stream) = self.streams.get_mut(&id) else { return false };
        stream.ready = false;
        if !stream.wants_to_send() {
            return false;
        }
        if stream.queued > 0 {
            // Held by the connection's window it stays on the list, held by its own it does not.
            if self.send_window <= 0 {
                return stream.send_window > 0;
            }
            if stream.send_window <= 0 {
                return false;
            }
            let room = stream.send_window.min(self.send_window) as usize;
            let length = stream.queued.min(room).min(self.remote.max_frame_size as usize);
            let last = length == stream.queued && stream.end && !stream.trailers;
            self.write_data(id, length, last);
        } else if stream.end && !stream.trailers {
            self.write_data(id, 0, true);
        }
        let Some(stream) = self.streams.get_mut(&id) else { return false };
        if stream.queued == 0 {
            if std::mem::take(&mut stream.unreported) {
                self.events.push(Event::Written { id });
            }
            if stream.end && stream.trailers && !stream.trailers_asked {
                stream.trailers_asked = true;
                self.events.push(Event::WantTrailers { id });
            }
            if stream.end && !stream.trailers {
                self.end_local(id);
                return false;
            }
        }
        self.streams.get(&id).is_some_and(super::stream::Stream::wants_to_send)
    }

    fn write_data(&mut self, id: u32, length: usize, last: bool) {
        let padding = self.padding_for(length);
        // Padding counts towards flow control: rather none than waiting for room.
        let fits = self
            .streams
            .get(&id)
            .is_some_and(|stream| (length + padding) as i64 <= stream.send_window.min(self.send_window));
        let padding = if fits { padding } else { 0 };
        let mut flags = if last { flag::END_STREAM } else { 0 };
        if padding > 0 {
            flags |= flag::PADDED;
        }
        Head { length: length + padding, kind: kind::DATA, flags, id }.write(&mut self.out);
        self.sent();
        if padding > 0 {
            self.out.push((padding - 1) as u8);
            self.cut();
        }
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let mut left = length;
        while left > 0 {
            let Some((chunk, at)) = stream.chunks.front_mut() else { break };
            let part = left.min(chunk.len() - *at);
            self.out.extend_from_slice(&chunk[*at..*at + part]);
            *at += part;
            left -= part;
            if *at == chunk.len() {
                stream.chunks.pop_front();
            }
        }
        stream.queued -= length;
        stream.send_window -= (length + padding) as i64;
        self.queued_bytes -= length;
        self.send_window -= (length + padding) as i64;
        if length > 0 {
            self.cut();
        }
        if padding > 1 {
            self.out.resize(self.out.len() + padding - 1, 0);
            self.cut();
        }
    }

    /// Whether there is output.
    #[must_use]
    pub fn has_output(&self) -> bool {
        self.out_end.map_or(!self.out.is_empty(), |end| end > 0)
    }

    /// Lends the output to `send`, which takes all of it.
    pub fn take_output<R>(&mut self, send: impl FnOnce(&[u8]) -> R) -> R {
        if let Some(end) = &mut self.out_end {
            self.out.truncate(*end);
            if let Some(cuts) = &mut self.cuts {
                cuts.retain(|cut| cut <= end);
            }
            *end = 0;
        }
        let result = send(&self.out);
        self.output_taken = true;
        self.acks = 0;
        // What a burst needed is not kept.
        if self.out.capacity() > OUTPUT_BYTES_MAX {
            self.out = Vec::new();
        } else {
            self.out.clear();
        }
        result
    }

    /// The ends of frames, and of the parts of DATA frames, in the output. See [`Session::keep_cuts`].
    pub fn take_cuts(&mut self) -> Vec<usize> {
        self.cuts.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether [`Session::pump`] would make a frame.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.dead && !self.ready.is_empty() && !self.ready.iter().all(|id| self.is_held(*id))
    }

    /// Sends the stream's end for an error of the other side, as part of receiving.
    pub(super) fn refuse(&mut self, id: u32, code: u32) {
        if self.streams.contains_key(&id) {
            self.reset(id, code);
        } else {
            self.write_reset(id, code);
        }
    }

    /// A message of the peer was malformed.
    pub(super) fn malformed(&mut self, id: u32) {
        self.refuse(id, code::PROTOCOL_ERROR);
        self.invalid_frame();
    }
}
