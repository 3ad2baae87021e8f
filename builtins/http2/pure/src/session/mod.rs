//! One side of a connection.
//!
//! ```text
//!   bytes ──feed──► frames ──► streams' states ──► events ──take_events──► owner
//!   owner ──submit, reset, write ...──► frames and queues ──pump──► output ──► owner
//! ```
//!
//! Control frames and header blocks enter the output when they are submitted. DATA frames are made by [`Session::pump`], as
//! flow control permits, in turns of one frame per stream.

mod output;
mod receive;
mod stream;

#[cfg(test)]
mod tests;

use crate::error::{Fatal, code};
use crate::frame::{self, Head, PREFACE, flag, kind};
use crate::hpack::{Decoder, Encoder, Fields};
use crate::settings::{Settings, WINDOW_DEFAULT, WINDOW_MAX, id};
use std::collections::{HashMap, VecDeque};
use stream::{Stream, Window};

/// How frames are padded. Node docs: paddingStrategy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Padding {
    /// To a multiple of eight bytes.
    Aligned,
    /// As far as possible.
    Max,
    /// Not at all.
    None,
}

/// Limits and kind of a session. Node docs: http2.createServer, http2.connect.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of a header block that is sent.
    pub header_block_bytes_max: usize,
    /// Name and value pairs of a block that is received.
    pub header_pairs_max: usize,
    /// Frames that were refused, before the session ends.
    pub invalid_frames_max: u32,
    /// PINGs that wait for their answer.
    pub pings_max: usize,
    /// Padding of HEADERS and DATA.
    pub padding: Padding,
    /// Our guess of the peer's limit until it says so.
    pub peer_max_concurrent_streams: u32,
    /// Streams that were rejected, before the session ends.
    pub rejected_streams_max: u32,
    /// Settings beyond the standard that are kept of the peer.
    pub remote_custom_settings: Vec<u16>,
    /// Pushed streams that have only been promised.
    pub reserved_streams_max: usize,
    /// Which side this is.
    pub server: bool,
    /// Bytes that the session may hold.
    pub session_bytes_max: usize,
    /// Entries of one SETTINGS frame.
    pub settings_entries_max: usize,
    /// RST_STREAM frames at once, and per second.
    pub stream_resets: (u64, u64),
    /// Values of fields must not begin or end with white space.
    pub strict_values: bool,
    /// Bytes of the encoder's table.
    pub deflate_table_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            deflate_table_bytes: 4096,
            header_block_bytes_max: 65_536,
            header_pairs_max: 128,
            invalid_frames_max: 1000,
            padding: Padding::None,
            peer_max_concurrent_streams: 100,
            pings_max: 10,
            rejected_streams_max: 100,
            remote_custom_settings: Vec::new(),
            reserved_streams_max: 200,
            server: false,
            session_bytes_max: 10_000_000,
            settings_entries_max: 32,
            stream_resets: (1000, 33),
            strict_values: true,
        }
    }
}

/// What a header block is. The numbers are those of Node's `headers` callbacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Category {
    /// A new request.
    Request = 0,
    /// The response, or an informational one before it.
    Response = 1,
    /// The response of a pushed stream.
    PushResponse = 2,
    /// Trailers.
    Trailers = 3,
}

/// Why a session ended by our own limits. Node docs: the codes of errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// `ERR_HTTP2_TOO_MANY_INVALID_FRAMES`
    TooManyInvalidFrames,
}

/// What happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// An alternative service. RFC 7838.
    AltSvc { id: u32, origin: Vec<u8>, value: Vec<u8> },
    /// A stream is through; `code` 0 if both sides ended it.
    Closed { id: u32, code: u32 },
    /// A part of a body: where it is in the bytes that were fed.
    Data { id: u32, start: usize, end: usize },
    /// The peer's last DATA frame is complete.
    EndData { id: u32 },
    /// The session is broken.
    Error(Fatal, Option<Reason>),
    /// A frame could not be sent.
    FrameError { id: u32, kind: u8, code: u32 },
    /// The peer ends the connection.
    Goaway { code: u32, last: u32, data: Vec<u8> },
    /// A header block is complete.
    Headers { id: u32, category: Category, flags: u8, fields: Fields },
    /// Origins that the server speaks for. RFC 8336.
    Origin(Vec<Vec<u8>>),
    /// A PING, or the answer to ours.
    Ping { ack: bool, payload: [u8; 8] },
    /// Priority information, deprecated.
    Priority { id: u32, parent: u32, weight: u8, exclusive: bool },
    /// The peer promises stream `id`, as part of `parent`.
    Push { id: u32, parent: u32, fields: Fields },
    /// The peer's settings changed.
    Settings,
    /// The peer knows our settings.
    SettingsAck,
    /// All of the body was sent: trailers may follow.
    WantTrailers { id: u32 },
    /// All that was written to the stream is in the output.
    Written { id: u32 },
}

/// Why something cannot be submitted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(i32)]
pub enum SubmitError {
    /// A value is not allowed.
    InvalidArgument = -501,
    /// No stream numbers are left.
    StreamIdNotAvailable = -509,
    /// The stream is gone.
    StreamClosed = -510,
    /// This side may not send that now.
    InvalidState = -519,
    /// The peer does not want pushes.
    PushDisabled = -528,
    /// The other side was told, or said, that this is the end.
    Closing = -530,
}

/// Frames of each kind, and the bytes of DATA, for statistics.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frames {
    /// Frames received.
    pub received: u64,
    /// Frames sent.
    pub sent: u64,
    /// Streams ever opened.
    pub streams: u64,
    /// The most streams at once.
    pub streams_max: usize,
}

/// Node docs: http2session.state.
#[derive(Clone, Copy, Debug)]
pub struct SessionState {
    /// Bytes of the connection's receive window.
    pub effective_local_window: i64,
    /// Bytes received and not yet given back.
    pub effective_received: i64,
    /// The number of our next stream.
    pub next_id: u32,
    /// Bytes that the peer may send.
    pub local_window: i64,
    /// The last stream of the peer that was looked at.
    pub last_processed: u32,
    /// Bytes that we may send.
    pub remote_window: i64,
    /// Frames that wait.
    pub queued: usize,
    /// Bytes of the encoder's table.
    pub deflate_bytes: usize,
    /// Bytes of the decoder's table.
    pub inflate_bytes: usize,
}

/// Node docs: http2stream.state.
#[derive(Clone, Copy, Debug)]
pub struct StreamState {
    /// `NGHTTP2_STREAM_STATE_*`
    pub state: u8,
    /// Deprecated: 16, or 0 for a stream that is not there.
    pub weight: i32,
    /// Whether this side ended.
    pub local_close: bool,
    /// Whether the other side ended.
    pub remote_close: bool,
    /// Bytes that the peer may send on it.
    pub local_window: i64,
}

/// A request that waits until the peer allows one more stream.
#[derive(Debug)]
struct Waiting {
    id: u32,
    fields: Fields,
    end: bool,
}

/// Answers that may wait for the output to be taken, as libnghttp2 has it.
const ACKS_MAX: usize = 1000;
/// CONTINUATION frames of one block, as libnghttp2 has it.
const CONTINUATIONS_MAX: u32 = 8;
/// What a stream counts towards the session's memory, in bytes.
const STREAM_BYTES: usize = 512;
/// The longest header list that is received, in bytes, with 32 per field. Node docs: maxHeaderListSize.
const HEADER_LIST_BYTES_MAX: usize = 65_535;

/// See the head of this file.
#[derive(Debug)]
pub struct Session {
    options: Options,
    events: Vec<Event>,

    // Input.
    /// What is left of the client's preface.
    preface: &'static [u8],
    head_bytes: [u8; frame::HEAD_BYTES],
    head_filled: usize,
    /// The frame that is being read, and what is left of it.
    current: Option<Head>,
    left: usize,
    /// Padding at the end of the current DATA frame; `None` until its length is known.
    padding: Option<usize>,
    /// A control frame's payload that came in pieces.
    payload: Vec<u8>,
    block: Option<receive::OpenBlock>,
    settings_seen: bool,
    dead: bool,
    /// After a failure: where the output ends, with the GOAWAY that says so.
    out_end: Option<usize>,
    output_taken: bool,
    decoder: Decoder,
    invalid_frames: u32,
    rejected_streams: u32,
    resets_left: u64,
    resets_at_s: u64,
    now_s: u64,

    // Both ways.
    streams: HashMap<u32, Stream>,
    window: Window,
    local: Settings,
    remote: Settings,
    remote_settings_seen: bool,
    settings_sent: VecDeque<Vec<(u16, u32)>>,
    /// The peer's streams that count towards our limit, and ours that count towards the peer's.
    incoming: usize,
    outgoing: usize,
    last_incoming: u32,
    last_processed: u32,
    next_id: u32,
    /// The last stream that our GOAWAY allows; the one that the peer's allows.
    goaway_sent: Option<u32>,
    goaway_received: Option<u32>,
    pings: VecDeque<[u8; 8]>,
    frames: Frames,

    // Output.
    encoder: Encoder,
    out: Vec<u8>,
    /// Ends of pieces in `out`, if they are wanted.
    cuts: Option<Vec<usize>>,
    acks: usize,
    send_window: i64,
    /// Streams that have something to send.
    ready: VecDeque<u32>,
    waiting: VecDeque<Waiting>,
    /// Bytes that streams hold.
    queued_bytes: usize,
}

impl Session {
    /// A session; a client's output begins with the preface.
    #[must_use]
    pub fn new(options: Options) -> Session {
        let server = options.server;
        let remote = Settings { max_concurrent_streams: options.peer_max_concurrent_streams, ..Settings::default() };
        let mut session = Session {
            acks: 0,
            block: None,
            current: None,
            cuts: None,
            dead: false,
            decoder: Decoder::new(),
            encoder: Encoder::new(options.deflate_table_bytes),
            events: Vec::new(),
            frames: Frames::default(),
            goaway_received: None,
            goaway_sent: None,
            head_bytes: [0; frame::HEAD_BYTES],
            head_filled: 0,
            incoming: 0,
            invalid_frames: 0,
            last_incoming: 0,
            last_processed: 0,
            left: 0,
            local: Settings::default(),
            next_id: if server { 2 } else { 1 },
            now_s: 0,
            options,
            out: Vec::new(),
            out_end: None,
            output_taken: false,
            outgoing: 0,
            padding: None,
            payload: Vec::new(),
            pings: VecDeque::new(),
            preface: if server { PREFACE } else { &[] },
            queued_bytes: 0,
            ready: VecDeque::new(),
            rejected_streams: 0,
            remote,
            remote_settings_seen: false,
            resets_at_s: 0,
            resets_left: 0,
            send_window: WINDOW_DEFAULT,
            settings_seen: false,
            settings_sent: VecDeque::new(),
            streams: HashMap::new(),
            waiting: VecDeque::new(),
            window: Window::new(WINDOW_DEFAULT),
        };
        session.resets_left = session.options.stream_resets.0;
        if !server {
            session.out.extend_from_slice(PREFACE);
        }
        session
    }

    /// Keeps where frames begin in the output, for [`Session::take_cuts`].
    pub fn keep_cuts(&mut self) {
        self.cuts = Some(if self.out.is_empty() { Vec::new() } else { vec![self.out.len()] });
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether there are events.
    #[must_use]
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Our settings, as far as the peer has acknowledged them.
    #[must_use]
    pub fn local_settings(&self) -> &Settings {
        &self.local
    }

    /// The peer's settings.
    #[must_use]
    pub fn remote_settings(&self) -> &Settings {
        &self.remote
    }

    /// Statistics.
    #[must_use]
    pub fn frames(&self) -> Frames {
        self.frames
    }

    /// Streams that are open, or wait to be.
    #[must_use]
    pub fn stream_count(&self) -> usize {
        self.streams.len()
    }

    /// Node docs: http2session.state.
    #[must_use]
    pub fn state(&self) -> SessionState {
        SessionState {
            deflate_bytes: self.encoder.table_bytes(),
            effective_local_window: self.window.local,
            effective_received: self.window.received.max(0),
            inflate_bytes: self.decoder.table_bytes(),
            last_processed: self.last_processed,
            local_window: self.window.local - self.window.received,
            next_id: self.next_id,
            queued: usize::from(!self.out.is_empty()) + self.waiting.len(),
            remote_window: self.send_window,
        }
    }

    /// Node docs: http2stream.state.
    #[must_use]
    pub fn stream_state(&self, id: u32) -> StreamState {
        match self.streams.get(&id) {
            Some(stream) if !stream.waiting => stream.state(),
            _ => StreamState { state: 1, weight: 0, local_close: false, remote_close: false, local_window: 0 },
        }
    }

    /// The bytes that the session holds: queues, output, and a lump for each stream.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.queued_bytes + self.out.capacity() + self.payload.capacity() + self.streams.len() * STREAM_BYTES
    }

    fn has_memory(&self) -> bool {
        self.memory() <= self.options.session_bytes_max
    }

    fn is_ours(&self, id: u32) -> bool {
        id.is_multiple_of(2) == self.options.server
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Settings, pings, the end

    /// Sends SETTINGS; they hold once the peer has acknowledged them. Returns false for a value that is not allowed.
    pub fn submit_settings(&mut self, entries: Vec<(u16, u32)>) -> bool {
        let bad = |(name, value): &(u16, u32)| match *name {
            id::ENABLE_PUSH | id::ENABLE_CONNECT_PROTOCOL => *value > 1,
            id::INITIAL_WINDOW_SIZE => i64::from(*value) > WINDOW_MAX,
            id::MAX_FRAME_SIZE => !(16_384..1 << 24).contains(value),
            _ => false,
        };
        if entries.iter().any(bad) {
            return false;
        }
        let head = Head { length: entries.len() * 6, kind: kind::SETTINGS, ..Head::default() };
        head.write(&mut self.out);
        for (name, value) in &entries {
            self.out.extend_from_slice(&name.to_be_bytes());
            self.out.extend_from_slice(&value.to_be_bytes());
        }
        self.sent();
        self.settings_sent.push_back(entries);
        true
    }

    /// Sends PING; false if too many wait for their answers.
    pub fn submit_ping(&mut self, payload: [u8; 8]) -> bool {
        if self.pings.len() >= self.options.pings_max {
            return false;
        }
        self.pings.push_back(payload);
        self.write_ping(0, payload);
        true
    }

    fn write_ping(&mut self, flags: u8, payload: [u8; 8]) {
        Head { length: 8, kind: kind::PING, flags, id: 0 }.write(&mut self.out);
        self.out.extend_from_slice(&payload);
        self.sent();
    }

    /// Sends GOAWAY: streams of the peer beyond `last`, or beyond the last that was looked at, are not accepted any more.
    pub fn submit_goaway(&mut self, code: u32, last: Option<u32>, data: &[u8]) {
        let mut last = last.unwrap_or(self.last_processed);
        // RFC 9113 §6.8: the number must not grow.
        if let Some(before) = self.goaway_sent {
            last = last.min(before);
        }
        self.goaway_sent = Some(last);
        Head { length: 8 + data.len(), kind: kind::GOAWAY, ..Head::default() }.write(&mut self.out);
        self.out.extend_from_slice(&last.to_be_bytes());
        self.out.extend_from_slice(&code.to_be_bytes());
        self.out.extend_from_slice(data);
        self.sent();
    }

    /// Ends the connection for an error of the peer: GOAWAY goes out, nothing is read any more.
    fn fail(&mut self, code: u32, fatal: Fatal) {
        if self.dead {
            return;
        }
        // What waits is of no use to a peer that is not understood any more. The first output has the preface.
        if self.output_taken {
            self.out.clear();
            if let Some(cuts) = &mut self.cuts {
                cuts.clear();
            }
        }
        self.submit_goaway(code, None, &[]);
        self.out_end = Some(self.out.len());
        self.dead = true;
        self.events.push(Event::Error(fatal, None));
    }

    /// A limit of ours was exceeded: the owner shall close the connection.
    fn give_up(&mut self, reason: Option<Reason>) {
        if !self.dead {
            self.dead = true;
            self.events.push(Event::Error(Fatal::CallbackFailure, reason));
        }
    }

    /// Sends ALTSVC. RFC 7838 §4.
    pub fn submit_altsvc(&mut self, id: u32, origin: &[u8], value: &[u8]) {
        let length = 2 + origin.len() + value.len();
        Head { length, kind: kind::ALTSVC, flags: 0, id }.write(&mut self.out);
        self.out.extend_from_slice(&(origin.len() as u16).to_be_bytes());
        self.out.extend_from_slice(origin);
        self.out.extend_from_slice(value);
        self.sent();
    }

    /// Sends ORIGIN. RFC 8336 §2.
    pub fn submit_origin<'a>(&mut self, origins: impl Iterator<Item = &'a [u8]> + Clone) {
        let length = origins.clone().map(|origin| origin.len() + 2).sum();
        Head { length, kind: kind::ORIGIN, ..Head::default() }.write(&mut self.out);
        for origin in origins {
            self.out.extend_from_slice(&(origin.len() as u16).to_be_bytes());
            self.out.extend_from_slice(origin);
        }
        self.sent();
    }

    /// Sets the number of our next stream; false if it is none of ours, or was used.
    pub fn set_next_id(&mut self, id: u32) -> bool {
        if id == 0 || id > 0x7fff_ffff || !self.is_ours(id) || id < self.next_id {
            return false;
        }
        self.next_id = id;
        true
    }

    /// Sets the connection's receive window. Node docs: http2session.setLocalWindowSize.
    pub fn set_local_window(&mut self, bytes: i64) {
        let growth = self.window.resize(bytes);
        if growth > 0 {
            self.write_window_update(0, growth);
        }
    }

    fn write_window_update(&mut self, id: u32, growth: i64) {
        Head { length: 4, kind: kind::WINDOW_UPDATE, flags: 0, id }.write(&mut self.out);
        self.out.extend_from_slice(&(growth as u32).to_be_bytes());
        self.sent();
    }

    /// A frame is complete in the output.
    fn sent(&mut self) {
        self.frames.sent += 1;
        self.cut();
    }

    fn cut(&mut self) {
        if let Some(cuts) = &mut self.cuts {
            cuts.push(self.out.len());
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Streams

    /// Opens a stream with request headers, at once or as soon as the peer allows one more. Its number.
    ///
    /// # Errors
    /// `StreamIdNotAvailable`; `Closing` after a GOAWAY of either side.
    pub fn submit_request(&mut self, fields: Fields, end: bool) -> Result<u32, SubmitError> {
        if self.next_id > 0x7fff_ffff {
            return Err(SubmitError::StreamIdNotAvailable);
        }
        let id = self.next_id;
        self.next_id += 2;
        let mut stream = Stream::new(self.send_initial(), self.receive_initial());
        stream.waiting = true;
        stream.no_body_out = end;
        stream.is_head = fields.iter().any(|(name, value, _)| name == b":method" && value == b"HEAD");
        self.add(id, stream);
        if self.goaway_received.is_some() {
            self.refuse_request(id, code::REFUSED_STREAM);
            return Ok(id);
        }
        self.waiting.push_back(Waiting { id, fields, end });
        self.start_waiting();
        Ok(id)
    }

    fn refuse_request(&mut self, id: u32, code: u32) {
        self.events.push(Event::FrameError { id, kind: kind::HEADERS, code });
        self.remove(id, code::REFUSED_STREAM);
    }

    /// Requests go out while the peer's limit allows.
    fn start_waiting(&mut self) {
        while self.outgoing < self.remote.max_concurrent_streams as usize {
            let Some(Waiting { id, fields, end }) = self.waiting.pop_front() else { return };
            let Some(stream) = self.streams.get_mut(&id) else { continue };
            stream.waiting = false;
            stream.counted = true;
            stream.headers_sent = true;
            self.outgoing += 1;
            if self.write_headers(id, &fields, end).is_err() {
                self.refuse_request(id, code::FRAME_SIZE_ERROR);
                continue;
            }
            if end {
                self.end_local(id);
            } else {
                self.wake(id);
            }
        }
    }

    /// Sends response headers, informational ones, or trailers. `end` ends this side of the stream.
    ///
    /// # Errors
    /// `StreamClosed` if there is no such stream.
    pub fn submit_headers(&mut self, id: u32, fields: &Fields, end: bool) -> Result<(), SubmitError> {
        let Some(stream) = self.streams.get_mut(&id) else { return Err(SubmitError::StreamClosed) };
        if stream.local_closed {
            return Err(SubmitError::StreamClosed);
        }
        let informational = fields
            .iter()
            .next()
            .is_some_and(|(name, value, _)| name == b":status" && value.first() == Some(&b'1') && value.len() == 3);
        if self.write_headers(id, fields, end).is_err() {
            self.events.push(Event::FrameError { id, kind: kind::HEADERS, code: code::FRAME_SIZE_ERROR });
            return Ok(());
        }
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.headers_sent |= !informational;
            stream.reserved_local = false;
            if !stream.counted && self.options.server && id.is_multiple_of(2) {
                stream.counted = true;
                self.outgoing += 1;
            }
        }
        if end {
            self.end_local(id);
        } else {
            self.wake(id);
        }
        Ok(())
    }

    /// Promises a stream. Its number.
    ///
    /// # Errors
    /// `PushDisabled`, `StreamClosed` for a parent that is gone, `StreamIdNotAvailable`, `Closing`.
    pub fn submit_push(&mut self, parent: u32, fields: &Fields) -> Result<u32, SubmitError> {
        if !self.remote.enable_push {
            return Err(SubmitError::PushDisabled);
        }
        if self.goaway_received.is_some() {
            return Err(SubmitError::Closing);
        }
        if self.streams.get(&parent).is_none_or(|stream| stream.local_closed) {
            return Err(SubmitError::StreamClosed);
        }
        if self.next_id > 0x7fff_ffff {
            return Err(SubmitError::StreamIdNotAvailable);
        }
        let id = self.next_id;
        self.next_id += 2;
        let mut stream = Stream::new(self.send_initial(), self.receive_initial());
        stream.remote_closed = true;
        stream.reserved_local = true;
        self.add(id, stream);
        if self.write_push(parent, id, fields).is_err() {
            self.events.push(Event::FrameError { id, kind: kind::PUSH_PROMISE, code: code::FRAME_SIZE_ERROR });
            self.remove(id, code::REFUSED_STREAM);
        }
        Ok(id)
    }

    /// Ends a stream at once. RST_STREAM goes out unless the stream was never announced.
    pub fn reset(&mut self, id: u32, code: u32) {
        let Some(stream) = self.streams.get(&id) else { return };
        if stream.waiting {
            self.waiting.retain(|waiting| waiting.id != id);
        } else {
            self.write_reset(id, code);
        }
        self.remove(id, code);
    }

    fn write_reset(&mut self, id: u32, code: u32) {
        Head { length: 4, kind: kind::RST_STREAM, flags: 0, id }.write(&mut self.out);
        self.out.extend_from_slice(&code.to_be_bytes());
        self.sent();
    }

    fn send_initial(&self) -> i64 {
        i64::from(self.remote.initial_window_size)
    }

    fn receive_initial(&self) -> i64 {
        i64::from(self.local.initial_window_size)
    }

    fn add(&mut self, id: u32, stream: Stream) {
        self.streams.insert(id, stream);
        self.frames.streams += 1;
        self.frames.streams_max = self.frames.streams_max.max(self.streams.len());
    }

    fn remove(&mut self, id: u32, code: u32) {
        let Some(stream) = self.streams.remove(&id) else { return };
        self.queued_bytes -= stream.queued;
        if stream.counted {
            if self.is_ours(id) {
                self.outgoing -= 1;
            } else {
                self.incoming -= 1;
            }
        }
        // What the owner did not take will not be taken any more: the connection gets its room back.
        self.events.push(Event::Closed { id, code });
        if !self.dead {
            self.start_waiting();
        }
    }

    /// This side of the stream is complete.
    fn end_local(&mut self, id: u32) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.local_closed = true;
        if stream.remote_closed {
            self.remove(id, code::NO_ERROR);
        }
    }

    /// The other side of the stream is complete.
    fn end_remote(&mut self, id: u32) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.remote_closed = true;
        if stream.local_closed {
            self.remove(id, code::NO_ERROR);
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Bodies

    /// Queues a part of the body. False if there is no such stream, or its side is closed.
    pub fn write(&mut self, id: u32, bytes: Vec<u8>) -> bool {
        let Some(stream) = self.streams.get_mut(&id) else { return false };
        if stream.local_closed || stream.end {
            return false;
        }
        stream.queued += bytes.len();
        stream.unreported = true;
        self.queued_bytes += bytes.len();
        stream.chunks.push_back((bytes, 0));
        self.wake(id);
        true
    }

    /// No more of the body comes. With `trailers` the end of the stream waits for [`Session::submit_headers`] or
    /// [`Session::end_without_trailers`].
    pub fn end(&mut self, id: u32, trailers: bool) {
        if let Some(stream) = self.streams.get_mut(&id)
            && !stream.local_closed
        {
            stream.end = true;
            stream.trailers = trailers;
            self.wake(id);
        }
    }

    /// There are no trailers after all.
    pub fn end_without_trailers(&mut self, id: u32) {
        if let Some(stream) = self.streams.get_mut(&id)
            && !stream.local_closed
        {
            stream.end = true;
            stream.trailers = false;
            stream.trailers_asked = false;
            self.wake(id);
        }
    }

    /// Puts a stream on the list of those that have something to send.
    fn wake(&mut self, id: u32) {
        if let Some(stream) = self.streams.get_mut(&id)
            && stream.wants_to_send()
            && !stream.ready
        {
            stream.ready = true;
            self.ready.push_back(id);
        }
    }

    /// The owner reads the stream, or stops to: what it does not read is not given back to the peer's window.
    pub fn set_reading(&mut self, id: u32, reading: bool) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.reading = reading;
        if reading {
            let held = std::mem::take(&mut stream.held);
            self.consume(id, held);
        }
    }

    fn consume(&mut self, id: u32, bytes: i64) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let update = stream.window.consume(bytes);
        if update > 0 && !stream.remote_closed {
            self.write_window_update(id, update);
        }
    }

    fn consume_connection(&mut self, bytes: i64) {
        let update = self.window.consume(bytes);
        if update > 0 {
            self.write_window_update(0, update);
        }
    }
}

/// Whether `head` starts a header block that goes on in CONTINUATION frames.
fn opens_block(head: Head) -> bool {
    matches!(head.kind, kind::HEADERS | kind::PUSH_PROMISE) && !head.has(flag::END_HEADERS)
}
